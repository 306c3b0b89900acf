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

/* topic -> language -> title, as the workspace has them. */
const topics = signal(new Map());

export function learnTopics(rows = []) {
  topics.value = new Map(rows.map(({ topic, titles }) => [topic, new Map(titles.map((one) => [one.language, one.title]))]));
}

/* A topic's title in the page's language; else its name, as of other tags. */
export function topicName(topic) {
  return topics.value.get(topic)?.get(language.value) ?? tagName(topic);
}

/* A topic, skill or disposition of the workspace, such as refund-status: it has no other name here. */
export function tagName(tag) {
  const words = (tag ?? "").replace(/[-_]+/g, " ").trim();
  return words && words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

export function tagNames(list) {
  return (list ?? []).map(tagName).join(", ");
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
