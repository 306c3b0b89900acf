/* charts.js - the day as lines (uPlot), each chart with a sentence and a table that say the same. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { AsyncDirective } from "/vendor/lit-html/async-directive.js";
import { directive } from "/vendor/lit-html/directive.js";
import uPlot from "/vendor/uplot.js";
import { clockTime, iso, number, stopwatch } from "../lib/time.js";
import { table } from "../staff/parts.js";
import { theme } from "../staff/settings.js";
import { locale, spanWord, t } from "../staff/words.js";

const HEIGHT = 190;
const ROWS_LEAST = 8; /* two hours */
const POINTS_UP_TO = 24; /* rows: a few stand as points, too, so that a single one can be seen */
const DASHES = [undefined, [6, 4], [2, 3]]; /* lines differ without colour, too */

/* A canvas cannot read light-dark(): an element with the colour says what it is now. */
function colour(element, name) {
  const probe = document.createElement("i");
  probe.style.setProperty("color", `var(${name})`);
  element.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

class Plot extends AsyncDirective {
  render() {
    return nothing;
  }

  update(part, [spec]) {
    this.element = part.element;
    this.spec = spec;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const looks = [spec.language, spec.theme, dark, ...spec.lines.map((line) => line.label)].join();
    queueMicrotask(() => {
      if (!this.element.isConnected) return;
      if (this.looks !== looks) this.make(looks);
      else this.plot.setData(this.data());
    });
  }

  data() {
    const { rows, lines } = this.spec;
    return [rows.map((row) => row.at / 1000), ...lines.map((line) => rows.map(line.value))];
  }

  make(looks) {
    this.disconnected();
    this.looks = looks;
    const { lines, unit, tick, language } = this.spec;
    const axis = {
      stroke: colour(this.element, "--ink-soft"), grid: { stroke: colour(this.element, "--line"), width: 1 },
      ticks: { show: false }, font: "12px system-ui, sans-serif",
    };
    const time = (second) => clockTime(second * 1000, language);
    const few = () => this.spec.rows.length <= POINTS_UP_TO;
    this.plot = new uPlot({
      width: Math.max(200, this.element.clientWidth), height: HEIGHT,
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      legend: { live: true },
      scales: { y: { range: (plot, low, high) => [0, Math.max(high * 1.1, this.spec.least)] } },
      axes: [{ ...axis, space: 72, values: (plot, at) => at.map(time) }, { ...axis, size: 44, values: (plot, values) => values.map(tick) }],
      series: [
        { label: t("chart.time"), value: (plot, second) => (second === null ? "" : time(second)) },
        ...lines.map((line, i) => ({
          label: line.label, stroke: colour(this.element, line.colour), width: 2, dash: DASHES[i], spanGaps: true,
          points: { show: few, size: 7 },
          value: (plot, value) => (value === null ? "" : unit(value)),
        })),
      ],
    }, this.data(), this.element);
    this.watcher = new ResizeObserver(() => this.plot.setSize({ width: Math.max(200, this.element.clientWidth), height: HEIGHT }));
    this.watcher.observe(this.element);
  }

  disconnected() {
    this.watcher?.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
    this.looks = undefined;
  }
}

const plot = directive(Plot);

function figure({ title, summary, rows, lines, unit, tick = unit, least }) {
  const spec = { rows, lines, unit, tick, least, language: locale.value, theme: theme.value };
  const told = rows.filter((row) => lines.some((line) => line.value(row)));
  const columns = [
    { head: t("chart.time"), names: true, cell: (row) => html`<time datetime=${iso(row.at)}>${clockTime(row.at, locale.value)}</time>` },
    ...lines.map(({ label, value }) => ({ head: label, kind: "figures", cell: (row) => (value(row) === null ? "–" : unit(value(row))) })),
  ];
  return html`<figure class="chart card">
    <figcaption><h3>${title}</h3><p class="muted">${summary}</p></figcaption>
    ${rows.length ? html`<div class="plot" aria-hidden="true" ${plot(spec)}></div>` : nothing}
    <details><summary>${t("chart.as_table")}</summary>
      ${table({ label: title, columns, rows: told, key: (row) => row.at })}</details>
  </figure>`;
}

/* The day from a little before its first conversation: the night is empty. */
function sinceFirst(series) {
  const first = series.findIndex((row) => row.opened || row.requests);
  return first < 0 ? [] : series.slice(Math.max(0, Math.min(first - 1, series.length - ROWS_LEAST)));
}

const count = (value) => number(value, locale.value);

export function charts(figures) {
  const rows = sinceFirst(figures.series ?? []);
  return html`<section class="charts" aria-label=${t("chart.title")}>${conversationChart(figures, rows)}${waitChart(figures, rows)}</section>`;
}

const most = (rows, value) => rows.reduce((best, row) => (value(row) > (best ? value(best) : 0) ? row : best), null);
const at = (row) => clockTime(row.at, locale.value);

function conversationChart(figures, rows) {
  const busiest = most(rows, (row) => row.opened);
  return figure({
    title: t("chart.conversations"), rows, unit: count, least: 4,
    summary: busiest ? t("chart.conversations_text", {
      n: figures.opened, requests: figures.human_requests, met: figures.met, time: at(busiest),
    }) : t("chart.nothing"),
    lines: [
      { label: t("chart.opened"), colour: "--plot-1", value: (row) => row.opened },
      { label: t("chart.requests"), colour: "--plot-2", value: (row) => row.requests },
      { label: t("chart.met"), colour: "--plot-3", value: (row) => row.met },
    ],
  });
}

function waitChart(figures, rows) {
  const wait = (row) => (row.met ? row.wait_ms : null);
  const slowest = most(rows, wait);
  return figure({
    title: t("chart.waits"), rows, unit: spanWord, tick: stopwatch, least: 60000,
    summary: slowest ? t("chart.waits_text", {
      median: spanWord(figures.median_wait_ms), p95: spanWord(figures.p95_wait_ms), time: at(slowest), longest: spanWord(slowest.wait_ms),
    }) : t("chart.nothing"),
    lines: [{ label: t("chart.wait"), colour: "--plot-4", value: wait }],
  });
}
