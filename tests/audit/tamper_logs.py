#!/usr/bin/env python3
"""Makes tampered logs from clean ones: tests/golden/audit/tampered/ and its list tampered.csv.

Only figures that some other figure of the same report pins down are changed, and by more than the tolerance that
docs/audit.md derives for them (each row of PINNED says by how much). Each log has one change. Same inputs, same bytes.
Usage, in tests/: audit/tamper_logs.py golden/audit/clean golden/audit/tampered golden/audit/sets
"""
import csv
import os
import random
import re
import shutil
import sys

NUMBER = r"(\d+(?:\.\d+)?)"

# (what, generations, kinds, pattern whose group is the figure, least relative change that must be found)
PINNED = [
    ("rate", "1.0 1.1", "cpu", r"events per second:\s+" + NUMBER, 0.03),
    ("rate", "1.1", "cpu memory oltp", r"\(eps\):\s+" + NUMBER, 0.05),
    ("rate", "0.4 1.1", "memory", r"perations\D*\d+ \(\s*" + NUMBER, 0.05),
    ("rate", "1.0", "memory", r"perations\D*\d+ \(\s*" + NUMBER, 0.5),
    ("count", "0.4 1.0 1.1", "memory", r"perations\D*(\d+) \(", 0.02),
    ("MiB", "0.4 1.0 1.1", "memory", NUMBER + r" Mi?B transferred", 0.02),
    ("MiB rate", "0.4 1.1", "memory", r"transferred \(\s*" + NUMBER, 0.05),
    ("MiB rate", "1.0", "memory", r"transferred \(\s*" + NUMBER, 0.5),
    ("rate", "0.4 0.5 1.0 1.1", "oltp", r"transactions:\s+\d+\s+\(" + NUMBER, 0.02),
    ("count", "0.4 0.5 1.0 1.1", "oltp", r"transactions:\s+(\d+)", 0.02),
    ("rate", "1.0 1.1", "oltp", r"queries:\s+\d+\s+\(" + NUMBER, 0.02),
    ("count", "1.0 1.1", "oltp", r"queries:\s+(\d+)", 0.02),
    ("count", "0.4 0.5 1.0 1.1", "oltp", r"\n\s+read:\s+(\d+)", 0.02),
    ("count", "0.4 0.5 1.0 1.1", "oltp", r"\n\s+write:\s+(\d+)", 0.02),
    ("count", "0.4 0.5 1.0 1.1", "oltp", r"\n\s+other:\s+(\d+)", 0.02),
    ("count", "0.4 0.5 1.0 1.1", "oltp", r"\n\s+total:\s+(\d+)", 0.02),
    ("rate", "1.0", "fileio", r"reads/s:\s+" + NUMBER, 0.03),
    ("rate", "1.0", "fileio", r"writes/s:\s+" + NUMBER, 0.03),
    ("rate", "1.0", "fileio", r"fsyncs/s:\s+" + NUMBER, 0.06),
    ("MiB", "1.0", "fileio", r"read, MiB/s:\s+" + NUMBER, 0.03),
    ("MiB", "1.0", "fileio", r"written, MiB/s:\s+" + NUMBER, 0.03),
    ("rate", "1.1", "fileio", r"read:\s+IOPS=" + NUMBER, 0.03),
    ("rate", "1.1", "fileio", r"write: IOPS=" + NUMBER, 0.03),
    ("rate", "1.1", "fileio", r"fsync: IOPS=" + NUMBER, 0.06),
    ("MiB", "1.1", "fileio", r"read:\s+IOPS=\S+ " + NUMBER, 0.03),
    ("MiB", "1.1", "fileio", r"write: IOPS=\S+ " + NUMBER, 0.03),
    ("count", "0.4 0.5", "fileio", r"performed:\s+(\d+) Read", 0.01),
    ("count", "0.4 0.5", "fileio", r"Read, (\d+) Write", 0.01),
    ("count", "0.4", "fileio", r"Write, (\d+) Other", 0.1),
    ("MiB rate", "0.4 0.5", "fileio", r"\(" + NUMBER + r"Mb/sec\)", 0.01),
    ("rate", "0.4 0.5", "fileio", NUMBER + r" Requests/sec", 0.01),
    ("time", "0.4 0.5", "memory fileio oltp", r"total time:\s+" + NUMBER, 0.01),
    ("time", "0.4 0.5", "cpu", r"total time:\s+" + NUMBER, 0.9),
    ("time", "1.0", "cpu fileio oltp", r"total time:\s+" + NUMBER, 0.03),
    ("time", "1.0", "memory", r"total time:\s+" + NUMBER, 0.5),
    ("time", "1.1", "cpu memory oltp", r"time elapsed:\s+" + NUMBER, 0.03),
    ("count", "0.4 0.5 1.0 1.1", "cpu memory fileio oltp threads", r"total number of events:\s+(\d+)", 0.03),
    ("sum", "0.4 0.5 1.0 1.1", "cpu memory fileio oltp threads",
     r"(?:by event execution|\n\s+sum):\s+" + NUMBER, 0.01),
    ("avg", "0.4 0.5 1.0 1.1", "cpu memory fileio oltp threads", r"\n\s+avg:\s+" + NUMBER, 0.02),
    ("fairness", "0.4 0.5 1.0 1.1", "cpu memory fileio oltp threads", r"events \(avg/stddev\):\s+" + NUMBER, 0.01),
    ("fairness", "0.4 0.5 1.0 1.1", "cpu memory fileio oltp threads",
     r"execution time \(avg/stddev\):\s+" + NUMBER, 0.01),
]
# In a 1.1 fileio report nothing else has the count or the time: neither sum nor average is pinned down.
UNPINNED_KINDS = {("1.1", "fileio"): {"sum", "avg", "count", "fairness", "time"}}
FACTORS = (1.1, 0.9, 2.0, 0.5, 10.0)


