#!/usr/bin/env python3
"""Checks an evidence pack of mingzheng without mingzheng.

Needs Python 3.8 or later and nothing else. Run it in the unpacked folder:

    python3 check.py                     # with the pack's own key: self-trusted
    python3 check.py --vkey KEY --genesis HASH   # with what `init` printed, known from elsewhere

For every entry of the pack it checks that
  1. the checkpoint is signed by the ledger's note key (Ed25519, C2SP signed note);
  2. the entry is in the tree of that checkpoint (RFC 6962 inclusion, SHA-256);
  3. the entry's statement is signed by the key it names (COSE_Sign1, Ed25519), and that key was
     enrolled, or is named by entry 0, in another entry of this pack.

It does not check that a signer was allowed to sign: that is the whole trail's matter
(`mingzheng verify`).
"""

import argparse
import base64
import hashlib
import json
import pathlib
import struct
import sys

# Ed25519 after RFC 8032, for verifying only.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


class Refused(Exception):
    """What is wrong, in words."""


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % P, k * m % P, j * k % P, i * m % P)


def times(scalar, base):
    out = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            out = add(out, base)
        base = add(base, base)
        scalar >>= 1
    return out


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point(public), point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return same(times(scalar, BASE), add(commitment, times(challenge, key)))


# As much CBOR as entries and statements use.
def cbor(data, at=0):
    first = data[at]
    major, small = first >> 5, first & 31
    at += 1
    if small < 24:
        value = small
    elif small in (24, 25, 26, 27):
        size = 1 << (small - 24)
        value = int.from_bytes(data[at : at + size], "big")
        at += size
    else:
        raise Refused("an entry is not of the known form")
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        piece = data[at : at + value]
        if len(piece) != value:
            raise Refused("an entry is cut")
        return (bytes(piece) if major == 2 else piece.decode()), at + value
    if major == 4:
        items = []
        for _ in range(value):
            item, at = cbor(data, at)
            items.append(item)
        return items, at
    if major == 5:
        pairs = {}
        for _ in range(value):
            name, at = cbor(data, at)
            pairs[name], at = cbor(data, at)
        return pairs, at
    if major == 6:
        return cbor(data, at)
    if major == 7 and value == 22:
        return None, at
    raise Refused("an entry is not of the known form")


def bstr(data):
    if len(data) < 24:
        return bytes([0x40 | len(data)]) + data
    if len(data) < 256:
        return bytes([0x58, len(data)]) + data
    return b"\x59" + struct.pack(">H", len(data)) + data


def read_vkey(text):
    name, _, rest = text.strip().partition("+")
    key_hash, _, encoded = rest.partition("+")
    key = base64.b64decode(encoded, validate=True)
    if len(key) != 33 or key[0] != 1:
        raise Refused("the note key is not an Ed25519 key")
    expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if key_hash != expected.hex():
        raise Refused("the note key's own hash is wrong")
    return name, expected, key[1:]


def open_note(note, vkey):
    """The size and root that the ledger signed."""
    name, key_hash, public = vkey
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        parts = line.split(" ")
        if len(parts) == 3 and parts[0] == "\u2014" and parts[1] == name:
            signature = base64.b64decode(parts[2], validate=True)
            if signature[:4] == key_hash:
                if not ed25519_verify(public, text.encode(), signature[4:]):
                    raise Refused("the checkpoint's signature is wrong")
                lines = text.splitlines()
                if lines[0] != name:
                    raise Refused("the checkpoint is another ledger's")
                return int(lines[1]), base64.b64decode(lines[2], validate=True)
    raise Refused("the checkpoint is not signed by this key")


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf, index, size, path, root):
    """RFC 9162, 2.1.3.2."""
    if index >= size:
        return False
    number, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node(sibling, found)
            while not number & 1 and number:
                number >>= 1
                last >>= 1
        else:
            found = node(found, sibling)
        number >>= 1
        last >>= 1
    return last == 0 and found == root


def read_receipt(text):
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise Refused("a receipt is not of the known form")
    entry = base64.b64decode(lines[1].removeprefix("extra "), validate=True)
    index = int(lines[2].removeprefix("index "))
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    return entry, index, path, note


def keys_named(payload):
    """Public keys that an entry brings onto the log."""
    data = payload["data"]
    if payload["type"] == "ledger.created":
        return [root["public_key"] for root in data["roots"]] + [data["system"]["public_key"]]
    if payload["type"] in ("actor.enrolled", "actor.key_rotated"):
        return [data["public_key"]]
    return []


def check(folder, vkey_text, genesis):
    vkey = read_vkey(vkey_text or (folder / "ledger.vkey").read_text())
    keys = json.loads((folder / "keys.json").read_text())
    statements, enrolled, checkpoints = [], set(), {}
    for file in sorted((folder / "receipts").iterdir()):
        entry, index, path, note = read_receipt(file.read_text())
        if note not in checkpoints:
            checkpoints[note] = open_note(note, vkey)
        size, root = checkpoints[note]
        leaf = hashlib.sha256(b"\x00" + entry).digest()
        if not included(leaf, index, size, path, root):
            raise Refused(f"{file.name}: the entry is not in the ledger's tree")
        if index == 0 and genesis and base64.b64encode(leaf).decode() != genesis:
            raise Refused("entry 0 is another ledger's")
        fields, _ = cbor(entry)
        if fields[1] != index:
            raise Refused(f"{file.name}: the entry says another index")
        (protected, _, payload, signature), _ = cbor(fields[5])
        header, _ = cbor(protected)
        body = json.loads(payload)
        enrolled.update(keys_named(body))
        statements.append((file.name, header[4], protected, payload, signature, body))
    if not statements:
        raise Refused("the pack holds no receipt")
    for name, kid, protected, payload, signature, _ in statements:
        key = keys.get(base64.b32encode(kid).decode().lower().rstrip("="))
        if key is None or key not in enrolled:
            raise Refused(f"{name}: no entry of the pack enrolled the signing key")
        signed = b"\x84\x6aSignature1" + bstr(protected) + b"\x40" + bstr(payload)
        if not ed25519_verify(base64.b64decode(key), signed, signature):
            raise Refused(f"{name}: the signature is wrong")
    return len(statements), max(size for size, _ in checkpoints.values())


def main():
    parser = argparse.ArgumentParser(description="checks an evidence pack of mingzheng")
    parser.add_argument("folder", nargs="?", default=".", type=pathlib.Path)
    parser.add_argument("--vkey", help="the ledger's note key, known from elsewhere")
    parser.add_argument("--genesis", help="the leaf hash of entry 0, known from elsewhere")
    args = parser.parse_args()
    try:
        count, size = check(args.folder, args.vkey, args.genesis)
    except (Refused, OSError, ValueError, KeyError, IndexError, TypeError) as error:
        print(f"REFUSED 不符: {error}")
        return 1
    print(f"ok 通过: {count} entries, signed and in the ledger of {size} entries")
    if not args.vkey:
        print("self-trusted: give --vkey and --genesis from elsewhere to check against the server")
    return 0


if __name__ == "__main__":
    sys.exit(main())
