/* The customer and the assistant: steps 1 to 3 of the story. */
import { readFileSync } from "node:fs";
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";

export const title = "A customer and the assistant";

async function opened(stage, options, attributes) {
  const customer = new Customer(await stage.page(await stage.host(attributes), options));
  return customer.open();
}

/* As the customer whom the shop's server has signed. */
export async function asMaja(stage, options) {
  const page = await stage.page("/", options);
  await page.getByLabel("Log in as").selectOption("C-1001");
  await page.getByText("You are Maja Lindqvist").waitFor();
  return new Customer(page).open();
}

async function opening(stage, size, scheme) {
  await stage.person("alex");
  const page = await stage.page(await stage.host(), { size, scheme });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const customer = new Customer(page);
  const name = `widget-${size}-${scheme}`;
  await customer.launcher.waitFor();
  await stage.axe(page, `${name}, closed`);
  await customer.open();
  await customer.sees("An AI assistant answers first");
  await customer.sees("You are talking with an AI assistant");
  stage.check(/min/.test(await customer.ask.innerText()), `${name}: the button to a person shows the present waiting time`);
  stage.check(!asked.some((url) => /v1\/(session|conversations)/.test(url)), `${name}: a visitor who only looks stays unknown`);
  await stage.shot(page, name);
  await stage.axe(page, `${name}, open`);
}

