/* main.js - the agent app: log in, be online, take offers, talk, hand on, resolve.
 *
 * It draws what store.js knows; keys.js and the buttons call actions.js. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { live } from "/vendor/lit-html/directives/live.js";
import { icon } from "../lib/icons.js";
import { effect, mount } from "../lib/store.js";
import { readApprovals } from "../staff/approvals.js";
import { helpDialog, resolveDialog, transferDialog } from "../staff/dialogs.js";
import { keepFilesOut } from "../staff/files.js";
import { lineNotice, noticeList, topBar } from "../staff/frame.js";
import { door } from "../staff/login.js";
import { keepPresence } from "../staff/presence.js";
import { line, me, session, start } from "../staff/session.js";
import { followSettings, whenLanguageChanges } from "../staff/settings.js";
import { t } from "../staff/words.js";
import { attempt, followAddress, markSoon, setPresence } from "./actions.js";
import { followAsked } from "./asked.js";
import { actionDialog } from "./act.js";
import { detailsPane } from "./details.js";
import { helpGroups, onKey } from "./keys.js";
import { listPane } from "./list.js";
import { chat, conversationPane } from "./pane.js";
import {
  conversations, current, dialog, forgetAll, isMine, offers, outbox, pane, presenceReason, selected, takeEvent, takeMe, takeSignal,
  unreadTotal,
} from "./store.js";

const STATES = ["online", "away", "offline"];

function view() {
  if (session.value.state !== "in") return door(t("agent.title"), "alex");
  return html`<div class="app shows-${pane.value}">
    ${topBar({ title: t("agent.title"), middle: presence(), help: () => { dialog.value = "help"; }, links: links() })}
    <div class="app-notices">${lineNotice()}${presenceNotice()}</div>
    <main class="panes ${current.value ? "" : "bare"}" id="main" tabindex="-1">${listPane()}${conversationPane()}${detailsPane()}</main>
    ${noticeList()}
    ${dialogs()}
  </div>`;
}

function links() {
  return me.value.role === "agent" ? [] : [{ href: "/supervisor", text: t("supervisor.title") }];
}

function presence() {
  return html`<fieldset class="segmented presence-switch"><legend class="hidden-text">${t("presence.title")}</legend>
    ${STATES.map((state) => html`<label class=${state}>
      <input type="radio" name="presence" .checked=${live(me.value.state === state)} @change=${() => setPresence(state)}>
      <span>${icon(state)}${t(`presence.${state}`)}</span></label>`)}</fieldset>`;
}

function presenceNotice() {
  if (!presenceReason.value || me.value.state === "online") return nothing;
  return html`<div class="line-notice" role="status">${icon("away")}<p>${t(`presence.reason.${presenceReason.value}`)}</p>
    <button class="button small" type="button" @click=${() => setPresence("online")}>${t("presence.go_online")}</button></div>`;
}

function dialogs() {
  const close = () => { dialog.value = ""; };
  const path = current.value && `/v1/conversations/${current.value.conversation}`;
  if (dialog.value === "help") return helpDialog({ groups: helpGroups(), close });
  if (dialog.value === "transfer" && path) {
    const { colleagues = [], skills_all: skills = [] } = me.value;
    return transferDialog({ colleagues, skills, close, wish: (values) => attempt(`${path}/transfer`, values) });
  }
  if (dialog.value === "resolve" && path) {
    return resolveDialog({ dispositions: me.value.dispositions ?? [], close, wish: (values) => attempt(`${path}/resolve`, values) });
  }
  if (dialog.value === "act" && path) return actionDialog({ path, close });
  return nothing;
}

function afterDraw() {
  chat.drawn(current.value);
  markSoon();
}

/* --- what goes on beside the page -------------------------------------------------------------- */

function title() {
  const name = `${t("agent.title")} · beckon`;
  return session.value.state === "in" && unreadTotal.value ? `(${unreadTotal.value}) ${name}` : name;
}

/* The title says that something waits, also when another tab is in front. */
function flashTitle() {
  let on = false;
  setInterval(() => {
    on = !on;
    document.title = offers.value.length && on ? `★ ${t("offer.title")}` : title();
  }, 1000);
}

followSettings();
keepFilesOut();
mount(document.getElementById("app"), view, afterDraw);
flashTitle();
keepPresence();
followAsked();
addEventListener("hashchange", followAddress);
addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", markSoon);
effect(() => { if (line.value.name === "live") queueMicrotask(outbox.retryNow); });
effect(() => { if (session.value.state === "in") queueMicrotask(followAddress); });
whenLanguageChanges(() => { if (me.value) readApprovals(); });
effect(() => {
  const open = conversations.value.get(selected.value);
  if (dialog.value && dialog.value !== "help" && !(open && isMine(open))) dialog.value = ""; /* it has gone */
});

start({ me: takeMe, event: takeEvent, signal: takeSignal, end: forgetAll });
