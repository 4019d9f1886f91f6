// How elements look: our own tokens, a theme and the variables of the Appearance API over them, the rules of a page
// over these, and for the older elements the style that each was given.

import tokens from "../../static/tokens.css";
import base from "./style.css";
import { adopt } from "./dom";
import type { Element, Options } from "./element";

const scope = ".sharesmart-element";

type Values = { [name: string]: string };

const block = (selector: string, values: Values): string => `${selector}{${Object.entries(values).map(([name, value]) => `${name}:${value}`).join(";")}}`;

// Each token has its value for the light and for the dark. An element without a theme is as light or dark as the page
// around it says that it is.
const values: Values = Object.fromEntries([...tokens.matchAll(/(--[\w-]+):\s*([^;}]+)/g)].map(([, name, value]) => [name, value]));

let shared: CSSStyleSheet | undefined;

// adoptBase gives the page what all elements share.
export function adoptBase(): void {
  if (shared) return;
  shared = adopt();
  shared.replaceSync([block(`${scope},.sharesmart-challenge`, values), base].join("\n"));
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const declarations = (style: Options): string => Object.entries(style).filter(([, value]) => typeof value !== "object").map(([name, value]) => `${name.startsWith("--") ? name : kebab(name)}:${value};`).join("");

export class Look {
  private readonly sheet: CSSStyleSheet;
  private readonly styles = new Map<Element, string>();
  private appearance: Options = {};

  constructor(private readonly name: string) {
    adoptBase(); // what comes later wins
    this.sheet = adopt();
  }

  set(appearance: Options = {}): void {
    this.appearance = appearance;
    this.write();
  }

  // style puts an element under this look. Its style, if it was given one, is its own.
  style(element: Element): void {
    const { root } = element;
    root.dataset.look = this.name;
    root.toggleAttribute("data-theme", false);
    if (this.appearance.theme) root.dataset.theme = this.appearance.theme;
    const own = element.option.style as Options | undefined;
    if (own) {
      root.dataset.own ??= String(++owned);
      this.styles.set(element, styleOf(`${scope}[data-own="${root.dataset.own}"]`, own));
      this.write();
    }
  }

  forget(element: Element): void {
    if (this.styles.delete(element)) this.write();
  }

  private write(): void {
    const here = `${scope}[data-look="${this.name}"]`;
    const variables = Object.fromEntries(Object.entries(this.appearance.variables ?? {}).map(([name, value]) => [`--${name}`, String(value)]));
    const rules = Object.entries<Options>(this.appearance.rules ?? {}).map(([selector, style]) => `${selector.split(",").map((part) => `${here} ${part.trim()}`).join(",")}{${declarations(style)}}`);
    this.sheet.replaceSync([block(here, variables), ...rules, ...this.styles.values()].join("\n"));
  }
}

let owned = 0;

// styleOf writes the style of a card or IBAN element: of each state, and of pseudo-classes within it.
function styleOf(root: string, style: Options): string {
  const states: Values = { base: ".Input", complete: ".Input:not(.Input--invalid,.Input--empty)", empty: ".Input--empty", invalid: ".Input--invalid" };
  return Object.entries(states).flatMap(([state, selector]) => {
    const given: Options = style[state] ?? {};
    const nested = Object.entries<Options>(given).filter(([, value]) => typeof value === "object");
    return [`${root} ${selector}{${declarations(given)}}`, ...nested.map(([pseudo, inner]) => `${root} ${selector}${pseudo}{${declarations(inner)}}`)];
  }).join("\n");
}