def kind_of(text):
    for kind, mark in (("oltp", "transactions:"), ("memory", "transferred"), ("fileio", " files, ")):
        if mark in text:
            return kind
    return "cpu" if re.search("prime|Prime", text) else "threads"


def replaced(text, span, new):
    return text[:span[0]] + new + text[span[1]:]


def far_enough(old, new, least):
    """The change is beyond the relative tolerance and beyond what two roundings of the figure allow."""
    decimals = len(old.split(".")[1]) if "." in old else 0
    change = abs(float(new) - float(old))
    return change > least * float(old) and change > 2.5 * 10 ** -decimals * (decimals > 0)


def shuffled(rng, token):
    digits = [c for c in token if c != "."]
    rng.shuffle(digits)
    source = iter(digits)
    return "".join(c if c == "." else next(source) for c in token)


def figure_changes(rng, text, generation, kind):
    for what, generations, kinds, pattern, least in PINNED:
        if generation not in generations.split() or kind not in kinds.split():
            continue
        if what in UNPINNED_KINDS.get((generation, kind), ()):
            continue
        match = re.search(pattern, text)
        if not match:
            continue
        old, span = match.group(1), match.span(1)
        decimals = len(old.split(".")[1]) if "." in old else 0
        news = [f"{float(old) * rng.choice(FACTORS[:2]):.{decimals}f}",
                rng.choice((f"{float(old) * rng.choice(FACTORS[2:]):.{decimals}f}", shuffled(rng, old)))]
        for new in news:
            if float(new) > 0 and far_enough(old, new, least):
                yield what, f"{old} -> {new}", replaced(text, span, new)


def order_changes(text):
    """min, avg and max out of order."""
    spans = {name: re.search(r"\n\s+" + name + r":\s+" + NUMBER, text) for name in ("min", "avg", "max")}
    low, mean, high = (spans[n].group(1) for n in ("min", "avg", "max"))
    if float(mean) - float(low) > 0.03:
        yield "order", f"max {high} -> {low}", replaced(text, spans["max"].span(1), low)
    if float(high) - float(mean) > 0.03:
        yield "order", f"min {low} -> {high}", replaced(text, spans["min"].span(1), high)


def cuts(rng, text):
    """The file ends somewhere behind the start of the test and before the end of the report."""
    start = text.index("Threads started!") + 17
    ends = [m.start() for m in re.finditer(r"\n(?=\s*(?:execution time|sum:))", text)]
    for _ in range(3):
        at = rng.randrange(start, ends[-1])
        yield "cut", f"after byte {at}", text[:at]


BLOCKS = [("rate line", r"    events per second:[^\n]*\n"), ("latency block", r"Latency \(ms\):\n(?:[^\n]+\n)+"),
          ("general block", r"General statistics:\n(?:[^\n]+\n)+"), ("fairness block", r"Threads fairness:\n(?:[^\n]+\n)+"),
          ("memory lines", r"Total operations:.*\n\n.*transferred.*\n"), ("fileio block", r"File operations:\n(?:[^\n]+\n)+")]


def within_tolerance(what, mine, theirs):
    """Blocks whose rate or time is too near to be told from the clock's slack: 0.05 s in 1.0."""
    if what not in ("rate line", "memory lines", "general block"):
        return False
    a, b = (float(re.search(r"\d+\.\d+", block).group(0)) for block in (mine, theirs))
    return abs(a - b) <= (0.06 if what == "general block" else 0.1 * a)


def pasted_blocks(name, text, others):
    """One block of another platform's run of the same test."""
    for other_name, other in others:
        for what, pattern in BLOCKS:
            mine, theirs = re.search(pattern, text), re.search(pattern, other)
            if not mine or not theirs or mine.group(0) == theirs.group(0):
                continue
            if not within_tolerance(what, mine.group(0), theirs.group(0)):
                yield "paste", f"{what} of {other_name}", replaced(text, mine.span(), theirs.group(0))


