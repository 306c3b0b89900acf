/* The staff pages as they look: light and dark, desktop and phone, English and Swedish. */
import { asMaja } from "./customer-1-assistant.mjs";
import { Agent, Supervisor } from "../staff.mjs";

export const title = "Staff pages";

async function agentPages(stage, size, scheme) {
  const name = `${size}-${scheme}`;
  const agent = await Agent.at(stage, "alex", { size, scheme });
  await stage.axe(agent.page, `agent, online, ${name}`);
  const maja = await asMaja(stage);
  await maja.say("When is my payment due?");
  await maja.answer();
  await maja.say("I want a human");
  await agent.offer().waitFor();
  await stage.shot(agent.page, `agent-offer-${name}`);
  await stage.axe(agent.page, `agent, an offer, ${name}`);
  await agent.accept();
  await agent.say("Hello Maja, I am looking at your payments now.");
  await maja.sees("Hello Maja, I am looking");
  await maja.say("Thank you, that is kind.");
  await agent.said("that is kind");
  await stage.shot(agent.page, `agent-${name}`);
  await stage.axe(agent.page, `agent, a conversation, ${name}`);
  await agent.field.fill("/");
  await agent.page.getByRole("listbox", { name: "Canned replies" }).waitFor();
  await stage.axe(agent.page, `agent, canned replies, ${name}`);
  await agent.field.fill("");
  for (const dialog of ["Transfer", "Resolve"]) {
    await agent.button(new RegExp(`^${dialog}`)).click();
    await agent.dialog.waitFor();
    await stage.shot(agent.page, `agent-${dialog.toLowerCase()}-${name}`);
    await stage.axe(agent.page, `agent, ${dialog}, ${name}`);
    await agent.page.keyboard.press("Escape");
    await agent.dialog.waitFor({ state: "detached" });
  }
  await agent.button(/Settings of/).click();
  await agent.page.getByRole("group", { name: "Settings" }).waitFor();
  await stage.axe(agent.page, `agent, settings, ${name}`);
  await agent.page.keyboard.press("Escape");
  await agent.resolve();
  await stage.axe(agent.page, `agent, wrap-up, ${name}`);
  stage.check(true, `the agent app, ${name}`);
}

async function board(stage, size, scheme) {
  const robin = await Supervisor.at(stage, "robin", { size, scheme });
  const maja = await asMaja(stage);
  await maja.say("I want a human");
  await robin.page.getByRole("link", { name: "Maja Lindqvist" }).waitFor();
  await stage.shot(robin.page, `board-${size}-${scheme}`);
  await stage.axe(robin.page, `board, ${size}-${scheme}`);
  await robin.open("Maja Lindqvist");
  await stage.shot(robin.page, `board-conversation-${size}-${scheme}`);
  await stage.axe(robin.page, `a conversation, ${size}-${scheme}`);
  stage.check(true, `the board, ${size}-${scheme}`);
}

/* The door, and the pages that are mostly tables: cards on a phone. */
async function others(stage, size, scheme) {
  const name = `${size}-${scheme}`;
  const door = await stage.page("/supervisor", { size, scheme });
  await door.getByText("This is the demo. Log in as robin").waitFor();
  await stage.axe(door, `the door, ${name}`);
  await stage.shot(door, `door-${name}`);
  await door.getByRole("button", { name: "Fill it in" }).click();
  await door.getByRole("button", { name: "Log in" }).click();
  const robin = new Supervisor(door);
  await door.getByRole("link", { name: "Conversations" }).click();
  await robin.sees(/^\d+ conversations?$/);
  await stage.axe(door, `conversations, ${name}`);
  await stage.shot(door, `conversations-${name}`);
  const { x, y, width } = await door.getByRole("row").nth(1).boundingBox();
  await door.mouse.click(x + width - 20, y + 20);
  await robin.timeline.waitFor();
  stage.check(true, `a row opens wherever it is hit, ${name}`);
  await door.getByRole("button", { name: "Close" }).click();
  await door.getByRole("link", { name: "Staff" }).click();
  await door.getByRole("row", { name: /Alex Moreau/ }).waitFor();
  await stage.axe(door, `staff, ${name}`);
  await stage.shot(door, `staff-${name}`);
  stage.check(await door.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing to scroll sideways, ${name}`);
}

export const stories = {
  "the agent app on a desktop": (stage) => agentPages(stage, "desktop", "light"),
  "the agent app on a desktop in the dark": (stage) => agentPages(stage, "desktop", "dark"),
  "the agent app on a phone": (stage) => agentPages(stage, "phone", "light"),
  "the agent app on a phone in the dark": (stage) => agentPages(stage, "phone", "dark"),
  "the board on a desktop": (stage) => board(stage, "desktop", "light"),
  "the board on a desktop in the dark": (stage) => board(stage, "desktop", "dark"),
  "the board on a phone": (stage) => board(stage, "phone", "light"),
  "the board on a phone in the dark": (stage) => board(stage, "phone", "dark"),
  "the other pages on a desktop": (stage) => others(stage, "desktop", "light"),
  "the other pages on a desktop in the dark": (stage) => others(stage, "desktop", "dark"),
  "the other pages on a phone": (stage) => others(stage, "phone", "light"),
  "the other pages on a phone in the dark": (stage) => others(stage, "phone", "dark"),

  async "Swedish, and the keyboard's help"(stage) {
    const { page } = await Agent.at(stage, "alex", { state: null });
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keyboard" }).waitFor();
    await stage.axe(page, "the keyboard's help");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Settings of/ }).click();
    await page.getByLabel("Single letters as shortcuts").uncheck();
    await page.getByLabel("Language").selectOption("sv");
    await page.getByRole("heading", { name: "Du är ute" }).filter({ visible: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    stage.check(await page.getByRole("dialog").count() === 0, "single letters can be turned off");
    stage.check(await page.evaluate(() => document.documentElement.lang) === "sv", "the page says that it is in Swedish");
    await stage.axe(page, "in Swedish");
    await stage.shot(page, "agent-swedish");
    await page.getByRole("button", { name: "Gå in" }).filter({ visible: true }).click();
    await page.getByRole("heading", { name: "Du är inne" }).filter({ visible: true }).waitFor();
    await page.getByRole("radio", { name: "Ute" }).click();
  },
};
