/* drawer.js - one conversation beside the board: read it, join, take it over, give it to somebody. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { clock } from "../lib/clock.js";
import { suggestion } from "../lib/conversation.js";
import { icon } from "../lib/icons.js";
import { stopwatch } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { composer } from "../staff/composer.js";
import { modal, resolveDialog, transferDialog, wishForm } from "../staff/dialogs.js";
import { button, iconButton, makeChat, paneNotice } from "../staff/parts.js";
import { me } from "../staff/session.js";
import { customerName, languageWord, t, topicName, skillNames, wordFor } from "../staff/words.js";
import {
  attemptHere, closeConversation, draftHere, finishWrapup, join, leaveConversation, mayTalk, readBack, readingBack,
  rewrite, say, setDraft, takeOver, typing,
} from "./actions.js";
import { load } from "./staff.js";
import { board, dialog, drafts, joinedByMe, mine, opened, outbox } from "./store.js";

export const chat = makeChat({ outbox, busy: readingBack, back: readBack, rewrite });

export function drawer() {
  const conversation = opened.value;
  if (!conversation) return nothing;
  const { name, email } = conversation.customer_details ?? {};
  const shown = customerName(name, conversation.customer);
  const owner = conversation.state === "active" && conversation.agent_name;
  const facts = [wordFor("state", conversation.state), owner, topicName(conversation.topic), languageWord(conversation.language), email];
  return html`<aside class="drawer" aria-label=${t("pane.with", { name: shown })}>
    <header class="conversation-head">
      <div class="conversation-title"><h2>${shown}</h2><p>${facts.filter(Boolean).join(" · ")}</p></div>
      ${iconButton({ text: t("close"), picture: "close", act: closeConversation })}
    </header>
    ${conversation.state === "resolved" ? nothing : choices()}
    ${chat.view(conversation)}
    ${foot(conversation)}
  </aside>`;
}

function choices() {
  const choice = (text, picture, act, kind = "") => button({ text: t(text), picture, act, kind: `small ${kind}` });
  const ask = (name) => () => { dialog.value = name; };
  const own = () => html`${choice("transfer.open", "swap", ask("transfer"))}${choice("resolve.open", "resolve", ask("resolve"), "primary")}`;
  const others = () => html`
    ${joinedByMe.value ? choice("drawer.leave", "join", leaveConversation) : choice("drawer.join", "join", join)}
    ${choice("drawer.take_over", "person", ask("take_over"))}`;
  return html`<div class="drawer-choices row" role="group" aria-label=${t("drawer.choices")}>
    ${mine.value ? own() : others()}${choice("drawer.assign", "swap", ask("assign"))}</div>`;
}

function foot(conversation) {
  if (conversation.state !== "resolved") return writing(conversation);
  if (!conversation.wrapup_until) return html`<div class="pane-foot"><p class="muted">${t("foot.resolved")}</p></div>`;
  return html`<div class="pane-foot wrapup"><p>${icon("away")}<span><strong>${t("wrapup.title")}</strong>
    ${watch(() => t("wrapup.left", { time: stopwatch(conversation.wrapup_until - clock.value) }))}</span></p>
    ${button({ text: t("wrapup.finish"), kind: "small primary", act: finishWrapup })}</div>`;
}

function writing(conversation) {
  void drafts.value; /* another tab may change it */
  return html`${mayTalk() ? nothing : paneNotice("info", "info", t("drawer.only_notes"))}
    ${composer({
      draft: draftHere(),
      canned: me.value.canned ?? [],
      language: conversation.language,
      suggested: mine.value ? suggestion(conversation) : "",
      onlyNotes: !mayTalk(),
      hooks: {
        text: (text) => setDraft({ text }),
        note: (note) => setDraft({ note }),
        use: (text) => setDraft({ text, note: false }),
        send: say,
        typing,
      },
    })}`;
}

/* --- dialogs ------------------------------------------------------------------------------------ */

export function drawerDialog(close) {
  if (!opened.value) return nothing;
  const others = (board.value?.agents ?? []).filter((agent) => agent.agent !== me.value.agent);
  const wish = (verb) => (values) => attemptHere(verb, values);
  switch (dialog.value) {
    case "transfer": return transferDialog({ colleagues: others, skills: me.value.skills_all ?? [], close, wish: wish("transfer") });
    case "resolve": return resolveDialog({ dispositions: me.value.dispositions ?? [], close, wish: wish("resolve") });
    case "assign": return assignDialog(others, close);
    case "take_over": return takeOverDialog(close);
    default: return nothing;
  }
}

function takeOverDialog(close) {
  const owner = opened.value.state === "active" ? opened.value.agent_name : "";
  return modal({ name: "take_over", title: t("drawer.take_over_title"), close, body: wishForm({
    close,
    submit: t("drawer.take_over"),
    fields: html`<p>${owner ? t("drawer.take_over_from", { name: owner }) : t("drawer.take_over_text")}</p>`,
    async wish() {
      if (await takeOver()) close();
      return null;
    },
  }) });
}

function assignDialog(agents, close) {
  const free = agents.filter((agent) => agent.state === "online" && agent.agent !== opened.value.agent);
  const choice = (agent, i) => html`<label class="choice">
    <input type="radio" name="agent" value=${agent.agent} required ?autofocus=${i === 0}>
    <span class="choice-title">${agent.name}</span><span class="muted small-text">${load(agent)}</span>
    <span class="choice-hint">${skillNames(agent.skills)}</span></label>`;
  const form = () => wishForm({
    close,
    submit: t("drawer.assign"),
    fields: html`<fieldset class="choices-field"><legend>${t("drawer.assign_to")}</legend>${free.map(choice)}</fieldset>`,
    wish: ({ agent }) => attemptHere("assign", { agent: Number(agent) }),
  });
  const nobody = () => html`<p class="dialog-body muted">${t("drawer.nobody_online")}</p>`;
  return modal({ name: "assign", title: t("drawer.assign_title"), close, body: free.length ? form() : nobody() });
}
