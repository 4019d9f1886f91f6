// What each type of payment method asks for. A type that is not here asks for nothing and leads to a page of its own.

import { titleOf } from "./card";
import type { Thing } from "./api";

// billing are the fields that say who pays; all others are of the method.
export const billing: { [field: string]: string[] } = {
  name: ["name"], email: ["email"], phone: ["phone"], country: ["address", "country"], line1: ["address", "line1"], city: ["address", "city"], state: ["address", "state"],
  postal: ["address", "postal_code"],
};

const address = ["line1", "city", "state", "postal", "country"];

// Kinds of types: what happens to the account whose numbers are typed, or where the customer goes.
type Kind = "debit" | "voucher" | "redirect" | "card";

interface Method {
  kind: Kind;
  fields: string[];
}

const methods: { [type: string]: Method } = {
  card: { kind: "card", fields: [] },
  acss_debit: { kind: "debit", fields: ["name", "email", "institution_number", "transit_number", "account_number"] },
  au_becs_debit: { kind: "debit", fields: ["name", "email", "bsb_number", "account_number"] },
  bacs_debit: { kind: "debit", fields: ["name", "email", "sort_code", "account_number", "line1", "city", "postal", "country"] },
  nz_bank_account: { kind: "debit", fields: ["name", "email", "bank_code", "branch_code", "account_number", "suffix"] },
  sepa_debit: { kind: "debit", fields: ["name", "email", "iban"] },
  us_bank_account: { kind: "debit", fields: ["name", "email", "routing_number", "account_number"] },
  boleto: { kind: "voucher", fields: ["name", "email", "tax_id", ...address] },
  konbini: { kind: "voucher", fields: ["name", "email"] },
  multibanco: { kind: "voucher", fields: ["email"] },
  oxxo: { kind: "voucher", fields: ["name", "email"] },
  cashapp: { kind: "voucher", fields: [] },
  customer_balance: { kind: "voucher", fields: [] },
  paynow: { kind: "voucher", fields: [] },
  pix: { kind: "voucher", fields: [] },
  promptpay: { kind: "voucher", fields: [] },
  swish: { kind: "voucher", fields: [] },
  wechat_pay: { kind: "voucher", fields: [] },
  bancontact: { kind: "redirect", fields: ["name"] },
  blik: { kind: "redirect", fields: ["code"] },
  eps: { kind: "redirect", fields: ["name"] },
  fpx: { kind: "redirect", fields: ["bank"] },
  giropay: { kind: "redirect", fields: ["name"] },
  klarna: { kind: "redirect", fields: ["email", "country"] },
  p24: { kind: "redirect", fields: ["name", "email"] },
  sofort: { kind: "redirect", fields: ["name", "email", "country"] },
};

export const methodOf = (type: string): Method => methods[type] ?? { kind: "redirect", fields: [] };

// fixed is what the method's hash says without being asked.
export const fixed: { [type: string]: { [name: string]: string } } = { us_bank_account: { account_holder_type: "individual", account_type: "checking" } };

export const banks = [
  "affin_bank", "alliance_bank", "ambank", "bank_islam", "bank_muamalat", "bank_rakyat", "bsn", "cimb", "hong_leong_bank", "hsbc", "kfh", "maybank2u", "ocbc", "public_bank", "rhb",
  "standard_chartered", "uob",
];

// names that are no types with capitals.
const names: { [type: string]: string } = {
  acss_debit: "Pre-authorised debit", au_becs_debit: "BECS Direct Debit", bacs_debit: "Bacs Direct Debit", blik: "BLIK", bsn: "BSN", cashapp: "Cash App Pay", cimb: "CIMB", customer_balance: "Bank transfer", eps: "EPS", fpx: "FPX",
  hsbc: "HSBC", ideal: "iDEAL", kfh: "KFH", mb_way: "MB WAY", mobilepay: "MobilePay", nz_bank_account: "Bank account", ocbc: "OCBC", oxxo: "OXXO", p24: "Przelewy24", paynow: "PayNow", paypal: "PayPal",
  payto: "PayTo", promptpay: "PromptPay", rhb: "RHB", sepa_debit: "SEPA Direct Debit", twint: "TWINT", uob: "UOB", upi: "UPI", us_bank_account: "Bank account", wechat_pay: "WeChat Pay",
};

export const nameOf = (type: string): string => names[type] ?? type.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");

// savedName is a method as its customer knows it: Visa •••• 4242.
export function savedName(method: Thing): string {
  const part = method[method.type] ?? {};
  const name = method.type === "card" ? titleOf(part.brand) : nameOf(method.type);
  return part.last4 ? `${name} ••••\u00a0${part.last4}` : name;
}
