/* presence.js - keeps the presence lease while this page is open and its user is not offline. */
import { effect } from "../lib/store.js";
import { leave, me, session } from "./session.js";

export function keepPresence() {
  const worker = new Worker("/staff/heartbeat.js");
  worker.onmessage = () => { if (session.value.state === "in") leave("not_logged_in"); };
  let every = 0;
  effect(() => {
    const present = session.value.state === "in" && me.value && me.value.state !== "offline";
    const wanted = present ? me.value.heartbeat_ms : 0;
    if (wanted === every) return;
    every = wanted;
    worker.postMessage({ every });
  });
}

/* A colleague's or one's own presence, carried into GET /v1/me's answer. */
export function takePresence(event) {
  if (event.agent === me.value.agent) {
    me.value = { ...me.value, state: event.state };
    return;
  }
  const colleagues = (me.value.colleagues ?? []).map((one) => (one.agent === event.agent ? { ...one, state: event.state } : one));
  me.value = { ...me.value, colleagues };
}
