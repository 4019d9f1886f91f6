// How the server is called: forms with the publishable key in the body and no header of our own, so that the browser needs no
// preflight and the extension no host permission.

/** What a call ends with that was refused, or that found no server (code "offline", status 0). */
export class ShareSmartError extends Error {
  constructor(status, { message, type = "api_error", code = null, param = null }) {
    super(message);
    this.name = "ShareSmartError";
    Object.assign(this, { status, type, code, param });
  }
}

// patience is how long a server may take until it counts as down.
const patience = 10_000;

/** form writes parameters as Stripe's API takes them: items[0][url]=... */
export function form(params, prefix = "", body = new URLSearchParams()) {
  for (const [name, value] of Object.entries(params)) {
    const key = prefix ? `${prefix}[${name}]` : name;
    if (value === undefined || value === null) continue;
    if (typeof value === "object") form(value, key, body);
    else body.append(key, String(value));
  }
  return body;
}

/** send calls the API and returns the answer's object. Whatever is not an answer of the API means that there is no server. */
export async function send(fetch, method, url, params) {
  const request = { method, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(patience) };
  const written = form(params);
  if (method === "GET") url += `?${written}`;
  else request.body = written;
  let answer, body;
  try {
    answer = await fetch(url, request);
    body = await answer.json();
  } catch {
    throw unreachable();
  }
  if (answer.ok) return body;
  // A proxy or the page of a hotel answers errors too, but not like this.
  if (typeof body?.error?.message !== "string") throw unreachable();
  throw new ShareSmartError(answer.status, body.error);
}

const unreachable = () => new ShareSmartError(0, { code: "offline", type: "api_connection_error", message: "The server cannot be reached." });
