"""Verification: a certificate against an export, by counting again what it was counted from.

The export is the journal, line by line, and the ballots with what opens their commitments. No
database is needed, and nothing that the certificate says is taken for granted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, evolve, frozen

from partizipation_core.counting import Result
from partizipation_core.errors import PartizipationError
from partizipation_core.execution.loading import bare_context
from partizipation_core.execution.request import TIME
from partizipation_core.execution.resulting import counted_events, hands_until
from partizipation_core.kernel.ballot import CountBallots, counted
from partizipation_core.kernel.ballots.sheet import Sheet
from partizipation_core.kernel.calendar import BallotClosed
from partizipation_core.kernel.channels.reconciliation import Aside, reconciled
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.results.composing import Held, compose
from partizipation_core.kernel.results.figures import Absence
from partizipation_core.kernel.state import World
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import Pinned, unpin
from partizipation_core.replay import Check, as_counted, definition_of, replay
from partizipation_core.reports.certificate import Certificate, box_of, inputs_digest, rules_of
from partizipation_core.serialization import canonical, parse
from partizipation_core.store.counts import Opened
from partizipation_core.store.journal import Codec, Line, Recorded, check_chain, digest_of
from partizipation_core.store.merkle import leaf_hash, root

__all__ = ["ballot_lines", "read_ballots", "verify"]


def ballot_lines(ballots: Iterable[Opened]) -> Iterator[bytes]:
    """Write opened ballots as NDJSON, one canonical line each: for auditors alone."""
    for one in ballots:
        yield canonical({**asdict(one), "choices": dict(one.choices)}) + b"\n"


def read_ballots(lines: Iterable[bytes]) -> list[Opened]:
    """Read what `ballot_lines` wrote.

    Raises:
        ValueError: a line is damaged.
    """
    try:
        return [Opened(**parse(line)) for line in lines if line.strip()]
    except TypeError as error:
        msg = f"this is no list of opened ballots: {error}"
        raise ValueError(msg) from error


def verify(
    certificate: Certificate,
    journal: Iterable[bytes],
    ballots: Sequence[Opened],
    host: PluginHost,
) -> tuple[Check, ...]:
    """Check a certificate against an export.

    The journal's chain must hold and contain the line that the certificate names; every ballot
    must be the one that was committed to, and all together those of the closed box; counted
    again by the pinned rules they must give the same protocol and the same numbers.

    Args:
        certificate: what is claimed.
        journal: its lines as they were exported.
        ballots: the opened ballots of the vote.
        host: the plugins that hold the pinned rules.
    """
    lines = _lines(journal)
    faults = [*check_chain(lines), *_named_line(certificate, lines)]
    if faults:
        return (Check("chain", len(lines), faults),)
    try:
        export = _read(certificate, lines, ballots, host)
        results = list(_results(export))
    except (PartizipationError, LookupError) as error:
        return (Check("chain", len(lines), (f"cannot be read: {error}",)),)
    return (
        Check("chain", len(lines)),
        Check("box", len(ballots), _box(export)),
        Check("result", 1, results),
    )


@frozen
class _Export:
    """An export, read once."""

    certificate: Certificate
    recorded: Sequence[Recorded]
    ballots: Sequence[Opened]
    pinned: Pinned


def _lines(journal: Iterable[bytes]) -> list[Line]:
    bodies = [one.rstrip(b"\n") for one in journal if one.strip()]
    return [Line(seq, body, digest_of(body)) for seq, body in enumerate(bodies, start=1)]


def _named_line(certificate: Certificate, lines: Sequence[Line]) -> Iterator[str]:
    seq = int(certificate.journal["seq"])
    found = lines[seq - 1].digest.hex() if 0 < seq <= len(lines) else ""
    if found != certificate.journal["digest"]:
        yield f"line {seq} is not the one that the certificate was made from"


def _read(
    certificate: Certificate, lines: Sequence[Line], ballots: Sequence[Opened], host: PluginHost
) -> _Export:
    codec = Codec(host.event_kinds(), host.installed)
    recorded = [codec.read(line) for line in lines]
    pinned = unpin(host.registry, definition_of(recorded))
    return _Export(certificate, recorded, ballots, pinned)


def _box(export: _Export) -> Iterator[str]:
    told, vote = export.certificate.box, export.certificate.vote
    for one in export.ballots:
        body = canonical(dict(sorted(one.choices.items())))
        if leaf_hash(bytes.fromhex(one.nonce) + body).hex() != one.commitment:
            yield f"ballot {one.commitment[:16]}… is not what was committed to"
    leaves = sorted(bytes.fromhex(one.commitment) for one in export.ballots)
    found = {"ballots": len(leaves), "root": root(leaves) if told["root"] else ""}
    if found != dict(told):
        yield f"{len(leaves)} ballots, and the box of the certificate is another one"
    beside = sum(one["number"] for one in export.certificate.beside)
    if beside != _beside(export):
        yield f"{beside} votes beside the box, and the journal closed it with another number"
    if box_of(export.recorded, vote) != dict(told):
        yield "the journal closed another box than the certificate says"


def _beside(export: _Export) -> int:
    """Return how many votes beside the box the journal swore to at the last close."""
    events = (one.event for one in export.recorded)
    closed = [one for one in events if isinstance(one, BallotClosed)]
    return next((one.aside for one in reversed(closed) if one.vote == export.certificate.vote), 0)


def _results(export: _Export) -> Iterator[str]:
    """Count again, and say what the certificate tells otherwise."""
    told = export.certificate
    held = _held(export)
    definition, settings = export.pinned.definition, export.pinned.settings
    found = compose(held, definition, settings)
    if rules_of(definition, told.vote) != {k: list(v) for k, v in told.rules.items()}:
        yield "the rules that were pinned are other ones"
    protocol = found.count.to_data() if found.count else None
    if _same(protocol) != _same(told.protocol):
        yield "counted again, the protocol is another one"
    if _numbers(found.to_data()) != _numbers(told.result):
        yield "counted again, the numbers are other ones"
    if inputs_digest(told.box, found) != told.inputs:
        yield "it was counted from other totals"


def _held(export: _Export) -> Held:
    """Lay the vote out again as it was held, with the count done once more."""
    told, recorded = export.certificate, export.recorded
    events = counted_events([one.event for one in recorded], told.vote)
    if not events:
        msg = "it holds no count of ballots"
        raise LookupError(msg)
    event = events[told.revision - 1]
    seq = next(one.seq for one in recorded if one.event is event)
    world = as_counted(event, replay(recorded[: seq - 1]))
    until = replay(recorded[:seq])
    register = until.opened.registers.get(told.vote, Register())
    roll = until.opened.electorates.get(told.vote)
    return Held(
        vote=told.vote,
        paper=until.opened.papers[told.vote],
        ballots=[(one.channel, one.choices) for one in export.ballots],
        hands=hands_until(event, [one.event for one in recorded], told.vote),
        present=until.opened.attendance.get(told.vote),
        items=until.items,
        result=_recount(export, world, event.seed),
        eligible=roll.entries if roll is not None else Absence.NOT_RECORDED,
        numbers=reconciled(
            told.vote,
            Counter(one.channel for one in export.ballots),
            [Aside(**one) for one in told.beside],
            {},
            register,
        ),
        totals=tuple(register.totals()),
        batches=register.batches,
        unticked=register.unticked,
        printed=until.opened.sheets.get(told.vote, Sheet()).budget,
    )


def _recount(export: _Export, world: World, seed: str) -> Result:
    context = bare_context(export.pinned, world, TIME, export.certificate.issued_at)
    context = evolve(context, ballots=[one.choices for one in export.ballots])
    command = CountBallots(vote=export.certificate.vote, seed=seed)
    return Result.from_data(counted(command, context).result)


def _numbers(result: Mapping[str, Any]) -> bytes:
    """Return what a result says in numbers; titles may change and standing is not counted."""
    lines = [{k: v for k, v in line.items() if k != "title"} for line in result["lines"]]
    kept = ("turnout", "shares", "rule", "budget", "rest", "printed", "ties")
    return canonical({"lines": lines, **{name: result[name] for name in kept}})


def _same(protocol: Mapping[str, Any] | None) -> bytes:
    """Return a protocol without titles: they are texts of people, and may have been erased."""
    if protocol is None:
        return canonical(None)
    fates = [{k: v for k, v in one.items() if k != "name"} for one in protocol["fates"]]
    return canonical({**protocol, "fates": fates})
