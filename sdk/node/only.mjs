import { createRequire } from 'node:module';
import { host, required, runTests } from './tests.mjs';
import { sellers } from './seller.mjs';
import { releases, versionTests } from './versions.mjs';
const require = createRequire(import.meta.url);
const root = new (require('stripe'))(required('SDK_KEY'), host(required('SDK_URL')));
for (const [name, version] of Object.entries(releases)) {
  const Stripe = require(name);
  const client = (key) => new Stripe(key, { ...host(required('SDK_URL')), apiVersion: version });
  versionTests(`stripe ${Stripe.PACKAGE_VERSION}`, version, sellers(root, client));
}
await runTests(2);
