// The samples of the documentation, run as they are printed there but for the host.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import Stripe from 'stripe';

import { host, refused, required, runTests, test } from './tests.mjs';

const require = createRequire(import.meta.url);
const url = required('SDK_URL');
const key = required('SDK_KEY');
const order = JSON.parse(readFileSync(new URL('../seed/order.json', import.meta.url)));

// shell runs a command line and returns the object that it prints.
function shell(command) {
  const script = `set -e\n${command.replaceAll('https://api.stripe.com', url)}`;
  const out = execFileSync('bash', ['-c', script], {
    env: { ...process.env, CURL_CA_BUNDLE: required('SDK_CA') }, stdio: ['ignore', 'pipe', 'ignore'],
  });
  const answer = JSON.parse(out);
  if (answer.error) throw new Error(`${command}\n${out}`);
  return answer;
}

const ids = (...data) => `curl https://api.stripe.com/v1/ava/endpoint/ids -u ${key}: ${data.map((d) => `-d '${d}'`).join(' ')}`;

test('curl sets metadata on a credit note', async () => {
  const note = shell(readFileSync(new URL('../seed/credit_note.sh', import.meta.url), 'utf8'));
  assert.equal(note.object, 'credit_note');
  assert.equal(note.id, 'cn_1FWqvi2eZvKYlo2CZd3TwT6n');
  assert.equal(note.metadata.order_id, '6735');
});

test('Node with a callback retrieves a credit note (stripe 21)', async () => {
  const stripe = require('stripe-21')('sk_test_4eC39HqLyjWDarjtT1zdp7dc', host(url));
  const note = await new Promise((resolve, reject) => {
    stripe.creditNotes.retrieve(
      'cn_1FWuAc2eZvKYlo2C1Kbk7sKK',
      function(err, creditNote) {
        if (err) reject(err);
        else resolve(creditNote);
      }
    );
  });
  assert.equal(note.id, 'cn_1FWuAc2eZvKYlo2C1Kbk7sKK');
  assert.equal(note.object, 'credit_note');
});

test('a callback gets the error, too (stripe 21)', async () => {
  const stripe = require('stripe-21')('sk_test_4eC39HqLyjWDarjtT1zdp7dc', host(url));
  const error = await new Promise((resolve) => stripe.creditNotes.retrieve('cn_nobody', (err) => resolve(err)));
  assert.equal(error?.statusCode, 404);
});

test('Node in its modern form retrieves a credit note, its invoice and customer', async () => {
  const stripe = new Stripe('sk_test_4eC39HqLyjWDarjtT1zdp7dc', host(url));
  const note = await stripe.creditNotes.retrieve('cn_1FWuAc2eZvKYlo2C1Kbk7sKK', { expand: ['invoice', 'customer'] });
  assert.equal(note.id, 'cn_1FWuAc2eZvKYlo2C1Kbk7sKK');
  assert.equal(note.invoice.object, 'invoice');
  assert.equal(note.customer.object, 'customer');
});

test('the order of RESPONSE comes back field for field', async () => {
  const found = shell(ids(`id=${order.id}`));
  for (const [field, value] of Object.entries(order)) {
    if (field !== 'items') assert.deepEqual(found[field], value, field);
  }
  assert.deepEqual(Object.keys(found).filter((field) => field in order), Object.keys(order), 'order of the fields');
  const [item] = found.items.filter((i) => i.type === 'sku');
  assert.deepEqual({ type: item.type, parent: item.parent }, order.items[0]);
  const stored = shell(`curl https://api.stripe.com/v1/orders/${order.id} -u ${key}:`);
  assert.deepEqual(stored, found);
});

test('the order has a real charge and sku behind it', async () => {
  const found = shell(ids(`id=${order.id}`, 'expand[]=charge'));
  assert.equal(found.charge.id, order.charge);
  assert.equal(found.charge.amount, order.amount);
  const sku = shell(`curl https://api.stripe.com/v1/skus/${order.items[0].parent} -u ${key}:`);
  assert.equal(sku.object, 'sku');
});

test('ids: several at once, in the order asked, and one that is not there', async () => {
  const asked = ['cn_1FWuAc2eZvKYlo2C1Kbk7sKK', 'cus_nobody', order.id];
  const list = shell(ids(...asked.map((id) => `ids[]=${id}`)));
  assert.equal(list.object, 'list');
  assert.deepEqual(list.data.map((o) => [o.id, o.object]), [
    [asked[0], 'credit_note'], [asked[1], 'missing'], [asked[2], 'order'],
  ]);
});

test('ids: metadata is set on each, or on none', async () => {
  const note = 'cn_1FWqvi2eZvKYlo2CZd3TwT6n';
  const list = shell(ids(`ids[]=${note}`, `ids[]=${order.id}`, 'metadata[order_id]=6735', 'metadata[batch]=7'));
  assert.deepEqual(list.data.map((o) => o.metadata.batch), ['7', '7']);
  shell(ids(`ids[]=${note}`, `ids[]=${order.id}`, 'metadata[batch]='));

  const stripe = new Stripe(key, host(url));
  const error = await refused(
    stripe.rawRequest('POST', '/v1/ava/endpoint/ids', { ids: [note, order.id], metadata: { batch: 'x'.repeat(501) } }),
  );
  assert.equal(error.statusCode, 400);
  assert.equal((await stripe.creditNotes.retrieve(note)).metadata.batch, undefined);
});

await runTests();
