/* What every story needs: the server on a copy of the demo, browser windows, staff who act through the
   API, checks, axe, screenshots. */
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = path.join(root, "build/screenshots");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const BINARY = process.env.BECKON || path.join(root, "build/beckon");
const PATIENCE_MS = 90000;
const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
/* To find stories that look too early or too late: pages this many times slower, with a slow line; hands that wait
   this many milliseconds before every step. */
const SLOW_PAGES = Number(process.env.SLOW_PAGES || 0), SLOW_HANDS = Number(process.env.SLOW_HANDS || 0);
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run"];

export const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/* Until `test` gives something true; its last error if it never does. */
export async function until(what, test, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  for (let why = ""; ; await sleep(100)) {
    try {
      const found = await test();
      if (found) return found;
    } catch (error) {
      why = `: ${error.message}`;
    }
    if (Date.now() > end) throw new Error(`never: ${what}${why}`);
  }
}

/* An error's message and the line of the story where it happened. */
export function findings(error) {
  const line = /stories\/[^)\s]+/.exec(error.stack)?.[0] ?? "";
  return `${error.message.split("\n").slice(0, 4).join(" | ")} ${line}`;
}

export class Checks {
  passed = 0;
  failures = 0;

  check(condition, text) {
    if (!condition) return this.failed(text);
    this.passed++;
    console.log(`ok ${text}`);
  }

  failed(text) {
    this.failures++;
    console.log(`not ok ${text}`);
  }
}

function freePort() {
  return new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/* build/beckon on a fresh copy of the demo. kill() is a power cut for the process; start again with
   restart(). */
export class Server {
  static #all = new Set();

  /* plain: on what `beckon init` writes, instead of the demo. options: further ones of `beckon serve`. more: lines for
     the end of workspace.yaml. */
  static async start({ plain, options = [], more = "" } = {}) {
    const server = new Server();
    server.options = options;
    server.directory = mkdtempSync(path.join(tmpdir(), "beckon-browser-"));
    if (plain) execFileSync(BINARY, ["init", server.directory]);
    else cpSync(path.join(root, "demo"), server.directory, { recursive: true, filter: (file) => path.basename(file) !== "data" });
    if (more) appendFileSync(path.join(server.directory, "workspace.yaml"), more);
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    Server.#all.add(server);
    await server.restart();
    return server;
  }

  static killAll() {
    Server.#all.forEach((server) => {
      server.process?.kill("SIGKILL");
      rmSync(server.directory, { recursive: true, force: true });
    });
  }

  async restart() {
    this.said = "";
    this.process = spawn(BINARY, ["serve", this.directory, "--port", this.port, ...this.options], { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on("data", (piece) => { this.said = (this.said + piece).slice(-20000); });
    }
    this.ended = new Promise((done) => this.process.on("exit", done));
    await until("the server is ready", async () => {
      if (this.process.exitCode !== null) throw new Error(`it ended: ${this.said}`);
      const answer = await fetch(`${this.url}/readyz`);
      return answer.ok && !(await answer.json()).learning; /* stories are about what is understood when all is learned */
    });
  }

  /* The server reads its files again. */
  reload() {
    execFileSync(BINARY, ["reload", this.directory]);
  }

  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    Server.#all.delete(this);
    if (this.process.exitCode === null) this.process.kill("SIGTERM");
    await Promise.race([this.ended, sleep(5000)]);
    if (this.process.exitCode === null) this.process.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }

  /* GET or, with a body, POST. */
  async call(where, body, token) {
    const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
    if (body) headers["Idempotency-Key"] = crypto.randomUUID();
    const answer = await fetch(`${this.url}/v1/${where}`, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
    const json = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(`${where}: ${answer.status} ${json.error?.code}`);
    return json;
  }
}

/* A member of staff without a page, for stories that are about the other side. */
export class Person {
  static async login(server, login) {
    const person = new Person();
    Object.assign(person, { server, ...await server.call("login", { login, password: `${login}-whimbrel` }) });
    return person;
  }

  call(where, body) {
    return this.server.call(where, body, this.token);
  }

  async present(state) {
    await this.call("presence", { state });
    clearInterval(this.beat);
    if (state === "online") this.beat = setInterval(() => this.call("heartbeat", {}).catch(() => {}), 3000);
  }

  /* Waits for an offer and takes it: the conversation's number. */
  async accept() {
    const offer = await until("an offer", async () => (await this.call("me")).offers[0]);
    await this.call(`offers/${offer.offer}/accept`, {});
    return offer.conversation;
  }

  say(conversation, text) {
    return this.call(`conversations/${conversation}/messages`, { text });
  }

  events(conversation) {
    return this.call(`conversations/${conversation}/events?after=0&limit=500`).then((page) => page.events);
  }

  /* Ends the work after a conversation, so that the next story finds the place free. */
  async resolve(conversation) {
    await this.call(`conversations/${conversation}/resolve`, { disposition: "solved" });
    await this.call(`conversations/${conversation}/wrapup/end`, {}).catch(() => {});
  }

