/* charts.js - the day as lines (uPlot), each chart with a sentence and a table that say the same. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { AsyncDirective } from "/vendor/lit-html/async-directive.js";
import { directive } from "/vendor/lit-html/directive.js";
import uPlot from "/vendor/uplot.js";
import { clockTime, iso, number, stopwatch } from "../lib/time.js";
import { theme } from "../staff/settings.js";
import { locale, spanWord, t } from "../staff/words.js";

const HEIGHT = 190;
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
    const looks = [spec.language, spec.theme, matchMedia("(prefers-color-scheme: dark)").matches, spec.lines.map((line) => line.label)].join();
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
    const axis = { stroke: colour(this.element, "--ink-soft"), grid: { stroke: colour(this.element, "--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    this.plot = new uPlot({
      width: Math.max(200, this.element.clientWidth), height: HEIGHT,
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      legend: { live: true },
      scales: { y: { range: (plot, low, high) => [0, Math.max(high * 1.1, this.spec.least)] } },
      axes: [{ ...axis, values: (plot, at) => at.map((second) => clockTime(second * 1000, language)) }, { ...axis, size: 44, values: (plot, values) => values.map(tick) }],
      series: [
        { label: t("chart.time"), value: (plot, second) => (second === null ? "–" : clockTime(second * 1000, language)) },
        ...lines.map((line, i) => ({
          label: line.label, stroke: colour(this.element, line.colour), width: 2, dash: DASHES[i], spanGaps: true, points: { show: false },
          value: (plot, value) => (value === null ? "–" : unit(value)),
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
  return html`<figure class="chart card">
    <figcaption><h3>${title}</h3><p class="muted">${summary}</p></figcaption>
    ${rows.length ? html`<div class="plot" aria-hidden="true" ${plot(spec)}></div>` : nothing}
    <details><summary>${t("chart.as_table")}</summary>
      <div class="table-frame" tabindex="0" role="group" aria-label=${title}><table>
        <thead><tr><th scope="col">${t("chart.time")}</th>${lines.map((line) => html`<th scope="col" class="figures">${line.label}</th>`)}</tr></thead>
        <tbody>${told.map((row) => html`<tr><th scope="row"><time datetime=${iso(row.at)}>${clockTime(row.at, locale.value)}</time></th>
          ${lines.map((line) => html`<td class="figures">${line.value(row) === null ? "–" : unit(line.value(row))}</td>`)}</tr>`)}</tbody>
      </table></div></details>
  </figure>`;
}

const count = (value) => number(value, locale.value);

export function charts(figures) {
  const rows = figures.series ?? [];
  const busiest = rows.reduce((most, row) => (row.opened > (most?.opened ?? 0) ? row : most), null);
  const slowest = rows.reduce((most, row) => (row.met && row.wait_ms > (most?.wait_ms ?? 0) ? row : most), null);
  return html`<section class="charts" aria-label=${t("chart.title")}>
    ${figure({
      title: t("chart.conversations"), rows, unit: count, least: 4,
      summary: busiest ? t("chart.conversations_text", { n: figures.opened, requests: figures.human_requests, met: figures.met, time: clockTime(busiest.at, locale.value) }) : t("chart.nothing"),
      lines: [
        { label: t("chart.opened"), colour: "--plot-1", value: (row) => row.opened },
        { label: t("chart.requests"), colour: "--plot-2", value: (row) => row.requests },
        { label: t("chart.met"), colour: "--plot-3", value: (row) => row.met },
      ],
    })}
    ${figure({
      title: t("chart.waits"), rows, unit: spanWord, tick: stopwatch, least: 60000,
      summary: slowest ? t("chart.waits_text", { median: spanWord(figures.median_wait_ms), p95: spanWord(figures.p95_wait_ms), time: clockTime(slowest.at, locale.value), longest: spanWord(slowest.wait_ms) }) : t("chart.nothing"),
      lines: [{ label: t("chart.wait"), colour: "--plot-4", value: (row) => (row.met ? row.wait_ms : null) }],
    })}
  </section>`;
}
