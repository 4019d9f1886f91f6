// Each status of the API as the exception class that the SDK makes of it.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { refused, required, test } from './tests.mjs';

// errorTests adds the tests for one release of the SDK; client makes a client of a server with a key.
export function errorTests(label, Stripe, client) {
  const { errors } = Stripe;
  const stripe = client(required('SDK_URL'), required('SDK_KEY'));

  const cases = [
    {
      name: '400, unknown parameter', kind: errors.StripeInvalidRequestError, status: 400,
      code: 'parameter_unknown', param: 'shoe_size', run: () => stripe.customers.create({ shoe_size: 43 }),
    },
    {
      name: '400, missing parameter', kind: errors.StripeInvalidRequestError, status: 400,
      code: 'parameter_missing', param: 'name', run: () => stripe.products.create({}),
    },
    {
      name: '401, wrong key', kind: errors.StripeAuthenticationError, status: 401,
      run: () => client(required('SDK_URL'), 'sk_test_000000000000000000000000').customers.list(),
    },
    {
      name: '402, declined card', kind: errors.StripeCardError, status: 402, code: 'card_declined',
      run: () => stripe.charges.create({ amount: 1500, currency: 'usd', source: 'tok_chargeDeclined' }),
    },
    {
      name: '403, key without the right', kind: errors.StripePermissionError, status: 403,
      run: () => client(required('SDK_URL'), required('SDK_RESTRICTED_KEY')).customers.create({}),
    },
    {
      name: '404, no such object', kind: errors.StripeInvalidRequestError, status: 404, code: 'resource_missing', param: 'id',
      run: () => stripe.customers.retrieve('cus_nobody'),
    },
  ];
  for (const { name, kind, status, code, param, run } of cases) {
    test(`${label}: ${name}`, async () => {
      const error = await refused(run());
      assert.ok(error instanceof kind, `${error.constructor.name}: ${error.message}`);
      assert.equal(error.statusCode, status);
      assert.match(error.requestId, /^req_/);
      assert.equal(error.code, code);
      assert.equal(error.param, param);
      assert.ok(error.message);
    });
  }

  test(`${label}: a restricted key does what it may`, async () => {
    await client(required('SDK_URL'), required('SDK_RESTRICTED_KEY')).customers.list({ limit: 1 });
  });

  test(`${label}: 402 names the failed charge`, async () => {
    const error = await refused(stripe.charges.create({ amount: 1500, currency: 'usd', source: 'tok_chargeDeclined' }));
    assert.equal(error.decline_code, 'generic_decline');
    assert.equal((await stripe.charges.retrieve(error.charge)).status, 'failed');
  });

  test(`${label}: 400, an idempotency key for something else`, async () => {
    const options = { idempotencyKey: randomUUID() };
    await stripe.customers.create({ name: 'One' }, options);
    const error = await refused(stripe.customers.create({ name: 'Other' }, options));
    assert.ok(error instanceof errors.StripeIdempotencyError, error.constructor.name);
    assert.equal(error.statusCode, 400);
  });

  test(`${label}: 409, two requests at once with one idempotency key`, async () => {
    const error = await collision(stripe);
    assert.ok(error instanceof errors.StripeAPIError, error.constructor.name);
    assert.equal(error.statusCode, 409);
    assert.equal(error.code, 'idempotency_key_in_use');
  });

  test(`${label}: 429, more requests than allowed`, async () => {
    const limited = client(required('SDK_LIMITED_URL'), required('SDK_KEY'));
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => limited.customers.list()));
    const error = outcomes.find((o) => o.status === 'rejected')?.reason;
    assert.ok(error instanceof errors.StripeRateLimitError, `${error?.constructor.name}: ${error?.message}`);
    assert.equal(error.statusCode, 429);
    assert.equal(error.code, 'rate_limit');
  });
}

// collision sends the same request many times at once, each time with a new key, until two of them meet. Those that are
// answered must all have been answered with the same object.
async function collision(stripe) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const options = { idempotencyKey: randomUUID() };
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => stripe.customers.create({ name: 'Once' }, options)));
    const ids = new Set(outcomes.filter((o) => o.status === 'fulfilled').map((o) => o.value.id));
    assert.equal(ids.size, 1, `one key created ${[...ids]}`);
    const failed = outcomes.find((o) => o.status === 'rejected');
    if (failed) return failed.reason;
  }
  throw new Error('1,000 requests in 100 rounds never met');
}
