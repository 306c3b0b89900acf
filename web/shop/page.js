/* The demo's shop: products, a choice of whom to be, the line that embeds the widget, and the ways to
   the other pages. Its back end is on another port; without it the shop is shut but the chat works. */
import { element } from "../widget/text.js";
import { drawing } from "./drawings.js";

const NOBODY = { identity: "", signature: "", name: "", email: "" };
const KEPT = "shop customer"; // in localStorage: who was chosen last
const QUESTIONS = ["When is my payment due?", "Can I pay later?", "Where is my refund?", "Why did I get a fee?",
  "Where is my order?", "Do you sell penguins?", "I want a human"];
const PAGES = [
  ["/chat", "The conversation on a page of its own", "for customers", ""],
  ["/agent", "Agent Alex", "login alex", "alex-whimbrel"],
  ["/agent", "Agent Sam", "login sam", "sam-whimbrel"],
  ["/supervisor", "Supervisor Robin", "login robin", "robin-whimbrel"],
];

export async function shop(workspace, embed) {
  const ask = async (path) => {
    const answer = await fetch(workspace.demo.backend + path);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };
  const page = new Shop(workspace, ask);
  page.build();
  const [products, customers] = await Promise.all(["/shop/products", "/shop/customers"].map((path) => ask(path).catch(() => ({}))));
  page.showProducts(products.products || []);
  page.showCustomers(customers.customers || []);
  await page.become(localStorage.getItem(KEPT) || "");
  embed(page.attributes());
  page.announce();
}

class Shop {
  who = NOBODY;

  constructor(workspace, ask) {
    Object.assign(this, { workspace, ask });
  }

  build() {
    const { name, description } = this.workspace;
    document.title = `the ${name} Nest`;
    document.body.classList.add("shop");
    this.choice = element("select", { id: "customer", onchange: () => this.change() }, element("option", { value: "" }, "nobody (anonymous)"));
    this.language = element("select", { id: "language", onchange: () => this.tell() },
      ["en English", "sv Svenska"].map((row) => element("option", { value: row.slice(0, 2) }, row.slice(3))));
    this.language.value = navigator.language.startsWith("sv") ? "sv" : "en";
    this.state = element("p", { role: "status", class: "small-text muted" });
    this.products = element("ul", { class: "products" });
    this.code = element("code", { id: "line" });
    document.body.append(
      element("a", { class: "skip-link button", href: "#main" }, "Skip to the shop"),
      element("header", { class: "top" },
        element("p", { class: "brand" }, drawing("bird"), element("span", {}, `the ${name} Nest`)),
        element("div", { class: "who" }, this.labelled("Log in as", this.choice), this.labelled("Chat in", this.language)), this.state),
      element("main", { id: "main" },
        element("section", { class: "hero" }, element("h1", {}, description), drawing("bird"),
          element("p", { class: "lead" }, `A shop of ${name}, a firm that does not exist. Log in as one of its customers, ask the chat below on the right, and be the people who answer, too.`)),
        element("section", { "aria-labelledby": "things" }, element("h2", { id: "things" }, "In the nest today"), this.products),
        element("div", { class: "columns" }, this.questions(), this.others()), this.line()),
      element("footer", { class: "muted small-text" }, `${name} is invented; so are its customers, its orders and its money.`));
  }

  labelled(label, control) {
    return element("span", { class: "labelled" }, element("label", { htmlFor: control.id }, label), control);
  }

  questions() {
    return element("section", { class: "card stack", "aria-labelledby": "ask" }, element("h2", { id: "ask" }, "Something to ask"),
      element("ul", { class: "row chips" }, QUESTIONS.map((text) => element("li", {},
        element("button", { type: "button", class: "button", onclick: () => this.prefill(text) }, text)))));
  }

