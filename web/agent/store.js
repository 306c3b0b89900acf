/* store.js - what the agent app knows: offers and conversations of the agent who is logged in, fed by
 * GET /v1/me and the event stream. What the agent wishes is in actions.js. */
import { get } from "../lib/api.js";
import { serverNow } from "../lib/clock.js";
import { newConversation, owedSince, unread, withEvent, withHistory, withSummary } from "../lib/conversation.js";
import { makeOutbox } from "../lib/outbox.js";
import { computed, kept, signal } from "../lib/store.js";
import { alertWords, chime, notify } from "../staff/settings.js";
import { forgetApprovals, readApprovals, takeApproval } from "../staff/approvals.js";
import { takePresence } from "../staff/presence.js";
import { me, refresh } from "../staff/session.js";
import { customerName, languageWord, spanWord, t, topicName } from "../staff/words.js";

const PAGE = 250; /* events: a message brings some marks with it */
const TYPING_MS = 6000;

export const offers = signal([]);
export const conversations = signal(new Map());
export const selected = signal(0);
/* Which pane a phone shows: list, conversation or details. */
export const pane = signal("list");
/* Why the server changed the agent's presence, if it did. */
export const presenceReason = signal("");
export const outbox = makeOutbox("agent");
export const drafts = kept("drafts", {}, (found) => (found && typeof found === "object" ? found : {}));
export const dialog = signal("");
/* What was resolved in the agent's hands and may be looked back at, the latest first: rows of GET /v1/conversations. */
export const recent = signal([]);
/* How many customers wait for a person, or null: not told yet. */
export const queue = signal(null);

/* Offers that were accepted in this tab: their conversation is opened when it comes. */
export const accepted = new Set();

export const current = computed(() => conversations.value.get(selected.value) ?? null);

export function isMine(conversation) {
  return conversation.state === "active" && conversation.agent === me.value?.agent;
}

const belongs = (conversation) => isMine(conversation) || conversation.wrapup_until > 0;

/* The list's groups: who waits for a word from the agent, the longest first; who was answered last;
 * what is to be finished. */
export const groups = computed(() => {
  const owed = [], answered = [], wrapping = [];
  for (const conversation of conversations.value.values()) {
    if (!belongs(conversation)) continue;
    if (!isMine(conversation)) wrapping.push(conversation);
    else if (owedSince(conversation)) owed.push(conversation);
    else answered.push(conversation);
  }
  owed.sort((one, other) => owedSince(one) - owedSince(other));
  answered.sort((one, other) => other.last_seq - one.last_seq);
  wrapping.sort((one, other) => one.wrapup_until - other.wrapup_until);
  return [{ name: "owed", rows: owed }, { name: "answered", rows: answered }, { name: "wrapping", rows: wrapping }];
});

export const unreadTotal = computed(() =>
  [...conversations.value.values()].filter(isMine).reduce((sum, conversation) => sum + unread(conversation), 0));

function put(conversation) {
  conversations.value = new Map(conversations.value).set(conversation.conversation, conversation);
}

export function change(id, how) {
  const found = conversations.value.get(id);
  if (found) put(how(found));
}

/* --- state from the server --------------------------------------------------------------------- */

export function takeMe(answer) {
  if (outbox.writtenBy(answer.agent)) drafts.value = {};
  offers.value = answer.offers;
  const map = new Map();
  for (const summary of answer.conversations) {
    const known = conversations.value.get(summary.conversation);
    map.set(summary.conversation, withSummary(known ?? newConversation(summary.conversation), summary));
    if (!known) readHistory(summary.conversation).catch(() => {}); /* its reader can ask for it again */
  }
  const open = conversations.value.get(selected.value);
  if (open && !map.has(selected.value)) map.set(selected.value, { ...open, state: isMine(open) ? "waiting" : open.state, wrapup_until: 0 });
  conversations.value = map;
  readRecent();
  readApprovals();
}

const RECENT = 20;

/* A failure is no matter: the next change reads it again. */
export function readRecent() {
  get("/v1/conversations", { state: "resolved", limit: RECENT }).then(({ conversations: rows }) => { recent.value = rows; }, () => {});
}

export async function readSummary(id) {
  const summary = await get(`/v1/conversations/${id}`);
  if (!conversations.value.has(id)) put(newConversation(id));
  change(id, (conversation) => withSummary(conversation, summary));
}

/* The newest page, or the page before what is known. */
export async function readHistory(id) {
  const known = conversations.value.get(id)?.events[0]?.seq;
  const before = known ?? Number.MAX_SAFE_INTEGER;
  const { events } = await get(`/v1/conversations/${id}/events`, { before, limit: PAGE });
  change(id, (conversation) => withHistory(conversation, events));
}

/* --- events ------------------------------------------------------------------------------------ */

