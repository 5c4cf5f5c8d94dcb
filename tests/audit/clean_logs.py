#!/usr/bin/env python3
"""Writes logs of sysbench generations of which no recording of our own exists (0.4.12, 0.5, 1.1 and SQL tests).

A small simulation makes the events; the figures are then printed with sysbench's own formats (sb_logger.c of 0.4 and
0.5, sysbench.c of 1.0 and 1.1) so that they agree with each other exactly as far as sysbench's do. Same seed, same
bytes. Usage: clean_logs.py DIRECTORY
"""
import math
import os
import random
import sys


def simulate(rng, threads, mean_ms, events=None, seconds=None):
    """Latencies in ms of each thread, and the run's time in s."""
    lanes = [[] for _ in range(threads)]
    clock = [0.0] * threads
    done = 0
    while True:
        lane = min(range(threads), key=lambda i: clock[i])
        if events is not None and done >= events:
            break
        if seconds is not None and clock[lane] >= seconds:
            break
        latency = mean_ms * rng.lognormvariate(0, 0.05)
        if rng.random() < 0.002:
            latency *= 3
        lanes[lane].append(round(latency, 6))
        clock[lane] += latency / 1e3 + 1e-6
        done += 1
    return lanes, max(clock) + 0.0003


def percentile(values, rank, old):
    """The middle of the histogram bucket that holds the rank (sb_histogram.c; sb_logger.c before 1.0)."""
    low, high, cells = (1e-6, 1e7, 99999) if old else (1e-3, 1e5, 1023)
    step = math.log(high / low) / cells
    value = sorted(values)[max(0, math.floor(len(values) * rank / 100 + 0.5) - 1)]
    return low * math.exp(step * math.floor(math.log(max(value, low) / low) / step + 0.5))


def spread(values):
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))


def summary(lanes, total, generation):
    """The report's common end."""
    values = [v for lane in lanes for v in lane]
    sums = [sum(lane) / 1e3 for lane in lanes]
    events_mean, events_sd = spread([len(lane) for lane in lanes])
    time_mean, time_sd = spread(sums)
    old = generation in ("0.4.12", "0.5")
    low, high, average = min(values), max(values), sum(values) / len(values)
    rank = percentile(values, 95, old)
    lines = []
    if old:
        lines += ["Test execution summary:" if generation == "0.4.12" else "General statistics:",
                  f"    total time:                          {total:.4f}s",
                  f"    total number of events:              {len(values)}",
                  f"    total time taken by event execution: {sum(sums):.4f}{'' if generation == '0.4.12' else 's'}",
                  "    per-request statistics:" if generation == "0.4.12" else "    response time:",
                  f"         min:                            {low:10.2f}ms",
                  f"         avg:                            {average:10.2f}ms",
                  f"         max:                            {high:10.2f}ms",
                  f"         approx.  95 percentile:         {rank:10.2f}ms"]
    else:
        if generation == "1.0.20":
            lines += ["General statistics:",
                      f"    total time:                          {total:.4f}s"]
        else:
            lines += ["Throughput:",
                      f"    events/s (eps):                      {len(values) / total:.4f}",
                      f"    time elapsed:                        {total:.4f}s"]
        lines += [f"    total number of events:              {len(values)}", "", "Latency (ms):",
                  f"         min:                            {low:10.2f}",
                  f"         avg:                            {average:10.2f}",
                  f"         max:                            {high:10.2f}",
                  f"         95th percentile:                {rank:10.2f}",
                  f"         sum:                            {sum(sums) * 1e3:10.2f}"]
    lines += ["", "Threads fairness:",
              f"    events (avg/stddev):           {events_mean:.4f}/{events_sd:3.2f}",
              f"    execution time (avg/stddev):   {time_mean:.4f}/{time_sd:3.2f}", ""]
    return lines, len(values)


def head(generation, threads):
    banner = {"0.4.12": "sysbench 0.4.12:  multi-threaded system evaluation benchmark",
              "0.5": "sysbench 0.5:  multi-threaded system evaluation benchmark",
              "1.0.20": "sysbench 1.0.20 (using system LuaJIT 2.1.0-beta3)",
              "1.1.0": "sysbench 1.1.0 (using system LuaJIT 2.1.0-beta3)"}[generation]
    lines = [banner, "", "Running the test with following options:", f"Number of threads: {threads}"]
    if not generation.startswith("0"):
        lines += ["Initializing random number generator from current time", ""]
    return lines + [""]


