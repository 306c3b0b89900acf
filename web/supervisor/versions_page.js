/* versions_page.js - what was published: the list of versions, what one of them changed, and the way back to it. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { icon } from "../lib/icons.js";
import { signal } from "../lib/store.js";
import { dayAndTime } from "../lib/time.js";
import { modal, wishForm } from "../staff/dialogs.js";
import { badge, button, iconLink } from "../staff/parts.js";
import { locale, t } from "../staff/words.js";
import { differences } from "./differences.js";
import { content, readVersions, restore, version, versions } from "./knowledge.js";
import { dialog } from "./store.js";

const FILES_SHOWN = 40;

const side = signal("changes"); /* or "back" */

export const versionAddress = (number) => `#/knowledge/version/${number}`;

export function versionList() {
  if (!versions.value) return html`<p class="muted" role="status">${t("history.reading")}</p>`;
  const { versions: rows, more } = versions.value;
  if (!rows.length) return html`<p class="muted">${t("knowledge.no_versions")}</p>`;
  return html`<ul class="versions" aria-label=${t("knowledge.kind_versions")}>${repeat(rows, (one) => one.number, row)}</ul>
    ${more ? button({ text: t("conversations.more"), kind: "small", act: () => readVersions(true) }) : nothing}`;
}

const isInForce = (one) => one.workspace === content.value.version;
const whoAndWhen = (one) => [one.agent_name, dayAndTime(one.at, locale.value)].filter(Boolean).join(", ");

function row(one) {
  return html`<li class="card"><p><a class="row-link" href=${versionAddress(one.number)} aria-current=${version.value?.number === one.number ? "true" : nothing}>
      ${t("knowledge.version", { n: one.number })}</a>
      ${isInForce(one) ? badge("good", "accept", t("knowledge.in_force")) : nothing}</p>
    <p>${what(one)}</p><p class="under">${whoAndWhen(one)}</p>
    ${isInForce(one) ? nothing : html`<button class="button small" type="button" aria-label=${t("knowledge.restore_number", { n: one.number })}
      @click=${() => { dialog.value = `restore ${one.number}`; }}>${t("knowledge.restore")}</button>`}</li>`;
}

function what({ what: said, number }) {
  if (said === "found") return t(number === 1 ? "knowledge.found" : "knowledge.found_later");
  const [, before] = /^restored (\d+)$/.exec(said) ?? [];
  if (before) return t("knowledge.was_restored", { n: before });
  const [, gone] = /^removed (.+)$/.exec(said) ?? [];
  return gone ? html`${t("knowledge.was_removed")} <code>${gone}</code>` : html`<code>${said}</code>`;
}

/* --- one of them -------------------------------------------------------------------------------- */

export function versionPane() {
  const one = version.value;
  const title = t("knowledge.version", { n: one.number });
  return html`<section class="knowledge-editor knowledge-version" aria-label=${title}>
    <header class="knowledge-head">
      ${iconLink({ text: t("knowledge.back"), picture: "back", href: "#/knowledge", kind: "only-narrow" })}
      <div class="conversation-title"><h2 tabindex="-1">${title}</h2><p>${what(one)} · ${whoAndWhen(one)}</p></div>
      ${isInForce(one) ? badge("good", "accept", t("knowledge.in_force"))
        : button({ text: t("knowledge.restore"), picture: "back", kind: "small", act: () => { dialog.value = `restore ${one.number}`; } })}
    </header>
    <div class="version-changes">${isInForce(one) ? changesOf(one) : html`${sides()}${side.value === "back" ? backTo(one) : changesOf(one)}`}</div></section>`;
}

function sides() {
  return html`<fieldset class="segmented"><legend class="hidden-text">${t("knowledge.version_side")}</legend>
    ${["changes", "back"].map((name) => html`<label><input type="radio" name="version-side" .checked=${side.value === name} @change=${() => { side.value = name; }}>
      <span>${t(`knowledge.version_${name}`)}</span></label>`)}</fieldset>`;
}

function changesOf({ number, changes }) {
  return number === 1 ? html`<p class="muted">${t("knowledge.first_version")}</p>` : files(changes);
}

/* What going back would do is the way from the newest one to this one. */
const backTo = ({ back }) => files(back);

function files(changes) {
  if (!changes.length) return html`<p class="muted">${t("knowledge.same_files")}</p>`;
  return html`<p class="muted small-text">${t("knowledge.changed_files", { n: changes.length })}</p>
    ${changes.slice(0, FILES_SHOWN).map(change)}
    ${changes.length > FILES_SHOWN ? html`<p class="muted small-text">${changes.slice(FILES_SHOWN).map((one) => one.file).join(", ")}</p>` : nothing}`;
}

function change({ file, before, after }) {
  const kind = before === undefined ? "" : !before ? "new" : !after ? "gone" : "";
  return html`<section class="decided"><h3><code>${file}</code> ${kind ? badge(kind === "new" ? "good" : "warn", kind === "new" ? "accept" : "close", t(`knowledge.file_${kind}`)) : nothing}</h3>
    ${before === undefined ? html`<p class="muted small-text">${icon("info")} ${t("difference.too_many")}</p>` : differences(before, after)}</section>`;
}

/* --- going back --------------------------------------------------------------------------------- */

export function restoreDialog(number, close) {
  return modal({ name: "restore", title: t("knowledge.restore_number", { n: number }), close, body: wishForm({
    close, submit: t("knowledge.restore"), fields: html`<p>${t("knowledge.restore_text")}</p>
      ${version.value?.number === number ? html`<p>${t("knowledge.changed_files", { n: version.value.back.length })}</p>` : nothing}`,
    async wish() {
      const refusal = await restore(number);
      if (!refusal) {
        close();
        location.hash = "#/knowledge";
      }
      return refusal;
    },
  }) });
}
