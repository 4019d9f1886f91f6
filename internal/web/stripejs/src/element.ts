// What all elements have in common: where they are mounted, their state, their events.

import type { Params } from "./api";
import { make } from "./dom";
import { Emitter } from "./emitter";
import { type Fault, IntegrationError, type StripeError, validationError } from "./errors";
import type { Field } from "./field";
import type { Group } from "./group";
import { said } from "./words";

export type Options = { [name: string]: any };

// MethodData is what an element knows of the payment method: as payment_method_data says it, or an id.
export type MethodData = { payment_method?: string; payment_method_data?: Params; options?: Params; setupFutureUsage?: string };

const stateClasses = { base: "StripeElement", complete: "StripeElement--complete", empty: "StripeElement--empty", focus: "StripeElement--focus", invalid: "StripeElement--invalid" };

export abstract class Element extends Emitter {
  readonly root = make("div", { class: "sharesmart-element" });
  protected fields: Field[] = [];
  private container?: HTMLElement;
  private labels: HTMLLabelElement[] = [];
  private destroyed = false;
  private focused = false;
  private said?: string;
  private built?: Promise<StripeError | undefined | void>;

  constructor(readonly type: string, protected options: Options, readonly group: Group) {
    super();
    this.root.dataset.testid = `${type}-element`;
    // What is typed is none of the page's business.
    for (const name of ["input", "change"]) this.root.addEventListener(name, (event) => event.stopPropagation());
    this.root.addEventListener("focusin", () => this.focusChanged(true));
    this.root.addEventListener("focusout", (event) => this.focusChanged(this.root.contains(event.relatedTarget as Node | null)));
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.emit("escape", { elementType: this.type }));
  }

  // build puts the fields into the root when the element is first mounted. It may ask the server for what it needs; an
  // error says why there is nothing to show.
  protected abstract build(): void | Promise<StripeError | undefined>;

  mount(target: string | HTMLElement): this {
    if (this.destroyed) throw new IntegrationError("This Element has already been destroyed. Please create a new one.");
    const found = typeof target === "string" ? document.querySelector<HTMLElement>(target) : target;
    if (!found?.append) {
      const named = typeof target === "string" ? `The selector you specified (${target}) applies to no DOM elements that are currently on the page.` : "Invalid DOM element.";
      throw new IntegrationError(`${named} Make sure the element exists on the page before calling mount().`);
    }
    if (found === this.container && found.contains(this.root)) return this;
    this.unmount();
    this.container = found;
    found.replaceChildren(this.root);
    this.labels = [...document.querySelectorAll<HTMLLabelElement>("label")].filter((label) => (found.id && label.htmlFor === found.id) || (label.contains(found) && !label.htmlFor));
    for (const label of this.labels) label.addEventListener("click", this.labelled);
    this.group.style(this);
    void this.start();
    return this;
  }

  unmount(): this {
    for (const label of this.labels) label.removeEventListener("click", this.labelled);
    this.container?.classList.remove(...Object.values(this.classes()).flat());
    this.root.remove();
    this.container = undefined;
    return this;
  }

  destroy(): this {
    this.unmount();
    this.destroyed = true;
    this.group.forget(this);
    return this;
  }

  update(options: Options): this {
    this.options = { ...this.options, ...options };
    this.updated(options);
    this.group.style(this);
    this.showState();
    return this;
  }

  focus(): this {
    this.fields.find((field) => !field.input.disabled)?.input.focus();
    return this;
  }

  blur(): this {
    if (this.root.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
    return this;
  }

  clear(): this {
    for (const field of this.fields) field.clear();
    this.changed();
    return this;
  }

  get mounted(): boolean {
    return this.container !== undefined;
  }

  get option(): Options {
    return this.options;
  }

  // validate shows all that is wrong, moves to the first of it, and says what it is.
  validate(): StripeError | undefined {
    const wrong = this.fields.filter((field) => field.insist());
    this.changed();
    wrong[0]?.input.focus();
    return wrong[0] && this.error(wrong[0].fault as string);
  }

  // billing is what the element knows of the customer, for all payment methods of its group.
  billing(): Params | undefined {
    return undefined;
  }

  method(): MethodData | undefined {
    return undefined;
  }

  protected updated(_: Options): void {}

  protected get empty(): boolean {
    return this.fields.every((field) => field.empty);
  }

  protected get complete(): boolean {
    return this.fields.every((field) => !field.fault);
  }

  // change is what the event says beside empty, complete and error.
  protected change(): Options {
    return {};
  }

  protected readonly changed = (): void => {
    this.showState();
    const event = { elementType: this.type, empty: this.empty, complete: this.complete, error: this.error(this.shown), ...this.change() };
    const now = JSON.stringify(event);
    if (now === this.said) return;
    this.said = now;
    this.emit("change", event);
  };

  protected error(code: Fault): StripeError | undefined {
    return code === undefined ? undefined : validationError(code, said(this.group.words, code));
  }

  protected showState(): void {
    const classes = this.classes();
    const state = { base: true, complete: this.complete && !this.empty, empty: this.empty, focus: this.focused, invalid: this.shown !== undefined };
    for (const [name, on] of Object.entries(state)) {
      for (const part of classes[name as keyof typeof state]) this.container?.classList.toggle(part, on);
    }
  }

  protected ready(): Options {
    return { elementType: this.type };
  }

  private get shown(): Fault {
    return this.fields.map((field) => field.shown).find(Boolean);
  }

  private readonly labelled = (event: Event): void => {
    if (this.root.contains(event.target as Node)) return;
    event.preventDefault();
    this.focus();
  };

  // A page adds its handlers after it has mounted the element, so they are told in a later turn.
  private async start(): Promise<void> {
    this.built ??= Promise.resolve(this.build());
    const error = await this.built;
    if (error) this.built = undefined;
    this.showState();
    setTimeout(() => {
      if (!this.mounted) return;
      if (error && !this.listened("loaderror")) console.error(`Unhandled loaderror of the ${this.type} Element`, error);
      if (error) this.emit("loaderror", { elementType: this.type, error });
      else this.emit("ready", this.ready());
    });
  }

  private focusChanged(focused: boolean): void {
    if (focused === this.focused) return;
    this.focused = focused;
    this.showState();
    this.emit(focused ? "focus" : "blur", { elementType: this.type });
  }

  private classes(): { [state in keyof typeof stateClasses]: string[] } {
    const names: Options = { ...stateClasses, ...this.options.classes };
    return Object.fromEntries(Object.entries(names).map(([state, name]) => [state, String(name).split(/\s+/).filter(Boolean)])) as { [state in keyof typeof stateClasses]: string[] };
  }
}
