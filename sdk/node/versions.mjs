// Older releases of stripe-node, each with the API version that it was made for: what integrations of those years read
// and send must be what they get and can send.

import assert from 'node:assert/strict';

import { refused, test } from './tests.mjs';

// releases are the packages with their versions of the API.
export const releases = { 'stripe-8': '2020-08-27', 'stripe-14': '2023-10-16', 'stripe-17': '2025-02-24.acacia' };

// versionTests adds the tests for one release; seller makes a client of a new seller.
export function versionTests(label, version, seller) {
  const lists = version < '2022-11-15'; // payment intents list their charges
  const classic = async (stripe) => {
    const product = await stripe.products.create({ name: 'Gold' });
    const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring: { interval: 'month' } });
    const customer = await stripe.customers.create({
      email: 'jenny@example.com', payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    return { product, price, customer };
  };

  test(`${label}, ${version}: customers`, async () => {
    const stripe = await seller();
    const made = await stripe.customers.create({ name: 'Jenny', balance: -50 });
    assert.equal(made.lastResponse.apiVersion, version);
    assert.deepEqual([made.name, made.balance], ['Jenny', -50]);
    const all = await stripe.customers.list({ limit: 1, expand: ['data.subscriptions'] });
    assert.deepEqual(all.data.map((c) => [c.id, c.subscriptions.data.length]), [[made.id, 0]]);
  });

  test(`${label}, ${version}: subscriptions`, async () => {
    const stripe = await seller();
    const { price, customer } = await classic(stripe);
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
    const made = await stripe.subscriptions.create({
      customer: customer.id, items: [{ price: price.id }], coupon: coupon.id, expand: ['latest_invoice.payment_intent'],
    });
    assert.equal(made.current_period_end - made.current_period_start > 27 * 86400, true, 'the period');
    assert.deepEqual([made.status, made.discount.coupon.id, made.items.data[0].plan.id], ['active', coupon.id, price.id]);
    assert.deepEqual([made.latest_invoice.paid, made.latest_invoice.payment_intent.status, made.latest_invoice.total], [true, 'succeeded', 500]);
    const next = await stripe.invoices.retrieveUpcoming({
      customer: customer.id, subscription: made.id, subscription_items: [{ id: made.items.data[0].id, quantity: 3 }], subscription_proration_behavior: 'none',
    });
    assert.deepEqual([next.total, next.lines.data[0].price.id, next.lines.data[0].type], [1500, price.id, 'subscription']);
    const upcomingLines = stripe.invoices.listUpcomingLines ?? stripe.invoices.listUpcomingLineItems;
    const lines = await upcomingLines.call(stripe.invoices, { customer: customer.id, subscription: made.id, limit: 1 });
    assert.deepEqual(lines.data.map((l) => [l.amount, l.proration]), [[1000, false]]);
    const ended = await (stripe.subscriptions.cancel ?? stripe.subscriptions.del).call(stripe.subscriptions, made.id);
    assert.equal(ended.status, 'canceled');
  });

  test(`${label}, ${version}: invoices`, async () => {
    const stripe = await seller();
    const { product, customer } = await classic(stripe);
    const once = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 700 });
    const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 25, inclusive: false });
    const item = await stripe.invoiceItems.create({ customer: customer.id, price: once.id, quantity: 2, tax_rates: [rate.id] });
    assert.deepEqual([item.price.id, item.unit_amount, item.amount], [once.id, 700, 1400]);
    let invoice = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
    invoice = await stripe.invoices.pay(invoice.id, { expand: ['charge', 'total_tax_amounts.tax_rate'] });
    assert.deepEqual([invoice.paid, invoice.tax, invoice.total, invoice.charge.amount], [true, 350, 1750, 1750]);
    assert.deepEqual(invoice.total_tax_amounts.map((t) => [t.amount, t.inclusive, t.tax_rate.percentage]), [[350, false, 25]]);
    assert.deepEqual(invoice.lines.data.map((l) => [l.type, l.price.id, l.invoice_item, l.tax_amounts[0].tax_rate]), [['invoiceitem', once.id, item.id, rate.id]]);
    assert.equal(invoice.charge.invoice, invoice.id);
    assert.equal((await stripe.charges.retrieve(invoice.charge.id, { expand: ['invoice'] })).invoice.id, invoice.id);
  });

  test(`${label}, ${version}: payment intents`, async () => {
    const stripe = await seller();
    const paid = await stripe.paymentIntents.create({ amount: 2000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true, ...(lists ? {} : { payment_method_types: ['card'] }) });
    assert.deepEqual([paid.status, paid.capture_method, paid.invoice], ['succeeded', version < '2024-04-10' ? 'automatic' : 'automatic_async', null]);
    if (lists) {
      assert.deepEqual(paid.charges.data.map((c) => [c.status, c.refunds.data.length]), [['succeeded', 0]]);
    } else {
      assert.match(paid.latest_charge, /^ch_/);
    }
    const error = await refused(stripe.paymentIntents.create({ amount: 2000, currency: 'usd', payment_method: 'pm_card_chargeDeclined', confirm: true, payment_method_types: ['card'] }));
    assert.deepEqual([error.code, error.raw.payment_intent.status], ['card_declined', 'requires_payment_method']);
    assert.equal(error.raw.payment_intent.charges?.data[0].status, lists ? 'failed' : undefined);
  });

  test(`${label}, ${version}: credit notes`, async () => {
    const stripe = await seller();
    const { customer } = await classic(stripe);
    await stripe.invoiceItems.create({ customer: customer.id, currency: 'usd', unit_amount: 1000 });
    let invoice = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
    invoice = await stripe.invoices.pay(invoice.id);
    const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 300, refund_amount: 300, expand: ['refund'] });
    assert.deepEqual([note.amount, note.type, note.refund.amount, note.tax_amounts], [300, 'post_payment', 300, []]);
    const refund = await stripe.refunds.create({ payment_intent: invoice.payment_intent, amount: 200 });
    const linked = await stripe.creditNotes.create({ invoice: invoice.id, amount: 200, refund: refund.id });
    assert.equal(linked.refund, refund.id);
    const { data } = await stripe.creditNotes.list({ invoice: invoice.id });
    assert.deepEqual(data.map((n) => n.id).sort(), [note.id, linked.id].sort());
  });
}
