/* knowledge_page.js - the editor of topics and articles: the list, the text with what is wrong in it, how it
 * would look, what it would change. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { live } from "/vendor/lit-html/directives/live.js";
import { keyed } from "/vendor/lit-html/directives/keyed.js";
import { icon } from "../lib/icons.js";
import { markdown } from "../lib/markdown.js";
import { kept, signal } from "../lib/store.js";
import { percent } from "../lib/time.js";
import { modal, wishForm } from "../staff/dialogs.js";
import { badge, button, iconLink, select } from "../staff/parts.js";
import { why } from "../staff/why.js";
import { language, languageWord, locale, t, tagName, topicName } from "../staff/words.js";
import { address } from "./actions.js";
import { differences } from "./differences.js";
import { withExample } from "./examples.js";
import {
  begin, checked, compare, comparison, conflict, content, discard, draft, drafts, edit, file, filter, isChanged, isUnkept, keyOf,
  publish, publishing, readVersions, remove, settle, text, trial, tryOut, version,
} from "./knowledge.js";
import { dialog, languages } from "./store.js";
import { restoreDialog, versionList, versionPane } from "./versions_page.js";

const KINDS = ["topic", "article", "versions"];
const PROBLEMS_SHOWN = 20;
const ASPECTS = ["preview", "try", "compare"];

const shown = kept("knowledge-kind", "topic", (found) => (KINDS.includes(found) ? found : "topic"));
const aspect = signal("preview");
const spoken = signal(""); /* the language that the preview shows */

export const fileAddress = ({ kind, name }) => `#/knowledge/${kind}/${name}`;

export function knowledgePage() {
  if (!content.value) return html`<p class="reading muted" role="status">${t("history.reading")}</p>`;
  return html`<div class="knowledge-page ${file.value || version.value ? "has-file" : ""}">
    ${list()}${file.value ? editor() : version.value ? versionPane() : html`<div class="knowledge-none card">${icon("note")}<h3>${t("knowledge.choose")}</h3>
      <p class="muted">${t("knowledge.choose_text")}</p></div>`}</div>`;
}

function segmented(name, values, value, words, change) {
  return html`<fieldset class="segmented"><legend class="hidden-text">${t(`knowledge.${name}`)}</legend>
    ${values.map((one) => html`<label><input type="radio" name=${name} .checked=${live(one === value)} @change=${() => change(one)}>
      <span>${words(one)}</span></label>`)}</fieldset>`;
}

/* --- the list ----------------------------------------------------------------------------------- */

function list() {
  const kind = shown.value;
  return html`<section class="knowledge-list" aria-labelledby="knowledge-title">
    <div class="spread"><h2 id="knowledge-title">${t("knowledge.title")}</h2>
      ${kind === "versions" ? nothing : button({ text: t(`knowledge.new_${kind}`), picture: "note", kind: "small", act: () => { dialog.value = `new ${kind}`; } })}</div>
    ${segmented("kind", KINDS, kind, (one) => t(`knowledge.kind_${one}`), choose)}
    ${kind === "versions" ? versionList() : files(kind)}</section>`;
}

function choose(kind) {
  shown.value = kind;
  if (kind === "versions") readVersions();
}

function files(kind) {
  const wanted = filter.value.trim().toLocaleLowerCase();
  const there = content.value[`${kind}s`];
  const unpublished = Object.keys(drafts.value).filter((key) => key.startsWith(`${kind}/`)).map((key) => key.slice(kind.length + 1))
    .filter((name) => !there.some((one) => one.name === name)).map((name) => ({ name, title: tagName(name), languages: [], fresh: true }));
  const rows = [...unpublished, ...there].filter(({ name, title }) => !wanted || `${name} ${title}`.toLocaleLowerCase().includes(wanted));
  return html`<div class="search knowledge-search">${icon("search")}
      <label class="hidden-text" for="knowledge-filter">${t("knowledge.search")}</label>
      <input id="knowledge-filter" class="input" type="search" maxlength="100" autocomplete="off" placeholder=${t("knowledge.search")}
        .value=${live(filter.value)} @input=${(event) => { filter.value = event.target.value; }}></div>
    <p class="muted small-text" role="status">${t("knowledge.count", { n: rows.length })}</p>
    <nav class="knowledge-files" aria-label=${t(`knowledge.kind_${kind}`)}><ul>${repeat(rows, (row) => row.name, (row) => fileRow(kind, row))}</ul></nav>`;
}

