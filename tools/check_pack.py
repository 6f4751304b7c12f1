#!/usr/bin/env python3
"""Checks an evidence pack of mingzheng without mingzheng.

Needs Python 3.8 or later and nothing else. Run it in the unpacked folder:

    python3 check.py                     # with the pack's own key: self-trusted
    python3 check.py --vkey KEY --genesis HASH   # with what `init` printed, known from elsewhere

For every entry of the pack it checks that
  1. the checkpoint is signed by the ledger's note key (Ed25519, C2SP signed note);
  2. the entry is in the tree of that checkpoint (RFC 6962 inclusion, SHA-256);
  3. the entry's statement is signed by the key it names (COSE_Sign1, Ed25519), and that key was
     enrolled, or is named by entry 0, in another entry of this pack;
and of what people read that
  4. every step of timeline.json is what its entry says: it is made anew from the entry;
  5. timeline.html says what timeline.json says, and nothing else;
  6. every policy and calendar is the text that an entry of the pack published, and what needs a
     second signer to stand has it in the pack;
  7. the files are those of SHA256SUMS, none missing and none added.

SHA256SUMS shows what was damaged or changed by mistake. Against a forger it proves nothing: who
changes a file writes its sum anew. What counts are the proofs and signatures of 1 to 6.

It does not check that a signer was allowed to sign: that is the whole trail's matter
(`mingzheng verify`). Nor can a pack show that nothing was left out of it.
"""

import argparse
import base64
import datetime
import hashlib
import html.parser
import json
import pathlib
import struct
import sys

# The words that the pack's timeline is written with; the pack's own copy has them here.
WORDS = None

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


# BLAKE3-256: the ids of statements and of published texts. A message is cut into chunks of 1,024
# bytes and those into blocks of 64; chunks are the leaves of a binary tree.
IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
SHUFFLE = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
LANES = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15))
LANES += ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
CHUNK_START, CHUNK_END, PARENT, TOP = 1, 2, 4, 8


def compress(chain, block, number, length, flags):
    mask = 0xFFFFFFFF
    state = [*chain, *IV[:4], number & mask, number >> 32, length, flags]
    words = struct.unpack("<16I", block.ljust(64, b"\0"))
    for _ in range(7):
        for lane, (a, b, c, d) in enumerate(LANES):
            for word, left, right in ((words[2 * lane], 16, 12), (words[2 * lane + 1], 8, 7)):
                state[a] = (state[a] + state[b] + word) & mask
                state[d] ^= state[a]
                state[d] = (state[d] >> left | state[d] << 32 - left) & mask
                state[c] = (state[c] + state[d]) & mask
                state[b] ^= state[c]
                state[b] = (state[b] >> right | state[b] << 32 - right) & mask
        words = [words[at] for at in SHUFFLE]
    return [state[at] ^ state[at + 8] for at in range(8)]


