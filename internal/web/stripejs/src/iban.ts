// An IBAN: its country, its length and its two check digits.

import type { Fault } from "./errors";

// lengths of IBANs in the countries of the single euro payments area.
const lengths: { [country: string]: number } = {
  AD: 24, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GI: 23, GR: 27, HR: 21, HU: 28, IE: 22, IS: 26,
  IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31, NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, SE: 24, SI: 19, SK: 24, SM: 27, VA: 22,
};

export const plainIban = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

export const formatIban = (text: string): string => plainIban(text).slice(0, 34).replace(/(.{4})(?=.)/g, "$1 ");

export function checkIban(text: string): Fault {
  const iban = plainIban(text);
  if (iban.length < 2) return "incomplete_iban";
  const length = lengths[iban.slice(0, 2)];
  if (!length) return "invalid_iban_country_code";
  if (iban.length < length) return "incomplete_iban";
  return iban.length === length && remainder(iban) === 1 ? undefined : "invalid_iban";
}

// remainder of the number that an IBAN stands for, by 97.
function remainder(iban: string): number {
  const digits = [...(iban.slice(4) + iban.slice(0, 4))].map((c) => parseInt(c, 36)).join("");
  return [...digits].reduce((rest, d) => (rest * 10 + Number(d)) % 97, 0);
}
