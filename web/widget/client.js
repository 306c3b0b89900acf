/* The customer's end of the line: session, outbox and event stream of one server and identity. A
   command stays in the outbox, with its key, until it is acknowledged, and the stream resumes at the
   last event seen: a reload or a lost connection loses and doubles nothing, and two tabs stay in step.
   A conversation's `story` is made of its events and nothing else: the same events give the same story in
   every tab. It shows nothing: it calls changed(). */

const begin = (id = 0) => ({
  id, state: "", items: [], agent: "", thinking: false, promise: 0, stars: 0,
  // The newest message of the staff.
  sent: 0,
  // Up to which message: customer read, customer delivered, agent read, agent delivered.
  marks: {},
  // Place, low_ms, high_ms.
  wait: {},
});

const STATES = {
  "conversation.opened": "assistant", "conversation.reopened": "assistant", "conversation.queued": "waiting",
  "conversation.assigned": "active", "conversation.resolved": "resolved",
};

function apply(story, event) {
  const { type, seq, author, number } = event, state = STATES[type];
  story.items.push(event);
  if (state) Object.assign(story, { state, agent: event.name, thinking: false, wait: {} });
  if (type === "conversation.reopened") story.stars = 0;
  if (type === "conversation.rated") story.stars = event.stars;
  if (number) story.promise = type === "appointment.made" && number;
  if (type === "mark.set") story.marks[`${event.reader} ${event.mark}`] = event.up_to;
  if (author) story.thinking = author === "customer" && story.state === "assistant";
  if (author === "agent" || author === "supervisor") story.sent = seq;
}

/* Of the commands on their way, the messages that the log does not show yet: an event may overtake
   the answer to its own command. */
export function unseen(story, outbox) {
  const own = story.items.filter((item) => item.author === "customer");
  return outbox.filter(({ after, body: { text } }) => {
    const at = own.findIndex((item) => item.seq > after && item.text === text);
    if (at >= 0) own.splice(at, 1);
    return text && at < 0;
  });
}

let box = {};
try {
  localStorage.beckon = 1;
  box = localStorage;
} catch {
  // The browser keeps nothing: this page only.
}

let count = 1e6;
const newKey = () => [Date.now(), ++count, ...crypto.getRandomValues(new Uint32Array(2))].join("-");

export class Client extends EventTarget {
  story = begin();
  // Newest event seen.
  last = 0;
  marked = {};

  constructor(server, who, wishes, changed) {
    super();
    Object.assign(this, { server, who, wishes, changed, prefix: `beckon ${server} ${who.identity} ` });
    // Do at once what waits.
    this.ring = () => this.dispatchEvent(new Event("ring"));
    this.stored = ({ key }) => key?.startsWith(this.prefix) && this.#follow();
    // Who has logged out leaves no session behind; who comes back is signed anew.
    for (const key of Object.keys(box)) {
      if (/^beckon \S+ \S+ token$/.test(key) && key !== this.prefix + "token") delete box[key];
    }
    addEventListener("online", this.ring);
    addEventListener("storage", this.stored);
    this.#run();
    this.#flush();
  }

  close() {
    this.closed = true;
    this.ring();
    removeEventListener("online", this.ring);
    removeEventListener("storage", this.stored);
  }

  get(name) {
    return box[this.prefix + name];
  }

  set(name, value) {
    return value ? box[this.prefix + name] = value : delete box[this.prefix + name];
  }

  /* One entry a command, since two tabs that rewrite one list would lose each other's. Oldest first:
     {key, to, body, after}, then `seq` when acknowledged or `error` when refused. */
  get outbox() {
    const start = this.prefix + "out ";
    const entries = Object.keys(box).filter((key) => key.startsWith(start)).sort().map((key) => JSON.parse(box[key]));
    return entries.filter(({ key, seq }) => !(seq <= this.last && this.set("out " + key, "")));
  }

  keep(entry) {
    this.set("out " + entry.key, JSON.stringify(entry));
    this.changed();
    this.#flush();
  }

