/* outbox.js - what was written but is not acknowledged yet. It survives a reload and a lost
 * connection; each item keeps its idempotency key, so it is sent as often as needed and arrives once.
 *
 * An item: {key, path, body, conversation, after, at, seq, refused}. `after` is the last event known
 * when it was written, `seq` the acknowledgement (0 before it), `refused` the server's code. Items of
 * one conversation go out in order; a refused one stays until its writer decides, and an acknowledged
 * one until its event has been seen, so that a message is never missing from the page in between. What somebody
 * else could not send from this browser is not sent in their place. */
import { newKey, post } from "./api.js";
import { kept } from "./store.js";

const REST_MS = 1500, REST_MAX_MS = 15000;

const isItem = (item) => item && typeof item.key === "string" && typeof item.path === "string" && item.body;

export function makeOutbox(name) {
  const items = kept(`outbox.${name}`, [], (found) => (Array.isArray(found) ? found.filter(isItem) : []));
  const writer = kept(`outbox.${name}.writer`, 0);
  const sending = new Set();
  let seen = 0;
  let restMs = REST_MS;
  let resting = 0;

  const drop = (key) => { items.value = items.value.filter((item) => item.key !== key); };
  const change = (key, fields) => {
    items.value = items.value.map((item) => (item.key === key ? { ...item, ...fields } : item));
  };

  function pump() {
    if (resting) return;
    const heads = new Map();
    for (const item of items.value) {
      if (!item.seq && !item.refused && !heads.has(item.conversation)) heads.set(item.conversation, item);
    }
    for (const item of heads.values()) if (!sending.has(item.key)) send(item);
  }

  async function send(item) {
    sending.add(item.key);
    try {
      const { seq } = await post(item.path, item.body, item.key);
      restMs = REST_MS;
      if (seq <= seen) drop(item.key);
      else change(item.key, { seq });
    } catch (refusal) {
      if (refusal.passing || refusal.code === "not_logged_in") rest(refusal.retryAfterS * 1000);
      else change(item.key, { refused: refusal.code });
    } finally {
      sending.delete(item.key);
    }
    pump();
  }

  function rest(ms) {
    clearTimeout(resting);
    resting = setTimeout(retryNow, Math.max(ms, restMs));
    restMs = Math.min(restMs * 2, REST_MAX_MS);
  }

  function retryNow() {
    clearTimeout(resting);
    resting = 0;
    pump();
  }

  return {
    items,
    drop,
    retryNow,
    add(path, body, conversation) {
      items.value = [...items.value, { key: newKey(), path, body, conversation, after: seen, at: Date.now(), seq: 0, refused: "" }];
      pump();
    },
    /* A refused item is a new wish when it is sent again. */
    again(key) {
      change(key, { key: newKey(), refused: "" });
      pump();
    },
    /* Everything up to `seq` is on the page now. */
    settle(seq) {
      seen = Math.max(seen, seq);
      if (items.value.some((item) => item.seq && item.seq <= seen)) {
        items.value = items.value.filter((item) => !item.seq || item.seq > seen);
      }
    },
    clear() { items.value = []; },
    /* Whose page it is now; true if it was somebody else's, whose items are gone. */
    writtenBy(agent) {
      const another = Boolean(writer.value) && writer.value !== agent;
      if (another) items.value = [];
      writer.value = agent;
      return another;
    },
  };
}

/* The items of a conversation that are to be shown below its events: not those whose event has
 * overtaken its acknowledgement. */
export function unseen(items, conversation, events, agent) {
  const taken = new Set();
  return items.filter((item) => {
    if (item.conversation !== conversation) return false;
    const own = events.find((event) => event.seq > item.after && event.agent === agent && event.text === item.body.text &&
      (event.type === "message.sent" || event.type === "note.added") && !taken.has(event.seq));
    if (own) taken.add(own.seq);
    return !own;
  });
}
