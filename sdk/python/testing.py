"""What the tests share: the server, comparisons, refusals, and running them."""

import os
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import stripe


def required(name):
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set: use 'make sdk'")
    return value


def equal(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


def error_code(e):
    """The code of an error, which not every exception class has as an attribute."""
    return e.json_body["error"].get("code")


def refused(kind, status, run, code=None, param=None):
    """Run what must be refused with an exception of exactly this class; return it."""
    try:
        answer = run()
    except stripe.error.StripeError as e:
        equal(type(e), kind, str(e))
        equal(e.http_status, status, "status")
        equal(error_code(e), code, "code")
        equal(getattr(e, "param", None), param, "param")
        equal(e.request_id[:4], "req_", "request id")
        return e
    raise AssertionError(f"this should have been refused, but was answered: {answer}")


def at_once(n, run):
    with ThreadPoolExecutor(max_workers=10) as pool:
        return list(pool.map(run, range(n)))


def eventually(what, ask, holds):
    """Ask again until the answer holds. The server's timers run every second, and banks take a few."""
    deadline = time.monotonic() + 30
    while True:
        answer = ask()
        if holds(answer):
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not so after 30 s: {answer}")
        time.sleep(0.1)


def run(tests, many=1):
    """Run named tests, a few at a time, and return how many failed."""

    def one(named):
        name, test = named
        try:
            test()
        except Exception:
            print(f"FAIL {name}\n{traceback.format_exc()}", file=sys.stderr)
            return 1
        return 0

    with ThreadPoolExecutor(max_workers=many) as pool:
        return sum(pool.map(one, tests))
