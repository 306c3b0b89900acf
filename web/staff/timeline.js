/* timeline.js - a conversation's history as staff see it: messages, notes and what happened between
 * them. A pure template; scrolling is scroll.js. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { saysSomething } from "../lib/conversation.js";
import { unseen } from "../lib/outbox.js";
import { icon } from "../lib/icons.js";
import { inline, markdown, plain, safeUrl, unmarked } from "../lib/markdown.js";
import { clockTime, day, dayAndTime, iso, sameDay } from "../lib/time.js";
import { stars } from "./shown.js";
import { why } from "./why.js";
import { actionName, articleName, customerName, dispositionName, languageWord, locale, skillName, t, topicName, wordFor } from "./words.js";

const TOGETHER_MS = 180000; /* words of one author this close stand under one name */

/* `outbox` and the hooks again, drop and back may be left out where nothing is written. */
export function timeline({ conversation, agent, items = [], busy = false, hooks = {} }) {
  const pending = unseen(items, conversation.conversation, conversation.events, agent);
  const rows = entries(conversation);
  return html`
    ${conversation.complete ? nothing : earlier(busy, hooks.back)}
    ${repeat(rows, (row) => row.key, (row) => entry(row, conversation, agent))}
    ${repeat(pending, (item) => item.key, (item, i) => pendingMessage(item, i > 0, hooks))}
    ${conversation.typing ? typing(conversation) : nothing}`;
}

function earlier(busy, back) {
  return html`<div class="earlier"><button class="button small quiet" type="button" ?disabled=${busy} @click=${back}>
    ${busy ? t("history.reading") : t("history.earlier")}</button></div>`;
}

/* Events with day lines between them; an entry knows whether it goes on under the name above, and what
 * was decided before the assistant said it. */
function entries(conversation) {
  const rows = [];
  let before = null, decided = null;
  for (const event of conversation.events) {
    if (event.type === "assistant.decided") {
      decided = event;
      if (event.decision !== "hand_over") continue;
    }
    if (!before || !sameDay(before.at, event.at)) rows.push({ key: `day ${event.seq}`, day: event.at });
    const goesOn = before && before.type === "message.sent" && event.type === "message.sent" && before.author === event.author &&
      before.agent === event.agent && event.at - before.at < TOGETHER_MS && sameDay(before.at, event.at);
    const said = event.type === "message.sent" && event.author === "assistant" ? decided : null;
    if (said) decided = null;
    rows.push({ key: event.seq, event, goesOn, because: said && { decided: said, actions: actionsOf(conversation, said.turn) } });
    before = event;
  }
  return rows;
}

const actionsOf = (conversation, turn) =>
  conversation.events.filter((event) => event.type === "action.finished" && event.turn === turn);

function entry(row, conversation, agent) {
  if (row.day) return html`<p class="day"><span>${day(row.day, locale.value)}</span></p>`;
  const { event } = row;
  if (event.type === "message.sent") return message(row, conversation, agent);
  if (event.type === "note.added") return note(event);
  if (event.type === "handover.noted") return saysSomething(event.note) ? handover(event) : nothing;
  const shown = moment(event, agent);
  return shown ? html`<p class="moment">${icon(shown[0])}<span>${shown[1]} ${timeOf(event)}</span></p>` : nothing;
}

function timeOf(event) {
  return html`<time datetime=${iso(event.at)}>${clockTime(event.at, locale.value)}</time>`;
}

/* --- messages ---------------------------------------------------------------------------------- */

function author(event, conversation, agent) {
  if (event.author === "customer") return customerName(conversation.customer_details?.name, conversation.customer);
  if (event.author === "assistant") return t("author.assistant");
  if (event.agent === agent) return t("author.you");
  return event.author === "supervisor" ? t("author.supervisor", { name: event.name ?? "" }) : event.name ?? t("author.agent");
}

function message({ event, goesOn, because }, conversation, agent) {
  const side = event.author === "customer" ? "theirs" : "ours";
  const own = event.author === "agent" || event.author === "supervisor";
  return html`<article class="message ${side} by-${event.author} ${goesOn ? "goes-on" : ""}">
    <header class=${goesOn ? "hidden-text" : ""}>
      ${event.author === "assistant" ? icon("assistant") : nothing}
      <span class="who">${author(event, conversation, agent)}</span>
      ${timeOf(event)}
    </header>
    ${bubble(event, conversation.translated[event.seq])}
    ${event.sources?.length ? sources(event.sources) : nothing}
    ${event.choices?.length ? html`<p class="choices">${t("message.choices")} ${event.choices.join(" · ")}</p>` : nothing}
    ${own ? mark(event, conversation) : nothing}
    ${because ? why(because.decided, because.actions) : nothing}
  </article>`;
}

const said = (event, text) => (event.author === "assistant" ? markdown(text) : html`<p>${plain(text)}</p>`);

/* What was said to staff stands in their language, with the original one click away; what staff said stays as they wrote
 * it, and what the customer reads is one click away. */