function fileRow(kind, { name, title, languages: spokenIn, examples, fresh }) {
  const open = file.value?.kind === kind && file.value?.name === name;
  const isDraft = drafts.value[`${kind}/${name}`];
  const facts = fresh ? t("knowledge.unpublished")
    : [examples ? t(`knowledge.examples_${kind}`, { n: examples }) : "", spokenIn.join(", ")].filter(Boolean).join(" · ");
  return html`<li><a class="knowledge-row" href=${fileAddress({ kind, name })} aria-current=${open ? "true" : nothing}>
    <span class="row-name">${title}</span>${isDraft ? badge("warn", "note", t("knowledge.draft")) : nothing}
    <span class="under">${name} · ${facts}</span></a></li>`;
}

/* --- the text ----------------------------------------------------------------------------------- */

/* As the draft has it in the reader's language, else as the list has it. */
function titleOf({ kind, name }) {
  const views = checked.value.preview;
  return (views.find((view) => view.language === language.value) ?? views[0])?.title
    || content.value[`${kind}s`].find((one) => one.name === name)?.title || tagName(name);
}

function editor() {
  const { name, kind, file: path } = file.value;
  const mistakes = checked.value.problems.length;
  const title = titleOf(file.value);
  return html`<section class="knowledge-editor" aria-label=${t("knowledge.edit", { name: title })}>
    <header class="knowledge-head">
      ${iconLink({ text: t("knowledge.back"), picture: "back", href: "#/knowledge", kind: "only-narrow" })}
      <div class="conversation-title"><h2 tabindex="-1">${title}</h2><p>${path} · ${t(`knowledge.one_${kind}`)}</p></div>
      ${file.value.fresh ? nothing : button({ text: t("knowledge.remove"), kind: "small quiet", act: () => { dialog.value = "file-remove"; } })}
      ${isChanged.value ? button({ text: t("knowledge.discard"), kind: "small", act: () => { dialog.value = "discard"; } }) : nothing}
      ${button({ text: t(publishing.value ? "knowledge.publishing" : "knowledge.publish"), picture: "accept", kind: "small primary",
        off: !isChanged.value || mistakes > 0 || publishing.value || conflict.value, act: publish })}
    </header>
    ${conflict.value ? quicker() : isUnkept.value ? unkeptNotice() : nothing}
    <div class="knowledge-text">
      <label class="hidden-text" for="draft">${t("knowledge.text")}</label>
      ${keyed(keyOf(file.value), html`<textarea id="draft" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="draft-state"
        aria-invalid=${mistakes ? "true" : "false"} .value=${live(text.value)} @input=${(event) => edit(event.target.value)}></textarea>`)}
      ${problems()}
    </div>
    <div class="knowledge-side">
      ${segmented("aspect", ASPECTS, aspect.value, (one) => t(`knowledge.aspect_${one}`), (one) => { aspect.value = one; })}
      ${{ preview, try: trying, compare: comparing }[aspect.value]()}
    </div></section>`;
}

function unkeptNotice() {
  return html`<div class="pane-notice warn" role="alert">${icon("alert")}<span>${t("knowledge.unkept")}</span></div>`;
}

function quicker() {
  return html`<div class="pane-notice warn" role="alert">${icon("alert")}<span>${t(file.value.fresh ? "knowledge.removed_meanwhile" : "knowledge.quicker")}
    <span class="row">${button({ text: t("knowledge.take_theirs"), kind: "small", act: () => settle(false) })}
      ${button({ text: t("knowledge.keep_mine"), kind: "small", act: () => settle(true) })}</span></span></div>`;
}

