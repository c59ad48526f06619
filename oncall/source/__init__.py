"""YAML 1.2 text to plain data, with places on demand. Nothing else in the package reads YAML.

One tokenizer (libyaml, through PyYAML's C events) under two readings: `fast` builds only data and gives up on
anything out of the ordinary; `careful` builds data with places and says what is wrong.
"""

from oncall.source.document import Document, read
from oncall.source.limits import MAX_BYTES, MAX_DEPTH, MAX_NODES

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "Document", "read"]
