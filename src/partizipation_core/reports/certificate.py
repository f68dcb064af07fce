"""The certificate of a result (Ergebnisurkunde): what was counted, from what, by which rules.

It is canonical JSON, so its bytes are the same wherever it is written, and whoever keeps it can
have the vote counted again from an export and compare; see `reports.verification`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Self

from attrs import asdict, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import NotFound
from partizipation_core.execution.resulting import counted_events
from partizipation_core.formats.definition import Definition
from partizipation_core.freezing import as_mapping
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.calendar import BallotClosed
from partizipation_core.kernel.results.vote_result import VoteResult
from partizipation_core.serialization import canonical, parse
from partizipation_core.store.journal import Recorded, digest_of

__all__ = ["FORMAT", "Certificate", "box_of", "certify", "inputs_digest", "rules_of"]

FORMAT = "partizipation/certificate/1"
"""Name and version of the form."""

_SLOTS = ("eligibility", "ballot", "count", "tie", "majority", "quorum", "resolution", "shortlist")


@frozen(kw_only=True)
class Certificate:
    """What a certificate says; every value is plain data.

    Args:
        municipality: whose vote it was.
        procedure: in which procedure.
        vote: which vote.
        revision: which of its results, from 1.
        issued_at: when the certificate was made.
        format: key of the format.
        versions: distribution → version of all that the procedure pinned.
        rules: slot → pinned rules as ``name@version``.
        settings: the pinned settings.
        box: number of ballots and Merkle root of the box when it closed.
        beside: votes that are not in the box: channel, fate, validity, number.
        inputs: SHA-256 over the box, the turnout and all totals.
        seed: digits drawn in public, empty where no lot was needed.
        result: the numbers, as `VoteResult.to_data` writes them.
        protocol: the protocol of the count; None for a show of hands.
        journal: number and digest of the journal line that holds the result.
    """

    municipality: str
    procedure: str
    vote: str
    revision: int
    issued_at: Instant
    format: str
    versions: Mapping[str, str] = field(converter=as_mapping)
    rules: Mapping[str, Sequence[str]] = field(converter=as_mapping)
    settings: Mapping[str, Any] = field(converter=as_mapping)
    box: Mapping[str, Any] = field(converter=as_mapping)
    beside: Sequence[Mapping[str, Any]]
    inputs: str
    seed: str
    result: Mapping[str, Any] = field(converter=as_mapping)
    protocol: Mapping[str, Any] | None
    journal: Mapping[str, Any] = field(converter=as_mapping)

    def to_bytes(self) -> bytes:
        """Write it as the one sequence of bytes that stands for it."""
        told = {name: _plain(getattr(self, name)) for name in _FIELDS}
        return canonical({"form": FORMAT, **told})

    @property
    def digest(self) -> str:
        """SHA-256 over its bytes, hexadecimal: what people compare."""
        return sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: it is another form, or none.
        """
        data = parse(body)
        if not isinstance(data, dict) or data.pop("form", None) != FORMAT:
            msg = f"this is no certificate of the form {FORMAT}"
            raise ValueError(msg)
        if odd := set(data) ^ set(_FIELDS):
            msg = f"a certificate has other fields: {', '.join(sorted(odd))}"
            raise ValueError(msg)
        return cls(**data)


_FIELDS = (
    "municipality",
    "procedure",
    "vote",
    "revision",
    "issued_at",
    "format",
    "versions",
    "rules",
    "settings",
    "box",
    "beside",
    "inputs",
    "seed",
    "result",
    "protocol",
    "journal",
)


def _plain(value: Any) -> Any:
    """Thaw what is frozen, so that it can be written."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def certify(
    handle: ProcedureHandle, vote: str, *, issued_at: Instant, revision: int = 0
) -> Certificate:
    """Make the certificate of a published result.

    Args:
        handle: the procedure.
        vote: which vote.
        issued_at: when it is made.
        revision: which of its results, from 1; 0 for the one that is valid.

    Raises:
        NotFound: there is no such vote or revision.
        Refused: the result is not public yet.
    """
    results = handle.vote_results(vote)
    if not 0 <= revision <= len(results):
        raise NotFound(f"vote {vote!r} has {len(results)} results, not {revision}")
    result = results[revision - 1]
    definition, recorded = handle.definition(), handle.journal()
    box = box_of(recorded, vote)
    return Certificate(
        municipality=handle.municipality,
        procedure=handle.ref,
        vote=vote,
        revision=result.revision,
        issued_at=issued_at,
        format=definition.format,
        versions=_versions(definition),
        rules=rules_of(definition, vote),
        settings=dict(definition.settings),
        box=box,
        beside=[asdict(one) for one in handle.reconciliation(vote).beside],
        inputs=inputs_digest(box, result),
        seed=result.seed,
        result=result.to_data(),
        protocol=result.count.to_data() if result.count else None,
        journal=_place(handle, recorded, result),
    )


def box_of(recorded: Sequence[Recorded], vote: str) -> dict[str, Any]:
    """Return what the journal says a box held when it closed for the last time."""
    closed = [one.event for one in recorded if isinstance(one.event, BallotClosed)]
    last = next((event for event in reversed(closed) if event.vote == vote), None)
    return {"ballots": last.ballots, "root": last.root} if last else {"ballots": 0, "root": ""}


def inputs_digest(box: Mapping[str, Any], result: VoteResult) -> str:
    """Return SHA-256 over all that a result was counted from.

    Args:
        box: number of ballots and root.
        result: its turnout and votes by channel are the totals.
    """
    told = result.to_data()
    totals = {line.item: dict(line.channels) for line in result.lines}
    return sha256(
        canonical({"box": dict(box), "turnout": told["turnout"], "totals": totals})
    ).hexdigest()


def rules_of(definition: Definition, vote: str) -> dict[str, list[str]]:
    """Return the pinned rules that had a say in a vote: slot → ``name@version``."""
    stage = vote.partition(".")[0]
    found = {
        slot: definition.rules.get(f"{stage}.{slot}", definition.rules.get(slot, ()))
        for slot in _SLOTS
    }
    return {slot: list(refs) for slot, refs in found.items() if refs}


def _versions(definition: Definition) -> dict[str, str]:
    own = {definition.distribution: definition.version}
    parts = (origin.rpartition(" ") for origin in definition.origins.values())
    return {**{name or version: version for name, _, version in parts}, **own}


def _place(
    handle: ProcedureHandle, recorded: Sequence[Recorded], result: VoteResult
) -> dict[str, Any]:
    """Return number and digest of the line that holds the numbers of a result."""
    events = counted_events([one.event for one in recorded], result.vote)
    told = events[result.revision - 1] if events else recorded[-1].event
    seq = next(one.seq for one in recorded if one.event is told)
    bodies = list(handle.journal_lines())
    return {"seq": seq, "digest": digest_of(bodies[seq - 1].rstrip(b"\n")).hex()}
