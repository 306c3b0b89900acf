/* Why the assistant answered as it did, for the supervisor and for the agent who owns the conversation. */
import { Customer } from "../customer.mjs";
import { Agent, Supervisor } from "../staff.mjs";

export const title = "Why this answer";

const fact = (opened, name) => opened.locator("dl.facts > div", { hasText: name }).first().locator("dd").innerText();

async function chat(stage) {
  const customer = new Customer(await stage.page("/chat"));
  await customer.ask.waitFor();
  await customer.say("When will I get my refund?");
  await customer.answer(); // a message that comes before would overtake the question
  return customer;
}

async function explained(stage, size, scheme, locale = "en-GB") {
  const customer = await chat(stage);
  await customer.say("purple monkey dishwasher quarks");
  await customer.answer(1);
  const robin = await Supervisor.at(stage, "robin", { size, scheme });
  await robin.page.getByRole("link", { name: "Conversations" }).click();
  await robin.open(/Guest/);
  const first = robin.page.locator(".why").first();
  await first.locator("summary").focus();
  await robin.page.keyboard.press("Enter");
  const name = `${size}-${scheme}`;
  stage.check(await first.evaluate((one) => one.open), `${name}: the keyboard opens it`);
  stage.check(/Answered/.test(await fact(first, "Decision")), `${name}: what was decided`);
  stage.check(/\d+\s*%; an answer needs \d+\s*%/.test(await fact(first, "Confidence")), `${name}: how sure, and how sure it must be`);
  stage.check(/Passed/.test(await fact(first, "Check of facts")), `${name}: the check of facts`);
  stage.check(/^[0-9a-f]{8}/.test(await fact(first, "Version")), `${name}: which version answered`);
  stage.check(/English/.test(await fact(first, "Language")), `${name}: in which language`);
  await stage.axe(robin.page, `why this answer, ${name}`);
  await stage.shot(robin.page, `why-${name}`);
  const last = robin.page.locator(".why").last();
  await last.locator("summary").click();
  stage.check(/did not help/.test(await fact(last, "Decision")), `${name}: a turn that did not help says so`);
  await last.scrollIntoViewIfNeeded();
  await stage.shot(robin.page, `why-unsure-${name}`);
  return { customer, robin };
}

export const stories = {
  async "on a desk, light"(stage) {
    const { robin } = await explained(stage, "desktop", "light");
    stage.check(await robin.page.locator(".why a").count() === 0, "to a supervisor its topic is a name");
  },

  async "for an administrator it leads to what answered"(stage) {
    await chat(stage);
    const kim = await Supervisor.at(stage, "admin");
    await kim.page.getByRole("link", { name: "Conversations" }).click();
    await kim.open(/Guest/);
    const why = kim.page.locator(".why").first();
    await why.locator("summary").click();
    await stage.axe(kim.page, "why this answer, for an administrator");
    await why.getByRole("link", { name: "Where is my refund?" }).click();
    stage.check(/^---\ntitle:\n  en: Where is my refund\?/.test(await kim.page.getByLabel("Text of the file").inputValue()), "the topic opens in the editor");
  },

  async "on a phone, dark"(stage) {
    await explained(stage, "phone", "dark");
  },

  async "for the agent who owns the conversation, in Swedish"(stage) {
    const alex = await Agent.at(stage, "alex");
    const customer = await chat(stage);
    await customer.say("I want a human");
    await alex.accept();
    const why = alex.page.locator(".why").first();
    await why.locator("summary").click();
    stage.check(/Answered/.test(await fact(why, "Decision")), "the agent sees why the assistant answered so");
    await stage.axe(alex.page, "why this answer, for the agent");
    await alex.button(/^Settings of/).click();
    await alex.page.locator("select#language").selectOption("sv");
    await alex.page.keyboard.press("Escape");
    await alex.page.getByText("Varför det svaret").first().waitFor();
    stage.check(/Svarade/.test(await fact(alex.page.locator(".why").first(), "Beslut")), "and in Swedish");
    await stage.shot(alex.page, "why-agent-swedish");
  },

  async "is not for the customer"(stage) {
    const customer = await chat(stage);
    stage.check(await customer.page.getByText("Why this answer").count() === 0, "the customer's page says the sources, and no more");
  },
};
