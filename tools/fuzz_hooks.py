"""What schemathesis needs to ask a mingzheng service: a fresh token for each request.

Read by `tools/fuzz`, which sets FUZZ_URL and FUZZ_KEY. The live feed never ends, so it is left to
the tests in `src/service/tests/feed.rs`.
"""

import os
import sys

import schemathesis

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Client

client = Client(os.environ["FUZZ_URL"], os.environ["FUZZ_KEY"])


@schemathesis.auth()
class Token:
    """A token is good once, so none is kept."""

    def get(self, case, context):
        return client.token()

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.serializer("application/cose", "application/cbor-seq", "application/octet-stream", "application/zip")
def octets(ctx, value):
    """Bodies of bytes: whatever was made up, as it is."""
    return value if isinstance(value, bytes) else str(value).encode()
