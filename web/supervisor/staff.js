/* staff.js - the people: their states on the board, and the list with its changes for administrators. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { clock } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { watch } from "../lib/watch.js";
import { modal, wishForm } from "../staff/dialogs.js";
import { initials } from "../staff/frame.js";
import { button, select, table } from "../staff/parts.js";
import { command, me } from "../staff/session.js";
import { notify } from "../staff/settings.js";
import { languageWord, languageWords, spanWord, t, skillName, skillNames } from "../staff/words.js";
import { attempt, tellRefusal } from "./actions.js";
import { board, boardSoon, dialog, languages, mayManage } from "./store.js";

const ORDER = { online: 0, away: 1, offline: 2 };
const ROLES = ["agent", "supervisor", "administrator"];
const POOLS = ["employee", "on_demand", "outsourced"];

const sorted = (agents) =>
  agents.toSorted((one, other) => ORDER[one.state] - ORDER[other.state] || one.name.localeCompare(other.name));

const state = (agent) => html`<span class="presence ${agent.state}">${icon(agent.state)}${t(`presence.${agent.state}`)}</span>`;

/* The places taken, as a bar and in words. */
export function load(agent) {
  const taken = agent.active + agent.wrapping + agent.offered;
  return html`<span class="load">
    <meter min="0" max=${agent.capacity} value=${taken} aria-label=${t("staff.load", { name: agent.name })}></meter>
    <span>${t("staff.load_text", { taken, n: agent.capacity })}</span></span>`;
}

export function agentTable(agents) {
  const row = (agent) => html`<li class="agent-row">
    <span class="avatar" aria-hidden="true">${initials(agent.name)}</span>
    <span class="agent-name">${agent.name}</span>
    ${state(agent)}
    <span class="agent-text">${agent.state === "offline" ? t(`pool.${agent.pool}`) : load(agent)}</span>
    <span class="agent-since">${agent.state_since ? watch(() => spanWord(clock.value - agent.state_since)) : nothing}</span>
  </li>`;
  return html`<section class="panel card" aria-labelledby="agents">
    <h3 id="agents">${t("board.agents")} <span class="count">${agents.length}</span></h3>
    <ul class="agents">${repeat(sorted(agents), (agent) => agent.agent, row)}</ul></section>`;
}

/* --- the staff page ----------------------------------------------------------------------------- */

export function staffPage() {
  const agents = board.value?.agents;
  if (!agents) return html`<p class="reading muted" role="status">${t("history.reading")}</p>`;
  return html`<div class="staff-page">
    <div class="spread"><h2>${t("staff.title")}</h2>
      ${mayManage.value
        ? button({ text: t("staff.add"), picture: "join", kind: "primary small", act: () => { dialog.value = "add"; } })
        : html`<p class="muted small-text">${t("staff.read_only")}</p>`}</div>
    <div class="card panel">
      ${table({ label: t("staff.title"), columns: columns(), rows: sorted(agents), key: (agent) => agent.agent, cards: true })}</div></div>`;
}

function columns() {
  const cells = {
    name: (agent) => agent.name, login: (agent) => agent.login, role: (agent) => t(`role.${agent.role}`),
    pool: (agent) => t(`pool.${agent.pool}`), state, places: load,
    skills: (agent) => skillNames(agent.skills) || "–", languages: (agent) => languageWords(agent.languages) || "–",
  };
  const made = Object.entries(cells).map(([name, cell]) => ({ head: t(`column.${name}`), cell, names: name === "name" }));
  const change = (agent) => html`<button class="button small" type="button" aria-label=${t("staff.change_name", { name: agent.name })}
    @click=${() => { dialog.value = `change ${agent.agent}`; }}>${t("staff.change")}</button>`;
  return mayManage.value ? [...made, { head: t("column.change"), cell: change, quiet: true }] : made;
}

/* --- fields ------------------------------------------------------------------------------------- */

/* A text field of a form, with a hint under it. */
function field(name, { type = "text", hint = "", most = 100, least = 0, complete = "off" } = {}) {
  const id = `agent-${name}`;
  return html`<div class="field"><label for=${id}>${t(`column.${name}`)}</label>
    <input id=${id} name=${name} type=${type} minlength=${least || nothing} maxlength=${most} required autocomplete=${complete} ?autofocus=${name === "name"}
      autocapitalize=${name === "login" ? "none" : nothing} spellcheck="false" aria-describedby=${hint ? `${id}-hint` : nothing}>
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}</div>`;
}

