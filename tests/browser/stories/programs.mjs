/* The company's own programs: the OpenAI client and the MCP SDK, as they come from npm. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Server as ToolServer } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema } from "@modelcontextprotocol/sdk/types.js";

export const title = "Programs";

const key = readFileSync(new URL("../../../demo/program.token", import.meta.url), "utf8").trim();
const chat = (stage) => new OpenAI({ baseURL: `${stage.server.url}/v1`, apiKey: key, maxRetries: 0 });
const ask = (...texts) => ({ model: "beckon", messages: texts.map((content) => ({ role: "user", content })) });

/* A request of revision 2026-07-28, which the SDK does not speak yet. */
const modern = (stage, method, params = {}, headers = {}) => fetch(`${stage.server.url}/mcp`, {
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream", authorization: `Bearer ${key}`,
             "mcp-protocol-version": "2026-07-28", "mcp-method": method, ...(params.name ? { "mcp-name": params.name } : {}), ...headers },
  body: JSON.stringify({ jsonrpc: "2.0", id: "a", method, params: { ...params, _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {} } } }),
});

/* A server of tools as the SDK makes it: one session a client. `json`: it answers without streams. */
async function toolServer(json) {
  const sessions = new Map(), calls = [];
  const answer = async ({ params }) => {
    calls.push(params.arguments);
    if (params.name !== "order_status") throw new Error("there is no such tool");
    if (params.arguments.order === "W-99999")
      return { isError: true, content: [], structuredContent: { error: { code: "not_found" } } };
    return { content: [{ type: "text", text: "sent" }], structuredContent: { status: "sent", days: params.arguments.days } };
  };
  const open = async () => {
    const server = new ToolServer({ name: "shop", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler(CallToolRequestSchema, answer);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, enableJsonResponse: json,
      onsessioninitialized: (id) => sessions.set(id, transport) });
    await server.connect(transport);
    return transport;
  };
  const http = createServer(async (request, response) => {
    const session = sessions.get(request.headers["mcp-session-id"]);
    await (session ?? await open()).handleRequest(request, response);
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${http.address().port}/mcp`, calls, close: () => http.close() };
}

/* beckon action, against a workspace whose one action is a tool of that server. */
async function runTool(url, ...values) {
  const folder = mkdtempSync(join(tmpdir(), "beckon-tool-"));
  for (const name of ["topics", "actions", "knowledge"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "workspace.yaml"), "name: Lantern\nlanguages: [en]\n");
  writeFileSync(join(folder, "topics/a.md"), "---\ntitle: A\nexamples: [one thing, another thing]\n---\nYes.\n");
  writeFileSync(join(folder, "actions/look.yaml"), `mcp: ${url}\ntool: order_status\nidentity: signed\ncustomer_argument: customer\n` +
    "result:\n  type: object\n  required: [status, days]\n  properties:\n    days: { type: integer }\n" +
    "parameters:\n  - { name: order, pattern: \"W-[0-9]{5}\", question: Which? }\n  - { name: days, pattern: \"[0-9]+\", type: number, question: How many? }\n");
  const program = new URL("../../../build/beckon", import.meta.url).pathname;
  const args = ["action", folder, "look", ...values, "--customer", "C-1001", "--key", "k1", "--send"];
  const output = await new Promise((done) => execFile(program, args, (error, stdout, stderr) => done(stdout + stderr)));
  rmSync(folder, { recursive: true });
  return output;
}

export const stories = {
  async "the OpenAI client gets approved text with its sources"(stage) {
    const answer = await chat(stage).chat.completions.create(ask("How does autopay work?"));
    stage.check(answer.choices[0].message.content.length > 40 && answer.choices[0].finish_reason === "stop", "a whole answer");
    stage.check(answer.beckon.decision === "answer" && answer.beckon.sources.length > 0, "it names its sources");
    stage.check(answer.usage.total_tokens > 0, "usage is estimated");
    const models = await chat(stage).models.list();
    stage.check(models.data[0].id === "beckon", "the model is listed");
  },

  async "what is streamed is what is answered whole"(stage) {
    const whole = await chat(stage).chat.completions.create(ask("How does autopay work?"));
    let text = "", usage = null;
    for await (const chunk of await chat(stage).chat.completions.create(
      { ...ask("How does autopay work?"), stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    stage.check(text === whole.choices[0].message.content, "the same text");
    stage.check(usage.completion_tokens === whole.usage.completion_tokens, "the same usage");
  },

  async "a program is nobody's customer"(stage) {
    const answer = await chat(stage).chat.completions.create(ask("When is my next payment due?"));
    stage.check(answer.beckon.decision !== "act" && !/€\d/.test(answer.choices[0].message.content), "no account is looked into");
    const person = await chat(stage).chat.completions.create(ask("How does autopay work?", "I want a human"));
    stage.check(person.beckon.decision === "hand_over", "a wish for a person is heard");
  },

  async "bad requests and foreign keys are refused as the protocol says"(stage) {
    const status = async (promise) => { try { await promise; return 200; } catch (error) { return error.status; } };
    stage.check(await status(chat(stage).chat.completions.create({ model: "beckon", messages: [] })) === 400, "no message: 400");
    stage.check(await status(chat(stage).chat.completions.create(ask("x".repeat(8001)))) === 400, "too long: 400");
    const stranger = new OpenAI({ baseURL: `${stage.server.url}/v1`, apiKey: "0".repeat(42), maxRetries: 0 });
    stage.check(await status(stranger.chat.completions.create(ask("Hello"))) === 401, "a foreign key: 401");
    const refused = async (more) => {
      try { await chat(stage).chat.completions.create({ ...ask("Hello"), ...more }); return "taken"; }
      catch (error) { return `${error.status} ${error.code} ${error.param} ${error.type}`; }
    };
    stage.check(await refused({ model: "gpt-4o" }) === "404 model_not_found model invalid_request_error", "another model: 404");
    stage.check(await refused({ n: 2 }) === "400 unsupported_value n invalid_request_error", "two answers: 400");
    stage.check(await refused({ response_format: { type: "json_object" } }) === "400 unsupported_value response_format invalid_request_error", "JSON: 400");
    stage.check(await refused({ tool_choice: "required" }) === "400 unsupported_value tool_choice invalid_request_error", "a forced tool: 400");
    stage.check(await refused({ n: 1, response_format: { type: "text" }, tool_choice: "auto", temperature: 0, max_tokens: 5 }) === "taken", "what only tunes is passed over");
    const said = await stranger.models.list().then(() => "taken", (error) => `${error.status} ${error.code} ${error.type} ${error.message}`);
    stage.check(/^401 invalid_api_key invalid_request_error .*key_file/.test(said), "a foreign key: which one is meant");
    const model = await chat(stage).models.retrieve("beckon");
    stage.check(model.id === "beckon" && await status(chat(stage).models.retrieve("gpt-4o")) === 404, "the model by its name");
    const garbage = await fetch(`${stage.server.url}/v1/chat/completions`, { method: "POST", body: "{",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` } });
    stage.check(garbage.status === 400 && (await garbage.json()).error.message, "no JSON: 400 with a message");
  },

  async "the MCP SDK lists and calls the tools"(stage) {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${stage.server.url}/mcp`),
      { requestInit: { headers: { authorization: `Bearer ${key}` } } }));
    const { tools } = await client.listTools();
    stage.check(tools.map((tool) => tool.name).join() === "search_knowledge,conversation_status,queue_state", "three tools");
    stage.check(tools.every((tool) => tool.annotations.readOnlyHint), "all of them only read");
    const found = await client.callTool({ name: "search_knowledge", arguments: { query: "late fee reminder" } });
    const wrong = async (args) => { const { isError, content } = await client.callTool({ name: "search_knowledge", arguments: args }); return isError && content[0].text; };
    stage.check(/'lang'/.test(await wrong({ query: "late fee", lang: "sv" })), "a mistyped argument is named");
    stage.check(/en, sv/.test(await wrong({ query: "late fee", language: "fr" })), "which languages there are");
    stage.check(found.structuredContent.passages.length > 0 && /^http/.test(found.structuredContent.passages[0].url), "passages with addresses");
    const queue = await client.callTool({ name: "queue_state", arguments: {} });
    stage.check(Number.isInteger(queue.structuredContent.waiting), "the queue's figures");
    const none = await client.callTool({ name: "conversation_status", arguments: { conversation: 999999 } });
    stage.check(none.isError && /no conversation/.test(none.content[0].text), "a conversation that is not there");
    await client.close();
  },

  async "the revision without a handshake is spoken too"(stage) {
    const discovered = await (await modern(stage, "server/discover")).json();
    stage.check(discovered.result.supportedVersions[0] === "2026-07-28" && discovered.result.resultType === "complete", "server/discover");
    const listed = await (await modern(stage, "tools/list")).json();
    stage.check(listed.result.tools.length === 3 && listed.result.ttlMs > 0 && listed.id === "a", "tools/list, to be kept for a while");
    const called = await (await modern(stage, "tools/call", { name: "queue_state", arguments: {} })).json();
    stage.check(called.result.resultType === "complete" && called.result.structuredContent, "tools/call");
    const unknown = await modern(stage, "prompts/list");
    stage.check(unknown.status === 404 && (await unknown.json()).error.code === -32601, "an unknown method: 404, -32601");
    const lying = await modern(stage, "tools/list", {}, { "mcp-method": "tools/call" });
    stage.check(lying.status === 400 && (await lying.json()).error.code === -32020, "a header that lies: 400, -32020");
    const coded = await modern(stage, "tools/call", { name: "queue_state" }, { "mcp-name": `=?base64?${Buffer.from("queue_state").toString("base64")}?=` });
    const other = await modern(stage, "tools/call", { name: "queue_state" }, { "mcp-name": "=?base64?b3RoZXI=?=" });
    stage.check(coded.status === 200 && other.status === 400, "a name in base64 is read, and compared");
    const future = await modern(stage, "tools/list", {}, { "mcp-protocol-version": "2031-01-01" });
    stage.check(future.status === 400, "another version in the header: 400");
    const wrong = await fetch(`${stage.server.url}/mcp`, { headers: { authorization: `Bearer ${key}` } });
    stage.check(wrong.status === 405, "there is no stream to GET: 405");
  },

  async "an action may be a tool of the SDK's server, with streams and without"(stage) {
    for (const json of [true, false]) {
      const server = await toolServer(json);
      const done = await runTool(server.url, "order=W-20417", "days=14");
      stage.check(/^done after/.test(done) && done.includes('"days":14'), `${json ? "JSON" : "a stream"}: done`);
      stage.check(server.calls.length === 1 && server.calls[0].customer === "C-1001" && server.calls[0].days === 14, "called once, for the signed customer");
      const none = await runTool(server.url, "order=W-99999", "days=14");
      stage.check(/^refused/.test(none) && none.includes("not_found"), "what the tool says no to is refused");
      server.close();
    }
  },

  async "bodies of every odd shape are refused and harm nothing"(stage) {
    const deep = "[".repeat(3000) + "]".repeat(3000);
    const odd = ["", "[]", "null", "1", deep, "{\"messages\":{}}", "{\"messages\":[1,null,[],{\"role\":\"user\"}]}",
      "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":5},null]}]}", "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
      "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", "{\"a\":\"\\ud800\"}"];
    for (const path of ["/v1/chat/completions", "/mcp"])
      for (const body of odd) {
        const answer = await fetch(stage.server.url + path, { method: "POST", body,
          headers: { "content-type": "application/json", authorization: `Bearer ${key}` } });
        stage.check(answer.status === 400 && (await answer.json()).error, `${path} ${body.slice(0, 50)}: 400`);
      }
    stage.check((await fetch(`${stage.server.url}/healthz`)).ok, "the server is well after that");
  },
};