def cpu(rng, generation, threads):
    lanes, total = simulate(rng, threads, 1.2, events=10000) if generation.startswith("0") \
        else simulate(rng, threads, 0.8, seconds=10)
    end, count = summary(lanes, total, generation)
    lines = head(generation, threads)
    if generation == "0.4.12":
        lines += ["Doing CPU performance benchmark", "", "Threads started!", "Done.", "",
                  "Maximum prime number checked in CPU test: 10000", "", ""]
    else:
        name = "Primer" if generation == "0.5" else "Prime"
        lines += [f"{name} numbers limit: 10000", "", "Initializing worker threads...", "", "Threads started!", ""]
        if not generation.startswith("0"):
            clock = total + (0.001 if generation == "1.0.20" else 0)
            lines += ["CPU speed:", f"    events per second: {count / clock:8.2f}", ""]
    return lines + end


def memory(rng, generation, threads):
    lanes, total = simulate(rng, threads, 0.9, events=8192)
    end, count = summary(lanes, total, generation)
    lines = head(generation, threads)
    if generation == "0.4.12":
        lines += ["Doing memory operations speed test", "Memory block size: 1024K", "", "Memory transfer size: 8192M", "",
                  "Memory operations type: write", "Memory scope type: global", "Threads started!", "Done.", "",
                  f"Operations performed: {count} ({count / total:8.2f} ops/sec)", "",
                  f"{count:.2f} MB transferred ({count / total:.2f} MB/sec)", "", ""]
    else:
        lines += ["Running memory speed test with the following options:", "  block size: 1024KiB", "  total size: 8192MiB",
                  "  operation: write", "  scope: global", "", "Initializing worker threads...", "", "Threads started!", "",
                  f"Total operations: {count} ({count / total:8.2f} per second)", "",
                  f"{count:.2f} MiB transferred ({count / total:.2f} MiB/sec)", "", ""]
    return lines + end


def threads_test(rng, generation, threads):
    lanes, total = simulate(rng, threads, 2.4, seconds=10)
    end, _ = summary(lanes, total, generation)
    return head(generation, threads) + ["Initializing worker threads...", "", "Threads started!", "", ""] + end


def size_text(nbytes):
    """sb_print_value_size() of 0.4 and 0.5: five digits and a unit of 1024."""
    for unit in ("b", "Kb", "Mb", "Gb"):
        if nbytes < 1024 or unit == "Gb":
            return f"{nbytes:.5g}{unit}"
        nbytes /= 1024
    return ""


def fileio_old(rng, generation, threads):
    lanes, total = simulate(rng, threads, 1.7, events=10000)
    end, count = summary(lanes, total, generation)
    reads = round(count * 0.6)
    writes, others, block = count - reads, 12800, 16384
    lines = head(generation, threads)
    lines += ["Extra file open flags: 0", "128 files, 24Mb each", "3Gb total file size", "Block size 16Kb",
              "Number of random requests for random IO: 10000", "Read/Write ratio for combined random IO test: 1.50",
              "Periodic FSYNC enabled, calling fsync() each 100 requests.",
              "Calling fsync() at the end of test, Enabled.", "Using synchronous I/O mode", "Doing random r/w test",
              "Threads started!", "Done.", "",
              f"Operations performed:  {reads} Read, {writes} Write, {others} Other = {count + others} Total",
              f"Read {size_text(reads * block)}  Written {size_text(writes * block)}  "
              f"Total transferred {size_text(count * block)}  ({size_text(count * block / total)}/sec)",
              f"{count / total:8.2f} Requests/sec executed", ""]
    return lines + end


