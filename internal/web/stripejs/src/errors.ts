// Two kinds of errors: a mistake of the page's programmer is thrown, and what a customer or the API got wrong is given
// back as {error}.

export interface StripeError {
  type: string;
  code?: string;
  message?: string;
  param?: string;
  [field: string]: unknown;
}

export type Failed = { error: StripeError };

// IntegrationError is thrown when Stripe.js is called in a way that can never work.
export class IntegrationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "IntegrationError";
  }
}

// Fault is what is wrong with what was typed, by its code. words.ts says it.
export type Fault = string | undefined;

export const validationError = (code: string, message: string): StripeError => ({ type: "validation_error", code, message });

// connectionError stands for an answer that never came. Whether the request arrived is not known.
export const connectionError = (message: string): StripeError => ({ type: "api_connection_error", message });

export function required(value: unknown, call: string, name: string): asserts value {
  if (value === undefined || value === null || value === "") {
    throw new IntegrationError(`Missing value for ${call}: ${name} should be given.`);
  }
}

// secretOf reads the id in a client secret, and what kind of intent that is.
export function secretOf(secret: unknown, call: string): { id: string; secret: string; kind: "payment_intent" | "setup_intent" } {
  const match = typeof secret === "string" && /^((pi|seti)_\w+?)_secret_\w+$/.exec(secret);
  if (!match) {
    throw new IntegrationError(`Invalid value for ${call}: clientSecret should be a client secret of the form $\{id}_secret_$\{secret}. You specified: ${String(secret)}.`);
  }
  return { id: match[1], secret: secret as string, kind: match[2] === "pi" ? "payment_intent" : "setup_intent" };
}
