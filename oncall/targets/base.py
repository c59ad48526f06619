"""What a target is: a vendor account that pages people, and the two questions asked of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from oncall.errors import Finding
from oncall.model import Inventory, TargetName
from oncall.resource import Resource


@dataclass(frozen=True, slots=True)
class Target:
    """A vendor: what of an inventory it can't express, and what its account should hold.

    `audit(inventory, now)` returns what the target refuses (errors) or means differently (Reasons), by path; `rules`
    has the id of everything it can find, each with a sentence that says what holds where it finds nothing.
    `desired(inventory, now)` returns the objects of the teams that page through the target. It is total for every
    inventory whose references resolve, also where `audit` finds something; a resource comes after all it refers to;
    the same inventory and the same `now` give the same value. `now` is an aware instant: what ended before is left out.
    """

    name: TargetName
    rules: Mapping[str, str]
    audit: Callable[[Inventory, datetime], list[Finding]]
    desired: Callable[[Inventory, datetime], tuple[Resource, ...]]
