// What a platform does: let a seller connect an account on the server's page, and trade the code of that for tokens.

import assert from 'node:assert/strict';

import { test } from './tests.mjs';

// clientOf is the application that a platform acts as, which payments of its connected accounts name.
async function clientOf(stripe) {
  const account = await stripe.accounts.create({ type: 'standard' });
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' }, { stripeAccount: account.id });
  return intent.application;
}

// agree does on the page what the seller does; it returns what the platform is told.
async function agree(url, form) {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  assert.equal(answer.status, 303, await answer.text());
  return Object.fromEntries(new URL(answer.headers.get('location')).searchParams);
}

export function oauthTests(label, Stripe, seller, base) {
  // The SDK writes the host of its base into the address without its port.
  const page = (url) => Object.assign(new URL(url), { host: new URL(base).host }).href;

  test(`${label}: OAuth`, async () => {
    const stripe = await seller();
    const client_id = await clientOf(stripe);
    const link = stripe.oauth.authorizeUrl({ client_id, state: 's1', redirect_uri: 'https://shop.example.com/connected' });
    const told = await agree(page(link), { decision: 'connect', email: 'jenny@example.com' });
    assert.equal(told.state, 's1');
    const token = await stripe.oauth.token({ grant_type: 'authorization_code', code: told.code });
    assert.deepEqual([token.scope, token.token_type, token.livemode], ['read_write', 'bearer', false]);
    const account = token.stripe_user_id;
    const customer = await stripe.customers.create({}, { apiKey: token.access_token });
    assert.equal((await stripe.customers.retrieve(customer.id, {}, { stripeAccount: account })).id, customer.id);
    const again = await stripe.oauth.token({ grant_type: 'refresh_token', refresh_token: token.refresh_token });
    assert.equal((await stripe.customers.retrieve(customer.id, {}, { apiKey: again.access_token })).id, customer.id);
    await assert.rejects(stripe.oauth.token({ grant_type: 'authorization_code', code: 'ac_none' }), { statusCode: 400, message: 'Authorization code does not exist: ac_none' });
    await assert.rejects(stripe.oauth.token({ grant_type: 'authorization_code', code: told.code }), { type: 'StripeInvalidGrantError' });
    assert.equal((await stripe.oauth.deauthorize({ client_id, stripe_user_id: account })).stripe_user_id, account);
    const express = await agree(page(stripe.oauth.authorizeUrl({ client_id, redirect_uri: 'https://shop.example.com/connected' }, { express: true })), { decision: 'deny' });
    assert.equal(express.error, 'access_denied');
  });
}
