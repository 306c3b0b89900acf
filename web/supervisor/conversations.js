/* conversations.js - all conversations, searched by words, state and agent. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { unmarked } from "../lib/markdown.js";
import { dayAndTime, shortTime } from "../lib/time.js";
import { badge, button, select, table } from "../staff/parts.js";
import { stars } from "../staff/shown.js";
import { locale, spanWord, t, topicName, wordFor } from "../staff/words.js";
import { search, searchFor, searchMore } from "./actions.js";
import { openLink, rowKind } from "./board.js";
import { agentsById, board } from "./store.js";

const STATES = ["", "assistant", "waiting", "active", "resolved"];

export function conversationsPage() {
  const { rows, busy, more } = search.value;
  return html`<div class="conversations-page">
    <h2>${t("conversations.title")}</h2>
    ${filters()}
    <div class="card panel" aria-busy=${busy}>
      <p class="muted small-text" role="status">${found()}</p>
      ${rows?.length ? table({
        label: t("conversations.title"), columns: columns(), rows, key: (row) => row.conversation, kind: rowKind, cards: true,
      }) : nothing}
      ${more ? html`<p class="more">${button({ text: t("conversations.more"), kind: "small", off: busy, act: searchMore })}</p>` : nothing}
    </div></div>`;
}

function found() {
  const { rows, busy, more } = search.value;
  if (busy && !rows) return t("search.busy");
  return t(more ? "conversations.first" : "search.found", { n: rows?.length ?? 0 });
}

function filters() {
  const { text, state, agent } = search.value;
  const names = new Map((board.value?.agents ?? []).map((one) => [String(one.agent), one.name]));
  return html`<form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
    <div class="field grow"><label for="search">${t("conversations.words")}</label>
      <input id="search" type="search" maxlength="200" autocomplete="off"
        .value=${text} @input=${(event) => searchFor({ text: event.target.value })}></div>
    ${select({
      id: "filter-state", label: t("column.state"), value: state, options: STATES, change: (value) => searchFor({ state: value }),
      word: (name) => (name ? wordFor("state", name) : t("conversations.all")),
    })}
    ${select({
      id: "filter-agent", label: t("column.agent"), value: agent, options: ["", ...names.keys()], change: (value) => searchFor({ agent: value }),
      word: (id) => names.get(id) ?? t("conversations.all_agents"),
    })}</form>`;
}

function columns() {
  const time = (row) => {
    const last = row.last_at ?? row.opened_at;
    return html`<time title=${dayAndTime(last, locale.value)}>${shortTime(last, locale.value)}</time>`;
  };
  const topic = (row) => html`<span>${topicName(row.topic) || "–"}${row.recontact ? badge("warn", "flag", t("column.recontact")) : nothing}</span>`;
  const cells = {
    customer: (row) => openLink("conversations", row),
    last_words: (row) => unmarked(row.last_text ?? ""),
    topic,
    state: (row) => wordFor("state", row.state),
    agent: (row) => (row.agent ? agentsById.value.get(row.agent)?.name ?? "–" : "–"),
    waited: (row) => (row.requested_at && row.met_at ? spanWord(row.met_at - row.requested_at) : "–"),
    rating: (row) => (row.stars ? stars(row.stars) : "–"),
    last: time,
  };
  const kinds = { last_words: "last-words", waited: "figures", rating: "figures" };
  return Object.entries(cells).map(([name, cell]) =>
    ({ head: t(`column.${name}`), cell, names: name === "customer", kind: kinds[name] }));
}
