// What becomes of money that was taken: refunds, disputes, payouts, and the part of a connected account.

import assert from 'node:assert/strict';

import { eventually, refused, test } from './tests.mjs';
import { atOnce, happened, holds, moved, settled } from './seller.mjs';

// moneyTests adds the tests for one release of the SDK; seller makes a client of a new seller.
export function moneyTests(label, { errors }, seller) {
  test(`${label}: partial refunds`, async () => {
    const stripe = await seller();
    const paid = await take(stripe);
    const first = await stripe.refunds.create({ payment_intent: paid.id, amount: 500, reason: 'requested_by_customer' });
    assert.deepEqual([first.status, first.amount, first.charge, first.reason], ['succeeded', 500, paid.latest_charge, 'requested_by_customer']);
    const error = await refused(stripe.refunds.create({ charge: paid.latest_charge, amount: 1501 }));
    assert.ok(error instanceof errors.StripeInvalidRequestError, error.constructor.name);
    assert.deepEqual([error.statusCode, error.param], [400, 'amount']);
    assert.match(error.message, /\$15\.01.*\$15\.00/);
    const half = await stripe.charges.retrieve(paid.latest_charge);
    assert.deepEqual([half.amount_refunded, half.refunded], [500, false]);

    const rest = await stripe.refunds.create({ charge: paid.latest_charge });
    assert.equal(rest.amount, 1500);
    const whole = await stripe.charges.retrieve(paid.latest_charge, { expand: ['refunds'] });
    assert.deepEqual([whole.amount_refunded, whole.refunded, whole.status], [2000, true, 'succeeded']);
    assert.deepEqual(whole.refunds.data.map((r) => r.id), [rest.id, first.id]);
    assert.equal((await refused(stripe.refunds.create({ charge: paid.latest_charge }))).code, 'charge_already_refunded');

    // The fee is not given back.
    await moved(stripe, [['charge', 2000, 88, 1912], ['refund', -500, 0, -500], ['refund', -1500, 0, -1500]]);
    await holds(stripe, 0, -88);
    const { data: events } = await stripe.events.list({ type: 'charge.refunded' });
    assert.deepEqual(events.map((e) => e.data.previous_attributes), [{ amount_refunded: 500, refunded: false }, { amount_refunded: 0 }]);
  });

  test(`${label}: a refund that is pending first`, async () => {
    const stripe = await seller();
    const paid = await take(stripe, { payment_method: 'pm_card_pendingRefund' });
    const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 700 });
    assert.equal(refund.status, 'pending');
    await ends(stripe.refunds, refund, 'succeeded');
    assert.equal((await stripe.charges.retrieve(paid.latest_charge)).amount_refunded, 700);
  });

  test(`${label}: a refund that comes back`, async () => {
    const stripe = await seller();
    const paid = await take(stripe, { payment_method: 'pm_card_refundFail' });
    const refund = await stripe.refunds.create({ payment_intent: paid.id });
    assert.equal(refund.status, 'succeeded');
    const failed = await ends(stripe.refunds, refund, 'failed');
    assert.equal(failed.failure_reason, 'expired_or_canceled_card');
    const charge = await stripe.charges.retrieve(paid.latest_charge);
    assert.deepEqual([charge.amount_refunded, charge.refunded], [0, false]);
    await moved(stripe, [['charge', 2000, 88, 1912], ['refund', -2000, 0, -2000], ['refund_failure', 2000, 0, 2000]]);
    await happened(stripe, [
      'payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded', 'refund.created', 'charge.refunded',
      'refund.failed', 'refund.updated', 'charge.refund.updated',
    ]);
  });

  for (const { evidence, status, net, events } of [
    { evidence: 'winning_evidence', status: 'won', net: 1912, events: ['charge.dispute.closed', 'charge.dispute.funds_reinstated'] },
    { evidence: 'losing_evidence', status: 'lost', net: -1588, events: ['charge.dispute.closed'] },
  ]) {
    test(`${label}: a dispute that is ${status}`, async () => {
      const stripe = await seller();
      const paid = await take(stripe, { payment_method: 'pm_card_createDispute' });
      const dispute = await disputed(stripe, paid);
      assert.deepEqual([dispute.status, dispute.reason, dispute.amount, dispute.is_charge_refundable], ['needs_response', 'fraudulent', 2000, false]);
      assert.deepEqual(dispute.balance_transactions.map((t) => [t.type, t.amount, t.fee, t.net]), [['adjustment', -2000, 1500, -3500]]);
      assert.equal((await stripe.charges.retrieve(paid.latest_charge)).disputed, true);
      assert.equal((await refused(stripe.refunds.create({ charge: paid.latest_charge }))).code, 'charge_disputed');
      await eventually('the dispute leaves the balance', () => stripe.balance.retrieve(), (b) => total(b) === 1912 - 3500);

      const answered = await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: evidence } });
      assert.deepEqual([answered.status, answered.evidence_details.has_evidence, answered.evidence_details.submission_count], ['under_review', true, 1]);
      const closed = await ends(stripe.disputes, dispute, status);
      const back = status === 'won' ? [['adjustment', 2000, -1500, 3500]] : [];
      assert.deepEqual(closed.balance_transactions.slice(1).map((t) => [t.type, t.amount, t.fee, t.net]), back);
      await moved(stripe, [['charge', 2000, 88, 1912], ['adjustment', -2000, 1500, -3500], ...back]);
      assert.equal(total(await stripe.balance.retrieve()), net);
      await happened(stripe, [
        'payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded', 'charge.dispute.created', 'charge.dispute.funds_withdrawn',
        'charge.dispute.updated', ...events,
      ]);
    });
  }

  test(`${label}: destination charge with a fee, and its refund`, async () => {
    const stripe = await seller();
    const account = await connected(stripe, '000123456789');
    const there = { stripeAccount: account.id };
    const paid = await take(stripe, { amount: 5000, transfer_data: { destination: account.id }, application_fee_amount: 600 });
    const charge = await stripe.charges.retrieve(paid.latest_charge, { expand: ['transfer', 'application_fee'] });
    const { transfer, application_fee: fee } = charge;
    assert.deepEqual([transfer.amount, transfer.destination, transfer.source_transaction], [5000, account.id, charge.id]);
    assert.deepEqual([fee.amount, fee.account, fee.originating_transaction], [600, account.id, charge.id]);
    const arrived = await stripe.charges.retrieve(transfer.destination_payment, {}, there);
    assert.deepEqual([arrived.amount, arrived.application_fee_amount, arrived.source_transfer], [5000, 600, transfer.id]);

    // The platform pays for the card: 145 + 30 cents of its 6 dollars.
    assert.equal(total(await stripe.balance.retrieve()), 600 - 175);
    assert.equal(total(await stripe.balance.retrieve({}, there)), 4400);
    await moved(stripe, [['payment', 5000, 600, 4400]], there);

    const refund = await stripe.refunds.create({ charge: charge.id, amount: 2500, reverse_transfer: true, refund_application_fee: true });
    assert.match(refund.transfer_reversal, /^trr_/);
    const reversed = await stripe.transfers.retrieve(transfer.id);
    assert.deepEqual([reversed.amount_reversed, reversed.reversed], [2500, false]);
    assert.equal((await stripe.applicationFees.retrieve(fee.id)).amount_refunded, 300);
    assert.equal(total(await stripe.balance.retrieve()), 600 - 175 - 300);
    assert.equal(total(await stripe.balance.retrieve({}, there)), 2200);
  });

  test(`${label}: a payout that fails`, async () => {
    const stripe = await seller();
    const account = await connected(stripe, '000111111116');
    const there = { stripeAccount: account.id };
    const paid = await stripe.paymentIntents.create({ ...atOnce, amount: 5000, payment_method: 'pm_card_bypassPending' }, there);
    await settled(stripe, paid, there);
    await holds(stripe, 4825, 0, there);
    const poor = await refused(stripe.payouts.create({ amount: 4826, currency: 'usd' }, there));
    assert.ok(poor instanceof errors.StripeInvalidRequestError, poor.constructor.name);
    assert.equal(poor.code, 'balance_insufficient');

    const payout = await stripe.payouts.create({ amount: 4000, currency: 'usd', metadata: { week: '48' } }, there);
    assert.deepEqual([payout.status, payout.type, payout.automatic, payout.failure_code], ['pending', 'bank_account', false, null]);
    const failed = await ends(stripe.payouts, payout, 'failed', there);
    assert.equal(failed.failure_code, 'no_account');
    assert.equal((await stripe.balanceTransactions.retrieve(failed.failure_balance_transaction, {}, there)).type, 'payout_failure');
    await holds(stripe, 4825, 0, there);
    await moved(stripe, [['charge', 5000, 175, 4825], ['payout', -4000, 0, -4000], ['payout_failure', 4000, 0, 4000]], there);
    const { data: events } = await stripe.events.list({ types: ['payout.created', 'payout.updated', 'payout.failed'] }, there);
    assert.deepEqual(events.map((e) => [e.type, e.data.object.id]), [['payout.failed', payout.id], ['payout.updated', payout.id], ['payout.created', payout.id]]);
  });
}

