"""A stand-in for the official PagerDuty provider plugin, for places where that one cannot be downloaded.

It sends the requests the official one sends (`kinds` is the table of them), so that what works here works there.
"""
