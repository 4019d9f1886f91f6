// 3D Secure: the customer authenticates a payment, or sets a card up to be charged when they are not there. All through
// the API, as in tests without a browser.

import assert from 'node:assert/strict';

import { refused, test } from './tests.mjs';
import { atOnce, happened, settled } from './seller.mjs';

// act does what a customer does on the page that next_action leads to.
function act(stripe, intent, outcome) {
  return stripe.rawRequest('POST', `/v1/test_helpers/${intent.object}s/${intent.id}/authenticate`, { outcome });
}

// authenticationTests adds the tests for one release of the SDK; seller makes a client of a new seller.
export function authenticationTests(label, { errors }, seller) {
  test(`${label}: 3D Secure, passed`, async () => {
    const stripe = await seller();
    const asked = await challenged(stripe);
    assert.deepEqual([asked.status, asked.next_action.type, asked.latest_charge], ['requires_action', 'use_stripe_sdk', null]);
    const paid = await act(stripe, asked, 'succeeded');
    assert.deepEqual([paid.status, paid.next_action, paid.amount_received], ['succeeded', null, 2000]);
    const charge = await settled(stripe, paid);
    assert.equal(charge.payment_method_details.card.three_d_secure.result, 'authenticated');
    await happened(stripe, [
      'payment_intent.created', 'payment_intent.requires_action', 'charge.succeeded', 'payment_intent.succeeded', 'charge.updated',
    ]);
  });

  test(`${label}: 3D Secure, not passed`, async () => {
    const stripe = await seller();
    const failed = await act(stripe, await challenged(stripe), 'failed');
    assert.deepEqual([failed.status, failed.next_action, failed.latest_charge], ['requires_payment_method', null, null]);
    assert.equal(failed.last_payment_error.code, 'payment_intent_authentication_failure');
    await happened(stripe, ['payment_intent.created', 'payment_intent.requires_action', 'payment_intent.payment_failed']);
  });

  test(`${label}: 3D Secure, passed, and then declined`, async () => {
    const stripe = await seller();
    const declined = await act(stripe, await challenged(stripe, { payment_method: 'pm_card_threeDSecureRequiredChargeDeclined' }), 'succeeded');
    assert.equal(declined.status, 'requires_payment_method');
    assert.equal(declined.last_payment_error.code, 'card_declined');
    assert.equal((await stripe.charges.retrieve(declined.latest_charge)).status, 'failed');
  });

  test(`${label}: 3D Secure as an error`, async () => {
    const stripe = await seller();
    const error = await refused(challenged(stripe, { error_on_requires_action: true }));
    assert.ok(error instanceof errors.StripeCardError, error.constructor.name);
    assert.deepEqual([error.code, error.payment_intent.status], ['authentication_required', 'requires_payment_method']);
  });

  test(`${label}: SetupIntent, then a payment off session`, async () => {
    const stripe = await seller();
    const customer = await stripe.customers.create({ name: 'Jenny Rosen' });
    const ready = await act(stripe, await setUp(stripe, customer), 'succeeded');
    assert.equal(ready.status, 'succeeded');
    assert.equal((await stripe.paymentMethods.retrieve(ready.payment_method)).customer, customer.id);
    const [attempt] = (await stripe.setupAttempts.list({ setup_intent: ready.id })).data;
    assert.deepEqual([attempt.id, attempt.status, attempt.payment_method], [ready.latest_attempt, 'succeeded', ready.payment_method]);

    const paid = await charged(stripe, customer, ready.payment_method);
    assert.deepEqual([paid.status, paid.amount_received, paid.customer], ['succeeded', 2500, customer.id]);
    await settled(stripe, paid);
    await happened(stripe, [
      'customer.created', 'setup_intent.created', 'setup_intent.requires_action', 'payment_method.attached', 'setup_intent.succeeded',
      'payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded', 'charge.updated',
    ]);
  });

  test(`${label}: off session, a bank that wants to see the customer`, async () => {
    const stripe = await seller();
    const customer = await stripe.customers.create({ name: 'Jenny Rosen' });
    const kept = await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer: customer.id });
    const error = await refused(charged(stripe, customer, kept.id));
    assert.ok(error instanceof errors.StripeCardError, `${error.constructor.name}: ${error.message}`);
    assert.deepEqual([error.statusCode, error.code, error.decline_code], [402, 'authentication_required', 'authentication_required']);
    assert.deepEqual([error.payment_intent.status, error.payment_method.id], ['requires_payment_method', kept.id]);

    // The customer comes back.
    const asked = await stripe.paymentIntents.confirm(error.payment_intent.id, { payment_method: kept.id });
    assert.equal(asked.status, 'requires_action');
    assert.equal((await act(stripe, asked, 'succeeded')).status, 'succeeded');
  });

  test(`${label}: SetupIntent, declined`, async () => {
    const stripe = await seller();
    const customer = await stripe.customers.create({ name: 'Jenny Rosen' });
    const error = await refused(setUp(stripe, customer, { payment_method: 'pm_card_visa_chargeDeclined' }));
    assert.ok(error instanceof errors.StripeCardError, error.constructor.name);
    assert.deepEqual([error.code, error.decline_code], ['card_declined', 'generic_decline']);
    assert.deepEqual([error.setup_intent.status, error.setup_intent.last_setup_error.code], ['requires_payment_method', 'card_declined']);
  });
}

// challenged is a payment whose bank wants to see the customer.
export function challenged(stripe, more) {
  return stripe.paymentIntents.create({ ...atOnce, amount: 2000, payment_method: 'pm_card_threeDSecure2Required', ...more });
}

// setUp sets a card up for payments that its holder is not there for.
export function setUp(stripe, customer, more) {
  const { currency, ...setup } = atOnce;
  return stripe.setupIntents.create({ ...setup, customer: customer.id, payment_method: 'pm_card_authenticationRequiredOnSetup', ...more });
}

// charged is such a payment.
export function charged(stripe, customer, method) {
  return stripe.paymentIntents.create({ ...atOnce, amount: 2500, customer: customer.id, payment_method: method, off_session: true });
}
