/* api.js - commands and questions to the server.
 *
 * A command is a POST with an idempotency key: whoever wants to be able to repeat one makes the key
 * with newKey() and gives the same key again. What the server refuses comes as a Refusal with the
 * server's code; no connection comes as the code "offline". Nothing is repeated here. */

const PATIENCE_MS = 15000; /* if the caller names none */

export class Refusal extends Error {
  constructor(status, { code = "internal", message = "", field = "" } = {}, retryAfterS = 0) {
    super(message || code);
    this.status = status;
    this.code = code;
    this.field = field;
    this.retryAfterS = retryAfterS;
  }

  /* Whether the very same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/* crypto.randomUUID is missing on plain-http pages other than localhost. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function request(method, path, { body, key, patience = PATIENCE_MS } = {}) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let response, text;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
    text = await response.text();
  } catch {
    throw new Refusal(0, { code: "offline" });
  }
  const answer = readJson(text);
  if (response.ok && answer) return answer;
  throw Object.assign(new Refusal(response.status, answer?.error, Number(response.headers.get("Retry-After")) || 0), { problems: answer?.problems ?? [] });
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "" && value !== null);
  const search = new URLSearchParams(given).toString();
  return request("GET", search ? `${path}?${search}` : path);
}

export function post(path, body = {}, key = newKey()) {
  return request("POST", path, { body, key });
}

/* For the few POSTs that are no commands: log-in, log-out, typing, heartbeat, drafts. */
export function tell(path, body = {}, { patience } = {}) {
  return request("POST", path, { body, patience });
}
