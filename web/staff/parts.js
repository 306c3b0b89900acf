/* parts.js - the small pieces that every staff page is made of. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { guard } from "/vendor/lit-html/directives/guard.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { ref } from "/vendor/lit-html/directives/ref.js";
import { icon } from "../lib/icons.js";
import { makeScroll } from "./scroll.js";
import { me } from "./session.js";
import { timeline } from "./timeline.js";
import { language, t } from "./words.js";

const hidden = (text) => html`<span class="hidden-text">${text}</span>`;

/* kind: further classes; key: the letter that does the same. */
export function button({ text, picture, act, kind = "", key = "", off = false }) {
  return html`<button class="button ${kind}" type="button" ?disabled=${off} @click=${act}>
    ${picture ? icon(picture) : nothing}<span class="word">${text}</span>${key ? html` <kbd>${key}</kbd>` : nothing}</button>`;
}

export function iconButton({ text, picture, act, kind = "" }) {
  return html`<button class="button quiet icon-button ${kind}" type="button" @click=${act}>${icon(picture)}${hidden(text)}</button>`;
}

export function iconLink({ text, picture, href, kind = "" }) {
  return html`<a class="button quiet icon-button ${kind}" href=${href}>${icon(picture)}${hidden(text)}</a>`;
}

export function paneNotice(kind, picture, text) {
  return html`<p class="pane-notice ${kind}">${icon(picture)}<span>${text}</span></p>`;
}

export function badge(kind, picture, text) {
  return html`<span class="badge ${kind}">${icon(picture)}${text}</span>`;
}

/* A table that scrolls within its frame; with `cards` each row is a card of its own on a phone. columns:
 * [{head, cell(row), kind}], the first one marked `names` names the row. The roles are said again, since a
 * table that is drawn as blocks would lose them. */
export function table({ label, columns, rows, key, kind = () => "", cards = false }) {
  const cell = ({ head, cell: content, names, kind: how }, row) => (names
    ? html`<th scope="row" role="rowheader" class=${how ?? nothing}>${content(row)}</th>`
    : html`<td role="cell" class=${how ?? nothing} data-label=${head}>${content(row)}</td>`);
  return html`<div class="table-frame ${cards ? "cards" : ""}" tabindex="0" role="group" aria-label=${label}><table role="table">
    <thead role="rowgroup"><tr role="row">${columns.map(({ head, quiet }) =>
      html`<th scope="col" role="columnheader">${quiet ? hidden(head) : head}</th>`)}</tr></thead>
    <tbody role="rowgroup">${repeat(rows, key, (row) =>
      html`<tr role="row" class=${kind(row)}>${columns.map((column) => cell(column, row))}</tr>`)}</tbody></table></div>`;
}

/* A select over `options`; `word` names each. */
export function select({ id, label, value, options, word, change, name }) {
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} name=${name ?? nothing} @change=${change ? (event) => change(event.target.value) : nothing}>
      ${options.map((option) => html`<option value=${option} ?selected=${option === value}>${word(option)}</option>`)}
    </select></div>`;
}

/* The timeline of the one conversation that a page shows: {view, drawn}. drawn() belongs after each
 * drawing of the page. `back(id)` reads an earlier page, `busy` says that it is under way; `rewrite(id, text, isNote)`
 * puts words back into the draft. */
export function makeChat({ outbox, busy, back, rewrite }) {
  let shown = null;
  const scroll = makeScroll(() => { if (shown) back(shown.conversation); });
  const attach = (element) => scroll.attach(element);
  /* What was refused is written anew, behind what is being written. */
  const edit = (item) => {
    rewrite(item.conversation, item.body.text, item.path.endsWith("/notes"));
    outbox.drop(item.key);
    queueMicrotask(() => document.getElementById("reply")?.focus());
  };

  const view = (conversation) => {
    shown = conversation;
    const { events, translated, complete, customer_read: read, customer_delivered: delivered, typing, customer_details: details } = conversation;
    const items = outbox.items.value;
    const body = guard([events, translated, complete, read, delivered, typing, details, items, busy.value, language.value], () => timeline({
      conversation, agent: me.value.agent, items, busy: busy.value,
      hooks: { again: outbox.again, drop: outbox.drop, edit, back: () => back(conversation.conversation) },
    }));
    return html`<div class="timeline-frame">
      <div class="timeline" role="log" aria-label=${t("pane.history")} tabindex="0" ${ref(attach)} @scroll=${scroll.onScroll}>${body}</div>
      ${scroll.below.value ? button({ text: t("history.new"), picture: "down", act: scroll.toEnd, kind: "small to-end" }) : nothing}
    </div>`;
  };

  const drawn = (conversation) => {
    const events = conversation?.events ?? [];
    const typing = conversation?.typing ? 0.5 : 0; /* the line about typing is new, too */
    scroll.drawn(String(conversation?.conversation ?? ""), events[0]?.seq ?? 0, (events.at(-1)?.seq ?? 0) + typing);
  };

  return { view, drawn };
}
