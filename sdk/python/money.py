"""What becomes of money that was taken: refunds, disputes, payouts, and the part of a connected account."""

import stripe

from seller import Seller
from testing import equal, eventually, refused

invalid = stripe.error.InvalidRequestError


def take(s, method="pm_card_visa", amount=2000, **more):
    """Take a payment whose money is in the books at once."""
    return s.pay(method, amount, capture_method="automatic", **more)


def partial_refunds():
    s = Seller()
    paid = take(s)

    def refund(**params):
        return stripe.Refund.create(**params, **s.auth)

    first = refund(payment_intent=paid.id, amount=500, reason="requested_by_customer")
    equal((first.status, first.amount, first.charge), ("succeeded", 500, paid.latest_charge))
    equal(first.reason, "requested_by_customer")
    e = refused(invalid, 400, lambda: refund(charge=paid.latest_charge, amount=1501), param="amount")
    equal("$15.01" in str(e) and "$15.00" in str(e), True, str(e))
    half = s.charge(paid.latest_charge)
    equal((half.amount_refunded, half.refunded), (500, False))

    rest = refund(charge=paid.latest_charge)
    equal(rest.amount, 1500)
    whole = s.charge(paid.latest_charge, expand=["refunds"])
    equal((whole.amount_refunded, whole.refunded, whole.status), (2000, True, "succeeded"))
    equal([r.id for r in whole.refunds.data], [rest.id, first.id])
    refused(invalid, 400, lambda: refund(charge=paid.latest_charge), "charge_already_refunded")

    # The fee is not given back.
    s.moved(("charge", 2000, 88, 1912), ("refund", -500, 0, -500), ("refund", -1500, 0, -1500))
    s.holds(0, -88)
    events = stripe.Event.list(type="charge.refunded", **s.auth).data
    previous = [e.data.previous_attributes.to_dict() for e in events]
    equal(previous, [{"amount_refunded": 500, "refunded": False}, {"amount_refunded": 0}])


def refund_that_is_pending_first():
    s = Seller()
    paid = take(s, "pm_card_pendingRefund")
    refund = stripe.Refund.create(payment_intent=paid.id, amount=700, **s.auth)
    equal(refund.status, "pending")
    s.later(stripe.Refund, refund.id, "succeeded")
    equal(s.charge(paid.latest_charge).amount_refunded, 700)


def refund_that_comes_back():
    s = Seller()
    paid = take(s, "pm_card_refundFail")
    refund = stripe.Refund.create(payment_intent=paid.id, **s.auth)
    equal(refund.status, "succeeded")
    equal(s.later(stripe.Refund, refund.id, "failed").failure_reason, "expired_or_canceled_card")
    charge = s.charge(paid.latest_charge)
    equal((charge.amount_refunded, charge.refunded), (0, False))
    s.moved(("charge", 2000, 88, 1912), ("refund", -2000, 0, -2000), ("refund_failure", 2000, 0, 2000))
    s.happened(
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "refund.created",
        "charge.refunded",
        "refund.failed",
        "refund.updated",
        "charge.refund.updated",
    )


def dispute(evidence, status, net, back, *events):
    s = Seller()
    paid = take(s, "pm_card_createDispute")
    found = eventually(
        "a dispute", lambda: stripe.Dispute.list(payment_intent=paid.id, **s.auth).data, lambda data: data
    )[0]
    equal((found.status, found.reason, found.amount), ("needs_response", "fraudulent", 2000))
    equal(found.is_charge_refundable, False)
    taken = ("adjustment", -2000, 1500, -3500)
    equal([(t.type, t.amount, t.fee, t.net) for t in found.balance_transactions], [taken])
    equal(s.charge(paid.latest_charge).disputed, True)
    refused(
        invalid, 400, lambda: stripe.Refund.create(charge=paid.latest_charge, **s.auth), "charge_disputed"
    )
    equal(s.total(), 1912 - 3500)

    answered = stripe.Dispute.modify(found.id, evidence={"uncategorized_text": evidence}, **s.auth)
    details = answered.evidence_details
    equal((answered.status, details.has_evidence, details.submission_count), ("under_review", True, 1))
    closed = s.later(stripe.Dispute, found.id, status)
    equal([(t.type, t.amount, t.fee, t.net) for t in closed.balance_transactions], [taken, *back])
    s.moved(("charge", 2000, 88, 1912), taken, *back)
    equal(s.total(), net)
    s.happened(
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
        *events,
    )


