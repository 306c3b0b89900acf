/* shown.js - how single values are shown: a rating, an address. */
import { html } from "/vendor/lit-html/lit-html.js";
import { t } from "./words.js";

/* A rating as stars, and in words for those who do not see them. */
export function stars(n) {
  return html`<span class="stars"><span aria-hidden="true">${"★".repeat(n)}${"☆".repeat(5 - n)}</span>
    <span class="hidden-text">${t("details.stars", { n })}</span></span>`;
}

/* An address that may be broken where it reads best. */
export function address(text) {
  return (text ?? "").split(/(?<=[@.])/).map((piece, i) => (i ? html`<wbr>${piece}` : piece));
}
