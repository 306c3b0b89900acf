/* The customer and people: steps 4 to 8 of the story, the staff played through the API. */
import { readFileSync } from "node:fs";
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { asMaja } from "./customer-1-assistant.mjs";

export const title = "A customer and people";

async function chat(stage, options) {
  const customer = new Customer(await stage.page("/chat", options));
  await customer.ask.waitFor();
  return customer;
}

export const stories = {
  async "the button, the queue, the conversation, the rating"(stage) {
    const alex = await stage.person("alex");
    const { page, ...rest } = await asMaja(stage);
    const customer = Object.assign(new Customer(page), rest);
    await customer.say("When is my payment due?");
    await customer.answer();
    await customer.ask.click();
    await customer.sees("You asked for a person.");
    await stage.axe(page, "waiting");

    const conversation = await alex.accept();
    await customer.sees(/^Alex.* is here now\.$/);
    await customer.sees(/^Alex.*, a person, is with you$/);
    await alex.call(`conversations/${conversation}/typing`, {});
    await customer.sees(/is writing/);
    stage.check(true, "the customer sees that the agent writes");
    await alex.say(conversation, "Hello Maja, how can I help?");
    await customer.sees("how can I help?");
    await until("the read mark", async () => (await alex.events(conversation))
      .some((event) => event.type === "mark.set" && event.reader === "customer" && event.mark === "read"));
    stage.check(true, "the agent learns that it was read");

    await customer.say("Please move my payment.");
    const own = page.locator(".own", { hasText: "Please move my payment." });
    await own.getByText("Sent", { exact: false }).waitFor();
    const { seq } = (await alex.events(conversation)).findLast((event) => event.type === "message.sent");
    await alex.call(`conversations/${conversation}/marks`, { mark: "delivered", up_to: seq });
    await own.getByText("Delivered").waitFor();
    await alex.call(`conversations/${conversation}/marks`, { mark: "read", up_to: seq });
    await own.getByText("Read").waitFor();
    stage.check(true, "sent, delivered, read");
    await stage.shot(page, "person-desktop");
    await stage.axe(page, "with a person");

    await alex.resolve(conversation);
    await customer.sees("How was it?");
    await stage.axe(page, "the rating");
    await page.getByRole("radio", { name: "4 of 5 stars" }).check();
    await page.getByLabel("A few words").fill("Quick and kind.");
    await stage.shot(page, "rating-desktop");
    await customer.button("Send rating").click();
    await customer.sees("You gave 4 of 5 stars. Thank you!");
    const robin = await stage.person("robin", "");
    stage.check((await robin.events(conversation)).some(({ stars, comment }) => stars === 4 && comment === "Quick and kind."), "stars and comment arrive");

    const [download] = await Promise.all([page.waitForEvent("download"), customer.button("Download the conversation").last().click()]);
    const transcript = readFileSync(await download.path(), "utf8");
    stage.check(transcript.includes("how can I help?") && transcript.includes("Please move my payment."), "the transcript holds both sides");
    stage.check(download.suggestedFilename() === "conversation.txt", "under a name that says what it is");

    await customer.say("One more thing");
    await customer.sees("The conversation goes on.");
    stage.check(await customer.count("how can I help?") === 1, "who comes back goes on in the same conversation");
    await page.getByLabel("More").click();
    await customer.button("End the conversation").click();
    await customer.sees("You ended the conversation.");
    await customer.button("Start a new conversation").last().click();
    await until("an empty page", async () => await customer.count("how can I help?") === 0);
    stage.check(/TEXTAREA/.test(await customer.focus()), "a new conversation begins in the text field");
  },

  async "place and estimate move as the queue moves"(stage) {
    const first = await chat(stage), second = await chat(stage, { size: "phone" });
    await first.say("I want a human");
    await first.sees(/number 1 in the queue/);
    await second.say("I want a human");
    await second.sees(/number 2 in the queue/);
    await stage.shot(second.page, "queue-phone");
    const alex = await stage.person("alex");
    const conversation = await alex.accept();
    await first.sees(/is here now/);
    await second.sees(/number 1 in the queue|is here now/);
    stage.check(true, "the second moves up");
    await alex.resolve(conversation);
  },

  async "nobody online: the words bring the form, too"(stage) {
    const customer = await chat(stage);
    await customer.say("I want a human");
    await customer.page.getByLabel("Telephone number or e-mail address").waitFor();
    stage.check(/TEXTAREA/.test(await customer.focus()), "it does not take the focus from somebody who writes");
    await customer.button("Cancel").click();
    await customer.button("Leave a number or e-mail").click();
    stage.check(/address/.test(await customer.focus()), "cancelled, it stays in reach");
    await customer.page.getByLabel("Telephone number or e-mail address").fill("maja@mail.example");
    await customer.button("Get a promise").click();
    await customer.sees(/we come back to you at maja@mail\.example/);
  },

  async "a transfer to a colleague"(stage) {
    const [alex, customer] = [await stage.person("alex"), await chat(stage, { scheme: "dark" })];
    await customer.say("I want a human");
    const conversation = await alex.accept();
    await customer.sees(/^Alex.* is here now\.$/);
    const sam = await stage.person("sam");
    await alex.call(`conversations/${conversation}/transfer`, { to_agent: sam.agent, note: "not for the customer's eyes" });
    await customer.sees("You are passed on to a colleague");
    await sam.accept();
    await customer.sees(/^Sam.* is here now\.$/);
    stage.check(!await customer.page.getByText("not for the customer's eyes").count(), "the note stays among the staff");
    await stage.shot(customer.page, "chat-desktop-dark");
    await stage.axe(customer.page, "after a transfer, in the dark");
  },

  async "nobody online: a promise with a number, kept"(stage) {
    const customer = await chat(stage, { size: "phone" }), { page } = customer;
    await customer.sees("Nobody is here now: leave your number, we come back to you");
    await customer.ask.click();
    const address = page.getByLabel("Telephone number or e-mail address");
    await address.waitFor();
    stage.check(/address/.test(await customer.focus()), "the form has the focus");
    await address.fill("12");
    await customer.button("Get a promise").click();
    stage.check(await address.isVisible(), "what is no number is not taken");
    await stage.axe(page, "the appointment");
    await stage.shot(page, "appointment-phone");
    await address.fill("+46 70 123 45 67");
    await customer.button("Get a promise").click();
    await customer.sees(/Promise no\. \d+: we come back to you at \+46 70 123 45 67\./);
    const [, number] = /no\. (\d+)/.exec(await page.getByText(/Promise no/).first().innerText());
    stage.check(+number > 0, "the promise has a number");
    const alex = await stage.person("alex");
    await alex.accept();
    await customer.sees(`Promise no. ${number}: a person is here for you.`);
    stage.check(true, "the promise is kept");
  },

  async "the words are enough, in Swedish too"(stage) {
    const alex = await stage.person("alex");
    const customer = await chat(stage, { locale: "sv-SE", size: "phone" });
    await customer.say("jag vill prata med en människa");
    await customer.sees("Du bad om en människa.");
    await alex.accept();
    await customer.sees(/^Alex.* är här nu\.$/);
    await stage.shot(customer.page, "chat-phone-swedish");
    await stage.axe(customer.page, "in Swedish");
    stage.check(await customer.page.locator("beckon-chat").getAttribute("lang") === "sv-SE", "the page says which language it is in");
  },
};