function problems() {
  const { state: about, problems: found } = checked.value;
  const busy = about === "busy", failed = about === "failed" && !found.length;
  const state = busy ? t("knowledge.checking") : found.length ? t("knowledge.mistakes", { n: found.length })
    : t(failed ? "knowledge.unchecked" : isChanged.value ? "knowledge.no_mistakes" : "knowledge.as_published");
  const own = file.value.file;
  return html`<div class="knowledge-problems ${found.length ? "bad" : failed ? "unsure" : ""}">
    <p role="status"><span id="draft-state">${icon(busy ? "waiting" : found.length || failed ? "alert" : "accept")}${state}</span>
      ${isChanged.value && !isUnkept.value ? html`<span class="muted">${t("knowledge.kept_here")}</span>` : nothing}</p>
    ${found.length ? html`<ul>${found.slice(0, PROBLEMS_SHOWN).map(({ file: where, line, what, cure }) => html`<li>
      ${where === own && line ? html`<button class="button small quiet" type="button" @click=${() => goTo(line)}>${t("knowledge.line", { n: line })}</button>`
        : html`<code>${where}${line ? `:${line}` : ""}</code>`}
      <span>${sentence(what)} <span class="muted">${sentence(cure)}</span></span></li>`)}</ul>` : nothing}
    ${found.length > PROBLEMS_SHOWN ? html`<p class="muted">${t("knowledge.more_mistakes", { n: found.length - PROBLEMS_SHOWN })}</p>` : nothing}</div>`;
}

const sentence = (words) => words.charAt(0).toLocaleUpperCase() + words.slice(1) + (/[.?!]$/.test(words) ? "" : ".");

/* The line in the text, chosen and in sight: long lines are broken, so a copy of what is above it is measured. */
function goTo(line) {
  const area = document.getElementById("draft");
  const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = area.value.indexOf("\n", before);
  const copy = area.cloneNode();
  copy.removeAttribute("id");
  copy.style.cssText = `position: absolute; visibility: hidden; height: 0; min-height: 0; width: ${area.clientWidth}px`;
  area.after(copy);
  copy.value = area.value.slice(0, before);
  const above = copy.scrollHeight;
  copy.remove();
  area.focus();
  area.setSelectionRange(before, end < 0 ? area.value.length : end);
  area.scrollTop = Math.max(0, above - area.clientHeight / 3);
}

/* --- beside it ---------------------------------------------------------------------------------- */

function preview() {
  const views = checked.value.preview;
  if (!views.length) return html`<p class="muted small-text">${t("knowledge.no_preview")}</p>`;
  const codes = [...new Set(views.map((view) => view.language))];
  const code = [spoken.value, language.value].find((one) => codes.includes(one)) ?? codes[0];
  const part = (view) => html`${view.when ? html`<p class="preview-when">${t("knowledge.when", { when: view.when })}</p>` : nothing}
    <div class="preview-bubble" dir="auto">${markdown(withFields(view.markdown))}</div>`;
  const mine = views.filter((view) => view.language === code);
  return html`<div class="knowledge-preview">
    ${codes.length > 1 ? select({ id: "preview-language", label: t("details.language"), value: code, options: codes, word: languageWord,
      change: (one) => { spoken.value = one; } }) : nothing}
    <div class="preview-page" lang=${code} tabindex="0" role="group" aria-label=${t("knowledge.aspect_preview")}>
      <h3>${mine[0].title}</h3>
      ${file.value.kind === "article" ? html`<div class="preview-article">${markdown(mine[0].markdown)}</div>` : mine.map(part)}</div></div>`;
}