  drop(entry) {
    this.set("out " + entry.key);
    this.changed();
  }

  /* `to` is the end of the path: messages, human, appointment, rating, end. */
  post(to, body = {}) {
    this.problem = "";
    this.keep({ key: newKey(), to, body, after: this.last });
  }

  fresh() {
    this.set("conversation");
    this.story = begin();
    this.changed();
  }

  wrote() {
    if (this.story.state !== "active" || Date.now() - this.typed < 3000) return;
    this.typed = Date.now();
    this.about("typing", {}).catch(() => {});
  }

  /* Tells the staff how far their messages have come: "delivered" or "read". */
  mark(mark) {
    const { sent, marks } = this.story;
    if (sent <= Math.max(marks["customer " + mark] || 0, this.marked[mark] || 0)) return;
    this.marked[mark] = sent;
    this.about("marks", { mark, up_to: sent }, newKey()).catch(() => { this.marked = {}; });
  }

  about(what, body, key) {
    return this.#ask(`conversations/${this.get("conversation")}${what && "/" + what}`, body, key);
  }

  async #flush() {
    if (this.flushing) return;
    this.flushing = true;
    for (let tries = 0, entry; !this.closed && (entry = this.outbox.find(({ seq, error }) => !seq && !error)); tries++) {
      try {
        await this.#deliver(entry);
        tries = -1;
      } catch (error) {
        if (!(error.status < 500) || error.status === 429 || error.code === "not_logged_in") {
          this.late = true;
          this.changed();
          await this.#pause(tries, error.after);
        } else if (entry.body.text) {
          this.set("out " + entry.key, JSON.stringify({ ...entry, error: error.message }));
        } else {
          this.drop(entry);
          this.problem = error.message;
        }
      }
      this.changed();
    }
    this.flushing = false;
  }

  async #deliver(entry, again) {
    await this.#session();
    if (!this.get("conversation")) {
      const { seq, conversation } = await this.#ask("conversations", { language: this.workspace?.language }, entry.key + ".open");
      this.last ||= seq - 1;
      this.set("conversation", conversation);
    }
    // An anonymous customer's stream begins here.
    if (!this.streaming) this.ring();
    try {
      const { seq } = await this.about(entry.to, entry.body, entry.key);
      this.set("out " + entry.key, JSON.stringify({ ...entry, seq }));
      this.late = false;
    } catch (error) {
      // The conversation is closed for good, or not ours: the words go on in a new one.
      if (again || !(error.status === 404 || (entry.body.text && error.code === "wrong_state"))) throw error;
      this.fresh();
      await this.#deliver(entry, true);
    }
  }

  async #session() {
    if (this.get("token")) return;
    const given = Object.entries({ ...this.who, language: this.workspace?.language }).filter(([, value]) => value);
    const { token, conversations } = await this.#ask("session", Object.fromEntries(given)).catch((error) => {
      if (error.code !== "bad_identity") throw error;
      console.warn("beckon: wrong signature; the customer stays anonymous");
      this.who = {};
      return this.#ask("session", {});
    });
    this.set("token", token);
    if (!this.get("conversation")) this.set("conversation", conversations[0]);
  }

  #forget() {
    this.set("token");
    if (this.who.identity) return;
    this.set("conversation");
    this.story = begin();
  }

  async #fetch(path, options, key) {
    const headers = { "Content-Type": "application/json" }, token = this.get("token");
    if (token) headers.Authorization = "Bearer " + token;
    if (key) headers["Idempotency-Key"] = key;
    const answer = await fetch(`${this.server}/v1/${path}`, { headers, ...options });
    if (answer.ok) return answer;
    const { error } = await answer.json().catch(() => ({}));
    if (token && (answer.status === 401 || answer.status === 410)) this.#forget();
    throw Object.assign(Error(error?.message), { status: answer.status, code: error?.code, after: answer.headers.get("Retry-After") });
  }

  async #ask(path, body, key) {
    const answer = await this.#fetch(path, {
      method: body ? "POST" : "GET", body: JSON.stringify(body), signal: AbortSignal.timeout(15000),
    }, key);
    return /json/.test(answer.headers.get("Content-Type")) ? answer.json() : answer.blob();
  }

  #pause(tries, seconds) {
    return new Promise((done) => {
      setTimeout(done, Math.max(seconds * 1000 || 0, Math.min(20000, 500 * 2 ** tries) * (0.5 + Math.random() / 2)));
      this.addEventListener("ring", done, { once: true });
    });
  }

  /* Another tab has sent something, or opened or left a conversation. */
  #follow() {
    const id = +this.get("conversation") || 0;
    if (!id) this.story = begin();
    if (id !== this.story.id) this.ring();
    this.changed();
  }

  /* Nothing is sent for a visitor who only looks: an anonymous session begins with the first word. */
  async #run() {
    for (let tries = 0; !this.closed; tries++) {
      try {
        const known = this.who.identity || this.get("token");
        if (!known || !this.workspace) {
          this.workspace = await this.#ask("workspace?language=" + encodeURIComponent(this.wishes));
          this.human = this.workspace.human;
          this.late = false;
          this.changed();
        }
        if (known) {
          await this.#session();
          await this.#load();
          await this.#listen(() => { tries = 0; });
        } else {
          await this.#pause(0, 30);
          tries = -1;
          continue;
        }
      } catch {
        this.late = tries > 0;
      }
      this.changed();
      await this.#pause(tries);
    }
  }

  async #load() {
    const id = +this.get("conversation");
    if (!id || id === this.story.id) return;
    const story = begin(id);
    try {
      for (let page; !page || page.length === 500;) {
        ({ events: page } = await this.about(`events?limit=500&after=${story.items.at(-1)?.seq || 0}`));
        page.forEach((event) => apply(story, event));
      }
      this.last = Math.max(this.last, story.items.at(-1)?.seq || 0);
      this.story = story;
      await this.#place();
    } catch (error) {
      if (error.status === 404) this.set("conversation");
      throw error;
    }
  }

  async #place() {
    const { human, ...wait } = await this.about("");
    Object.assign(this, { human });
    this.story.wait = wait;
    this.changed();
  }

  async #listen(connected) {
    const abort = new AbortController(), end = () => abort.abort();
    let silence;
    this.streaming = true;
    this.addEventListener("ring", end, { once: true });
    try {
      const { body } = await this.#fetch("events" + (this.last ? "?after=" + this.last : ""), { signal: abort.signal });
      const reader = body.getReader(), decoder = new TextDecoder();
      this.late = false;
      connected();
      this.changed();
      for (let text = "", part; !(part = await reader.read()).done; this.changed()) {
        clearTimeout(silence);
        // The server says something every 15 s.
        silence = setTimeout(end, 40000);
        const blocks = (text + decoder.decode(part.value, { stream: true })).split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          // The data are the block's last line; a dot would end at U+2028, which they may have.
          const [, type, data] = block.match(/event: (.*)\ndata: ([^]*)/) || [];
          if (data) this.#take(type, JSON.parse(data));
        }
      }
    } finally {
      end();
      clearTimeout(silence);
      this.streaming = false;
    }
  }

  #take(type, data) {
    const ours = data.conversation === this.story.id;
    if (type === "hello") this.last ||= data.seq;
    else if (type === "bye") this.#forget();
    else if (type === "signal.service") this.human = data;
    else if (type === "signal.place" && ours) this.story.wait = data;
    else if (type === "signal.typing" && ours && data.author !== "customer") {
      this.typing = { ...data, until: Date.now() + 6000 };
      setTimeout(this.changed, 6001);
    } else if (data.seq > this.last) this.#apply(data);
  }

  #apply(event) {
    const { type, conversation } = event;
    this.last = event.seq;
    if (type === "conversation.opened") {
      this.story = begin(conversation);
      this.set("conversation", conversation);
    }
    if (conversation !== this.story.id) return;
    apply(this.story, event);
    if (type !== "mark.set") this.typing = 0;
    if (type === "conversation.queued") this.#place().catch(() => {});
  }
}
