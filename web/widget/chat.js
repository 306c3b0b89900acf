/* <beckon-chat>: the launcher and the conversation, in a shadow root. Attributes: server, accent,
   position (right, left), language, theme (auto, light, dark), and who the customer is: identity and
   its signature, name, email. mode="page" fills the page instead. The nodes are made once; update()
   touches only what has changed, so that focus and screen readers stay where they are. */
import { Client, unseen } from "./client.js";
import { style } from "./style.js";
import { element, link, rich } from "./text.js";

const WHO = ["identity", "signature", "name", "email"];
// Bytes of a message.
const LIMIT = 8000;

/* Makes the children anew if the key has changed. */
function fill(node, key, make = () => [key]) {
  if (node.key === key) return;
  node.key = key;
  node.replaceChildren(...make().filter(Boolean));
}

class Chat extends HTMLElement {
  static observedAttributes = [...WHO, "language"];
  seen = () => this.update();

  connectedCallback() {
    document.addEventListener("visibilitychange", this.seen);
    this.narrow = matchMedia("(max-width: 30em), (max-height: 26em)");
    this.narrow.onchange = () => this.shown && this.show();
    this.begin();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.seen);
    this.client?.close();
  }

  attributeChangedCallback() {
    this.begin();
  }

  get(name) {
    return this.getAttribute(name) || "";
  }

  /* Several attributes change together when a customer logs in: one beginning for all. */
  async begin() {
    if (!this.isConnected || this.beginning) return;
    this.beginning = true;
    // The interface is in English or Swedish; what is said comes in any language that the workspace speaks.
    const { languages } = navigator, wishes = [this.get("language"), ...languages].filter(Boolean);
    const language = (wishes.find((tag) => /^(en|sv)/.test(tag)) || "en").slice(0, 2);
    const { default: table } = await import(`../texts/customer/${language}.js`);
    this.lang = languages.find((tag) => tag.startsWith(language)) || language;
    this.beginning = false;
    this.t = (key, values) => table[key]?.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    this.client?.close();
    this.client = new Client(this.get("server") || location.origin, Object.fromEntries(WHO.map((name) => [name, this.get(name)])),
      wishes, () => this.update());
    this.build(this.get("mode") === "page");
    if (this.whole || sessionStorage.beckon) this.show();
    this.update();
  }

  build(whole) {
    const { t } = this, make = (name, tag, properties = {}, ...children) => this[name] = element(tag, properties, ...children);
    this.whole = whole;
    make("panel", whole ? "section" : "dialog", { class: "panel", ariaLabel: t("open") },
      element("div", { class: "head" },
        element("hgroup", {}, make("company", whole ? "h1" : "h2", { tabIndex: -1 }), make("who", "p", { role: "status" })),
        make("more", "details", {}, element("summary", { ariaLabel: t("more") }, "⋯"), make("menu", "div", { class: "card menu panel" })),
        !whole && element("button", { class: "icon", ariaLabel: t("close"), onclick: () => this.hide() }, "✕")),
      make("bar", "div", { class: "bar" }, make("ask", "button", { class: "ask", onclick: () => this.person() })),
      make("scroller", "div", { class: "scroll", tabIndex: 0, role: "group", ariaLabel: t("log") },
        make("intro", "div"), make("log", "div", { class: "log", role: "log", ariaLabel: t("log") }), make("queue", "div"),
        make("typing", "p", { class: "meta", role: "status" }), make("task", "div")),
      make("alert", "p", { class: "bar", role: "status" }),
      element("form", { class: "write", onsubmit: (event) => this.submit(event) },
        make("input", "textarea", { rows: 1, ariaLabel: t("write"), placeholder: t("write") }),
        make("left", "span", { role: "status" }), element("button", { class: "main", ariaLabel: t("send") }, "↑")));
    this.input.oninput = () => {
      this.client.wrote();
      this.measure();
    };
    this.panel.onkeydown = (event) => {
      const { key, target, shiftKey, isComposing } = event;
      if (key === "Escape" && !isComposing) {
        event.preventDefault();
        if (this.more.open) this.more.open = false;
        else if (!whole) this.hide();
      }
      if (key === "Enter" && target === this.input && !shiftKey && !isComposing) this.submit(event);
    };
    // The phone's own way back.
    this.panel.oncancel = () => this.hide();
    this.more.addEventListener("focusout", ({ relatedTarget }) => { this.more.open &&= this.more.contains(relatedTarget); });
    this.menu.onclick = () => {
      this.more.open = false;
      this.input.focus();
    };
    // Files are not taken, however they come, and must not open in place of the page.
    this.panel.ondragover = this.panel.ondrop = this.panel.onpaste = (event) => {
      const { types } = event.dataTransfer || event.clipboardData;
      if (!types.includes("Files") || types.includes("text/plain")) return;
      event.preventDefault();
      this.fail({ message: t("files") });
    };
    make("launch", "button", { class: "launch main", hidden: whole, onclick: () => this.open() });
    this.shadowRoot || (this.attachShadow({ mode: "open" }).adoptedStyleSheets = [style]);
    this.shadowRoot.replaceChildren(this.panel, this.launch, make("news", "p", { class: "unseen", role: "status" }));
  }

  /* --- open and closed: the phone's sheet is modal, the desktop's panel leaves the page free --- */
  show() {
    this.shown = this.launch.hidden = true;
    this.panel.close?.();
    this.panel[this.narrow.matches ? "showModal" : "show"]?.();
    this.scroller.scrollTop = 1e9;
    this.update();
  }

  open() {
    sessionStorage.beckon = 1;
    this.show();
    // On a touch screen the keyboard would hide what is to be read first.
    (matchMedia("(pointer: coarse)").matches ? this.company : this.input).focus();
  }

  hide() {
    delete sessionStorage.beckon;
    this.panel.close();
    this.shown = this.launch.hidden = false;
    this.launch.focus();
  }

  /* --- what the customer does ------------------------------------------------------------------ */
  measure() {
    const length = new TextEncoder().encode(this.input.value.trim()).length;
    fill(this.left, length > LIMIT - 500 ? `${length} / ${LIMIT}` : "");
    this.left.className = length > LIMIT ? "bad" : "";
    return length <= LIMIT;
  }

  submit(event) {
    event.preventDefault();
    if (this.measure()) this.say(this.input.value);
  }

  say(value) {
    const text = value.trim();
    this.input.value = "";
    this.measure();
    this.input.focus();
    if (text) this.client.post("messages", { text });
    this.scroller.scrollTop = 1e9;
  }

  person() {
    if (this.asked) this.leaving = true;
    else this.client.post("human");
    this.update();
    if (this.leaving) this.task.querySelector("input").focus();
  }

  fail({ message }) {
    this.client.problem = message;
    this.update();
  }

  async download() {
    const href = URL.createObjectURL(await this.client.about("transcript"));
    element("a", { href, download: "conversation.txt" }).click();
  }

  button(label, onclick) {
    return element("button", { type: "button", onclick }, label);
  }

  card(title, key, submit, fields, cancel) {
    return element("form", { class: "card", onsubmit: (event) => {
      event.preventDefault();
      submit(Object.fromEntries(new FormData(event.target)));
    } }, element("fieldset", {}, element("legend", {}, this.t(title)), fields, element("button", { class: "main" }, this.t(key)), cancel));
  }

  field(key, tag, properties) {
    return element("label", {}, this.t(key), element(tag, { name: key, ...properties }));
  }

  rating() {
    return this.card("rate", "sendRating", ({ stars, comment }) => this.client.post("rating", { stars: +stars, comment: comment || undefined }),
      [element("p", {}, [1, 2, 3, 4, 5].map((n) => element("input", {
        type: "radio", class: "star", name: "stars", value: n, required: true, ariaLabel: this.t("stars", { n }),
      }))), this.field("comment", "textarea", { maxLength: 600 })]);
  }

  appointment() {
    const close = () => {
      this.leaving = false;
      this.update();
    };
    return this.card(this.client.human.high_ms < 0 ? "nobody" : "comeBack", "promise", ({ address, when }) => {
      this.client.post("appointment", { way: address.includes("@") ? "email" : "call_back", address, due_at: Date.parse(when) || undefined });
      close();
    }, [this.field("address", "input", { required: true, maxLength: 254, pattern: ".+@.+|(\\D*\\d){5,}\\D*", title: this.t("address"), value: this.get("email") }),
      this.field("when", "input", { type: "datetime-local" })], this.button(this.t("cancel"), close));
  }

  endings({ id, state }) {
    const { client, t } = this;
    return id ? [this.button(t("transcript"), () => this.download().catch((error) => this.fail(error))),
      state === "resolved" ? this.button(t("fresh"), () => client.fresh()) : this.button(t("end"), () => client.post("end"))] : [];
  }

  /* --- what the customer sees ------------------------------------------------------------------ */
  estimate({ low_ms: low, high_ms: high }) {
    const minutes = new Intl.NumberFormat(this.lang, { style: "unit", unit: "minute", maximumFractionDigits: 0 });
    return high >= 0 ? minutes.formatRange(Math.max(1, low / 60000), Math.max(1, high / 60000)).replace("~", "") : "";
  }

  bubble(own, name, body, ...below) {
    return element("div", { class: own ? "own" : "other" }, element("p", { class: own ? "unseen" : "meta" }, name), element("div", { class: "text", dir: "auto" }, body), ...below);
  }

  message({ seq, at, author, name, text, sources = [] }) {
    const { t, client: { server } } = this, own = author === "customer", mark = element("span", {});
    if (own) this.marks.push([seq, mark]);
    const time = new Date(at).toLocaleString(this.lang, { timeStyle: "short", ...(Date.now() - at > 6e7 && { dateStyle: "medium" }) });
    return this.bubble(own, own ? t("you") : author === "assistant" ? t("ai") : name, own ? text : rich(text, server),
      sources[0] && element("p", { class: "sources" }, t("sources"), sources.map(({ title, url }) => [" ", link(title, url, server)])),
      element("p", { class: "meta" }, time, mark));
  }

  update() {
    const { client, t, scroller } = this;
    if (!this.panel) return;
    const { story, workspace, outbox, typing } = client;
    const low = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 99;
    if (workspace) fill(this.intro, workspace.name, () => this.introduce(workspace));
    this.status(story, outbox);
    this.tell(story);
    const queue = unseen(story, outbox);
    fill(this.queue, JSON.stringify(queue), () => queue.map((entry) => this.bubble(true, t("you"), entry.body.text,
      element("p", { class: "meta" }, t(entry.error ? "notSent" : entry.seq ? "sent" : "sending", entry)),
      entry.error && [this.button(t("again"), () => client.keep({ ...entry, error: "" })), this.button(t("remove"), () => client.drop(entry))])));
    fill(this.typing, story.thinking ? t("thinking") : typing?.until > Date.now() ? t("typing", typing) : "");
    this.offer(story, outbox);
    fill(this.alert, client.late ? t("offline") : client.problem || "");
    // A long answer is read from its beginning.
    if (low) {
      scroller.scrollTop = 1e9;
      this.fresh?.scrollIntoView();
    }
    this.fresh = null;
    this.notify(story);
  }

  introduce({ name, greeting, language, accent, privacy_url: privacy }) {
    const { t, client: { server } } = this;
    this.style.setProperty("--accent", this.get("accent") || accent);
    fill(this.company, name);
    return [element("p", { class: "line" }, t("notice"), " ", privacy && link(t("privacy"), privacy, server)),
      this.bubble(false, t("ai"), element("div", { lang: language }, rich(greeting, server)))];
  }

  /* Who answers, and how to reach a person: said in every state. */
  status(story, outbox) {
    const { t, ask, client: { human } } = this, { state, promise, wait } = story;
    const asked = this.asked = state === "waiting" || outbox.some(({ to }) => to === "human");
    const time = this.estimate(asked ? wait : human || {});
    const about = time && t("about", { time });
    fill(this.who, state === "active" ? t("withPerson", story) : !asked ? t("aiFirst")
      : promise ? t("promised", story) : t(wait.place ? "place" : "waiting", wait) + (about && ", " + about));
    const hint = asked || !human ? "" : about || t("nobody");
    fill(ask, t(asked ? "leave" : "person") + hint, () => [t(asked ? "leave" : "person"), element("span", {}, hint)]);
    // With nobody there the form comes by itself, and stays until it is sent or cancelled.
    if (!asked || promise) this.leaving = null;
    else if (human?.high_ms < 0) this.leaving ??= true;
    this.bar.hidden = state === "active" || (asked && (promise || this.leaving));
  }

  tell(story) {
    const { log, t } = this;
    if (log.story !== story) {
      Object.assign(log, { story, count: 0 });
      log.replaceChildren();
      this.marks = [];
    }
    // The past is not news.
    log.ariaLive = log.count ? "polite" : "off";
    for (const item of story.items.slice(log.count)) {
      const line = t(`${item.type} ${item.via || item.by}`, item) ?? t(item.type, item);
      if (item.message) import("./translated.js").then(({ show }) => show(this, item));
      // Where help is, for somebody in need: said at once, by nobody.
      if (item.type === "care.offered") log.append(element("p", { class: "care", role: "alert" }, item.text));
      else if (line || item.text) log.append(this.fresh = item.text ? this.message(item) : element("p", { class: "line" }, line));
    }
    log.count = story.items.length;
    for (const [seq, mark] of this.marks) {
      fill(mark, " · " + t(["read", "delivered"].find((name) => seq <= story.marks["agent " + name]) || "sent"));
    }
  }

  /* Below the messages stands one thing to do: choices, an appointment, or a rating. */
  offer(story, outbox) {
    const { task, menu, shadowRoot } = this, { state, stars } = story, over = state === "resolved";
    const last = story.items.findLast(({ text }) => text), choices = !outbox.length && state === "assistant" && last?.choices;
    const held = shadowRoot.activeElement && task.contains(shadowRoot.activeElement);
    fill(task, this.leaving ? "leave" : over ? "over" + stars : choices ? last.seq : "", () => this.leaving ? [this.appointment()]
      : over ? [!stars && this.rating(), ...this.endings(story)] : (choices || []).map((choice) => this.button(choice, () => this.say(choice))));
    if (held && !task.contains(shadowRoot.activeElement)) this.input.focus();
    this.more.hidden = !story.id;
    fill(menu, story.id + state, () => this.endings(story));
  }

  /* Marks for the staff; a badge on the launcher while the panel is closed. */
  notify(story) {
    const { client, t, launch } = this, said = story.items.filter(({ text, author }) => text && author !== "customer").length;
    const here = this.shown && !document.hidden;
    client.mark(here ? "read" : "delivered");
    if (here || this.known !== story) Object.assign(this, { known: story, read: said });
    const n = said - this.read;
    launch.ariaLabel = t(n ? "unread" : "open", { n });
    fill(launch, n, () => [n && element("b", {}, n)]);
    fill(this.news, n ? launch.ariaLabel : "");
  }
}

customElements.define("beckon-chat", Chat);
