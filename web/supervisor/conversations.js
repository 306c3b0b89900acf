/* conversations.js - all conversations, searched by words, state and agent. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { icon } from "../lib/icons.js";
import { shortTime, dayAndTime } from "../lib/time.js";
import { customerName, locale, spanWord, t, tagName, wordFor } from "../staff/words.js";
import { address, search, searchFor, searchMore } from "./actions.js";
import { agentsById, board, place } from "./store.js";

const STATES = ["", "assistant", "waiting", "active", "resolved"];

export function conversationsPage() {
  const { text, state, agent, rows, busy, more } = search.value;
  return html`<div class="conversations-page">
    <h2>${t("conversations.title")}</h2>
    <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
      <div class="field grow"><label for="search">${t("conversations.words")}</label>
        <input id="search" type="search" maxlength="200" autocomplete="off" .value=${text} @input=${(event) => searchFor({ text: event.target.value })}></div>
      <div class="field"><label for="filter-state">${t("column.state")}</label>
        <select id="filter-state" @change=${(event) => searchFor({ state: event.target.value })}>
          ${STATES.map((name) => html`<option value=${name} ?selected=${name === state}>${name ? wordFor("state", name) : t("conversations.all")}</option>`)}</select></div>
      <div class="field"><label for="filter-agent">${t("column.agent")}</label>
        <select id="filter-agent" @change=${(event) => searchFor({ agent: event.target.value })}>
          <option value="">${t("conversations.all_agents")}</option>
          ${(board.value?.agents ?? []).map((one) => html`<option value=${one.agent} ?selected=${String(one.agent) === agent}>${one.name}</option>`)}</select></div>
    </form>
    <div class="card panel" aria-busy=${busy}>
      <p class="muted small-text" role="status">${busy && !rows ? t("search.busy") : more ? t("conversations.first", { n: rows.length }) : t("search.found", { n: rows?.length ?? 0 })}</p>
      ${rows?.length ? html`<div class="table-frame" tabindex="0" role="group" aria-label=${t("conversations.title")}><table>
        <thead><tr>${["customer", "last_words", "topic", "state", "agent", "waited", "rating", "last"].map((name) => html`<th scope="col">${t(`column.${name}`)}</th>`)}</tr></thead>
        <tbody>${repeat(rows, (row) => row.conversation, line)}</tbody></table></div>` : nothing}
      ${more ? html`<p class="more"><button class="button small" type="button" ?disabled=${busy} @click=${searchMore}>${t("conversations.more")}</button></p>` : nothing}
    </div></div>`;
}

function line(row) {
  const waited = row.requested_at && row.met_at ? spanWord(row.met_at - row.requested_at) : "–";
  return html`<tr class=${place.value.conversation === row.conversation ? "chosen" : ""}>
    <th scope="row"><a class="row-link" href=${address("conversations", row.conversation)} aria-current=${place.value.conversation === row.conversation ? "true" : nothing}>${customerName(row.name, row.customer)}</a></th>
    <td class="last-words">${row.last_text ?? ""}</td>
    <td>${tagName(row.topic) || "–"}${row.recontact ? html`<span class="badge warn">${icon("flag")}${t("column.recontact")}</span>` : nothing}</td>
    <td>${wordFor("state", row.state)}</td>
    <td>${row.agent ? agentsById.value.get(row.agent)?.name ?? "–" : "–"}</td>
    <td class="figures">${waited}</td>
    <td class="figures">${row.stars ? t("details.stars", { n: row.stars }) : "–"}</td>
    <td><time title=${dayAndTime(row.last_at ?? row.opened_at, locale.value)}>${shortTime(row.last_at ?? row.opened_at, locale.value)}</time></td></tr>`;
}