const passwordField = () =>
  field("password", { type: "password", least: 8, most: 256, complete: "new-password", hint: t("staff.password_hint") });

function ticks(name, chosen, options, word) {
  const has = new Set(chosen);
  const tick = (option) => html`<label class="tick">
    <input type="checkbox" name=${`${name} ${option}`} ?checked=${has.has(option)}><span>${word(option)}</span></label>`;
  return html`<fieldset class="field"><legend>${t(`column.${name}`)}</legend><div class="tick-list">${options.map(tick)}</div></fieldset>`;
}

function choice(name, value, options, group) {
  return select({ id: `agent-${name}`, name, label: t(`column.${name}`), value, options, word: (option) => t(`${group}.${option}`) });
}

function common(agent) {
  return html`<div class="field-row">
      ${choice("role", agent.role ?? "agent", ROLES, "role")}
      ${choice("pool", agent.pool ?? "employee", POOLS, "pool")}
      <div class="field"><label for="agent-capacity">${t("column.places")}</label>
        <input id="agent-capacity" name="capacity" type="number" min="1" max="20" required value=${agent.capacity ?? 3}></div></div>
    ${ticks("skills", agent.skills, me.value.skills_all ?? [], skillName)}
    ${ticks("languages", agent.languages ?? languages.value.slice(0, 1), languages.value, languageWord)}`;
}

/* The ticks "skills payments": "on" and so on become {skills: "payments,…"}. */
function gathered({ role, pool, capacity, ...rest }) {
  const list = (name) => Object.keys(rest).filter((key) => key.startsWith(`${name} `))
    .map((key) => key.slice(name.length + 1)).join(",");
  return { role, pool, capacity: Number(capacity), skills: list("skills"), languages: list("languages") };
}

const withoutEmpty = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));

/* --- dialogs ------------------------------------------------------------------------------------ */

export function staffDialog(close) {
  if (dialog.value === "add") return addDialog(close);
  const [what, id] = dialog.value.split(" ");
  const agent = board.value?.agents.find((one) => one.agent === Number(id));
  if (!agent) return nothing;
  return { change: changeDialog, password: passwordDialog, remove: removeDialog }[what](agent, close);
}

/* What is told when it is done; the board shows it. */
const done = (text) => () => {
  notify(text, "good");
  boardSoon();
};

function addDialog(close) {
  return modal({ name: "add", title: t("staff.add"), close, wide: true, body: wishForm({
    close,
    submit: t("staff.add_do"),
    fields: html`<div class="field-row">
        ${field("name", { most: 200, hint: t("staff.name_hint") })}${field("login")}${passwordField()}</div>
      ${common({})}`,
    wish({ name, login, password, ...rest }) {
      const agent = { name: name.trim(), login: login.trim(), password, ...withoutEmpty(gathered(rest)) };
      return attempt("/v1/agents", agent, done(t("staff.added", { name })));
    },
  }) });
}

function changeDialog(agent, close) {
  const path = `/v1/agents/${agent.agent}`, { name } = agent;
  const other = (text, act, off = false) => button({ text: t(`staff.${text}`), act, off, kind: "small" });
  const ask = (what) => () => { dialog.value = `${what} ${agent.agent}`; };
  return modal({ name: "change", title: t("staff.change_name", { name }), close, wide: true, body: wishForm({
    close,
    submit: t("staff.save"),
    fields: html`${common(agent)}
      <div class="row">${other("password", ask("password"))}
        ${other("end_sessions", () => command(`${path}/sessions/end`, {}, tellRefusal).then((ended) => { if (ended) done(t("staff.sessions_ended", { name }))(), close(); }))}
        ${other("remove", ask("remove"), agent.agent === me.value.agent)}</div>`,
    wish: (values) => attempt(`${path}/change`, gathered(values), done(t("staff.changed", { name }))),
  }) });
}

function passwordDialog({ agent, name }, close) {
  return modal({ name: "password", title: t("staff.password_name", { name }), close, body: wishForm({
    close,
    submit: t("staff.password"),
    fields: passwordField(),
    wish: (values) => attempt(`/v1/agents/${agent}/password`, values, done(t("staff.password_set", { name }))),
  }) });
}

function removeDialog({ agent, name }, close) {
  return modal({ name: "remove", title: t("staff.remove_name", { name }), close, body: wishForm({
    close,
    submit: t("staff.remove"),
    danger: true,
    fields: html`<p>${t("staff.remove_text")}</p>`,
    wish: () => attempt(`/v1/agents/${agent}/remove`, {}, done(t("staff.removed", { name }))),
  }) });
}
