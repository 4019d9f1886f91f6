"""What a platform does: let a seller connect an account on the server's page, and trade the code of that for tokens."""

import os
import ssl
import urllib.parse
import urllib.request

import stripe
import stripe.oauth

from seller import Seller
from testing import equal, required


stripe.oauth.connect_api_base = required("SDK_URL")


class Stay(urllib.request.HTTPRedirectHandler):
    """Follow nothing: where the page leads is the platform's own."""

    def redirect_request(self, *_):
        return None


def client_id(s):
    """The application that a platform acts as, which payments of its connected accounts name."""
    account = stripe.Account.create(type="standard", **s.auth)
    return stripe.PaymentIntent.create(amount=500, currency="usd", api_key=s.key, stripe_account=account.id).application


def agree(url, **form):
    """Do on the page what the seller does; return what the platform is told."""
    trust = ssl.create_default_context(cafile=os.environ["SDK_CA"])
    browser = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=trust))
    try:
        browser.open(url, urllib.parse.urlencode(form).encode())
    except urllib.error.HTTPError as e:
        equal(e.code, 303, e.read())
        return dict(urllib.parse.parse_qsl(urllib.parse.urlparse(e.headers["Location"]).query))
    raise AssertionError("the page leads nowhere")


def connect():
    s = Seller()
    client = client_id(s)
    link = {"client_id": client, "scope": "read_write", "state": "s1"}
    link |= {"redirect_uri": "https://shop.example.com/connected", "stripe_user": {"country": "DE"}}
    told = agree(stripe.OAuth.authorize_url(**link), decision="connect", email="jenny@example.com")
    equal(told["state"], "s1")
    token = stripe.OAuth.token(api_key=s.key, grant_type="authorization_code", code=told["code"])
    equal((token["scope"], token["token_type"], token["livemode"]), ("read_write", "bearer", False))
    account = token["stripe_user_id"]
    equal(stripe.Account.retrieve(account, **s.auth).country, "DE")
    made = stripe.Customer.create(api_key=token["access_token"])
    equal(stripe.Customer.retrieve(made.id, api_key=s.key, stripe_account=account).id, made.id)
    again = stripe.OAuth.token(api_key=s.key, grant_type="refresh_token", refresh_token=token["refresh_token"])
    equal((again["stripe_user_id"], stripe.Customer.retrieve(made.id, api_key=again["access_token"]).id), (account, made.id))
    equal(stripe.OAuth.deauthorize(api_key=s.key, client_id=client, stripe_user_id=account)["stripe_user_id"], account)
    try:
        stripe.Customer.retrieve(made.id, api_key=token["access_token"])
        raise AssertionError("the token outlives the connection")
    except stripe.error.PermissionError:
        pass
    s.happened("account.application.authorized", "account.application.deauthorized")


def refusals():
    s = Seller()
    client = client_id(s)
    express = stripe.OAuth.authorize_url(express=True, client_id=client, redirect_uri="https://shop.example.com/connected")
    equal(agree(express, decision="deny")["error"], "access_denied")
    for kind, params in (
        (stripe.oauth_error.InvalidGrantError, {"grant_type": "authorization_code", "code": "ac_none"}),
        (stripe.oauth_error.InvalidGrantError, {"grant_type": "refresh_token", "refresh_token": "rt_none"}),
        (stripe.oauth_error.InvalidRequestError, {"grant_type": "authorization_code"}),
        (stripe.oauth_error.UnsupportedGrantTypeError, {"grant_type": "password"}),
        (stripe.oauth_error.InvalidScopeError, {"grant_type": "refresh_token", "refresh_token": "rt_none", "scope": "all"}),
    ):
        try:
            stripe.OAuth.token(api_key=s.key, **params)
            raise AssertionError(f"{params} is not refused")
        except stripe.error.StripeError as e:
            equal(type(e), kind, str(e))
    try:
        stripe.OAuth.deauthorize(api_key=s.key, client_id=client, stripe_user_id="acct_none")
        raise AssertionError("nobody is given up")
    except stripe.oauth_error.InvalidClientError:
        pass


TESTS = [connect, refusals]
