/* The whole story in four windows: a customer, two agents, a supervisor, all through their pages. */
import { until } from "../lib.mjs";
import { Agent, Supervisor } from "../staff.mjs";
import { asMaja } from "./customer-1-assistant.mjs";

export const title = "Four windows";

/* Which of the two has the offer; the other one comes second. */
function offered(first, second) {
  return until("an offer", async () => {
    if (await first.offer().isVisible()) return [first, second];
    return await second.offer().isVisible() && [second, first];
  });
}

export const stories = {
  async "from the first question to the rating"(stage) {
    const robin = await Supervisor.at(stage);
    const sam = await Agent.at(stage, "sam"), ines = await Agent.at(stage, "ines");
    await robin.figure("Agents online", /^2 /);
    stage.check(true, "the board counts the agents who go online");

    const maja = await asMaja(stage);
    await maja.say("When is my payment due?");
    await maja.answer();
    await maja.say("What do the heirs have to do?");
    await maja.sees(/A person takes care of this/);
    const [first, second] = await offered(sam, ines);
    await first.offer().getByText(/waiting \d/).waitFor();
    await first.offer().getByText("English").waitFor();
    stage.check(/^\s*1?\d\s/.test(await first.offer().locator(".offer-left").innerText()), "the offer counts down");
    await robin.figure("Waiting now", /^1 longest/);
    await first.page.keyboard.press("d");
    await second.offer().waitFor();
    stage.check(await first.offer().isHidden(), "a declined offer moves on to the next agent");
    await second.page.keyboard.press("a");
    await second.said("When is my payment due?");
    await second.sees("Hand-over note");
    stage.check(true, "accepting opens the conversation with its history and the hand-over note");
    await maja.sees(/ is here now\.$/);
    await robin.figure("With a person", /^1 /);

    await talk(stage, second, maja);
    await handOn(stage, second, first, maja, first === sam ? "Sam" : "Ines");
    await end(stage, first, maja, robin);
  },
};

async function talk(stage, agent, maja) {
  const { page } = agent;
  await agent.sees("Suggested reply:");
  await page.keyboard.press("u");
  stage.check((await agent.field.inputValue()).length > 0, "one key puts the suggested reply into the field");
  await agent.field.fill("/hel");
  await page.getByRole("option", { name: "Greeting" }).waitFor();
  await agent.field.press("Enter");
  stage.check((await agent.field.inputValue()).startsWith("Hello, I have read"), "a slash finds a canned reply");
  await agent.field.press("Enter");
  await maja.sees("Hello, I have read what you wrote above");
  await agent.timeline.getByText("Read", { exact: true }).waitFor();
  stage.check(true, "the agent sees that the reply was read");

  await agent.field.pressSequentially("One mo");
  await maja.sees(/is writing/);
  await maja.input.pressSequentially("Thank ");
  await agent.sees("Maja Lindqvist is typing…");
  stage.check(true, "both sides see that the other one writes");
  await maja.say("Thank you!");
  await agent.said("Thank you!");
  await agent.field.fill("");

  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await tab.locator("#reply").fill("From the second tab");
  await tab.locator("#reply").press("Enter");
  await agent.said("From the second tab");
  await maja.sees("From the second tab");
  await tab.close();
  stage.check(true, "a second tab stays in step");

  await agent.field.fill("A draft");
  await page.reload();
  await agent.said("From the second tab");
  stage.check(await agent.field.inputValue() === "A draft", "a reload keeps the place and the draft");
  stage.check(await agent.messages("From the second tab").count() === 1, "and doubles nothing");
  await agent.field.evaluate((field) => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "receipt.png"));
    field.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await agent.sees("Files cannot be sent yet. Describe the matter in words.");
  stage.check(true, "a file is refused in words");
  await agent.field.fill("");
}

async function handOn(stage, from, to, maja, name) {
  await from.page.getByRole("radio", { name: "Note" }).check();
  await from.say("Has asked twice");
  await from.said("Has asked twice");
  await from.button(/^Transfer/).click();
  await from.choose(new RegExp(name), "Please look at the due date");
  await to.offer().waitFor();
  await to.accept();
  await to.sees("Please look at the due date");
  await to.said("Has asked twice");
  await maja.sees(new RegExp(`^${name}.* is here now\\.$`));
  stage.check(!await maja.count("Has asked twice"), "notes stay among the staff");
  stage.check(await from.row("Maja").count() === 0, "the conversation is with the colleague, with the note");
}

async function end(stage, agent, maja, robin) {
  await agent.say("It is moved. Good-bye!");
  await maja.sees("It is moved. Good-bye!");
  await agent.resolve();
  await maja.sees("How was it?");
  await agent.page.evaluate(() => document.activeElement.blur());
  await agent.page.keyboard.press("f");
  await agent.sees("This conversation is resolved.");
  stage.check(true, "resolved with a disposition; the wrap-up ends with one key");
  await maja.page.getByRole("radio", { name: "5 of 5 stars" }).check();
  await maja.button("Send rating").click();
  await maja.sees("You gave 5 of 5 stars. Thank you!");
  await robin.figure("Rating", /^5\.0 of 5/);
  await robin.figure("Asked for a person", /^1 1 met/);
  await robin.figure("Service level", /^100%/);
  stage.check(true, "the board has the rating, the request and how fast it was met");
}
