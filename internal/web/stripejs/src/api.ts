// Calls of the API with the publishable key. Everything goes as parameters and nothing as a header of our own, so that a
// browser need not ask first whether it may.

import { connectionError, type Failed, IntegrationError } from "./errors";

export type Params = { [name: string]: unknown };
export type Thing = { id: string; object: string; [field: string]: any };
export type Answer = { object: Thing; error?: undefined } | (Failed & { object?: undefined });

// servedFrom is where the server is reached, which writes it here.
declare const servedFrom: string;

const stripeHost = "js.stripe.com";

// apiOrigin is where the script came from. A test tool may have answered in place of Stripe's own host; then only the
// server can say where it is.
export const apiOrigin = ((): string => {
  const script = document.currentScript as HTMLScriptElement | null;
  const from = script?.src ? new URL(script.src) : undefined;
  return from && from.host !== stripeHost && from.protocol.startsWith("http") ? from.origin : servedFrom;
})();

export interface ApiOptions {
  apiVersion?: string;
  stripeAccount?: string;
}

export class Api {
  // wrappers are the libraries around this script, which the API is told of.
  readonly wrappers: string[] = [];

  constructor(private readonly key: string, private readonly options: ApiOptions, private readonly offline: () => string) {
    if (typeof key !== "string" || key === "") throw new IntegrationError("Please call Stripe() with your publishable key. You used an empty string.");
    if (/^[sr]k_/.test(key)) throw new IntegrationError("You should not use your secret key with Stripe.js. Please pass a publishable key instead.");
    if (!key.startsWith("pk_")) throw new IntegrationError(`Please call Stripe() with your publishable key. You used: ${key.slice(0, 8)}...`);
  }

  async call(method: "GET" | "POST", path: string, params: Params = {}): Promise<Answer> {
    const form = encode({ ...this.common(), ...params });
    const url = apiOrigin + path + (method === "GET" ? `?${form}` : "");
    try {
      const answer = await fetch(url, { method, credentials: "omit", ...(method === "POST" && { body: form }) });
      const body = await answer.json();
      return answer.ok ? { object: body } : { error: body.error };
    } catch {
      return { error: connectionError(this.offline()) };
    }
  }

  private common(): Params {
    return {
      key: this.key,
      _stripe_version: this.options.apiVersion,
      _stripe_account: this.options.stripeAccount,
      payment_user_agent: ["sharesmart.js", ...this.wrappers].join("; "),
    };
  }
}

// encode writes parameters as a form, with hashes and lists as the API reads them: card[number], types[0].
export function encode(params: Params): URLSearchParams {
  const form = new URLSearchParams();
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (typeof value === "object") {
      for (const [key, part] of Object.entries(value)) add(`${name}[${key}]`, part);
    } else {
      form.append(name, String(value));
    }
  };
  for (const [name, value] of Object.entries(params)) add(name, value);
  return form;
}

// merged lays hashes over each other; what comes later wins.
export function merged(...all: (Params | undefined)[]): Params {
  const out: Params = {};
  for (const params of all) {
    for (const [name, value] of Object.entries(params ?? {})) {
      if (value === undefined || value === null || value === "") continue;
      out[name] = isHash(value) ? merged(out[name] as Params, value) : value;
    }
  }
  return out;
}

export const isHash = (value: unknown): value is Params => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
