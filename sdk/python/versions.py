"""Older API versions, as this release of the SDK and those before it asked for them."""

import stripe

from seller import Seller
from testing import equal, error_code


class Old(Seller):
    """A seller who speaks an older version."""

    def __init__(self, version):
        super().__init__()
        self.auth["stripe_version"] = version

    def customer(self):
        return stripe.Customer.create(
            email="jenny@example.com",
            payment_method="pm_card_visa",
            invoice_settings={"default_payment_method": "pm_card_visa"},
            **self.auth,
        )

    def plan(self, amount=1000):
        return stripe.Plan.create(
            currency="usd", interval="month", amount=amount, product={"name": "Gold"}, **self.auth
        )


def customers_of_2019():
    s = Old("2019-10-08")
    made = stripe.Customer.create(name="Jenny", account_balance=-50, **s.auth)
    equal((made.account_balance, "balance" in made), (-50, False))
    equal((made.subscriptions.data, made.sources.data, made.tax_ids.data), ([], [], []))
    made = stripe.Customer.modify(made.id, account_balance=-70, **s.auth)
    equal(made.account_balance, -70)
    equal([c.id for c in stripe.Customer.list(**s.auth).data], [made.id])


def subscriptions_of_2019():
    s = Old("2019-10-08")
    plan, customer = s.plan(), s.customer()
    made = stripe.Subscription.create(
        customer=customer.id,
        items=[{"plan": plan.id}],
        billing="charge_automatically",
        expand=["latest_invoice.payment_intent"],
        **s.auth,
    )
    equal((made.plan.id, made.quantity, made.billing, made.start), (plan.id, 1, "charge_automatically", made.created))
    equal(made.latest_invoice.payment_intent.charges.data[0].amount, 1000)
    changed = stripe.Subscription.modify(
        made.id, items=[{"id": made["items"].data[0].id, "quantity": 3}], prorate=False, **s.auth
    )
    equal((changed.quantity, changed.current_period_end), (3, made.current_period_end))
    upcoming = stripe.Invoice.upcoming(customer=customer.id, subscription=made.id, **s.auth)
    equal((upcoming.total, upcoming.lines.data[0].plan.id, upcoming.billing), (3000, plan.id, "charge_automatically"))
    equal(stripe.Subscription.delete(made.id, **s.auth).status, "canceled")


def invoices_of_2019():
    s = Old("2019-10-08")
    customer = s.customer()
    item = stripe.InvoiceItem.create(customer=customer.id, currency="usd", unit_amount=500, quantity=3, **s.auth)
    invoice = stripe.Invoice.create(customer=customer.id, billing="charge_automatically", **s.auth)
    paid = stripe.Invoice.pay(invoice.id, expand=["charge"], **s.auth)
    equal((paid.paid, paid.total, paid.charge.amount, paid.tax), (True, 1500, 1500, None))
    line = paid.lines.data[0]
    equal((line.id, line.type, line.invoice_item, line.unique_id[:3]), (item.id, "invoiceitem", item.id, "il_"))


def payment_intents_of_2019():
    s = Old("2019-10-08")
    paid = stripe.PaymentIntent.create(amount=2000, currency="usd", payment_method="pm_card_visa", confirm=True, **s.auth)
    charge = paid.charges.data[0]
    equal((paid.status, charge.amount, charge.refunds.data, charge.invoice), ("succeeded", 2000, [], None))
    equal(paid.payment_method_types, ["card"])
    try:
        stripe.PaymentIntent.create(
            amount=2000, currency="usd", payment_method="pm_card_chargeDeclined", confirm=True, **s.auth
        )
        raise AssertionError("this should have been declined")
    except stripe.error.CardError as e:
        equal((error_code(e), e.error.payment_intent.charges.data[0].status), ("card_declined", "failed"))


def credit_notes_of_2019():
    s = Old("2019-10-08")
    customer = s.customer()
    stripe.InvoiceItem.create(customer=customer.id, currency="usd", unit_amount=1000, **s.auth)
    invoice = stripe.Invoice.pay(stripe.Invoice.create(customer=customer.id, **s.auth).id, **s.auth)
    note = stripe.CreditNote.create(invoice=invoice.id, amount=300, refund_amount=100, expand=["refund"], **s.auth)
    equal((note.amount, note.refund.amount, note.out_of_band_amount, note.type), (300, 100, 200, "post_payment"))
    equal([n.id for n in stripe.CreditNote.list(invoice=invoice.id, **s.auth).data], [note.id])
    equal(stripe.CreditNote.void_credit_note(stripe_note(s).id, **s.auth).status, "void")


def stripe_note(s):
    """A credit note of an invoice that is open, which can be voided."""
    customer = stripe.Customer.create(email="open@example.com", **s.auth)
    stripe.InvoiceItem.create(customer=customer.id, currency="usd", unit_amount=1000, **s.auth)
    invoice = stripe.Invoice.create(customer=customer.id, billing="send_invoice", days_until_due=5, **s.auth)
    return stripe.CreditNote.create(
        invoice=stripe.Invoice.finalize_invoice(invoice.id, **s.auth).id, amount=100, **s.auth
    )


def own_version_of_2022():
    """What this release of the SDK was made for."""
    s = Old("2022-11-15")
    customer, plan = s.customer(), s.plan()
    made = stripe.Subscription.create(
        customer=customer.id, items=[{"price": plan.id}], expand=["latest_invoice.payment_intent"], **s.auth
    )
    intent = made.latest_invoice.payment_intent
    equal(("charges" in intent, intent.latest_charge, made.latest_invoice.charge), (False, intent.latest_charge, intent.latest_charge))
    equal("subscriptions" in stripe.Customer.retrieve(customer.id, **s.auth), False)
    equal(made.current_period_start, made.created)


TESTS = [
    customers_of_2019,
    subscriptions_of_2019,
    invoices_of_2019,
    payment_intents_of_2019,
    credit_notes_of_2019,
    own_version_of_2022,
]
