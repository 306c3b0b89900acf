/* why.js - why the assistant decided as it did: what assistant.decided says, in words, folded away
 * under each of its messages. For administrators topics and articles lead to the editor. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { icon } from "../lib/icons.js";
import { number, percent } from "../lib/time.js";
import { me } from "./session.js";
import { actionName, articleName, languageWord, locale, t, topicName, wordFor } from "./words.js";

const VERSION_SHOWN = 8; /* digits of the digest: enough to tell versions apart */

const LEAST_SHOWN = 0.005; /* less would read as 0 % */

/* decided: the event; actions: the action.finished events of its turn. */
export function why(decided, actions = []) {
  const explained = decided.explanation ?? {};
  return html`<details class="why">
    <summary>${icon("help")}${t(decided.decision === "hand_over" ? "why.open_hand_over" : "why.open")}</summary>
    <dl class="facts">
      ${fact("decision", decision(decided))}
      ${fact("way", explained.path && wordFor("way", explained.path))}
      ${fact("topic", decided.topic && edited("topic", decided.topic, topicName(decided.topic)))}
      ${fact("confidence", confidence(decided, explained))}
      ${fact(decided.topic ? "likely" : "likeliest", likely(decided, explained.intents ?? []))}
      ${fact("passages", passages(explained.passages ?? []))}
      ${fact("check", check(explained))}
      ${fact("model", model(decided, explained))}
      ${fact("heard", (explained.heard ?? []).map((kind) => wordFor("heard", kind)).join(", "))}
      ${fact("actions", list(actions.map((event) => `${actionName(event.action)}: ${wordFor("outcome", event.outcome)}`)))}
      ${fact("language", spoken(explained))}
      ${fact("version", version(explained))}
    </dl></details>`;
}

const fact = (name, value) => (value && value !== nothing ? html`<div><dt>${t(`why.${name}`)}</dt><dd>${value}</dd></div>` : nothing);

export function edited(kind, name, title) {
  return me.value?.role === "administrator" ? html`<a href="/supervisor#/knowledge/${kind}/${name}">${title}</a>` : title;
}

const list = (items) => (items.length ? html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>` : nothing);

function decision({ decision: what, reason, failed }) {
  const word = t(`decision.${what}`);
  if (what === "hand_over") return reason ? html`${word}<br>${wordFor("via", reason)}` : word;
  return failed ? t("why.not_helped", { decision: word }) : word;
}

const thousandths = (value) => percent(value / 1000, locale.value);

/* What the words say about their topic; a passage or a flow has a confidence of its own. */
function confidence(decided, { threshold }) {
  const reached = decided.confidence ?? 0;
  if (!threshold) return nothing;
  const words = t("why.enough", { part: thousandths(reached), least: thousandths(threshold) });
  return html`<svg class="confidence ${reached >= threshold ? "enough" : "short"}" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="ground" width="1000" height="40"/><rect class="reached" width=${reached} height="40"/>
      <rect class="least" x=${Math.min(threshold, 992)} width="8" height="40"/></svg>${words}`;
}

function likely(decided, intents) {
  return list(intents.filter(({ topic, probability }) => topic !== decided.topic && probability >= LEAST_SHOWN)
    .map(({ topic, probability }) => html`${edited("topic", topic, topicName(topic))}: ${percent(probability, locale.value)}`));
}

function passages(found) {
  return list(found.map(({ article, heading, score, coverage }) => html`${edited("article", article, articleName(article))}${heading ? ` – ${heading}` : ""}:
    ${t("why.passage", { part: percent(coverage, locale.value), score: number(score, locale.value, 2) })}`));
}

function check({ check: result, refused_by_check: text }) {
  return result === undefined ? nothing : t(`why.check.${result}`, { text });
}

/* A language model's part in it, if there was one: what it did, with which prompt, or why it was not used. What it wrote itself
 * is in nobody's sight. */
function model({ made_by: made = "", model: name, prompt, fallback }, { model_objection: text }) {
  if (!name && !fallback) return nothing;
  const used = made && made !== "embedded", shown = { model: name ?? t("why.model") };
  const part = used ? t(`why.model.${made.replace(",", "_")}`, shown) : t("why.model.unused", { ...shown, why: wordFor("fallback", fallback) });
  return html`${part}${prompt ? html`<br>${prompt}` : nothing}${text && !used ? html`<br>${text}` : nothing}`;
}

function spoken({ language, foreign_language: foreign }) {
  if (!language) return nothing;
  return foreign ? t("why.foreign", { found: languageWord(foreign), answer: languageWord(language) }) : languageWord(language);
}

function version({ version: digest, learned }) {
  if (!digest) return nothing;
  const short = digest.slice(0, VERSION_SHOWN);
  return html`<span title=${digest}>${learned ? t("why.learned", { version: short, n: learned }) : short}</span>`;
}
