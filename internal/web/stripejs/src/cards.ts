// The elements for cards: all in one line, or each field where the shop's page wants it.

import type { Params } from "./api";
import { brandOf, checkCvc, checkExpiry, checkNumber, digitsOf, expiryOf, formatExpiry, formatNumber, fullYear } from "./card";
import { make } from "./dom";
import { Element, type MethodData, type Options } from "./element";
import { Field, type FieldOptions } from "./field";
import type { Words } from "./words";

type Made = Pick<FieldOptions, "bare" | "placeholder">;

const exampleNumber = "1234 1234 1234 1234";

export const numberField = (words: Words, changed: () => void, made: Made = {}): Field =>
  new Field({ name: "card-number", label: words.number, words, autocomplete: "cc-number", inputmode: "numeric", placeholder: exampleNumber, format: formatNumber, check: checkNumber, note: (text) => brandOf(text).title, ...made }, changed);

export const expiryField = (words: Words, changed: () => void, made: Made = {}): Field =>
  new Field({ name: "card-expiry", label: words.expiry, words, autocomplete: "cc-exp", inputmode: "numeric", placeholder: words.expiryFormat, format: formatExpiry, check: checkExpiry, ...made }, changed);

// cvcField needs to know the number, whose brand says how many digits there are.
export const cvcField = (words: Words, changed: () => void, number: () => string, made: Made = {}): Field =>
  new Field({
    name: "card-cvc", label: words.cvc, words, autocomplete: "cc-csc", inputmode: "numeric", placeholder: words.cvcShort, ...made,
    format: (text) => digitsOf(text).slice(0, brandOf(number()).name === "unknown" ? 4 : brandOf(number()).cvc),
    check: (text) => checkCvc(text, brandOf(number())),
  }, changed);

export const postalField = (words: Words, changed: () => void, made: Made & { value?: string } = {}): Field =>
  new Field({
    name: "card-postal", label: words.zip, words, autocomplete: "postal-code", placeholder: words.zipShort, ...made,
    check: (text) => (text.length < 3 ? "incomplete_zip" : undefined),
  }, changed);

// cardData is a card as the API takes it.
export function cardData(number: string, expiry: string, cvc: string): Params {
  const { month, year } = expiryOf(expiry);
  return { number: digitsOf(number), exp_month: Number(month), exp_year: fullYear(year), cvc };
}

export class CardElement extends Element {
  private number!: Field;
  private expiry!: Field;
  private cvc!: Field;
  private postal?: Field;

  protected build(): void {
    const { words } = this.group;
    this.number = numberField(words, this.changed, { bare: true, placeholder: words.number });
    this.expiry = expiryField(words, this.changed, { bare: true });
    this.cvc = cvcField(words, this.changed, () => this.number.value, { bare: true });
    if (!this.options.hidePostalCode) this.postal = postalField(words, this.changed, { bare: true, value: this.options.value?.postalCode });
    this.fields = [this.number, this.expiry, this.cvc, ...(this.postal ? [this.postal] : [])];
    this.root.append(make("div", { class: "CardLine", role: "group", "aria-label": words.details }, ...this.fields.map((field) => field.root)));
    this.updated(this.options);
  }

  protected updated(options: Options): void {
    if (options.value?.postalCode !== undefined && this.postal) this.postal.value = options.value.postalCode;
    if (options.hidePostalCode !== undefined) this.showPostal(!options.hidePostalCode);
    for (const field of this.fields) field.disabled = Boolean(this.options.disabled);
  }

  private showPostal(shown: boolean): void {
    if (!this.number || shown === Boolean(this.postal)) return;
    this.postal?.root.remove();
    this.postal = shown ? postalField(this.group.words, this.changed, { bare: true }) : undefined;
    this.fields = [this.number, this.expiry, this.cvc, ...(this.postal ? [this.postal] : [])];
    if (this.postal) this.cvc.root.after(this.postal.root);
  }

  protected change(): Options {
    return { value: { postalCode: this.postal?.value ?? "" }, brand: brandOf(this.number.value).name };
  }

  method(): MethodData {
    const postal = this.postal?.value;
    return {
      payment_method_data: {
        type: "card", card: cardData(this.number.value, this.expiry.value, this.cvc.value), ...(postal && { billing_details: { address: { postal_code: postal } } }),
      },
    };
  }
}

// A CardPart is one of the three fields. Together with the others of its group it is a card.
export class CardPart extends Element {
  get value(): string {
    return this.fields[0]?.value ?? "";
  }

  protected build(): void {
    const { words } = this.group;
    const made: Made = { bare: true, ...(this.options.placeholder !== undefined && { placeholder: this.options.placeholder }) };
    const number = (): string => this.part("cardNumber");
    const makers: { [type: string]: () => Field } = {
      cardNumber: () => numberField(words, this.changed, made), cardExpiry: () => expiryField(words, this.changed, made), cardCvc: () => cvcField(words, this.changed, number, made),
    };
    this.fields = [makers[this.type]()];
    this.fields[0].disabled = Boolean(this.options.disabled);
    this.root.append(this.fields[0].root);
  }

  protected updated(options: Options): void {
    const input = this.fields[0]?.input as HTMLInputElement | undefined;
    if (input && options.placeholder !== undefined) input.placeholder = options.placeholder;
    if (input && options.disabled !== undefined) input.disabled = options.disabled;
  }

  protected change(): Options {
    return this.type === "cardNumber" ? { brand: brandOf(this.value).name } : {};
  }

  validate(): ReturnType<Element["validate"]> {
    const own = super.validate();
    if (this.type !== "cardNumber") return own;
    const rest = ["cardExpiry", "cardCvc"].map((type) => this.group.find(type)?.validate());
    return own ?? rest.find(Boolean);
  }

  method(): MethodData {
    return { payment_method_data: { type: "card", card: cardData(this.part("cardNumber"), this.part("cardExpiry"), this.part("cardCvc")) } };
  }

  private part(type: string): string {
    const element = this.group.find(type);
    return element instanceof CardPart ? element.value : "";
  }
}
