/* dialogs.js - the dialogs that staff pages share: transfer, resolve, help. A dialog keeps what the
 * server refused and closes only when its wish is done or the user goes away. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { keyed } from "/vendor/lit-html/directives/keyed.js";
import { ref } from "/vendor/lit-html/directives/ref.js";
import { icon } from "../lib/icons.js";
import { signal } from "../lib/store.js";
import { iconButton } from "./parts.js";
import { dispositionName, refusalWord, skillName, skillNames, t } from "./words.js";

const refusal = signal(null);
const busy = signal(false);
let focusBefore = null;

function appear(element) {
  if (element) {
    refusal.value = null;
    busy.value = false;
    focusBefore = document.activeElement;
    queueMicrotask(() => { if (element.isConnected) element.showModal(); }); /* lit calls before it is in the page */
  } else if (focusBefore?.isConnected) {
    focusBefore.focus();
  }
}

/* Each is a dialog of its own, also where one leads to another: what was refused in the one is not said in the other. */
export function modal({ title, name, close, body, wide = false }) {
  return keyed(`${name} ${title}`, html`<dialog class="dialog ${wide ? "wide" : ""}" aria-labelledby="dialog-title" data-dialog=${name} ${ref(appear)}
    @cancel=${(event) => { event.preventDefault(); close(); }}
    @click=${(event) => { if (event.target === event.currentTarget) close(); }}>
    <div class="dialog-frame">
      <header class="dialog-head"><h2 id="dialog-title">${title}</h2>
        ${iconButton({ text: t("close"), picture: "close", act: close })}</header>
      ${body}
    </div></dialog>`);
}

/* A form in a dialog: `wish(values)` gives null when done, or the refusal, or a key of the texts. */
export function wishForm({ fields, submit, wish, close, danger = false, off = false }) {
  const send = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    busy.value = true;
    const refused = await wish(values);
    if (!event.target.isConnected) return; /* another dialog has come meanwhile */
    refusal.value = refused;
    busy.value = false;
  };
  return html`<form class="dialog-form" @submit=${send}>
    <div class="dialog-body stack">${fields}</div>
    <div class="dialog-error" role="alert">${refusal.value ? html`<p class="notice bad">${refusalWord(refusal.value)}</p>` : nothing}</div>
    <div class="dialog-foot">
      <button class="button" type="button" @click=${close}>${t("cancel")}</button>
      <button class="button ${danger ? "danger" : "primary"}" type="submit" ?disabled=${busy.value || off}>${submit}</button>
    </div></form>`;
}

function noteField(label, hint) {
  return html`<div class="field"><label for="dialog-note">${label}</label>
    <textarea id="dialog-note" name="note" rows="3" maxlength="8000" aria-describedby="dialog-note-hint"></textarea>
    <p class="hint" id="dialog-note-hint">${hint}</p></div>`;
}

const withoutEmpty = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined));

/* --- transfer ---------------------------------------------------------------------------------- */

const order = { online: 0, away: 1, offline: 2 };

export function transferDialog({ colleagues, skills, close, wish }) {
  const people = colleagues.toSorted((one, other) => order[one.state] - order[other.state] || one.name.localeCompare(other.name));
  const first = people.length ? `agent ${people[0].agent}` : `skill ${skills[0]}`;
  const option = (value, title, hint, state) => html`<label class="choice">
    <input type="radio" name="to" value=${value} required ?autofocus=${value === first}>
    <span class="choice-title">${title}</span>
    ${state ? html`<span class="presence ${state}">${icon(state)}${t(`presence.${state}`)}</span>` : nothing}
    ${hint ? html`<span class="choice-hint">${hint}</span>` : nothing}</label>`;
  return modal({ name: "transfer", title: t("transfer.title"), close, body: wishForm({
    close, submit: t("transfer.do"),
    fields: html`<p class="muted">${t("transfer.text")}</p>
      <fieldset class="choices-field"><legend>${t("transfer.colleague")}</legend>
        ${people.length ? people.map((one) => option(`agent ${one.agent}`, one.name, skillNames(one.skills), one.state))
          : html`<p class="muted">${t("transfer.nobody")}</p>`}</fieldset>
      ${skills.length ? html`<fieldset class="choices-field"><legend>${t("transfer.skill")}</legend>
        ${skills.map((skill) => option(`skill ${skill}`, skillName(skill)))}</fieldset>` : nothing}
      ${noteField(t("transfer.note"), t("transfer.note_hint"))}`,
    wish({ to = "", note }) {
      const [kind, value] = [to.slice(0, 5), to.slice(6)];
      return wish(withoutEmpty({ ...(kind === "agent" ? { to_agent: Number(value) } : { to_skill: value }), note }));
    },
  }) });
}

/* --- resolve ----------------------------------------------------------------------------------- */

export function resolveDialog({ dispositions, close, wish }) {
  const option = (name, i) => html`<label class="choice">
    <input type="radio" name="disposition" value=${name} required ?autofocus=${i === 0}>
    <span class="choice-title">${dispositionName(name)}</span></label>`;
  return modal({ name: "resolve", title: t("resolve.title"), close, body: wishForm({
    close,
    submit: t("resolve.do"),
    fields: html`<fieldset class="choices-field"><legend>${t("resolve.how")}</legend>${dispositions.map(option)}</fieldset>
      ${noteField(t("resolve.note"), t("resolve.note_hint"))}`,
    wish: (values) => wish(withoutEmpty(values)),
  }) });
}

/* --- help -------------------------------------------------------------------------------------- */

/* groups: [{title, keys: [[["A"], "what it does"], …]}] */
export function helpDialog({ groups, close }) {
  const line = ([keys, meaning]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${meaning}</dd></div>`;
  const part = ({ title, keys }) => html`<section><h3>${title}</h3><dl class="keys">${keys.map(line)}</dl></section>`;
  return modal({ name: "help", title: t("help.title"), close, wide: true, body: html`<div class="dialog-body stack" tabindex="0">
    <p class="muted">${t("help.text")}</p><div class="help-groups">${groups.map(part)}</div></div>` });
}
