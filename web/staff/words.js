/* words.js - the staff pages' words: t() on their table, and names for what the server calls by tag. */
import { signal } from "../lib/store.js";
import { language, locale, speaker } from "../lib/texts.js";
import { languageName, span } from "../lib/time.js";
import { ASSISTANT_TEXTS } from "../texts/assistant.js";
import { STAFF_TEXTS } from "../texts/staff.js";

export { language, locale } from "../lib/texts.js";

const TEXTS = { ...STAFF_TEXTS, ...ASSISTANT_TEXTS };

export const t = speaker(TEXTS);

const has = (key) => key in TEXTS;

/* "kind name" -> language -> title, as the workspace has them. */
const known = signal(new Map());

export function learnTitles(rows = []) {
  known.value = new Map(rows.map(({ kind, name, titles }) => [`${kind} ${name}`, new Map(titles.map((one) => [one.language, one.title]))]));
}

/* What the workspace calls it, in the page's language or in its own first one. */
function titled(kind, name) {
  const titles = known.value.get(`${kind} ${name}`);
  return titles?.get(language.value) ?? titles?.values().next().value;
}

/* A name of the workspace that has no title, such as refund-status. */
export function tagName(tag) {
  const words = (tag ?? "").replace(/[-_]+/g, " ").trim();
  return words && words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

const namer = (kind, otherwise = tagName) => (name) => titled(kind, name) ?? otherwise(name);

export const topicName = namer("topic");
export const articleName = namer("article");
export const actionName = namer("action");
export const skillName = namer("label");
export const dispositionName = namer("label", (name) => wordFor("disposition", name));

export function skillNames(list) {
  return (list ?? []).map(skillName).join(", ");
}

export function languageWord(code) {
  return languageName(code, language.value);
}

export function languageWords(list) {
  return (list ?? []).map(languageWord).join(", ");
}

export function spanWord(ms) {
  return span(ms, locale.value);
}

/* An estimate of the server's: -1 means that nobody is there. */
export function estimateWord(lowMs, highMs) {
  if (lowMs < 0 || highMs < 0) return t("estimate.none");
  const low = Math.round(lowMs / 60000), high = Math.max(1, Math.ceil(highMs / 60000));
  if (low === 0) return t("estimate.up_to", { n: high });
  return low >= high ? t("estimate.about", { n: high }) : t("estimate.range", { low, n: high });
}

/* What the server refused, in the reader's language; its own sentence if there is none here. */
export function refusalWord(refusal) {
  const key = `refused.${refusal.code}`;
  return has(key) ? t(key) : refusal.message || t("refused.internal");
}

export function wordFor(group, tag) {
  const key = `${group}.${tag}`;
  return has(key) ? t(key) : tagName(tag);
}

export function customerName(name, customer) {
  return name || t("customer.anonymous", { n: customer });
}
