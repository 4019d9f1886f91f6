// The Payment Element: the ways to pay, one of them chosen, and what that one asks for.

import { merged, type Params } from "./api";
import { make, set, unique } from "./dom";
import { Element, type MethodData, type Options } from "./element";
import type { StripeError } from "./errors";
import { nameOf, savedName } from "./methods";
import type { Panel } from "./panel";
import { newPanel } from "./panels";
import type { Session } from "./session";
import { fill } from "./words";

export class PaymentElement extends Element {
  private readonly radios = unique("method");
  private session?: Session;
  private panels: Panel[] = [];
  private chosen?: Panel;
  private readonly status = make("p", { class: "Hidden", role: "status" });

  protected async build(): Promise<StripeError | undefined> {
    setTimeout(() => this.emit("loaderstart", { elementType: this.type }));
    const { session, error } = await this.group.session();
    if (session) this.show(session);
    else this.root.replaceChildren(make("p", { class: "Notice", role: "alert" }, error.message ?? this.group.words.offline));
    return error;
  }

  // refresh shows what has changed of the payment; what was typed for a method that is still there stays.
  async refresh(): Promise<void> {
    const { session } = await this.group.session();
    if (session && this.session && JSON.stringify(session) !== JSON.stringify(this.session)) this.show(session);
  }

  collapse(): this {
    this.choose(undefined);
    return this;
  }

  get selected(): string {
    return this.chosen?.type ?? "";
  }

  method(): MethodData | undefined {
    const { chosen } = this;
    if (!chosen) return undefined;
    if (chosen.saved) return { payment_method: chosen.saved.id };
    return { payment_method_data: merged(this.known(), chosen.data()), options: chosen.options(), setupFutureUsage: this.saves ? this.session?.features.payment_method_save_usage ?? "on_session" : undefined };
  }

  validate(): StripeError | undefined {
    if (!this.chosen) return this.error("incomplete_payment_details");
    return super.validate();
  }

  protected get empty(): boolean {
    return !this.chosen || (!this.chosen.saved && this.fields.length > 0 && this.fields.every((field) => field.empty || field.name === "country"));
  }

  protected get complete(): boolean {
    return this.chosen !== undefined && super.complete;
  }

  protected change(): Options {
    const { chosen } = this;
    const saved = chosen?.saved && { id: chosen.saved.id, type: chosen.saved.type, billing_details: chosen.saved.billing_details };
    return { collapsed: !chosen, value: { type: this.selected, ...(saved && { payment_method: saved }), ...(chosen?.save && { savePaymentMethod: chosen.save.checked }) } };
  }

  protected updated(options: Options): void {
    if (this.session && Object.keys(options).some((name) => name !== "readOnly")) this.show(this.session);
    this.lock();
  }

  private lock(): void {
    for (const panel of this.panels) for (const field of panel.fields) field.disabled = Boolean(this.options.readOnly);
  }

  private get saves(): boolean {
    return Boolean(this.chosen?.save?.checked);
  }

  // known is what the page knows of the customer, where nothing asks for it.
  private known(): Params | undefined {
    const given = this.options.defaultValues?.billingDetails;
    return given && { billing_details: { name: given.name, email: given.email, phone: given.phone } };
  }

  private show(session: Session): void {
    this.session = session;
    const before = this.chosen;
    const setting = { session, options: this.options, group: this.group, changed: this.changed, typed: this.panels };
    const saved = session.saved.filter((method) => session.types.includes(method.type));
    this.panels = [...saved.map((method) => newPanel(setting, method.type, method)), ...this.types(session).map((type) => newPanel(setting, type))];
    const collapsed = this.options.layout?.defaultCollapsed && !before;
    this.root.replaceChildren(...this.content());
    this.choose(collapsed ? undefined : this.panels.find((p) => p.type === before?.type && p.saved?.id === before.saved?.id) ?? this.panels[0]);
    this.lock();
  }

