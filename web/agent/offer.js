/* offer.js - the offers that wait for the agent's word: what it is about, how long the customer has
 * waited, and the time left, as a number and as a ring. */
import { html } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { clock } from "../lib/clock.js";
import { icon, ring } from "../lib/icons.js";
import { watch } from "../lib/watch.js";
import { button } from "../staff/parts.js";
import { languageWord, spanWord, t, topicName } from "../staff/words.js";
import { accept, answering, decline } from "./actions.js";
import { offers } from "./store.js";

const patience = (offer) => offer.expires_at - offer.made_at;
const left = (offer) => Math.min(patience(offer), Math.max(0, offer.expires_at - clock.value));

export function offerList() {
  return html`<section class="offers" aria-label=${t("offer.list")} ?hidden=${!offers.value.length}>
    ${repeat(offers.value, (offer) => offer.offer, card)}
  </section>`;
}

/* The letters stand on the first one: that is the one they answer. */
function card(offer, index) {
  const off = answering.value.has(offer.offer);
  const key = (letter) => (index ? "" : letter);
  return html`<article class="offer" aria-labelledby="offer-${offer.offer}">
    <div class="offer-clock">${watch(() => ring(left(offer) / patience(offer)))}<span class="offer-left">${watch(() => seconds(offer))}</span></div>
    <div class="offer-words">
      <p class="offer-kind">${t(offer.appointment ? "offer.promise" : "offer.title", { n: offer.appointment })}</p>
      <h2 id="offer-${offer.offer}">${topicName(offer.topic) || t("offer.no_topic")}</h2>
      <p class="offer-facts"><span>${languageWord(offer.language)}</span><span>${icon("waiting")}${watch(() => waited(offer))}</span></p>
    </div>
    <div class="offer-choices">
      ${button({ text: t("offer.accept"), picture: "accept", kind: "primary", key: key("A"), off, act: () => accept(offer) })}
      ${button({ text: t("offer.decline"), key: key("D"), off, act: () => decline(offer) })}
    </div>
    <p class="offer-note">${t("offer.free_to_decline")}</p>
  </article>`;
}

const waited = (offer) => t("offer.waited", { time: spanWord(clock.value - offer.wait_from) });

function seconds(offer) {
  const n = Math.ceil(left(offer) / 1000);
  return html`<span aria-hidden="true">${n}</span><span class="hidden-text">${t("offer.left", { n })}</span>`;
}