/* What an action's result will fill in, as a word in a frame; a part for each of several, in a line of its own. */
function withFields(markdownText) {
  return markdownText.replace(/\{\{#(\w+)\}\}/g, (whole, name) => `${t("knowledge.for_each", { name })}\n`)
    .replace(/\{\{\^(\w+)\}\}/g, (whole, name) => `${t("knowledge.without", { name })}\n`)
    .replace(/\n?\{\{\/\w+\}\}/g, "\n").replace(/\{\{(\w+)\}\}/g, "`$1`");
}

function trying() {
  const { question, language: code, busy, change } = trial.value;
  return html`<form class="stack" @submit=${(event) => { event.preventDefault(); tryOut(); }}>
      <p class="muted small-text">${t("knowledge.try_text")}</p>
      <div class="field"><label for="trial">${t("knowledge.question")}</label>
        <textarea id="trial" rows="2" maxlength="2000" .value=${live(question)}
          @input=${(event) => { trial.value = { ...trial.value, question: event.target.value }; }}
          @keydown=${(event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) event.preventDefault(), tryOut(); }}></textarea></div>
      <div class="spread">${select({ id: "trial-language", label: t("details.language"), value: code, options: ["", ...languages.value],
        word: (one) => (one ? languageWord(one) : t("knowledge.any_language")), change: (one) => { trial.value = { ...trial.value, language: one }; } })}
        <button class="button primary small" type="submit" ?disabled=${busy || !question.trim() || checked.value.problems.length > 0}>
          ${t(busy ? "knowledge.asking" : "knowledge.ask")}</button></div>${mendFirst()}</form>
    ${change ? addition(question, change.after) : nothing}
    <div role="status">${change ? html`${decided("knowledge.after", change.after)}${decided("knowledge.before", change.before)}` : nothing}</div>`;
}

/* What was asked becomes one of the draft's wordings, unless it is one or was understood as this topic. */
function addition(question, { topic, explanation }) {
  const { kind, name } = file.value;
  if (kind === "topic" && topic === name) return nothing;
  const to = trial.value.language || explanation?.language || languages.value[0];
  const added = withExample(text.value, kind === "topic" ? "examples" : "questions", to, question);
  if (added === null || added === text.value) return nothing;
  return html`<p>${button({ text: t(`knowledge.add_${kind}`, { language: languageWord(to) }), picture: "note", kind: "small", act: () => edit(added) })}</p>`;
}

const mendFirst = () => (checked.value.problems.length ? html`<p class="muted small-text">${t("knowledge.mend_first")}</p>` : nothing);

function decided(name, reply) {
  return html`<section class="decided" aria-label=${t(name)}><h3>${t(name)}</h3>
    <p>${outcome(reply)}</p>
    <div class="preview-bubble">${markdown(reply.text)}</div>
    ${reply.sources.length ? html`<p class="small-text muted">${t("message.sources")} ${reply.sources.map((source) => source.title).join(", ")}</p>` : nothing}
    ${why({ ...reply, explanation: reply.explanation })}</section>`;
}

function outcome({ decision, topic, confidence, failed }) {
  const kind = failed || decision === "hand_over" ? "warn" : "good";
  return html`${badge(kind, kind === "good" ? "accept" : "away", t(`decision.${decision}`))}
    <strong>${topicName(topic) || t("offer.no_topic")}</strong> <span class="muted small-text">${percent(confidence / 1000, locale.value)}</span>`;
}

function comparing() {
  const { busy, asked, changes } = comparison.value;
  return html`<section class="decided"><h3>${t("knowledge.in_text")}</h3>
      ${isChanged.value ? differences(file.value.text, text.value) : html`<p class="muted small-text">${t("knowledge.as_published")}</p>`}</section>
    <section class="decided"><h3>${t("knowledge.in_answers")}</h3>
    <p class="muted small-text">${t("knowledge.compare_text")}</p>
    ${button({ text: t(busy ? "knowledge.comparing" : "knowledge.compare"), kind: "small primary", off: busy || checked.value.problems.length > 0, act: compare })}
    ${mendFirst()}
    <div role="status">${changes ? html`<p><strong>${asked ? t("knowledge.differ", { n: changes.length, asked }) : t("knowledge.nothing_asked")}</strong></p>
      <ul class="differences">${changes.map(difference)}</ul>` : nothing}</div></section>`;
}

/* Where only the words are others, the words are shown. */
function difference({ conversation, text: said, before, after }) {
  const sameDecision = before.decision === after.decision && before.topic === after.topic && before.failed === after.failed;
  return html`<li><p class="difference-text">“${said}” <a href=${address("conversations", conversation)}>${t("knowledge.conversation", { n: conversation })}</a></p>
    ${sameDecision ? html`<p>${outcome(after)}</p>${differences(before.text, after.text)}`
      : html`<dl class="facts"><div><dt>${t("knowledge.before")}</dt><dd>${outcome(before)}</dd></div>
      <div><dt>${t("knowledge.after")}</dt><dd>${outcome(after)}</dd></div></dl>`}</li>`;
}

/* --- dialogs ------------------------------------------------------------------------------------ */

export function knowledgeDialog(close) {
  const [name, rest] = dialog.value.split(" ");
  if (name === "restore") return restoreDialog(Number(rest), close);
  if (name === "file-remove" && file.value) return removeDialog(file.value, close);
  if (name === "discard" && draft.value) return discardDialog(close);
  return name === "new" ? newDialog(rest, close) : nothing;
}

/* What still speaks of the file stands in the way, and is listed. */
const inTheWay = signal([]);

function removeDialog(about, close) {
  const shut = () => {
    inTheWay.value = [];
    close();
  };
  const line = ({ file: where, line: at, what: said }) => html`<li><code>${where}${at ? `:${at}` : ""}</code> ${sentence(said)}</li>`;
  return modal({ name: "remove", title: t("knowledge.remove_file", { name: about.file }), close: shut, body: wishForm({
    close: shut, submit: t("knowledge.remove"), danger: true,
    fields: html`<p>${t("knowledge.remove_text")}</p>
      ${inTheWay.value.length ? html`<p>${t("knowledge.in_the_way")}</p><ul class="plain-list">${inTheWay.value.slice(0, 8).map(line)}</ul>` : nothing}`,
    async wish() {
      const refusal = await remove(about);
      inTheWay.value = refusal?.problems ?? [];
      if (!refusal) {
        shut();
        location.hash = "#/knowledge";
      }
      return refusal;
    },
  }) });
}

function discardDialog(close) {
  return modal({ name: "discard", title: t("knowledge.discard"), close, body: wishForm({
    close, submit: t("knowledge.discard"), danger: true, fields: html`<p>${t("knowledge.discard_text")}</p>`,
    async wish() {
      close();
      discard();
      return null;
    },
  }) });
}

function newDialog(kind, close) {
  const taken = new Set(content.value[`${kind}s`].map((one) => one.name));
  return modal({ name: "new", title: t(`knowledge.new_${kind}`), close, body: wishForm({
    close, submit: t("knowledge.begin"),
    fields: html`<div class="field"><label for="new-name">${t("column.name")}</label>
      <input id="new-name" name="name" required maxlength="64" pattern="[a-z0-9][a-z0-9_\\-]*" autocomplete="off" autocapitalize="none" spellcheck="false" autofocus
        aria-describedby="new-hint"><p class="hint" id="new-hint">${t("knowledge.name_hint")}</p></div>`,
    async wish({ name }) {
      if (taken.has(name)) return { code: "name_taken" };
      begin(kind, name, sample(kind, name));
      close();
      location.hash = fileAddress({ kind, name });
      return null;
    },
  }) });
}

/* A beginning that says what belongs where. */
function sample(kind, name) {
  const [first = "en"] = languages.value;
  const title = tagName(name);
  if (kind === "article") return `---\ntitle:\n  ${first}: ${title}\n---\n${t("knowledge.sample_article")}\n`;
  return `---\ntitle:\n  ${first}: ${title}\nexamples:\n  ${first}:\n    - ${t("knowledge.sample_example")} 1\n    - ${t("knowledge.sample_example")} 2\n---\n${t("knowledge.sample_answer")}\n`;
}
