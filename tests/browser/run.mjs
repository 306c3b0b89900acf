/* Runs the stories one after the other, each with a server of its own workspace's copy, and prints a
   line a check. Screenshots go to build/screenshots. Ends with "browser: N passed, N failed". */
import { readdirSync } from "node:fs";
import { Browser, Checks, Server, findings } from "./lib.mjs";

process.on("exit", () => Server.killAll());
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

const words = process.argv.slice(2);
const checks = new Checks();
const browser = await Browser.start();
const folder = new URL("stories/", import.meta.url);
try {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".mjs")).sort()) {
    const { title, stories } = await import(new URL(file, folder));
    const wanted = Object.entries(stories).filter(([name]) => words.every((word) => `${file} ${name}`.includes(word)));
    if (!wanted.length) continue;
    console.log(`# ${title}`);
    const server = await Server.start();
    for (const [name, play] of wanted) {
      const began = Date.now();
      const stage = browser.stage(server, checks);
      try {
        await play(stage);
      } catch (error) {
        checks.failed(`${name}: ${findings(error)}`);
        await stage.photograph(name);
      }
      await stage.close();
      console.log(`#   ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    }
    await server.stop();
  }
} finally {
  await browser.close();
}
console.log(`browser: ${checks.passed} passed, ${checks.failures} failed`);
process.exitCode = checks.failures || !checks.passed ? 1 : 0;