def subtree(data, number):
    """The last step of a part of the tree, not yet taken: the top one has one more flag."""
    if len(data) <= 1024:
        chain, blocks = IV, [data[at : at + 64] for at in range(0, len(data), 64)] or [b""]
        for at, block in enumerate(blocks):
            flags = (CHUNK_START if at == 0 else 0) | (CHUNK_END if at == len(blocks) - 1 else 0)
            if flags & CHUNK_END:
                return chain, block, number, len(block), flags
            chain = compress(chain, block, number, 64, flags)
    left = 1024
    while left * 2 < len(data):
        left *= 2
    halves = (subtree(data[:left], number), subtree(data[left:], number + left // 1024))
    block = b"".join(struct.pack("<8I", *compress(*half)) for half in halves)
    return IV, block, 0, 64, PARENT


def blake3(data):
    chain, block, number, length, flags = subtree(data, 0)
    return struct.pack("<8I", *compress(chain, block, number, length, flags | TOP))


def base32(data):
    return base64.b32encode(data).decode().lower().rstrip("=")


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


def keys_named(subject, payload):
    """Public keys that an entry brings onto the log, each with its actor and the actor's role."""
    data = payload["data"]
    if payload["type"] == "ledger.created":
        roots = data["roots"] + [data["system"]]
        return [(root["public_key"], root["actor"], root["role"]) for root in roots]
    if payload["type"] in ("actor.enrolled", "actor.key_rotated"):
        return [(data["public_key"], subject.partition(":")[2], data.get("role"))]
    return []


class Entry:
    """One proven entry: where it stands, when it was recorded, and what was signed."""

    def __init__(self, name, bytes_):
        fields, _ = cbor(bytes_)
        (protected, _, payload, self.signature), _ = cbor(fields[5])
        header, _ = cbor(protected)
        self.name, self.index, self.recorded_ms = name, fields[1], fields[2]
        self.kid, claims = base32(header[4]), header[15]
        self.organisation, self.subject = claims[1], claims[2]
        self.payload = json.loads(payload)
        self.type, self.data = self.payload["type"], self.payload["data"]
        self.signed = b"\x84\x6aSignature1" + bstr(protected) + b"\x40" + bstr(payload)
        self.id = base32(blake3(self.signed))

    def needs_endorsement(self):
        return self.type in WORDS["second"] or self.data.get("side") == "key"


def check_proofs(folder, vkey_text, genesis):
    """The entries of the pack by index, the signers by key id, and the ledger's checkpoint."""
    vkey = read_vkey(vkey_text or (folder / "ledger.vkey").read_text())
    keys = json.loads((folder / "keys.json").read_text())
    entries, signers, roles, checkpoints = {}, {}, {}, {}
    for file in sorted((folder / "receipts").iterdir()):
        bytes_, index, path, note = read_receipt(file.read_text())
        if note not in checkpoints:
            checkpoints[note] = open_note(note, vkey)
        size, root = checkpoints[note]
        leaf = hashlib.sha256(b"\x00" + bytes_).digest()
        if not included(leaf, index, size, path, root):
            raise Refused(f"{file.name}: the entry is not in the ledger's tree")
        if index == 0 and genesis and base64.b64encode(leaf).decode() != genesis:
            raise Refused("entry 0 is another ledger's")
        entry = Entry(file.name, bytes_)
        if entry.index != index or file.name != f"{index:012}.txt":
            raise Refused(f"{file.name}: the entry says another index")
        entries[index] = entry
        for key, actor, role in keys_named(entry.subject, entry.payload):
            signers[key] = actor
            roles[actor] = role or roles.get(actor)
    if not entries:
        raise Refused("the pack holds no receipt")
    for entry in entries.values():
        key = keys.get(entry.kid)
        if key is None or key not in signers:
            raise Refused(f"{entry.name}: no entry of the pack enrolled the signing key")
        if not ed25519_verify(base64.b64decode(key), entry.signed, entry.signature):
            raise Refused(f"{entry.name}: the signature is wrong")
        entry.actor, entry.role = signers[key], roles[signers[key]]
    if genesis and 0 not in entries:
        raise Refused("entry 0 is missing")
    own = (folder / "checkpoint.txt").read_text()
    size, root = open_note(own, vkey)
    if any((size, root) != found for found in checkpoints.values()):
        raise Refused("checkpoint.txt: a receipt leads to another checkpoint")
    return entries, vkey[0], size, base64.b64encode(root).decode()


# The timeline as it must be.
def names_of(entries):
    """What actors and institutions are called by the entries that brought them onto the ledger."""
    names = {}
    for index in sorted(entries):
        entry = entries[index]
        if entry.type == "actor.enrolled":
            name = f"{entry.data['organisation']} {WORDS['roles'][entry.data['role']]}"
        elif entry.type == "institution.designated":
            name = entry.data["name"]
        else:
            continue
        code = entry.subject.partition(":")[2]
        names[code] = f"{name} ({code})"
    return names


def said(field, value, names):
    """A value as readers see it, in both languages."""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, int):
        if field in WORDS["money_fields"]:
            return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"
        return str(value)
    if isinstance(value, str):
        if field in WORDS["actor_fields"] and value in names:
            return names[value]
        if field in WORDS["division_fields"] and len(value) == 6 and value.isdigit():
            return f"{WORDS['divisions'].get(value, '')} {value}".strip()
        known = WORDS["words"].get(value)
        return value if known is None else f"{known} {value}"
    if isinstance(value, list):
        items = [item for item in (said(field, item, names) for item in value) if item is not None]
        return ", ".join(items) if items else None
    if isinstance(value, dict) and field == "components":
        return f"{said('category', value['category'], names)} {value['level']}"
    return None


def facts_of(data, names):
    grade = data.get("grade") or {}
    for field, zh, en in WORDS["fields"]:
        value = said(field, data.get(field, grade.get(field)), names)
        if value is not None:
            yield {"field": field, "zh": zh, "en": en, "value": value}


def step_of(entry, names):
    """The step that timeline.json must have of an entry."""
    china = datetime.timezone(datetime.timedelta(hours=8))
    recorded = datetime.datetime.fromtimestamp(entry.recorded_ms // 1000, china)
    return {
        "index": entry.index,
        "at": entry.payload["at"],
        "recorded": recorded.strftime("%Y-%m-%d %H:%M:%S"),
        "type": entry.type,
        "title_zh": WORDS["types"][entry.type],
        "facts": list(facts_of(entry.data, names)),
        "actor": entry.actor,
        "role": f"{WORDS['roles'][entry.role]} {entry.role}",
        "organisation": entry.organisation,
        "statement": entry.id,
        "refs": entry.payload.get("refs", []),
        "needs_endorsement": entry.needs_endorsement(),
    }


def page_of(timeline, origin, size, root):
    """All that timeline.html must say."""
    yield "证据包 Evidence pack 对象 about " + timeline["about"]
    if "name" in timeline:
        yield "姓名 name " + timeline["name"]
    yield f"账本 ledger {origin} 检查点 checkpoint {size} · {root}"
    yield f"生成日期 made on {timeline['made_on']} {WORDS['lead']} 全程 Timeline"
    for step in timeline["steps"]:
        yield f"{step['at']} {step['title_zh']} {step['type']}"
        yield " · ".join(f"{fact['zh']} {fact['en']}: {fact['value']}" for fact in step["facts"])
        yield f"签署 signed by {step['role']}, {step['organisation']} ({step['actor']})"
        yield "; 会签后生效 takes effect when endorsed" if step["needs_endorsement"] else ""
        yield f" · 条目 entry {step['index']}, 记录于 recorded {step['recorded']}"
        for other in timeline["steps"]:
            if other["statement"] in step["refs"]:
                yield f", 依据 rests on {other['index']}"


class Page(html.parser.HTMLParser):
    """The texts of a page, and its style; a page that could run or fetch anything is refused."""

    KNOWN = "html head meta title style body main h1 h2 h3 p dl dt dd ol li span a".split()
    PLAIN = "lang class id href charset name content http-equiv".split()

    def __init__(self):
        super().__init__()
        self.inside, self.text, self.style = "", [], []

    def handle_starttag(self, tag, attrs):
        plain = all(name in self.PLAIN for name, _ in attrs)
        target = dict(attrs).get("href") or "#e"
        plain = plain and target.startswith(("#e", "receipts/"))
        if tag not in self.KNOWN or not plain:
            raise Refused(f"timeline.html: an element <{tag}> that no timeline has")
        self.inside = tag

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "style":
            self.style.append(data)
        elif self.inside != "title":
            self.text.append(data)


def without_space(text):
    return "".join(text.split())


def check_timeline(folder, entries, origin, size, root):
    timeline = json.loads((folder / "timeline.json").read_text())
    if set(timeline) - {"about", "made_on", "name", "steps"}:
        raise Refused("timeline.json: it says what no timeline says")
    names, before = names_of(entries), -1
    for step in timeline["steps"]:
        index = step["index"]
        if index not in entries:
            raise Refused(f"timeline.json: entry {index} has no receipt in the pack")
        if index <= before or step != step_of(entries[index], names):
            raise Refused(f"timeline.json: the step of entry {index} is not what the entry says")
        before = index
    page = Page()
    page.feed((folder / "timeline.html").read_text())
    expected = without_space("".join(page_of(timeline, origin, size, root)))
    if without_space("".join(page.text)) != expected or "".join(page.style) != WORDS["style"]:
        raise Refused("timeline.html: it is not what timeline.json says")
    return timeline["steps"]


def check_published(folder, entries, steps):
    """Policies and calendars against their entries; gives the steps that wait for a second signer."""
    endorsed = set()
    for entry in entries.values():
        if entry.type == "endorsed":
            endorsed.update(entry.payload.get("refs", []))
    texts = {}
    for entry in entries.values():
        if entry.type in ("policy.published", "calendar.published"):
            place = "policies" if entry.type == "policy.published" else "calendars"
            if entry.id in endorsed or not entry.needs_endorsement():
                texts[f"{place}/{entry.data['hash']}.toml"] = entry.data["text"]
    for place in ("policies", "calendars"):
        if not (folder / place).is_dir():
            continue
        for file in sorted((folder / place).iterdir()):
            name = f"{place}/{file.name}"
            if name not in texts:
                raise Refused(f"{name}: no entry of the pack published it, endorsed")
            content = file.read_bytes()
            if content != texts[name].encode() or base32(blake3(content)) != file.stem:
                raise Refused(f"{name}: it is not the text that was published")
    named = {entry.payload["policy"] for entry in entries.values() if entry.payload.get("policy")}
    for hash_ in sorted(named):
        if not any((folder / place / f"{hash_}.toml").is_file() for place in ("policies", "calendars")):
            raise Refused(f"policies/{hash_}.toml: a decision names it, and it is missing")
    ids = {step["index"] for step in steps}
    waiting = [e for e in entries.values() if e.needs_endorsement() and e.id not in endorsed]
    return sorted(entry.index for entry in waiting if entry.index in ids)


def check_sums(folder):
    named = {}
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, _, name = line.partition("  ")
        named[name] = digest
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_dir() or name == "SHA256SUMS":
            continue
        if name not in named:
            raise Refused(f"{name}: SHA256SUMS does not name it: it was added")
        if hashlib.sha256(file.read_bytes()).hexdigest() != named.pop(name):
            raise Refused(f"{name}: it is not the file that SHA256SUMS names: it was changed")
    for name in named:
        raise Refused(f"{name}: SHA256SUMS names it, and it is missing")


def check(folder, vkey_text, genesis):
    # The proofs first: what they refuse no sum can mend.
    entries, origin, size, root = check_proofs(folder, vkey_text, genesis)
    steps = check_timeline(folder, entries, origin, size, root)
    waiting = check_published(folder, entries, steps)
    check_sums(folder)
    return len(entries), len(steps), size, waiting


def main():
    parser = argparse.ArgumentParser(description="checks an evidence pack of mingzheng")
    parser.add_argument("folder", nargs="?", default=".", type=pathlib.Path)
    parser.add_argument("--vkey", help="the ledger's note key, known from elsewhere")
    parser.add_argument("--genesis", help="the leaf hash of entry 0, known from elsewhere")
    args = parser.parse_args()
    try:
        if WORDS is None:
            raise Refused("this copy has no words: take the check.py of a pack of the same version")
        count, steps, size, waiting = check(args.folder, args.vkey, args.genesis)
    except (Refused, OSError, ValueError, KeyError, IndexError, TypeError) as error:
        print(f"REFUSED 不符: {error}")
        return 1
    print(f"ok 通过: {count} entries, signed and in the ledger of {size} entries")
    print(f"         {steps} steps of the timeline say what their entries say; policies and")
    print("         calendars are the published texts; the files are those of SHA256SUMS")
    for index in waiting:
        print(f"note 注意: entry {index} needs a second signer, and the pack holds none: not in effect")
    if not args.vkey:
        print("self-trusted: give --vkey and --genesis from elsewhere to check against the server")
    return 0


if __name__ == "__main__":
    sys.exit(main())
