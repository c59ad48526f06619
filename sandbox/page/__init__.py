"""The page of the sandbox and its admin API."""
