// Confirming a payment or a setup.

import { type Api, isHash, merged, type Params, type Thing } from "./api";
import { type IntentAnswer, leaveFor, proceed, retrieve } from "./challenge";
import type { CardPart } from "./cards";
import { mismatch } from "./deferred";
import { Element, type MethodData, type Options } from "./element";
import { type Elements, groupOf } from "./elements";
import { IntegrationError, required, secretOf, type StripeError } from "./errors";
import type { Words } from "./words";

export type IntentResult = { paymentIntent?: Thing; setupIntent?: Thing; error?: StripeError };

// Read is what was read of what a page gives or a customer typed.
type Read = { data: Params; error?: undefined } | { data?: undefined; error: StripeError };

type Kind = "payment_intent" | "setup_intent";

const resultNames = { payment_intent: "paymentIntent", setup_intent: "setupIntent" };

export const resultOf = ({ intent, error }: IntentAnswer): IntentResult => (error ? { error } : { [resultNames[intent?.object as Kind]]: intent });

export class Confirmer {
  constructor(private readonly api: Api, private readonly words: Words) {}

  // withElements is confirmPayment and confirmSetup.
  async withElements(call: string, kind: Kind, { elements, clientSecret, confirmParams = {}, redirect = "always", confirmationToken }: Options): Promise<IntentResult> {
    const secret = this.secretFor(call, kind, elements, clientSecret);
    const returnUrl = confirmParams.return_url;
    if (redirect === "always") required(returnUrl, `${call}()`, "confirmParams.return_url");
    const params: Params = { ...confirmParams };
    if (elements) {
      const error = elements.check(call) ?? (elements.deferred ? await this.unkept(elements, kind, secret) : undefined);
      if (error) return { error };
      Object.assign(params, this.typed(elements, confirmParams));
    }
    const answer = await this.confirm(secret.id, kind, secret.secret, { ...params, confirmation_token: confirmationToken ?? params.confirmation_token });
    if (answer.error || redirect !== "always") return resultOf(answer);
    return leaveFor(backTo(returnUrl, answer.intent));
  }

  // withMethod is confirmCardPayment and its sisters, which are given the payment method.
  async withMethod(call: string, kind: Kind, type: string, clientSecret: unknown, data: Options = {}, { handleActions = true }: Options = {}): Promise<IntentResult> {
    const secret = secretOf(clientSecret, `stripe.${call}`);
    const intent = { object: kind, id: secret.id, client_secret: secret.secret } as Thing;
    if (data.payment_method === undefined && data.payment_method_data === undefined) {
      const waiting = await retrieve(this.api, intent);
      if (waiting.error) return { error: waiting.error };
      if (waiting.object.status === "requires_action") return resultOf(await proceed(this.api, this.words, waiting.object));
    }
    const read = await this.read(type, data);
    if (read.error) return { error: read.error };
    return resultOf(await this.confirm(secret.id, kind, secret.secret, read.data, handleActions));
  }

  private secretFor(call: string, kind: Kind, elements: unknown, clientSecret: unknown): { id: string; secret: string } {
    if (!elements && !clientSecret) throw new IntegrationError(`stripe.${call}(): expected either \`elements\` or \`clientSecret\`, but got neither.`);
    const given = clientSecret ?? (elements ? groupOf(elements, call).clientSecret : undefined);
    if (!given) throw new IntegrationError(`You must pass in a clientSecret when calling stripe.${call}().`);
    const secret = secretOf(given, `stripe.${call}()`);
    if (secret.kind !== kind) throw new IntegrationError(`Invalid value for stripe.${call}(): clientSecret should belong to a ${kind === "payment_intent" ? "PaymentIntent" : "SetupIntent"}.`);
    return secret;
  }

  private async unkept(elements: Elements, kind: Kind, { id, secret }: { id: string; secret: string }): Promise<StripeError | undefined> {
    const { object, error } = await retrieve(this.api, { object: kind, id, client_secret: secret } as Thing);
    return error ?? mismatch(elements, object);
  }

  // typed are the parameters that elements add to those of the page.
  private typed(elements: Elements, given: Params): Params {
    const method = elements.method(given.payment_method_data as Params) as MethodData;
    return {
      payment_method: method.payment_method,
      payment_method_data: method.payment_method_data,
      payment_method_options: merged(method.options, given.payment_method_options as Params),
      shipping: given.shipping ?? elements.shipping(),
      setup_future_usage: method.setupFutureUsage ?? given.setup_future_usage,
    };
  }

  // read makes parameters of a payment method that is named, described or typed in an element.
  private async read(type: string, data: Options): Promise<Read> {
    const { payment_method: method, payment_method_options, ...rest } = data;
    const options = await this.withCode(payment_method_options);
    if (options.error) return options;
    const params = { ...rest, payment_method_options: options.data };
    if (!isHash(method)) return { data: { ...params, ...(method === undefined ? bare(type, rest) : { payment_method: method }) } };
    const described = describe({ type, ...method });
    return described.error ? described : { data: { ...params, payment_method_data: described.data } };
  }

  // withCode puts a token in the place of an element that has a security code.
  private async withCode(options: Options = {}): Promise<Read> {
    const { cvc, ...card } = options.card ?? {};
    if (!(cvc instanceof Element)) return { data: options };
    const error = cvc.validate();
    if (error) return { error };
    const token = await this.api.call("POST", "/v1/tokens", { cvc_update: { cvc: (cvc as CardPart).value } });
    return token.error ? { error: token.error } : { data: { ...options, card: { ...card, cvc_token: token.object.id } } };
  }

  private async confirm(id: string, kind: Kind, client_secret: string, params: Params, handleActions = true): Promise<IntentAnswer> {
    const sent = kind === "setup_intent" ? { ...params, setup_future_usage: undefined, shipping: undefined, receipt_email: undefined } : params;
    const answer = await this.api.call("POST", `/v1/${kind}s/${id}/confirm`, { ...sent, mandate_data: stated(params.mandate_data), client_secret, use_stripe_sdk: true });
    if (answer.error) return { error: answer.error };
    return handleActions ? proceed(this.api, this.words, answer.object) : { intent: answer.object };
  }
}

// stated is what a page says of the customer's permission. That it should be read from the request, the server does anyway.
const stated = (mandate: unknown): unknown => ((mandate as Options | undefined)?.customer_acceptance?.online?.infer_from_client ? undefined : mandate);

// bare is a method without a word about it, as those may be that only lead to a page. A card is never one.
const bare = (type: string, data: Options): Params => (type === "card" || data.payment_method_data ? {} : { payment_method_data: { type } });

// describe makes payment_method_data of what a page gives, in which an element may stand for what was typed.
export function describe(given: Options): Read {
  const { type } = given;
  const own = given[type];
  if (!(own instanceof Element)) {
    if (type === "card" && own?.number !== undefined) throw new IntegrationError("Card numbers cannot be passed as text. Use an Element, or a token.");
    return { data: merged(given) };
  }
  const error = own.validate();
  if (error) return { error };
  return { data: merged(own.method()?.payment_method_data, { ...given, [type]: undefined }) };
}

// backTo is the page that the customer comes back to, which reads what happened out of its address.
function backTo(returnUrl: string, intent: Thing): string {
  const url = new URL(returnUrl, location.href);
  const waits = intent.status === "processing" || intent.status === "requires_action";
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
  url.searchParams.set("redirect_status", waits ? "pending" : "succeeded");
  return url.href;
}

