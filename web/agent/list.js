/* list.js - the left pane: offers, the agent's conversations in groups, and the search. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { clock } from "../lib/clock.js";
import { lastMessage, owedSince, unread } from "../lib/conversation.js";
import { icon } from "../lib/icons.js";
import { unmarked } from "../lib/markdown.js";
import { shortTime, stopwatch } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { approvalList } from "../staff/approvals.js";
import { initials } from "../staff/frame.js";
import { customerName, locale, t, topicName, wordFor } from "../staff/words.js";
import { search, searchFor } from "./actions.js";
import { stars } from "../staff/shown.js";
import { nothingOpen } from "./pane.js";
import { drafts, groups, isMine, offers, queue, recent, selected } from "./store.js";
import { offerList } from "./offer.js";

export function listPane() {
  const searching = Boolean(search.value.text.trim());
  return html`<nav class="pane list-pane" aria-label=${t("list.title")}>
    ${offerList()}
    ${approvalList()}
    <form class="search" role="search" @submit=${(event) => event.preventDefault()}>
      <label class="hidden-text" for="search">${t("search.label")}</label>
      ${icon("search")}
      <input class="input" id="search" type="search" maxlength="200" autocomplete="off" placeholder=${t("search.hint")}
        .value=${search.value.text} @input=${(event) => searchFor(event.target.value)}
        @keydown=${(event) => { if (event.key === "Escape") { searchFor(""); event.target.blur(); } }}>
    </form>
    <div class="list-scroll">${searching ? results() : conversationGroups()}</div>
    ${queue.value === null ? nothing : queueLine(Math.max(queue.value, offers.value.length))}
  </nav>`;
}

function queueLine(n) {
  return html`<p class="queue">${icon("waiting")}${n ? t("list.queue", { n }) : t("list.no_queue")}</p>`;
}

/* A row of the list: what opens the conversation. `cells` stand beside the picture. */
function link(id, name, known, kind, cells) {
  return html`<li><a class="conversation-row ${kind}" href="#/${id}" aria-current=${id === selected.value ? "true" : nothing}>
    <span class="avatar" aria-hidden="true">${known ? initials(name) : icon("person")}</span>
    <span class="row-name">${name}</span>${cells}</a></li>`;
}

/* A phone has no other place to say what comes next. */
function conversationGroups() {
  const full = groups.value.filter((group) => group.rows.length);
  const group = ({ name, rows }, row) => html`<section class="group">
    <h2>${t(`list.${name}`)} <span class="count">${rows.length}</span></h2>
    <ul class="conversations">${repeat(rows, (one) => one.conversation, row)}</ul></section>`;
  const past = recent.value.filter((row) => !full.some(({ rows }) => rows.some((one) => one.conversation === row.conversation)));
  return html`
    ${full.length ? full.map((one) => group(one, conversationRow)) : html`
      <p class="list-empty muted">${t("list.empty")}</p>
      ${offers.value.length ? nothing : html`<div class="only-phone">${nothingOpen()}</div>`}`}
    ${past.length ? group({ name: "recent", rows: past }, pastRow) : nothing}`;
}

function pastRow(row) {
  return link(row.conversation, customerName(row.name, row.customer), row.name, "", html`
    <span class="row-time">${row.last_at ? shortTime(row.last_at, locale.value) : nothing}</span>
    <span class="row-text">${unmarked(row.last_text ?? "")}</span>
    <span class="row-topic">${topicName(row.topic)} ${row.stars ? stars(row.stars) : nothing}</span>`);
}

function conversationRow(conversation) {
  const id = conversation.conversation;
  const known = conversation.customer_details?.name;
  const name = customerName(known, conversation.customer);
  const count = id === selected.value ? 0 : unread(conversation); /* the open one is being read */
  const owed = isMine(conversation) && owedSince(conversation);
  const badge = () => html`<span class="count strong"><span aria-hidden="true">${count}</span>
    <span class="hidden-text">${t("list.unread", { n: count })}</span></span>`;
  return link(id, name, known, count ? "unread" : "", html`
    <span class="row-time">${timeOf(conversation, owed)}</span>
    <span class="row-text">${preview(conversation)}</span>
    ${count ? badge() : nothing}
    <span class="row-topic">${topicName(conversation.topic)}</span>`);
}

function timeOf(conversation, owed) {
  if (conversation.wrapup_until && !isMine(conversation)) return watch(() => stopwatch(conversation.wrapup_until - clock.value));
  if (owed) return html`${icon("waiting")}<span class="hidden-text">${t("list.waits")}</span> ${watch(() => stopwatch(clock.value - owed))}`;
  const last = lastMessage(conversation);
  return last ? shortTime(last.at, locale.value) : nothing;
}

function preview(conversation) {
  const draft = drafts.value[conversation.conversation]?.text;
  if (conversation.typing?.author === "customer") return html`<em>${t("list.typing")}</em>`;
  if (draft) return html`<span class="draft-word">${t("list.draft")}</span> ${draft}`;
  const last = lastMessage(conversation);
  if (!last) return nothing;
  const text = unmarked(last.text ?? "");
  return last.author === "customer" ? text : html`<span class="hidden-text">${t("list.you")}</span>${icon("sent")}${text}`;
}

/* --- search ------------------------------------------------------------------------------------ */

function results() {
  const { rows, busy } = search.value;
  return html`<section class="group" aria-busy=${busy}>
    <h2>${t("search.results")}</h2>
    <p class="list-empty muted" role="status">${rows && !busy ? t("search.found", { n: rows.length }) : t("search.busy")}</p>
    <ul class="conversations">${repeat(rows ?? [], (row) => row.conversation, resultRow)}</ul></section>`;
}

function resultRow(row) {
  return link(row.conversation, customerName(row.name, row.customer), row.name, "", html`
    <span class="row-time">${row.last_at ? shortTime(row.last_at, locale.value) : nothing}</span>
    <span class="row-text">${unmarked(row.last_text ?? "")}</span>
    <span class="row-topic">${[wordFor("state", row.state), topicName(row.topic)].filter(Boolean).join(" · ")}</span>`);
}
