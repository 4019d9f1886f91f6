// Taking a payment: by card, declined, captured later, from a bank account, and from a customer who is not there.

import assert from 'node:assert/strict';

import { eventually, refused, test } from './tests.mjs';
import { atOnce, happened, holds, moved, settled } from './seller.mjs';

// paymentTests adds the tests for one release of the SDK; seller makes a client of a new seller.
export function paymentTests(label, { errors }, seller) {
  test(`${label}: card payment`, async () => {
    const stripe = await seller();
    const paid = await stripe.paymentIntents.create({
      ...atOnce, amount: 2000, payment_method: 'pm_card_visa', metadata: { order_id: '6735' }, expand: ['latest_charge'],
    });
    assert.equal(paid.status, 'succeeded');
    assert.equal(paid.amount_received, 2000);
    assert.match(paid.client_secret, new RegExp(`^${paid.id}_secret_`));
    const { latest_charge: charge } = paid;
    assert.deepEqual([charge.paid, charge.captured, charge.status, charge.outcome.type], [true, true, 'succeeded', 'authorized']);
    assert.deepEqual(charge.metadata, { order_id: '6735' });
    const { card } = charge.payment_method_details;
    assert.deepEqual([card.brand, card.last4, card.funding, card.country], ['visa', '4242', 'credit', 'US']);

    // 2.9 % and 30 cents.
    const { balance_transaction: money } = await settled(stripe, paid);
    assert.deepEqual([money.type, money.amount, money.fee, money.net, money.status], ['charge', 2000, 88, 1912, 'pending']);
    assert.equal(money.source, charge.id);
    assert.deepEqual(money.fee_details.map((f) => [f.type, f.amount]), [['stripe_fee', 88]]);
    await holds(stripe, 0, 1912);
    await happened(stripe, ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded', 'charge.updated']);
  });

  for (const [method, code, reason] of [
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_radarBlock', 'card_declined', 'fraudulent'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error'],
  ]) {
    test(`${label}: decline, ${reason ?? code}`, async () => {
      const stripe = await seller();
      const error = await refused(stripe.paymentIntents.create({ ...atOnce, amount: 2000, payment_method: method }));
      assert.ok(error instanceof errors.StripeCardError, `${error.constructor.name}: ${error.message}`);
      assert.deepEqual([error.statusCode, error.code], [402, code]);
      if (reason) assert.equal(error.decline_code, reason);
      const { payment_intent: intent, payment_method: used } = error;
      assert.equal(intent.status, 'requires_payment_method');
      assert.equal(intent.payment_method, null);
      assert.equal(intent.last_payment_error.code, code);
      assert.equal(intent.last_payment_error.payment_method.id, used.id);
      const charge = await stripe.charges.retrieve(error.charge);
      assert.deepEqual([charge.status, charge.paid, charge.failure_code, charge.payment_intent], ['failed', false, code, intent.id]);
      await holds(stripe, 0, 0);

      const again = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
      assert.deepEqual([again.status, again.last_payment_error, again.amount_received], ['succeeded', null, 2000]);
      await settled(stripe, again);
      await happened(stripe, [
        'payment_intent.created', 'charge.failed', 'payment_intent.payment_failed', 'charge.succeeded', 'payment_intent.succeeded', 'charge.updated',
      ]);
    });
  }

  test(`${label}: manual capture`, async () => {
    const stripe = await seller();
    const held = await stripe.paymentIntents.create({ ...atOnce, amount: 2000, payment_method: 'pm_card_visa', capture_method: 'manual' });
    assert.deepEqual([held.status, held.amount_capturable, held.amount_received], ['requires_capture', 2000, 0]);
    const charge = await stripe.charges.retrieve(held.latest_charge);
    assert.deepEqual([charge.captured, charge.amount_captured, charge.balance_transaction], [false, 0, null]);
    await holds(stripe, 0, 0);
    const taken = await stripe.paymentIntents.capture(held.id);
    assert.deepEqual([taken.status, taken.amount_capturable, taken.amount_received], ['succeeded', 0, 2000]);
    await settled(stripe, taken);
    await moved(stripe, [['charge', 2000, 88, 1912]]);
  });

  test(`${label}: partial capture`, async () => {
    const stripe = await seller();
    const held = await stripe.paymentIntents.create({ ...atOnce, amount: 2000, payment_method: 'pm_card_visa', capture_method: 'manual' });
    const error = await refused(stripe.paymentIntents.capture(held.id, { amount_to_capture: 2001 }));
    assert.ok(error instanceof errors.StripeInvalidRequestError, error.constructor.name);
    assert.deepEqual([error.statusCode, error.code, error.param], [400, 'amount_too_large', 'amount_to_capture']);
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1200 });
    assert.deepEqual([taken.status, taken.amount, taken.amount_capturable, taken.amount_received], ['succeeded', 2000, 0, 1200]);
    const charge = await settled(stripe, taken);
    assert.deepEqual([charge.amount, charge.amount_captured, charge.amount_refunded, charge.refunded], [2000, 1200, 800, false]);
    await moved(stripe, [['charge', 1200, 65, 1135]]);
    await happened(stripe, [
      'payment_intent.created', 'charge.succeeded', 'payment_intent.amount_capturable_updated', 'charge.captured', 'payment_intent.succeeded',
    ]);
    const twice = await refused(stripe.paymentIntents.capture(held.id));
    assert.deepEqual([twice.code, twice.payment_intent.status], ['payment_intent_unexpected_state', 'succeeded']);
  });

  test(`${label}: an authorization that is given back`, async () => {
    const stripe = await seller();
    const held = await stripe.paymentIntents.create({ ...atOnce, amount: 2000, payment_method: 'pm_card_visa', capture_method: 'manual' });
    const ended = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: 'requested_by_customer' });
    assert.deepEqual([ended.status, ended.cancellation_reason, ended.amount_capturable], ['canceled', 'requested_by_customer', 0]);
    assert.equal((await stripe.charges.retrieve(held.latest_charge)).refunded, true);
    await holds(stripe, 0, 0);
  });

  test(`${label}: ACH debit that settles later`, async () => {
    const stripe = await seller();
    const customer = await stripe.customers.create({ name: 'Jenny Rosen', email: 'jenny.rosen@example.com' });
    const waiting = await stripe.paymentIntents.create({ ...debit(customer), payment_method: 'pm_usBankAccount_success' });
    assert.deepEqual([waiting.status, waiting.amount_received], ['processing', 0]);
    const { latest_charge: pending } = waiting;
    assert.match(pending.id, /^py_/);
    assert.deepEqual([pending.status, pending.paid, pending.balance_transaction], ['pending', false, null]);
    assert.equal(pending.payment_method_details.us_bank_account.last4, '6789');

    const paid = await later(stripe, waiting, 'succeeded');
    assert.equal(paid.amount_received, 10000);
    // 0.8 %; in tests the money of a bank debit can be paid out at once.
    const { balance_transaction: money } = await settled(stripe, paid);
    assert.deepEqual([money.type, money.amount, money.fee, money.net, money.status], ['payment', 10000, 80, 9920, 'available']);
    await holds(stripe, 9920, 0);
    await happened(stripe, [
      'customer.created', 'payment_intent.created', 'charge.pending', 'payment_intent.processing', 'charge.succeeded', 'payment_intent.succeeded',
    ]);
  });

  test(`${label}: ACH debit that its bank refuses`, async () => {
    const stripe = await seller();
    const customer = await stripe.customers.create({ name: 'Jenny Rosen' });
    const waiting = await stripe.paymentIntents.create({ ...debit(customer), payment_method: 'pm_usBankAccount_insufficientFunds' });
    assert.equal(waiting.status, 'processing');
    const failed = await later(stripe, waiting, 'requires_payment_method');
    assert.equal(failed.last_payment_error.code, 'insufficient_funds');
    const charge = await stripe.charges.retrieve(failed.latest_charge);
    assert.deepEqual([charge.status, charge.paid, charge.failure_code, charge.balance_transaction], ['failed', false, 'insufficient_funds', null]);
    await holds(stripe, 0, 0);
    await happened(stripe, [
      'customer.created', 'payment_intent.created', 'charge.pending', 'payment_intent.processing', 'charge.failed', 'payment_intent.payment_failed',
    ]);
  });
}

// debit is what a payment from a customer's bank account has, with the customer's agreement.
function debit(customer) {
  return {
    amount: 10000, currency: 'usd', customer: customer.id, payment_method_types: ['us_bank_account'], confirm: true, expand: ['latest_charge'],
    mandate_data: { customer_acceptance: { type: 'online', online: { ip_address: '127.0.0.1', user_agent: 'Mozilla/5.0' } } },
  };
}

function later(stripe, intent, status) {
  return eventually(`${intent.id} ${status}`, () => stripe.paymentIntents.retrieve(intent.id), (now) => now.status === status);
}
