"""HTTP at the rim: clients of the vendors' APIs, one retry policy, one tree of errors."""
