#!/usr/bin/env python3
"""Reads sysbench logs a second time, for comparison with the program.

Written from the format strings in sysbench's source (branches 0.4, 0.5, 1.0 and master), without a look at parsers/: every format string that
prints a final figure is a regular expression below, and runs are told apart by the order in which one process prints them.

  independent_parse.py FOLDER            one line per file: path, runs, figures, checksum
  independent_parse.py --csv FILE.csv    the same lines, from the tidy CSV of `sbstat parse`
  independent_parse.py --rows FOLDER     every figure, to see what differs
"""
import csv
import hashlib
import os
import re
import sys

N = r'(-?(?:\d+(?:\.\d*)?|\.\d+|nan|inf))'
MS, US, S = 1.0, 1e-3, 1000.0
KIB = {'b': 2.0 ** -20, 'Kb': 2.0 ** -10, 'Mb': 1.0, 'Gb': 2.0 ** 10, 'Tb': 2.0 ** 20}

# stage: 0 before the run, 1 options, 2 started, 3 intervals, 5 test's own figures, 6 totals, 7 latency, 8 fairness
# (stage, regular expression of the whole stripped line, metrics of its groups)
FIGURES = [
    # sb_cpu.c cpu_report_cumulative
    (5, r'events per second:\s*' + N, ['events_per_second']),
    # sb_memory.c memory_report_cumulative / memory_print_stats
    (5, r'Total operations: (\d+) \(\s*' + N + r' per second\)', ['memory_ops', 'memory_ops_per_second']),
    (5, r'Operations performed: (\d+) \(\s*' + N + r' ops/sec\)', ['memory_ops', 'memory_ops_per_second']),
    (5, N + r' Mi?B transferred \(' + N + r' Mi?B/sec\)', ['memory_transferred', 'memory_throughput']),
    # sb_fileio.c file_report_cumulative (1.0, then master) / file_print_stats (0.4, 0.5)
    (5, r'reads/s:\s*' + N, ['reads_per_second']),
    (5, r'writes/s:\s*' + N, ['writes_per_second']),
    (5, r'fsyncs/s:\s*' + N, ['fsyncs_per_second']),
    (5, r'read, MiB/s:\s*' + N, ['read_throughput']),
    (5, r'written, MiB/s:\s*' + N, ['write_throughput']),
    (5, r'read:\s+IOPS=' + N + r' ' + N + r' MiB/s \(\S+ MB/s\)', ['reads_per_second', 'read_throughput']),
    (5, r'write:\s+IOPS=' + N + r' ' + N + r' MiB/s \(\S+ MB/s\)', ['writes_per_second', 'write_throughput']),
    (5, r'fsync:\s+IOPS=' + N, ['fsyncs_per_second']),
    (5, r'Operations performed:\s+(\d+) [Rr]eads?, (\d+) [Ww]rites?, (\d+) Other = \d+ Total', ['reads', 'writes', 'others']),
    (5, N + r' Requests/sec executed', ['requests_per_second']),
    # db_driver.c db_report_cumulative / sb_oltp.c oltp_print_stats
    (5, r'transactions:\s+(\d+)\s+\(' + N + r' per sec\.\)', ['transactions', 'transactions_per_second']),
    (5, r'queries:\s+\d+\s+\(' + N + r' per sec\.\)', ['queries_per_second']),
    (5, r'deadlocks:\s+\d+\s+\(' + N + r' per sec\.\)', ['deadlocks_per_second']),
    (5, r'ignored errors:\s+\d+\s+\(' + N + r' per sec\.\)', ['ignored_errors_per_second']),
    (5, r'reconnects:\s+\d+\s+\(' + N + r' per sec\.\)', ['reconnects_per_second']),
    # sysbench.c sb_report_cumulative / sb_logger.c oper_handler_done / print_global_stats
    (6, r'events/s \(eps\):\s*' + N, ['events_per_second']),
    (6, r'time elapsed:\s*' + N + 's', ['total_time']),
    (6, r'total time:\s*' + N + 's', ['total_time']),
    (6, r'total number of events:\s*(\d+)', ['events']),
    (6, r'total time taken by event execution:\s*' + N + 's?', [('latency_sum', S)]),
    (8, r'events \(avg/stddev\):\s*' + N + '/' + N, ['thread_events_mean', 'thread_events_sd']),
    (8, r'execution time \(avg/stddev\):\s*' + N + '/' + N, ['thread_time_mean', 'thread_time_sd']),
]
FIGURES = [(stage, re.compile(pattern + r'$'), metrics) for stage, pattern, metrics in FIGURES]
# In the SQL block the words are so common that they count only there.
SQL = [(re.compile(r'%s:\s+(\d+)$' % w), m) for w, m in
       (('read', 'reads'), ('write', 'writes'), ('other', 'others'), ('total', 'queries'))]
