// The member as an extension's own code sees them.

const date = (seconds) => (seconds ? new Date(seconds * 1000) : null);

/**
 * userOf puts together what a seller asks for. What decides about features comes from the signed claims alone; the rest of the
 * record is for people to read.
 * @param {object} record  what is remembered
 * @param {object|null} claims  of a token that counts
 * @param {boolean} offline
 */
export function userOf({ member, installedAt, revoked = false }, claims, offline) {
  const features = claims?.features ?? [];
  return {
    email: member?.email ?? null,
    paid: claims?.paid ?? false,
    paidAt: claims ? date(member?.paid_at) : null,
    pastDue: claims?.past_due ?? false,
    plan: planOf(claims?.plan),
    features,
    can: (feature) => features.includes(feature),
    installedAt: date(installedAt),
    trialStartedAt: date(member?.trial_start),
    trialEndsAt: date(claims?.trial_end),
    subscriptionStatus: claims?.status ?? null,
    subscriptionCancelAt: date(claims?.cancel_at),
    offline,
    revoked,
  };
}

function planOf(plan) {
  if (!plan) return null;
  return {
    name: plan.name,
    nickname: plan.nickname,
    unitAmountCents: plan.amount,
    currency: plan.currency,
    interval: plan.interval ?? (plan.amount ? "once" : null),
    intervalCount: plan.interval_count,
  };
}

/** offerOf is a price as getPlans answers it. */
export function offerOf(price) {
  return {
    ...planOf({
      name: price.product?.name ?? null,
      nickname: price.nickname,
      amount: price.unit_amount,
      currency: price.currency,
      interval: price.recurring?.interval ?? null,
      interval_count: price.recurring?.interval_count ?? null,
    }),
    id: price.id,
  };
}

/** deviceOf is an install as getDevices answers it. */
export const deviceOf = (install, own) => ({
  id: install.id,
  name: install.name,
  browser: install.browser,
  platform: install.platform,
  lastSeenAt: date(install.last_seen_at),
  current: install.id === own,
});
