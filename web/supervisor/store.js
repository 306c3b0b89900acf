/* store.js - what the supervisor's pages know: the board, the conversation that is open beside it,
 * and the feed of events that says when the board has to be read again. */
import { get } from "../lib/api.js";
import { serverSaid } from "../lib/clock.js";
import { newConversation, withEvent, withHistory, withSummary } from "../lib/conversation.js";
import { makeOutbox } from "../lib/outbox.js";
import { computed, kept, signal } from "../lib/store.js";
import { forgetApprovals, readApprovals, takeApproval } from "../staff/approvals.js";
import { takePresence } from "../staff/presence.js";
import { leave, me, refresh, session } from "../staff/session.js";
import { forgetKnowledge, knowledgeChanged } from "./knowledge.js";
import { forgetLearned, learnedSoon } from "./learned.js";

const PAGE = 250; /* events: a message brings some marks with it */
const TYPING_MS = 6000;
const BOARD_EVERY_MS = 1000; /* at most, while things happen */
const BOARD_AT_LEAST_MS = 30000; /* midnight comes without an event */

export const board = signal(null);
/* Which page is open: board, conversations or staff; and the conversation beside it, or 0. */
export const place = signal({ page: "board", conversation: 0 });
export const opened = signal(null);
export const dialog = signal("");
export const languages = signal([]); /* of the workspace */
export const outbox = makeOutbox("supervisor");
/* By conversation: {text, note}. */
export const drafts = kept("supervisor-drafts", {}, (found) => (found && typeof found === "object" ? found : {}));

export const agentsById = computed(() => new Map((board.value?.agents ?? []).map((agent) => [agent.agent, agent])));

export const mine = computed(() => opened.value?.state === "active" && opened.value.agent === me.value?.agent);
export const joinedByMe = computed(() => Boolean(opened.value?.joined.some((one) => one.agent === me.value?.agent)));

export const maySee = computed(() => Boolean(me.value) && me.value.role !== "agent");
export const mayManage = computed(() => me.value?.role === "administrator");

/* --- the board --------------------------------------------------------------------------------- */

let readAt = 0;
let asked = 0;
let reading = false, again = false; /* again: something has happened since it was asked for */

async function readBoard() {
  asked = 0;
  again = reading;
  if (reading || !maySee.value) return;
  reading = true;
  readAt = Date.now();
  try {
    const answer = await get("/v1/board");
    serverSaid(answer.now);
    if (session.value.state === "in") board.value = answer;
  } catch (refusal) {
    if (refusal.status === 401) leave("not_logged_in");
  } finally {
    reading = false;
    if (again) boardSoon();
  }
}

export function boardSoon() {
  if (asked) return;
  const wait = document.hidden ? 5 * BOARD_EVERY_MS : BOARD_EVERY_MS;
  asked = setTimeout(readBoard, Math.max(0, readAt + wait - Date.now()));
}

setInterval(() => { if (Date.now() - readAt > BOARD_AT_LEAST_MS) boardSoon(); }, 5000);

/* What the board does not show. */
const QUIET = new Set([
  "mark.set", "session.opened", "session.closed", "note.added", "assistant.decided", "action.started", "action.finished",
  "handover.noted", "paraphrase.learned", "paraphrase.reviewed", "message.translated",
]);

export function takeEvent(event) {
  takeApproval(event);
  if (!QUIET.has(event.type)) boardSoon();
  if (event.type === "presence.changed") takePresence(event);
  if (event.type.startsWith("paraphrase.")) learnedSoon();
  const open = opened.value;
  if (open && event.conversation === open.conversation) opened.value = withEvent(open, event);
  outbox.settle(event.seq);
}

export function takeSignal(name, data) {
  if (name === "service") boardSoon();
  if (name === "workspace") {
    refresh(); /* titles, canned replies, skills */
    learnedSoon();
    knowledgeChanged();
  }
  const open = opened.value;
  if (name !== "typing" || open?.conversation !== data.conversation) return;
  opened.value = { ...open, typing: { author: data.author, name: data.name, until: Date.now() + TYPING_MS } };
  setTimeout(() => {
    if (opened.value?.typing?.until <= Date.now() + 50) opened.value = { ...opened.value, typing: null };
  }, TYPING_MS);
}

export function takeMe(answer) {
  if (outbox.writtenBy(answer.agent)) drafts.value = {};
  if (!maySee.value) return;
  boardSoon();
  readApprovals();
  get("/v1/workspace").then((answer) => { languages.value = answer.languages; }, () => {});
  if (place.value.conversation) readConversation(place.value.conversation).catch(() => {});
}

export function forgetAll(code) {
  board.value = null;
  forgetApprovals();
  opened.value = null;
  forgetLearned();
  forgetKnowledge();
  dialog.value = "";
  if (code === "") {
    outbox.clear();
    drafts.value = {};
  }
}

/* --- the open conversation ---------------------------------------------------------------------- */

export async function readConversation(id) {
  if (opened.value?.conversation !== id) opened.value = newConversation(id);
  const [summary, page] = await Promise.all([
    get(`/v1/conversations/${id}`),
    get(`/v1/conversations/${id}/events`, { before: Number.MAX_SAFE_INTEGER, limit: PAGE }),
  ]);
  if (opened.value?.conversation !== id) return;
  opened.value = withSummary(withHistory(opened.value, page.events), summary);
}

export async function readBackOnce() {
  const { conversation: id, events } = opened.value;
  const page = await get(`/v1/conversations/${id}/events`, { before: events[0]?.seq, limit: PAGE });
  if (opened.value?.conversation === id) opened.value = withHistory(opened.value, page.events);
}
