/* A message of the staff in the customer's language, with the original one click away. Loaded when the first one
   comes: most customers need none. */
import { element, rich } from "./text.js";

const ORIGINAL = { en: "Translated by AI: the original", sv: "Översatt av AI: originalet" };

export const show = ({ log, lang, client: { server, story } }, { message, translation, to }) => {
  if (!translation) return;
  const said = story.items.filter(({ type, author }) => type === "message.sent" && author !== "customer");
  const at = said.findIndex(({ seq }) => seq === message), place = log.querySelectorAll(".other > .text")[at];
  place?.replaceChildren(element("div", { lang: to, dir: "auto" }, rich(translation, server)),
    element("details", {}, element("summary", { style: "padding: .5em 0; font-size: .85em; text-align: start; text-decoration: underline" }, ORIGINAL[lang.slice(0, 2)] || ORIGINAL.en),
      element("div", { dir: "auto" }, rich(said[at].text, server))));
};