def numbered(folder, what, repetition, platform="raw"):
    return os.path.join(folder, platform, f"c1g1_{what}_r{repetition}.log")


def rewrite(path, change):
    with open(path, newline="") as log:
        text = log.read()
    with open(path, "w", newline="\n") as log:
        log.write(change(text))


def repeat_in_cell(folder):
    shutil.copy(numbered(folder, "cpu", 2), numbered(folder, "cpu", 4))
    return [("DUPLICATE_RUN", "raw/c1g1_cpu_r4.log")]


def repeat_elsewhere(folder):
    shutil.copy(numbered(folder, "memory", 3), numbered(folder, "memory", 3, "docker"))
    return [("DUPLICATE_RUN", "raw/c1g1_memory_r3.log"), ("DUPLICATE_RUN", "docker/c1g1_memory_r3.log")]


def kept_rates(folder):
    """Only the rates that a grep kept, five in a row, and the same five under another platform."""
    rates = "".join(re.search("events per second:.*\n", open(numbered(folder, "cpu", r), newline="").read()).group(0)
                    for r in range(1, 6))
    for platform in ("raw", "qcow2"):
        with open(os.path.join(folder, platform, "rates_cpu.txt"), "w", newline="\n") as log:
            log.write(rates)
    return [("COPIED_FIGURES", "raw/rates_cpu.txt"), ("COPIED_FIGURES", "qcow2/rates_cpu.txt")]


def kept_rates_in_files(folder):
    """One kept rate in each file, and the same ones in another platform's files of the same numbers."""
    for repetition in range(1, 6):
        line = re.search("events per second:.*\n", open(numbered(folder, "cpu", repetition), newline="").read()).group(0)
        for platform in ("raw", "qcow2"):
            rewrite(numbered(folder, "cpu", repetition, platform), lambda text, line=line: line)
    return [("COPIED_FIGURES", f"{platform}/c1g1_cpu_r{r}.log") for platform in ("raw", "qcow2") for r in range(1, 6)]


def memory_lines_elsewhere(folder):
    """All figures of another platform's runs but the maximum, in the same order: each report agrees with itself."""
    pattern = r"(?s)Total operations.*"
    other_maximum = lambda m: f"{m[1]}{(int(m[2]) + 1) % 10}{m[3]}"
    for repetition in (1, 2, 3):
        block = re.search(pattern, open(numbered(folder, "memory", repetition), newline="").read()).group(0)
        block = re.sub(r"(max: +\d+\.)(\d)(\d)", other_maximum, block)
        rewrite(numbered(folder, "memory", repetition, "qcow2"), lambda text, block=block: re.sub(pattern, lambda _: block, text))
    return [("COPIED_FIGURES", f"{platform}/c1g1_memory_r{r}.log") for platform in ("raw", "qcow2") for r in (1, 2, 3)]


SETS = [repeat_in_cell, repeat_elsewhere, kept_rates, kept_rates_in_files, memory_lines_elsewhere]


def make_sets(root):
    """sets/clean is an experiment of three platforms; each other folder is a copy of it with one thing copied within it."""
    rows = []
    for change in SETS:
        folder = os.path.join(root, change.__name__)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(os.path.join(root, "clean"), folder)
        rows += [(change.__name__, code, source) for code, source in change(folder)]
    with open(os.path.join(root, "sets.csv"), "w", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("set", "code", "source"))
        writer.writerows(rows)


def main():
    clean, out = sys.argv[1:3]
    texts = {name: open(os.path.join(clean, name), newline="").read() for name in sorted(os.listdir(clean))}
    rows = []
    for name, text in texts.items():
        rng = random.Random(name)
        generation, kind = name[:3], kind_of(text)
        run = text[text.index("Running the test"):]
        body = text[:len(text) - len(run)]
        others = [(n, t[t.index("Running the test"):]) for n, t in texts.items()
                  if n != name and n.split("_")[2:] == name.split("_")[2:] and "made" not in n]
        changes = list(figure_changes(rng, run, generation, kind)) + list(order_changes(run)) + list(cuts(rng, run))
        changes += pasted_blocks(name, run, others)
        for number, (what, change, tampered) in enumerate(changes):
            file = f"{name[:-4]}_{number:02d}.log"
            with open(os.path.join(out, file), "w", newline="\n") as log:
                log.write(re.sub(r"(?m)^Creating file .*\n", "", body) + tampered)
            rows.append((file, what, change))
    with open(os.path.join(out, "tampered.csv"), "w", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("file", "what", "change"))
        writer.writerows(rows)
    make_sets(sys.argv[3])
    print(f"{len(rows)} tampered logs from {len(texts)} clean ones")


if __name__ == "__main__":
    main()
