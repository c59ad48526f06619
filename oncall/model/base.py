"""What every noun of the inventory shares: frozen models, refused unknown keys, and the words for keys and zones."""

import re
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Noun(BaseModel):
    """A part of the inventory: immutable once read, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)


# Keys name vendor objects, Pulumi resources and key ids, so they keep to what all of these accept.
Key = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$",
        description="A short name used to refer to this thing: lower-case letters, digits, - and _.",
    ),
]
# AliveMCP's own slugs (vendors.md, section 4).
Slug = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$", description="The server's slug at AliveMCP."),
]
Text = Annotated[str, Field(min_length=1, max_length=1000, description="A sentence for people.")]
Name = Annotated[str, Field(min_length=1, max_length=255, description="The name people read.")]


# In the tz database's folder, but no zones: what they mean depends on the machine, or on leap seconds.
_NO_ZONE = re.compile(r"localtime|posixrules|Factory|(posix|right)/.*")


@lru_cache(maxsize=1024)
def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        found = False
    else:
        found = _NO_ZONE.fullmatch(name) is None
    if not found:
        raise ValueError(f"{name!r} is no IANA time zone (like Europe/Berlin or UTC)")
    return name


Zone = Annotated[str, AfterValidator(_zone), Field(description="An IANA time zone.", examples=["Europe/Berlin"])]


class Accept(Noun):
    """A Reason or finding that the team knows about and lives with, on the noun it was found on."""

    rule: Annotated[str, Field(description="The rule id printed with the finding.")]
    why: Text
    schedule: Annotated[Key | None, Field(description="Only for this schedule of the team.")] = None
    daily: Annotated[
        str | None, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$", description="Only for these hours of a day.")
    ] = None
