/* What goes wrong between the customer and the server: nothing is lost, nothing doubled. */
import { Customer } from "../customer.mjs";
import { sleep, until } from "../lib.mjs";

export const title = "Lost connections, reloads, two windows";

async function begun(stage, options) {
  const customer = new Customer(await stage.page("/chat", options));
  await customer.ask.waitFor();
  await customer.say("how do returns work");
  await customer.answer();
  return customer;
}

/* The text stands once on the page and once in the log. */
async function once(stage, customer, text, staff) {
  await until(`"${text}" is sent`, async () => !await customer.kept() && await customer.count(text) > 0);
  await sleep(400);
  stage.check(await customer.count(text) === 1, `once on the page: ${text}`);
  const [id] = await customer.page.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith(" conversation")).map((key) => localStorage[key]));
  const found = (await staff.events(id)).filter((event) => event.text === text);
  stage.check(found.length === 1, `once in the log: ${text}`);
}

export const stories = {
  async "a reload while a message is on its way"(stage) {
    const robin = await stage.person("robin", "");
    const customer = await begun(stage);
    await customer.page.route("**/messages", async (route) => {
      await route.fetch(); // it arrives, but its answer never comes back
      await route.abort();
    }, { times: 1 });
    await customer.say("written before the reload");
    await customer.page.reload();
    await customer.input.waitFor();
    await once(stage, customer, "written before the reload", robin);
    stage.check(await customer.count("how do returns work") === 1, "the conversation is there again");
  },

  async "posts that fail in a row"(stage) {
    const robin = await stage.person("robin", "");
    const customer = await begun(stage);
    await customer.page.route("**/messages", (route) => route.abort(), { times: 3 });
    await customer.say("first of two");
    await customer.say("second of two");
    await customer.sees("No connection.");
    stage.check(true, "it says that there is no connection");
    await once(stage, customer, "first of two", robin);
    await once(stage, customer, "second of two", robin);
    stage.check(await customer.page.getByText("No connection.").count() === 0, "and that there is one again");
  },

  async "no network for a while"(stage) {
    const alex = await stage.person("alex");
    const customer = await begun(stage, { size: "phone" });
    await customer.say("I want a human");
    const conversation = await alex.accept();
    await customer.sees(/is here now/);
    await customer.page.context().setOffline(true);
    await customer.say("written without a network");
    await customer.sees("No connection.");
    await stage.shot(customer.page, "offline-phone");
    await stage.axe(customer.page, "without a network");
    await alex.say(conversation, "said meanwhile");
    await customer.page.context().setOffline(false);
    await customer.sees("said meanwhile");
    stage.check(await customer.count("said meanwhile") === 1, "what was said meanwhile comes once");
    await once(stage, customer, "written without a network", alex);
  },

  /* JavaScript takes U+2028 for the end of a line, JSON and the event stream do not. */
  async "a line separator in a message"(stage) {
    const alex = await stage.person("alex");
    const customer = await begun(stage);
    await customer.say("I want a human");
    const conversation = await alex.accept();
    await customer.sees(/is here now/);
    await alex.say(conversation, "- pasted\u2028from a document");
    await alex.say(conversation, "and one word more");
    await customer.sees("and one word more");
    stage.check(await customer.count("from a document") === 1, "a message with one is shown whole, and the next one comes, too");
  },

  async "the server is killed and comes back"(stage) {
    const customer = await begun(stage);
    await stage.server.kill();
    await customer.say("written into the dark");
    await customer.sees("No connection.");
    await stage.server.restart();
    await customer.sees("written into the dark");
    const robin = await stage.person("robin", "");
    await once(stage, customer, "written into the dark", robin);
  },

  async "two windows of one customer stay in step"(stage) {
    const alex = await stage.person("alex");
    const context = await stage.context();
    const one = await begun(stage, { context });
    const two = new Customer(await stage.page("/chat", { context }));
    await two.sees("how do returns work");
    await two.say("I want a human");
    await one.sees("You asked for a person.");
    const conversation = await alex.accept();
    await one.say("from the first window");
    await alex.say(conversation, "from the agent");
    for (const [name, customer] of Object.entries({ one, two })) {
      await customer.sees("from the first window");
      await customer.sees("from the agent");
      stage.check(await customer.count("from the first window") === 1 && await customer.count("from the agent") === 1, `window ${name} shows each once`);
    }
    await alex.resolve(conversation);
    await one.button("Start a new conversation").last().click();
    await until("both are empty", async () => await one.count("from the agent") + await two.count("from the agent") === 0);
    await two.say("a new matter");
    await one.sees("a new matter");
    stage.check(true, "and both go on in the new conversation");
  },

  async "a session that was ended"(stage) {
    const customer = await begun(stage);
    const token = await customer.page.evaluate(() => localStorage[Object.keys(localStorage).find((key) => key.endsWith(" token"))]);
    await stage.server.call("session/end", {}, token);
    await until("nothing is left on the page", async () => await customer.count("how do returns work") === 0);
    stage.check(true, "an ended session leaves nothing on the page");
    await customer.say("and on as somebody new");
    await customer.answer();
    stage.check(true, "the customer may go on as somebody new");
  },
};