LATENCY = re.compile(r'(min|avg|max|sum):\s*' + N + r'(ms|us|s)?$')
PERCENTILE = re.compile(r'(?:approx\.\s+)?(\d+)(?:th)? percentile:\s*' + N + r'(ms|us|s)?$')
TRANSFERRED = re.compile(r'Read \S+\s+Written \S+\s+Total transferred \S+\s+\(' + N + r'(\w+)/sec\)$')
BANNER = re.compile(r'sysbench v?\d\S*\s+(?:\(using |\s*multi-threaded system)')
INTERVAL = re.compile(r'\[\s*(\d+)s\s*\] ')
# print_mode of the tests: enough of them to notice that a run without a banner has begun
OPTIONS = re.compile(r'(Running the test with following options:|Number of threads: \d+$|Running memory speed test|Prim(e|er) numbers limit:'
                     r'|\d+ files, \S+[iM]?[bB] each$|Doing (CPU|random|sequential|memory|OLTP|mutex|thread))')
STARTED = re.compile(r'(Initializing worker threads\.\.\.|Threads started!)$')
OUTSIDE = re.compile(r'(\d+ files, \d+Kb each, \d+Mb total$|Creating file|Removing test files|\d+ bytes written in)')
LIMIT = {'total_time': 2 ** 63 / 1e9, 'thread_time_mean': 2 ** 63 / 1e9}


class Run:
    def __init__(self):
        self.stage, self.seen, self.rows, self.done, self.real, self.started = 0, set(), [], False, False, False
        self.elapsed = {}


class File:
    def __init__(self):
        self.runs, self.run = [], None
        self.outside = self.banner = self.fatal = False
        self.in_sql = self.in_latency = self.short = False
        self.checkpoint = False

    def begin(self):
        self.run = Run()
        self.run.real = True
        self.runs.append(self.run)
        self.in_sql = self.in_latency = self.short = self.checkpoint = self.outside = False
        self.banner = self.fatal = False

    def need(self, stage, key=None):
        """The run that a line of this stage belongs to."""
        r = self.run
        back = r and (r.done or stage < r.stage and r.stage >= 5 or key is not None and key in r.seen)
        if back and self.checkpoint:
            self.checkpoint, r.stage, r.done = False, 3, False
            r.seen = set(k for k in r.seen if isinstance(k, tuple))
            back = False
        if r is None or back:
            self.begin()
        self.run.stage = max(self.run.stage, stage)
        if key is not None:
            self.run.seen.add(key)
        return self.run

    def figure(self, line, stage, key, pairs):
        run = self.need(stage, key)
        if self.checkpoint:
            return
        for metric, text, scale in pairs:
            if text in ('nan', 'inf', '-nan', '-inf') or text.startswith('-') and float(text) < 0:
                continue
            value = float(text) * scale
            if metric.startswith('latency') and value >= 2 ** 63 / 1e6 or value >= LIMIT.get(metric, float('inf')):
                continue
            if all(metric != row[1] for row in run.rows):
                run.rows.append((line, metric, value))

    def end(self):
        if self.checkpoint:
            self.checkpoint = False
            self.run.stage, self.run.seen = 3, set()
        else:
            self.run.done = True

    def leave(self):
        if self.banner and self.fatal and not self.outside:
            self.runs.append(Run())  # started, failed before it said more
        self.run, self.banner, self.fatal = None, False, False

    def feed(self, number, text):
        t = text.strip()
        if not t:
            return
        if t.startswith('```') or (' run' in t and re.search(r'(^|[\s/#$])sysbench\s+\S', t) and t.endswith(' run')):
            if self.run and (self.run.done or self.run.rows or 'sysbench' in t):
                self.run = None
            return
        if BANNER.match(t):
            self.leave()
            self.banner, self.outside = True, False
        elif OUTSIDE.match(t):
            self.leave()
            self.outside = True
        elif t.startswith('FATAL: '):
            self.fatal = self.fatal or self.banner
        elif OPTIONS.match(t):
            header = t.startswith('Running the test')
            key = 'Number of threads' if t.startswith('Number') else None
            if header and self.run and (self.run.started or self.run.stage > 1):
                self.run = None
            self.need(1, key)
            self.run.started |= header
            self.in_sql = self.in_latency = False
        elif STARTED.match(t):
            self.need(2, t if t.endswith('started!') else None)
        elif INTERVAL.match(t):
            self.interval(t)
        else:
            self.figures(number, text, t)

    def interval(self, t):
        elapsed = int(INTERVAL.match(t).group(1))
        shape = re.sub(r'[\d.]+', '#', t)
        shape = 'Checkpoint' if 'Checkpoint' in shape else 'queue' if 'queue' in shape else 'figures'
        if self.checkpoint and shape != 'Checkpoint' and elapsed >= max(self.run.elapsed.values(), default=-1):
            self.run.elapsed[shape] = elapsed  # another thread prints these: they may stand inside a checkpoint's report
            return
        if self.checkpoint and self.run:
            self.checkpoint, self.run.stage, self.run.done, self.run.seen = False, 3, False, set()
        if self.run and elapsed < max(self.run.elapsed.values(), default=-1):
            self.run = None
        elif self.run and self.run.elapsed.get(shape) == elapsed:
            self.run = None
        self.need(3).elapsed[shape] = elapsed
        if shape == 'Checkpoint':
            self.checkpoint = True
            self.run.seen = set()

    def figures(self, number, text, t):
        if t in ('SQL statistics:', 'OLTP test statistics:'):
            self.need(5, t)
            self.in_sql, self.in_latency = True, False
            return
        if t in ('Latency (ms):', 'per-request statistics:', 'response time:'):
            self.need(7, 'latency')
            self.in_latency, self.in_sql = True, False
            return
        if t in ('General statistics:', 'Test execution summary:'):
            self.need(6, t)
            self.in_sql = self.in_latency = False
            return
        if t in ('File operations:', 'CPU speed:', 'Throughput:') or t.startswith('Maximum prime number checked'):
            self.need(5, t)
            return
        if t == 'Threads fairness:':
            self.need(8, t)
            self.in_latency = False
            return
        for regex, metric in SQL if self.in_sql else ():
            m = regex.match(t)
            if m:
                return self.figure(number, 5, metric, [(metric, m.group(1), 1.0)])
        for stage, regex, metrics in FIGURES:
            m = regex.match(t)
            if m:
                pairs = [(x, g, 1.0) if isinstance(x, str) else (x[0], g, x[1]) for x, g in zip(metrics, m.groups())]
                self.figure(number, stage, regex.pattern, pairs)
                if 'IOPS' in regex.pattern:
                    self.short = True
                if metrics[0] == 'thread_time_mean':
                    self.end()
                return
        m = TRANSFERRED.match(t)
        if m:
            return self.figure(number, 5, 'transferred', [('total_throughput', m.group(1), KIB[m.group(2)])])
        m = PERCENTILE.match(t)
        if m:
            rank, value, unit = m.groups()
            return self.figure(number, 7, 'percentile', [('latency_p' + rank, value, {'us': US, 's': S}.get(unit, MS))])
        m = LATENCY.match(t)
        if m and (self.in_latency or text.startswith(' ' * 9) and text[9] != ' '):
            word, value, unit = m.groups()
            self.figure(number, 7, word, [('latency_' + word, value, {'us': US, 's': S}.get(unit, MS))])
            if word == 'sum' and self.short:
                self.end()


