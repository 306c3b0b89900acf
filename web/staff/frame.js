/* frame.js - what stands around every staff page: the top bar with the settings, the state of the
 * line, short messages and the live regions. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { live } from "/vendor/lit-html/directives/live.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { clock } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { LANGUAGES } from "../lib/texts.js";
import { watch } from "../lib/watch.js";
import { line, logOut, me, retryNow } from "./session.js";
import { alertWords, chime, dismiss, letterKeys, notices, sound, THEMES, theme } from "./settings.js";
import { language, t } from "./words.js";

export const mark = html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect class="logo-ground" width="32" height="32" rx="9"/>
  <path class="logo-hand" d="M9 9v14M9 17c0-3 2.2-5 5.5-5S20 14.2 20 17.5 17.8 23 14.5 23 9 20.5 9 17.5M19 11c3-1 5-1 7 1"/></svg>`;

/* middle: the page's own controls; links: other pages for the menu; help: opens the help. */
export function topBar({ title, middle, help, links = [] }) {
  return html`<header class="top">
    <a class="button primary skip-link" href="#main" @click=${skip}>${t("skip")}</a>
    <h1 class="brand">${mark}<span class="brand-name">beckon</span> <span class="brand-page">${title}</span></h1>
    <div class="top-middle">${middle}</div>
    ${lineState(line.value.name)}
    <button class="button quiet icon-button top-help" type="button" @click=${help}>
      ${icon("keyboard")}<span class="hidden-text">${t("help.open")}</span></button>
    <button class="button quiet me" type="button" popovertarget="settings">
      <span class="avatar" aria-hidden="true">${initials(me.value.name)}</span>
      <span class="hidden-text">${t("settings.open")}</span> <span class="me-name">${me.value.name}</span></button>
    ${settings(links)}
  </header>`;
}

function lineState(name) {
  return html`<p class="line-state ${name}">${icon(name === "live" ? "online" : "lost")}<span>${t(`line.${name}`)}</span></p>`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

export function initials(name) {
  const words = (name ?? "").trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0], last = words.length > 1 ? [...words.at(-1)][0] : "";
  return (first + last).toLocaleUpperCase();
}

function settings(links) {
  const choice = (name, value, options, words, change) => html`<div class="field">
    <label for=${name}>${t(`settings.${name}`)}</label>
    <select id=${name} @change=${(event) => change(event.target.value)}>
      ${options.map((option) => html`<option value=${option} ?selected=${option === value}>${words(option)}</option>`)}
    </select></div>`;
  const tick = (name, box, then = () => {}) => html`<label class="tick">
    <input type="checkbox" .checked=${live(box.value)} @change=${(event) => { box.value = event.target.checked; then(); }}>
    <span>${t(`settings.${name}`)}</span></label>`;
  return html`<div class="settings" id="settings" popover role="group" aria-label=${t("settings.title")}>
    <p class="settings-who"><strong>${me.value.name}</strong><br><span class="muted">${t(`role.${me.value.role}`)}</span></p>
    ${links.map((to) => html`<a class="button small" href=${to.href}>${to.text}</a>`)}
    ${choice("language", language.value, LANGUAGES, (code) => t(`language.${code}`), (code) => { language.value = code; })}
    ${choice("theme", theme.value, THEMES, (name) => t(`theme.${name}`), (name) => { theme.value = name; })}
    ${tick("sound", sound, () => chime())}
    ${tick("letter_keys", letterKeys)}
    <button class="button small" type="button" @click=${logOut}>${t("logout")}</button>
    <p class="settings-foot"><a href="/licences" target="_blank" rel="noopener">${t("settings.licences")}</a></p>
  </div>`;
}

/* A lost line is said where nobody misses it; what is written meanwhile is kept. */
export function lineNotice() {
  if (line.value.name === "live" || !line.value.retryAt) return nothing;
  return html`<div class="line-notice" role="status">${icon("lost")}
    <p><strong>${t("line.lost_title")}</strong> ${t("line.lost_text")}
      ${watch(() => t("line.retry", { n: Math.max(0, Math.ceil((line.value.retryAt - Date.now() + 0 * clock.value) / 1000)) }))}</p>
    <button class="button small" type="button" @click=${retryNow}>${t("line.retry_now")}</button></div>`;
}

export function noticeList() {
  return html`<div class="notices" role="status" aria-live="polite">
    ${repeat(notices.value, (notice) => notice.id, (notice) => html`<div class="notice ${notice.tone}">
      <p>${notice.text}</p>
      <button class="button quiet icon-button" type="button" @click=${() => dismiss(notice.id)}>
        ${icon("close")}<span class="hidden-text">${t("close")}</span></button>
    </div>`)}
  </div>
  <p class="hidden-text" role="alert">${alertWords.value}</p>`;
}
