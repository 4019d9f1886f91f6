"""Runs samples for Python, each as a program of its own in this process: samples.py FILE.

Debian's library is of 2022. It has no raw_request, which is made here of what it has, as it is in newer ones."""

import contextlib
import io
import json
import os
import sys
import traceback
import urllib.request

import stripe


def raw_request(method_, url_, stripe_version=None, **params):
    if url_.startswith("/v2/"):
        return send_json(method_, url_, params)
    requestor = stripe.api_requestor.APIRequestor(api_base=stripe.api_base, api_version=stripe_version)
    response, _ = requestor.request(method_, url_, params)
    return response


def send_json(method, url, params):
    request = urllib.request.Request(
        stripe.api_base + url,
        data=json.dumps(params).encode() if params else None,
        headers={"Authorization": f"Bearer {stripe.api_key}", "Content-Type": "application/json"},
        method=method.upper(),
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


if not hasattr(stripe, "raw_request"):
    stripe.raw_request = raw_request
os.environ["SSL_CERT_FILE"] = stripe.ca_bundle_path = os.environ["CA"]

with open(sys.argv[1], encoding="utf-8") as file:
    samples = json.load(file)
os.chdir(os.environ["WORK"])
passed = 0
for sample in samples:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(sample["text"], sample["id"], "exec"), {"__name__": "__main__"})
        passed += 1
    except Exception:
        print(f"{sample['id']}: {traceback.format_exc(limit=-1)}\n{sample['text']}")
print(f"{passed} passed")
