/* conversation.js - one conversation as staff pages know it: what GET /v1/conversations/{id} says,
 * carried on by the events that follow, and the part of its history that has been read. Pure: every
 * function gives a new conversation.
 *
 * Fields are the server's own names (last_seq is the last message's); added here are
 *   known     the last event that the other fields contain
 *   events    the history that is known, ascending and without gaps from the first one known
 *   complete  the history is known from its beginning
 *   translated  of a message, by its seq: the event that has it in the reader's language
 *   note      the last hand-over note;  promise  the last appointment made;  kept  it was taken up
 *   joined    [{agent, name}] supervisors who joined
 *   typing    {name, author, until} or null */

import { unmarked } from "./markdown.js";

const SHOWN = new Set([
  "conversation.opened", "conversation.reopened", "recontact.marked", "message.sent", "note.added",
  "action.finished", "assistant.decided", "human.requested", "handover.noted", "conversation.queued",
  "conversation.assigned", "conversation.transferred", "supervisor.joined", "supervisor.left",
  "conversation.resolved", "conversation.rated", "appointment.made", "appointment.kept", "care.offered", "paraphrase.learned",
  "identity.code_sent", "identity.code_tried",
  "approval.requested", "approval.given", "approval.refused", "approval.expired", "approval.done",
]);

export function newConversation(id) {
  return {
    conversation: id, customer: 0, state: "assistant", agent: 0, agent_name: "", language: "", topic: "",
    opened_at: 0, wait_from: 0, place: 0, low_ms: -1, high_ms: -1, appointment: 0, turn: false,
    known: 0, last_seq: 0, customer_read: 0, customer_delivered: 0, staff_read: 0, staff_delivered: 0,
    stars: 0, recontact: false, wrapup_until: 0, customer_details: {},
    events: [], translated: {}, complete: false, note: null, promise: null, kept: false, joined: [], typing: null,
  };
}

/* The server's summary is newer than what the page knows, unless events have overtaken it. */
export function withSummary(conversation, summary) {
  const { seq, ...fields } = summary;
  if (seq < conversation.known) {
    /* What never changes, and what no event has told yet. */
    return { ...conversation, customer: summary.customer ?? conversation.customer, opened_at: summary.opened_at ?? conversation.opened_at,
      language: conversation.language || (summary.language ?? ""),
      customer_details: summary.customer_details ?? conversation.customer_details };
  }
  return { ...conversation, agent: 0, agent_name: "", topic: "", wrapup_until: 0, ...fields, known: seq };
}

/* Adds a page of history; `events` may overlap what is known. */
export function withHistory(conversation, events) {
  const shown = events.filter((event) => SHOWN.has(event.type));
  const known = new Map(conversation.events.map((event) => [event.seq, event]));
  for (const event of shown) known.set(event.seq, event);
  const all = [...known.values()].sort((one, other) => one.seq - other.seq);
  const translated = events.reduce(withTranslation, conversation.translated);
  const gathered = { ...conversation, events: all, translated, note: null, promise: null, kept: false, joined: [] };
  for (const event of all) Object.assign(gathered, remembered(gathered, event));
  gathered.complete = conversation.complete || events.some((event) => event.type === "conversation.opened");
  return gathered;
}

/* The translations of messages, with the one that the event is, if it is one. */
function withTranslation(translated, event) {
  return event.type === "message.translated" ? { ...translated, [event.message]: event } : translated;
}

/* What of an event is true whenever it was: the same whether it came live or from the history. */
function remembered(conversation, event) {
  switch (event.type) {
    case "handover.noted": return saysSomething(event.note) ? { note: event.note } : {};
    case "appointment.made": return { promise: event, kept: false };
    case "appointment.kept": return { kept: true };
    case "supervisor.joined":
      return { joined: [...conversation.joined.filter((one) => one.agent !== event.agent), { agent: event.agent, name: event.name }] };
    case "conversation.resolved": return { joined: [] }; /* whoever had joined is out */
    case "supervisor.left": return { joined: conversation.joined.filter((one) => one.agent !== event.agent) };
    default: return {};
  }
}

