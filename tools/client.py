#!/usr/bin/env python3
"""A small client of a mingzheng service: a token for each request, drafts signed here, statements sent.

    client.py URL KEY get /v1/people            prints the JSON answer
    client.py URL KEY walk /v1/certificates     prints every item of a list, one a line
    client.py URL KEY submit body.json          drafts, shows, signs and submits an event body
    client.py URL KEY feed [INDEX]              prints new events as they come, from INDEX on

KEY is an actor's key file as `mingzheng key new` writes it; its passphrase is asked for when it has
one (or read from MINGZHENG_PASSPHRASE). Needs Python 3.9, and for an encrypted key the package
`cryptography`, which signs whenever it is there: the arithmetic below does the same for a trial, but
takes a time that depends on the key.

A server never chooses what is signed: the token and the Sig_structure are built here, and a draft
that says anything else than the body it was asked for is refused. What it seals is not opened here:
`mingzheng sign` does that.
"""

import base64
import getpass
import hashlib
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

try:
    from cryptography.hazmat.primitives import serialization
except ImportError:
    serialization = None

SECONDS = 60
ENVELOPE = ("type", "at", "policy", "refs", "about")
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def blake3_short(data):
    """BLAKE3-256 of at most 64 bytes: one block, which is chunk start, chunk end and root."""
    assert len(data) <= 64
    iv = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]
    order = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
    block = data.ljust(64, b"\0")
    words = [int.from_bytes(block[i : i + 4], "little") for i in range(0, 64, 4)]
    state = iv + iv[:4] + [0, 0, len(data), 1 | 2 | 8]

    def mix(a, b, c, d, x, y):
        for add, right, left in ((x, 16, 12), (y, 8, 7)):
            state[a] = (state[a] + state[b] + add) & 0xFFFFFFFF
            state[d] ^= state[a]
            state[d] = (state[d] >> right | state[d] << (32 - right)) & 0xFFFFFFFF
            state[c] = (state[c] + state[d]) & 0xFFFFFFFF
            state[b] ^= state[c]
            state[b] = (state[b] >> left | state[b] << (32 - left)) & 0xFFFFFFFF

    for _ in range(7):
        for n in range(4):
            mix(n, n + 4, n + 8, n + 12, words[2 * n], words[2 * n + 1])
        for n in range(4):
            mix(n, (n + 1) % 4 + 4, (n + 2) % 4 + 8, (n + 3) % 4 + 12, words[8 + 2 * n], words[9 + 2 * n])
        words = [words[at] for at in order]
    return b"".join((state[n] ^ state[n + 8]).to_bytes(4, "little") for n in range(8))