export const stories = {
  async "the widget opens on a page of another origin, on a desktop"(stage) {
    await opening(stage, "desktop", "light");
  },

  async "the same in the dark"(stage) {
    await opening(stage, "desktop", "dark");
  },

  async "the same on a phone"(stage) {
    await opening(stage, "phone", "light");
    await opening(stage, "phone", "dark");
  },

  async "the keyboard alone is enough"(stage) {
    const { page, ...customer } = await opened(stage);
    const who = new Customer(page);
    stage.check(/TEXTAREA/.test(await who.focus()), "opening puts the focus into the text field");
    await page.keyboard.press("Escape");
    stage.check(/launch/.test(await who.focus()), "Escape closes and gives the focus back to the launcher");
    await page.keyboard.press("Enter");
    await page.keyboard.type("one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("two");
    stage.check(await customer.input.inputValue() === "one\ntwo", "Shift and Enter make a new line");
    await page.keyboard.press("Enter");
    await who.bubbles("one").first().waitFor();
    stage.check(await customer.input.inputValue() === "", "Enter sends");
  },

  async "a topic's question is answered at once, with sources"(stage) {
    const customer = await asMaja(stage);
    await customer.say("When is my payment due?");
    const answer = await customer.answer();
    stage.check(await customer.said() === 1 && !await customer.page.getByText("The assistant is thinking").count(), "one answer, at the first try, and nothing more to wait for");
    stage.check(/€\d+\.\d\d/.test(await answer.innerText()), "it names this customer's amount");
    const sources = answer.locator(".sources a");
    stage.check(await sources.count() > 0, "it names its sources as links");
    const [article] = await Promise.all([customer.page.context().waitForEvent("page"), sources.first().click()]);
    await article.getByRole("heading", { level: 1 }).waitFor();
    stage.check(/\/help\//.test(article.url()), "a source opens the approved article in a window of its own");
    await article.close();
    await stage.shot(customer.page, "answer-desktop");
    await stage.axe(customer.page, "an answer with sources");
    await customer.page.getByLabel("More").click();
    const [download] = await Promise.all([customer.page.waitForEvent("download"), customer.button("Download the conversation").first().click()]);
    stage.check(/€\d+\.\d\d[^]*\nSources: When is my payment due\?; /.test(readFileSync(await download.path(), "utf8")), "the downloaded conversation names them, too");
  },

  async "a long answer is read from its beginning, a question stands at the end"(stage) {
    const customer = await opened(stage), scroller = customer.page.locator(".scroll");
    const above = async (locator) => (await locator.boundingBox()).y - (await scroller.boundingBox()).y;
    for (const text of ["How do I return something?", "And how do I return only a part of my order?"]) {
      const before = await customer.said();
      await customer.say(text);
      const answer = await customer.answer(before);
      const { height } = await answer.boundingBox(), room = await scroller.evaluate((node) => node.clientHeight);
      const top = await above(answer);
      stage.check(top >= 0 && top < room, `the answer to “${text}” (${Math.round(height)} of ${room} pixels) begins where it is seen`);
      stage.check(height < room || top < 40, "and if it is longer than the window, at its top");
    }
    await customer.say("hello");
    await until("what was written stands at the end", async () => {
      const { y, height } = await customer.bubbles(/^hello$/).boundingBox(), window = await scroller.boundingBox();
      return y + height < window.y + window.height + 1;
    });
    const spare = await customer.page.locator("dialog").evaluate((node) => node.scrollHeight - node.clientHeight);
    stage.check(spare === 0, `only the conversation scrolls: the panel with the button to a person stands still (${spare} pixels)`);
  },

  async "an action is confirmed before it changes anything"(stage) {
    const customer = await asMaja(stage);
    const before = await customer.said();
    await customer.say("Can I pay later?");
    await customer.answer(before);
    const yes = customer.page.locator(".scroll > div > button").first();
    await yes.waitFor();
    stage.check(true, "it asks first, with choices to tap");
    await stage.axe(customer.page, "choices");
    await yes.click();
    await customer.answer(before + 1);
    stage.check(await yes.isHidden() || await customer.said() > before + 1, "a tap answers, and the choice is gone");
    stage.check(/TEXTAREA/.test(await customer.focus()), "the focus goes on to the text field");
  },

  async "odd questions: one clarifying question, then a person"(stage) {
    await stage.person("robin"); // present, but not asked: the wait is shown
    const customer = await opened(stage, { size: "phone" });
    await customer.say("what is the meaning of life");
    await customer.answer();
    await customer.say("and what do penguins dream of");
    await customer.sees("The assistant hands over to a person.");
    stage.check(true, "the second odd question is handed over, and it says so");
    await customer.sees(/number 1 in the queue/);
    const said = await customer.said();
    await customer.say("hello?");
    await customer.bubbles("hello?").waitFor();
    await customer.page.waitForTimeout(1000);
    stage.check(await customer.said() === said, "the assistant is silent from then on");
  },

  async "a longer text, its limit, and files"(stage) {
    const customer = await opened(stage);
    await customer.input.fill("å".repeat(3900));
    await customer.sees("7800 / 8000");
    await customer.input.fill("x".repeat(8001));
    await customer.input.press("Enter");
    stage.check((await customer.input.inputValue()).length === 8001, "a text over the limit stays in the field");
    await customer.input.fill("");
    await customer.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "invoice.pdf"));
      const field = document.querySelector("beckon-chat").shadowRoot.querySelector("textarea");
      for (const event of [new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }),
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })]) field.dispatchEvent(event);
    });
    await customer.sees("Files cannot be sent");
    stage.check(true, "a dropped or pasted file is refused in plain words");
  },

  async "text is never markup"(stage) {
    const alex = await stage.person("alex");
    const customer = await opened(stage);
    await customer.say("I want a human <img src=x onerror=alert(1)>");
    const conversation = await alex.accept();
    await alex.say(conversation, "[a](javascript:alert(1)) [b](//evil.example/) <b>no</b> [c](/help/refunds) mail help@mail.example **bold**");
    await customer.sees("<b>no</b>");
    const links = await customer.page.locator(".text a").evaluateAll((nodes) => nodes.map((node) => node.getAttribute("href")));
    stage.check(links.join() === `${stage.server.url}/help/refunds,mailto:help@mail.example`, "only safe links become links");
    stage.check(await customer.page.locator(".text b", { hasText: "bold" }).count() === 1, "bold is bold");
    await until("the raw text", async () => await customer.count("<img src=x") === 1);
    stage.check(await customer.page.locator("img").count() === 0, "no element comes from a text");
  },
};
