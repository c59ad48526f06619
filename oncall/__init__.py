"""On-call as code: one inventory, every pager."""
