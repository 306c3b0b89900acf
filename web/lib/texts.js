/* texts.js - words in the reader's language, from one table: {key: {en: "…", sv: "…"}}. {name} in a
 * text is filled in; a pair ["one", "{n} of many"] is chosen by n. */
import { computed } from "/vendor/signals.js";
import { kept } from "./store.js";

export const LANGUAGES = ["en", "sv"];

const preferred = () => navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.includes(tag)) ?? "en";

export const language = kept("language", preferred(), (found) => (LANGUAGES.includes(found) ? found : "en"));

/* For dates and numbers: the reader's own form of the language, such as en-GB. */
export const locale = computed(() =>
  navigator.languages.find((tag) => tag.slice(0, 2) === language.value) ?? (language.value === "en" ? "en-GB" : language.value));

export function speaker(table) {
  return function t(key, values = {}) {
    const entry = table[key];
    if (!entry) return key;
    let text = entry[language.value] ?? entry.en;
    if (Array.isArray(text)) text = values.n === 1 ? text[0] : text[1];
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  };
}
