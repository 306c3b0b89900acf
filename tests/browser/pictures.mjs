/* The README's pictures: the demo with virtual visitors, one customer and one agent who play a conversation.
   They go to build/screenshots as readme-*.png; `make pictures` takes them from there. */
import { Browser, Checks, Server, until } from "./lib.mjs";
import { asMaja } from "./stories/customer-1-assistant.mjs";
import { Agent, Supervisor } from "./staff.mjs";

process.on("exit", () => Server.killAll());
const checks = new Checks();
const browser = await Browser.start();
const server = await Server.start({ options: ["--traffic", "40"] });
const stage = browser.stage(server, checks);
const view = { viewport: { width: 1440, height: 900 } };
try {
  const robin = await Supervisor.at(stage, "robin", view);
  await until("the day has begun", async () => Number((await robin.tile("Asked for a person")).split(/\s/)[0]) >= 12, 240000);
  const alex = await Agent.at(stage, "alex", view), boss = await stage.person("robin", null), own = await stage.person("alex", null);
  const give = async (conversation) => {
    await boss.call(`conversations/${conversation}/assign`, { agent: own.agent });
    await alex.page.goto(new URL(`/agent#/${conversation}`, server.url).href);
    await alex.field.waitFor();
  };
  const { waiting } = await until("somebody waits", async () => {
    const board = await boss.call("board");
    return board.waiting.length && board;
  }, 60000);
  await give(waiting[0].conversation);
  await alex.say("Good morning, I have read what you wrote. One moment, please.");
  const maja = await asMaja(stage, view);
  await maja.say("When is my payment due?");
  await maja.answer();
  await stage.shot(maja.page, "readme-widget");
  await maja.say("I want a human");
  const { conversation } = await until("Maja waits", async () =>
    (await boss.call("conversations?text=Maja")).conversations.find((row) => row.name === "Maja Lindqvist" && row.state !== "assistant"));
  await give(conversation);
  await alex.said("I want a human");
  await alex.field.fill("Hello Maja, I see your payment of €120.00. Shall I move it by two weeks?");
  for (const close of await alex.page.locator(".notices button").all()) await close.click().catch(() => {});
  // Whoever left offers unanswered is away by now.
  await alex.page.getByRole("button", { name: "Go online" }).click({ timeout: 1000 }).catch(() => {});
  await alex.field.focus();
  await stage.shot(alex.page, "readme-agent");
  await stage.shot(robin.page, "readme-board");
} finally {
  await stage.close();
  await server.stop();
  await browser.close();
}
console.log(`pictures: ${checks.passed} passed, ${checks.failures} failed`);
process.exitCode = checks.failures ? 1 : 0;
