/* offer.js - the offers that wait for the agent's word: what it is about, how long the customer has
 * waited, and the time left, as a number and as a ring. */
import { html, nothing } from "/vendor/lit-html/lit-html.js";
import { repeat } from "/vendor/lit-html/directives/repeat.js";
import { clock } from "../lib/clock.js";
import { icon, ring } from "../lib/icons.js";
import { watch } from "../lib/watch.js";
import { languageWord, spanWord, t, tagName } from "../staff/words.js";
import { accept, answering, decline } from "./actions.js";
import { offers } from "./store.js";

const PATIENCE_MS = 15000; /* of an offer that was made before the page came */

const patience = (offer) => offer.patience_ms ?? PATIENCE_MS;
const left = (offer) => Math.min(patience(offer), Math.max(0, offer.expires_at - clock.value));

export function offerList() {
  return html`<section class="offers" aria-label=${t("offer.list")} ?hidden=${!offers.value.length}>
    ${repeat(offers.value, (offer) => offer.offer, card)}
  </section>`;
}

function card(offer, index) {
  const busy = answering.value.has(offer.offer);
  return html`<article class="offer" aria-labelledby="offer-${offer.offer}">
    <div class="offer-clock">${watch(() => ring(left(offer) / patience(offer)))}
      <span class="offer-left">${watch(() => html`<span aria-hidden="true">${Math.ceil(left(offer) / 1000)}</span><span class="hidden-text">${t("offer.left", { n: Math.ceil(left(offer) / 1000) })}</span>`)}</span></div>
    <div class="offer-words">
      <p class="offer-kind">${t("offer.title")}</p>
      <h2 id="offer-${offer.offer}">${tagName(offer.topic) || t("offer.no_topic")}</h2>
      <p class="offer-facts"><span>${languageWord(offer.language)}</span><span>${icon("waiting")}${watch(() => t("offer.waited", { time: spanWord(clock.value - offer.wait_from) }))}</span></p>
    </div>
    <div class="offer-choices">
      <button class="button primary" type="button" ?disabled=${busy} @click=${() => accept(offer)}>${icon("accept")}${t("offer.accept")}${index ? nothing : html` <kbd>A</kbd>`}</button>
      <button class="button" type="button" ?disabled=${busy} @click=${() => decline(offer)}>${t("offer.decline")}${index ? nothing : html` <kbd>D</kbd>`}</button>
    </div>
    <p class="offer-note">${t("offer.free_to_decline")}</p>
  </article>`;
}
