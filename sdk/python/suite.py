"""Debian's python3-stripe as a client of the server."""

import sys
import uuid

import stripe

import authentication
import challenge
import money
import oauth
import payments
import versions
import webhooks
from testing import at_once, equal, error_code, refused, required, run


KEY = required("SDK_KEY")
RESTRICTED_KEY = required("SDK_RESTRICTED_KEY")
URL = required("SDK_URL")
PLAIN_URL = required("SDK_PLAIN_URL")
LIMITED_URL = required("SDK_LIMITED_URL")

stripe.api_key = KEY
stripe.ca_bundle_path = required("SDK_CA")


def create_retrieve_update_delete():
    made = stripe.Customer.create(
        email="jenny.rosen@example.com",
        name="Jenny Rosen",
        address={"line1": "1 Main St", "country": "US"},
        preferred_locales=["en", "fr"],
        metadata={"order_id": "6735", "colour": "blue"},
    )
    equal(made.id[:4], "cus_")
    equal(made.address.country, "US")
    equal(made.preferred_locales, ["en", "fr"])
    equal(stripe.Customer.retrieve(made.id).to_dict(), made.to_dict(), "retrieved")

    changed = stripe.Customer.modify(made.id, name="", description="loyal", metadata={"colour": "", "size": "L"})
    equal(changed.name, None)
    equal(changed.description, "loyal")
    equal(changed.email, "jenny.rosen@example.com")
    equal(changed.metadata.to_dict(), {"order_id": "6735", "size": "L"})

    made.refresh()
    made.metadata["size"] = "M"
    made.save()
    equal(stripe.Customer.retrieve(made.id).metadata.to_dict(), {"order_id": "6735", "size": "M"}, "saved")

    equal(stripe.Customer.delete(made.id).to_dict(), {"id": made.id, "object": "customer", "deleted": True})
    equal(stripe.Customer.retrieve(made.id).deleted, True, "retrieved when deleted")


def paging(many=250):
    email = f"{uuid.uuid4()}@example.com"
    made = at_once(many, lambda _: stripe.Customer.create(email=email).id)
    seen = [c.id for c in stripe.Customer.list(email=email, limit=20).auto_paging_iter()]
    equal(sorted(seen), sorted(made), "each visited once")
    backward = [c.id for c in stripe.Customer.list(email=email, limit=20, ending_before=seen[-1]).auto_paging_iter()]
    equal(backward, seen[-2::-1], "backward")


def search():
    tag = str(uuid.uuid4())
    made = [stripe.Customer.create(name=f"Search {tag}", metadata={"tag": tag, "n": n}).id for n in range(7)]
    seen = [c.id for c in stripe.Customer.search(query=f"metadata['tag']:'{tag}'", limit=3).auto_paging_iter()]
    equal(sorted(seen), sorted(made))
    one = stripe.Customer.search(query=f"name~'{tag[:8]}' AND metadata['n']:'4'")
    equal([c.id for c in one.data], [made[4]])


def expansion():
    product = stripe.Product.create(name="Pro plan")
    made = stripe.Price.create(
        product=product.id, currency="usd", unit_amount=1500, recurring={"interval": "month"}, expand=["product"]
    )
    equal(made.product.name, "Pro plan")
    equal(stripe.Price.retrieve(made.id).product, product.id)
    equal(stripe.Price.retrieve(made.id, expand=["product"]).product.id, product.id)
    found = stripe.Price.list(product=product.id, expand=["data.product"])
    equal([p.product.name for p in found.data], ["Pro plan"])


def replay():
    key = str(uuid.uuid4())
    first = stripe.Customer.create(name="Once", idempotency_key=key)
    second = stripe.Customer.create(name="Once", idempotency_key=key)
    equal(second.to_dict(), first.to_dict())
    equal(first.last_response.headers.get("Idempotent-Replayed"), None)
    equal(second.last_response.headers.get("Idempotent-Replayed"), "true")
    equal(second.last_response.headers["Original-Request"], first.last_response.request_id)
    refused(stripe.error.IdempotencyError, 400, lambda: stripe.Customer.create(name="Other", idempotency_key=key))


def error_400():
    invalid = stripe.error.InvalidRequestError
    refused(invalid, 400, lambda: stripe.Customer.create(shoe_size=43), "parameter_unknown", "shoe_size")
    refused(invalid, 400, lambda: stripe.Product.create(), "parameter_missing", "name")


def error_401():
    refused(stripe.error.AuthenticationError, 401, lambda: stripe.Customer.list(api_key="sk_test_" + "0" * 24))


def error_402():
    e = refused(
        stripe.error.CardError,
        402,
        lambda: stripe.Charge.create(amount=1500, currency="usd", source="tok_chargeDeclined"),
        "card_declined",
    )
    equal(e.error.decline_code, "generic_decline")
    equal(stripe.Charge.retrieve(e.error.charge).status, "failed")


def error_403():
    stripe.Customer.list(limit=1, api_key=RESTRICTED_KEY)
    refused(stripe.error.PermissionError, 403, lambda: stripe.Customer.create(api_key=RESTRICTED_KEY))


def error_404():
    refused(
        stripe.error.InvalidRequestError, 404, lambda: stripe.Customer.retrieve("cus_nobody"), "resource_missing", "id"
    )


def error_409():
    """Send the same request many times at once, each time with a new key, until two of them meet."""
    for _ in range(100):
        key = str(uuid.uuid4())

        def create(_):
            try:
                return stripe.Customer.create(name="Once", idempotency_key=key)
            except stripe.error.StripeError as e:
                return e

        answers = at_once(10, create)
        equal(len({a.id for a in answers if isinstance(a, stripe.Customer)}), 1, "customers made with one key")
        for e in answers:
            if isinstance(e, stripe.error.StripeError):
                equal((type(e), e.http_status, error_code(e)), (stripe.error.APIError, 409, "idempotency_key_in_use"))
                return
    raise AssertionError("1,000 requests in 100 rounds never met")


def error_429():
    stripe.api_base = LIMITED_URL

    def ask(_):
        try:
            return stripe.Customer.list()
        except stripe.error.StripeError as e:
            return e

    refusals = [e for e in at_once(5, ask) if isinstance(e, stripe.error.StripeError)]
    equal({(type(e), e.http_status, error_code(e)) for e in refusals}, {(stripe.error.RateLimitError, 429, "rate_limit")})


def over(url, check, *args):
    """Name a test that reaches the server at a URL."""

    def test():
        stripe.api_base = url
        check(*args)

    return f"{check.__name__} over {url.split(':')[0]}", test


def main():
    both = [create_retrieve_update_delete, search, expansion, replay]
    errors = [error_400, error_401, error_402, error_403, error_404, error_409, error_429]
    tests = [over(URL, t) for t in both + errors] + [over(PLAIN_URL, t) for t in both]
    tests += [over(URL, paging), over(PLAIN_URL, paging, 25)]
    failed = run(tests)
    stripe.api_base = URL
    flows = [(t.__name__, t) for part in (payments, authentication, challenge, money, versions, webhooks, oauth) for t in part.TESTS]
    failed += run(flows, many=8)
    print(f"{len(tests) + len(flows) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
