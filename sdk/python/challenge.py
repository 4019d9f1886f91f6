"""The page that next_action leads to, in a real browser: what the customer does there is what the shop's server then
sees."""

import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import stripe

from authentication import challenged, charged, set_up
from seller import Seller
from testing import equal

SCRIPT = Path(__file__).parents[2] / "e2e" / "visit.mjs"
SHOP = "http://shop.example/return?order=6735"


def visit(url, deed):
    """Do something on a page in a browser; return what the address says that the customer lands on."""
    done = subprocess.run(["node", SCRIPT, url, deed], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{deed} on {url}:\n{done.stderr}")
    landed = urlsplit(done.stdout.strip())
    equal((landed.scheme, landed.netloc, landed.path), ("http", "shop.example", "/return"))
    return dict(parse_qsl(landed.query))


def in_a_browser(deed, redirect, status, code=None):
    s = Seller()
    asked = challenged(s, return_url=SHOP)
    equal((asked.status, asked.next_action.type), ("requires_action", "redirect_to_url"))
    equal(asked.next_action.redirect_to_url.return_url, SHOP)
    equal(
        visit(asked.next_action.redirect_to_url.url, deed),
        {
            "order": "6735",
            "payment_intent": asked.id,
            "payment_intent_client_secret": asked.client_secret,
            "redirect_status": redirect,
        },
    )
    now = stripe.PaymentIntent.retrieve(asked.id, **s.auth)
    failure = now.last_payment_error and now.last_payment_error.code
    equal((now.status, now.next_action, failure), (status, None, code))


def completed_in_a_browser():
    in_a_browser("complete", "succeeded", "succeeded")


def failed_in_a_browser():
    in_a_browser("fail", "failed", "requires_payment_method", "payment_intent_authentication_failure")


def canceled_in_a_browser():
    in_a_browser("cancel", "failed", "requires_payment_method", "payment_intent_authentication_failure")


def set_up_in_a_browser():
    s = Seller()
    customer = stripe.Customer.create(name="Jenny Rosen", **s.auth)
    asked = set_up(s, customer, return_url=SHOP)
    equal((asked.status, asked.next_action.type), ("requires_action", "redirect_to_url"))
    equal(
        visit(asked.next_action.redirect_to_url.url, "complete"),
        {
            "order": "6735",
            "setup_intent": asked.id,
            "setup_intent_client_secret": asked.client_secret,
            "redirect_status": "succeeded",
        },
    )
    ready = stripe.SetupIntent.retrieve(asked.id, **s.auth)
    equal(ready.status, "succeeded")
    equal(charged(s, customer, ready.payment_method).status, "succeeded")


TESTS = [completed_in_a_browser, failed_in_a_browser, canceled_in_a_browser, set_up_in_a_browser]
