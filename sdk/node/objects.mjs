// What an integration does with objects: create, retrieve, update, list, search, delete; metadata, expansion and replay.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { test } from './tests.mjs';

// objectTests adds the tests for one client; many is how many objects are paged through.
export function objectTests(label, stripe, many) {
  test(`${label}: create, retrieve, update, delete`, async () => {
    const made = await stripe.customers.create({
      email: 'jenny.rosen@example.com',
      name: 'Jenny Rosen',
      address: { line1: '1 Main St', country: 'US' },
      preferred_locales: ['en', 'fr'],
      metadata: { order_id: '6735', colour: 'blue' },
    });
    assert.match(made.id, /^cus_/);
    assert.equal(made.object, 'customer');
    assert.equal(made.livemode, false);
    assert.match(made.lastResponse.requestId, /^req_/);
    assert.deepEqual(made.address, { city: null, country: 'US', line1: '1 Main St', line2: null, postal_code: null, state: null });
    assert.deepEqual(made.preferred_locales, ['en', 'fr']);

    const found = await stripe.customers.retrieve(made.id);
    assert.deepEqual({ ...found }, { ...made });

    const changed = await stripe.customers.update(made.id, { name: '', description: 'loyal', metadata: { colour: '', size: 'L' } });
    assert.equal(changed.name, null);
    assert.equal(changed.description, 'loyal');
    assert.equal(changed.email, 'jenny.rosen@example.com');
    assert.deepEqual(changed.metadata, { order_id: '6735', size: 'L' });

    const gone = await stripe.customers.del(made.id);
    assert.deepEqual({ ...gone }, { id: made.id, object: 'customer', deleted: true });
    assert.equal((await stripe.customers.retrieve(made.id)).deleted, true);
  });

  test(`${label}: paging visits each of ${many} objects once`, async () => {
    const email = `${randomUUID()}@example.com`;
    const made = await Promise.all(Array.from({ length: many }, () => stripe.customers.create({ email })));
    const ids = made.map((c) => c.id).sort();
    const seen = [];
    for await (const customer of stripe.customers.list({ email, limit: 20 })) seen.push(customer.id);
    assert.deepEqual(seen.toSorted(), ids);

    const backward = [];
    const oldest = seen.at(-1);
    for await (const customer of stripe.customers.list({ email, limit: 20, ending_before: oldest })) backward.push(customer.id);
    assert.deepEqual(backward, seen.slice(0, -1).reverse());
  });

  test(`${label}: search`, async () => {
    const tag = randomUUID();
    const made = await Promise.all(
      Array.from({ length: 7 }, (_, i) => stripe.customers.create({ name: `Search ${tag}`, metadata: { tag, n: String(i) } })),
    );
    const seen = [];
    for await (const customer of stripe.customers.search({ query: `metadata['tag']:'${tag}'`, limit: 3 })) seen.push(customer.id);
    assert.deepEqual(seen.sort(), made.map((c) => c.id).sort());
    const one = await stripe.customers.search({ query: `name~'${tag.slice(0, 8)}' AND metadata['n']:'4'` });
    assert.deepEqual(one.data.map((c) => c.id), [made[4].id]);
    assert.equal(one.has_more, false);
  });

  test(`${label}: expansion`, async () => {
    const product = await stripe.products.create({ name: 'Pro plan' });
    const made = await stripe.prices.create({
      product: product.id, currency: 'usd', unit_amount: 1500, recurring: { interval: 'month' }, expand: ['product'],
    });
    assert.equal(made.product.name, 'Pro plan');
    assert.equal((await stripe.prices.retrieve(made.id)).product, product.id);
    assert.equal((await stripe.prices.retrieve(made.id, { expand: ['product'] })).product.id, product.id);
    const list = await stripe.prices.list({ product: product.id, expand: ['data.product'] });
    assert.deepEqual(list.data.map((p) => p.product.name), ['Pro plan']);
  });

  test(`${label}: the same idempotency key creates once`, async () => {
    const options = { idempotencyKey: randomUUID() };
    const first = await stripe.customers.create({ name: 'Once' }, options);
    const second = await stripe.customers.create({ name: 'Once' }, options);
    assert.deepEqual({ ...second }, { ...first });
    assert.equal(first.lastResponse.headers['idempotent-replayed'], undefined);
    assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal(second.lastResponse.headers['original-request'], first.lastResponse.requestId);
    assert.notEqual(second.lastResponse.requestId, first.lastResponse.requestId);
  });
}
