// What the server says of a payment before it is made: which methods it can be paid with, and what the customer has saved.

import type { Params, Thing } from "./api";

export interface Session {
  types: string[];
  country: string;
  business: string;
  // keeps says that the method will be charged again when the customer is not there.
  keeps: boolean;
  saved: Thing[];
  features: { [name: string]: any };
}

// sessionParams are how a group of elements asks: for an intent that is there, or for one that will be made as described.
export function sessionParams(options: { [name: string]: any }): Params {
  const secret: string | undefined = options.clientSecret;
  const common = { locale: options.locale, customer_session_client_secret: options.customerSessionClientSecret };
  if (secret) return { ...common, type: secret.startsWith("seti_") ? "setup_intent" : "payment_intent", client_secret: secret };
  return {
    ...common,
    type: "deferred_intent",
    deferred_intent: {
      mode: options.mode,
      amount: options.amount,
      currency: options.currency,
      setup_future_usage: options.setupFutureUsage ?? options.setup_future_usage,
      capture_method: options.captureMethod ?? options.capture_method,
      payment_method_types: options.paymentMethodTypes ?? options.payment_method_types ?? options.allowedPaymentMethodTypes,
      excluded_payment_method_types: options.excludedPaymentMethodTypes,
    },
  };
}

export function readSession(answer: Thing, options: { [name: string]: any }): Session {
  const preference = answer.payment_method_preference;
  const intent = preference.payment_intent ?? preference.setup_intent;
  const usage = intent?.setup_future_usage ?? options.setupFutureUsage ?? options.setup_future_usage;
  return {
    types: preference.ordered_payment_method_types,
    country: answer.merchant_country,
    business: answer.business_name,
    keeps: usage === "off_session" || intent?.object === "setup_intent" || options.mode === "setup" || options.mode === "subscription",
    saved: answer.customer?.payment_methods ?? [],
    features: answer.customer?.customer_session?.components?.payment_element?.features ?? {},
  };
}