def read_log(path):
    data = open(path, 'rb').read().replace(b'\0', b'')
    text = data.decode('utf-8', 'replace').lstrip('\ufeff')
    f = File()
    for number, line in enumerate(text.split('\n'), 1):
        line = re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', line.rstrip('\r'))
        if line.startswith('> '):
            line = line[2:]
        fence = re.search(r'(?<=\S)```+\s*$', line)
        f.feed(number, line[:fence.start()] if fence and line.strip('` ') else line)
        if fence and line.strip('` '):
            f.feed(number, '```')
    f.leave()
    return [run.rows for run in f.runs]


def summary(path, runs):
    rows = ['%d\t%d\t%s\t%.12g' % (i, line, metric, value)
            for i, run in enumerate(runs, 1) for line, metric, value in sorted(run)]
    digest = hashlib.sha256('\n'.join(rows).encode()).hexdigest()[:16]
    return '%s\t%d\t%d\t%s' % (path, len(runs), len(rows), digest), rows


def from_folder(folder):
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(where, name)
            yield os.path.relpath(path, folder), read_log(path)


def from_csv(path):
    files = {}
    for row in csv.DictReader(open(path, newline='', encoding='utf-8', errors='surrogateescape')):
        source = row['source'].split('/', 1)[1]
        runs = files.setdefault(source, {})
        run = runs.setdefault(int(row['run']), [])
        if row['origin'] == 'printed':
            run.append((int(row['line']), row['metric'], float(row['value'])))
    for source, runs in files.items():
        assert sorted(runs) == list(range(1, len(runs) + 1)), source
        yield source, [runs[i] for i in sorted(runs)]


def main():
    rows_wanted = '--rows' in sys.argv
    where = sys.argv[-1]
    source = from_csv(where) if where.endswith('.csv') else from_folder(where)
    for path, runs in sorted(source):
        if not runs:
            continue
        line, rows = summary(path, runs)
        print(*(['%s\t%s' % (path, r) for r in rows] if rows_wanted else [line]), sep='\n')


main()
