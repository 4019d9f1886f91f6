// Stripe(), as pages call it. Made for front ends that were written for Stripe.js: it has the calls of that script, and
// the server that it was loaded from behind them.

import { Api, type ApiOptions, type Thing } from "./api";
import { leaveFor, proceed, retrieve } from "./challenge";
import { Confirmer, type IntentResult, resultOf } from "./confirm";
import type { Options } from "./element";
import { Elements } from "./elements";
import { required, secretOf, type StripeError } from "./errors";
import { Tokens } from "./tokens";
import { wordsFor } from "./words";

// What confirm...Payment and confirm...Setup are called, by the type of their payment method.
const confirms: { [name: string]: string } = {
  AcssDebit: "acss_debit", Affirm: "affirm", AfterpayClearpay: "afterpay_clearpay", Alipay: "alipay", AmazonPay: "amazon_pay", AuBecsDebit: "au_becs_debit", BacsDebit: "bacs_debit", Bancontact: "bancontact",
  Billie: "billie", Blik: "blik", Boleto: "boleto", Card: "card", Cashapp: "cashapp", CustomerBalance: "customer_balance", Eps: "eps", Fpx: "fpx", Giropay: "giropay", GrabPay: "grabpay", Ideal: "ideal",
  Klarna: "klarna", Konbini: "konbini", Mobilepay: "mobilepay", Multibanco: "multibanco", Oxxo: "oxxo", P24: "p24", PayByBank: "pay_by_bank", PayNow: "paynow", PayPal: "paypal", Pix: "pix",
  PromptPay: "promptpay", SepaDebit: "sepa_debit", Sofort: "sofort", Twint: "twint", UsBankAccount: "us_bank_account", WechatPay: "wechat_pay",
};

function newStripe(key: string, options: ApiOptions & { locale?: string } = {}): object {
  const words = wordsFor(options.locale);
  const api = new Api(key, options, () => words.offline);
  const confirmer = new Confirmer(api, words);
  const tokens = new Tokens(api);

  const intentOf = async (secret: unknown, call: string): ReturnType<Api["call"]> => {
    const { id, secret: client_secret, kind } = secretOf(secret, call);
    return retrieve(api, { object: kind, id, client_secret } as Thing);
  };

  const retrieved = async (secret: unknown, call: string): Promise<IntentResult> => {
    const { object, error } = await intentOf(secret, call);
    return error ? { error } : resultOf({ intent: object });
  };

  const act = async (secret: unknown, call: string): Promise<IntentResult> => {
    const { object, error } = await intentOf(secret, call);
    return error ? { error } : resultOf(await proceed(api, words, object));
  };

  const verify = (call: string) => async (secret: unknown, data: Options = {}): Promise<IntentResult> => {
    const { id, secret: client_secret, kind } = secretOf(secret, `stripe.${call}()`);
    const { object, error } = await api.call("POST", `/v1/${kind}s/${id}/verify_microdeposits`, { ...data, client_secret });
    return error ? { error } : resultOf({ intent: object });
  };

  const confirming = Object.entries(confirms).flatMap(([name, type]) =>
    [["Payment", "payment_intent"] as const, ["Setup", "setup_intent"] as const].map(([what, kind]) => {
      const call = `confirm${name}${what}`;
      return [call, (secret: unknown, data?: Options, how?: Options) => confirmer.withMethod(call, kind, type, secret, data, how)];
    }));

  return {
    ...Object.fromEntries(confirming),
    elements: (group: Options = {}) => new Elements(api, group, options.locale),
    confirmPayment: (given: Options) => confirmer.withElements("confirmPayment", "payment_intent", given),
    confirmSetup: (given: Options) => confirmer.withElements("confirmSetup", "setup_intent", given),
    handleNextAction: ({ clientSecret }: Options) => act(clientSecret, "stripe.handleNextAction()"),
    handleCardAction: (secret: unknown) => act(secret, "stripe.handleCardAction()"),
    retrievePaymentIntent: (secret: unknown) => retrieved(secret, "stripe.retrievePaymentIntent()"),
    retrieveSetupIntent: (secret: unknown) => retrieved(secret, "stripe.retrieveSetupIntent()"),
    verifyMicrodepositsForPayment: verify("verifyMicrodepositsForPayment"),
    verifyMicrodepositsForSetup: verify("verifyMicrodepositsForSetup"),
    createToken: (first: unknown, data?: Options) => tokens.createToken(first, data),
    createPaymentMethod: (first: unknown, second?: unknown, third?: Options) => tokens.createPaymentMethod(first, second, third),
    createSource: (first: unknown, data?: Options) => tokens.createSource(first, data),
    createConfirmationToken: (given: Options) => tokens.createConfirmationToken(given),
    retrieveSource: ({ id, client_secret }: Options) => api.call("GET", `/v1/sources/${id}`, { client_secret }).then(({ object, error }) => (error ? { error } : { source: object })),
    redirectToCheckout: (given: Options) => toCheckout(api, given),
    paymentRequest: () => noPaymentRequest,
    registerAppInfo: ({ name, version }: Options) => void api.wrappers.push(version ? `${name}/${version}` : name),
    _registerWrapper: ({ name, version }: Options) => void api.wrappers.push(`${name}/${version}`),
  };
}

async function toCheckout(api: Api, { sessionId }: Options): Promise<{ error: StripeError }> {
  required(sessionId, "stripe.redirectToCheckout()", "sessionId");
  const { object, error } = await api.call("POST", `/v1/payment_pages/${encodeURIComponent(sessionId)}/init`);
  return error ? { error } : leaveFor(object.url);
}

// noPaymentRequest is what a browser without wallets gives.
const noPaymentRequest = { canMakePayment: () => Promise.resolve(null), isShowing: () => false, on: () => noPaymentRequest, once: () => noPaymentRequest, off: () => noPaymentRequest, update: () => {}, abort: () => {}, show: () => {} };

// The version is what the script was asked for by: a release, or 3.
const asked = /\/([a-z]+)\/stripe\.js/.exec((document.currentScript as HTMLScriptElement | null)?.src ?? "");

(window as unknown as { Stripe: unknown }).Stripe = Object.assign(newStripe, { version: asked ? asked[1] : 3 });
