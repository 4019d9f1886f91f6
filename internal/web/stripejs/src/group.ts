// What an element needs to know of the group that it was created in.

import type { Api } from "./api";
import type { Element } from "./element";
import type { StripeError } from "./errors";
import type { Session } from "./session";
import type { Words } from "./words";

export interface Group {
  readonly words: Words;
  readonly api: Api;
  // session is what the server says of the payment; asked for once, and again after an update.
  session(): Promise<{ session: Session; error?: undefined } | { session?: undefined; error: StripeError }>;
  // customerSecret is that of the customer session, if the page has one.
  customerSecret(): string | undefined;
  // asked are the billing details that other elements than the Payment Element ask for.
  asked(): string[];
  find(type: string): Element | undefined;
  forget(element: Element): void;
  style(element: Element): void;
}
