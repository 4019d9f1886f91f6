// What a receiver does: verify the signature of what it is sent, and fetch what a thin event tells of.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';

import { test } from './tests.mjs';

// receiver is a server that events are sent to: its address, what it got next, and its end.
async function receiver() {
  const got = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    response.end();
    const delivery = { body: Buffer.concat(parts), signature: request.headers['stripe-signature'], sequence: Number(request.headers['sharesmart-sequence']) };
    if (waiting.length > 0) waiting.shift()(delivery);
    else got.push(delivery);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    next: () => (got.length > 0 ? Promise.resolve(got.shift()) : new Promise((resolve) => waiting.push(resolve))),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function webhookTests(label, Stripe, seller) {
  test(`${label}: signatures of webhooks`, async () => {
    const stripe = await seller();
    const at = await receiver();
    try {
      const endpoint = await stripe.webhookEndpoints.create({ url: at.url, enabled_events: ['customer.created', 'customer.updated'] });
      const customer = await stripe.customers.create({ name: 'Jenny Rosen — ü' });
      const first = await at.next();
      const event = stripe.webhooks.constructEvent(first.body, first.signature, endpoint.secret);
      assert.equal(event.type, 'customer.created');
      assert.deepEqual({ ...event.data.object }, { ...customer });
      assert.throws(() => stripe.webhooks.constructEvent(first.body, first.signature, 'whsec_another'), Stripe.errors.StripeSignatureVerificationError);
      assert.equal((await stripe.webhooks.constructEventAsync(first.body, first.signature, endpoint.secret)).id, event.id);

      await stripe.customers.update(customer.id, { name: 'Jenny' });
      const second = await at.next();
      assert.equal(stripe.webhooks.constructEvent(second.body, second.signature, endpoint.secret).type, 'customer.updated');
      assert.ok(second.sequence > first.sequence);

      const rolled = await stripe.rawRequest('POST', `/v1/webhook_endpoints/${endpoint.id}/roll_secret`, {});
      await stripe.customers.update(customer.id, { name: 'Rosen' });
      const third = await at.next();
      for (const secret of [endpoint.secret, rolled.secret]) stripe.webhooks.constructEvent(third.body, third.signature, secret);
    } finally {
      await at[Symbol.asyncDispose]();
    }
  });
}

// thinTests are for releases that know event notifications.
export function thinTests(label, seller) {
  test(`${label}: thin events`, async () => {
    const stripe = await seller();
    const at = await receiver();
    try {
      const destination = await stripe.v2.core.eventDestinations.create({
        name: 'thin', type: 'webhook_endpoint', event_payload: 'thin', enabled_events: ['v1.customer.created'],
        webhook_endpoint: { url: at.url }, include: ['webhook_endpoint.signing_secret'],
      });
      const secret = destination.webhook_endpoint.signing_secret;
      await stripe.v2.core.eventDestinations.ping(destination.id);
      const ping = await at.next();
      const notification = stripe.parseEventNotification(ping.body, ping.signature, secret);
      assert.equal(notification.type, 'v2.core.event_destination.ping');
      assert.equal((await notification.fetchRelatedObject()).id, destination.id);
      assert.equal((await notification.fetchEvent()).id, notification.id);

      const customer = await stripe.customers.create();
      const made = await at.next();
      assert.equal(stripe.parseEventNotification(made.body, made.signature, secret).related_object.id, customer.id);
      assert.throws(() => stripe.webhooks.constructEvent(made.body, made.signature, secret));

      // What happened in a connected account is fetched in its context, which the SDK sends.
      const account = await stripe.accounts.create({ type: 'custom', country: 'US' });
      const others = await receiver();
      try {
        const elsewhere = await stripe.v2.core.eventDestinations.create({
          name: 'others', type: 'webhook_endpoint', event_payload: 'thin', events_from: ['other_accounts'], enabled_events: ['v1.customer.created'],
          webhook_endpoint: { url: others.url }, include: ['webhook_endpoint.signing_secret'],
        });
        const theirs = await stripe.customers.create({}, { stripeAccount: account.id });
        const told = await others.next();
        const foreign = stripe.parseEventNotification(told.body, told.signature, elsewhere.webhook_endpoint.signing_secret);
        assert.equal(String(foreign.context), account.id);
        assert.equal((await foreign.fetchRelatedObject()).id, theirs.id);
        assert.equal((await foreign.fetchEvent()).id, foreign.id);
        await stripe.v2.core.eventDestinations.del(elsewhere.id);
      } finally {
        await others[Symbol.asyncDispose]();
      }

      const seen = [];
      for await (const event of stripe.v2.core.events.list({ limit: 1 })) seen.push(event.type);
      assert.deepEqual(seen.sort(), ['v1.customer.created', 'v2.core.event_destination.ping']);
      await stripe.v2.core.eventDestinations.disable(destination.id);
      assert.equal((await stripe.v2.core.eventDestinations.retrieve(destination.id)).status, 'disabled');
      await stripe.v2.core.eventDestinations.del(destination.id);
      await assert.rejects(stripe.v2.core.eventDestinations.retrieve(destination.id));
    } finally {
      await at[Symbol.asyncDispose]();
    }
  });
}