def dispute_won():
    back = [("adjustment", 2000, -1500, 3500)]
    dispute("winning_evidence", "won", 1912, back, "charge.dispute.funds_reinstated")


def dispute_lost():
    dispute("losing_evidence", "lost", -1588, [])


def connected(s, number):
    """An account that may charge and be paid, with a bank account."""
    account = stripe.Account.create(
        type="custom",
        country="US",
        email="jenny.rosen@example.com",
        business_type="individual",
        business_profile={"mcc": "5734", "url": "https://example.com"},
        individual={
            "first_name": "Jenny",
            "last_name": "Rosen",
            "email": "jenny.rosen@example.com",
            "phone": "0000000000",
            "id_number": "000000000",
            "dob": {"day": 1, "month": 1, "year": 1901},
            "address": {
                "line1": "address_full_match",
                "city": "San Francisco",
                "state": "CA",
                "postal_code": "94111",
            },
        },
        capabilities={"card_payments": {"requested": True}, "transfers": {"requested": True}},
        tos_acceptance={"date": 1609798905, "ip": "8.8.8.8"},
        settings={"payouts": {"schedule": {"interval": "manual"}}},
        external_account={
            "object": "bank_account",
            "country": "US",
            "currency": "usd",
            "routing_number": "110000000",
            "account_number": number,
        },
        **s.auth,
    )
    eventually(
        f"{account.id} enabled",
        lambda: stripe.Account.retrieve(account.id, **s.auth),
        lambda a: a.charges_enabled and a.payouts_enabled,
    )
    return s.on_behalf(account.id), account.id


def destination_charge_with_a_fee():
    s = Seller()
    there, account = connected(s, "000123456789")
    paid = take(s, amount=5000, transfer_data={"destination": account}, application_fee_amount=600)
    charge = s.charge(paid.latest_charge, expand=["transfer", "application_fee"])
    transfer, fee = charge.transfer, charge.application_fee
    equal((transfer.amount, transfer.destination, transfer.source_transaction), (5000, account, charge.id))
    equal((fee.amount, fee.account, fee.originating_transaction), (600, account, charge.id))
    arrived = there.charge(transfer.destination_payment)
    equal((arrived.amount, arrived.application_fee_amount, arrived.source_transfer), (5000, 600, transfer.id))

    # The platform pays for the card: 145 + 30 cents of its 6 dollars.
    equal((s.total(), there.total()), (600 - 175, 4400))
    there.moved(("payment", 5000, 600, 4400))

    refund = stripe.Refund.create(
        charge=charge.id, amount=2500, reverse_transfer=True, refund_application_fee=True, **s.auth
    )
    equal(refund.transfer_reversal[:4], "trr_")
    reversed_ = stripe.Transfer.retrieve(transfer.id, **s.auth)
    equal((reversed_.amount_reversed, reversed_.reversed), (2500, False))
    equal(stripe.ApplicationFee.retrieve(fee.id, **s.auth).amount_refunded, 300)
    equal((s.total(), there.total()), (600 - 175 - 300, 2200))


def payout_that_fails():
    there, _ = connected(Seller(), "000111111116")
    there.settled(there.pay("pm_card_bypassPending", 5000))
    there.holds(4825, 0)

    def send(amount):
        return stripe.Payout.create(amount=amount, currency="usd", **there.auth)

    refused(invalid, 400, lambda: send(4826), "balance_insufficient")
    sent = send(4000)
    equal((sent.status, sent.type, sent.automatic, sent.failure_code), ("pending", "bank_account", False, None))
    failed = there.later(stripe.Payout, sent.id, "failed")
    equal(failed.failure_code, "no_account")
    returned = stripe.BalanceTransaction.retrieve(failed.failure_balance_transaction, **there.auth)
    equal(returned.type, "payout_failure")
    there.holds(4825, 0)
    there.moved(("charge", 5000, 175, 4825), ("payout", -4000, 0, -4000), ("payout_failure", 4000, 0, 4000))
    types = ["payout.created", "payout.updated", "payout.failed"]
    events = stripe.Event.list(types=types, **there.auth).data[::-1]
    equal([(e.type, e.data.object.id) for e in events], [(t, sent.id) for t in types])


TESTS = [
    partial_refunds,
    refund_that_is_pending_first,
    refund_that_comes_back,
    dispute_won,
    dispute_lost,
    destination_charge_with_a_fee,
    payout_that_fails,
]
