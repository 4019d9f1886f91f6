// A group of elements that was made before its intent promises what the intent will be. What it promises falsely would
// only come out when a customer pays, so it is refused as Stripe refuses it.

import type { Thing } from "./api";
import type { Elements } from "./elements";
import type { StripeError } from "./errors";

// mismatch is the first promise that the intent does not keep.
export function mismatch(elements: Elements, intent: Thing): StripeError | undefined {
  const promised = Object.entries(elements.promised).find(([name, value]) => value !== told(name, intent[name]));
  if (!promised) return undefined;
  const [name, value] = promised;
  return {
    type: "invalid_request_error",
    message: `The provided ${name} (${told(name, intent[name])}) does not match the expected ${name} (${value}). Try confirming with a Payment Intent that is configured to use the same parameters as Stripe Elements.`,
  };
}

// told is a value as both sides tell it. That an amount is captured by itself has two names.
const told = (name: string, value: unknown): string => (name === "capture_method" && value === "automatic_async" ? "automatic" : String(value ?? null));
