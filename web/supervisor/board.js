/* board.js - the live board: how it stands now, how the day went, who waits, who works. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { clock } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { number, percent, shortTime, stopwatch } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { customerName, estimateWord, languageWord, locale, spanWord, t, tagName } from "../staff/words.js";
import { address } from "./actions.js";
import { agentTable } from "./staff.js";
import { charts } from "./charts.js";
import { agentsById, board, place } from "./store.js";

export function boardPage() {
  if (!board.value) return html`<p class="reading muted" role="status">${t("history.reading")}</p>`;
  const now = { ...board.value, figures: board.value.figures ?? NO_FIGURES };
  return html`<div class="board">
    <h2 class="hidden-text">${t("board.title")}</h2>
    ${tiles(now)}
    <div class="board-columns">
      <div class="board-main">${waitingTable(now)}${charts(now.figures)}${activeTable(now)}</div>
      <div class="board-side">${agentTable(now.agents)}</div>
    </div></div>`;
}

/* --- figures ------------------------------------------------------------------------------------ */

const count = (value) => number(value, locale.value);

function tile({ label, value, text, tone = "" }) {
  return html`<div class="tile ${tone}"><dt>${label}</dt><dd><span class="tile-value">${value}</span> <span class="tile-text">${text}</span></dd></div>`;
}

/* While the views are being rebuilt there are no figures. */
const NO_FIGURES = {
  opened: 0, answered_by_assistant: 0, human_requests: 0, met: 0, met_in_time: 0, service_level: null, median_wait_ms: 0, p95_wait_ms: 0,
  ratings: 0, rating_mean: null, recontacts: 0, series: [],
};

function tiles({ live, figures }) {
  const longest = live.longest_wait_from;
  const share = figures.opened ? figures.answered_by_assistant / figures.opened : null;
  return html`<section aria-label=${t("board.figures")}><dl class="tiles">
    ${tile({ label: t("tile.waiting"), value: count(live.waiting), tone: live.waiting ? "warn" : "",
      text: longest ? html`${t("tile.longest")} ${watch(() => stopwatch(clock.value - longest))}` : t("tile.nobody_waits") })}
    ${tile({ label: t("tile.agents"), value: count(live.online), text: t("tile.agents_text", { away: live.away, free: live.free_places }) })}
    ${tile({ label: t("tile.active"), value: count(live.active), text: t("tile.active_text", { n: live.by_assistant }) })}
    ${tile({ label: t("tile.service_level"), value: figures.service_level === null ? "–" : percent(figures.service_level, locale.value),
      text: t("tile.service_level_text", { n: figures.met_in_time, time: spanWord(live.service_level_ms) }) })}
    ${tile({ label: t("tile.assistant"), value: share === null ? "–" : percent(share, locale.value),
      text: t("tile.assistant_text", { part: figures.answered_by_assistant, n: figures.opened }) })}
    ${tile({ label: t("tile.requests"), value: count(figures.human_requests),
      text: figures.met ? t("tile.requests_text", { n: figures.met, median: spanWord(figures.median_wait_ms), p95: spanWord(figures.p95_wait_ms) }) : t("tile.requests_none") })}
    ${tile({ label: t("tile.rating"), value: figures.rating_mean === null ? "–" : number(figures.rating_mean, locale.value, 1),
      text: t("tile.rating_text", { n: figures.ratings }) })}
    ${tile({ label: t("tile.recontacts"), value: count(figures.recontacts), text: t("tile.recontacts_text") })}
  </dl></section>`;
}

/* --- who waits, who is served ------------------------------------------------------------------- */

const open = (row) => html`<a class="row-link" href=${address("board", row.conversation)} aria-current=${place.value.conversation === row.conversation ? "true" : nothing}>
  ${customerName(row.name, row.customer)}</a>`;

function frame({ id, title, rows, empty, heads, row }) {
  return html`<section class="panel card" aria-labelledby=${id}>
    <h3 id=${id}>${title} <span class="count">${rows.length}</span></h3>
    ${rows.length ? html`<div class="table-frame" tabindex="0" role="group" aria-labelledby=${id}><table>
      <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${repeat(rows, (one) => one.conversation, (one) => html`<tr class=${place.value.conversation === one.conversation ? "chosen" : ""}>${row(one)}</tr>`)}</tbody>
    </table></div>` : html`<p class="panel-empty muted">${empty}</p>`}
  </section>`;
}

function waitingTable({ waiting }) {
  return frame({
    id: "waiting", title: t("board.waiting"), rows: waiting, empty: t("board.nobody_waits"),
    heads: [t("column.place"), t("column.customer"), t("column.topic"), t("column.waited"), t("column.estimate"), t("column.offered_to")],
    row: (one) => html`<td class="figures">${one.place}</td>
      <th scope="row">${open(one)}${one.appointment ? html`<span class="badge info">${icon("calendar")}${t("board.promise", { n: one.appointment })}</span>` : nothing}</th>
      <td>${tagName(one.topic) || "–"}<br><span class="muted small-text">${languageWord(one.language)}</span></td>
      <td class="figures">${watch(() => stopwatch(clock.value - one.wait_from))}</td>
      <td>${estimateWord(one.low_ms, one.high_ms)}</td>
      <td>${one.offered_to ? agentsById.value.get(one.offered_to)?.name ?? t("author.agent") : html`<span class="muted">${t("board.not_offered")}</span>`}</td>`,
  });
}

function activeTable({ conversations }) {
  return frame({
    id: "active", title: t("board.active"), rows: conversations, empty: t("board.nobody_served"),
    heads: [t("column.customer"), t("column.topic"), t("column.agent"), t("column.last"), t("column.open_for")],
    row: (one) => html`<th scope="row">${open(one)}</th>
      <td>${tagName(one.topic) || "–"}</td>
      <td>${one.agent_name}</td>
      <td>${one.last_at ? shortTime(one.last_at, locale.value) : "–"}</td>
      <td class="figures">${watch(() => spanWord(clock.value - one.opened_at))}</td>`,
  });
}
