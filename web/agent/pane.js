/* pane.js - the middle pane: one conversation, and what the agent can do with it. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { guard } from "/vendor/lit-html/directives/guard.js";
import { ref } from "/vendor/lit-html/directives/ref.js";
import { clock } from "../lib/clock.js";
import { suggestion } from "../lib/conversation.js";
import { icon } from "../lib/icons.js";
import { dayAndTime, stopwatch } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { composer } from "../staff/composer.js";
import { makeScroll } from "../staff/scroll.js";
import { me } from "../staff/session.js";
import { timeline } from "../staff/timeline.js";
import { customerName, language, languageWord, locale, t, tagName, wordFor } from "../staff/words.js";
import { draftOf, finishWrapup, openDialog, readBack, readingBack, refuseFiles, say, setDraft, setPresence, typing } from "./actions.js";
import { conversations, current, drafts, isMine, offers, outbox, selected } from "./store.js";

export const scroll = makeScroll(() => { if (selected.value) readBack(selected.value); });

const attach = (element) => scroll.attach(element);

export function conversationPane() {
  const conversation = current.value;
  if (!conversation) return html`<section class="pane conversation-pane empty" aria-label=${t("pane.conversation")}>${selected.value ? html`<p class="muted" role="status">${t("history.reading")}</p>` : nothingOpen()}</section>`;
  const name = customerName(conversation.customer_details?.name, conversation.customer);
  return html`<section class="pane conversation-pane" aria-label=${t("pane.with", { name })}>
    ${head(conversation, name)}
    ${collision(conversation)}
    ${promise(conversation)}
    <div class="timeline-frame"><div class="timeline" role="log" aria-label=${t("pane.history")} tabindex="0" ${ref(attach)} @scroll=${scroll.onScroll}>
      ${guard([conversation.events, conversation.complete, conversation.customer_read, conversation.customer_delivered, conversation.typing,
        conversation.customer_details, outbox.items.value, readingBack.value, language.value], () => timeline({
        conversation, agent: me.value.agent, items: outbox.items.value, busy: readingBack.value,
        hooks: { again: outbox.again, drop: outbox.drop, back: () => readBack(conversation.conversation) },
      }))}
    </div>
    ${scroll.below.value ? html`<button class="button small to-end" type="button" @click=${scroll.toEnd}>${icon("down")}${t("history.new")}</button>` : nothing}</div>
    ${foot(conversation)}
  </section>`;
}

function nothingOpen() {
  const state = me.value.state;
  const what = offers.value.length ? "offer" : conversations.value.size ? "choose" : state;
  return html`<div class="nothing-open">${icon(state === "online" ? "inbox" : state)}
    <h2>${t(`empty.${what}`)}</h2>
    <p class="muted">${t(`empty.${what}_text`)}</p>
    ${state === "online" ? nothing : html`<button class="button primary" type="button" @click=${() => setPresence("online")}>${icon("online")}${t("presence.go_online")}</button>`}
  </div>`;
}

function head(conversation, name) {
  const mine = isMine(conversation);
  const facts = [tagName(conversation.topic), languageWord(conversation.language), wordFor("state", conversation.wrapup_until && !mine ? "wrapup" : conversation.state)];
  return html`<header class="conversation-head">
    <a class="button quiet icon-button only-phone" href="#/">${icon("back")}<span class="hidden-text">${t("pane.back")}</span></a>
    <div class="conversation-title"><h2>${name}</h2><p>${facts.filter(Boolean).join(" · ")}</p></div>
    ${mine ? html`
      <button class="button small" type="button" title=${t("transfer.title")} @click=${() => openDialog("transfer")}>${icon("swap")}<span class="head-word">${t("transfer.open")}</span> <kbd>T</kbd></button>
      <button class="button small primary" type="button" title=${t("resolve.title")} @click=${() => openDialog("resolve")}>${icon("resolve")}<span class="head-word">${t("resolve.open")}</span> <kbd>E</kbd></button>` : nothing}
    <a class="button quiet icon-button not-wide" href="#/${conversation.conversation}/details">${icon("info")}<span class="hidden-text">${t("pane.details")}</span></a>
  </header>`;
}

/* Somebody else is here, or it has been taken away. */
function collision(conversation) {
  const { agent } = me.value;
  const others = conversation.joined.filter((one) => one.agent !== agent);
  if (isMine(conversation) && others.length) {
    return html`<p class="pane-notice warn">${icon("join")}<span>${t("collision.here", { name: others.map((one) => one.name).join(", ") })}</span></p>`;
  }
  if (conversation.state === "active" && conversation.agent !== agent) {
    return html`<p class="pane-notice warn">${icon("swap")}<span>${t("collision.theirs", { name: conversation.agent_name || t("author.agent") })}</span></p>`;
  }
  return nothing;
}

function promise(conversation) {
  const made = conversation.promise;
  if (!made) return nothing;
  return html`<p class="pane-notice info">${icon("calendar")}<span><strong>${t("promise.title", { n: made.number })}</strong>
    ${wordFor("way", made.way)} ${made.address ?? ""}${made.due_at ? html`, ${t("promise.due", { time: dayAndTime(made.due_at, locale.value) })}` : ""}</span></p>`;
}

function foot(conversation) {
  const id = conversation.conversation;
  if (isMine(conversation)) {
    void drafts.value;
    return composer({
      draft: draftOf(id), canned: me.value.canned ?? [], language: conversation.language, suggested: suggestion(conversation),
      hooks: {
        text: (text) => setDraft(id, { text }), note: (note) => setDraft(id, { note }), use: (text) => setDraft(id, { text, note: false }),
        typing: () => typing(id), send: () => say(id), files: refuseFiles,
      },
    });
  }
  if (conversation.wrapup_until) {
    return html`<div class="pane-foot wrapup"><p>${icon("away")}<span><strong>${t("wrapup.title")}</strong>
      ${watch(() => t("wrapup.left", { time: stopwatch(conversation.wrapup_until - clock.value) }))}</span></p>
      <button class="button small primary" type="button" @click=${() => finishWrapup(id)}>${t("wrapup.finish")} <kbd>F</kbd></button></div>`;
  }
  return html`<div class="pane-foot"><p class="muted">${t(`foot.${conversation.state}`)}</p></div>`;
}
