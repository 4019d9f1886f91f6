"""3D Secure: the customer authenticates a payment, or sets a card up to be charged when they are not there. All through
the API, as in tests without a browser."""

import stripe

from seller import AT_ONCE, Seller, raw
from testing import equal, refused


def act(s, intent, outcome):
    """Do what a customer does on the page that next_action leads to."""
    return raw(f"/v1/test_helpers/{intent.object}s/{intent.id}/authenticate", s.key, outcome=outcome)


def challenged(s, method="pm_card_threeDSecure2Required", **more):
    return s.pay(method, **more)


def passed():
    s = Seller()
    asked = challenged(s)
    equal((asked.status, asked.next_action.type, asked.latest_charge), ("requires_action", "use_stripe_sdk", None))
    paid = act(s, asked, "succeeded")
    equal((paid.status, paid.next_action, paid.amount_received), ("succeeded", None, 2000))
    equal(s.settled(paid).payment_method_details.card.three_d_secure.result, "authenticated")
    s.happened(
        "payment_intent.created",
        "payment_intent.requires_action",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    )


def not_passed():
    s = Seller()
    failed = act(s, challenged(s), "failed")
    equal((failed.status, failed.next_action, failed.latest_charge), ("requires_payment_method", None, None))
    equal(failed.last_payment_error.code, "payment_intent_authentication_failure")
    s.happened("payment_intent.created", "payment_intent.requires_action", "payment_intent.payment_failed")


def passed_and_then_declined():
    s = Seller()
    declined = act(s, challenged(s, "pm_card_threeDSecureRequiredChargeDeclined"), "succeeded")
    equal((declined.status, declined.last_payment_error.code), ("requires_payment_method", "card_declined"))
    equal(s.charge(declined.latest_charge).status, "failed")


def as_an_error():
    s = Seller()
    e = refused(
        stripe.error.CardError, 402, lambda: challenged(s, error_on_requires_action=True), "authentication_required"
    )
    equal(e.error.payment_intent.status, "requires_payment_method")


def set_up(s, customer, method="pm_card_authenticationRequiredOnSetup", **more):
    return stripe.SetupIntent.create(customer=customer.id, payment_method=method, **AT_ONCE, **more, **s.auth)


def charged(s, customer, method):
    return s.pay(method, 2500, customer=customer.id, off_session=True)


def setup_then_off_session():
    s = Seller()
    customer = stripe.Customer.create(name="Jenny Rosen", **s.auth)
    ready = act(s, set_up(s, customer), "succeeded")
    equal(ready.status, "succeeded")
    equal(stripe.PaymentMethod.retrieve(ready.payment_method, **s.auth).customer, customer.id)
    attempt = stripe.SetupAttempt.list(setup_intent=ready.id, **s.auth).data[0]
    equal(
        (attempt.id, attempt.status, attempt.payment_method),
        (ready.latest_attempt, "succeeded", ready.payment_method),
    )
    paid = charged(s, customer, ready.payment_method)
    equal((paid.status, paid.amount_received, paid.customer), ("succeeded", 2500, customer.id))
    s.settled(paid)
    s.happened(
        "customer.created",
        "setup_intent.created",
        "setup_intent.requires_action",
        "payment_method.attached",
        "setup_intent.succeeded",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    )


def off_session_when_the_bank_wants_to_see_the_customer():
    s = Seller()
    customer = stripe.Customer.create(name="Jenny Rosen", **s.auth)
    kept = stripe.PaymentMethod.attach("pm_card_authenticationRequired", customer=customer.id, **s.auth)
    e = refused(stripe.error.CardError, 402, lambda: charged(s, customer, kept.id), "authentication_required")
    equal((e.error.decline_code, e.error.payment_method.id), ("authentication_required", kept.id))
    equal(e.error.payment_intent.status, "requires_payment_method")

    # The customer comes back.
    asked = stripe.PaymentIntent.confirm(e.error.payment_intent.id, payment_method=kept.id, **s.auth)
    equal(asked.status, "requires_action")
    equal(act(s, asked, "succeeded").status, "succeeded")


def setup_declined():
    s = Seller()
    customer = stripe.Customer.create(name="Jenny Rosen", **s.auth)
    e = refused(
        stripe.error.CardError, 402, lambda: set_up(s, customer, "pm_card_visa_chargeDeclined"), "card_declined"
    )
    equal(e.error.decline_code, "generic_decline")
    intent = e.error.setup_intent
    equal((intent.status, intent.last_setup_error.code), ("requires_payment_method", "card_declined"))


TESTS = [
    passed,
    not_passed,
    passed_and_then_declined,
    as_an_error,
    setup_then_off_session,
    off_session_when_the_bank_wants_to_see_the_customer,
    setup_declined,
]