  others() {
    const link = ([href, title, who, password]) => element("li", {},
      element("a", { href, ...(href === "/chat" && { id: "chat-link" }), target: "_blank", rel: "noopener" }, title), " ",
      element("span", { class: "muted" }, who, password && [", password ", element("code", {}, password)]));
    return element("section", { class: "card stack", "aria-labelledby": "pages" }, element("h2", { id: "pages" }, "The other side"),
      element("p", { class: "muted" }, "Open them side by side and play a whole story."), element("ul", { class: "pages" }, PAGES.map(link)));
  }

  line() {
    const button = element("button", { type: "button", class: "button", onclick: async () => {
      const done = await navigator.clipboard.writeText(this.code.textContent).then(() => true, () => false);
      if (!done) getSelection().selectAllChildren(this.code);
      button.textContent = done ? "Copied" : "Selected: copy with Ctrl+C";
      setTimeout(() => { button.textContent = "Copy"; }, 3000);
    } }, "Copy");
    return element("section", { class: "card stack", "aria-labelledby": "one" },
      element("div", { class: "spread" }, element("h2", { id: "one" }, "The one line on this page"), button),
      element("pre", { tabIndex: 0, role: "group", ariaLabel: "Code" }, this.code),
      element("p", { class: "muted small-text" }, "The shop's own server signs the customer's identity. Without the signature the customer stays anonymous."));
  }

  /* The chat, once its script has loaded and made it. */
  async chat() {
    for (;;) {
      const chat = document.querySelector("beckon-chat");
      if (chat?.client) return chat;
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async prefill(text) {
    const chat = await this.chat();
    chat.open();
    chat.input.value = text;
    chat.input.focus();
  }

  showProducts(products) {
    this.products.replaceChildren(...products.map(({ name, text, price, parts, icon, colour }) => {
      const tile = element("div", { class: "tile" }, drawing(icon));
      tile.style.backgroundColor = colour;
      return element("li", { class: "product" }, tile, element("h3", {}, name), element("p", { class: "muted" }, text),
        element("p", { class: "price" }, element("strong", {}, price), element("span", { class: "muted" }, "or ", parts)),
        element("button", { type: "button", class: "button", ariaLabel: `Ask about it: ${name}`, onclick: () => this.prefill(`Can I pay for the ${name.toLowerCase()} in three parts?`) }, "Ask about it"));
    }));
    if (!products.length) this.products.append(element("li", { class: "notice warn" }, "The shop's back end does not answer: no goods today. The chat works."));
  }

  showCustomers(customers) {
    this.choice.append(...customers.map(({ customer, name, line }) => element("option", { value: customer }, `${name}: ${line}`)));
  }

  async become(customer) {
    this.who = customer ? await this.ask("/shop/login?customer=" + encodeURIComponent(customer)).catch(() => NOBODY) : NOBODY;
    this.choice.value = this.who.identity;
    localStorage.setItem(KEPT, this.who.identity);
    this.describe();
  }

  announce() {
    this.state.textContent = this.who.identity ? `You are ${this.who.name} (${this.who.identity}).` : "You are not logged in.";
  }

  async change() {
    await this.become(this.choice.value);
    await this.tell();
    this.announce();
  }

  attributes() {
    const { identity, signature, name, email } = this.who;
    return { accent: this.workspace.accent, language: this.language.value, ...(identity && { identity, signature, name, email }) };
  }

  /* The chat takes up whom the page has become. */
  async tell() {
    this.describe();
    const chat = await this.chat(), attributes = this.attributes();
    for (const name of ["language", ...Object.keys(NOBODY)]) {
      if (attributes[name]) chat.setAttribute(name, attributes[name]);
      else chat.removeAttribute(name);
    }
  }

  describe() {
    const attributes = this.attributes();
    const data = Object.entries(attributes).map(([name, value]) => ` data-${name}="${value}"`).join("");
    this.code.textContent = `<script src="${location.origin}/widget.js"${data} async></script>`;
    document.getElementById("chat-link").href = "/chat#" + new URLSearchParams(attributes);
  }
}
