#!/usr/bin/env python3
"""How right the rules are: flags of synthetic cities against their labels, rule by rule.

    cargo build --release
    tools/accuracy.py [--seeds 1,2,3] [--sizes 2000,20000,100000] [--months 36] [--out tests/accuracy.md]

Makes each city anew in a folder of its own, with the labels that its story makes true, judges it
with `flags --json --reveal`, and compares both. Needs Python 3 and nothing else.
"""

import argparse
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNTOLD = ROOT / "tests/untold.md"


def run(command):
    """Runs a command; returns its output, seconds and greatest memory in MB."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
        talk = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{talk}")
        out.seek(0)
        return out.read(), time.monotonic() - began, used.ru_maxrss / 1024


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(binary, seed, size, months, work):
    """One city: what each rule hit, missed and raised in vain."""
    ledger, labels, lawful = work / "ledger", work / "labels.csv", work / "lawful.csv"
    command = [binary, "--ledger", ledger, "--json", "demo", "--people", str(size)]
    command += ["--seed", str(seed), "--labels", labels, "--look-alikes", lawful]
    command += ["--months", str(months)] if months else []
    made, seconds, memory = run(command)
    judge = [binary, "--ledger", ledger, "--json", "flags", "--reveal"]
    flags, judging, judging_memory = run(judge)
    flags = [json.loads(line) for line in flags.splitlines() if line.strip()]

    def key(rule, who, programme, month):
        return rule, who, programme or "", month or ""

    due = collections.Counter(
        key(row["rule"], row["id_number"], row["programme"], row["month"]) for row in rows(labels)
    )
    raised = collections.Counter(
        key(flag["rule"], flag["id_number"], flag["programme"], flag["month"]) for flag in flags
    )
    kinds = {flag["rule"]: flag["kind"] for flag in flags}
    innocent = {row["id_number"]: row["kind"] for row in rows(lawful)}
    result = {}
    for rule in sorted({item[0] for item in due | raised}):
        of = lambda counter: collections.Counter({k: n for k, n in counter.items() if k[0] == rule})
        hit = (of(due) & of(raised)).total()
        missed, vain = of(due) - of(raised), of(raised) - of(due)
        alarms = sum(n for item, n in vain.items() if item[1] in innocent)
        result[rule] = {
            "kind": kinds.get(rule, ""),
            "hit": hit,
            "missed": missed.total(),
            "vain": vain.total(),
            "alarms": alarms,
            "examples": [("missed", *k) for k in list(missed)[:3]]
            + [("in vain", *k, innocent.get(k[1], "")) for k in list(vain)[:3]],
        }
    return {
        "rules": result,
        "events": json.loads(made)["events"],
        "seconds": seconds,
        "memory": memory,
        "judging": judging,
        "judging_memory": judging_memory,
        "innocent": len(innocent),
    }


def share(part, whole):
    return "-" if whole == 0 else f"{part / whole:.4f}"


def table(results):
    """The text of the report."""
    out = [
        "# How right the rules are",
        "",
        "Flags against the labels of synthetic cities: made by `tools/accuracy.py`, which says how.",
        "A city tells every story of an anomaly and of a lawful look-alike in each thousand people;",
        "recall is the share of labels that were raised, precision the share of flags that were due.",
        "A false alarm is a flag that was not due on somebody who only looks like an anomaly.",
        "R32b, R32c and R54 are told from 2,000 people on, R31 where a county has ten villages.",
        "",
        "| people | seed | events | making s | MB | judging s | MB | look-alikes |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (size, seed), city in results.items():
        out.append(
            f"| {size} | {seed} | {city['events']} | {city['seconds']:.0f} | {city['memory']:.0f} "
            f"| {city['judging']:.0f} | {city['judging_memory']:.0f} | {city['innocent']} |"
        )
    sizes = sorted({size for size, _ in results})
    for size in sizes:
        cities = [city for (of, _), city in results.items() if of == size]
        out += [
            "",
            f"## {size} people, {len(cities)} seeds together",
            "",
            "| rule | kind | labels | flags | recall | precision | false alarms |",
            "|---|---|---:|---:|---:|---:|---:|",
        ]
        for rule in sorted({rule for city in cities for rule in city["rules"]}):
            of = [city["rules"][rule] for city in cities if rule in city["rules"]]
            total = {name: sum(one[name] for one in of) for name in ("hit", "missed", "vain", "alarms")}
            kind = next((one["kind"] for one in of if one["kind"]), "none raised")
            labels, flags = total["hit"] + total["missed"], total["hit"] + total["vain"]
            out.append(
                f"| {rule} | {kind} | {labels} | {flags} | {share(total['hit'], labels)} "
                f"| {share(total['hit'], flags)} | {total['alarms']} |"
            )
    return "\n".join(out) + "\n\n" + UNTOLD.read_text(encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--sizes", default="2000,20000,100000")
    parser.add_argument("--months", type=int, help="months of payment rolls")
    parser.add_argument("--binary", default=ROOT / "target/release/mingzheng", type=pathlib.Path)
    parser.add_argument("--out", default=ROOT / "tests/accuracy.md", type=pathlib.Path)
    args = parser.parse_args()
    results, wrong = {}, 0
    for size in map(int, args.sizes.split(",")):
        for seed in map(int, args.seeds.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                city = measure(args.binary, seed, size, args.months, pathlib.Path(folder))
            results[size, seed] = city
            off = {r: of for r, of in city["rules"].items() if of["missed"] or of["vain"]}
            wrong += len(off)
            print(f"{size} people, seed {seed}: {city['seconds']:.0f} s, {city['memory']:.0f} MB, "
                  f"{len(off)} rules off", flush=True)
            for rule, of in off.items():
                print(f"  {rule}: {of['hit']} hit, {of['missed']} missed, {of['vain']} in vain")
                for example in of["examples"]:
                    print("   ", *example)
            args.out.write_text(table(results), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
