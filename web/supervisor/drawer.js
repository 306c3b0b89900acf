/* drawer.js - one conversation beside the board: read it, join, take it over, give it to somebody. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { guard } from "/vendor/lit-html/directives/guard.js";
import { ref } from "/vendor/lit-html/directives/ref.js";
import { clock } from "../lib/clock.js";
import { suggestion } from "../lib/conversation.js";
import { icon } from "../lib/icons.js";
import { stopwatch } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { composer } from "../staff/composer.js";
import { modal, resolveDialog, transferDialog, wishForm } from "../staff/dialogs.js";
import { makeScroll } from "../staff/scroll.js";
import { me } from "../staff/session.js";
import { timeline } from "../staff/timeline.js";
import { customerName, language, languageWord, t, tagName, tagNames, wordFor } from "../staff/words.js";
import { attemptHere, closeConversation, draftHere, finishWrapup, join, leaveConversation, mayTalk, readBack, readingBack, refuseFiles, say, setDraft, takeOver, typing } from "./actions.js";
import { board, dialog, draft, joinedByMe, mine, opened, outbox } from "./store.js";

export const scroll = makeScroll(readBack);

const attach = (element) => scroll.attach(element);

export function drawer() {
  const conversation = opened.value;
  if (!conversation) return nothing;
  const details = conversation.customer_details ?? {};
  const name = customerName(details.name, conversation.customer);
  const facts = [wordFor("state", conversation.state), conversation.state === "active" && conversation.agent_name, tagName(conversation.topic),
    languageWord(conversation.language), details.email];
  return html`<aside class="drawer" aria-label=${t("pane.with", { name })}>
    <header class="conversation-head">
      <div class="conversation-title"><h2>${name}</h2><p>${facts.filter(Boolean).join(" · ")}</p></div>
      <button class="button quiet icon-button" type="button" @click=${closeConversation}>${icon("close")}<span class="hidden-text">${t("close")}</span></button>
    </header>
    ${choices(conversation)}
    <div class="timeline-frame"><div class="timeline" role="log" aria-label=${t("pane.history")} tabindex="0" ${ref(attach)} @scroll=${scroll.onScroll}>
      ${guard([conversation.events, conversation.complete, conversation.customer_read, conversation.customer_delivered, conversation.typing, conversation.customer_details,
        outbox.items.value, readingBack.value, language.value], () => timeline({ conversation, agent: me.value.agent, items: outbox.items.value, busy: readingBack.value,
        hooks: { again: outbox.again, drop: outbox.drop, back: readBack } }))}
    </div>
    ${scroll.below.value ? html`<button class="button small to-end" type="button" @click=${scroll.toEnd}>${icon("down")}${t("history.new")}</button>` : nothing}</div>
    ${foot(conversation)}
  </aside>`;
}

function choices(conversation) {
  if (conversation.state === "resolved") return nothing;
  const button = (name, picture, act, kind = "") => html`<button class="button small ${kind}" type="button" @click=${act}>${icon(picture)}${t(name)}</button>`;
  return html`<div class="drawer-choices row" role="group" aria-label=${t("drawer.choices")}>
    ${mine.value ? html`
      ${button("transfer.open", "swap", () => { dialog.value = "transfer"; })}
      ${button("resolve.open", "resolve", () => { dialog.value = "resolve"; }, "primary")}` : html`
      ${joinedByMe.value ? button("drawer.leave", "join", leaveConversation) : button("drawer.join", "join", join)}
      ${button("drawer.take_over", "person", () => { dialog.value = "take_over"; })}`}
    ${button("drawer.assign", "swap", () => { dialog.value = "assign"; })}
  </div>`;
}

function foot(conversation) {
  if (conversation.wrapup_until && conversation.state === "resolved") {
    return html`<div class="pane-foot wrapup"><p>${icon("away")}<span><strong>${t("wrapup.title")}</strong>
      ${watch(() => t("wrapup.left", { time: stopwatch(conversation.wrapup_until - clock.value) }))}</span></p>
      <button class="button small primary" type="button" @click=${finishWrapup}>${t("wrapup.finish")}</button></div>`;
  }
  if (conversation.state === "resolved") return html`<div class="pane-foot"><p class="muted">${t("foot.resolved")}</p></div>`;
  void draft.value;
  return html`${mayTalk() ? nothing : html`<p class="pane-notice info">${icon("info")}<span>${t("drawer.only_notes")}</span></p>`}
    ${composer({
      draft: draftHere(), canned: me.value.canned ?? [], language: conversation.language, suggested: mine.value ? suggestion(conversation) : "", onlyNotes: !mayTalk(),
      hooks: { text: (text) => setDraft({ text }), note: (note) => setDraft({ note }), use: (text) => setDraft({ text, note: false }), typing, send: say, files: refuseFiles },
    })}`;
}

/* --- dialogs ------------------------------------------------------------------------------------ */

export function drawerDialog(close) {
  if (!opened.value) return nothing;
  const others = (board.value?.agents ?? []).filter((agent) => agent.agent !== me.value.agent);
  switch (dialog.value) {
    case "transfer": return transferDialog({ colleagues: others, skills: me.value.skills_all ?? [], close, wish: (wish) => attemptHere("transfer", wish) });
    case "resolve": return resolveDialog({ dispositions: me.value.dispositions ?? [], close, wish: (wish) => attemptHere("resolve", wish) });
    case "assign": return assignDialog(others, close);
    case "take_over": return takeOverDialog(close);
    default: return nothing;
  }
}

function takeOverDialog(close) {
  const owner = opened.value.state === "active" ? opened.value.agent_name : "";
  return modal({ name: "take_over", title: t("drawer.take_over_title"), close, body: wishForm({
    close, submit: t("drawer.take_over"), fields: html`<p>${owner ? t("drawer.take_over_from", { name: owner }) : t("drawer.take_over_text")}</p>`,
    async wish() {
      if (await takeOver()) close();
      return null;
    },
  }) });
}

function assignDialog(agents, close) {
  const free = agents.filter((agent) => agent.state === "online" && agent.agent !== opened.value.agent);
  return modal({ name: "assign", title: t("drawer.assign_title"), close, body: free.length ? wishForm({
    close, submit: t("drawer.assign"),
    fields: html`<fieldset class="choices-field"><legend>${t("drawer.assign_to")}</legend>
      ${free.map((agent, i) => html`<label class="choice"><input type="radio" name="agent" value=${agent.agent} required ?autofocus=${i === 0}>
        <span class="choice-title">${agent.name}</span><span class="muted small-text">${t("staff.load_text", { taken: agent.active + agent.wrapping + agent.offered, n: agent.capacity })}</span>
        <span class="choice-hint">${tagNames(agent.skills)}</span></label>`)}</fieldset>`,
    wish: ({ agent }) => attemptHere("assign", { agent: Number(agent) }),
  }) : html`<p class="dialog-body muted">${t("drawer.nobody_online")}</p>` });
}

