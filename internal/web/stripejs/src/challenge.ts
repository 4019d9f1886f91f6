// What a customer has to do before a payment goes on: answer their bank in a frame over the page, or go to another page
// and come back.

import type { Api, Params, Thing } from "./api";
import { adoptBase } from "./appearance";
import { make, unique } from "./dom";
import type { StripeError } from "./errors";
import type { Words } from "./words";

export type IntentAnswer = { intent: Thing; error?: undefined } | { intent?: undefined; error: StripeError };

// never is for a page that is being left.
const never = new Promise<never>(() => {});

export const leaveFor = (url: string): Promise<never> => {
  location.assign(url);
  return never;
};

// frameUrl is the page that a frame can show; redirectUrl the one that the customer goes to.
const frameUrl = ({ next_action: action }: Thing): string | undefined => action?.use_stripe_sdk?.stripe_js;

const voucher = /_(display_details|display_qr_code|display_bank_transfer_instructions)$/;

export function redirectUrl({ next_action: action }: Thing): string | undefined {
  const { redirect_to_url, alipay_handle_redirect } = action ?? {};
  return redirect_to_url?.url ?? alipay_handle_redirect?.url;
}

// instructionsUrl is a page that tells how to pay, to be shown over the shop's.
function instructionsUrl({ next_action: action }: Thing): string | undefined {
  if (!action || !(voucher.test(action.type) || /qr_code$/.test(action.type))) return undefined;
  return action[action.type].hosted_voucher_url ?? action[action.type].hosted_instructions_url;
}

// proceed lets the customer do what an intent waits for, and says what became of it.
export async function proceed(api: Api, words: Words, intent: Thing): Promise<IntentAnswer> {
  if (intent.status !== "requires_action" && intent.status !== "requires_source_action") return outcome(intent);
  const away = redirectUrl(intent);
  if (away) return leaveFor(away);
  const framed = frameUrl(intent);
  const instructions = instructionsUrl(intent);
  if (framed) await show(words, framed, true);
  else if (instructions) await show(words, instructions, false);
  else return outcome(intent);
  const answer = await retrieve(api, intent);
  return answer.error ? { error: answer.error } : outcome(answer.object);
}

export const retrieve = (api: Api, { object, id, client_secret }: Thing): ReturnType<Api["call"]> =>
  api.call("GET", `/v1/${object}s/${id}`, { client_secret, is_stripe_sdk: true });

// outcome gives the error of an intent that needs another payment method.
function outcome(intent: Thing): IntentAnswer {
  const error = intent.last_payment_error ?? intent.last_setup_error;
  return intent.status === "requires_payment_method" && error ? { error: { ...error, [intent.object]: intent } } : { intent };
}

// show opens a page in a frame and waits until the page says that it is done, or the customer closes it. An
// authentication that is closed is given up; a voucher is not.
async function show(words: Words, url: string, givesUp: boolean): Promise<void> {
  adoptBase();
  const frame = make("iframe", { src: url, title: words.authentication, "data-testid": "challenge-frame" });
  const heading = make("h2", { id: unique("challenge") }, words.authentication);
  const close = make("button", { type: "button", "aria-label": words.cancel, "data-testid": "challenge-close" }, "✕");
  const dialog = make("dialog", { class: "sharesmart-challenge", "aria-labelledby": heading.id, "data-testid": "challenge-dialog" }, make("header", {}, heading, close), frame);
  document.body.append(dialog);
  dialog.showModal();
  const done = await new Promise<boolean>((resolve) => {
    listen(frame, url, resolve);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      resolve(false);
    });
    close.addEventListener("click", () => resolve(false));
    frame.addEventListener("load", () => frame.focus());
  });
  if (!done && givesUp) await giveUp(url);
  dialog.close(); // gives the focus back
  dialog.remove();
}

// listen waits for the word of the page in the frame, and of no other.
function listen(frame: HTMLIFrameElement, url: string, done: (done: boolean) => void): void {
  const heard = (event: MessageEvent): void => {
    if (event.origin !== new URL(url).origin || event.source !== frame.contentWindow || event.data?.type !== "sharesmart.authentication") return;
    removeEventListener("message", heard);
    done(true);
  };
  addEventListener("message", heard);
}

// giveUp presses the page's button to cancel. Nothing can be read of the answer, and nothing has to: the intent tells.
async function giveUp(url: string): Promise<void> {
  const body: Params = { outcome: "canceled" };
  await fetch(url, { method: "POST", mode: "no-cors", body: new URLSearchParams(body as Record<string, string>) }).catch(() => undefined);
}
