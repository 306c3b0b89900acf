/* What an agent may look back at, and what comes after the wrap-up. */
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { Agent, Supervisor } from "../staff.mjs";

export const title = "Looking back";

async function chat(stage) {
  const customer = new Customer(await stage.page("/chat"));
  await customer.ask.waitFor();
  await customer.say("I want a human");
  return customer;
}

async function rate(customer, stars, comment) {
  await customer.page.getByRole("radio", { name: `${stars} of 5 stars` }).check();
  await customer.page.getByLabel("A few words").fill(comment);
  await customer.button("Send rating").click();
}

const number = (page) => Number(/#\/(\d+)/.exec(page.url())[1]);

async function lookBack(stage, size, scheme) {
  const alex = await Agent.at(stage, "alex", { size, scheme }), name = `${size}-${scheme}`;
  const customer = await chat(stage);
  await alex.accept();
  const conversation = number(alex.page);
  await alex.say("The parcel arrives on Friday.");
  await customer.sees("arrives on Friday");
  await alex.resolve();
  await alex.button(/^Finish/).click();
  await alex.sees("This conversation is resolved.");
  await alex.page.goto(new URL("/agent#/", stage.server.url).href);
  await rate(customer, 4, "Quick and clear.");
  await alex.sees(/rated your conversation: 4 of 5\./);
  stage.check(true, `${name}: the rating that comes after the wrap-up reaches the agent`);

  const recent = alex.page.getByRole("navigation", { name: "Conversations" }).locator(".group", { hasText: "Recent" });
  await recent.getByText("4 of 5").waitFor({ state: "attached" });
  await stage.axe(alex.page, `recent conversations, ${name}`);
  await recent.getByRole("link").first().click();
  await alex.said("The parcel arrives on Friday.");
  await alex.sees(/“Quick and clear\.”/);
  stage.check(await alex.field.count() === 0, `${name}: a conversation that is over can be read, not written in`);
  await stage.shot(alex.page, `look-back-${name}`);
  await stage.axe(alex.page, `looking back, ${name}`);
  await alex.page.reload();
  await alex.said("The parcel arrives on Friday.");
  stage.check(true, `${name}: also after a reload`);
  return { alex, customer, conversation, recent };
}

export const stories = {
  async "the rating, and the conversation it was for"(stage) {
    const { alex, customer, conversation, recent } = await lookBack(stage, "desktop", "light");
    const sam = await Agent.at(stage, "sam", { state: null });
    await sam.page.goto(new URL(`/agent#/${conversation}`, stage.server.url).href);
    await sam.sees("It is not there, or not yours to see.");
    const colleague = await stage.person("sam", null);
    const { conversations } = await colleague.call("conversations?state=resolved");
    stage.check(!conversations.some((row) => row.conversation === conversation), "a colleague neither opens nor finds it");

    const own = await stage.person("alex", null);
    stage.check((await own.call("conversations?text=friday")).conversations.length === 1, "whoever handled it finds it by its words");
    await customer.say("One more thing");
    await customer.sees("The conversation goes on.");
    await until("it is gone", async () => {
      await alex.page.reload();
      await alex.page.getByRole("navigation", { name: "Conversations" }).waitFor();
      await alex.sees("It is not there, or not yours to see.");
      return await recent.count() === 0;
    });
    const refused = await own.call(`conversations/${conversation}/events`).then(() => "", (error) => error.message);
    stage.check(/404/.test(refused), "what the customer goes on to say with the assistant is not the agent's to see");
  },

  async "the same on a phone in the dark"(stage) {
    await lookBack(stage, "phone", "dark");
  },

  async "everybody in the conversation sees who is typing"(stage) {
    const customer = await chat(stage);
    const alex = await Agent.at(stage, "alex"), robin = await Supervisor.at(stage);
    await alex.accept();
    await robin.open(/Guest/);
    await robin.button("Join").click();
    await alex.sees(/has joined/);
    await customer.page.getByText(/joined\.$/).first().waitFor();
    await customer.input.pressSequentially("I wonder");
    await robin.sees(/^Guest \d+ is typing…$/);
    await alex.timeline.getByText(/^Guest \d+ is typing…$/).waitFor();
    stage.check(true, "the owner and the supervisor who joined see that the customer types");
    await robin.field.pressSequentially("Let me");
    await alex.timeline.getByText(/^Robin.* is typing…$/).waitFor();
    await customer.sees(/^Robin.* is writing …$/);
    stage.check(true, "the agent and the customer see that the supervisor types");
    await alex.resolve();
    await alex.button(/^Finish/).click();
    await customer.say("Hello again");
    await customer.sees("The conversation goes on.");
    await customer.say("I want a human");
    await alex.accept();
    stage.check(await alex.page.getByText("has joined. The customer sees").count() === 0, "who had joined is out when it was resolved");
  },

  async "two windows of one agent stay in step"(stage) {
    const one = await Agent.at(stage, "alex");
    const two = new Agent(await stage.page("/agent", { context: one.page.context() }));
    await two.presence("Online").waitFor({ state: "attached" });
    const customer = await chat(stage);
    await two.offer().waitFor();
    await one.accept();
    await two.row("Guest").first().click();
    await two.say("Said in the second window");
    await one.said("Said in the second window");
    await one.field.fill("half a sentence");
    await until("the draft is in both", async () => await two.field.inputValue() === "half a sentence");
    await one.say("Said in the first window");
    await two.said("Said in the first window");
    await customer.sees("Said in the first window");
    for (const [name, agent] of Object.entries({ one, two })) {
      await agent.said("Said in the first window");
      await until("nothing is on its way", async () => await agent.page.locator(".pending").count() === 0);
      stage.check(await agent.messages("Said in the").count() === 2, `window ${name} shows each once`);
    }
    await one.resolve();
    await two.sees("Wrap-up.");
    stage.check(true, "and both wrap up");
  },

  async "files are refused wherever they land"(stage) {
    const alex = await Agent.at(stage, "alex");
    await chat(stage);
    await alex.accept();
    const drop = (selector, kind) => alex.page.evaluate(([where, what]) => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "invoice.pdf"));
      const event = what === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      document.querySelector(where).dispatchEvent(event);
      return event.defaultPrevented;
    }, [selector, kind]);
    for (const [selector, kind] of [["#reply", "paste"], ["#reply", "drop"], [".timeline", "drop"], [".list-pane", "drop"]]) {
      stage.check(await drop(selector, kind), `a file does not open in the place of the page: ${kind} on ${selector}`);
    }
    await alex.sees("Files cannot be sent yet. Describe the matter in words.");
    stage.check(true, "and it is said in words");
  },
};