  // types are those that can be typed in here. Link is a wallet, which there is none of.
  private types({ types }: Session): string[] {
    const order: string[] = this.options.paymentMethodOrder ?? [];
    const rank = (type: string): number => (order.includes(type) ? order.indexOf(type) : order.length);
    return types.filter((type) => type !== "link").sort((a, b) => rank(a) - rank(b));
  }

  private content(): Node[] {
    const { words } = this.group;
    if (this.panels.length === 0) return [make("p", { class: "Notice" }, words.empty)];
    if (this.panels.length === 1 && !this.panels[0].saved) return [this.status];
    const layout = this.options.layout?.type ?? this.options.layout;
    const rows = this.panels.some((panel) => panel.saved) || layout === "accordion";
    const choices = this.panels.map((panel) => this.choice(panel));
    const list = rows ? make("div", { class: "Accordion" }, ...choices.map((choice) => make("div", { class: "AccordionItem" }, choice))) : make("div", { class: "Tabs" }, ...choices);
    return [make("fieldset", { class: "Choice" }, make("legend", { class: "Hidden" }, words.methods), list), this.status];
  }

  private choice(panel: Panel): HTMLElement {
    const { words } = this.group;
    const key = panel.saved?.id ?? panel.type;
    panel.radio = make("input", { type: "radio", class: "Radio", name: this.radios, form: "", value: key, "data-testid": `payment-method-${key}` });
    panel.radio.addEventListener("change", () => this.choose(panel));
    const card = this.panels.some((other) => other.saved) ? words.another : words.card;
    const name = panel.saved ? savedName(panel.saved) : panel.type === "card" ? card : nameOf(panel.type);
    const label = make("label", { class: "Tab" }, panel.radio, make("span", { class: "TabLabel" }, name));
    if (!panel.saved || this.session?.features.payment_method_remove !== "enabled") return label;
    return make("div", { class: "SavedMethod" }, label, this.remover(panel, name));
  }

  // remover asks once more before a saved method is gone, for that cannot be undone.
  private remover(panel: Panel, name: string): HTMLElement {
    const { words } = this.group;
    const button = make("button", { type: "button", class: "Remove", "data-testid": `remove-${panel.saved?.id}` });
    let sure = false;
    const ask = (asking: boolean): void => {
      sure = asking;
      button.textContent = asking ? fill(words.removeNamed, name) + "?" : words.remove;
      set(button, "aria-label", asking ? undefined : fill(words.removeNamed, name));
    };
    ask(false);
    button.addEventListener("blur", () => ask(false));
    button.addEventListener("click", () => (sure ? void this.remove(panel, name) : ask(true)));
    return button;
  }

  private async remove(panel: Panel, name: string): Promise<void> {
    const method = panel.saved;
    if (!method || !this.session) return;
    const { error } = await this.group.api.call("POST", `/v1/payment_methods/${method.id}/detach`, { customer_session_client_secret: this.group.customerSecret() });
    this.emit("savedpaymentmethodremove", { elementType: this.type, success: !error, error: error?.message, payment_method: { id: method.id, type: method.type, billing_details: method.billing_details } });
    this.status.textContent = error?.message ?? fill(this.group.words.removed, name);
    if (error) return;
    this.show({ ...this.session, saved: this.session.saved.filter((kept) => kept.id !== method.id) });
    (this.chosen?.radio ?? this.fields[0]?.input)?.focus();
  }

  private choose(panel?: Panel): void {
    this.chosen = panel;
    this.fields = panel?.fields ?? [];
    for (const other of this.panels) {
      if (other.radio) other.radio.checked = other === panel;
      other.radio?.closest(".Tab")?.classList.toggle("Tab--selected", other === panel);
      if (other !== panel) other.root.remove();
    }
    // Only the chosen way to pay is in the page, so that what it asks for is there once.
    if (panel?.root.hasChildNodes()) (panel.radio?.closest(".AccordionItem, .Choice") ?? this.root).append(panel.root);
    this.changed();
  }
}
