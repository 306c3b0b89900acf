/* clock.js - the server's time, as a signal that ticks. Waits and countdowns are told by the
 * server's clock: the reader's own may be minutes off. */
import { signal } from "./store.js";

let ahead = 0; /* of the server's clock, ms */

export const clock = signal(Date.now());

export function serverSaid(now) {
  if (!Number.isFinite(now) || now <= 0) return;
  ahead = now - Date.now();
  clock.value = now;
}

export function serverNow() {
  return Date.now() + ahead;
}

setInterval(() => { clock.value = serverNow(); }, 500);
