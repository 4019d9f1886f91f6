// What listeners are told: that somebody paid, that a trial began, that anything changed.

/** event is a set of listeners with the names that extensions know from their browser. */
export function event() {
  const listeners = new Set();
  return {
    addListener: (listener) => void listeners.add(listener),
    removeListener: (listener) => void listeners.delete(listener),
    hasListener: (listener) => listeners.has(listener),
    get size() {
      return listeners.size;
    },
    emit: (...values) => listeners.forEach((listener) => listener(...values)),
  };
}

const bought = (member) => Boolean(member?.paid && member.status !== "trialing");
const trying = (member) => Boolean(member?.email && member.status === "trialing");

/**
 * news names what happened between two records: "paid", "trial". Somebody who logs in with a plan that was paid before has not
 * paid now; whoever was known here, or paid after this install was made, has.
 */
export function news(before, after) {
  const known = Boolean(before.member?.email && before.member.email === after.member?.email);
  const since = (seconds) => known || seconds >= after.install?.created;
  const happened = [];
  if (bought(after.member) && !(known && bought(before.member)) && since(after.member.paid_at)) happened.push("paid");
  if (trying(after.member) && !(known && trying(before.member)) && since(after.member.trial_start)) happened.push("trial");
  return happened;
}

/** changed tells whether what is known of the member differs. */
export const changed = (before, after) => JSON.stringify(before.member ?? null) !== JSON.stringify(after.member ?? null);