// take takes a payment whose money is in the books at once.
function take(stripe, more) {
  return stripe.paymentIntents.create({ ...atOnce, amount: 2000, payment_method: 'pm_card_visa', capture_method: 'automatic', ...more });
}

// ends waits until something has come to its end.
function ends(service, object, status, account) {
  return eventually(`${object.id} ${status}`, () => service.retrieve(object.id, {}, account), (now) => now.status === status);
}

async function disputed(stripe, intent) {
  const { data } = await eventually('a dispute', () => stripe.disputes.list({ payment_intent: intent.id }), (list) => list.data.length > 0);
  return data[0];
}

// total is all that a balance holds, available or not yet.
function total({ available, pending }) {
  return [...available, ...pending].reduce((sum, fund) => sum + fund.amount, 0);
}

// connected is an account that may charge and be paid, with a bank account.
async function connected(stripe, number) {
  const account = await stripe.accounts.create({
    type: 'custom', country: 'US', email: 'jenny.rosen@example.com', business_type: 'individual',
    business_profile: { mcc: '5734', url: 'https://example.com' },
    individual: {
      first_name: 'Jenny', last_name: 'Rosen', email: 'jenny.rosen@example.com', phone: '0000000000', id_number: '000000000',
      dob: { day: 1, month: 1, year: 1901 }, address: { line1: 'address_full_match', city: 'San Francisco', state: 'CA', postal_code: '94111' },
    },
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    tos_acceptance: { date: 1609798905, ip: '8.8.8.8' },
    settings: { payouts: { schedule: { interval: 'manual' } } },
    external_account: { object: 'bank_account', country: 'US', currency: 'usd', routing_number: '110000000', account_number: number },
  });
  return eventually(`${account.id} enabled`, () => stripe.accounts.retrieve(account.id), (a) => a.charges_enabled && a.payouts_enabled);
}
