/* The customer's pages: the shop, the chat's own page, languages, small screens, weight. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import http from "node:http";
import { Customer } from "../customer.mjs";
import { Server, root, until } from "../lib.mjs";

export const title = "The customer's pages";

const WIDGET_MAX = 12000; // bytes, gzipped: what a host page's visitor loads

/* A file as it is on the wire. */
function wire(address) {
  return new Promise((done, failed) => {
    http.get(address, { headers: { "Accept-Encoding": "gzip" } }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece)).on("end", () => done(Buffer.concat(pieces)));
    }).on("error", failed);
  });
}

async function shop(stage, size, scheme) {
  const page = await stage.page("/", { size, scheme });
  await page.getByRole("heading", { name: "Enamel kettle" }).waitFor();
  await page.locator("beckon-chat").waitFor({ state: "attached" });
  stage.check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `shop-${size}-${scheme}: nothing to scroll sideways`);
  await stage.axe(page, `the shop, ${size}, ${scheme}`);
  await stage.shot(page, `shop-${size}-${scheme}`);
  return page;
}

export const stories = {
  async "the shop, with its one line to copy"(stage) {
    const page = await shop(stage, "desktop", "light");
    await shop(stage, "desktop", "dark");
    await shop(stage, "phone", "light");
    await shop(stage, "phone", "dark");
    await page.getByLabel("Log in as").selectOption("C-1001");
    await page.getByText("You are Maja Lindqvist").waitFor();
    const line = await page.locator("#line").innerText();
    stage.check(line.includes(`${stage.server.url}/widget.js`) && line.includes('data-identity="C-1001"'), "the line names this server and the signed customer");
    await page.getByRole("button", { name: "Where is my refund?" }).click();
    const customer = new Customer(page);
    stage.check(await customer.input.inputValue() === "Where is my refund?", "a suggested question stands in the chat, to be sent");
    await customer.input.press("Enter");
    await customer.answer();
    const [full] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: /page of its own/ }).click()]);
    await full.getByText("Where is my refund?").first().waitFor();
    stage.check(!full.url().includes("signature"), "the page of its own shows the same conversation, and no signature in its address");
    await page.getByLabel("Log in as").selectOption("");
    await until("the conversation is gone", async () => await customer.count("Where is my refund?") === 0);
    stage.check(true, "logging out takes the conversation off the page");
  },

  async "a workspace of one's own begins with a plain page"(stage) {
    const server = await Server.start({ plain: true });
    const page = await stage.page(`${server.url}/`);
    const { name } = await server.call("workspace");
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await stage.axe(page, "the plain page");
    await stage.shot(page, "plain-desktop");
    await page.getByRole("link", { name: "Chat with us" }).click();
    await new Customer(page).ask.waitFor();
    stage.check(true, "which leads to the chat");
    await server.stop();
  },

  async "the chat on a page of its own, on every screen"(stage) {
    for (const [size, scheme] of [["desktop", "light"], ["phone", "dark"]]) {
      const page = await stage.page("/chat", { size, scheme });
      await new Customer(page).ask.waitFor();
      await stage.axe(page, `/chat, ${size}, ${scheme}`);
      await stage.shot(page, `chat-${size}-${scheme}`);
      stage.check(await page.title() === "Whimbrel", `/chat, ${size}: its title is the company's name`);
    }
    const beside = await stage.page("/chat"), chat = new Customer(beside);
    await chat.ask.waitFor();
    const stays = await beside.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "invoice.pdf"));
      return !document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await chat.sees("Files cannot be sent");
    stage.check(stays, "a file that is dropped beside the chat does not open in its place");
    const narrow = await stage.page("/chat", { viewport: { width: 320, height: 480 } });
    const customer = new Customer(narrow);
    await customer.say("how do returns work");
    await customer.answer();
    stage.check(await narrow.evaluate(() => document.documentElement.scrollWidth <= 320), "320 pixels: nothing to scroll sideways");
    stage.check(await customer.ask.isVisible() && await customer.input.isVisible(), "320 pixels: the person and the text field stay in reach");
    await stage.shot(narrow, "chat-320");
  },

  async "targets are big enough, and motion can be off"(stage) {
    const page = await stage.page(await stage.host(), { size: "phone", reducedMotion: "reduce" });
    const customer = await new Customer(page).open();
    await customer.say("how do returns work");
    await customer.answer();
    const small = await page.locator("beckon-chat").evaluate((chat) => [...chat.shadowRoot.querySelectorAll("button, summary, textarea")]
      .map((node) => [node.ariaLabel || node.textContent, node.getBoundingClientRect()])
      .filter(([, { width, height }]) => width && (width < 43.9 || height < 43.9)).map(([name, { width, height }]) => `${name} ${width}x${height}`));
    stage.check(!small.length, `every control is at least 44 by 44${small.length ? `: ${small}` : ""}`);
    stage.check(await page.locator("dialog").evaluate((dialog) => dialog.matches(":modal")), "on a phone the chat is a modal sheet");
  },

  async "forced colours"(stage) {
    const page = await stage.page("/chat", { forcedColors: "active" });
    const customer = new Customer(page);
    await customer.say("how do returns work");
    await customer.answer();
    await stage.shot(page, "chat-forced-colours");
    stage.check(await page.locator(".other .text").last().evaluate((node) => getComputedStyle(node).borderTopWidth !== "0px"), "messages keep an edge");
  },

  async "the host page decides colour, side and language"(stage) {
    const host = await stage.host('data-accent="#ffcc00" data-position="left" data-language="sv" data-theme="dark"');
    const page = await stage.page(host);
    const customer = await new Customer(page).open();
    await customer.sees("En AI-assistent svarar först");
    stage.check((await page.locator("dialog").boundingBox()).x < 100, "the panel is on the left");
    await stage.axe(page, "a bright accent, Swedish, dark");
    await stage.shot(page, "widget-themed");
  },

  async "the widget is light"(stage) {
    const page = await stage.page(await stage.host());
    const loaded = new Set();
    page.on("request", (request) => loaded.add(request.url()));
    await page.reload();
    await new Customer(page).open();
    const files = [...loaded].filter((url) => url.startsWith(stage.server.url) && !url.includes("/v1/"));
    const bytes = await Promise.all(files.map(async (url) => (await wire(url)).length));
    const sum = bytes.reduce((a, b) => a + b, 0);
    stage.check(sum < WIDGET_MAX, `the widget is ${sum} bytes on the wire in ${files.length} files, under ${WIDGET_MAX}`);
  },

  async "both languages say everything, and nothing is ever read as HTML"(stage) {
    const web = path.join(root, "web");
    const tables = await Promise.all(["en", "sv"].map(async (language) => (await import(path.join(web, `texts/customer/${language}.js`))).default));
    const blanks = (text) => (text.match(/\{\w+\}/g) || []).sort().join();
    const [english, swedish] = tables;
    stage.check(Object.keys(english).join() === Object.keys(swedish).join(), "the tables have the same keys");
    const odd = Object.keys(english).filter((key) => blanks(english[key]) !== blanks(swedish[key] || ""));
    stage.check(!odd.length, `the same blanks are filled in${odd.length ? `, but not in ${odd}` : ""}`);
    const sources = readdirSync(web, { recursive: true }).filter((file) => /\.(js|html)$/.test(file) && !file.includes("node_modules"));
    const bad = sources.filter((file) => /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/.test(readFileSync(path.join(web, file), "utf8")));
    stage.check(!bad.length, `no page builds markup from text${bad.length ? `, but ${bad}` : ""}`);
  },
};