def add(a, b):
    """The sum of two points of edwards25519 in extended coordinates (RFC 8032, 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def multiple_of_base(scalar):
    """A multiple of the base point, as its 32 bytes."""
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x % 2 else x
    out, base = (0, 1, 1, 0), (x, y, 1, x * y % P)
    while scalar:
        out = add(out, base) if scalar & 1 else out
        base, scalar = add(base, base), scalar >> 1
    inverse = pow(out[2], P - 2, P)
    return (out[1] * inverse % P | (out[0] * inverse % P & 1) << 255).to_bytes(32, "little")


class PlainKey:
    """An Ed25519 key (RFC 8032, 5.1.6) where the package `cryptography` is not there."""

    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.public = multiple_of_base(self.scalar)

    def sign(self, message):
        number = lambda *parts: int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER
        once = number(self.prefix, message)
        point = multiple_of_base(once)
        answer = once + number(point, self.public, message) * self.scalar
        return point + (answer % ORDER).to_bytes(32, "little")


class LibraryKey:
    """The same by the package `cryptography`."""

    def __init__(self, key):
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        self.public = key.public_key().public_bytes(*raw)
        self.sign = key.sign


def base32(data):
    return base64.b32encode(data).decode().lower().rstrip("=")


def unbase32(text):
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def head(major, number):
    """The head of a CBOR item, in its shortest form."""
    for size, code in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if number < 24:
            return bytes([major << 5 | number])
        if number < 1 << 8 * size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError("a number of more than 64 bits")


def text(value):
    encoded = value.encode()
    return head(3, len(encoded)) + encoded


def octets(value):
    return head(2, len(value)) + value


def statement(key, claims, payload, now):
    """The one accepted COSE_Sign1 form: see events/FORMATS.md."""
    protected = octets(
        b"\xa4\x01\x32\x03"
        + text("application/vnd.mingzheng.event+json")
        + b"\x04"
        + octets(unbase32(claims["kid"]))
        + b"\x0f\xa5\x01"
        + text(claims["iss"])
        + b"\x02"
        + text(claims["sub"])
        + b"\x03"
        + text(claims["aud"])
        + b"\x06"
        + head(0, now)
        + b"\x07"
        + octets(unbase32(claims["cti"]))
    )
    body = octets(payload.encode())
    signature = key.sign(b"\x84" + text("Signature1") + protected + b"\x40" + body)
    return b"\xd2\x84" + protected + b"\xa0" + body + octets(signature)


class Client:
    """One actor at one service."""

    def __init__(self, url, key_file):
        self.url = url.rstrip("/")
        self.key = read_key(key_file)
        self.kid = base32(blake3_short(self.key.public))
        self.origin = self.ask("GET", "/v1/ledger", token=False)["data"]["origin"]

    def token(self):
        now = int(time.time())
        parts = (
            {"alg": "EdDSA", "typ": "JWT", "kid": self.kid},
            {"aud": self.origin, "iat": now, "exp": now + SECONDS, "jti": base32(secrets.token_bytes(16))},
        )
        signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        return signed + "." + base64url(self.key.sign(signed.encode()))

    def open(self, method, path, body=None, media=None, token=True, headers=()):
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=dict(headers))
        if media:
            request.add_header("Content-Type", media)
        if token:
            request.add_header("Authorization", "Bearer " + self.token())
        return urllib.request.urlopen(request)

    def ask(self, method, path, body=None, media=None, token=True):
        with self.open(method, path, body, media, token) as answer:
            return json.load(answer)

    def walk(self, path):
        """Every item of a list, page by page."""
        after = ""
        while True:
            page = self.ask("GET", path + ("&" if "?" in path else "?") + "limit=1000" + after)
            yield from page["items"]
            if "next" not in page:
                return
            after = "&after=" + urllib.parse.quote(page["next"])

    def draft(self, body):
        return self.ask("POST", "/v1/drafts", json.dumps(body).encode(), "application/json")

    def sign(self, draft, body):
        """Signs a draft of that body."""
        claims, payload = draft["claims"], json.loads(draft["payload"])
        if claims["kid"] != self.kid or claims["aud"] != self.origin:
            raise ValueError("the draft is for another key or another ledger")
        # A subject `case:new` is drawn; what `data` leaves out is filled in (tags, the person).
        drawn = body["subject"].endswith(":new") and claims["sub"].startswith(body["subject"][:-3])
        asked = [(payload.get(name), body[name]) for name in ENVELOPE if name in body]
        asked += [(payload["data"].get(name), value) for name, value in body["data"].items()]
        # An empty list is left out.
        same = all(said == value or (said, value) == (None, []) for said, value in asked)
        if not same or not (drawn or claims["sub"] == body["subject"]):
            raise ValueError("the draft says something else than its body")
        return statement(self.key, claims, draft["payload"], int(time.time()))

    def submit(self, *statements):
        return self.ask("POST", "/v1/statements", b"".join(statements), "application/cbor-seq")

    def feed(self, start=None):
        """New events, for ever: cut off, it goes on where it was."""
        last = None if start is None else start - 1
        while True:
            headers = {} if last is None else {"Last-Event-ID": str(last)}
            with self.open("GET", "/v1/events", headers=headers) as lines:
                for line in lines:
                    name, _, value = line.decode().rstrip("\n").partition(": ")
                    if name == "data":
                        event = json.loads(value)
                        last = event["index"]
                        yield event


def read_key(path):
    with open(path, "rb") as file:
        pem = file.read()
    pem = pem[pem.index(b"-----BEGIN") :]
    password = None
    if b"ENCRYPTED" in pem:
        if serialization is None:
            sys.exit("an encrypted key needs the package cryptography: pip install cryptography")
        password = (os.environ.get("MINGZHENG_PASSPHRASE") or getpass.getpass("Passphrase: ")).encode()
    if serialization is not None:
        return LibraryKey(serialization.load_pem_private_key(pem, password))
    # PKCS#8 (RFC 8410): the key's octets stand behind the algorithm, 1.3.101.112.
    octets = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    return PlainKey(octets.split(b"\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 1)[1][:32])


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    url, key, act, *rest = sys.argv[1:]
    try:
        client = Client(url, key)
        if act == "get":
            print(json.dumps(client.ask("GET", rest[0]), ensure_ascii=False, indent=1))
        elif act == "walk":
            for item in client.walk(rest[0]):
                print(json.dumps(item, ensure_ascii=False))
        elif act == "submit":
            with open(rest[0], encoding="utf-8") as file:
                body = json.load(file)
            draft = client.draft(body)
            print("signing " + draft["claims"]["sub"] + ": " + draft["payload"], file=sys.stderr)
            print(json.dumps(client.submit(client.sign(draft, body)), ensure_ascii=False, indent=1))
        elif act == "feed":
            for event in client.feed(int(rest[0]) if rest else None):
                print(json.dumps(event, ensure_ascii=False), flush=True)
        else:
            sys.exit(__doc__)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")


if __name__ == "__main__":
    main()
