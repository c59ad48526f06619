"""How much an inventory may hold before it is taken for a mistake or an attack.

500 teams with 10,000 servers are about 1.5 MB, 160,000 values and 8 levels.
"""

MAX_BYTES = 16 * 1024 * 1024
"""Bytes of all files of one inventory together."""

MAX_NODES = 500_000
"""Values (scalars, lists and mappings, keys left out), with each alias counted as what it stands for."""

MAX_ENTRIES = 50_000
"""Entries of one list or mapping."""

MAX_DEPTH = 50
"""Lists and mappings inside one another, counted through aliases."""

MAX_PROBLEMS = 100
"""Faults reported of one file; after that many the rest is not read."""
