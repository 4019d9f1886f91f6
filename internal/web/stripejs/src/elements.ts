// A group of elements that belong to one payment: stripe.elements().

import { type Api, merged, type Params } from "./api";
import { Look } from "./appearance";
import { CardElement, CardPart } from "./cards";
import { unique } from "./dom";
import type { Element, MethodData, Options } from "./element";
import { Emitter } from "./emitter";
import { IntegrationError, type StripeError } from "./errors";
import type { Group } from "./group";
import { AddressElement, EmailElement, EmptyElement, IbanElement } from "./others";
import { PaymentElement } from "./payment";
import { readSession, type Session, sessionParams } from "./session";
import { type Words, wordsFor } from "./words";

type Maker = new (type: string, options: Options, group: Group) => Element;

const makers: { [type: string]: Maker } = {
  card: CardElement, cardNumber: CardPart, cardExpiry: CardPart, cardCvc: CardPart, iban: IbanElement,
  payment: PaymentElement, address: AddressElement, shippingAddress: AddressElement, linkAuthentication: EmailElement,
  expressCheckout: EmptyElement, paymentRequestButton: EmptyElement, paymentMethodMessaging: EmptyElement,
};

// Elements that ask the server what is paid.
const asking = ["payment", "expressCheckout"];

type Answered = { session: Session; error?: undefined } | { session?: undefined; error: StripeError };

// groupOf is the group that a page gives to a call.
export function groupOf(given: unknown, call: string): Elements {
  if (given instanceof Elements) return given;
  throw new IntegrationError(`Invalid value for stripe.${call}(): elements should be an Elements group.`);
}

export class Elements extends Emitter implements Group {
  readonly words: Words;
  // submitted says that what was typed has been checked since it was last changed, as a payment needs that has no intent yet.
  submitted = false;
  private readonly look = new Look(unique("look"));
  private elements: Element[] = [];
  private asked_?: Promise<Answered>;

  constructor(readonly api: Api, private options: Options, locale?: string) {
    super();
    if (options.clientSecret && options.mode) throw new IntegrationError("You cannot pass both `clientSecret` and `mode` when creating an Elements group.");
    this.words = wordsFor(options.locale ?? locale);
    this.look.set(options.appearance);
  }

  get clientSecret(): string | undefined {
    return this.options.clientSecret;
  }

  get deferred(): boolean {
    return this.options.mode !== undefined;
  }

  // setupFutureUsage is what the page said of an intent that is not there yet.
  get setupFutureUsage(): string | undefined {
    return this.options.setupFutureUsage ?? this.options.setup_future_usage ?? undefined;
  }

  create(type: string, options: Options = {}): Element {
    const maker = Object.hasOwn(makers, type) ? makers[type] : undefined;
    if (!maker) throw new IntegrationError(`A valid Element name must be provided. Valid Elements are:\n  ${Object.keys(makers).join(", ")}; you passed: ${type}.`);
    if (asking.includes(type) && !this.clientSecret && !this.deferred) {
      throw new IntegrationError(`In order to create a ${type} element, you must pass a clientSecret or mode when creating the Elements group.`);
    }
    if (type !== "address" && this.find(type)) throw new IntegrationError(`Can only create one Element of type ${type} through the same Elements group.`);
    const element = new maker(type, type === "shippingAddress" ? { mode: "shipping", ...options } : options, this);
    element.on("change", () => (this.submitted = false));
    this.elements.push(element);
    return element;
  }

  getElement(type: unknown, options?: Options): Element | null {
    const name = typeof type === "function" ? (type as unknown as { __elementType: string }).__elementType : String(type);
    return this.elements.find((element) => element.type === name && (!options?.mode || element.option.mode === options.mode)) ?? null;
  }

  async update(options: Options): Promise<void> {
    this.options = { ...this.options, ...options };
    if (options.appearance) {
      this.look.set(this.options.appearance);
      for (const element of this.elements) this.look.style(element);
    }
    await this.refresh();
    this.emit("update-end");
  }

  async fetchUpdates(): Promise<{ error?: { message: string; status?: string } }> {
    await this.refresh();
    const { error } = await this.session();
    return error ? { error: { message: error.message ?? "" } } : {};
  }

  async submit(): Promise<{ error?: StripeError; selectedPaymentMethod?: string }> {
    const error = this.validate();
    this.submitted = !error;
    return error ? { error } : { selectedPaymentMethod: this.payment()?.selected || "card" };
  }

  // validate shows what is wrong in any element and says the first of it.
  validate(): StripeError | undefined {
    const mounted = this.elements.filter((element) => element.mounted);
    return mounted.map((element) => element.validate()).find(Boolean);
  }

  // check is for a call that needs what was typed: it throws if that call comes too early, and says what is wrong.
  check(call: string): StripeError | undefined {
    if (!this.method()) throw new IntegrationError(`Invalid value for stripe.${call}(): elements should have a mounted Payment Element or Express Checkout Element.`);
    if (this.deferred && !this.submitted) throw new IntegrationError(`You must call elements.submit() before calling stripe.${call}().`);
    return this.deferred ? undefined : this.validate();
  }

  payment(): PaymentElement | undefined {
    return this.elements.find((element): element is PaymentElement => element instanceof PaymentElement && element.mounted);
  }

  // promised are those properties of an intent that this group was made for, which have to come true. A subscription or
  // a setup makes its intent by its own rules.
  get promised(): { [name: string]: string } {
    const { mode, currency, captureMethod, capture_method } = this.options;
    if (mode !== "payment") return {};
    const capture: string = captureMethod ?? capture_method ?? "automatic";
    return { currency: String(currency).toLowerCase(), setup_future_usage: String(this.setupFutureUsage ?? null), capture_method: capture === "automatic_async" ? "automatic" : capture };
  }

  // method is what was typed in all elements together. What the page adds wins.
  method(given?: Params): MethodData | undefined {
    const method = this.payment()?.method();
    if (!method?.payment_method_data) return method;
    const billing = this.elements.map((e) => e.billing()).filter(Boolean) as Params[];
    return { ...method, payment_method_data: merged(method.payment_method_data, { billing_details: merged(...billing) }, given) };
  }

  shipping(): Params | undefined {
    return this.elements.find((element): element is AddressElement => element instanceof AddressElement && element.mounted && element.option.mode === "shipping")?.shipping();
  }

  session(): Promise<Answered> {
    this.asked_ ??= this.ask();
    return this.asked_;
  }

  customerSecret(): string | undefined {
    return this.options.customerSessionClientSecret;
  }

  asked(): string[] {
    const others = { linkAuthentication: ["email"], address: ["name", "address"] };
    return Object.entries(others).flatMap(([type, names]) => (this.elements.some((e) => e.type === type && e.option.mode !== "shipping") ? names : []));
  }

  find(type: string): Element | undefined {
    return this.elements.find((element) => element.type === type);
  }

  forget(element: Element): void {
    this.elements = this.elements.filter((other) => other !== element);
    this.look.forget(element);
  }

  style(element: Element): void {
    this.look.style(element);
  }

  private async ask(): Promise<Answered> {
    const { object, error } = await this.api.call("GET", "/v1/elements/sessions", sessionParams(this.options));
    if (error) this.asked_ = undefined;
    return error ? { error } : { session: readSession(object, this.options) };
  }

  private async refresh(): Promise<void> {
    if (!this.asked_) return;
    this.asked_ = undefined;
    await this.payment()?.refresh();
  }
}
