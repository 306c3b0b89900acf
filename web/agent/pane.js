/* pane.js - the middle pane: one conversation, and what the agent can do with it. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { clock } from "../lib/clock.js";
import { suggestion } from "../lib/conversation.js";
import { icon } from "../lib/icons.js";
import { dayAndTime, stopwatch } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { composer } from "../staff/composer.js";
import { button, iconLink, makeChat, paneNotice } from "../staff/parts.js";
import { me } from "../staff/session.js";
import { stars } from "../staff/shown.js";
import { customerName, languageWord, locale, t, topicName, wordFor } from "../staff/words.js";
import {
  draftOf, finishWrapup, openDialog, readBack, readingBack, rewrite, say, setDraft, setPresence, typing,
} from "./actions.js";
import { openAct } from "./act.js";
import { askedCard } from "./asked.js";
import { conversations, current, drafts, isMine, offers, outbox, selected } from "./store.js";

export const chat = makeChat({ outbox, busy: readingBack, back: readBack, rewrite });

export function conversationPane() {
  const conversation = current.value;
  if (!conversation) return empty();
  const name = customerName(conversation.customer_details?.name, conversation.customer);
  return html`<section class="pane conversation-pane" aria-label=${t("pane.with", { name })}>
    ${head(conversation, name)}
    ${collision(conversation)}
    ${promise(conversation)}
    ${chat.view(conversation)}
    ${isMine(conversation) ? nothing : askedCard(conversation)}
    ${foot(conversation)}
  </section>`;
}

function empty() {
  return html`<section class="pane conversation-pane empty" aria-label=${t("pane.conversation")}>
    ${selected.value ? html`<p class="muted" role="status">${t("history.reading")}</p>` : nothingOpen()}</section>`;
}

export function nothingOpen() {
  const state = me.value.state;
  const what = offers.value.length ? "offer" : conversations.value.size ? "choose" : state;
  return html`<div class="nothing-open">${icon(state === "online" ? "inbox" : state)}
    <h2>${t(`empty.${what}`)}</h2>
    <p class="muted">${t(`empty.${what}_text`)}</p>
    ${state === "online" ? nothing
      : button({ text: t("presence.go_online"), picture: "online", kind: "primary", act: () => setPresence("online") })}
  </div>`;
}

function head(conversation, name) {
  const mine = isMine(conversation);
  const state = conversation.wrapup_until && !mine ? "wrapup" : conversation.state;
  const facts = [topicName(conversation.topic), languageWord(conversation.language), wordFor("state", state)];
  return html`<header class="conversation-head">
    ${iconLink({ text: t("pane.back"), picture: "back", href: "#/", kind: "only-phone" })}
    <div class="conversation-title"><h2>${name}</h2><p>${facts.filter(Boolean).join(" · ")}</p></div>
    ${mine ? html`
      ${button({ text: t("act.open"), picture: "tool", key: "O", kind: "small", act: () => openAct(conversation.conversation) })}
      ${button({ text: t("transfer.open"), picture: "swap", key: "T", kind: "small", act: () => openDialog("transfer") })}
      ${button({ text: t("resolve.open"), picture: "resolve", key: "E", kind: "small primary", act: () => openDialog("resolve") })}` : nothing}
    ${iconLink({ text: t("pane.details"), picture: "info", href: `#/${conversation.conversation}/details`, kind: "not-wide" })}
  </header>`;
}

/* Somebody else is here, or it has been taken away. */
function collision(conversation) {
  const { agent } = me.value;
  const others = conversation.joined.filter((one) => one.agent !== agent).map((one) => one.name);
  if (isMine(conversation)) return others.length ? paneNotice("warn", "join", t("collision.here", { name: others.join(", ") })) : nothing;
  if (conversation.state !== "active") return nothing;
  return paneNotice("warn", "swap", t("collision.theirs", { name: conversation.agent_name || t("author.agent") }));
}

function promise(conversation) {
  const made = conversation.promise;
  if (!made) return nothing;
  const due = made.due_at ? html`, ${t("promise.due", { time: dayAndTime(made.due_at, locale.value) })}` : "";
  return paneNotice("info", "calendar",
    html`<strong>${t("promise.title", { n: made.number })}</strong> ${wordFor("way", made.way)} ${made.address ?? ""}${due}`);
}

function foot(conversation) {
  const id = conversation.conversation;
  if (isMine(conversation)) return writing(conversation, id);
  if (!conversation.wrapup_until) {
    return html`<div class="pane-foot"><p class="muted">${t(`foot.${conversation.state}`)}
      ${conversation.state === "resolved" && conversation.stars ? stars(conversation.stars) : nothing}</p></div>`;
  }
  return html`<div class="pane-foot wrapup"><p>${icon("away")}<span><strong>${t("wrapup.title")}</strong>
    ${watch(() => t("wrapup.left", { time: stopwatch(conversation.wrapup_until - clock.value) }))}</span></p>
    ${button({ text: t("wrapup.finish"), key: "F", kind: "small primary", act: () => finishWrapup(id) })}</div>`;
}

function writing(conversation, id) {
  void drafts.value; /* another tab may change it */
  return composer({
    draft: draftOf(id),
    canned: me.value.canned ?? [],
    language: conversation.language,
    suggested: suggestion(conversation),
    hooks: {
      text: (text) => setDraft(id, { text }),
      note: (note) => setDraft(id, { note }),
      use: (text) => setDraft(id, { text, note: false }),
      typing: () => typing(id),
      send: () => say(id),
    },
  });
}
