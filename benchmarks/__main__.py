"""`python -m benchmarks [RUNS]` (or `make bench`): every table, one after the other."""

import sys

from benchmarks import bench_load

print(bench_load.report(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
