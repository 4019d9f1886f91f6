/** Who sells what: all of it is in the Dashboard, under the extension. */
export interface Config {
  /** The address of the ShareSmart server. */
  server: string;
  /** The id of the extension: ext_... */
  extension: string;
  /** A publishable key of the account: pk_... It may be seen by everybody. */
  publishableKey: string;
  /** The extension's public keys, which tokens are checked with. */
  keys: JsonWebKey[];
}

export interface Plan {
  name: string | null;
  nickname: string | null;
  unitAmountCents: number | null;
  currency: string | null;
  interval: "day" | "week" | "month" | "year" | "once" | null;
  intervalCount: number | null;
}

export interface Offer extends Plan {
  id: string;
}

export interface User {
  /** Null as long as nobody is logged in. */
  email: string | null;
  /** Whether the member has a paid plan, be it in its trial or late with a payment. */
  paid: boolean;
  paidAt: Date | null;
  /** A payment failed and is tried again. `paid` stays true until that is given up. */
  pastDue: boolean;
  plan: Plan | null;
  features: string[];
  /** Whether the member may use a feature, by its lookup key. */
  can(feature: string): boolean;
  installedAt: Date | null;
  trialStartedAt: Date | null;
  trialEndsAt: Date | null;
  subscriptionStatus: "active" | "past_due" | "trialing" | "canceled" | "paused" | "unpaid" | "incomplete" | "incomplete_expired" | null;
  subscriptionCancelAt: Date | null;
  /** The server could not be asked: this is what the last signed token says. */
  offline: boolean;
  /** This install was signed out from another device, or by the server. */
  revoked: boolean;
}

export interface Device {
  id: string;
  name: string;
  browser: string | null;
  platform: string | null;
  lastSeenAt: Date | null;
  /** Whether it is this one. */
  current: boolean;
}

/** Two digits that the page and the extension both show, so that nobody pairs somebody else's install. */
export interface Pairing {
  number: string;
  expiresAt: Date;
}

export interface UserEvent {
  addListener(listener: (user: User) => void): void;
  removeListener(listener: (user: User) => void): void;
  hasListener(listener: (user: User) => void): boolean;
}

export interface ShareSmart {
  /** Never rejects. With `cached`, it asks nobody and answers at once. */
  getUser(options?: { cached?: boolean }): Promise<User>;
  /** The plans with their prices, the free one too. Never rejects: without a server they are those that were got last. */
  getPlans(): Promise<Offer[]>;

  /** Opens the page to pay; for a member who has paid, the one to manage the plan. */
  openPaymentPage(nickname?: string): Promise<void>;
  openTrialPage(nickname?: string): Promise<void>;
  openSignUpPage(nickname?: string): Promise<void>;
  openLoginPage(): Promise<void>;
  openAccountPage(): Promise<void>;
  /** What to show while such a page is open and nobody has logged in. */
  getPairing(): Promise<Pairing | null>;

  /** Mails six digits to a member. It does not tell whether there is one. */
  login(email: string): Promise<void>;
  /** Logs in with those six digits, or with the one-time code of a page. */
  redeem(code: string): Promise<User>;
  getDevices(): Promise<Device[]>;
  /** Signs this install out, or another device. */
  signOut(device?: string): Promise<void>;

  /** Calls POST /v1/installs/{this install}/{action}. */
  call<T = unknown>(action: string, params?: Record<string, unknown>): Promise<T>;

  /** Keeps the member up to date. Call it once, at the top of the background script. */
  startBackground(): Promise<void>;
  onPaid: UserEvent;
  onTrialStarted: UserEvent;
  /** Anything about the member changed. */
  onChanged: UserEvent;
}

export function ShareSmart(config: Config): ShareSmart;

/** What a refused call rejects with. Without a server: status 0, code "offline". */
export class ShareSmartError extends Error {
  status: number;
  type: string;
  code: string | null;
  param: string | null;
}
