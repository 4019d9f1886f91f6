// The ways to pay in the Payment Element: a new card, another method, or one that is saved.

import { merged, type Thing } from "./api";
import { cardData, cvcField, expiryField, numberField } from "./cards";
import { contactField } from "./contact";
import { postal as checked } from "./countries";
import type { Field } from "./field";
import { plainIban } from "./iban";
import { billing, fixed, methodOf } from "./methods";
import { asks, billingOf, defaultOf, emptyPanel, filled, type Panel, redisplay, type Setting } from "./panel";

export function newPanel(setting: Setting, type: string, saved?: Thing): Panel {
  if (saved) return { ...emptyPanel(type), saved };
  const panel = type === "card" ? newCard(setting) : newMethod(setting, type);
  const before = setting.typed.find((other) => other.type === type && !other.saved);
  for (const field of before?.fields ?? []) {
    const same = panel.fields.find((other) => other.name === field.name);
    if (same && !field.empty) same.value = field.value;
  }
  panel.arrange?.();
  return panel;
}

function newCard(setting: Setting): Panel {
  const { group: { words }, changed } = setting;
  const number = numberField(words, changed);
  const [expiry, cvc] = [expiryField(words, changed), cvcField(words, changed, () => number.value)];
  const panel = filled(setting, "card", [number, expiry, cvc, ...billed(setting, "card", ["country", "postal"])]);
  panel.data = () => merged({ type: "card", card: cardData(number.value, expiry.value, cvc.value) }, billingOf(panel.fields), redisplay(panel));
  zipped(panel, changed);
  return panel;
}

// billed are those fields that the page leaves to the element.
const billed = (setting: Setting, type: string, names: string[]): Field[] =>
  asks(setting, type, names).map((name) => contactField(name, setting.group.words, setting.changed, { value: defaultOf(setting, name) }));

// zipped asks for a postal code where banks check it.
function zipped(panel: Panel, changed: () => void): void {
  const all = [...panel.fields];
  const [country, postal] = ["country", "postal"].map((name) => all.find((field) => field.name === name));
  panel.arrange = () => {
    const needed = !country || checked.includes(country.value);
    if (postal) postal.root.hidden = !needed;
    panel.fields.splice(0, panel.fields.length, ...all.filter((field) => field !== postal || needed));
  };
  country?.input.addEventListener("input", () => {
    panel.arrange?.();
    changed();
  });
}

function newMethod(setting: Setting, type: string): Panel {
  const { group: { words }, changed } = setting;
  const fields = methodOf(type).fields.flatMap((name) => (name in billing ? billed(setting, type, [name]) : [contactField(name, words, changed)]));
  const panel = filled(setting, type, fields);
  const code = fields.find((field) => field.name === "code");
  if (code) panel.options = () => ({ [type]: { code: code.value } });
  const own = fields.filter((field) => field !== code && (!(field.name in billing) || (type === "sofort" && field.name === "country")));
  panel.data = () => {
    const values = own.map((field) => [field.name, field.name === "iban" ? plainIban(field.value) : field.value]);
    return merged({ type, [type]: merged(fixed[type], Object.fromEntries(values)) }, billingOf(fields), redisplay(panel));
  };
  return panel;
}
