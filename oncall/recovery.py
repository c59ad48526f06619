"""What a killed `up` left at PagerDuty: objects that were made, and of which the engine's state knows nothing.

Our own provider looks a lost object up before it makes it again; the official PagerDuty provider does not, so its next
create is refused ("has already been taken") or makes a second object. Here such objects are found, by name and by our
mark, and told apart from other people's; `oncall recover` acts on what is found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, Literal

from oncall.resource import Ref, Resource
from oncall.targets.common import MANAGED
from oncall.targets.pagerduty.kinds import (
    BUSINESS_SERVICE,
    DEPENDENCY,
    INTEGRATION,
    MEMBERSHIP,
    POLICY,
    SCHEDULE,
    SERVICE,
    SHIFT_SCHEDULE,
    TAG,
    TAG_ASSIGNMENT,
    TEAM,
    USER,
)

Json = Mapping[str, Any]
Verdict = Literal["import", "delete", "foreign", "spare"]
"""import: ours, and the state is to know it. delete: ours, and better made anew. foreign: of a name we want, without
our mark. spare: ours, one more than the inventory asks for."""

_FOREIGN: Verdict = "foreign"
COMPONENT = "oncall:components:PagerDutyTeam"
PROVIDER = "pulumi:providers:pagerduty"
EVENTS_V2 = "events_api_v2_inbound_integration"


@dataclass(frozen=True, slots=True)
class Findable:
    """A kind whose objects can be told by a property of theirs, and the list they stand in."""

    kind: str
    path: str
    rows: str
    told_by: str = "name"
    whole: bool = True
    """Whether the list has the objects whole; else only references to them, called by their names."""


# In the order in which they are made, so that what refers to another comes after it.
FINDABLE = (
    Findable(USER, "/users", "users", told_by="email"),
    Findable(TEAM, "/teams", "teams"),
    Findable(SCHEDULE, "/schedules", "schedules"),
    Findable(SHIFT_SCHEDULE, "/v3/schedules", "schedules", whole=False),
    Findable(POLICY, "/escalation_policies", "escalation_policies"),
    Findable(SERVICE, "/services", "services"),
    Findable(TAG, "/tags", "tags", "label"),
    Findable(BUSINESS_SERVICE, "/business_services", "business_services"),
)
# Nothing to be done: making them says what shall be, and may be said twice.
BY_ITSELF = frozenset({MEMBERSHIP, TAG_ASSIGNMENT, DEPENDENCY})


@dataclass(frozen=True, slots=True)
class Found:
    """An object at the vendor that the state does not know. `key` is that of the resource it was found for.

    `id` is the vendor's; an integration's is below that of its service, `service/integration`.
    """

    kind: str
    key: str
    name: str
    id: str
    verdict: Verdict
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the state holds: URNs and ids by (type, name), and the creates of which no end is known, as (type, name)."""

    urns: Mapping[tuple[str, str], str]
    ids: Mapping[tuple[str, str], str]
    pending: tuple[tuple[str, str], ...] = field(default=())

    def has(self, resource: Resource) -> bool:
        """Whether the state holds a resource of the inventory."""
        return (token(resource.kind), resource.key) in self.urns


def token(kind: str) -> str:
    """Return the engine's type of a PagerDuty kind: `pagerduty:index/team:Team` for `pagerduty:Team`."""
    target, noun = kind.split(":")
    return f"{target}:index/{noun[0].lower()}{noun[1:]}:{noun}"


def recorded(export: Json) -> Recorded:
    """Read what `pulumi stack export` prints. Objects that only wait for their deletion count by their ids."""
    deployment = export.get("deployment") or {}
    urns: dict[tuple[str, str], str] = {}
    ids: dict[tuple[str, str], str] = {}
    for resource in deployment.get("resources") or ():
        kind, name = place(resource["urn"])
        ids[kind, f"{name} (old)" if resource.get("delete") else name] = str(resource.get("id", ""))
        if not resource.get("delete"):
            urns[kind, name] = resource["urn"]
    operations = deployment.get("pending_operations") or ()
    return Recorded(urns, ids, tuple(place(each["resource"]["urn"]) for each in operations if _is_create(each)))


def place(urn: str) -> tuple[str, str]:
    """Return type and name of a URN, `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`."""
    types, name = urn.split("::", 3)[2:]
    return types.rpartition("$")[2], name


def _is_create(operation: Json) -> bool:
    return bool(operation["type"] == "creating")


def address(found: Found) -> str:
    """Return the path under which PagerDuty has an object that is to be deleted."""
    if found.kind == INTEGRATION:
        service, integration = found.id.split("/")
        return f"/services/{service}/integrations/{integration}"
    return f"/v3/schedules/{found.id}"


def names_wanted(wanted: Iterable[Resource], state: Recorded, kind: str) -> frozenset[str]:
    """Return the names, without regard to case, of what the state lacks of a kind."""
    missing = (each for each in wanted if each.kind == kind and not each.lookup and not state.has(each))
    return frozenset(str(each.properties["name"]).casefold() for each in missing)


def lists_needed(wanted: Iterable[Resource], state: Recorded) -> tuple[Findable, ...]:
    """Return the lists in which something may stand that the state does not know; none where all is recorded."""
    missing = {each.kind for each in wanted if not each.lookup and not state.has(each)}
    if INTEGRATION in missing:
        missing.add(SERVICE)  # integrations stand in the list of services
    return tuple(each for each in FINDABLE if each.kind in missing)


