// What can be known of a card without asking its bank: the brand by the first digits, the length, the check digit, the
// expiry. Each check says what is wrong by Stripe's code; "incomplete" is what typing on can mend.

import type { Fault } from "./errors";

export interface Brand {
  name: string;
  title: string;
  begins: RegExp;
  lengths: number[];
  gaps: number[];
  cvc: number;
}

const fours = [4, 8, 12, 16];

const brands: Brand[] = [
  { name: "visa", title: "Visa", begins: /^4/, lengths: [16], gaps: fours, cvc: 3 },
  { name: "mastercard", title: "Mastercard", begins: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16], gaps: fours, cvc: 3 },
  { name: "amex", title: "American Express", begins: /^3[47]/, lengths: [15], gaps: [4, 10], cvc: 4 },
  { name: "discover", title: "Discover", begins: /^(6011|64[4-9]|65)/, lengths: [16], gaps: fours, cvc: 3 },
  { name: "diners", title: "Diners Club", begins: /^(30[0-5]|36|3[89])/, lengths: [14, 16], gaps: fours, cvc: 3 },
  { name: "jcb", title: "JCB", begins: /^35(2[89]|[3-8])/, lengths: [16], gaps: fours, cvc: 3 },
  { name: "unionpay", title: "UnionPay", begins: /^(62|81)/, lengths: [16, 17, 18, 19], gaps: fours, cvc: 3 },
];

const unknown: Brand = { name: "unknown", title: "", begins: /^/, lengths: [13, 14, 15, 16, 17, 18, 19], gaps: fours, cvc: 3 };

export const digitsOf = (text: string): string => text.replace(/\D/g, "");

export const brandOf = (number: string): Brand => brands.find((b) => b.begins.test(digitsOf(number))) ?? unknown;

// titleOf is a brand as people know it, by the name that the API has for it.
export const titleOf = (name: string): string => brands.find((b) => b.name === name)?.title ?? "Card";

export function formatNumber(text: string): string {
  const brand = brandOf(text);
  const digits = digitsOf(text).slice(0, Math.max(...brand.lengths));
  return [...digits].map((d, i) => (brand.gaps.includes(i) ? ` ${d}` : d)).join("");
}

export function checkNumber(text: string): Fault {
  const digits = digitsOf(text);
  const { lengths } = brandOf(digits);
  if (digits.length < Math.min(...lengths)) return "incomplete_number";
  if (lengths.includes(digits.length) && luhn(digits)) return undefined;
  return digits.length < Math.max(...lengths) ? "incomplete_number" : "invalid_number";
}

// luhn is the check digit that every brand has.
function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, d, i) => {
    const doubled = Number(d) * (i % 2 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

// expiryOf reads a month and a year of two or four digits, with whatever stands between them. A month that can have no
// second digit has a nought before it.
export function expiryOf(text: string): { month: string; year: string } {
  const parts = /^\D*(\d{1,2})\D+(\d*)/.exec(text);
  if (parts) return { month: parts[1].padStart(2, "0"), year: parts[2] };
  const digits = /^[2-9]/.test(text) ? `0${digitsOf(text)}` : digitsOf(text);
  return { month: digits.slice(0, 2), year: digits.slice(2) };
}

// formatExpiry leaves what stands between month and year away while it is erased, for nobody could get past it.
export function formatExpiry(text: string, erasing: boolean): string {
  const { month, year } = expiryOf(text);
  if (month.length < 2 || (erasing && year === "")) return month;
  const two = year.length > 2 && year.startsWith("20") ? year.slice(2, 4) : year.slice(0, 2);
  return `${month} / ${two}`;
}

export const fullYear = (year: string): number => (year.length === 2 ? 2000 : 0) + Number(year);

export function checkExpiry(text: string, now = new Date()): Fault {
  const { month, year } = expiryOf(text);
  if (month.length < 2 || (year.length !== 2 && year.length !== 4)) return "incomplete_expiry";
  if (Number(month) < 1 || Number(month) > 12) return "invalid_expiry_month";
  const ahead = fullYear(year) - now.getFullYear();
  if (ahead < 0) return "invalid_expiry_year_past";
  if (ahead > 50) return "invalid_expiry_year";
  return ahead === 0 && Number(month) < now.getMonth() + 1 ? "invalid_expiry_month_past" : undefined;
}

export const checkCvc = (text: string, brand: Brand): Fault =>
  digitsOf(text).length < (brand.name === "unknown" ? 3 : brand.cvc) ? "incomplete_cvc" : undefined;