function bubble(event, translation) {
  const text = event.text ?? "";
  if (!translation) return html`<div class="bubble">${said(event, text)}</div>`;
  const own = event.author === "agent" || event.author === "supervisor";
  if (!translation.translation)
    return html`<div class="bubble">${said(event, text)}</div>
      <p class="mark" title=${wordFor("fallback", translation.fallback)}>${icon("globe")}${t(own ? "translated.not_theirs" : "translated.not", { language: languageWord(translation.from) })}</p>`;
  const [shown, other, title] = own
    ? [text, translation.translation, t("translated.theirs", { language: languageWord(translation.to) })]
    : [translation.translation, text, t("translated.original", { language: languageWord(translation.from) })];
  return html`<div class="bubble" lang=${own ? nothing : translation.to}>${said(event, shown)}</div>
    <details class="original"><summary>${icon("globe")}${title}</summary>
      <div lang=${own ? translation.to : translation.from}>${said(event, other)}</div></details>`;
}

function sources(list) {
  return html`<p class="sources">${t("message.sources")}
    ${list.map((source, i) => {
      const url = safeUrl(source.url ?? "");
      const title = source.title || source.url;
      return html`${i ? ", " : ""}${url ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${title}</a>` : title}`;
    })}</p>`;
}

function mark(event, conversation) {
  const state = event.seq <= conversation.customer_read ? "read" : event.seq <= conversation.customer_delivered ? "delivered" : "sent";
  return html`<p class="mark ${state}">${icon(state === "sent" ? "sent" : "delivered")}${t(`mark.${state}`)}</p>`;
}

function pendingMessage(item, goesOn, hooks) {
  const isNote = item.path.endsWith("/notes");
  const kinds = [isNote ? "is-note" : "by-agent", item.refused && "refused", goesOn && "goes-on"].filter(Boolean).join(" ");
  return html`<article class="message ours pending ${kinds}">
    <header class=${goesOn ? "hidden-text" : ""}><span class="who">${isNote ? t("author.your_note") : t("author.you")}</span></header>
    <div class="bubble"><p>${plain(item.body.text)}</p></div>
    ${item.refused
      ? html`<p class="mark refused" role="alert">${icon("alert")}${t("outbox.refused")} ${wordFor("refused", item.refused)}</p>
        <p class="row pending-choices">
          <button class="button small" type="button" @click=${() => hooks.again(item.key)}>${t("outbox.again")}</button>
          <button class="button small quiet" type="button" @click=${() => hooks.edit(item)}>${t("outbox.edit")}</button>
          <button class="button small quiet" type="button" @click=${() => hooks.drop(item.key)}>${t("outbox.drop")}</button></p>`
      : html`<p class="mark">${icon("waiting")}${t("outbox.sending")}</p>`}
  </article>`;
}

function typing(conversation) {
  const { author: side, name } = conversation.typing;
  const who = side === "customer" ? customerName(conversation.customer_details?.name, conversation.customer)
    : side === "assistant" ? t("author.assistant") : name;
  return html`<p class="typing"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${t("typing", { name: who })}</p>`;
}

/* --- what staff wrote for each other ----------------------------------------------------------- */

function note(event) {
  return html`<article class="message ours is-note">
    <header>${icon("note")}<span class="who">${event.name ? t("note.by", { name: event.name }) : t("note.by_assistant")}</span>
      ${timeOf(event)}</header>
    <div class="bubble"><p>${plain(event.text ?? "")}</p></div>
  </article>`;
}

function handover(event) {
  const { summary, summary_by } = event.note;
  /* What it sums up stands in the note before. */
  return html`<article class="handover in-timeline"><h3>${icon("swap")}${t("handover.title")}</h3>
    ${handoverBody(summary ? { summary, summary_by } : event.note)}</article>`;
}

/* An action and what it came to, such as "extend-due-date: refused", in words; else what was written. */
function noted(line) {
  const [, action, outcome] = /^([a-z0-9_-]+): (done|refused|failed|timed_out|approval|not approved)$/.exec(line) ?? [];
  return action ? `${actionName(action)}: ${wordFor("outcome", outcome.replace(" ", "_"))}` : inline(line);
}

/* What the assistant could not get: one of a few words, "extend-due-date: unsure", or the question that nobody has answered. */
function missing(line) {
  const [, action, why] = /^([a-z0-9_-]+): (unsure|approval)$/.exec(line) ?? [];
  if (action) return t(`missing.${why}`, { action: actionName(action) });
  return ["matter", "identity", "code"].includes(line) ? wordFor("missing", line) : inline(line);
}

/* The hand-over note: {who, wants, tried, found, missing, suggested_reply}, and {summary, summary_by} of a language model. */
export function handoverBody(note) {
  if (!note) return nothing;
  const list = (items) => html`<ul>${items.map((item) => html`<li>${noted(String(item))}</li>`)}</ul>`;
  return html`<dl class="facts">
    ${note.summary ? html`<div><dt>${t("handover.summary", { model: note.summary_by ?? "" })}</dt><dd>${note.summary}</dd></div>` : nothing}
    ${note.who ? html`<div><dt>${t("handover.who")}</dt><dd>${note.who}</dd></div>` : nothing}
    ${note.wants ? html`<div><dt>${t("handover.wants")}</dt><dd>${note.wants}</dd></div>` : nothing}
    ${note.tried?.length ? html`<div><dt>${t("handover.tried")}</dt><dd>${list(note.tried)}</dd></div>` : nothing}
    ${note.heard?.length ? html`<div><dt>${t("handover.heard")}</dt><dd>${note.heard.map((kind) => wordFor("heard", kind)).join(", ")}</dd></div>` : nothing}
    ${note.found?.length ? html`<div><dt>${t("handover.found")}</dt><dd>${list(note.found)}</dd></div>` : nothing}
    ${note.missing?.length ? html`<div><dt>${t("handover.missing")}</dt><dd><ul>${note.missing.map((item) => html`<li>${missing(String(item))}</li>`)}</ul></dd></div>` : nothing}
    ${note.suggested_reply ? html`<div><dt>${t("handover.suggested")}</dt><dd>${unmarked(note.suggested_reply)}</dd></div>` : nothing}
  </dl>`;
}

/* --- what happened ----------------------------------------------------------------------------- */

/* Each kind: a picture and a sentence. */
const MOMENTS = {
  "conversation.opened": () => ["inbox", t("moment.opened")],
  "conversation.reopened": (event) => ["inbox", t(event.by === "assistant" ? "moment.reopened_decided" : "moment.reopened")],
  "recontact.marked": (event) =>
    ["flag", t("moment.recontact", { topic: topicName(event.topic), day: dayAndTime(event.resolved_at, locale.value) })],
  "assistant.decided": (event) => ["assistant", t("moment.hand_over", { topic: topicName(event.topic) || t("offer.no_topic") })],
  "action.finished": (event) =>
    ["tool", t("moment.action", { action: actionName(event.action), outcome: wordFor("outcome", event.outcome) })],
  "human.requested": (event) => ["person", wordFor("via", event.via)],
  "care.offered": (event) => ["flag", `${wordFor("heard", event.kind)}${quoted(event.text)}`],
  "approval.requested": (event) => ["flag", t(event.needs === "nobody" ? "moment.approval_free" : "moment.approval_requested", { action: actionName(event.action) })],
  "approval.given": (event, own, name) => ["accept", own || !name ? t("moment.approval_given_you") : t("moment.approval_given", { name })],
  "approval.refused": (event) => ["flag", html`${t("moment.approval_refused")}${quoted(event.reason)}`],
  "approval.expired": () => ["waiting", t("moment.approval_expired")],
  "approval.done": (event) => ["tool", t("moment.approval_done", { outcome: wordFor("outcome", event.outcome) })],
  "identity.code_sent": () => ["tool", t("moment.code_sent")],
  "identity.code_tried": (event) => ["tool", t(event.outcome === "right" ? "moment.code_right" : "moment.code_wrong")],
  "paraphrase.learned": (event) => ["assistant", t("moment.learned", { wording: event.wording, target: event.topic ? topicName(event.topic) : articleName(event.article) })],
  "conversation.queued": (event) => ["waiting", event.to_agent ? t("moment.queued_for_colleague") : t("moment.queued")],
  "conversation.assigned": (event, own, name) => ["accept", own ? t(`moment.assigned_you.${event.via}`) : t("moment.assigned", { name })],
  "conversation.transferred": (event, own) => ["swap", transferred(event, own)],
  "supervisor.joined": (event, own, name) => ["join", t("moment.joined", { name })],
  "supervisor.left": (event, own, name) => ["join", t("moment.left", { name })],
  "conversation.resolved": (event) => ["resolve", resolved(event)],
  "conversation.rated": (event) => ["star", html`${t("moment.rated")} ${stars(event.stars)}${quoted(event.comment)}`],
  "appointment.made": (event) => ["calendar", t("moment.promised", { n: event.number, way: wordFor("way", event.way) })],
  "appointment.kept": (event) => ["calendar", t("moment.kept", { n: event.number })],
};

function moment(event, agent) {
  const own = event.agent === agent;
  return MOMENTS[event.type]?.(event, own, own ? t("author.you") : event.name ?? "");
}

const quoted = (text) => (text ? ` “${text}”` : "");

function transferred(event, own) {
  const where = event.reason === "taken_over" || event.reason === "assigned" ? t("moment.taken_over")
    : event.reason === "agent_gone" ? t("moment.agent_gone")
    : event.to_skill ? t("moment.transferred_skill", { skill: skillName(event.to_skill) })
    : own ? t("moment.transferred_you") : t("moment.transferred");
  return where + quoted(event.note);
}

function resolved(event) {
  const by = wordFor("resolved_by", event.by);
  const how = event.disposition ? dispositionName(event.disposition) : "";
  return (how && how !== by ? `${by}: ${how}` : by) + quoted(event.note);
}
