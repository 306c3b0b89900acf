/* staff.js - the people: their states on the board, and the list with its changes for administrators. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { clock } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { watch } from "../lib/watch.js";
import { modal, wishForm } from "../staff/dialogs.js";
import { initials } from "../staff/frame.js";
import { me } from "../staff/session.js";
import { notify } from "../staff/settings.js";
import { languageWord, languageWords, spanWord, t, tagName, tagNames } from "../staff/words.js";
import { attempt } from "./actions.js";
import { board, boardSoon, dialog, languages, mayManage } from "./store.js";

const ORDER = { online: 0, away: 1, offline: 2 };

const sorted = (agents) => agents.toSorted((one, other) => ORDER[one.state] - ORDER[other.state] || one.name.localeCompare(other.name));

const state = (agent) => html`<span class="presence ${agent.state}">${icon(agent.state)}${t(`presence.${agent.state}`)}</span>`;

/* Places taken, in words for those who cannot see the bar. */
function load(agent) {
  const taken = agent.active + agent.wrapping + agent.offered;
  return html`<span class="load"><meter min="0" max=${agent.capacity} value=${taken} aria-label=${t("staff.load", { name: agent.name })}></meter>
    <span>${t("staff.load_text", { taken, n: agent.capacity })}</span></span>`;
}

export function agentTable(agents) {
  return html`<section class="panel card" aria-labelledby="agents">
    <h3 id="agents">${t("board.agents")} <span class="count">${agents.length}</span></h3>
    <ul class="agents">${repeat(sorted(agents), (agent) => agent.agent, (agent) => html`<li class="agent-row">
      <span class="avatar" aria-hidden="true">${initials(agent.name)}</span>
      <span class="agent-name">${agent.name}</span>
      ${state(agent)}
      <span class="agent-text">${agent.state === "offline" ? t(`pool.${agent.pool}`) : load(agent)}</span>
      <span class="agent-since">${agent.state_since ? watch(() => spanWord(clock.value - agent.state_since)) : nothing}</span>
    </li>`)}</ul></section>`;
}

/* --- the staff page ----------------------------------------------------------------------------- */

export function staffPage() {
  const agents = board.value?.agents;
  if (!agents) return html`<p class="reading muted" role="status">${t("history.reading")}</p>`;
  return html`<div class="staff-page">
    <div class="spread"><h2>${t("staff.title")}</h2>
      ${mayManage.value ? html`<button class="button primary small" type="button" @click=${() => { dialog.value = "add"; }}>${icon("join")}${t("staff.add")}</button>`
        : html`<p class="muted small-text">${t("staff.read_only")}</p>`}</div>
    <div class="card panel"><div class="table-frame" tabindex="0" role="group" aria-label=${t("staff.title")}><table>
      <thead><tr>${["name", "login", "role", "pool", "state", "places", "skills", "languages"].map((name) => html`<th scope="col">${t(`column.${name}`)}</th>`)}
        ${mayManage.value ? html`<th scope="col"><span class="hidden-text">${t("column.change")}</span></th>` : nothing}</tr></thead>
      <tbody>${repeat(sorted(agents), (agent) => agent.agent, row)}</tbody></table></div></div></div>`;
}

function row(agent) {
  return html`<tr><th scope="row">${agent.name}</th><td>${agent.login}</td><td>${t(`role.${agent.role}`)}</td><td>${t(`pool.${agent.pool}`)}</td>
    <td>${state(agent)}</td><td>${load(agent)}</td><td>${tagNames(agent.skills) || "–"}</td><td>${languageWords(agent.languages) || "–"}</td>
    ${mayManage.value ? html`<td><button class="button small" type="button" aria-label=${t("staff.change_name", { name: agent.name })}
      @click=${() => { dialog.value = `change ${agent.agent}`; }}>${t("staff.change")}</button></td>` : nothing}</tr>`;
}

/* --- adding and changing ------------------------------------------------------------------------ */

const select = (name, value, options, word) => html`<div class="field"><label for="agent-${name}">${t(`column.${name}`)}</label>
  <select id="agent-${name}" name=${name}>${options.map((option) => html`<option value=${option} ?selected=${option === value}>${word(option)}</option>`)}</select></div>`;

function ticks(name, chosen, options, word) {
  const has = new Set(chosen);
  return html`<fieldset class="field"><legend>${t(`column.${name}`)}</legend>
    <div class="tick-list">${options.map((option) => html`<label class="tick"><input type="checkbox" name=${`${name} ${option}`} ?checked=${has.has(option)}><span>${word(option)}</span></label>`)}</div></fieldset>`;
}

