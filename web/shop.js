/* / : in the demo the shop of its fictional firm, with the widget on it; of any other workspace a
   plain page with the company's name and the way to the chat. */
import { element } from "./widget/text.js";

/* Puts the widget on this page, the way any host page does: with the one line. */
export function embed(attributes) {
  const script = element("script", { src: "/widget.js", async: true });
  Object.assign(script.dataset, attributes);
  document.body.append(script);
}

function landing({ name, description, accent }) {
  document.title = name;
  document.body.append(element("main", { class: "landing stack" },
    element("h1", {}, name), element("p", { class: "lead" }, description),
    element("p", {}, element("a", { class: "button primary", href: "/chat" }, "Chat with us"))));
  embed({ accent });
}

async function begin() {
  const workspace = await (await fetch("/v1/workspace")).json();
  if (!workspace.demo) return landing(workspace);
  const { shop } = await import("./shop/page.js");
  return shop(workspace, embed);
}

begin().catch(() => {
  document.body.append(element("main", { class: "landing stack" }, element("h1", {}, "No connection"),
    element("p", {}, "The server cannot be reached. Please load the page again in a moment."),
    element("p", {}, element("a", { class: "button primary", href: "/" }, "Load again"))));
});
