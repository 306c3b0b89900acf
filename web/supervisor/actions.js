/* actions.js - what a supervisor wishes. The answers come back as events. */
import { get, post, tell } from "../lib/api.js";
import { signal } from "../lib/store.js";
import { notify } from "../staff/settings.js";
import { command, leave } from "../staff/session.js";
import { refusalWord } from "../staff/words.js";
import { closeFile, content, file, keyOf, openFile, openVersion, readContent, readVersions, versions } from "./knowledge.js";
import { readLearned } from "./learned.js";
import { dialog, drafts, joinedByMe, mayManage, maySee, mine, opened, outbox, place, readBackOnce, readConversation } from "./store.js";

const PAGES = ["board", "conversations", "staff", "learned", "knowledge"];
const TYPING_EVERY_MS = 3000;

export const tellRefusal = (refusal) => notify(refusalWord(refusal), "bad");

/* --- moving about ------------------------------------------------------------------------------- */

export const address = (page, conversation = 0) => `#/${page}${conversation ? `/${conversation}` : ""}`;

export async function followAddress() {
  const [, page = "board", id, kind, name] = /^#\/(\w+)(?:\/(\d+)|\/(topic|article|version)\/([\w-]+))?$/.exec(location.hash) ?? [];
  const before = place.value.page;
  place.value = { page: PAGES.includes(page) ? page : "board", conversation: Number(id) || 0 };
  if (page === "knowledge" && mayManage.value) await followKnowledge(kind, name);
  const wanted = place.value.conversation;
  if (!wanted) opened.value = null;
  else if (maySee.value && opened.value?.conversation !== wanted) {
    try {
      await readConversation(wanted);
      document.querySelector(".drawer .timeline")?.focus({ preventScroll: true });
    } catch (refusal) {
      tellRefusal(refusal);
      if (place.value.conversation === wanted) location.hash = address(place.value.page);
    }
  }
  if (place.value.page === "learned" && maySee.value) readLearned();
  if (place.value.page === "conversations" && maySee.value && (before !== "conversations" || !search.value.rows)) searchFor({});
}

/* The keyboard goes along with what is opened: behind its row stand all the others, and on a narrow screen list and file
 * take turns. */
function keepFocus(selector) {
  setTimeout(() => {
    const { activeElement: at, body } = document;
    const isLeft = at === body || !at.checkVisibility() || at.matches(".knowledge-list a:focus-visible");
    if (isLeft) document.querySelector(selector)?.focus();
  });
}

async function followKnowledge(kind, name) {
  const left = file.value && `.knowledge-row[href="${address("knowledge")}/${keyOf(file.value)}"]`;
  if (!content.value) await readContent();
  if (!versions.value) readVersions();
  if (!name) closeFile();
  else if (!await (kind === "version" ? openVersion(Number(name)) : openFile(kind, name))) location.hash = address("knowledge");
  keepFocus(name ? ".knowledge-editor h2" : left || "#knowledge-filter");
}

export function closeConversation() {
  location.hash = address(place.value.page);
}

/* --- in a conversation -------------------------------------------------------------------------- */

const path = (verb) => `/v1/conversations/${opened.value.conversation}/${verb}`;

export const join = () => command(path("join"), {}, tellRefusal);
export const leaveConversation = () => command(path("leave"), {}, tellRefusal);
export const takeOver = () => command(path("take-over"), {}, tellRefusal);
export const finishWrapup = () => command(path("wrapup/end"), {}, tellRefusal);

export function draftHere() {
  const { text, note } = drafts.value[opened.value?.conversation] ?? { text: "", note: false };
  return { text, note: note || !mayTalk() };
}

export const mayTalk = () => mine.value || (joinedByMe.value && opened.value?.state !== "resolved");

export function setDraft(fields) {
  const id = opened.value.conversation, { [id]: before, ...rest } = drafts.value;
  const next = { text: "", note: false, ...before, ...fields };
  drafts.value = next.text || next.note ? { ...rest, [id]: next } : rest;
}

export function rewrite(id, text, note) {
  const { text: written } = draftHere();
  setDraft({ text: written ? `${written}\n${text}` : text, note });
}

let typedAt = 0;

export function typing() {
  if (draftHere().note || Date.now() - typedAt < TYPING_EVERY_MS) return;
  typedAt = Date.now();
  tell(path("typing")).catch(() => {});
}

export function say() {
  const { text, note } = draftHere();
  if (!text.trim()) return;
  outbox.add(path(note ? "notes" : "messages"), { text: text.trim() }, opened.value.conversation);
  setDraft({ text: "", note: false });
}

export const readingBack = signal(false);

export async function readBack() {
  if (readingBack.value || !opened.value || opened.value.complete || !opened.value.events.length) return;
  readingBack.value = true;
  try {
    await readBackOnce();
  } catch (refusal) {
    tellRefusal(refusal);
  } finally {
    readingBack.value = false;
  }
}

/* For dialogs: null when done, else the refusal. */
export async function attempt(to, body, then = () => {}) {
  try {
    const answer = await post(to, body);
    dialog.value = "";
    then(answer);
    return null;
  } catch (refusal) {
    if (refusal.code === "not_logged_in") leave("not_logged_in");
    return refusal;
  }
}

export const attemptHere = (verb, body) => attempt(path(verb), body);

/* --- past conversations ------------------------------------------------------------------------- */

const PAGE = 50;

/* rows null: not asked yet; more: there may be further ones. */
export const search = signal({ text: "", state: "", agent: "", rows: null, busy: false, more: false });
let searchTimer = 0;

export function searchFor(fields) {
  clearTimeout(searchTimer);
  search.value = { ...search.value, ...fields, busy: true };
  searchTimer = setTimeout(() => readRows([]), fields.text === undefined ? 0 : 250);
}

export function searchMore() {
  search.value = { ...search.value, busy: true };
  readRows(search.value.rows);
}

async function readRows(before) {
  const { text, state, agent } = search.value;
  try {
    const { conversations: rows } = await get("/v1/conversations",
      { text: text.trim(), state, agent, limit: PAGE, before: before.at(-1)?.last_at });
    const now = search.value;
    if (now.text === text && now.state === state && now.agent === agent) {
      search.value = { ...now, rows: [...before, ...rows], busy: false, more: rows.length >= PAGE };
    }
  } catch (refusal) {
    search.value = { ...search.value, rows: search.value.rows ?? [], busy: false };
    tellRefusal(refusal);
  }
}
