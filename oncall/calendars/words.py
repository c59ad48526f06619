"""Why somebody has a shift, in plain English."""

from dataclasses import dataclass

from oncall.drawing.words import plain
from oncall.model import Inventory
from oncall.shifts.timeline import Shift


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody has a shift that is not theirs by turn; `other` is the name of whom they stand in for."""

    text: str
    other: str | None


def reason(shift: Shift, inventory: Inventory) -> Reason | None:
    """Return why somebody has a shift, None where it is theirs by turn."""
    key, why = shift.instead_of, None
    match shift.place:
        case ("leave", int(number)):
            # Whose leave it is, who may have got the turn by a swap: `instead_of` is who has it by turn.
            key, why = inventory.leave[number].person, inventory.leave[number].why
        case ("swaps", int(number)):
            why = inventory.swaps[number].why
        case ("overrides", int(number)):
            why = inventory.overrides[number].why
    other = plain(inventory.people[key].name) if key is not None else None
    match shift.why:
        case "turn":
            return None
        case "swap":
            said = f"swapped with {other}" if other else "swapped"
        case "leave":
            said = f"cover for {other}, who is away" if other else "cover"
        case "holiday":
            said = f"cover for {other}, who has a public holiday" if other else "cover on a public holiday"
        case "override":
            said = f"override, instead of {other}" if other else "override"
    return Reason(f"{said}: {plain(why)}" if why else said, other)
