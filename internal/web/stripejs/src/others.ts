// The smaller elements: an address, an e-mail, an IBAN, and those that have nothing to offer here.

import { merged, type Params } from "./api";
import { contactField } from "./contact";
import { states, unzipped } from "./countries";
import { make } from "./dom";
import { Element, type MethodData, type Options } from "./element";
import type { StripeError } from "./errors";
import type { Field } from "./field";
import { plainIban } from "./iban";
import { billingOf } from "./panel";

export class AddressElement extends Element {
  private all: Field[] = [];

  protected async build(): Promise<StripeError | undefined> {
    const { defaultValues = {}, allowedCountries, fields = {} } = this.options;
    const names = ["name", "country", "line1", "line2", "city", "state", "postal", ...(fields.phone === "always" ? ["phone"] : [])].filter((name) => name !== "name" || fields.name !== "never");
    const values: Options = { country: navigator.language.split("-")[1], ...defaultValues.address, name: defaultValues.name, postal: defaultValues.address?.postal_code, phone: defaultValues.phone };
    this.all = names.map((name) => contactField(name, this.group.words, this.changed, { value: values[name], allowed: allowedCountries }));
    const country = this.field("country");
    if (country.empty) (country.input as HTMLSelectElement).selectedIndex = 0;
    country.input.addEventListener("input", () => this.follow());
    this.root.append(...this.all.map((field) => field.root));
    this.follow();
    return undefined;
  }

  // follow asks for a state and a postal code where addresses have them.
  private follow(): void {
    const country = this.field("country").value;
    const asked: { [name: string]: boolean } = { state: states.includes(country), postal: !unzipped.includes(country) };
    this.fields = this.all.filter((field) => asked[field.name] !== false);
    for (const field of this.all) field.root.hidden = !this.fields.includes(field);
    this.changed();
  }

  private field(name: string): Field {
    return this.all.find((field) => field.name === name) as Field;
  }

  protected get empty(): boolean {
    return this.fields.every((field) => field.empty || field.name === "country");
  }

  protected change(): Options {
    return { elementMode: this.options.mode, isNewAddress: true, value: this.value };
  }

  private get value(): Options {
    const of = (name: string): string => this.fields.find((field) => field.name === name)?.value ?? "";
    const phone = this.fields.some((field) => field.name === "phone") ? { phone: of("phone") } : {};
    const address = { line1: of("line1"), line2: of("line2") || null, city: of("city"), state: of("state"), postal_code: of("postal"), country: of("country") };
    return { name: of("name"), address, ...phone };
  }

  // getValue is for pages that send the address to their own server.
  getValue(): Promise<Options> {
    return Promise.resolve({ complete: this.complete, isNewAddress: true, value: this.value });
  }

  billing(): Params | undefined {
    return this.options.mode === "billing" ? merged(this.value) : undefined;
  }

  shipping(): Params | undefined {
    return this.options.mode === "shipping" ? merged(this.value) : undefined;
  }
}

export class EmailElement extends Element {
  protected build(): void {
    this.fields = [contactField("email", this.group.words, this.changed, { value: this.options.defaultValues?.email })];
    this.root.append(this.fields[0].root);
  }

  protected change(): Options {
    return { value: { email: this.fields[0].value } };
  }

  billing(): Params | undefined {
    return (billingOf(this.fields)?.billing_details ?? undefined) as Params | undefined;
  }
}

export class IbanElement extends Element {
  protected build(): void {
    this.fields = [contactField("iban", this.group.words, this.changed, { bare: true })];
    this.fields[0].disabled = Boolean(this.options.disabled);
    this.root.append(this.fields[0].root);
  }

  protected change(): Options {
    return { country: plainIban(this.fields[0].value).slice(0, 2), bankName: "" };
  }

  get value(): string {
    return plainIban(this.fields[0]?.value ?? "");
  }

  method(): MethodData {
    return { payment_method_data: { type: "sepa_debit", sepa_debit: { iban: this.value } } };
  }
}

// EmptyElement stands for wallets and advertisements, of which there are none here: it says so and shows nothing.
export class EmptyElement extends Element {
  protected build(): void {
    this.root.append(make("span", { hidden: true }));
  }

  protected ready(): Options {
    return { elementType: this.type, availablePaymentMethods: undefined };
  }
}
