// The page that next_action leads to, in a real browser: what the customer does there is what the shop's server then sees.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { test } from './tests.mjs';
import { challenged, charged, setUp } from './authentication.mjs';

const script = fileURLToPath(new URL('../../e2e/visit.mjs', import.meta.url));
const shop = 'http://shop.example/return?order=6735';

// visit does something on a page in a browser, and says where the customer lands.
async function visit(url, deed) {
  const { stdout } = await promisify(execFile)(process.execPath, [script, url, deed]);
  return new URL(stdout.trim());
}

// challengeTests adds the tests for one release of the SDK; seller makes a client of a new seller.
export function challengeTests(label, _, seller) {
  for (const { deed, redirect, status, code } of [
    { deed: 'complete', redirect: 'succeeded', status: 'succeeded' },
    { deed: 'fail', redirect: 'failed', status: 'requires_payment_method', code: 'payment_intent_authentication_failure' },
    { deed: 'cancel', redirect: 'failed', status: 'requires_payment_method', code: 'payment_intent_authentication_failure' },
  ]) {
    test(`${label}: 3D Secure in a browser, ${deed}`, async () => {
      const stripe = await seller();
      const asked = await challenged(stripe, { return_url: shop });
      assert.deepEqual([asked.status, asked.next_action.type, asked.next_action.redirect_to_url.return_url], ['requires_action', 'redirect_to_url', shop]);
      const landed = await visit(asked.next_action.redirect_to_url.url, deed);
      assert.equal(landed.origin + landed.pathname, 'http://shop.example/return');
      assert.deepEqual(Object.fromEntries(landed.searchParams), {
        order: '6735', payment_intent: asked.id, payment_intent_client_secret: asked.client_secret, redirect_status: redirect,
      });
      const now = await stripe.paymentIntents.retrieve(asked.id);
      assert.deepEqual([now.status, now.next_action, now.last_payment_error?.code], [status, null, code]);
    });
  }

  test(`${label}: a card set up in a browser is charged when nobody is there`, async () => {
    const stripe = await seller();
    const customer = await stripe.customers.create({ name: 'Jenny Rosen' });
    const asked = await setUp(stripe, customer, { return_url: shop });
    assert.deepEqual([asked.status, asked.next_action.type], ['requires_action', 'redirect_to_url']);
    const landed = await visit(asked.next_action.redirect_to_url.url, 'complete');
    assert.deepEqual(Object.fromEntries(landed.searchParams), {
      order: '6735', setup_intent: asked.id, setup_intent_client_secret: asked.client_secret, redirect_status: 'succeeded',
    });
    const ready = await stripe.setupIntents.retrieve(asked.id);
    assert.equal(ready.status, 'succeeded');
    assert.equal((await charged(stripe, customer, ready.payment_method)).status, 'succeeded');
  });
}
