// Fields that say who the customer is and where: the same in every element that asks for them.

import { countries } from "./countries";
import { Field, type FieldOptions } from "./field";
import { banks, billing, nameOf } from "./methods";
import { checkIban, formatIban } from "./iban";
import type { Words } from "./words";

export function checkEmail(text: string): string | undefined {
  if (/^\S+@\S+\.\S{2,}$/.test(text)) return undefined;
  return /@.*@|\s/.test(text) ? "invalid_email" : "incomplete_email";
}

type Special = Partial<FieldOptions>;

// special is what makes a field more than a line of text.
function special(name: string, words: Words, allowed?: string[] | null): Special {
  switch (name) {
    case "name":
      return { autocomplete: "name" };
    case "email":
      return { autocomplete: "email", inputmode: "email", placeholder: "you@example.com", check: checkEmail };
    case "phone":
      return { autocomplete: "tel", inputmode: "tel" };
    case "line1":
      return { autocomplete: "address-line1" };
    case "line2":
      return { autocomplete: "address-line2", optional: true };
    case "city":
      return { autocomplete: "address-level2" };
    case "state":
      return { autocomplete: "address-level1" };
    case "postal":
      return { autocomplete: "postal-code", check: (text) => (text.length < 3 ? "incomplete_zip" : undefined) };
    case "country":
      return { autocomplete: "country", choices: countries(words.locale, allowed) };
    case "iban":
      return { placeholder: "DE00 0000 0000 0000 0000 00", format: formatIban, check: checkIban };
    case "bank":
      return { choices: [["", words.choose], ...banks.map((bank): [string, string] => [bank, nameOf(bank)])] };
    case "tax_id":
      return {};
    default:
      return { inputmode: "numeric" };
  }
}

export interface ContactOptions {
  value?: string | null;
  bare?: boolean;
  allowed?: string[] | null;
}

export const contactField = (name: string, words: Words, changed: () => void, { value, bare, allowed }: ContactOptions = {}): Field =>
  new Field({ name, testid: name in billing ? `billing-${name}` : name, label: words[name as "name"] ?? name, words, value: value ?? undefined, bare, ...special(name, words, allowed) }, changed);
