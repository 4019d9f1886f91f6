// Making elements, without strings of HTML: a shop may forbid these (require-trusted-types-for).

type Attributes = { [name: string]: string | boolean | undefined };
export type Child = Node | string | undefined | false;

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

// set writes an attribute; undefined and false take it away.
export function set(element: Element, name: string, value: string | boolean | undefined): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}

let made = 0;

// unique is an id that no other element of the page has.
export const unique = (name: string): string => `sharesmart-${name}-${++made}`;

// adopt adds a style sheet in the one way that no Content-Security-Policy of a shop forbids.
export function adopt(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return sheet;
}
