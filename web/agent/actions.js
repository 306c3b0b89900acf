/* actions.js - what an agent wishes. Each is one command to the server; the answer comes back as
 * events, so nothing here changes the store's picture of the server by itself. */
import { get, post, tell } from "../lib/api.js";
import { lastFromCustomer, unread } from "../lib/conversation.js";
import { signal } from "../lib/store.js";
import { notify } from "../staff/settings.js";
import { command, leave } from "../staff/session.js";
import { refusalWord } from "../staff/words.js";
import {
  accepted, conversations, current, dialog, drafts, groups, isMine, offers, outbox, pane, readHistory, readSummary, selected,
} from "./store.js";

const TYPING_EVERY_MS = 3000;
const MARK_AFTER_MS = 400;

const tellRefusal = (refusal) => notify(refusalWord(refusal), "bad");

/* --- presence ---------------------------------------------------------------------------------- */

export function setPresence(state) {
  return command("/v1/presence", { state }, tellRefusal);
}

/* --- offers ------------------------------------------------------------------------------------ */

/* Offers that wait for the server's word on accept or decline. */
export const answering = signal(new Set());

async function answer(offer, verb) {
  if (answering.value.has(offer.offer)) return;
  answering.value = new Set(answering.value).add(offer.offer);
  if (verb === "accept") accepted.add(offer.conversation);
  const done = await command(`/v1/offers/${offer.offer}/${verb}`, {}, (refusal) => {
    if (refusal.code === "offer_gone") offers.value = offers.value.filter((one) => one.offer !== offer.offer);
    tellRefusal(refusal);
  });
  if (!done) accepted.delete(offer.conversation);
  const left = new Set(answering.value);
  left.delete(offer.offer);
  answering.value = left;
}

export const accept = (offer) => answer(offer, "accept");
export const decline = (offer) => answer(offer, "decline");

/* --- moving about ------------------------------------------------------------------------------ */

/* The address names the conversation and the pane, so that Back works and a reload stays. */
export function go(id, where = "conversation") {
  location.hash = id ? `#/${id}${where === "details" ? "/details" : ""}` : "#/";
}

export async function followAddress() {
  const [, id, where] = /^#\/(\d+)?(?:\/(details))?$/.exec(location.hash) ?? [];
  selected.value = Number(id) || 0;
  pane.value = selected.value ? where ?? "conversation" : "list";
  if (selected.value && !conversations.value.has(selected.value)) await openPast(selected.value);
  /* A pressed button may be gone with what it stood on: the focus goes on in the conversation. */
  if (document.activeElement === document.body) document.querySelector(".conversation-pane .timeline")?.focus({ preventScroll: true });
}

async function openPast(id) {
  try {
    await readSummary(id);
    await readHistory(id);
  } catch (refusal) {
    tellRefusal(refusal);
    if (selected.value === id) go(0);
  }
}

export function step(by) {
  const rows = groups.value.flatMap((group) => group.rows);
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.conversation === selected.value);
  const next = at < 0 ? 0 : (at + by + rows.length) % rows.length;
  go(rows[next].conversation);
}

/* --- talking ----------------------------------------------------------------------------------- */

export function draftOf(id) {
  return drafts.value[id] ?? { text: "", note: false };
}

export function setDraft(id, fields) {
  const draft = { ...draftOf(id), ...fields };
  const rest = { ...drafts.value };
  delete rest[id];
  drafts.value = draft.text || draft.note ? { ...rest, [id]: draft } : rest;
}

export function rewrite(id, text, note) {
  const { text: written } = draftOf(id);
  setDraft(id, { text: written ? `${written}\n${text}` : text, note });
}

let typedAt = 0;

export function typing(id) {
  if (draftOf(id).note || Date.now() - typedAt < TYPING_EVERY_MS) return;
  typedAt = Date.now();
  tell(`/v1/conversations/${id}/typing`).catch(() => {});
}

export function say(id) {
  const { text, note } = draftOf(id);
  if (!text.trim()) return;
  outbox.add(`/v1/conversations/${id}/${note ? "notes" : "messages"}`, { text: text.trim() }, id);
  setDraft(id, { text: "", note: false });
  typedAt = 0;
}

/* --- marks ------------------------------------------------------------------------------------- */

const marked = new Map();
let markTimer = 0;

/* Tells the server what has arrived, and what of the open conversation has been read. */
export function markSoon() {
  markTimer ||= setTimeout(markNow, MARK_AFTER_MS);
}

function markNow() {
  markTimer = 0;
  for (const conversation of conversations.value.values()) {
    if (!isMine(conversation)) continue;
    const upTo = lastFromCustomer(conversation);
    const looking = conversation.conversation === selected.value && pane.value === "conversation" && !document.hidden;
    const kind = looking ? "read" : "delivered";
    const known = looking ? conversation.staff_read : Math.max(conversation.staff_delivered, conversation.staff_read);
    const key = `${conversation.conversation} ${kind}`;
    if (!upTo || upTo <= known || marked.get(key) >= upTo) continue;
    if (kind === "read" && !unread(conversation)) continue;
    marked.set(key, upTo);
    post(`/v1/conversations/${conversation.conversation}/marks`, { mark: kind, up_to: upTo }).catch(() => marked.delete(key));
  }
}

/* --- ending and handing on --------------------------------------------------------------------- */

/* For dialogs: null when done, else the refusal, which stays in the dialog. */
export async function attempt(path, body) {
  try {
    await post(path, body);
    dialog.value = "";
    return null;
  } catch (refusal) {
    if (refusal.code === "not_logged_in") leave("not_logged_in");
    return refusal;
  }
}

export function finishWrapup(id) {
  return command(`/v1/conversations/${id}/wrapup/end`, {}, tellRefusal);
}

export function openDialog(name) {
  const conversation = current.value;
  if (name === "help" || (conversation && isMine(conversation))) dialog.value = name;
}

/* --- history and search ------------------------------------------------------------------------ */

export const readingBack = signal(false);

export async function readBack(id) {
  if (readingBack.value || conversations.value.get(id)?.complete) return;
  readingBack.value = true;
  try {
    await readHistory(id);
  } catch (refusal) {
    tellRefusal(refusal);
  } finally {
    readingBack.value = false;
  }
}

/* {text, rows, busy}; rows null: not searched yet. */
export const search = signal({ text: "", rows: null, busy: false });
let searchTimer = 0;

export function searchFor(text) {
  clearTimeout(searchTimer);
  search.value = { text, rows: text.trim() ? search.value.rows : null, busy: Boolean(text.trim()) };
  if (text.trim()) searchTimer = setTimeout(searchNow, 250);
}

async function searchNow() {
  const { text } = search.value;
  try {
    const { conversations: rows } = await get("/v1/conversations", { text: text.trim(), limit: 30 });
    if (search.value.text === text) search.value = { text, rows, busy: false };
  } catch (refusal) {
    search.value = { ...search.value, busy: false };
    tellRefusal(refusal);
  }
}
