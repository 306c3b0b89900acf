/* The chat in each of its states, at both widths, in both themes: no state is forgotten by axe. */
import { Customer } from "../customer.mjs";

export const title = "The chat in every state";

async function states(stage, size, scheme) {
  const name = `${size}-${scheme}`;
  const page = await stage.page(await stage.host(), { size, scheme });
  const customer = await new Customer(page).open();
  const look = async (state) => {
    await stage.shot(page, `chat-${state.replaceAll(" ", "-")}-${name}`);
    await stage.axe(page, `${state}, ${name}`);
  };
  await customer.sees("Nobody is here now: leave your number, we come back to you");
  await look("nobody here");
  await customer.say("how do returns work");
  await customer.answer();
  await look("an answer");
  await customer.say("what is the meaning of life");
  await customer.answer(1);
  await look("a question back");
  await customer.ask.click();
  await page.getByLabel("Telephone number or e-mail address").waitFor();
  await look("leaving a number");
  await customer.button("Cancel").click();
  const alex = await stage.person("alex");
  await customer.sees(/number 1 in the queue, about/);
  await look("in the queue");
  const conversation = await alex.accept();
  await customer.sees(/ is here now\.$/);
  await alex.call(`conversations/${conversation}/typing`, {});
  await customer.sees(/is writing/);
  await look("somebody writes");
  await alex.say(conversation, `Look:\n\n1. **Open** the app\n2. [Returns](/help/refunds)\n\n${"x".repeat(300)}`);
  await customer.sees("Open");
  await page.getByLabel("More").click();
  await customer.button("End the conversation").waitFor();
  await look("the menu");
  await page.keyboard.press("Escape");
  stage.check(await customer.button("End the conversation").isHidden() && await customer.input.isVisible(), `${name}: Escape closes the menu, not the chat`);
  await alex.resolve(conversation);
  await customer.sees("How was it?");
  await page.getByRole("radio", { name: "4 of 5 stars" }).check();
  await look("the rating");
  await customer.button("Send rating").click();
  await customer.sees("You gave 4 of 5 stars. Thank you!");
  await look("rated");
  stage.check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing to scroll sideways`);
}

export const stories = {
  "on a desktop": (stage) => states(stage, "desktop", "light"),
  "on a desktop in the dark": (stage) => states(stage, "desktop", "dark"),
  "on a phone": (stage) => states(stage, "phone", "light"),
  "on a phone in the dark": (stage) => states(stage, "phone", "dark"),

  async "somebody who is away is nobody who answers"(stage) {
    const alex = await stage.person("alex");
    const customer = await new Customer(await stage.page(await stage.host())).open();
    await customer.sees(/^about/);
    await alex.present("away");
    await customer.page.reload();
    await customer.sees("Nobody is here now: leave your number, we come back to you");
    stage.check(true, "the waiting time is told before anything is asked, and is not promised for somebody who is away");
  },

  async "the menu closes when the focus goes on"(stage) {
    const customer = await new Customer(await stage.page(await stage.host())).open();
    await customer.say("how do returns work");
    await customer.answer();
    await customer.page.getByLabel("More").click();
    await customer.button("Download the conversation").waitFor();
    await customer.input.focus();
    await customer.button("Download the conversation").waitFor({ state: "hidden" });
    stage.check(true, "a menu is never left open behind one's back");
  },
};
