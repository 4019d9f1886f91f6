// One thing that a customer types or chooses: its label, its format as it is typed, what is wrong with it, and where
// that is said.

import { type Child, make, set, unique } from "./dom";
import type { Fault } from "./errors";
import { said, type Words } from "./words";

export interface FieldOptions {
  name: string;
  testid?: string; // the name, if not given
  label: string;
  words: Words;
  autocomplete?: string;
  inputmode?: string;
  placeholder?: string;
  value?: string;
  bare?: boolean; // alone in its element: the shop's page has the label and says what is wrong
  optional?: boolean;
  choices?: [value: string, title: string][];
  format?: (text: string, erasing: boolean) => string;
  check?: (text: string) => Fault;
  note?: (text: string) => string; // said beside the label
}

export class Field {
  readonly input: HTMLInputElement | HTMLSelectElement;
  readonly root: HTMLElement;
  private readonly message = make("p", { class: "Error", id: unique("error"), hidden: true });
  private readonly note = make("span", { class: "LabelNote" });
  private left = false;

  constructor(private readonly options: FieldOptions, private readonly changed: () => void) {
    this.input = options.choices ? this.select(options.choices) : this.text();
    this.input.value = options.value ?? this.input.value;
    this.root = options.bare ? this.input : this.labelled();
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("blur", () => released(() => this.leave()));
  }

  get name(): string {
    return this.options.name;
  }

  private get testid(): string {
    return this.options.testid ?? this.options.name;
  }

  get value(): string {
    return this.input.value.trim();
  }

  set value(text: string) {
    this.input.value = this.options.format?.(text, false) ?? text;
    this.show();
  }

  get empty(): boolean {
    return this.value === "";
  }

  // fault is what is wrong with the value as it stands.
  get fault(): Fault {
    if (this.empty && this.options.optional) return undefined;
    return this.options.check ? this.options.check(this.value) : this.empty ? `incomplete_${this.name}` : undefined;
  }

  // shown is the fault that the customer has to hear of: while they type only what typing on cannot mend.
  get shown(): Fault {
    const { fault } = this;
    return fault && (this.left || !fault.startsWith("incomplete")) && !(this.empty && !this.left) ? fault : undefined;
  }

  // insist shows what is wrong, also of what was never touched.
  insist(): Fault {
    this.left = true;
    this.show();
    return this.fault;
  }

  clear(): void {
    this.input.value = this.options.choices ? this.options.value ?? this.input.value : "";
    this.left = false;
    this.show();
  }

  set disabled(off: boolean) {
    this.input.disabled = off;
  }

  // text is a field without a name and a type of its own, so that the form around it neither sends nor checks it.
  private text(): HTMLInputElement {
    const { name, bare, label, autocomplete, inputmode, placeholder } = this.options;
    return make("input", {
      class: "Input", id: unique(name), type: "text", autocomplete, inputmode, placeholder,
      "aria-label": bare && label, "data-testid": this.testid, spellcheck: "false", autocapitalize: "off",
    });
  }

  private select(choices: [string, string][]): HTMLSelectElement {
    const options: Child[] = choices.map(([value, title]) => make("option", { value }, title));
    return make("select", { class: "Input Input--select", id: unique(this.name), autocomplete: this.options.autocomplete, "data-testid": this.testid }, ...options);
  }

  private labelled(): HTMLElement {
    set(this.message, "data-testid", `${this.testid}-error`);
    const label = make("label", { class: "Label", for: this.input.id }, this.options.label);
    return make("div", { class: "Field" }, make("div", {}, label, this.options.note && this.note), this.input, this.message);
  }

  private typed(): void {
    const { input } = this;
    if (this.options.format && input instanceof HTMLInputElement) reformat(input, this.options.format);
    this.show();
    this.changed();
  }

  private leave(): void {
    const before = this.shown;
    this.left = !this.empty || this.left;
    this.show();
    if (this.shown !== before) this.changed();
  }

  private show(): void {
    const { shown, input, message } = this;
    input.classList.toggle("Input--invalid", Boolean(shown));
    input.classList.toggle("Input--empty", this.empty);
    set(input, "aria-invalid", shown ? "true" : undefined);
    if (this.options.bare) return;
    set(input, "aria-describedby", shown && message.id);
    this.note.textContent = this.options.note?.(this.value) ?? "";
    message.hidden = !shown;
    message.textContent = shown ? said(this.options.words, shown) : "";
  }
}

let held = false;
addEventListener("pointerdown", () => (held = true), true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => (held = false), true);

// released waits until what was pressed has been let go and heard of it: what is said below a field moves the page, and
// a button that moves while it is pressed is missed.
function released(then: () => void): void {
  if (held) addEventListener("pointerup", () => setTimeout(then), { once: true, capture: true });
  else then();
}

// reformat writes a value as it should look and keeps the caret behind the same character that the customer typed.
function reformat(input: HTMLInputElement, format: (text: string, erasing: boolean) => string): void {
  const text = input.value;
  const caret = input.selectionStart ?? text.length;
  const erasing = text.length < (lengths.get(input) ?? 0);
  const formatted = format(text, erasing);
  lengths.set(input, formatted.length);
  if (formatted === text) return;
  const behind = plain(text.slice(caret)).length;
  input.value = formatted;
  if (document.activeElement !== input) return;
  let at = formatted.length;
  for (let passed = 0; at > 0 && passed < behind; at--) passed += plain(formatted[at - 1]).length;
  while (erasing && at > 0 && plain(formatted[at - 1]) === "") at--; // what was erased is before it
  input.setSelectionRange(at, at);
}

const lengths = new WeakMap<HTMLInputElement, number>();

const plain = (text: string): string => text.replace(/[^0-9A-Za-z]/g, "");