export function takeEvent(event) {
  const mine = event.agent === me.value.agent;
  takeApproval(event);
  if (event.type === "presence.changed") {
    takePresence(event);
    if (mine) takeOwnPresence(event);
  } else if (event.type === "offer.made" && mine) takeOffer(event);
  else if (event.type === "offer.ended") offers.value = offers.value.filter((offer) => offer.offer !== event.offer);
  else if (event.type === "conversation.assigned" && mine) takeAssigned(event);
  else if (event.type === "conversation.rated") takeRated(event);
  else if (event.conversation) takeConversationEvent(event, mine);
  outbox.settle(event.seq);
}

/* The reasons that an agent must be told: somebody or something else changed their presence. */
const TOLD = new Set(["lease_expired", "missed_offers", "logged_out", "removed"]);

function takeOwnPresence(event) {
  presenceReason.value = TOLD.has(event.reason) ? event.reason : "";
}

function takeOffer(event) {
  const { offer, conversation, customer, topic, language, wait_from, appointment, expires_at } = event;
  offers.value = [...offers.value.filter((one) => one.offer !== offer),
    { offer, conversation, customer, topic, language, wait_from, appointment, expires_at, made_at: event.at }];
  alertWords.value = t(appointment ? "offer.spoken_promise" : "offer.spoken", {
    topic: topicName(topic) || t("offer.no_topic"), language: languageWord(language), wait: spanWord(serverNow() - wait_from),
  });
  chime(880);
}

/* What happened to the conversation while somebody else had it did not come over the stream: it is
 * read anew. */
async function takeAssigned(event) {
  const id = event.conversation;
  put(withEvent(newConversation(id), event));
  if (event.via !== "offer") notify(t(`assigned.${event.via === "assign" ? "assign" : "take_over"}`), "info");
  if (accepted.delete(id) || !selected.value) location.hash = `#/${id}`;
  await Promise.all([readSummary(id), readHistory(id)]).catch(() => {});
}

/* It comes when the conversation is long over, too: then only the list of recent ones has the name. */
function takeRated(event) {
  const open = conversations.value.get(event.conversation);
  const name = open?.customer_details?.name ?? recent.value.find((row) => row.conversation === event.conversation)?.name;
  if (open) put(withEvent(open, event));
  notify(t("rated.notice", { name: customerName(name, event.customer), n: event.stars }), event.stars > 2 ? "good" : "info");
  readRecent();
}

function takeConversationEvent(event, mine) {
  const before = conversations.value.get(event.conversation);
  if (!before) return;
  put(withEvent(before, event));
  const name = customerName(before.customer_details?.name, before.customer);
  if (event.type === "message.sent" && event.author === "customer") heard(event, name);
  if (event.type === "conversation.transferred" && mine) tellGone(event.reason, name);
  if (event.type === "supervisor.joined" && !mine && event.conversation !== selected.value) notify(t("collision.joined", { name: event.name ?? "", customer: name }), "warn");
  if (event.type === "conversation.resolved" && event.by === "customer") notify(t("resolved.by_customer", { name }), "info");
  if (event.type === "conversation.resolved" || event.type === "wrapup.ended") readRecent();
  forgetDone();
}

function tellGone(reason, name) {
  if (reason === "taken_over" || reason === "assigned") notify(t("collision.taken_over", { name }), "warn");
  if (reason === "agent_gone") notify(t("collision.requeued", { name }), "warn");
}

function heard(event, name) {
  if (event.conversation === selected.value && !document.hidden) return;
  alertWords.value = t("message.spoken", { name });
  chime(520);
}

/* Keeps what the agent has or looks at. */
function forgetDone() {
  const left = [...conversations.value].filter(([id, conversation]) => belongs(conversation) || id === selected.value || accepted.has(id));
  if (left.length < conversations.value.size) conversations.value = new Map(left);
  const ids = new Set(left.map(([id]) => String(id)));
  const stale = Object.keys(drafts.value).filter((id) => !ids.has(id));
  if (stale.length) drafts.value = Object.fromEntries(Object.entries(drafts.value).filter(([id]) => ids.has(id)));
}

export function takeSignal(name, data) {
  if (name === "service") queue.value = data.waiting;
  if (name === "workspace") refresh(); /* titles, canned replies, skills */
  if (name !== "typing") return;
  change(data.conversation, (conversation) => ({
    ...conversation, typing: { author: data.author, name: data.name, until: Date.now() + TYPING_MS },
  }));
  setTimeout(() => change(data.conversation, (conversation) =>
    (conversation.typing && conversation.typing.until <= Date.now() + 50 ? { ...conversation, typing: null } : conversation)), TYPING_MS);
}

export function forgetAll(code) {
  offers.value = [];
  forgetApprovals();
  recent.value = [];
  conversations.value = new Map();
  presenceReason.value = "";
  dialog.value = "";
  if (code === "") {
    outbox.clear();
    drafts.value = {};
  }
}