  async leave() {
    clearInterval(this.beat);
    await this.call("presence", { state: "offline" }).catch(() => {});
  }
}

export class Browser {
  static async start() {
    mkdirSync(shots, { recursive: true });
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, slowMo: SLOW_HANDS });
    return browser;
  }

  stage(server, checks) {
    return new Stage(this.chromium, server, checks);
  }

  close() {
    return this.chromium.close();
  }
}

async function slowed(context, page) {
  const tools = await context.newCDPSession(page);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: SLOW_PAGES });
}

/* One story's windows and staff; all of them go when it ends. */
class Stage {
  #contexts = [];
  #people = [];
  #hosts = [];
  #pages = [];

  constructor(browser, server, checks) {
    Object.assign(this, { browser, server, checks });
  }

  check(condition, text) {
    this.checks.check(condition, text);
  }

  /* A browser of its own: its pages share storage. options: size "desktop" or "phone", scheme "light"
     or "dark", locale. */
  async context({ size = "desktop", scheme = "light", locale = "en-GB", ...more } = {}) {
    const context = await this.browser.newContext({ ...SIZES[size], colorScheme: scheme, locale, acceptDownloads: true, ...more });
    context.setDefaultTimeout(PATIENCE_MS);
    if (SLOW_PAGES) await context.route("**", (route) => sleep(50 * SLOW_PAGES).then(() => route.fallback()).catch(() => {}));
    this.#contexts.push(context);
    return context;
  }

  /* A page at a path of the server, or at a whole address. Script errors fail the story. */
  async page(where, options = {}) {
    const context = options.context || await this.context(options);
    const page = await context.newPage();
    page.on("pageerror", (error) => this.checks.failed(`no script error: ${error.message}`));
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) this.checks.failed(`nothing against the policy: ${message.text()}`);
    });
    this.#pages.push(page);
    if (SLOW_PAGES) await slowed(context, page);
    await page.goto(new URL(where, this.server.url).href);
    return page;
  }

  async person(login, state = "online") {
    const person = await Person.login(this.server, login);
    if (state) await person.present(state);
    this.#people.push(person);
    return person;
  }

  /* A page of another origin with the one line on it, under a policy that allows nothing else. */
  async host(attributes = "") {
    const { url } = this.server;
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>A shop</title></head><body><main><h1>A shop</h1><p>Some goods.</p></main>
      <script src="${url}/widget.js" ${attributes} async></script></body></html>`;
    const policy = `default-src 'none'; script-src ${url}; connect-src ${url}; style-src 'none'`;
    const host = http.createServer((request, answer) => {
      answer.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy });
      answer.end(page);
    });
    await new Promise((done) => host.listen(0, "127.0.0.1", done));
    this.#hosts.push(host);
    return `http://127.0.0.1:${host.address().port}/`;
  }

  /* No finding of any impact, by axe-core's whole set of rules; of what stays, not of a colour on its way to another. */
  async axe(page, what) {
    await page.evaluate(axeSource);
    await page.evaluate(() => Promise.all(document.getAnimations()
      .filter(({ playState, effect }) => playState === "running" && effect.getComputedTiming().endTime < Infinity)
      .map((animation) => animation.finished.catch(() => {}))));
    const { violations } = await page.evaluate(() => axe.run(document));
    const found = violations.map(({ id, impact, nodes }) => `${id} (${impact}) ${nodes.map(({ target }) => target.join(" ")).slice(0, 3).join(", ")}`);
    this.check(!found.length, `axe finds nothing: ${what}${found.length ? `: ${found.join("; ")}` : ""}`);
  }

  async shot(page, name) {
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
  }

  /* After a failure: what every window showed. */
  async photograph(name) {
    for (const [i, page] of this.#pages.entries()) {
      await this.shot(page, `failed-${name.replace(/\W+/g, "-")}-${i + 1}`).catch(() => {});
    }
  }

  /* Whoever tidies up logs in once a server: log-ins are limited. */
  async tidier() {
    const known = this.server.tidier;
    if (known && await known.call("me").catch(() => null)) return known;
    return this.server.tidier = await Person.login(this.server, "robin");
  }

  /* Nothing open is left to the next story. */
  async clear() {
    const robin = await this.tidier();
    await robin.call("presence", { state: "offline" });
    for (const state of ["waiting", "active"]) {
      const { conversations } = await robin.call(`conversations?state=${state}`);
      for (const { conversation } of conversations) await robin.resolve(conversation);
    }
  }

  async close() {
    await Promise.all(this.#people.map((person) => person.leave()));
    await this.clear().catch(() => {}); // the server may be down, which was the story
    await Promise.all(this.#contexts.map((context) => context.close()));
    this.#hosts.forEach((host) => host.closeAllConnections() || host.close());
  }
}
