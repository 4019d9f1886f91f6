// stripe-node as a client of the server: the newest release, the last that takes callbacks, and older ones in their versions of the API.

import { createRequire } from 'node:module';

import { host, required, runTests } from './tests.mjs';
import { authenticationTests } from './authentication.mjs';
import { challengeTests } from './challenge.mjs';
import { errorTests } from './errors.mjs';
import { moneyTests } from './money.mjs';
import { objectTests } from './objects.mjs';
import { oauthTests } from './oauth.mjs';
import { paymentTests } from './payments.mjs';
import { sellers } from './seller.mjs';
import { releases, versionTests } from './versions.mjs';
import { thinTests, webhookTests } from './webhooks.mjs';

const require = createRequire(import.meta.url);

for (const name of ['stripe', 'stripe-21']) {
  const Stripe = require(name);
  const client = (url, key) => new Stripe(key, host(url));
  const label = `stripe ${Stripe.PACKAGE_VERSION}`;
  const root = client(required('SDK_URL'), required('SDK_KEY'));
  objectTests(`${label}, HTTPS`, root, 250);
  objectTests(`${label}, plain loopback`, client(required('SDK_PLAIN_URL'), required('SDK_KEY')), 25);
  errorTests(label, Stripe, client);
  const seller = sellers(root, (key) => client(required('SDK_URL'), key));
  for (const tests of [paymentTests, authenticationTests, challengeTests, moneyTests, webhookTests]) tests(label, Stripe, seller);
  if (name === 'stripe') {
    thinTests(label, seller);
    oauthTests(label, Stripe, seller, required('SDK_URL'));
  }
}
const root = new (require('stripe'))(required('SDK_KEY'), host(required('SDK_URL')));
for (const [name, version] of Object.entries(releases)) {
  const Stripe = require(name);
  const client = (key) => new Stripe(key, { ...host(required('SDK_URL')), apiVersion: version });
  versionTests(`stripe ${Stripe.PACKAGE_VERSION}`, version, sellers(root, client));
}
await runTests(8);