def find(wanted: Sequence[Resource], state: Recorded, lists: Mapping[str, Sequence[Json]]) -> tuple[Found, ...]:
    """Return every object that an `up` would stumble over or make a second time, in the order in which they are made.

    `lists` has the vendor's rows by kind, for the kinds that `lists_needed` names.
    """
    known = frozenset(state.ids.values())
    found: list[Found] = []
    for kind in FINDABLE:
        rows = [row for row in lists.get(kind.kind, ()) if row["id"] not in known]
        for resource in wanted:
            if resource.kind == kind.kind and not resource.lookup and not state.has(resource):
                found += _same(resource, kind, rows, made=(token(kind.kind), resource.key) in state.pending)
    services = {each.key: each.id for each in found if each.kind == SERVICE and each.verdict == "import"}
    services |= {name: id_ for (kind_, name), id_ in state.ids.items() if kind_ == token(SERVICE)}
    by_id = {row["id"]: row for row in lists.get(SERVICE, ())}
    for resource in wanted:
        if resource.kind == INTEGRATION and not state.has(resource):
            owner = resource.properties["service"]
            key = owner.key if isinstance(owner, Ref) else ""
            found += _integrations(resource, by_id.get(services.get(key, "")), known)
    return tuple(found)


def _same(resource: Resource, kind: Findable, rows: Iterable[Json], *, made: bool) -> list[Found]:
    """Return the rows of a resource's name. Vendors compare names without regard to case.

    `made`: the state says that its create was under way. A tag has no place for our mark: that alone makes it ours.
    """
    name = str(resource.properties[kind.told_by])
    same = [row for row in rows if str(row.get(kind.told_by)).casefold() == name.casefold()]
    marked = [row for row in same if (made if kind.kind == TAG else is_ours(row))]
    ours = sorted(marked, key=lambda row: (row[kind.told_by] != name, row["id"]))
    # A schedule of shifts takes many calls: one that is not recorded is half made, and nothing refers to it yet.
    half: Verdict = "delete"
    verdicts: Iterable[Verdict] = repeat(half) if kind.kind == SHIFT_SCHEDULE else chain(["import"], repeat("spare"))
    judged = list(zip(ours, verdicts, strict=False))
    return [
        Found(resource.kind, resource.key, row[kind.told_by], row["id"], verdict, resource.team)
        for row, verdict in (*judged, *((row, _FOREIGN) for row in same if row not in marked))
    ]


def is_ours(row: Json) -> bool:
    """Whether an object bears our mark, which every description that we write ends in."""
    return str(row.get("description") or "").endswith(MANAGED)


def _integrations(resource: Resource, service: Json | None, known: frozenset[str]) -> list[Found]:
    """Return an integration's forerunners on a service of ours.

    Nobody has their keys yet, and an import would put the key into the state in clear: they go, and are made anew.
    """
    if service is None:
        return []
    name = str(resource.properties["name"])
    return [
        Found(INTEGRATION, resource.key, name, f"{service['id']}/{row['id']}", "delete", resource.team)
        for row in service.get("integrations") or ()
        if row["id"] not in known
        and (row.get("name") or row.get("summary")) == name
        and str(row.get("type", "")).removesuffix("_reference") == EVENTS_V2
    ]


def unplaced(found: Iterable[Found], state: Recorded) -> tuple[Found, ...]:
    """Return what can't be imported, for the state knows neither its team nor the provider.

    No killed `up` leaves that: the engine records both before it makes anything below them.
    """
    return tuple(
        each
        for each in found
        if each.verdict == "import"
        and ((PROVIDER, "pagerduty") not in state.urns or (each.team and (COMPONENT, each.team) not in state.urns))
    )


def import_file(found: Iterable[Found], state: Recorded) -> dict[str, Any]:
    """Return what `pulumi import --file` takes: each object below its team's component, with the account's provider."""
    imports = [each for each in found if each.verdict == "import"]
    # Names in this file are one space; what they are called in the state is `logicalName`.
    parents = {f"component {each.team}": state.urns[COMPONENT, each.team] for each in imports if each.team}
    return {
        "nameTable": {"provider": state.urns[PROVIDER, "pagerduty"], **parents} if imports else {},
        "resources": [
            {
                "type": token(each.kind),
                "name": f"{each.kind} {each.key}",
                "logicalName": each.key,
                "id": each.id,
                "provider": "provider",
                **({"parent": f"component {each.team}"} if each.team else {}),
            }
            for each in imports
        ],
    }


def without_pending_creates(export: Json) -> dict[str, Any]:
    """Return the state with the creates of unknown end forgotten: each has been looked for."""
    deployment = dict(export["deployment"])
    deployment["pending_operations"] = [
        each for each in deployment.get("pending_operations") or () if not _is_create(each)
    ]
    return {**export, "deployment": deployment}


def not_looked_for(state: Recorded) -> tuple[tuple[str, str], ...]:
    """Return the pending creates of PagerDuty kinds that stand in no list of names: a person may want to look."""
    handled = {token(each.kind) for each in FINDABLE} | {token(kind) for kind in (INTEGRATION, *BY_ITSELF)}
    return tuple(each for each in state.pending if each[0].startswith("pagerduty:") and each[0] not in handled)
