/* Four eyes: an action above its limit waits for a yes, on the agents' page and the supervisors'. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { Agent, Supervisor } from "../staff.mjs";
import { asMaja } from "./customer-1-assistant.mjs";

export const title = "What waits for a yes";

/* Maja's payment is €120: with a limit of €50 it needs somebody's yes. */
async function withLimit(stage) {
  const file = join(stage.server.directory, "actions/extend-due-date.yaml"), text = readFileSync(file, "utf8");
  if (text.includes("most: 5000")) return;
  writeFileSync(file, text.replace("most: 20000", "most: 5000"));
  await stage.server.kill();
  await stage.server.restart();
}

/* Says it and waits for one more message with these words: the conversation may hold older ones. */
async function turn(customer, text, words) {
  const before = await customer.count(words);
  await customer.say(text);
  await until(words, async () => (await customer.count(words)) > before);
}

async function wish(stage, options) {
  const { page } = await asMaja(stage, options), customer = new Customer(page);
  await page.waitForFunction(() => document.querySelector("beckon-chat").client.streaming); /* what was said before is there */
  await turn(customer, "can i pay later", "By how many days");
  await turn(customer, "14", "Shall I move your payment of €120.00");
  await turn(customer, "yes", "A person has to allow this first");
  return customer;
}

const card = (staff) => staff.page.getByRole("region", { name: "Waiting for a yes" }).getByRole("article").first();

export const stories = {
  async "an agent reads what, for whom, why and how much, and refuses with a reason"(stage) {
    await withLimit(stage);
    const alex = await Agent.at(stage, "alex");
    const customer = await wish(stage);
    await card(alex).waitFor();
    const words = await card(alex).innerText();
    stage.check(/Move the payment/.test(words) && /€120\.00/.test(words) && /Maja Lindqvist/.test(words) && /can i pay later/.test(words),
      "what, how much, for whom and why stand on the card");
    await stage.shot(alex.page, "approval-desktop");
    await stage.axe(alex.page, "an approval on the agent's page");
    await customer.say("How does autopay work?");
    await customer.sees("Autopay");
    stage.check(true, "meanwhile the customer goes on");
    const focused = (words) => until(`the keyboard is at ${words}`, () => alex.page.evaluate(() => document.activeElement.id || (document.activeElement !== document.body && document.activeElement.innerText) || "").then((at) => words.test(at)));
    await alex.button("Refuse …").press("Enter");
    await focused(/^reason-/);
    await alex.page.keyboard.press("Escape");
    await focused(/Refuse …/);
    await alex.page.keyboard.press("Enter");
    await focused(/^reason-/);
    stage.check(true, "the keyboard stays at the card");
    await alex.page.keyboard.type("Four of them this year.");
    await stage.axe(alex.page, "a refusal being written");
    await stage.shot(alex.page, "approval-refusal");
    await alex.button("Refuse").click();
    await card(alex).waitFor({ state: "detached" });
    await customer.sees("could not allow it. Nothing has been changed");
    stage.check((await customer.page.getByText("Four of them").count()) === 0, "the reason is not the customer's");
  },

  async "a supervisor allows it on the board, and it is done"(stage) {
    await withLimit(stage);
    const robin = await Supervisor.at(stage);
    const customer = await wish(stage);
    await card(robin).waitFor();
    await stage.shot(robin.page, "approval-board");
    await stage.axe(robin.page, "an approval on the board");
    await robin.page.getByRole("link", { name: "Learned" }).click();
    await robin.page.getByRole("link", { name: "1 action waits for a yes" }).click();
    stage.check(true, "on the other pages, too, it is told that something waits");
    await robin.page.getByRole("link", { name: "Read the conversation" }).click();
    await robin.said("can i pay later");
    stage.check(true, "and the conversation can be read before");
    await robin.button("Allow").click();
    await customer.sees("It has been allowed, and it is done: Move the payment.");
    await customer.sees("€120.00");
    await customer.sees("for order W-");
    stage.check(true, "and the flow goes on with its next step");
    await until("the card is gone", async () => (await robin.page.getByRole("region", { name: "Waiting for a yes" }).getByRole("article").count()) === 0);
    await customer.say("can i pay later");
    await customer.sees("your next payment has been moved once already");
    stage.check(true, "the payment is moved, once");
  },

  async "on a phone the card fits, in both languages"(stage) {
    await withLimit(stage);
    const sam = await Agent.at(stage, "sam", { size: "phone" });
    const page = await stage.page("/", {});
    await page.getByLabel("Log in as").selectOption("C-1006");
    await page.getByText("You are Jonas Weber").waitFor();
    const customer = await new Customer(page).open();
    await customer.say("can i pay later");
    await customer.sees("Which payment");
    await customer.say("W-20425");
    await customer.sees("By how many days");
    await customer.say("7");
    await customer.sees("Shall I move");
    await customer.say("yes");
    await customer.sees("A person has to allow this first");
    await card(sam).waitFor();
    await stage.shot(sam.page, "approval-phone");
    await stage.axe(sam.page, "an approval on a phone");
    await sam.page.evaluate(() => localStorage.setItem("beckon.language", JSON.stringify("sv")));
    await sam.page.reload();
    await sam.page.getByRole("region", { name: "Väntar på ett ja" }).getByRole("article").waitFor();
    await sam.sees("Flytta betalningen");
    await stage.shot(sam.page, "approval-phone-sv");
    await stage.axe(sam.page, "an approval on a phone in Swedish");
    const wide = await sam.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    stage.check(!wide, "nothing stands out on the side");
    await sam.button("Godkänn").click();
    await customer.sees("It has been allowed");
    stage.check(true, "allowed on a phone");
  },
};
