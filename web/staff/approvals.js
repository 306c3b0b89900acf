/* approvals.js - what waits for somebody's yes, on the agents' page and the supervisors': what, for whom, why, how much;
 * to allow it, or to refuse it with a reason.
 *
 * The stream tells everybody that there is something to decide; what it is comes from GET /v1/approvals, to those who may. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { ref } from "/vendor/lit-html/directives/ref.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { get } from "../lib/api.js";
import { clock } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { signal } from "../lib/store.js";
import { watch } from "../lib/watch.js";
import { button } from "./parts.js";
import { command } from "./session.js";
import { notify } from "./settings.js";
import { customerName, locale, refusalWord, spanWord, t } from "./words.js";

export const approvals = signal([]);
/* The number whose refusal is being written, and its words; and those that wait for the server's word. */
const refusing = signal({ number: 0, reason: "" });
const deciding = signal(new Set());

/* Only the answer to the last question counts: an older one would bring back what is decided by now. */
let turn = 0, reading = false;

/* A failure is no matter: the next change reads it again. */
export function readApprovals() {
  const mine = ++turn;
  reading = true;
  get("/v1/approvals", { language: locale.value }).then(({ approvals: rows }) => rows, () => approvals.value).then((rows) => {
    if (mine !== turn) return;
    reading = false;
    approvals.value = rows;
  });
}

export function takeApproval(event) {
  if (!event.type.startsWith("approval.")) return;
  if (event.type === "approval.requested" && event.needs !== "nobody") readApprovals();
  else {
    approvals.value = approvals.value.filter((one) => one.number !== event.number);
    if (reading) readApprovals();
  }
}

export function forgetApprovals() {
  turn++;
  reading = false;
  approvals.value = [];
  refusing.value = { number: 0, reason: "" };
}

async function decide(approval, verb, body) {
  if (deciding.value.has(approval.number)) return;
  deciding.value = new Set(deciding.value).add(approval.number);
  const done = await command(`/v1/approvals/${approval.number}/${verb}`, body, (refusal) => {
    notify(refusalWord(refusal), "bad");
    readApprovals(); /* somebody else was quicker, or its time is over */
  });
  const left = new Set(deciding.value);
  left.delete(approval.number);
  deciding.value = left;
  if (done) refusing.value = { number: 0, reason: "" };
}

/* Where the reason is to be written, and where it was wished to write one: the keyboard stays at the card. */
const toField = (element) => { if (element) queueMicrotask(() => element.focus()); };
let cancelled = 0;
const toChoice = (number) => (element) => {
  if (!element || cancelled !== number) return;
  cancelled = 0;
  queueMicrotask(() => element.querySelector(".button:last-child")?.focus());
};

function cancel(number) {
  cancelled = number;
  refusing.value = { number: 0, reason: "" };
}

/* address(conversation): where to read it, on the pages of those who may. */
export function approvalList(address) {
  return html`<section class="approvals" aria-label=${t("approval.list")} ?hidden=${!approvals.value.length}>
    ${repeat(approvals.value, (approval) => approval.number, (approval) => card(approval, address))}
  </section>`;
}

/* "EUR 749.00" as the reader writes it; what is no money stays. */
function money(amount) {
  const [, currency, value] = /^([A-Z]{3}) (\d+\.\d\d)$/.exec(amount ?? "") ?? [];
  return currency ? new Intl.NumberFormat(locale.value, { style: "currency", currency }).format(Number(value)) : amount;
}

function fact(name, text) {
  return text ? html`<div><dt>${t(`approval.${name}`)}</dt><dd>${text}</dd></div>` : nothing;
}

function card(approval, address) {
  const { number, conversation, title, amount, why, name, customer, parameters, titles, asked_by: asker } = approval;
  const details = Object.entries(parameters).map(([key, value]) => `${titles?.[key] ?? key} ${value}`).join(", ");
  return html`<article class="approval" aria-labelledby="approval-${number}">
    <p class="approval-kind">${icon("flag")}${t("approval.title")} <span class="muted">${watch(() => left(approval))}</span></p>
    <h2 id="approval-${number}">${title}</h2>
    <dl class="facts">${fact("amount", money(amount))}${fact("for", customerName(name, customer))}${fact("details", details)}${fact("asker", asker)}${fact(asker ? "because" : "why", why)}</dl>
    ${address ? html`<a class="approval-open" href=${address(conversation)}>${t("approval.open")}</a>` : nothing}
    ${refusing.value.number === number ? refusal(approval) : choices(approval)}
  </article>`;
}

function choices(approval) {
  const off = deciding.value.has(approval.number);
  return html`<div class="approval-choices" ${ref(toChoice(approval.number))}>
    ${button({ text: t("approval.approve"), picture: "accept", kind: "primary", off, act: () => decide(approval, "approve", {}) })}
    ${button({ text: t("approval.refuse"), off, act: () => { refusing.value = { number: approval.number, reason: "" }; } })}
  </div>`;
}

function refusal(approval) {
  const off = deciding.value.has(approval.number);
  const send = (event) => {
    event.preventDefault();
    if (refusing.value.reason.trim()) decide(approval, "refuse", { reason: refusing.value.reason.trim() });
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    cancel(approval.number);
  };
  return html`<form class="approval-refusal" @submit=${send} @keydown=${escape}>
    <label for="reason-${approval.number}">${t("approval.reason")}</label>
    <input class="input" id="reason-${approval.number}" required maxlength="500" autocomplete="off" .value=${refusing.value.reason} ${ref(toField)}
      @input=${(event) => { refusing.value = { number: approval.number, reason: event.target.value }; }}>
    <div class="approval-choices">
      <button class="button primary" type="submit" ?disabled=${off}>${t("approval.refuse_now")}</button>
      ${button({ text: t("cancel"), off, act: () => cancel(approval.number) })}
    </div>
  </form>`;
}

const left = (approval) => t("approval.left", { time: spanWord(Math.max(0, approval.expires_at - clock.value)) });
