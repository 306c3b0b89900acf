/* heartbeat.js - a worker that tells the server that the page of a member of staff is still there. A worker,
 * because browsers slow the timers of pages in the background down to one a minute, and the server
 * takes an agent who is silent for that long to be gone.
 *
 * Told {every} it beats every so many ms, with {every: 0} it rests. It says {lost: true} when the
 * session is over. */
let timer = 0;

async function beat() {
  try {
    const response = await fetch("/v1/heartbeat", {
      method: "POST", body: "{}", headers: { "Content-Type": "application/json" }, credentials: "same-origin", cache: "no-store",
    });
    if (response.status === 401) postMessage({ lost: true });
  } catch {
    /* no line: the next beat tries again, and the lease says how long that may last */
  }
}

addEventListener("message", ({ data }) => {
  clearInterval(timer);
  if (!data.every) return;
  beat();
  timer = setInterval(beat, data.every);
});
