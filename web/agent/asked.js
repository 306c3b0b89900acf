/* asked.js - "What was it about?": when a customer asked what the assistant could not answer, the agent
 * who answered says with one key which topic or article it was, and the assistant learns the words. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { live } from "/vendor/lit-html/directives/live.js";
import { get, post } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { effect, signal } from "../lib/store.js";
import { button } from "../staff/parts.js";
import { notify } from "../staff/settings.js";
import { language, refusalWord, t } from "../staff/words.js";
import { conversations, current, isMine } from "./store.js";

const WORDING_MAX = 300; /* bytes, as the server counts; letters are fewer */
const WAIT_MS = 300;

/* By conversation: {message, wording, choices, all}, message 0 when there is nothing to learn; `wording` is
 * what the agent makes of it, `edits` that they do. */
const asked = signal(new Map());

const put = (id, fields) => { asked.value = new Map(asked.value).set(id, { ...asked.value.get(id), ...fields }); };

const concerns = (conversation) => conversation && (isMine(conversation) || conversation.wrapup_until > 0);

const handedOver = (conversation) => conversation.events.some((event) => event.type === "human.requested");

async function read(id) {
  try {
    const found = await get(`/v1/conversations/${id}/asked`, { language: language.value });
    if (asked.value.get(id)?.edits) return; /* the agent writes already */
    put(id, { ...found, edits: Boolean(found.message) && !found.wording }); /* nothing was left of it: the agent finds words */
  } catch {
    /* nothing to learn then: the work goes on without it */
  }
}

/* What is asked changes when the conversation comes, ends, or the customer writes while nothing is known. */
const known = new Map();
let timer = 0;

export function followAsked() {
  effect(() => {
    const conversation = current.value;
    if (!concerns(conversation) || !handedOver(conversation)) return;
    const id = conversation.conversation, at = `${conversation.state} ${conversation.last_seq} ${language.value}`;
    if (known.get(id) === at || asked.value.get(id)?.edits) return;
    known.set(id, at);
    clearTimeout(timer);
    timer = setTimeout(() => read(id), WAIT_MS);
  });
}

/* What is shown of this conversation, or null. */
export function askedOf(conversation) {
  const found = concerns(conversation) ? asked.value.get(conversation.conversation) : null;
  return found?.message && !found.later ? found : null;
}

async function confirm(id, target) {
  const { message, wording, busy } = asked.value.get(id);
  if (busy) return;
  put(id, { busy: true, refusal: null });
  try {
    const { topic, article } = target;
    await post(`/v1/conversations/${id}/paraphrases`, { ...(topic ? { topic } : { article }), message, wording: wording.trim() });
    put(id, { message: 0, busy: false, edits: false });
    notify(t("asked.learned", { title: target.title }), "good");
    read(id); /* there may be another one */
  } catch (refusal) {
    put(id, { busy: false, refusal, edits: true });
    queueMicrotask(() => document.getElementById("asked-wording")?.focus());
  }
}

/* Keys 1 to 3. */
export function confirmNumber(n) {
  const found = askedOf(current.value);
  if (found?.choices[n - 1]) confirm(current.value.conversation, found.choices[n - 1]);
}

export function askedCard(conversation) {
  const found = askedOf(conversation);
  if (!found) return nothing;
  const id = conversation.conversation;
  return html`<section class="asked" aria-labelledby="asked-title">
    <h3 id="asked-title">${icon("assistant")}${t("asked.title")}</h3>
    <p>${t("asked.text")}</p>
    ${found.edits ? wordingField(id, found) : html`<blockquote>${found.wording}</blockquote>`}
    <div class="asked-choices" role="group" aria-labelledby="asked-title">
      ${found.choices.map((choice, i) => html`<button class="button small" type="button" ?disabled=${found.busy} @click=${() => confirm(id, choice)}>
        <kbd>${i + 1}</kbd><span class="asked-name">${choice.title}</span>
        ${choice.article ? html`<span class="badge">${t("asked.article")}</span>` : nothing}</button>`)}
      ${other(id, found)}
    </div>
    <div class="row">
      ${found.edits ? nothing : button({ text: t("asked.edit"), picture: "note", kind: "small quiet", act: () => edit(id) })}
      ${button({ text: t("asked.later"), kind: "small quiet", act: () => put(id, { later: true }) })}
    </div></section>`;
}

function edit(id) {
  put(id, { edits: true });
  setTimeout(() => document.getElementById("asked-wording")?.focus(), 0);
}

function wordingField(id, { wording, refusal }) {
  return html`<div class="field"><label for="asked-wording">${t("asked.wording")}</label>
    <textarea id="asked-wording" rows="2" maxlength=${WORDING_MAX} aria-invalid=${refusal ? "true" : nothing} aria-describedby="asked-hint"
      .value=${live(wording)} @input=${(event) => put(id, { wording: event.target.value, refusal: null })}></textarea>
    <p class=${refusal ? "error" : "hint"} id="asked-hint" role=${refusal ? "alert" : nothing}>${refusal ? refusalWord(refusal) : t("asked.hint")}</p></div>`;
}

function other(id, { all, choices, busy }) {
  const offered = new Set(choices.map((choice) => choice.topic ?? `/${choice.article}`));
  const rest = all.filter((one) => !offered.has(one.topic ?? `/${one.article}`));
  const group = (name, list) => html`<optgroup label=${t(`asked.${name}`)}>${list.map((one) =>
    html`<option value=${all.indexOf(one)}>${one.title}</option>`)}</optgroup>`;
  const choose = (event) => {
    const target = all[event.target.value];
    event.target.value = "";
    if (target) confirm(id, target);
  };
  return html`<select class="input asked-other" aria-label=${t("asked.other")} ?disabled=${busy} @change=${choose}>
    <option value="">${t("asked.other")}</option>
    ${group("topics", rest.filter((one) => one.topic))}${group("articles", rest.filter((one) => one.article))}</select>`;
}

/* What is open no more needs no memory. */
effect(() => {
  const open = conversations.value;
  for (const id of asked.peek().keys()) {
    if (open.has(id)) continue;
    known.delete(id);
    asked.peek().delete(id);
  }
});
