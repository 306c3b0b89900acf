/* learned.js - what the assistant learned from people: who confirmed it, when, in which conversation; and
 * the last word on it. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { get } from "../lib/api.js";
import { signal } from "../lib/store.js";
import { dayAndTime } from "../lib/time.js";
import { badge, button, select, table } from "../staff/parts.js";
import { edited } from "../staff/why.js";
import { command } from "../staff/session.js";
import { notify } from "../staff/settings.js";
import { language, languageWord, locale, refusalWord, t } from "../staff/words.js";
import { address } from "./actions.js";

const STATES = ["", "unreviewed", "approved", "revoked"];
const FRESH_MS = 500;

const PAGE = 100;

const found = signal(null); /* {paraphrases, more, in_use}, the newest first */
const filter = signal("");

const stateOf = (one) => (one.state === "revoked" ? "revoked" : one.reviewed_at ? "approved" : "unreviewed");

const ask = (more) => get("/v1/paraphrases", { language: language.value, ...(filter.value && { state: filter.value }), limit: PAGE, ...more });

/* What was asked for last is what is shown, whatever comes back first. */
let turn = 0;

async function show(read) {
  const mine = ++turn;
  try {
    const answer = await read();
    if (mine === turn) found.value = answer;
  } catch (refusal) {
    if (mine === turn) notify(refusalWord(refusal), "bad");
  }
}

/* As many as are shown already, or the first page. */
export const readLearned = () => show(async () => {
  const most = found.value?.paraphrases.length ?? 0;
  let answer = await ask();
  while (answer.more && answer.paraphrases.length < most) answer = behind(answer, await ask({ before: answer.paraphrases.at(-1).paraphrase }));
  return answer;
});

const behind = (page, next) => ({ ...next, paraphrases: [...page.paraphrases, ...next.paraphrases] });

const readMore = () => show(async () => behind(found.value, await ask({ before: found.value.paraphrases.at(-1).paraphrase })));

function choose(state) {
  filter.value = state;
  show(ask);
}

/* Events come before the assistant has learned, and the signal when it has: both mean reading again. */
let asked = 0;

export function learnedSoon() {
  if (!found.value) return;
  clearTimeout(asked);
  asked = setTimeout(readLearned, FRESH_MS);
}

export function forgetLearned() {
  turn++;
  found.value = null;
}

const review = (one, verb) => command(`/v1/paraphrases/${one.paraphrase}/${verb}`, {}, (refusal) => notify(refusalWord(refusal), "bad"));

export function learnedPage() {
  if (!found.value) return html`<p class="reading muted" role="status">${t("history.reading")}</p>`;
  return html`<div class="learned-page">
    <div class="spread"><h2>${t("learned.title")}</h2>
      <p class="badge accent" role="status">${t("learned.in_use", { n: found.value.in_use })}</p></div>
    <p class="muted">${t("learned.text")}</p>
    ${found.value.paraphrases.length || filter.value ? list() : html`<div class="card panel"><p class="panel-empty muted">${t("learned.none")}</p></div>`}</div>`;
}

function list() {
  return html`<form class="filters" @submit=${(event) => event.preventDefault()}>
      ${select({ id: "learned-filter", label: t("learned.show"), value: filter.value, options: STATES,
        word: (name) => t(`learned.filter.${name}`), change: choose })}</form>
    <div class="card panel">${!found.value.paraphrases.length ? html`<p class="panel-empty muted" role="status">${t("learned.none_such")}</p>` : table({ label: t("learned.wordings"), columns: columns(), rows: found.value.paraphrases, key: (one) => one.paraphrase,
      kind: stateOf, cards: true })}
      ${found.value.more ? html`<p class="more">${button({ text: t("conversations.more"), kind: "small", act: readMore })}</p>` : nothing}</div>`;
}

function columns() {
  const cells = {
    wording: (one) => html`<span lang=${one.language} dir="auto">${one.wording}</span> <span class="under">${languageWord(one.language)}</span>`,
    about: (one) => html`${about(one)}
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

function about({ topic, article, title, known }) {
  const name = topic || article, shown = title || name;
  return known ? edited(article ? "article" : "topic", name, shown) : shown;
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
