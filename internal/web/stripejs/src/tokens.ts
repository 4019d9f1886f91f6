// What a page sends to its own server in place of a card: tokens, payment methods, sources, confirmation tokens.

import { type Api, isHash, merged, type Params, type Thing } from "./api";
import type { CardPart } from "./cards";
import { describe } from "./confirm";
import { Element, type Options } from "./element";
import { groupOf } from "./elements";
import { IntegrationError, required, type StripeError } from "./errors";

type Result = { error?: StripeError; [name: string]: Thing | StripeError | undefined };

async function named(name: string, call: ReturnType<Api["call"]>): Promise<Result> {
  const { object, error } = await call;
  return error ? { error } : { [name]: object };
}

export class Tokens {
  constructor(private readonly api: Api) {}

  // createToken takes an element, or the name of what is described.
  async createToken(first: unknown, data: Options = {}): Promise<Result> {
    if (typeof first === "string" && data instanceof Element) return this.cvcToken(first, data);
    if (typeof first === "string") return named("token", this.api.call("POST", "/v1/tokens", described(first, data)));
    if (!(first instanceof Element)) throw new IntegrationError("You must provide a Stripe Element or a valid token type to create a Token.");
    const error = first.validate();
    if (error) return { error };
    const typed = first.method()?.payment_method_data ?? {};
    const params = typed.type === "sepa_debit" ? { bank_account: ibanAccount(typed, data) } : { card: { ...flat(typed), ...data } };
    return named("token", this.api.call("POST", "/v1/tokens", params));
  }

  // createPaymentMethod is given {type, ...}, the older ("card", element, data), or elements.
  async createPaymentMethod(first: unknown, second?: unknown, third?: Options): Promise<Result> {
    const given = isHash(first) ? (first as Options) : second instanceof Element ? { type: first, [String(first)]: second, ...third } : { type: first, ...(second as Options) };
    if (given.elements || given.element) return this.fromElements(given);
    required(given.type, "stripe.createPaymentMethod()", "type");
    const read = describe(given);
    return read.error ? { error: read.error } : named("paymentMethod", this.api.call("POST", "/v1/payment_methods", read.data));
  }

  async createSource(first: unknown, data: Options = {}): Promise<Result> {
    if (!(first instanceof Element)) return named("source", this.api.call("POST", "/v1/sources", first as Params));
    const error = first.validate();
    if (error) return { error };
    const typed = first.method()?.payment_method_data ?? {};
    const { billing_details, ...method } = typed;
    return named("source", this.api.call("POST", "/v1/sources", merged(method, billing_details ? { owner: billing_details as Params } : undefined, data)));
  }

  async createConfirmationToken({ elements, params = {} }: Options): Promise<Result> {
    const group = groupOf(elements, "createConfirmationToken");
    const error = group.check("createConfirmationToken");
    if (error) return { error };
    const method = group.method(params.payment_method_data);
    return named("confirmationToken", this.api.call("POST", "/v1/confirmation_tokens", {
      payment_method: method?.payment_method, payment_method_data: method?.payment_method_data, return_url: params.return_url,
      shipping: params.shipping ?? group.shipping(), setup_future_usage: method?.setupFutureUsage ?? group.setupFutureUsage,
    }));
  }

  private async fromElements({ elements, element, params = {} }: Options): Promise<Result> {
    if (element instanceof Element) {
      const error = element.validate();
      return error ? { error } : named("paymentMethod", this.api.call("POST", "/v1/payment_methods", merged(element.method()?.payment_method_data, params)));
    }
    const group = groupOf(elements, "createPaymentMethod");
    const error = group.check("createPaymentMethod");
    if (error) return { error };
    const method = group.method(params);
    if (!method?.payment_method_data) throw new IntegrationError("A saved payment method is a PaymentMethod already. Use its id.");
    return named("paymentMethod", this.api.call("POST", "/v1/payment_methods", method.payment_method_data));
  }

  private async cvcToken(type: string, element: Element): Promise<Result> {
    const error = element.validate();
    return error ? { error } : named("token", this.api.call("POST", "/v1/tokens", { [type]: { cvc: (element as CardPart).value } }));
  }
}

// described are the parameters of a token that is no card's: pii and bank_account name their own hash, the others too.
const described = (type: string, data: Options): Params => (type === "pii" ? { pii: { id_number: data.personal_id_number ?? data.id_number } } : { [type]: data });

// flat is a card with its address beside the number, as tokens have it.
function flat(typed: Params): Params {
  const postal = ((typed.billing_details as Options | undefined)?.address as Options | undefined)?.postal_code;
  return { ...(typed.card as Params), address_zip: postal };
}

const ibanAccount = (typed: Params, { account_holder_name, account_holder_type, currency }: Options): Params => {
  const iban = String((typed.sepa_debit as Params).iban);
  return { country: iban.slice(0, 2), currency: currency ?? "eur", account_number: iban, account_holder_name, account_holder_type };
};

