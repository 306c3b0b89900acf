/* board.js - the live board: how it stands now, how the day went, who waits, who works. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { clock } from "../lib/clock.js";
import { number, percent, shortTime, stopwatch } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { approvalList } from "../staff/approvals.js";
import { badge, table } from "../staff/parts.js";
import { customerName, estimateWord, languageWord, locale, spanWord, t, topicName } from "../staff/words.js";
import { address } from "./actions.js";
import { charts } from "./charts.js";
import { agentTable } from "./staff.js";
import { agentsById, board, place } from "./store.js";

/* While the views are being rebuilt there are no figures. */
const NO_FIGURES = {
  opened: 0, answered_by_assistant: 0, human_requests: 0, met: 0, met_in_time: 0, service_level: null, median_wait_ms: 0,
  p95_wait_ms: 0, ratings: 0, rating_mean: null, recontacts: 0, series: [],
};

export function boardPage() {
  if (!board.value) return html`<p class="reading muted" role="status">${t("history.reading")}</p>`;
  const { live, agents, waiting, conversations } = board.value;
  const figures = board.value.figures ?? NO_FIGURES;
  return html`<div class="board">
    <h2 class="hidden-text">${t("board.title")}</h2>
    <section aria-label=${t("board.figures")}><dl class="tiles">${tilesNow(live)}${tilesToday(figures, live)}</dl></section>
    <div class="board-columns">
      <div class="board-main">${waitingTable(waiting)}${charts(figures)}${activeTable(conversations)}</div>
      <div class="board-side">${approvalList((conversation) => address("board", conversation))}${agentTable(agents)}</div>
    </div></div>`;
}

/* --- figures ------------------------------------------------------------------------------------ */

const count = (value) => number(value, locale.value);
const share = (value) => (value === null ? "–" : percent(value, locale.value));

function tile(name, value, text, tone = "") {
  return html`<div class="tile ${tone}"><dt>${t(`tile.${name}`)}</dt>
    <dd><span class="tile-value">${value}</span> <span class="tile-text">${text}</span></dd></div>`;
}

function tilesNow(live) {
  const from = live.longest_wait_from;
  const longest = from ? html`${t("tile.longest")} ${watch(() => stopwatch(clock.value - from))}` : t("tile.nobody_waits");
  return html`
    ${tile("waiting", count(live.waiting), longest, live.waiting ? "warn" : "")}
    ${tile("agents", count(live.online), t("tile.agents_text", { away: live.away, free: live.free_places }))}
    ${tile("active", count(live.active), t("tile.active_text", { n: live.by_assistant }))}`;
}

function tilesToday(figures, live) {
  const { opened, answered_by_assistant: answered, met, ratings } = figures;
  const waits = { n: met, median: spanWord(figures.median_wait_ms), p95: spanWord(figures.p95_wait_ms) };
  const rating = figures.rating_mean === null ? "–" : number(figures.rating_mean, locale.value, 1);
  return html`
    ${tile("service_level", share(figures.service_level),
      t("tile.service_level_text", { n: figures.met_in_time, time: spanWord(live.service_level_ms) }))}
    ${tile("assistant", share(opened ? answered / opened : null), t("tile.assistant_text", { part: answered, n: opened }))}
    ${tile("requests", count(figures.human_requests), met ? t("tile.requests_text", waits) : t("tile.requests_none"))}
    ${tile("rating", rating, t("tile.rating_text", { n: ratings }))}
    ${tile("recontacts", count(figures.recontacts), t("tile.recontacts_text"))}`;
}

/* --- who waits, who is served ------------------------------------------------------------------- */

const isOpen = (row) => place.value.conversation === row.conversation;

/* The link in a row fills all of it. */
export const rowKind = (row) => (isOpen(row) ? "opens chosen" : "opens");

/* The customer's name, which opens the conversation beside `page`. */
export function openLink(page, row) {
  return html`<a class="row-link" href=${address(page, row.conversation)} aria-current=${isOpen(row) ? "true" : nothing}>
    ${customerName(row.name, row.customer)}</a>`;
}

function panel({ id, rows, empty, columns }) {
  const title = t(`board.${id}`);
  const named = columns.map(({ name, ...column }) => ({ head: t(`column.${name}`), ...column }));
  return html`<section class="panel card" aria-labelledby=${id}>
    <h3 id=${id}>${title} <span class="count">${rows.length}</span></h3>
    ${rows.length ? table({ label: title, columns: named, rows, key: (row) => row.conversation, kind: rowKind, cards: true })
      : html`<p class="panel-empty muted">${t(empty)}</p>`}
  </section>`;
}

const faint = (text) => html`<span class="muted">${text}</span>`;
const topic = (row) => topicName(row.topic) || faint(t("board.no_topic"));

function waitingTable(rows) {
  const offeredTo = (row) =>
    (row.offered_to ? agentsById.value.get(row.offered_to)?.name ?? t("author.agent") : faint(t("board.not_offered")));
  const who = (row) => html`${openLink("board", row)}
    ${row.appointment ? badge("info", "calendar", t("board.promise", { n: row.appointment })) : nothing}
    ${row.recontact ? badge("warn", "flag", t("column.recontact")) : nothing}`;
  return panel({
    id: "waiting", rows, empty: "board.nobody_waits",
    columns: [
      { name: "place", kind: "figures", cell: (row) => row.place },
      { name: "customer", names: true, cell: who },
      { name: "topic", cell: (row) => html`<span>${topic(row)}<span class="under">${languageWord(row.language)}</span></span>` },
      { name: "waited", kind: "figures", cell: (row) => watch(() => stopwatch(clock.value - row.wait_from)) },
      { name: "estimate", cell: (row) => estimateWord(row.low_ms, row.high_ms) },
      { name: "offered_to", cell: offeredTo },
    ],
  });
}

function activeTable(rows) {
  return panel({
    id: "active", rows, empty: "board.nobody_served",
    columns: [
      { name: "customer", names: true, cell: (row) => openLink("board", row) },
      { name: "topic", cell: topic },
      { name: "agent", cell: (row) => row.agent_name },
      { name: "last", cell: (row) => (row.last_at ? shortTime(row.last_at, locale.value) : "–") },
      { name: "open_for", kind: "figures", cell: (row) => watch(() => spanWord(clock.value - row.opened_at)) },
    ],
  });
}
