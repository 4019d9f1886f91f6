// stripe-node as a client of the server: the newest release, and the last that takes callbacks.

import { createRequire } from 'node:module';

import { host, required, runTests } from './tests.mjs';
import { objectTests } from './objects.mjs';
import { errorTests } from './errors.mjs';

const require = createRequire(import.meta.url);

for (const name of ['stripe', 'stripe-21']) {
  const Stripe = require(name);
  const client = (url, key) => new Stripe(key, host(url));
  const label = `stripe ${Stripe.PACKAGE_VERSION}`;
  objectTests(`${label}, HTTPS`, client(required('SDK_URL'), required('SDK_KEY')), 250);
  objectTests(`${label}, plain loopback`, client(required('SDK_PLAIN_URL'), required('SDK_KEY')), 25);
  errorTests(label, Stripe, client);
}
await runTests();