function common(agent) {
  return html`<div class="field-row">
      ${select("role", agent.role ?? "agent", ["agent", "supervisor", "administrator"], (role) => t(`role.${role}`))}
      ${select("pool", agent.pool ?? "employee", ["employee", "on_demand", "outsourced"], (pool) => t(`pool.${pool}`))}
      <div class="field"><label for="agent-capacity">${t("column.places")}</label>
        <input id="agent-capacity" name="capacity" type="number" min="1" max="20" required .value=${String(agent.capacity ?? 3)}></div></div>
    ${ticks("skills", agent.skills, me.value.skills_all ?? [], tagName)}
    ${ticks("languages", agent.languages ?? languages.value.slice(0, 1), languages.value, languageWord)}`;
}

/* "skills payments": "on" and so on, to {skills: "payments,…"}. */
function gathered({ role, pool, capacity, ...rest }) {
  const list = (name) => Object.keys(rest).filter((key) => key.startsWith(`${name} `)).map((key) => key.slice(name.length + 1)).join(",");
  return { role, pool, capacity: Number(capacity), skills: list("skills"), languages: list("languages") };
}

const done = (text) => () => { notify(text, "good"); boardSoon(); };

export function staffDialog(close) {
  if (dialog.value === "add") return addDialog(close);
  const [what, id] = dialog.value.split(" ");
  const agent = board.value?.agents.find((one) => one.agent === Number(id));
  if (!agent) return nothing;
  return what === "change" ? changeDialog(agent, close) : what === "password" ? passwordDialog(agent, close) : removeDialog(agent, close);
}

function addDialog(close) {
  return modal({ name: "add", title: t("staff.add"), close, wide: true, body: wishForm({
    close, submit: t("staff.add_do"),
    fields: html`<div class="field-row">
        <div class="field"><label for="agent-name">${t("column.name")}</label><input id="agent-name" name="name" maxlength="200" required autocomplete="off" autofocus aria-describedby="agent-name-hint"><p class="hint" id="agent-name-hint">${t("staff.name_hint")}</p></div>
        <div class="field"><label for="agent-login">${t("column.login")}</label><input id="agent-login" name="login" maxlength="100" required autocomplete="off" autocapitalize="none" spellcheck="false"></div>
        ${password()}</div>
      ${common({})}`,
    wish: ({ name, login, password: secret, ...rest }) => attempt("/v1/agents", { name: name.trim(), login: login.trim(), password: secret, ...withoutEmpty(gathered(rest)) }, done(t("staff.added", { name }))),
  }) });
}

const withoutEmpty = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));

const password = () => html`<div class="field"><label for="agent-password">${t("door.password")}</label>
  <input id="agent-password" name="password" type="password" minlength="8" maxlength="256" required autocomplete="new-password" aria-describedby="agent-password-hint"><p class="hint" id="agent-password-hint">${t("staff.password_hint")}</p></div>`;

function changeDialog(agent, close) {
  const path = `/v1/agents/${agent.agent}`;
  const other = (name, act, off = false) => html`<button class="button small" type="button" ?disabled=${off} @click=${act}>${t(`staff.${name}`)}</button>`;
  return modal({ name: "change", title: t("staff.change_name", { name: agent.name }), close, wide: true, body: wishForm({
    close, submit: t("staff.save"),
    fields: html`${common(agent)}
      <div class="row">${other("password", () => { dialog.value = `password ${agent.agent}`; })}
        ${other("end_sessions", () => attempt(`${path}/sessions/end`, {}, done(t("staff.sessions_ended", { name: agent.name }))))}
        ${other("remove", () => { dialog.value = `remove ${agent.agent}`; }, agent.agent === me.value.agent)}</div>`,
    wish: (values) => attempt(`${path}/change`, gathered(values), done(t("staff.changed", { name: agent.name }))),
  }) });
}

function passwordDialog(agent, close) {
  return modal({ name: "password", title: t("staff.password_name", { name: agent.name }), close, body: wishForm({
    close, submit: t("staff.password"), fields: password(),
    wish: (values) => attempt(`/v1/agents/${agent.agent}/password`, values, done(t("staff.password_set", { name: agent.name }))),
  }) });
}

function removeDialog(agent, close) {
  return modal({ name: "remove", title: t("staff.remove_name", { name: agent.name }), close, body: wishForm({
    close, submit: t("staff.remove"), danger: true, fields: html`<p>${t("staff.remove_text")}</p>`,
    wish: () => attempt(`/v1/agents/${agent.agent}/remove`, {}, done(t("staff.removed", { name: agent.name }))),
  }) });
}
