// The texts, which are in _locales.
import { browser } from "./browser.js";

export const t = (key, ...parts) => browser.i18n.getMessage(key, parts.map(String)) || key;

/** language is that of the texts, which is not the browser's if there are none in it. */
export const language = t("language");

const plural = new Intl.PluralRules(language);

/** n is a text with a number in it. */
export const n = (key, count) => t(`${key}_${plural.select(count)}`, number(count));

export const number = (value) => new Intl.NumberFormat(language).format(value);
export const day = (date) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(date);

export function price({ unitAmountCents, currency }) {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(unitAmountCents / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** ago is how long ago something was, in the largest unit that fits. */
export function ago(date, now = Date.now()) {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const seconds = (date - now) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return t("just_now");
}

/** daysLeft counts the days until a date, the last one as one. */
export const daysLeft = (date, now = Date.now()) => Math.max(1, Math.ceil((date - now) / 86_400_000));

const explained = ["offline", "login_code_incorrect", "login_code_rate_limit", "email_invalid", "url_invalid", "feature_not_entitled", "install_not_paired"];

/** explain says what went wrong and what to do. */
export const explain = (error) => (explained.includes(error.code) ? t(`error_${error.code}`) : error.message);
