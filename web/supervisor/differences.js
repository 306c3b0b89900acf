/* differences.js - two texts and what differs between them, drawn. A pure template. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { t } from "../staff/words.js";
import { hunks } from "./diff.js";

const LINES_MAX = 400; /* of one pair of texts */
const SIGNS = { same: " ", gone: "−", come: "+" };

function line({ kind, text, line: number }) {
  const words = html`<span class="difference-line">${text || "\u00a0"}</span>`;
  const spoken = kind === "same" ? nothing : html`<span class="hidden-text">${t(`difference.${kind}`)}</span>`;
  return html`<li class=${kind}><span class="difference-number" aria-hidden="true">${number}</span>
    <span class="difference-sign" aria-hidden="true">${SIGNS[kind]}</span>${spoken}
    ${kind === "gone" ? html`<del>${words}</del>` : kind === "come" ? html`<ins>${words}</ins>` : words}</li>`;
}

export function differences(before, after) {
  const groups = hunks(before, after);
  if (!groups.length) return html`<p class="muted small-text">${t("difference.none")}</p>`;
  let room = LINES_MAX;
  const shown = [];
  for (const group of groups) {
    if (room <= 0) break;
    shown.push(group.slice(0, room));
    room -= group.length;
  }
  return html`<div class="difference-frame" dir="auto" tabindex="0" role="group" aria-label=${t("difference.label")}>
    ${shown.map((group) => html`<ol class="difference">${group.map(line)}</ol>`)}
    ${room < 0 || shown.length < groups.length ? html`<p class="muted small-text">${t("difference.more")}</p>` : nothing}</div>`;
}
