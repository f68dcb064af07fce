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
_NOTHING = "–"
_SUMS = frozenset(
    {
        *("pot", "cap", "min_total", "max_total", "area_budgets", "category_budgets", "amount"),
        *("binding_up_to", "soft_cap", "least", "smallest_pledge", "max_per_backer", "prizes"),
        *("largest_goal", "least_start_level", "minimum", "raised"),
        *("per_pledge", "per_campaign", "per_person"),
    }
)
_KEYS = {
    "area_budgets": "area",
    "area_quotas": "area",
    "category_budgets": "category",
    "category_quotas": "category",
    "channel_strength": "channel",
    "identity": "channel",
    "least_strength": "command",
    "list_places": "category",
    "other_seats": "group",
    "votes": "stage",
    "winners": "person",
}
"""What the keys of a setting are that has an entry for each of something."""

_CHOICES = {
    "assembly_methods": "method",
    "belongs_by": "way",
    "channel_strength": "strength",
    "channels": "channel",
    "excluded_costs": "cost_type",
    "least_strength": "strength",
    "modes": "mode",
    "proven_facts": "fact",
    "sponsors": "sponsor",
    "unnamed": "channel",
}
"""Settings whose choices have a name that others know, too."""


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
        yield f"  {_slot(slot, word)}: {', '.join(refs)}"
    yield word.sentence("minutes.settings")
    for name, value in sorted(told.settings.items()):
        if (told_value := _setting(value, name, word)) != _NOTHING:
            yield f"  {word.label('setting', name)}: {told_value}"
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


def _slot(slot: str, word: Wording) -> str:
    return _of_stage(slot, "slot", word)


def _of_stage(code: str, kind: str, word: Wording) -> str:
    """Name what may be of a single stage, which it has before a dot then."""
    stage, _, name = code.rpartition(".")
    own = f" ({word.label('vote', stage)})" if stage else ""
    return f"{word.label(kind, name)}{own}"


def _setting(value: Any, name: str, word: Wording) -> str:
    """Write a setting; what says nothing is left out by the caller."""
    if isinstance(value, Mapping):
        told = [_entry(key, one, name, word) for key, one in sorted(value.items())]
        return "; ".join(one for one in told if one) or _NOTHING
    if isinstance(value, list | tuple):
        return ", ".join(_setting(one, name, word) for one in value) or _NOTHING
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return word.sentence("minutes.yes" if value else "minutes.no")
    if isinstance(value, int):
        return word.money(value) if name in _SUMS else str(value)
    return _choice(value, name, word)


def _entry(key: str, value: Any, name: str, word: Wording) -> str:
    """Write what is set of something, or below a setting; nothing where that says nothing."""
    kind = _KEYS.get(name)
    if kind is None:
        heading, of = word.label("setting", key), key
    else:
        heading, of = (
            _of_stage(key, kind, word) if kind == "command" else word.label(kind, key),
            name,
        )
    told = _setting(value, "" if isinstance(value, Mapping) and kind else of, word)
    return "" if told == _NOTHING else f"{heading}: {told}"


def _choice(code: str, name: str, word: Wording) -> str:
    """Write a choice; what it was made with, such as a fraction, stands behind it in brackets."""
    plain, bracket, more = code.partition("(")
    kind = _CHOICES.get(name, name)
    if bracket and word.find(f"{kind}.{plain}"):
        return f"{word.label(kind, plain)} ({more}"
    return word.label(kind, code)
