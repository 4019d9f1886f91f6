// What one way to pay shows in the Payment Element: its fields, and what the customer agrees to.

import { merged, type Params, type Thing } from "./api";
import { cardData, cvcField, expiryField, numberField } from "./cards";
import { contactField } from "./contact";
import { postal as postalCountries } from "./countries";
import { type Child, make, unique } from "./dom";
import type { Options } from "./element";
import type { Field } from "./field";
import type { Group } from "./group";
import { plainIban } from "./iban";
import { billing, fixed, methodOf, nameOf } from "./methods";
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
}

export interface Setting {
  session: Session;
  options: Options;
  group: Group;
  changed: () => void;
  typed: Panel[]; // what was typed before the element was shown anew
}

export function newPanel(setting: Setting, type: string, saved?: Thing): Panel {
  const before = setting.typed.find((panel) => panel.type === type && !panel.saved && !saved);
  const panel: Panel = saved ? newSaved(type, saved) : type === "card" ? newCard(setting) : newMethod(setting, type);
  for (const field of before?.fields ?? []) {
    const same = panel.fields.find((f) => f.name === field.name);
    if (same && !field.empty) same.value = field.value;
  }
  return panel;
}

const emptyRoot = (): HTMLElement => make("div", { class: "Panel", id: unique("panel") });

const newSaved = (type: string, saved: Thing): Panel => ({ type, saved, root: emptyRoot(), fields: [], data: () => ({}), options: () => undefined });

function newCard(setting: Setting): Panel {
  const { group, changed } = setting;
  const { words } = group;
  const number = numberField(words, changed);
  const expiry = expiryField(words, changed);
  const cvc = cvcField(words, changed, () => number.value);
  const asked = asks(setting, "card", ["country", "postal"]);
  const country = asked.includes("country") ? contactField("country", words, changed, { value: defaultOf(setting, "country") }) : undefined;
  const postal = asked.includes("postal") ? contactField("postal", words, changed, { value: defaultOf(setting, "postal") }) : undefined;
  const panel = finish(setting, "card", [number, expiry, cvc, ...[country, postal].filter((f): f is Field => Boolean(f))]);
  panel.data = () => merged({ type: "card", card: cardData(number.value, expiry.value, cvc.value) }, billingOf(panel.fields), redisplay(panel));
  const all = [...panel.fields];
  // A postal code is asked for where banks check it.
  const follow = (): void => {
    const needed = !country || postalCountries.includes(country.value);
    if (postal) postal.root.hidden = !needed;
    panel.fields.splice(0, panel.fields.length, ...all.filter((field) => field !== postal || needed));
    changed();
  };
  country?.input.addEventListener("input", follow);
  country?.input.addEventListener("change", follow);
  follow();
  return panel;
}

function newMethod(setting: Setting, type: string): Panel {
  const { group, changed } = setting;
  const names = methodOf(type).fields.filter((name) => !(name in billing) || asks(setting, type, [name]).length > 0);
  const fields = names.map((name) => contactField(name, group.words, changed, { value: defaultOf(setting, name) }));
  const panel = finish(setting, type, fields);
  panel.data = () => {
    const own = fields.filter((field) => !(field.name in billing) && field.name !== "code").map((field) => [field.name, field.name === "iban" ? plainIban(field.value) : field.value]);
    const country = type === "sofort" ? { country: fields.find((field) => field.name === "country")?.value } : undefined;
    return merged({ type, [type]: merged(fixed[type], Object.fromEntries(own), country) }, billingOf(fields), redisplay(panel));
  };
  const code = fields.find((field) => field.name === "code");
  if (code) panel.options = () => ({ [type]: { code: code.value } });
  return panel;
}

// finish adds what stands below the fields.
function finish(setting: Setting, type: string, fields: Field[]): Panel {
  const { session, options, group } = setting;
  const panel: Panel = { type, root: emptyRoot(), fields, data: () => ({}), options: () => undefined };
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
function asks({ options, group }: Setting, type: string, names: string[]): string[] {
  const others = group.asked();
  const wish = options.fields?.[type]?.billingDetails ?? options.fields?.billingDetails;
  return names.filter((name) => {
    const [top, part] = billing[name];
    const given = part ? wish?.address?.[part === "postal_code" ? "postalCode" : part] ?? wish?.address : wish?.[top];
    return (typeof wish === "string" ? wish : given) !== "never" && !others.includes(top);
  });
}

function defaultOf({ options, session }: Setting, name: string): string | undefined {
  const path = billing[name];
  const given = path?.reduce((value: any, part) => value?.[part], options.defaultValues?.billingDetails);
  return given ?? (name === "country" ? session.country : undefined);
}

export function billingOf(fields: Field[]): Params | undefined {
  const known = fields.filter((field) => field.name in billing);
  const parts = known.map((field) => billing[field.name].reduceRight((value: unknown, part) => ({ [part]: value }), field.value) as Params);
  return known.length > 0 ? { billing_details: merged(...parts) } : undefined;
}

const redisplay = (panel: Panel): Params | undefined => panel.save && { allow_redisplay: panel.save.checked ? "always" : "limited" };
