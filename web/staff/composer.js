/* composer.js - where staff write: a reply or a note, with canned replies and the suggested reply.
 *
 * One page has one composer. The text itself belongs to the caller (draft, hooks), so that it stays
 * with its conversation; what is open in the list of canned replies lives here. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { live } from "/vendor/lit-html/directives/live.js";
import { icon } from "../lib/icons.js";
import { batch, signal } from "../lib/store.js";
import { cannedMatches, cannedQuery, withCanned } from "./canned.js";
import { t } from "./words.js";

const MESSAGE_MAX = 8000; /* bytes, as the server counts */
const SIZE_SHOWN_FROM = 7500;

const found = signal(null); /* {query, from, caret} while a canned reply is looked for */
const active = signal(0);

export function focusReply() {
  document.getElementById("reply")?.focus();
}

/* hooks: text(text), note(bool), typing(), send(), use(text). onlyNotes: nobody may reply. */
export function composer({ draft, canned, language, suggested, hooks, onlyNotes = false }) {
  const matches = found.value ? cannedMatches(canned, found.value.query, language) : [];
  const state = { draft, matches, hooks };
  const size = sizeOf(draft);
  return html`<form class="composer ${draft.note ? "is-note" : ""}" @submit=${(event) => { event.preventDefault(); send(state); }}>
    ${suggested && !draft.text ? suggestion(suggested, hooks) : nothing}
    ${found.value ? cannedList(state) : nothing}
    <label class="hidden-text" for="reply">${draft.note ? t("composer.note_label") : t("composer.reply_label")}</label>
    <textarea id="reply" rows="2" enterkeyhint="send" autocomplete="off"
      placeholder=${draft.note ? t("composer.note_hint") : t("composer.reply_hint")}
      aria-autocomplete="list" aria-controls=${matches.length ? "canned" : nothing}
      aria-activedescendant=${matches.length ? `canned-${active.value}` : nothing}
      .value=${live(draft.text)}
      @input=${(event) => typed(event.target, hooks)}
      @keydown=${(event) => pressed(event, state)}
      @blur=${() => { found.value = null; }}></textarea>
    <div class="composer-foot">
      ${onlyNotes ? nothing : html`<fieldset class="segmented">
        <legend class="hidden-text">${t("composer.kind")}</legend>
        ${kind(false, draft, hooks)}${kind(true, draft, hooks)}
      </fieldset>`}
      ${size < SIZE_SHOWN_FROM ? html`<p class="composer-keys" aria-hidden="true">${t("composer.keys")}</p>`
        : html`<p class="composer-size ${size > MESSAGE_MAX ? "bad" : ""}" role="status">${t("composer.size", { size, max: MESSAGE_MAX })}</p>`}
      <button class="button primary small" type="submit" ?disabled=${!size || size > MESSAGE_MAX}>
        ${icon(draft.note ? "note" : "send")}${draft.note ? t("composer.add_note") : t("composer.send")}</button>
    </div>
  </form>`;
}

const sizeOf = ({ text }) => new TextEncoder().encode(text.trim()).length;

function kind(isNote, draft, hooks) {
  const choose = () => {
    hooks.note(isNote);
    focusReply();
  };
  return html`<label><input type="radio" name="kind" .checked=${live(draft.note === isNote)} @change=${choose}>
    <span>${isNote ? t("composer.note") : t("composer.reply")}</span></label>`;
}

function suggestion(text, hooks) {
  const use = () => {
    hooks.use(text);
    focusReply();
  };
  return html`<div class="suggestion">
    <p><strong>${icon("assistant")}${t("suggestion.title")}</strong> ${text}</p>
    <button class="button small" type="button" @click=${use}>${t("suggestion.use")} <kbd>U</kbd></button>
  </div>`;
}

function cannedList(state) {
  if (!state.matches.length) return html`<p class="canned-none" role="status">${t("canned.none")}</p>`;
  const index = Math.min(active.value, state.matches.length - 1);
  return html`<ul class="canned" id="canned" role="listbox" aria-label=${t("canned.title")}>
    ${state.matches.map((reply, i) => html`<li id="canned-${i}" role="option" aria-selected=${i === index}
      @pointerdown=${(event) => { event.preventDefault(); insert(reply, state); }}>
      <span class="canned-title">${reply.title} <span class="canned-name">/${reply.name}</span></span>
      <span class="canned-text">${reply.text}</span></li>`)}
  </ul>`;
}

/* --- what the writer does ---------------------------------------------------------------------- */

function typed(field, hooks) {
  const query = cannedQuery(field.value, field.selectionStart);
  batch(() => {
    hooks.text(field.value);
    found.value = query && { ...query, caret: field.selectionStart };
    active.value = 0;
  });
  if (field.value) hooks.typing();
}

function pressed(event, state) {
  if (event.isComposing) return;
  if (found.value && state.matches.length && listKey(event, state)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(state);
  } else if (event.key === "Escape") {
    event.target.blur();
  }
}

function listKey(event, { matches, ...state }) {
  const count = matches.length;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (moves[event.key]) active.value = (active.value + moves[event.key] + count) % count;
  else if (event.key === "Enter" || event.key === "Tab") insert(matches[Math.min(active.value, count - 1)], state);
  else if (event.key === "Escape") found.value = null;
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function insert(reply, { draft, hooks }) {
  const { from, caret } = found.value;
  const made = withCanned(draft.text, from, caret, reply);
  batch(() => {
    hooks.text(made.text);
    found.value = null;
  });
  queueMicrotask(() => {
    const field = document.getElementById("reply");
    field?.setSelectionRange(made.caret, made.caret);
  });
}

function send({ draft, hooks }) {
  const size = sizeOf(draft);
  if (!size || size > MESSAGE_MAX) return;
  found.value = null;
  hooks.send();
}
