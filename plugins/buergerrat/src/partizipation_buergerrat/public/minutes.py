"""The Losprotokoll as people read it: the same lines, told in German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from partizipation_buergerrat.texts import say

if TYPE_CHECKING:
    from partizipation_buergerrat.public.protocol import Protocol

__all__ = ["minutes"]

_Entry = Mapping[str, Any]
_BY_HAND = ("pots", "simple")


def minutes(protocol: Protocol, lang: str = "de") -> str:
    """Tell a protocol in sentences, one section for each thing that happened.

    Args:
        protocol: what happened.
        lang: the reader's language.
    """
    parts = [f"# {say('protocol.title', {}, lang)}"]
    for hash_, entry in protocol.entries():
        heading = say(f"protocol.{entry['kind']}", entry, lang)
        lines = [line for line in _SECTIONS[entry["kind"]](entry, lang) if line]
        end = say("protocol.hash", {"hash": hash_}, lang)
        parts.append("\n".join([f"## {entry['number']}. {heading}", "", *lines, end]))
    return "\n\n".join(parts) + "\n"


def _commitment(entry: _Entry, lang: str) -> list[str]:
    proof = entry["proof"]["bound"]
    params = dict(entry) | {
        "objective": say(f"protocol.objective_{entry['objective']}", {}, lang),
        "bound": f"{100 * proof[0] / proof[1]:.4f}".replace(".", ","),
        "smallest": f"{100 * entry['minimum_panels'] / entry['panels']:.2f}".replace(".", ","),
        "software": ", ".join(f"{name} {version}" for name, version in entry["tool"].items()),
    }
    lines = [
        say(f"protocol.{code}", params, lang)
        for code in ("task", "list", "pool", "method", _claim(entry), "software")
    ]
    lines.append(_source(entry["source"], lang))
    lines += [
        say("protocol.quota", {"category": c, "feature": f, "least": low, "most": high}, lang)
        for c, f, low, high in entry["quotas"]
    ]
    lines += [say("protocol.fixed", {"who": who}, lang) for who in entry["fixed"]]
    return lines + [say("protocol.overridden", each, lang) for each in entry["overridden"]]


def _claim(entry: _Entry) -> str:
    """Name the sentence about the proof; draws by hand claim none."""
    return "no_proof" if entry["objective"] in _BY_HAND else "proof"


def _source(said: _Entry, lang: str) -> str:
    params = dict(said) | {"parties": [party["name"] for party in said.get("parties", ())]}
    text = say(f"protocol.source_{said['kind']}", params, lang)
    if said["kind"] == "reveal":
        text += " " + say("protocol.fallback", {"source": _source(said["fallback"], lang)}, lang)
    return text


def _draw(entry: _Entry, lang: str) -> list[str]:
    params = dict(entry) | {"witnesses": ", ".join(entry["witnesses"]) or "–"}
    lines = [say(f"protocol.{code}", params, lang) for code in ("value", "witnesses", "index")]
    return lines + [f"- {name}" for name in entry["panel"]]


def _cancelled(entry: _Entry, lang: str) -> list[str]:
    return [say("protocol.reason", entry, lang)]


def _alternates(entry: _Entry, lang: str) -> list[str]:
    names = [f"{number}. {name}" for number, name in enumerate(entry["order"], start=1)]
    return [say("protocol.order", {"people": len(names)}, lang), *names]


def _replacement(entry: _Entry, lang: str) -> list[str]:
    told = [say("protocol.moved_up", entry, lang)]
    if entry["declined"]:
        told.append(say("protocol.declined", {"names": ", ".join(entry["declined"])}, lang))
    return told + ([say("protocol.missed", entry, lang)] if entry["missed"] else [])


def _erasure(entry: _Entry, lang: str) -> list[str]:
    return [say("protocol.forgotten", entry, lang)]


_SECTIONS = {
    "commitment": _commitment,
    "draw": _draw,
    "cancelled": _cancelled,
    "alternates": _alternates,
    "replacement": _replacement,
    "erasure": _erasure,
}
