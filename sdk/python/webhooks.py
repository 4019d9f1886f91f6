"""What a receiver does: verify the signature of what it is sent."""

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe

from seller import Seller, raw
from testing import equal


class Receiver:
    """A server that events are sent to."""

    def __enter__(self):
        got = self.got = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204)
                self.end_headers()
                got.put((body, self.headers["Stripe-Signature"]))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def next(self):
        return self.got.get(timeout=30)


def signatures():
    s = Seller()
    with Receiver() as at:
        endpoint = stripe.WebhookEndpoint.create(url=at.url, enabled_events=["customer.created"], **s.auth)
        made = stripe.Customer.create(name="Jenny Rosen — ü", **s.auth)
        body, signature = at.next()
        event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
        equal((event.type, event.data.object.id, event.data.object.name), ("customer.created", made.id, made.name))
        try:
            stripe.Webhook.construct_event(body, signature, "whsec_another")
            raise AssertionError("another secret fits as well")
        except stripe.error.SignatureVerificationError:
            pass
        rolled = raw(f"/v1/webhook_endpoints/{endpoint.id}/roll_secret", key=s.key)
        stripe.Customer.create(**s.auth)
        body, signature = at.next()
        for secret in (endpoint.secret, rolled.secret):
            equal(stripe.Webhook.construct_event(body, signature, secret).type, "customer.created")


TESTS = [signatures]
