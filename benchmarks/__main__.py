"""`python -m benchmarks [RUNS]` (or `make bench`): every table, one after the other."""

import sys

from benchmarks import bench_calendar, bench_engine, bench_load, bench_preview, bench_time

runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
print(bench_load.report(runs), end="\n\n", flush=True)
print(bench_time.report(runs), end="\n\n", flush=True)
print(bench_calendar.report(min(runs, 3)), end="\n\n", flush=True)
print(bench_preview.report(min(runs, 3)), end="\n\n", flush=True)
print(bench_engine.report(min(runs, 3)))
