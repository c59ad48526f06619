"""What a target makes of a schedule, as the sandbox would store it."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from sandbox.opsgenie.rendering import Rotation
from sandbox.opsgenie.restrictions import DAYS, Restriction, Window
from sandbox.pagerduty.render import Layer
from sandbox.pagerduty.render import Restriction as LayerRestriction


def instant(text):
    return None if text is None else datetime.fromisoformat(text)


def layer(words):
    """A layer of PagerDuty's."""
    return Layer(
        id=words["name"],
        name=words["name"],
        start=instant(words["start"]),
        end=instant(words.get("end")),
        virtual_start=instant(words["rotation_virtual_start"]),
        turn=timedelta(seconds=words["rotation_turn_length_seconds"]),
        users=tuple(ref.key for ref in words["users"]),
        restrictions=tuple(
            LayerRestriction(
                one.get("start_day_of_week"),
                timedelta(hours=int(one["start_time_of_day"][:2]), minutes=int(one["start_time_of_day"][3:5])),
                timedelta(seconds=one["duration_seconds"]),
            )
            for one in words.get("restrictions", ())
        ),
    )


def rotation(resource):
    """A rotation of OpsGenie's."""
    words = resource.properties
    return Rotation(
        id=resource.key,
        name=words["name"],
        start=instant(words["start_date"]),
        end=instant(words.get("end_date")),
        kind=words["type"],
        length=words["length"],
        participants=tuple(
            SimpleNamespace(type=one["type"], name=one.get("username", "").partition("@")[0])
            for one in words["participants"]
        ),
        restriction=restriction(words.get("time_restriction")),
    )


def restriction(words):
    """The hours of a rotation of OpsGenie's."""
    if words is None:
        return None
    if words["type"] == "time-of-day":
        one = words["restriction"]
        window = Window(one["startHour"] * 60 + one["startMin"], one["endHour"] * 60 + one["endMin"], 1440)
        return Restriction(words["type"], (window,))
    return Restriction(
        words["type"],
        tuple(
            Window(
                DAYS.index(one["startDay"]) * 1440 + one["startHour"] * 60 + one["startMin"],
                DAYS.index(one["endDay"]) * 1440 + one["endHour"] * 60 + one["endMin"],
                7 * 1440,
            )
            for one in words["restrictions"]
        ),
    )