export function saysSomething(note) {
  return Boolean(note && (note.summary || note.wants || note.tried?.length || note.found?.length || note.missing?.length || note.suggested_reply));
}

/* What an event changes in the summary. */
function changed(conversation, event) {
  switch (event.type) {
    case "conversation.opened": return { language: event.language, opened_at: event.at };
    case "conversation.reopened": return { state: "assistant", stars: 0 };
    case "conversation.queued":
      return { state: "waiting", agent: 0, agent_name: "", wait_from: event.wait_from, language: event.language,
        topic: event.topic ?? conversation.topic };
    case "conversation.assigned":
      return { state: "active", agent: event.agent, agent_name: event.name ?? "", place: 0 };
    case "conversation.transferred": return { state: "waiting", agent: 0, agent_name: "", typing: null };
    case "conversation.resolved": return { state: "resolved", typing: null, topic: event.topic ?? conversation.topic, appointment: 0 };
    case "wrapup.started": return { wrapup_until: event.until };
    case "wrapup.ended": return { wrapup_until: 0 };
    case "assistant.decided": return event.topic ? { topic: event.topic } : {};
    case "recontact.marked": return { recontact: true };
    case "conversation.rated": return { stars: event.stars };
    case "appointment.made": return { appointment: event.number };
    case "appointment.kept": return { appointment: 0 };
    case "message.sent": return { last_seq: event.seq, typing: conversation.typing?.author === event.author ? null : conversation.typing };
    case "mark.set": return mark(conversation, event);
    default: return {};
  }
}

function mark(conversation, event) {
  const side = event.reader === "customer" ? "customer" : "staff";
  const fields = { [`${side}_delivered`]: Math.max(conversation[`${side}_delivered`], event.up_to) };
  if (event.mark === "read") fields[`${side}_read`] = Math.max(conversation[`${side}_read`], event.up_to);
  return fields;
}

/* Carries the conversation on by a live event. */
export function withEvent(conversation, event) {
  const next = { ...conversation };
  if (event.seq > conversation.known) Object.assign(next, changed(conversation, event), { known: event.seq });
  next.translated = withTranslation(conversation.translated, event);
  const last = conversation.events.at(-1)?.seq ?? 0;
  if (SHOWN.has(event.type) && event.seq > last) {
    next.events = [...conversation.events, event];
    Object.assign(next, remembered(conversation, event));
  }
  return next;
}

export function messages(conversation) {
  return conversation.events.filter((event) => event.type === "message.sent");
}

export function lastMessage(conversation) {
  return conversation.events.findLast((event) => event.type === "message.sent");
}

/* Messages of the customer that no member of staff has read, since a person owns the conversation. */
export function unread(conversation) {
  return messages(conversation).filter((event) => event.author === "customer" && event.seq > conversation.staff_read).length;
}

/* seq of the customer's last message, for the marks. */
export function lastFromCustomer(conversation) {
  return messages(conversation).findLast((event) => event.author === "customer")?.seq ?? 0;
}

/* When the customer began to wait for the next word from staff, or 0. */
export function owedSince(conversation) {
  const said = messages(conversation);
  const answered = said.findLastIndex((event) => event.author !== "customer");
  const assigned = conversation.events.findLast((event) => event.type === "conversation.assigned");
  const waiting = said.slice(answered + 1);
  if (waiting.length) return waiting[0].at;
  /* somebody came, and nothing was said to the customer since */
  return assigned && said.length && assigned.seq > said.at(-1).seq ? assigned.at : 0;
}

export function suggestion(conversation) {
  const text = unmarked(conversation.note?.suggested_reply ?? "");
  if (!text) return "";
  const noted = conversation.events.findLast((event) => event.note === conversation.note);
  const used = messages(conversation).some((event) => event.author === "agent" && event.seq > noted.seq);
  return used ? "" : text;
}
