/* learned.js - what the assistant learned from people: who confirmed it, when, in which conversation; and
 * the last word on it. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { get } from "../lib/api.js";
import { computed, signal } from "../lib/store.js";
import { dayAndTime } from "../lib/time.js";
import { badge, button, select, table } from "../staff/parts.js";
import { command } from "../staff/session.js";
import { notify } from "../staff/settings.js";
import { language, languageWord, locale, refusalWord, t } from "../staff/words.js";
import { address } from "./actions.js";

const STATES = ["", "unreviewed", "approved", "revoked"];
const FRESH_MS = 500;

const found = signal(null); /* {paraphrases, in_use} */
const filter = signal("");
const most = signal(100); /* rows that are shown */

const MORE = 200;

const stateOf = (one) => (one.state === "revoked" ? "revoked" : one.reviewed_at ? "approved" : "unreviewed");

const rows = computed(() => (found.value?.paraphrases ?? []).toReversed().filter((one) => !filter.value || stateOf(one) === filter.value));

export async function readLearned() {
  try {
    found.value = await get("/v1/paraphrases", { language: language.value });
  } catch (refusal) {
    notify(refusalWord(refusal), "bad");
  }
}

/* Events come before the assistant has learned, and the signal when it has: both mean reading again. */
let asked = 0;

export function learnedSoon() {
  if (!found.value) return;
  clearTimeout(asked);
  asked = setTimeout(readLearned, FRESH_MS);
}

export function forgetLearned() {
  found.value = null;
}

const review = (one, verb) => command(`/v1/paraphrases/${one.paraphrase}/${verb}`, {}, (refusal) => notify(refusalWord(refusal), "bad"));

export function learnedPage() {
  if (!found.value) return html`<p class="reading muted" role="status">${t("history.reading")}</p>`;
  return html`<div class="learned-page">
    <div class="spread"><h2>${t("learned.title")}</h2>
      <p class="badge accent" role="status">${t("learned.in_use", { n: found.value.in_use })}</p></div>
    <p class="muted">${t("learned.text")}</p>
    ${found.value.paraphrases.length ? list() : html`<div class="card panel"><p class="panel-empty muted">${t("learned.none")}</p></div>`}</div>`;
}

function list() {
  return html`<form class="filters" @submit=${(event) => event.preventDefault()}>
      ${select({ id: "learned-filter", label: t("learned.show"), value: filter.value, options: STATES,
        word: (name) => t(`learned.filter.${name}`), change: (value) => { filter.value = value; } })}</form>
    <div class="card panel">${table({ label: t("learned.wordings"), columns: columns(), rows: rows.value.slice(0, most.value), key: (one) => one.paraphrase,
      kind: stateOf, cards: true })}
      ${rows.value.length > most.value
        ? html`<p class="more">${button({ text: t("conversations.more"), kind: "small", act: () => { most.value += MORE; } })}</p>` : nothing}</div>`;
}

function columns() {
  const cells = {
    wording: (one) => html`<span lang=${one.language}>${one.wording}</span> <span class="under">${languageWord(one.language)}</span>`,
    about: (one) => html`${one.title || one.topic || one.article}
      ${one.article ? badge("", "note", t("asked.article")) : nothing}
      ${one.known ? nothing : badge("warn", "alert", t("learned.gone"))}`,
    confirmed: (one) => html`${one.agent_name || "–"}<span class="under">${dayAndTime(one.learned_at, locale.value)}</span>`,
    from: (one) => html`<a href=${address("learned", one.conversation)}>${one.conversation}</a>`,
    state,
    version: (one) => one.version,
  };
  const made = Object.entries(cells).map(([name, cell]) => ({ head: t(`column.${name}`), cell, names: name === "wording", kind: name === "version" ? "figures" : undefined }));
  return [...made, { head: t("column.review"), cell: choices, quiet: true }];
}

function state(one) {
  const kinds = { unreviewed: ["info", "waiting"], approved: ["good", "accept"], revoked: ["bad", "close"] };
  const name = stateOf(one);
  return html`${badge(...kinds[name], t(`learned.state.${name}`, { name: one.reviewer_name }))}
    ${one.reviewed_at ? html`<span class="under">${dayAndTime(one.reviewed_at, locale.value)}</span>` : nothing}`;
}

function choices(one) {
  const choice = (verb, kind) => html`<button class="button small ${kind}" type="button" aria-label=${t("learned.which", { what: t(`learned.${verb}`), wording: one.wording })}
    @click=${() => review(one, verb)}>${t(`learned.${verb}`)}</button>`;
  const name = stateOf(one);
  return html`<span class="row">${name === "approved" ? nothing : choice("approve", "")}${name === "revoked" ? nothing : choice("revoke", "")}</span>`;
}
