// Prints what the official library for Node calls each operation, as JSON: each method of each resource is called, and what
// it would have sent is written down. Run it from ../node, where the library is.
import { createRequire } from 'node:module';

const Stripe = createRequire(`${process.cwd()}/`)('stripe');
const stripe = new Stripe('sk_test_names');
const names = {};

function look(resource, path) {
  const proto = Object.getPrototypeOf(resource);
  for (const name of Object.getOwnPropertyNames(proto)) {
    if (name === 'constructor' || name.startsWith('_') || typeof resource[name] !== 'function') continue;
    for (let ids = 0; ids < 4; ids++) {
      let sent;
      resource._makeRequest = (method, to) => { sent = [method, to]; return { then() {} }; };
      try {
        resource[name](...Array.from({ length: ids }, (_, i) => `ID${i}`));
      } catch {
        continue;
      }
      if (sent && [...sent[1].matchAll(/ID\d/g)].length === ids && !sent[1].includes('undefined')) {
        const key = `${sent[0]} ${sent[1].replace(/ID\d/g, '{}')}`;
        names[key] ??= `${path}.${name}`;
        break;
      }
    }
  }
}

function walk(value, path, depth) {
  if (!value || typeof value !== 'object' || depth > 3) return;
  if (typeof value._makeRequest === 'function') look(value, path);
  for (const [name, inner] of Object.entries(value)) {
    if (!name.startsWith('_') && name !== 'stripe' && inner && typeof inner === 'object' && (inner._makeRequest || Object.values(inner).some((x) => x?._makeRequest))) walk(inner, path ? `${path}.${name}` : name, depth + 1);
  }
}

for (const [name, resource] of Object.entries(stripe)) if (!name.startsWith('_') && name !== 'apps') walk(resource, name, 0);
walk({ secrets: stripe.apps.secrets }, 'apps', 1);
console.log(JSON.stringify(Object.fromEntries(Object.entries(names).filter(([key]) => / \/v[12]\//.test(key)).sort()), null, 1));
