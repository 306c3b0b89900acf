/* session.js - who is logged in on this page, and the line to the server.
 *
 * start() asks GET /v1/me; with a session it opens the event stream right after the state that the
 * answer describes, so that nothing falls between the two. After a lost line the stream brings what
 * was missed and `on.me` is told the state anew. */
import { get, post, tell } from "../lib/api.js";
import { serverSaid } from "../lib/clock.js";
import { openStream } from "../lib/stream.js";
import { batch, signal } from "../lib/store.js";
import { learnTitles } from "./words.js";

/* {state: "asking" | "out" | "in" | "down", code?}: code says why one is out. */
export const session = signal({ state: "asking" });
export const me = signal(null);
export const line = signal({ name: "connecting" });

let stream = null;
let handlers = { me() {}, event() {}, signal() {}, end() {} };

export async function start(given = handlers) {
  handlers = { ...handlers, ...given };
  try {
    await readMe();
  } catch (refusal) {
    if (refusal.status === 401) return leave("");
    session.value = { state: "down", code: refusal.code };
    setTimeout(() => start(), Math.max(refusal.retryAfterS * 1000, 2000));
    return;
  }
  session.value = { state: "in" };
  listen(me.value.seq);
}

const READ_TRIES = 5;

/* The last event that has come: an answer from before it would take back what it said. */
let seen = 0;

async function readMe() {
  let answer = await get("/v1/me");
  for (let tries = 1; answer.seq < seen && tries < READ_TRIES; tries++) answer = await get("/v1/me");
  serverSaid(answer.now);
  batch(() => {
    learnTitles(answer.titles);
    me.value = answer;
    handlers.me(answer);
  });
}

function listen(after) {
  stream?.close();
  let lost = false;
  stream = openStream({
    after,
    on: {
      event(event) {
        seen = event.seq;
        batch(() => handlers.event(event));
      },
      signal: (name, data) => batch(() => handlers.signal(name, data)),
      state(state) {
        line.value = state;
        if (state.name === "lost") lost = true;
        if (state.name === "live" && lost) {
          lost = false;
          refresh();
        }
      },
      over: leave,
    },
  });
}

/* Reads the state again; a failure is no matter, the stream goes on. */
export async function refresh() {
  try {
    await readMe();
  } catch (refusal) {
    if (refusal.status === 401) leave("not_logged_in");
  }
}

export function retryNow() {
  stream?.retryNow();
}

export async function logIn(login, password) {
  await tell("/v1/login", { login, password });
  session.value = { state: "asking" };
  await start();
}

export async function logOut() {
  try {
    await tell("/v1/logout");
  } finally {
    leave("");
  }
}

/* The session is over: by the user, by the server, or there was none. */
export function leave(code) {
  stream?.close();
  stream = null;
  seen = 0;
  batch(() => {
    handlers.end(code);
    session.value = { state: "out", code };
    me.value = null;
  });
}

/* A command whose refusal is told to the user by `tellUser(refusal)`; true if it was done. */
export async function command(path, body, tellUser) {
  try {
    await post(path, body);
    return true;
  } catch (refusal) {
    if (refusal.code === "not_logged_in") leave("not_logged_in");
    else tellUser(refusal);
    return false;
  }
}
