/* details.js - the right pane: who the customer is, what the conversation has come to, and the
 * hand-over note. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { clock } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { dayAndTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { badge, iconLink } from "../staff/parts.js";
import { address, stars } from "../staff/shown.js";
import { handoverBody } from "../staff/timeline.js";
import { customerName, languageWord, locale, spanWord, t, topicName, wordFor } from "../staff/words.js";
import { askedCard } from "./asked.js";
import { current, isMine } from "./store.js";

export function detailsPane() {
  const conversation = current.value;
  if (!conversation) return nothing;
  return html`<aside class="pane details-pane" aria-label=${t("pane.details")}>
    <header class="details-head not-wide">
      ${iconLink({ text: t("pane.back_to_chat"), picture: "back", href: `#/${conversation.conversation}` })}
      <h2>${t("pane.details")}</h2></header>
    <div class="details-scroll" tabindex="0" role="group" aria-label=${t("pane.details")}>
      ${conversation.note ? note(conversation.note) : nothing}
      ${isMine(conversation) ? askedCard(conversation) : nothing}
      ${customer(conversation)}
      ${facts(conversation)}
    </div></aside>`;
}

const note = (said) => html`<section class="handover"><h3>${icon("swap")}${t("handover.title")}</h3>${handoverBody(said)}</section>`;

const fact = (name, value) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing);

function customer(conversation) {
  const details = conversation.customer_details ?? {};
  return html`<section class="details-part"><h3>${t("details.customer")}</h3>
    <dl class="facts">
      ${fact(t("details.name"), customerName(details.name, conversation.customer))}
      ${fact(t("details.email"), details.email && address(details.email))}
      ${fact(t("details.external_id"), details.external_id)}
      ${fact(t("details.identity"), details.verified ? badge("good", "accept", t("details.verified")) : t("details.anonymous"))}
    </dl></section>`;
}

/* What the customer wrote with the rating, if the events that are known have it. */
function comment(conversation) {
  return conversation.events.findLast((event) => event.type === "conversation.rated")?.comment ?? "";
}

function facts(conversation) {
  const requested = conversation.events.findLast((event) => event.type === "human.requested");
  const assigned = conversation.events.findLast((event) => event.type === "conversation.assigned");
  const waited = assigned && requested ? assigned.at - requested.at : 0;
  return html`<section class="details-part"><h3>${t("details.conversation")}</h3>
    ${conversation.recontact ? badge("warn", "flag", t("details.recontact")) : nothing}
    <dl class="facts">
      ${fact(t("details.number"), String(conversation.conversation))}
      ${fact(t("details.topic"), topicName(conversation.topic))}
      ${fact(t("details.language"), languageWord(conversation.language))}
      ${fact(t("details.opened"), conversation.opened_at ? dayAndTime(conversation.opened_at, locale.value) : "")}
      ${fact(t("details.why"), requested ? wordFor("via", requested.via) : "")}
      ${fact(t("details.waited"), waited > 0 ? spanWord(waited) : "")}
      ${isMine(conversation) && assigned ? fact(t("details.with_you"), watch(() => spanWord(clock.value - assigned.at))) : nothing}
      ${fact(t("details.rating"), conversation.stars ? html`${stars(conversation.stars)} ${comment(conversation)}` : "")}
    </dl></section>`;
}
