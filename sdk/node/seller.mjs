// A seller of its own for each test: nobody else moves its balance or writes its events.

import assert from 'node:assert/strict';

import { eventually } from './tests.mjs';

// sellers makes sellers, as clients: each has a sandbox below the account that root is a client of.
export function sellers(root, client) {
  return async () => client((await root.rawRequest('POST', '/v1/sandboxes', { name: 'sdk' })).secret_key);
}

// atOnce is what a payment has that is confirmed with its creation, by a method that needs no page.
export const atOnce = { currency: 'usd', confirm: true, automatic_payment_methods: { enabled: true, allow_redirects: 'never' } };

// settled is a payment's charge, once its money is in the books.
export function settled(stripe, intent, account) {
  const id = intent.latest_charge.id ?? intent.latest_charge;
  return eventually(
    `the balance transaction of ${id}`,
    () => stripe.charges.retrieve(id, { expand: ['balance_transaction'] }, account),
    (charge) => charge.balance_transaction,
  );
}

// happened waits for the events of a seller, and compares them in order.
export async function happened(stripe, want, account) {
  const seen = async () => {
    const types = [];
    for await (const event of stripe.events.list({ limit: 100 }, account)) types.unshift(event.type);
    return types;
  };
  assert.deepEqual(await eventually('events', seen, (types) => types.length >= want.length), want);
}

// holds compares a balance in US dollars: what is available, and what is pending.
export async function holds(stripe, available, pending, account) {
  const balance = await stripe.balance.retrieve({}, account);
  const sum = (funds) => funds.filter((f) => f.currency === 'usd').reduce((total, f) => total + f.amount, 0);
  assert.deepEqual({ available: sum(balance.available), pending: sum(balance.pending) }, { available, pending });
}

// moved compares what a seller's books say, oldest first: type, amount, fee and net.
export async function moved(stripe, want, account) {
  const rows = [];
  for await (const t of stripe.balanceTransactions.list({ limit: 100 }, account)) rows.unshift([t.type, t.amount, t.fee, t.net]);
  assert.deepEqual(rows, want);
}
