/* main.js - the supervisor's pages: the live board, all conversations, the staff. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { effect, mount } from "../lib/store.js";
import { approvals, readApprovals } from "../staff/approvals.js";
import { helpDialog } from "../staff/dialogs.js";
import { keepFilesOut } from "../staff/files.js";
import { lineNotice, mark, noticeList, topBar } from "../staff/frame.js";
import { door } from "../staff/login.js";
import { button } from "../staff/parts.js";
import { keepPresence } from "../staff/presence.js";
import { line, logOut, session, start } from "../staff/session.js";
import { followSettings, letterKeys, whenLanguageChanges } from "../staff/settings.js";
import { t } from "../staff/words.js";
import { address, closeConversation, followAddress } from "./actions.js";
import { boardPage } from "./board.js";
import { conversationsPage } from "./conversations.js";
import { chat, drawer, drawerDialog } from "./drawer.js";
import { file, isUnkept, knowledgeLive, knowledgeSpoken } from "./knowledge.js";
import { fileAddress, knowledgeDialog, knowledgePage } from "./knowledge_page.js";
import { learnedPage, learnedSoon } from "./learned.js";
import { staffDialog, staffPage } from "./staff.js";
import { boardSoon, dialog, forgetAll, mayManage, maySee, opened, outbox, place, takeEvent, takeMe, takeSignal } from "./store.js";

const PAGES = { board: boardPage, conversations: conversationsPage, staff: staffPage, learned: learnedPage, knowledge: knowledgePage };
const KEYS = { KeyB: "board", KeyC: "conversations", KeyS: "staff", KeyL: "learned", KeyK: "knowledge" };

/* Topics and articles are the administrator's. */
const mayOpen = (page) => page !== "knowledge" || mayManage.value;

function view() {
  if (session.value.state !== "in") return door(t("supervisor.title"), "robin");
  if (!maySee.value) return notYours();
  return html`<div class="app ${place.value.conversation ? "with-drawer" : ""}">
    ${topBar({
      title: t("supervisor.title"), middle: tabs(), help: () => { dialog.value = "help"; },
      links: [{ href: "/agent", text: t("agent.title") }],
    })}
    <div class="app-notices">${lineNotice()}</div>
    <main class="panes" id="main" tabindex="-1"><div class="page">${PAGES[mayOpen(place.value.page) ? place.value.page : "board"]()}</div>${drawer()}</main>
    ${noticeList()}
    ${dialogs()}
  </div>`;
}

function notYours() {
  return html`<main class="door"><div class="door-card card stack">${mark}<p>${t("door.not_yours")}</p>
    <a class="button primary" href="/agent">${t("door.to_agent")}</a>
    ${button({ text: t("logout"), act: logOut })}</div></main>`;
}

/* A conversation stays open beside the next page, unless it would lie on top of it (supervisor.css); the file that was
 * being edited is found again. */
const covered = matchMedia("(max-width: 63.99rem)");
const besides = (page) => (page === "knowledge" && place.value.page !== page && file.value ? fileAddress(file.value)
  : address(page, covered.matches ? 0 : place.value.conversation));

/* What waits for a yes stands on the board, and is told on every page. */
function waiting() {
  const n = approvals.value.length;
  return n ? html` <span class="count strong" title=${t("approval.waiting", { n })}><span aria-hidden="true">${n}</span>
    <span class="hidden-text">${t("approval.waiting", { n })}</span></span>` : nothing;
}

function tabs() {
  const tab = (page) => html`<a href=${besides(page)} @click=${(event) => event.currentTarget.setAttribute("href", besides(page))}
    aria-current=${page === place.value.page ? "page" : nothing}>${t(`tabs.${page}`)}${page === "board" ? waiting() : nothing}</a>`;
  return html`<nav class="tabs" aria-label=${t("tabs.title")}>${Object.keys(PAGES).filter(mayOpen).map(tab)}</nav>`;
}

function dialogs() {
  const close = () => { dialog.value = ""; };
  if (dialog.value === "help") return helpDialog({ groups: helpGroups(), close });
  if (/^(add|change|password|remove)/.test(dialog.value)) return staffDialog(close);
  if (/^(new|discard|restore|file-remove)/.test(dialog.value)) return knowledgeDialog(close);
  return drawerDialog(close);
}

function helpGroups() {
  const group = (name, keys) => ({ title: t(`help.${name}`), keys: keys.map(([key, text]) => [[key], text]) });
  return [
    group("pages", [
      ["B", t("tabs.board")], ["C", t("tabs.conversations")], ["S", t("tabs.staff")], ["L", t("tabs.learned")], ...(mayManage.value ? [["K", t("tabs.knowledge")]] : []), ["/", t("help.search")], ["?", t("help.help")],
    ]),
    group("conversation", [["Esc", t("help.close")], ["/", t("help.canned")], ["Enter", t("help.send")]]),
  ];
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (dialog.value || !maySee.value || document.querySelector(":popover-open")) return;
  const field = event.target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select");
  if (event.key === "Escape" && !field && place.value.conversation) closeConversation();
  else if (field || !letterKeys.value) return;
  else if (event.key === "?") dialog.value = "help";
  else if (event.key === "/") location.hash = address("conversations"), setTimeout(() => document.getElementById("search")?.focus(), 50);
  else if (KEYS[event.code] && mayOpen(KEYS[event.code]) && !event.shiftKey) location.hash = besides(KEYS[event.code]);
  else return;
  event.preventDefault();
}

/* On a narrow screen the tabs are wider than their row. */
let tabInSight = "";

function bringTabIntoSight() {
  const tab = document.querySelector(".tabs [aria-current]");
  if (!tab || tabInSight === tab.textContent) return;
  tabInSight = tab.textContent;
  tab.scrollIntoView({ inline: "center", block: "nearest" });
}

function afterDraw() {
  chat.drawn(opened.value);
  bringTabIntoSight();
  document.title = `${t("supervisor.title")} · beckon`;
}

followSettings();
keepFilesOut();
keepPresence();
mount(document.getElementById("app"), view, afterDraw);
addEventListener("hashchange", followAddress);
addEventListener("keydown", onKey);
addEventListener("beforeunload", (event) => { if (isUnkept.value) event.preventDefault(); });
document.addEventListener("visibilitychange", boardSoon);
effect(() => {
  if (line.value.name !== "live") return;
  queueMicrotask(outbox.retryNow);
  queueMicrotask(knowledgeLive);
});
effect(() => { if (session.value.state === "in") queueMicrotask(followAddress); });
whenLanguageChanges(() => {
  knowledgeSpoken();
  learnedSoon();
  if (maySee.value) readApprovals();
});
start({ me: takeMe, event: takeEvent, signal: takeSignal, end: forgetAll });
