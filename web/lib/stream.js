/* stream.js - the server's events, every one once and in order, for as long as the page lives.
 *
 * Reads GET /v1/events with fetch rather than EventSource: it must see a 401, notice a line that has
 * gone silent, and resume where it was. A lost connection is taken up again after a growing pause,
 * at once when the browser says that there is a network again. Signals (events without an id) say
 * how things are now and are not resumed. */

const SILENCE_MS = 40000; /* the server says something every 15 s */
const PAUSES_MS = [300, 1000, 2000, 4000, 8000];

/* Feeds `onMessage({id, event, data})` from pieces of an event stream. */
export function messageReader(onMessage) {
  let rest = "";
  let message = { id: "", event: "message", data: [] };
  const line = (text) => {
    if (text === "") {
      if (message.data.length) onMessage({ ...message, data: message.data.join("\n") });
      message = { id: "", event: "message", data: [] };
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") message.data.push(value);
    else if (field === "id" || field === "event") message[field] = value;
  };
  return (piece) => {
    const lines = (rest + piece).split(/\r?\n/);
    rest = lines.pop();
    lines.forEach(line);
  };
}

/* on: {event(event), signal(name, data), state(state), over(code)}. state is {name: "connecting" |
 * "live" | "lost", retryAt?}; over is called once when the session is no longer valid. */
export function openStream({ after, on }) {
  let cursor = after;
  let failures = 0;
  let closed = false;
  let abort = new AbortController();
  let wake = () => {};

  /* A mistake in what is made of one event is told, and costs no other event. */
  const tell = (listener, ...told) => {
    try {
      listener(...told);
    } catch (error) {
      reportError(error);
    }
  };

  const take = (message) => {
    if (closed) return;
    const data = JSON.parse(message.data);
    if (message.id) {
      const seq = Number(message.id);
      if (seq <= cursor) return;
      cursor = seq;
      tell(on.event, data);
    } else if (message.event.startsWith("signal.")) {
      tell(on.signal, message.event.slice(7), data);
    } else if (message.event === "bye") {
      finish(data.code ?? "not_logged_in");
    }
  };

  const finish = (code) => {
    if (closed) return;
    closed = true;
    abort.abort();
    on.over(code);
  };

  const readOnce = async () => {
    abort = new AbortController();
    let watch = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await fetch("/v1/events", {
        headers: { Accept: "text/event-stream", "Last-Event-ID": String(cursor) },
        credentials: "same-origin",
        cache: "no-store",
        signal: abort.signal,
      });
      if (response.status === 401 || response.status === 403) return finish("not_logged_in");
      if (!response.ok) return;
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const read = messageReader(take);
      for (;;) {
        const { done, value } = await reader.read();
        if (done || closed) return;
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), SILENCE_MS);
        if (failures >= 0) {
          failures = -1;
          on.state({ name: "live" });
        }
        read(decoder.decode(value, { stream: true }));
      }
    } catch {
      /* a broken line, a silent one or none at all: the loop tries again */
    } finally {
      clearTimeout(watch);
    }
  };

  const pause = (ms) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => { clearTimeout(timer); resolve(); };
  });

  const loop = async () => {
    on.state({ name: "connecting" });
    while (!closed) {
      await readOnce();
      if (closed) return;
      failures = Math.max(failures, 0) + 1;
      const ms = PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] * (0.75 + Math.random() / 2);
      on.state({ name: "lost", retryAt: Date.now() + ms });
      await pause(ms);
      if (!closed) on.state({ name: "connecting" });
    }
  };

  const retryNow = () => wake();
  const onOffline = () => abort.abort(); /* the line would only fall silent */
  const onVisible = () => { if (!document.hidden) wake(); };
  addEventListener("online", retryNow);
  addEventListener("offline", onOffline);
  document.addEventListener("visibilitychange", onVisible);
  loop();

  return {
    retryNow,
    close() {
      closed = true;
      abort.abort();
      wake();
      removeEventListener("online", retryNow);
      removeEventListener("offline", onOffline);
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}
