// What all ways to pay in the Payment Element have in common: where their fields stand, which of them are asked for, what
// the customer agrees to.

import { merged, type Params, type Thing } from "./api";
import { type Child, make } from "./dom";
import type { Options } from "./element";
import type { Field } from "./field";
import type { Group } from "./group";
import { billing, methodOf, nameOf } from "./methods";
import type { Session } from "./session";
import { fill } from "./words";

export interface Panel {
  type: string;
  saved?: Thing;
  root: HTMLElement;
  fields: Field[];
  radio?: HTMLInputElement;
  save?: HTMLInputElement;
  data(): Params;
  options(): Params | undefined;
  arrange?(): void; // shows the fields that the values of others ask for
}

export interface Setting {
  session: Session;
  options: Options;
  group: Group;
  changed: () => void;
  typed: Panel[]; // what was typed before the element was shown anew
}

export const emptyPanel = (type: string, fields: Field[] = []): Panel => ({
  type, fields, root: make("div", { class: "Panel" }), data: () => ({}), options: () => undefined,
});

// filled is a panel with its fields and what stands below them.
export function filled(setting: Setting, type: string, fields: Field[]): Panel {
  const { session, options, group } = setting;
  const panel = emptyPanel(type, fields);
  const notes: Child[] = [];
  if (session.features.payment_method_save === "enabled") {
    panel.save = make("input", { type: "checkbox", class: "CheckboxInput", "data-testid": "save-payment-method" });
    panel.save.addEventListener("change", setting.changed);
    notes.push(make("label", { class: "Checkbox" }, panel.save, make("span", { class: "CheckboxLabel" }, group.words.save)));
  }
  const terms = termsOf(setting, type, options.business?.name ?? session.business);
  if (terms) notes.push(make("p", { class: "TermsText" }, terms));
  const small = fields.filter((field) => ["card-expiry", "card-cvc"].includes(field.name)).map((field) => field.root);
  const roots = fields.map((field) => field.root).filter((root) => !small.includes(root));
  if (small.length > 0) roots.splice(1, 0, make("div", { class: "Pair" }, ...small));
  panel.root.append(...roots, ...notes.filter((note): note is HTMLElement => Boolean(note)));
  return panel;
}

function termsOf({ session, options, group }: Setting, type: string, business: string): string | undefined {
  const { words } = group;
  const { kind } = methodOf(type);
  const wish = options.terms?.[type.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
  if (wish === "never") return undefined;
  switch (kind) {
    case "debit":
      return fill(words.mandate, business);
    case "card":
      return session.keeps || wish === "always" ? fill(words.terms, business) : undefined;
    case "voucher":
      return fill(words.voucher, nameOf(type));
  }
  return type === "blik" ? undefined : fill(words.away, nameOf(type));
}

// asks are those of the fields that the page leaves to the element, and that no other element of the group asks for.
export function asks({ options, group }: Setting, type: string, names: string[]): string[] {
  const others = group.asked();
  const wish = options.fields?.[type]?.billingDetails ?? options.fields?.billingDetails;
  return names.filter((name) => {
    const [top, part] = billing[name];
    const given = part ? wish?.address?.[part === "postal_code" ? "postalCode" : part] ?? wish?.address : wish?.[top];
    return (typeof wish === "string" ? wish : given) !== "never" && !others.includes(top);
  });
}

export function defaultOf({ options, session }: Setting, name: string): string | undefined {
  const path = billing[name];
  const given = path?.reduce((value: any, part) => value?.[part], options.defaultValues?.billingDetails);
  return given ?? (name === "country" ? session.country : undefined);
}

export function billingOf(fields: Field[]): Params | undefined {
  const known = fields.filter((field) => field.name in billing);
  const parts = known.map((field) => billing[field.name].reduceRight((value: unknown, part) => ({ [part]: value }), field.value) as Params);
  return known.length > 0 ? { billing_details: merged(...parts) } : undefined;
}

// redisplay says whether the customer wants to see the method again.
export const redisplay = (panel: Panel): Params | undefined => panel.save && { allow_redisplay: panel.save.checked ? "always" : "limited" };
