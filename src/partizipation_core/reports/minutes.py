"""The minutes of a result (Niederschrift): a certificate as people read, check and sign it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from partizipation_core.reports.certificate import Certificate
from partizipation_core.texts.wording import Wording

__all__ = ["SIGNATURES", "minutes"]

SIGNATURES = ("counted_by", "certified_by", "witness")
"""Who signs: the one who counted, the one who certified, somebody who looked on."""

_LINE = "_" * 40
_SUMS = frozenset({"pot", "cap", "min_total", "max_total"})


def minutes(certificate: Certificate, wording: Wording) -> str:
    """Write a certificate as text with lines for the signatures.

    Args:
        certificate: what it says; every number is taken from it.
        wording: writes numbers, dates and sentences for the reader.
    """
    parts = (_head, _counted, _people, _numbers, _ties, _correction, _proof, _signatures)
    return "\n".join(line for part in parts for line in (*part(certificate, wording), "")) + "\n"


def _head(told: Certificate, word: Wording) -> Iterator[str]:
    yield word.sentence("minutes.title", {"vote": told.vote})
    yield word.sentence(
        "minutes.place",
        {"municipality": told.municipality, "procedure": told.procedure, "at": told.issued_at},
    )
    params = {"revision": told.revision, "result_status": told.result["status"]}
    yield word.sentence("minutes.status", params)


def _counted(told: Certificate, word: Wording) -> Iterator[str]:
    yield word.sentence("minutes.rules")
    for slot, refs in sorted(told.rules.items()):
        yield f"  {slot}: {', '.join(refs)}"
    yield word.sentence("minutes.settings")
    for name, value in sorted(told.settings.items()):
        yield f"  {name} = {word.money(value) if name in _SUMS and value else _setting(value)}"
    for name, version in sorted(told.versions.items()):
        yield word.sentence("minutes.version", {"name": name, "version": version})


def _people(told: Certificate, word: Wording) -> Iterator[str]:
    turnout = told.result["turnout"]
    yield word.sentence("page.eligible", {"eligible": _figure(turnout["eligible"], word)})
    for row in turnout["channels"]:
        params = {name: _figure(row[name], word) for name in ("cast", "valid", "blank", "invalid")}
        yield word.sentence("minutes.channel", {"channel": row["channel"], **params})


def _numbers(told: Certificate, word: Wording) -> Iterator[str]:
    shares = told.result["shares"]
    params = {**shares, "whole": _figure(shares["whole"], word)}
    yield word.sentence("page.share_base", params)
    if outside := told.result.get("outside"):
        yield word.sentence("page.counted_outside", outside)
    yield from _money(told.result, word)
    for place, line in enumerate(told.result["lines"], start=1):
        share = line["share"]
        told_share = word.share(share) if isinstance(share, int) else _figure(share, word)
        params = {
            "place": place,
            "title": line["title"] or line["item"],
            "item": line["item"],
            "votes": _figure(line["votes"], word),
            "share": told_share,
            "missing": _figure(line["missing"], word),
        }
        yield word.sentence("minutes.line", params)


def _money(result: Mapping[str, Any], word: Wording) -> Iterator[str]:
    sums = {name: result[name] for name in ("printed", "budget", "rest")}
    if isinstance(sums["budget"], int):
        yield word.sentence("minutes.money", sums)
        if isinstance(sums["printed"], int) and sums["printed"] != sums["budget"]:
            yield word.sentence("page.money_moved", sums)


def _ties(told: Certificate, word: Wording) -> Iterator[str]:
    titles = {line["item"]: line["title"] or line["item"] for line in told.result["lines"]}
    if not told.result["ties"]:
        yield word.sentence("page.ties_none")
    for tie in told.result["ties"]:
        params = {
            "members": ", ".join(titles[member] for member in tie["members"]),
            "score": str(tie["score"]),
            "decided_by": tuple(tie["decided_by"]),
        }
        yield word.sentence("tie.mattered" if tie["mattered"] else "tie.harmless", params)
    if told.seed:
        yield word.sentence("minutes.seed", {"seed": told.seed})


def _correction(told: Certificate, word: Wording) -> Iterator[str]:
    found = told.result["correction"]
    if found:
        yield word.sentence("page.corrected", {"reason": found["reason"]})
        if found["awards"]:
            yield word.sentence("page.awards_rest", {"items": ", ".join(found["awards"])})


def _proof(told: Certificate, word: Wording) -> Iterator[str]:
    yield word.sentence("minutes.box", {**told.box})
    yield word.sentence("minutes.inputs", {"inputs": told.inputs})
    yield word.sentence("minutes.journal", {**told.journal})
    yield word.sentence("minutes.digest", {"digest": told.digest})


def _signatures(_told: Certificate, word: Wording) -> Iterator[str]:
    for role in SIGNATURES:
        yield f"{_LINE}  {word.sentence(f'minutes.{role}')}"


def _figure(value: int | Mapping[str, str], word: Wording) -> str:
    return word.number(value) if isinstance(value, int) else word.label("absence", value["absent"])


def _setting(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_setting(one)}" for key, one in sorted(value.items())) or "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(_setting, value)) or "–"
    return "–" if value is None or value == "" else str(value)
