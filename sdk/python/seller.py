"""A seller of its own for each test: nobody else moves its balance or writes its events."""

import stripe

from testing import equal, eventually

# What a payment has that is confirmed with its creation, by a method that needs no page.
AT_ONCE = {"confirm": True, "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}


def raw(path, key=None, **params):
    """Send a request that this release of the SDK has no method for."""
    answer, _ = stripe.api_requestor.APIRequestor(key=key).request("post", path, params)
    return stripe.util.convert_to_stripe_object(answer, key)


class Seller:
    """A sandbox below the demo account. Every call of the SDK takes its auth."""

    def __init__(self, account=None, key=None):
        self.key = key or raw("/v1/sandboxes", name="sdk").secret_key
        self.auth = {"api_key": self.key}
        if account:
            self.auth["stripe_account"] = account

    def on_behalf(self, account):
        """The same seller, as one of its connected accounts."""
        return Seller(account, self.key)

    def pay(self, method="pm_card_visa", amount=2000, **more):
        return stripe.PaymentIntent.create(
            **{"amount": amount, "currency": "usd", "payment_method": method, **AT_ONCE, **self.auth, **more}
        )

    def charge(self, id, **more):
        return stripe.Charge.retrieve(id, **self.auth, **more)

    def settled(self, intent):
        """The charge of a payment, once its money is in the books."""
        return eventually(
            f"the balance transaction of {intent.latest_charge}",
            lambda: self.charge(intent.latest_charge, expand=["balance_transaction"]),
            lambda charge: charge.balance_transaction,
        )

    def later(self, kind, id, status):
        """Wait until an object has come to a status."""
        return eventually(f"{id} {status}", lambda: kind.retrieve(id, **self.auth), lambda now: now.status == status)

    def happened(self, *want):
        """Wait for the events, and compare them in order."""

        def seen():
            return [e.type for e in stripe.Event.list(limit=100, **self.auth).auto_paging_iter()][::-1]

        equal(eventually("events", seen, lambda types: len(types) >= len(want)), list(want), "events")

    def holds(self, available, pending):
        balance = stripe.Balance.retrieve(**self.auth)
        sums = [sum(f.amount for f in funds if f.currency == "usd") for funds in (balance.available, balance.pending)]
        equal(sums, [available, pending], "balance, available and pending")

    def total(self):
        balance = stripe.Balance.retrieve(**self.auth)
        return sum(f.amount for f in [*balance.available, *balance.pending])

    def moved(self, *want):
        """Compare what the books say, oldest first: type, amount, fee and net."""
        rows = stripe.BalanceTransaction.list(limit=100, **self.auth).auto_paging_iter()
        equal([(t.type, t.amount, t.fee, t.net) for t in rows][::-1], list(want), "books")
