"""Prints what Debian's library for Python calls each operation, as JSON: each method of each class is called, and what it
would have sent is written down."""

import importlib
import inspect
import json
import pkgutil
import re

import stripe
import stripe.api_resources
from stripe import api_requestor
from stripe.stripe_object import StripeObject


class Sent(Exception):
    """Takes the place of an answer."""


def send(_self, method, url, *_args, **_kwargs):
    raise Sent(method.upper(), url)


def look(module, path, names):
    for name, kind in sorted(vars(module).items()):
        if not (inspect.isclass(kind) and issubclass(kind, StripeObject) and hasattr(kind, "OBJECT_NAME")):
            continue
        for method in dir(kind):
            if method.startswith("_") or method == "auto_paging_iter" or not callable(getattr(kind, method)):
                continue
            for ids in range(4):
                try:
                    getattr(kind, method)(*[f"ID{i}" for i in range(ids)])
                except Sent as sent:
                    verb, url = sent.args
                    if len(re.findall(r"ID\d", url)) == ids:
                        names.setdefault(f"{verb} {re.sub(r'ID[0-9]', '{}', url)}", f"{path}{name}.{method}")
                        break
                except Exception:  # it takes other arguments
                    continue


api_requestor.APIRequestor.request = send
api_requestor.APIRequestor.request_stream = send
stripe.api_key = "sk_test_names"
found = {}
look(stripe, "", found)
for package in pkgutil.iter_modules(stripe.api_resources.__path__):
    if package.ispkg:
        look(importlib.import_module(f"stripe.api_resources.{package.name}"), package.name + ".", found)
print(json.dumps(found, indent=1, sort_keys=True))
