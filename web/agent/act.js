/* act.js - an action of the workspace, run by the agent for the conversation's customer: chosen from the list, filled in, looked at
 * once more, and confirmed. Whether a colleague has to allow it, the server says before and decides then. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { keyed } from "/vendor/lit-html/directives/keyed.js";
import { get, post } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { signal } from "../lib/store.js";
import { modal, wishForm } from "../staff/dialogs.js";
import { locale, refusalWord, t } from "../staff/words.js";
import { attempt, openDialog } from "./actions.js";

/* What there is for this conversation, or why that is not known; what is chosen; what was written; and, once tried,
 * {wish, needs, sends}. */
const actions = signal(null);
const unread = signal(null);
const chosen = signal("");
const written = signal(null);
const looked = signal(null);
let asked = 0;

/* Reads the list anew each time: what the customer has shown changes. */
function readActions(path) {
  const turn = ++asked;
  const current = (change) => (found) => { if (turn === asked) change(found); };
  actions.value = null;
  unread.value = null;
  chosen.value = "";
  written.value = null;
  looked.value = null;
  get(`${path}/actions`, { language: locale.value }).then(current(({ actions: rows }) => {
    actions.value = rows.toSorted((one, other) => one.title.localeCompare(other.title, locale.value));
  }), current((refusal) => { unread.value = refusal; }));
}

export function openAct(id) {
  readActions(`/v1/conversations/${id}`);
  openDialog("act");
}

const current = () => actions.value?.find((one) => one.action === chosen.value);

/* Empty fields are left out; the rest are the action's parameters. */
function wishOf(action, values) {
  const parameters = {};
  for (const { name } of action.parameters) {
    const value = String(values[`p-${name}`] ?? "").trim();
    if (value) parameters[name] = value;
  }
  const why = String(values.why ?? "").trim();
  return { action: action.action, parameters, ...(why ? { why } : {}) };
}

export function actionDialog({ path, close }) {
  const action = current();
  const look = async (values) => {
    const wish = wishOf(action, values);
    written.value = wish;
    try {
      looked.value = { wish, ...await post(`${path}/actions/try`, wish) };
      return null;
    } catch (refusal) {
      return refusal;
    }
  };
  const step = looked.value && action ? confirmation(action, path, close)
    : wishForm({ close, submit: t("act.look"), fields: fields(action, path), off: !action || Boolean(action.lacks), wish: look });
  return modal({ name: "act", title: t("act.title"), close, body: step });
}

function fields(action, path) {
  if (unread.value) return html`<p class="notice bad" role="alert">${refusalWord(unread.value)}</p>
    <p class="row"><button class="button small" type="button" @click=${() => readActions(path)}>${t("act.read_again")}</button></p>`;
  if (!actions.value) return html`<p class="muted" role="status">${t("act.reading")}</p>`;
  return html`<p class="muted">${t("act.text")}</p>
    <div class="field"><label for="act-action">${t("act.which")}</label>
      <select id="act-action" required autofocus @change=${(event) => { chosen.value = event.target.value; }}>
        <option value="" ?selected=${!action}>${t("act.choose")}</option>
        ${actions.value.map((one) => html`<option value=${one.action} ?selected=${one.action === chosen.value}>${one.title}</option>`)}
      </select></div>
    ${action?.lacks ? html`<p class="notice row warn">${icon("flag")}${t(`act.lacks.${action.lacks}`)}</p>` : nothing}
    ${action && !action.lacks ? keyed(action.action, html`${action.parameters.map(field)}
      <div class="field"><label for="act-why">${t("act.why")}</label>
        <textarea id="act-why" name="why" rows="2" maxlength="2000" aria-describedby="act-why-hint" .value=${before("why")}></textarea>
        <p class="hint" id="act-why-hint">${t("act.why_hint")}</p></div>`) : nothing}`;
}

/* What was written in this action's field, when something is to be changed after all. */
function before(name) {
  const wish = written.value?.action === chosen.value ? written.value : null;
  return (name === "why" ? wish?.why : wish?.parameters[name]) ?? "";
}

/* The server checks what it gets; the page only helps with what is missing. */
function field({ name, title, question, required, choices }) {
  const id = `act-${name}`, hint = question ? `${id}-hint` : nothing;
  const label = required ? title : t("act.optional", { name: title });
  return html`<div class="field"><label for=${id}>${label}</label>
    ${choices.length
      ? html`<input class="input" id=${id} name="p-${name}" list="${id}-list" autocomplete="off" maxlength="200" ?required=${required} aria-describedby=${hint} .value=${before(name)}>
        <datalist id="${id}-list">${choices.map((one) => html`<option value=${one}></option>`)}</datalist>`
      : html`<input class="input" id=${id} name="p-${name}" autocomplete="off" maxlength="200" ?required=${required} aria-describedby=${hint} .value=${before(name)}>`}
    ${question ? html`<p class="hint" id=${hint}>${question}</p>` : nothing}</div>`;
}

function confirmation(action, path, close) {
  const { wish, needs, sends } = looked.value;
  const rows = action.parameters.filter(({ name }) => wish.parameters[name]);
  return wishForm({
    close, submit: t(needs === "nobody" ? "act.run" : "act.ask"),
    fields: html`<h3>${action.title}</h3>
      ${rows.length ? html`<dl class="facts">${rows.map(({ name, title }) => html`<div><dt>${title}</dt><dd>${wish.parameters[name]}</dd></div>`)}</dl>` : nothing}
      <p class="notice row ${needs === "nobody" ? "info" : "warn"}">${icon(needs === "nobody" ? "info" : "flag")}${t(`act.needs.${needs}`)}</p>
      ${sends ? html`<details class="act-sends"><summary>${t("act.sends")}</summary><pre tabindex="0">${sends}</pre></details>` : nothing}
      <p class="row"><button class="button small quiet" type="button" @click=${() => { looked.value = null; }}>${t("act.back")}</button></p>`,
    wish: () => attempt(`${path}/actions`, wish),
  });
}
