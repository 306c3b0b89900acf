/* The administrator edits what the assistant knows: checks, previews, tries, compares, publishes, rolls back. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Customer } from "../customer.mjs";
import { until } from "../lib.mjs";
import { Supervisor } from "../staff.mjs";

export const title = "Topics and articles";

const WORDS = "why the flibbertigibbet surcharge";

async function open(stage, what, options = {}) {
  const kim = await Supervisor.at(stage, "admin", options);
  await kim.page.getByRole("link", { name: "Knowledge" }).click();
  if (what) {
    await kim.page.getByLabel("Find by name or title").fill(what);
    await kim.page.getByRole("navigation", { name: "Topics" }).getByRole("link").first().click();
    await kim.page.getByLabel("Text of the file").waitFor();
    await kim.sees(/^As published$/);
  }
  return kim;
}

const text = (kim) => kim.page.getByLabel("Text of the file");

async function teach(kim, words = WORDS) {
  const before = await text(kim).inputValue();
  await text(kim).fill(before.replace("examples:\n  en:\n", `examples:\n  en:\n    - ${words}\n`));
  await kim.sees("No mistakes");
}

const aspect = (kim, name) => kim.page.getByRole("radio", { name }).check();

const fileOf = (stage, name) => readFileSync(path.join(stage.server.directory, name), "utf8");

export const stories = {
  async "a list, and how an article looks"(stage) {
    for (const [size, scheme] of [["desktop", "light"], ["phone", "dark"]]) {
      const kim = await open(stage, "", { size, scheme });
      await kim.page.getByRole("navigation", { name: "Topics" }).getByRole("link").first().waitFor();
      await stage.axe(kim.page, `the list, ${size} ${scheme}`);
      await stage.shot(kim.page, `knowledge-list-${size}-${scheme}`);
      await kim.page.getByRole("radio", { name: "Articles" }).check();
      await kim.page.getByRole("navigation", { name: "Articles" }).getByRole("link").first().click();
      await kim.page.getByRole("group", { name: "Preview" }).waitFor();
      await stage.axe(kim.page, `an article, ${size} ${scheme}`);
      await stage.shot(kim.page, `knowledge-article-${size}-${scheme}`);
      stage.check(/\S/.test(await kim.page.locator(".preview-article").innerText()), `${size}: the article as customers see it`);
    }
  },

  async "mistakes are told with line and cure, as they are made"(stage) {
    const kim = await open(stage, "late-fee");
    await text(kim).fill((await text(kim).inputValue()).replace("title:", "titel:"));
    await kim.sees(/\d mistakes?/);
    stage.check(await kim.page.getByRole("button", { name: "Publish" }).isDisabled(), "what has mistakes cannot be published");
    stage.check(await text(kim).getAttribute("aria-invalid") === "true", "and the text says so");
    await stage.axe(kim.page, "a draft with mistakes");
    await stage.shot(kim.page, "knowledge-mistakes");
    await kim.page.getByRole("button", { name: /^Line \d+/ }).first().click();
    stage.check(await kim.page.evaluate(() => getSelection().toString().length > 0 || document.activeElement.id === "draft"), "a mistake leads to its line");
    await kim.page.reload();
    await kim.sees(/\d mistakes?/);
    stage.check(/titel:/.test(await text(kim).inputValue()), "the draft survives a reload");
    await kim.button("Discard").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^As published$/);
    stage.check(/title:/.test(await text(kim).inputValue()), "and goes when it is discarded");
  },

  async "asks the draft, sees what changes, publishes, rolls back"(stage) {
    const customer = new Customer(await stage.page("/chat"));
    await customer.ask.waitFor();
    await customer.say(WORDS);
    await customer.sees(/did not understand|not quite sure/i);
    const before = fileOf(stage, "topics/late-fee.md");
    const kim = await open(stage, "late-fee");
    await teach(kim);
    await aspect(kim, "Ask it");
    await kim.page.getByLabel("Question").fill(WORDS);
    await kim.button("Ask").click();
    const after = kim.page.getByRole("region", { name: "With the draft" });
    await after.waitFor();
    stage.check(/late fee/i.test(await after.innerText()), "the draft understands the question");
    stage.check(/Asked back/.test(await kim.page.getByRole("region", { name: "As it is now" }).innerText()), "and what is published does not");
    await stage.axe(kim.page, "a question to the draft");
    await stage.shot(kim.page, "knowledge-try");
    await aspect(kim, "Changes");
    await kim.button("Compare").click();
    await kim.sees(/\d+ of \d+ would be decided otherwise/);
    stage.check((await kim.page.locator(".differences").innerText()).includes(WORDS), "past questions show what would change");
    await stage.axe(kim.page, "what would change");
    await stage.shot(kim.page, "knowledge-compare");
    stage.check(fileOf(stage, "topics/late-fee.md") === before, "nothing is written before it is published");

    await kim.button("Publish").click();
    await kim.sees(/^Published as version 2\.$/);
    stage.check(fileOf(stage, "topics/late-fee.md").includes(WORDS), "published, it stands in the workspace's file");
    const next = new Customer(await stage.page("/chat"));
    await next.ask.waitFor();
    await next.say(WORDS);
    await next.sees(/late/i);
    stage.check(true, "and the next customer is understood, with no restart");

    await kim.page.getByRole("radio", { name: "Versions" }).check();
    await kim.page.getByRole("button", { name: "Roll back to version 1" }).waitFor();
    await stage.axe(kim.page, "the versions");
    await stage.shot(kim.page, "knowledge-versions");
    await kim.page.getByRole("button", { name: "Roll back to version 1" }).click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^Rolled back to version 1; that is version 3\.$/);
    stage.check(fileOf(stage, "topics/late-fee.md") === before, "rolled back, the file is as it was, byte for byte");
  },

  async "removes what nothing else needs"(stage) {
    const kim = await open(stage, "");
    const article = (name) => kim.page.goto(new URL(`/supervisor#/knowledge/article/${name}`, stage.server.url).href);
    await article("reminders-and-late-fees");
    await kim.sees(/^As published$/);
    await kim.button("Remove").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/It cannot go yet/);
    stage.check(/topics\/late-fee\.md:\d+/.test(await kim.dialog.innerText()), "an article that topics name stays, and they are listed");
    await stage.axe(kim.page, "what is in the way of a removal");
    await stage.shot(kim.page, "knowledge-remove");
    await kim.dialog.getByRole("button", { name: "Cancel" }).click();
    const boss = await stage.person("admin", null), { version } = await boss.call("content");
    const text = "---\ntitle:\n  en: Snoods\n---\nSnoods come back.\n";
    await boss.call("drafts/publish", { kind: "article", name: "snoods", text, version });
    await article("snoods");
    await kim.page.getByText("Snoods come back.").first().waitFor();
    await kim.button("Remove").click();
    await kim.dialog.locator("[type=submit]").click();
    await kim.sees(/^knowledge\/snoods\.md is removed; that is version \d+\.$/);
    stage.check(!existsSync(path.join(stage.server.directory, "knowledge/snoods.md")), "an article that nothing needs is gone");
    await kim.page.getByRole("radio", { name: "Versions" }).check();
    await kim.sees(/^Removed/);
  },

  async "the second of two is told"(stage) {
    const kim = await open(stage, "late-fee"), other = await open(stage, "late-fee");
    await teach(kim, "the zyx of lateness");
    await kim.button("Publish").click();
    await kim.sees(/^Published as version/);
    await teach(other, "quuxing after the day");
    await other.button("Publish").click();
    await other.sees(/Somebody has published another version/);
    await stage.axe(other.page, "somebody was quicker");
    await stage.shot(other.page, "knowledge-conflict");
    await other.button("Take theirs").click();
    await other.sees(/^As published$/);
    stage.check(/the zyx of lateness/.test(await text(other).inputValue()), "theirs is shown");
    await teach(other, "quuxing after the day");
    await other.button("Publish").click();
    await other.sees(/^Published as version/);
    await until("both are in the file", () => /quuxing after the day[^]*the zyx of lateness/.test(fileOf(stage, "topics/late-fee.md")));
    stage.check(true, "and published on top of it, both are there");
  },

  async "a new topic, on a phone, in Swedish"(stage) {
    const kim = await open(stage, "", { size: "phone" });
    await kim.button("New topic").click();
    await kim.dialog.getByLabel("Name").fill("zebra-lamps");
    await stage.axe(kim.page, "a new topic");
    await kim.dialog.locator("[type=submit]").click();
    await text(kim).waitFor();
    await kim.sees("No mistakes");
    await stage.axe(kim.page, "the editor on a phone");
    await stage.shot(kim.page, "knowledge-phone");
    await kim.button("Publish").click();
    await kim.sees(/^Published as version/);
    stage.check(fileOf(stage, "topics/zebra-lamps.md").includes("Zebra lamps"), "a new topic is a new file");
    await kim.button(/^Settings of/).click();
    await kim.page.locator("select#language").selectOption("sv");
    await kim.page.keyboard.press("Escape");
    await kim.sees("Publicera");
    await stage.axe(kim.page, "the editor in Swedish");
  },

  async "is for administrators only"(stage) {
    const robin = await Supervisor.at(stage, "robin");
    stage.check(await robin.page.getByRole("link", { name: "Knowledge" }).count() === 0, "a supervisor has no such page");
    await robin.page.goto(new URL("/supervisor#/knowledge/topic/late-fee", stage.server.url).href);
    await robin.page.getByRole("region", { name: "Now and since midnight" }).waitFor();
    const boss = await stage.person("robin", null);
    const refused = await boss.call("content").then(() => "", (error) => error.message);
    stage.check(/403 not_allowed/.test(refused), "and the server refuses, too");
    const agent = await stage.person("admin", null);
    const paths = ["topics/..%2F..%2Fworkspace", "topics/workspace.yaml", "articles/%2e%2e", "topics/no-such-topic"];
    for (const where of paths) {
      const answer = await agent.call(where).then(() => "", (error) => error.message);
      stage.check(/404/.test(answer), `no file but those of the list: ${where}`);
    }
    const bad = await agent.call("drafts/publish", { kind: "topic", name: "../evil", text: "x", version: "x" }).then(() => "", (error) => error.message);
    stage.check(/400 bad_field/.test(bad), "no name with a dot or a slash is taken");
  },
};
