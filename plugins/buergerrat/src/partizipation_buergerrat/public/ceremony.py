"""What may happen in a public draw (Verlosung), and what the protocol then says.

Commit to everything before the event, draw exactly once after it, never choose again. Whoever
drops out is replaced by the first alternate in the drawn order who keeps the quotas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from partizipation_buergerrat.public.instants import checked
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.publication import Publication
from partizipation_buergerrat.public.sources import announce, index_of, value_of
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import Conflict, InputError, Refused
from partizipation_core.values import Objection

__all__ = [
    "alternates",
    "cancel",
    "commit",
    "draw",
    "erased",
    "on_call",
    "replace",
    "sitting",
    "waiting",
]

_Entry = Mapping[str, Any]


def commit(  # noqa: PLR0913 - each belongs into the protocol
    protocol: Protocol,
    publication: Publication,
    *,
    procedure: str,
    now: str,
    source: _Entry,
    tool: Mapping[str, str],
    overridden: Sequence[Mapping[str, str]] = (),
    fixed: Sequence[str] = (),
) -> Protocol:
    """Commit to a lottery and to the event that will decide it.

    Args:
        protocol: so far.
        publication: the files.
        procedure: which one; separates its chance from that of others.
        now: the instant, such as ``2026-11-22T18:00:00Z``.
        source: the announced source of chance, see `announce`.
        tool: names and versions of what made the panels.
        overridden: warnings that somebody answered for, each with code, text and reason.
        fixed: seats given without a lot, each as it may be told.

    Raises:
        Conflict: another commitment is still open.
        InputError: the procedure has no name, or the announcement is incomplete, or its event is
            not in the future.
    """
    protocol.must_be_free()
    if not procedure.strip():
        raise wrong(InputError, "draw.procedure_missing")
    said = announce(source, panels=publication.claims["panels"], now=now)
    return protocol.append(
        "commitment",
        {
            **publication.claims,
            "procedure": procedure,
            "at": checked(now),
            "source": said,
            "tool": dict(tool),
            "overridden": [dict(each) for each in overridden],
            "fixed": list(fixed),
        },
    )


def cancel(protocol: Protocol, *, reason: str, now: str) -> Protocol:
    """Take a commitment back; it stays in the protocol, and so does the reason.

    Args:
        protocol: so far.
        reason: why.
        now: the instant.

    Raises:
        InputError: there is no reason.
        NotFound: nothing is committed to.
    """
    if not reason.strip():
        raise wrong(InputError, "draw.reason_missing")
    hash_, _ = protocol.open_commitment()
    body = {"commitment": hash_, "at": checked(now), "reason": reason.strip()}
    return protocol.append("cancelled", body)


def draw(
    protocol: Protocol,
    panels: Mapping[str, Any],
    *,
    raw: object,
    now: str,
    witnesses: Sequence[str],
) -> Protocol:
    """Draw the panel: once, by the announced event, after it.

    Args:
        protocol: so far.
        panels: the published list, as data.
        raw: what the source said.
        now: the instant.
        witnesses: who saw it.

    Raises:
        InputError: the value is not of the announced form, or it is too early.
        NotFound: nothing is committed to.
    """
    hash_, entry = protocol.open_commitment()
    if checked(now) < entry["source"]["at"]:
        raise wrong(InputError, "draw.too_early", at=entry["source"]["at"])
    value = value_of(entry["source"], raw)
    index = index_of(
        entry["source"],
        value,
        panels=entry["panels"],
        procedure=entry["procedure"],
        commitment=hash_,
    )
    drawn = [panels["people"][place] for place in panels["panels"][index]]
    return protocol.append(
        "draw",
        {
            "commitment": hash_,
            "at": now,
            "value": value,
            "index": index,
            "panel": drawn,
            "witnesses": list(witnesses),
        },
    )


def alternates(protocol: Protocol, panels: Mapping[str, Any]) -> Protocol:
    """Put all others into the order in which they are asked, by the value of the same event.

    Args:
        protocol: so far, with a draw.
        panels: the published list, as data.
    """
    hash_, entry = protocol.last("draw")
    if any(
        each["kind"] == "alternates" and each["draw"] == hash_ for _, each in protocol.entries()
    ):
        raise wrong(Conflict, "draw.alternates_there")
    commitment = dict(protocol.entries())[entry["commitment"]]
    seed = f"{entry['commitment']}/{entry['value']}"
    others = sorted(set(panels["people"]) - set(entry["panel"]))
    order = Stream(f"alternates/{commitment['procedure']}", seed).shuffled(others)
    return protocol.append("alternates", {"draw": hash_, "order": order})


def on_call(
    order: Sequence[str], pool: Mapping[str, _Entry], needed: Mapping[tuple[int, str], int]
) -> tuple[str, ...]:
    """Return how many alternates to keep in readiness: the first ones until every loss is covered.

    Args:
        order: the alternates in their order.
        pool: the auditors' file.
        needed: number of the category and feature → how many are expected to drop out.
    """
    left = {each: count for each, count in needed.items() if count > 0}
    for number, name in enumerate(order):
        if not left:
            return tuple(order[:number])
        for place, feature in enumerate(pool[name].get("features", ())):
            if (place, feature) in left:
                left[place, feature] -= 1
        left = {each: count for each, count in left.items() if count > 0}
    return tuple(order)


def sitting(protocol: Protocol) -> tuple[str, ...]:
    """Return who has a seat now, after all replacements.

    Args:
        protocol: with a draw.
    """
    hash_, entry = protocol.last("draw")
    seats = set(entry["panel"])
    for _, each in protocol.entries():
        if each["kind"] == "replacement" and each["draw"] == hash_:
            seats = (seats - {each["leaving"]}) | {each["entering"]}
    return tuple(sorted(seats))


def waiting(protocol: Protocol) -> tuple[str, ...]:
    """Return who may still move up, in the drawn order: neither seated, left nor declined.

    Args:
        protocol: with a draw and its alternates.
    """
    gone = _used(protocol, protocol.last("draw")[0])
    return tuple(name for name in protocol.last("alternates")[1]["order"] if name not in gone)


def replace(  # noqa: PLR0913 - each belongs into the protocol
    protocol: Protocol,
    pool: Mapping[str, _Entry],
    *,
    leaving: str,
    declined: Iterable[str] = (),
    now: str,
    override: str = "",
) -> Protocol:
    """Give the seat of somebody who drops out to the first alternate who keeps the quotas.

    Nobody else's seat is touched. Whoever shares a household with somebody seated is passed over.

    Args:
        protocol: with a draw and its alternates.
        pool: the auditors' file.
        leaving: pseudonym of who drops out.
        declined: alternates who were asked and refused, or cannot be reached.
        now: the instant.
        override: why quotas may be missed, if nobody keeps them; the fewest seats are missed then.

    Raises:
        InputError: that person has no seat.
        Refused: no alternate keeps the quotas, and nobody answers for missing them.
    """
    hash_, _ = protocol.last("draw")
    gone = frozenset(declined)
    entering, fewest = _next(protocol, pool, leaving, gone)
    if fewest and not override.strip():
        raise _nobody(leaving)
    return protocol.append(
        "replacement",
        {
            "draw": hash_,
            "at": checked(now),
            "leaving": leaving,
            "entering": entering,
            "declined": sorted(gone),
            "missed": fewest,
            "override": override.strip() if fewest else "",
        },
    )


def _next(
    protocol: Protocol, pool: Mapping[str, _Entry], leaving: str, declined: frozenset[str]
) -> tuple[str, int]:
    """Choose the first alternate who misses the fewest seats of quotas, and tell how many."""
    hash_, entry = protocol.last("draw")
    commitment = dict(protocol.entries())[entry["commitment"]]
    seats = sitting(protocol)
    if leaving not in seats:
        raise wrong(InputError, "draw.no_seat", person=leaving)
    staying = [name for name in seats if name != leaving]
    gone = _used(protocol, hash_) | declined
    able = [
        (missed(commitment, pool, [*staying, name]), number, name)
        for number, name in enumerate(protocol.last("alternates")[1]["order"])
        if name not in gone and _lives_apart(commitment, pool, name, staying)
    ]
    if not able:
        raise _nobody(leaving)
    fewest, _, name = min(able)
    return name, fewest


def _nobody(leaving: str) -> Refused:
    return Refused("Replace", [Objection(code="draw.no_alternate", params={"leaving": leaving})])


def _used(protocol: Protocol, draw_hash: str) -> set[str]:
    used: set[str] = set()
    for _, entry in protocol.entries():
        if entry["kind"] == "replacement" and entry["draw"] == draw_hash:
            used |= {entry["leaving"], entry["entering"], *entry["declined"]}
    return used


def missed(commitment: _Entry, pool: Mapping[str, _Entry], panel: Iterable[str]) -> int:
    """Count by how many seats a panel misses the quotas altogether.

    Args:
        commitment: with the quotas.
        pool: the auditors' file; who was erased counts for nothing.
        panel: pseudonyms.
    """
    categories = list(dict.fromkeys(category for category, *_ in commitment["quotas"]))
    rows = [pool[name].get("features") for name in panel]
    off = 0
    for category, feature, least, most in commitment["quotas"]:
        place = categories.index(category)
        count = sum(row is not None and row[place] == feature for row in rows)
        off += max(least - count, count - most, 0)
    return off


def _lives_apart(
    commitment: _Entry, pool: Mapping[str, _Entry], name: str, staying: Iterable[str]
) -> bool:
    home = pool[name].get("household", "")
    if "features" not in pool[name]:
        return False  # erased meanwhile
    return not (commitment["one_per_household"] and home) or all(
        pool[other].get("household") != home for other in staying
    )


def erased(
    protocol: Protocol, pool: Mapping[str, _Entry], names: Sequence[str], *, now: str
) -> tuple[Protocol, dict[str, dict[str, Any]]]:
    """Forget persons: only the hash of what was known about them stays.

    Args:
        protocol: so far.
        pool: the auditors' file.
        names: their pseudonyms; their nonces are to be destroyed as well, see `Vault.without`.
        now: the instant.

    Returns:
        The protocol, which tells how many were erased, and the file without them.
    """
    gone = set(names)
    left = {
        name: {"leaf": row["leaf"]} if name in gone else dict(row) for name, row in pool.items()
    }
    return protocol.append("erasure", {"at": checked(now), "people": len(gone)}), left
