"""Taking a payment: by card, declined, captured later, and from a bank account."""

import stripe

from seller import Seller
from testing import equal, refused

invalid = stripe.error.InvalidRequestError


def card_payment():
    s = Seller()
    paid = s.pay(metadata={"order_id": "6735"})
    equal((paid.status, paid.amount_received), ("succeeded", 2000))
    equal(paid.client_secret.split("_secret_")[0], paid.id)
    charge = s.settled(paid)
    equal((charge.paid, charge.captured, charge.status, charge.outcome.type), (True, True, "succeeded", "authorized"))
    equal(charge.metadata.to_dict(), {"order_id": "6735"})
    card = charge.payment_method_details.card
    equal((card.brand, card.last4, card.funding, card.country), ("visa", "4242", "credit", "US"))

    # 2.9 % and 30 cents.
    money = charge.balance_transaction
    equal((money.type, money.amount, money.fee, money.net, money.status), ("charge", 2000, 88, 1912, "pending"))
    equal([(f.type, f.amount) for f in money.fee_details], [("stripe_fee", 88)])
    s.holds(0, 1912)
    s.happened("payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated")


def decline(method, code, reason=None):
    s = Seller()
    e = refused(stripe.error.CardError, 402, lambda: s.pay(method), code, PARAMS.get(code))
    equal((e.code, e.error.code, e.error.type), (code, code, "card_error"))
    if reason:
        equal(e.error.decline_code, reason)
    intent = e.error.payment_intent
    failure = intent.last_payment_error
    equal((intent.status, intent.payment_method, failure.code), ("requires_payment_method", None, code))
    equal(failure.payment_method.id, e.error.payment_method.id)
    charge = s.charge(e.error.charge)
    equal((charge.status, charge.paid, charge.failure_code, charge.payment_intent), ("failed", False, code, intent.id))
    s.holds(0, 0)

    again = stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa", **s.auth)
    equal((again.status, again.last_payment_error, again.amount_received), ("succeeded", None, 2000))
    s.settled(again)
    s.happened(
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    )


# The parameter that a card error names.
PARAMS = {"expired_card": "exp_month", "incorrect_cvc": "cvc"}


def declines():
    decline("pm_card_visa_chargeDeclined", "card_declined", "generic_decline")
    decline("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")
    decline("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card")
    decline("pm_card_radarBlock", "card_declined", "fraudulent")
    decline("pm_card_chargeDeclinedExpiredCard", "expired_card")
    decline("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc")
    decline("pm_card_chargeDeclinedProcessingError", "processing_error")


def manual_capture():
    s = Seller()
    held = s.pay(capture_method="manual")
    equal((held.status, held.amount_capturable, held.amount_received), ("requires_capture", 2000, 0))
    charge = s.charge(held.latest_charge)
    equal((charge.captured, charge.amount_captured, charge.balance_transaction), (False, 0, None))
    s.holds(0, 0)
    taken = stripe.PaymentIntent.capture(held.id, **s.auth)
    equal((taken.status, taken.amount_capturable, taken.amount_received), ("succeeded", 0, 2000))
    s.settled(taken)
    s.moved(("charge", 2000, 88, 1912))


def partial_capture():
    s = Seller()
    held = s.pay(capture_method="manual")

    def capture(**params):
        return stripe.PaymentIntent.capture(held.id, **params, **s.auth)

    refused(invalid, 400, lambda: capture(amount_to_capture=2001), "amount_too_large", "amount_to_capture")
    taken = capture(amount_to_capture=1200)
    equal((taken.status, taken.amount, taken.amount_capturable, taken.amount_received), ("succeeded", 2000, 0, 1200))
    charge = s.settled(taken)
    equal((charge.amount, charge.amount_captured, charge.amount_refunded, charge.refunded), (2000, 1200, 800, False))
    s.moved(("charge", 1200, 65, 1135))
    s.happened(
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    )
    e = refused(invalid, 400, capture, "payment_intent_unexpected_state")
    equal(e.error.payment_intent.status, "succeeded")


def authorization_given_back():
    s = Seller()
    held = s.pay(capture_method="manual")
    ended = stripe.PaymentIntent.cancel(held.id, cancellation_reason="requested_by_customer", **s.auth)
    equal(
        (ended.status, ended.cancellation_reason, ended.amount_capturable), ("canceled", "requested_by_customer", 0)
    )
    equal(s.charge(held.latest_charge).refunded, True)
    s.holds(0, 0)


def debit(s, method):
    """Take a payment from a customer's bank account, with the customer's agreement."""
    customer = stripe.Customer.create(name="Jenny Rosen", email="jenny.rosen@example.com", **s.auth)
    waiting = stripe.PaymentIntent.create(
        amount=10000,
        currency="usd",
        customer=customer.id,
        payment_method=method,
        payment_method_types=["us_bank_account"],
        confirm=True,
        expand=["latest_charge"],
        mandate_data={
            "customer_acceptance": {
                "type": "online",
                "online": {"ip_address": "127.0.0.1", "user_agent": "Mozilla/5.0"},
            }
        },
        **s.auth,
    )
    equal((waiting.status, waiting.amount_received), ("processing", 0))
    return waiting


def ach_that_settles_later():
    s = Seller()
    waiting = debit(s, "pm_usBankAccount_success")
    pending = waiting.latest_charge
    equal((pending.id[:3], pending.status, pending.paid, pending.balance_transaction), ("py_", "pending", False, None))
    equal(pending.payment_method_details.us_bank_account.last4, "6789")
    paid = s.later(stripe.PaymentIntent, waiting.id, "succeeded")
    equal(paid.amount_received, 10000)
    # 0.8 %; in tests the money of a bank debit can be paid out at once.
    money = s.settled(paid).balance_transaction
    equal((money.type, money.amount, money.fee, money.net, money.status), ("payment", 10000, 80, 9920, "available"))
    s.holds(9920, 0)
    s.happened(
        "customer.created",
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.succeeded",
    )


def ach_that_its_bank_refuses():
    s = Seller()
    waiting = debit(s, "pm_usBankAccount_insufficientFunds")
    failed = s.later(stripe.PaymentIntent, waiting.id, "requires_payment_method")
    equal(failed.last_payment_error.code, "insufficient_funds")
    charge = s.charge(failed.latest_charge)
    equal(
        (charge.status, charge.paid, charge.failure_code, charge.balance_transaction),
        ("failed", False, "insufficient_funds", None),
    )
    s.holds(0, 0)
    s.happened(
        "customer.created",
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "charge.failed",
        "payment_intent.payment_failed",
    )


TESTS = [
    card_payment,
    declines,
    manual_capture,
    partial_capture,
    authorization_given_back,
    ach_that_settles_later,
    ach_that_its_bank_refuses,
]
