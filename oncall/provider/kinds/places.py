"""Objects that stand in an order among their siblings: rules and policies, of which the first that matches decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oncall.provider.kinds.base import Values
from oncall.provider.session import Call


@dataclass(frozen=True, slots=True)
class Siblings:
    """Those among which an object finds its place: how to list them in their order, and how to move one.

    `among_others`: the vendor or a person has put objects of their own there, which ours may have to come before.
    """

    key: str
    rows: Callable[[], list[Values]]
    move: Callable[[str, int], None]
    among_others: bool = True


def arrange(call: Call, siblings: Siblings, own: str, order: int) -> list[Values]:
    """Bring the objects this run has placed so far into the order they ask for. Returns them all, as they stood before.

    The engine makes them at the same time and in any order, and a place beyond the last is cut to the last. Call it
    under `call.ledger.busy(siblings.key)`.
    """
    wanted = call.ledger.places(siblings.key)
    wanted[own] = order
    rows = siblings.rows()
    everybody = [str(row["id"]) for row in rows]
    present = [each for each in everybody if each in wanted]
    right = sorted(present, key=lambda each: wanted[each])
    too_late = siblings.among_others and any(everybody.index(each) > wanted[each] for each in present)
    if present == right and not too_late:
        return rows
    for each in right:
        siblings.move(each, wanted[each])
    return rows


def put_in_place(call: Call, siblings: Siblings, own: str, order: int, answer: Values) -> None:
    """Bring an object to its place, without a request where the `answer` to its create says that it stands there and
    this run has put none that is to come after it.
    """
    with call.ledger.busy(siblings.key):
        wanted = call.ledger.places(siblings.key)
        if answer.get("order") == order and all(each < order for each in wanted.values()):
            wanted[own] = order
        else:
            arrange(call, siblings, own, order)