def fileio_11(rng, generation, threads):
    lanes, total = simulate(rng, threads, 0.3, seconds=10)
    values = [v for lane in lanes for v in lane]
    requests = len(values)
    reads = round(requests * 0.6)
    fsyncs, block = requests // 100 * 128 + 128 * threads, 16384
    rate = lambda count: count / total
    lines = head(generation, threads)
    lines += ["Extra file open flags: (none)", "128 files, 2MiB each", "256MiB total file size", "Block size 16KiB",
              "Number of IO requests: 0", "Read/Write ratio for combined random IO test: 1.50",
              "Periodic FSYNC enabled, calling fsync() each 100 requests.",
              "Calling fsync() at the end of test, Enabled.", "Using synchronous I/O mode", "Doing random r/w test",
              "Initializing worker threads...", "", "Threads started!", "", "", "Throughput:"]
    for name, count in (("read: ", reads), ("write:", requests - reads)):
        moved = rate(count) * block
        lines.append(f"         {name} IOPS={rate(count):.2f} {moved / 2**20:.2f} MiB/s ({moved / 1e6:.2f} MB/s)")
    lines += [f"         fsync: IOPS={rate(fsyncs):.2f}", "", "Latency (ms):",
              f"         min:                            {min(values):10.2f}",
              f"         avg:                            {sum(values) / requests:10.2f}",
              f"         max:                            {max(values):10.2f}",
              f"         95th percentile:                {percentile(values, 95, False):10.2f}",
              f"         sum:                            {sum(values):10.2f}", ""]
    return lines


def oltp(rng, generation, threads):
    lanes, total = simulate(rng, threads, 12.0, seconds=10)
    end, count = summary(lanes, total, generation)
    reads, writes, others = 14 * count, 4 * count, 2 * count
    queries, rate = 20 * count, lambda n: f"{n / total:.2f} per sec."
    lines = head(generation, threads)
    if generation.startswith("0"):
        lines += ["Threads started!", "", "OLTP test statistics:", "    queries performed:",
                  f"        read:                            {reads}", f"        write:                           {writes}",
                  f"        other:                           {others}", f"        total:                           {queries}",
                  f"    transactions:                        {count:<6d} ({rate(count)})"]
        if generation == "0.4.12":
            lines.append("    deadlocks:                           0      (0.00 per sec.)")
        lines += [f"    read/write requests:                 {reads + writes:<6d} ({rate(reads + writes)})",
                  f"    other operations:                    {others:<6d} ({rate(others)})"]
        if generation == "0.5":
            lines += ["    ignored errors:                      0      (0.00 per sec.)",
                      "    reconnects:                          0      (0.00 per sec.)"]
        lines.append("")
    else:
        lines += ["Initializing worker threads...", "", "Threads started!", "", "SQL statistics:", "    queries performed:",
                  f"        read:                            {reads}", f"        write:                           {writes}",
                  f"        other:                           {others}", f"        total:                           {queries}",
                  f"    transactions:                        {count:<6d} ({rate(count)})",
                  f"    queries:                             {queries:<6d} ({rate(queries)})",
                  "    ignored errors:                      0      (0.00 per sec.)",
                  "    reconnects:                          0      (0.00 per sec.)", ""]
    return lines + end


LOGS = [("0.4.12", "cpu", cpu, 1), ("0.4.12", "cpu4", cpu, 4), ("0.4.12", "memory", memory, 1),
        ("0.4.12", "fileio", fileio_old, 16), ("0.4.12", "oltp", oltp, 2), ("0.5", "cpu", cpu, 1),
        ("0.5", "fileio", fileio_old, 4), ("0.5", "oltp", oltp, 8), ("1.0.20", "cpu4", cpu, 4),
        ("1.0.20", "threads", threads_test, 4), ("1.0.20", "oltp", oltp, 8), ("1.1.0", "cpu", cpu, 1),
        ("1.1.0", "memory", memory, 2), ("1.1.0", "fileio", fileio_11, 1), ("1.1.0", "oltp", oltp, 4)]


def main():
    for number, (generation, name, make, threads) in enumerate(LOGS):
        rng = random.Random(1000 + number)
        with open(os.path.join(sys.argv[1], f"{generation}_{name}_made.log"), "w", newline="\n") as out:
            out.write("\n".join(make(rng, generation, threads)) + "\n")


if __name__ == "__main__":
    main()
