"""What is published of a lottery, and to whom: the list for all, the features for auditors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partizipation_buergerrat.public.canonical import canonical, digest
from partizipation_buergerrat.public.pseudonyms import Vault, leaf

if TYPE_CHECKING:
    from partizipation_buergerrat.public.protocol import Protocol
    from partizipation_buergerrat.sortition.lottery import Lottery
    from partizipation_buergerrat.sortition.people import Person
    from partizipation_buergerrat.sortition.plain import PlainLottery

__all__ = ["Publication", "is_pool", "pool_digest", "publish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The files of a draw.

    Args:
        panels: for all: pseudonyms, the panels as numbers of pseudonyms, and how often each sits.
        pool: for auditors: pseudonym → features with a salt, and the hash of both.
        claims: what the commitment says about them.
    """

    panels: str
    pool: dict[str, dict[str, Any]]
    claims: dict[str, Any]


def publish(lottery: Lottery | PlainLottery, vault: Vault) -> Publication:
    """Write a lottery under pseudonyms.

    Args:
        lottery: numbered panels.
        vault: a nonce for everybody in the pool.
    """
    problem = lottery.problem
    names = {person.id: vault.pseudonym(person.id) for person in problem.pool}
    panels = _panels(lottery, names)
    pool = _pool(lottery, vault, names)
    return Publication(
        panels=panels,
        pool=pool,
        claims={
            "seats": problem.seats,
            "quotas": [
                [q.category, q.feature, q.least, q.most] for q in problem.categories.quotas
            ],
            "people": len(names),
            "panels": len(lottery.panels),
            "panels_sha256": digest(panels),
            "pool_sha256": pool_digest(pool),
            "one_per_household": problem.one_per_household,
            "objective": lottery.objective,
            "minimum_panels": min(lottery.counts.values()),
            "deviation_millionths": round(lottery.deviation * 1_000_000),
            "gap_millionths": round(lottery.gap * 1_000_000),
            "proof": _proof(lottery, names),
        },
    )


def _panels(lottery: Lottery | PlainLottery, names: Mapping[str, str]) -> str:
    people = sorted(names.values())
    places = {name: number for number, name in enumerate(people)}
    counts = {names[id_]: count for id_, count in lottery.counts.items()}
    return canonical(
        {
            "people": people,
            "counts": [counts[name] for name in people],
            "panels": [sorted(places[names[id_]] for id_ in panel) for panel in lottery.panels],
        }
    )


def _pool(
    lottery: Lottery | PlainLottery, vault: Vault, names: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    homes = _homes(lottery.problem.pool, names)
    pool = {}
    factors = _factors(lottery)
    for person in lottery.problem.pool:
        row = {
            "salt": vault.salt(person.id),
            "features": list(person.features),
            "household": homes.get(person.household, ""),
            "cuts": [each.get(person.id, 0) for each in factors],
        }
        name = names[person.id]
        pool[name] = {**row, "leaf": leaf(name, row)}
    return dict(sorted(pool.items()))


def _homes(pool: Iterable[Person], names: Mapping[str, str]) -> dict[str, str]:
    """Give households numbers in the order of their first pseudonym."""
    first: dict[str, str] = {}
    for person in sorted(pool, key=lambda person: names[person.id]):
        if person.household and person.household not in first:
            first[person.household] = f"h{len(first) + 1}"
    return first


def _factors(lottery: Lottery | PlainLottery) -> list[dict[str, int]]:
    """Return for each cut that bears a price: identifier → factor, where it is not 0."""
    chances = lottery.chances
    if chances is None:
        return []
    return [
        {
            member: factor
            for kind, factor in zip(chances.kinds.items, cut.factors, strict=True)
            for member in (kind.members if factor else ())
        }
        for cut, price in zip(chances.cuts, chances.proof.cut_prices, strict=True)
        if price
    ]


def _proof(lottery: Lottery | PlainLottery, names: Mapping[str, str]) -> dict[str, Any]:
    chances = lottery.chances
    if chances is None:
        nothing = [0] * len(lottery.problem.categories.quotas)
        return {"seats": 0, "quotas": nothing, "households": {}, "cuts": [], "bound": [1, 1]}
    proof = chances.proof
    homes = _homes(chances.problem.pool, names)
    seats = 0
    quotas: list[int] = []
    households: dict[str, int] = {}
    looks = list(chances.kinds.homes.values())
    for row, price in zip(chances.kinds.rows, proof.prices, strict=True):
        category, number = row.label
        if category:
            quotas.append(price)
        elif not number:
            seats = price
        elif price:
            households |= {homes[home[0].household]: price for home in looks[int(number)]}
    cuts = zip(chances.cuts, proof.cut_prices, strict=True)
    return {
        "seats": seats,
        "quotas": quotas,
        "households": households,
        "cuts": [[cut.most, price] for cut, price in cuts if price],
        "bound": [proof.bound.numerator, proof.bound.denominator],
    }


def pool_digest(pool: Mapping[str, Mapping[str, Any]]) -> str:
    """Hash the auditors' file by its leaves, which stay when a person is erased.

    Args:
        pool: pseudonym → row.
    """
    return digest(canonical([[name, row["leaf"]] for name, row in sorted(pool.items())]))


def is_pool(pool: Any, protocol: Protocol) -> bool:
    """Tell whether an auditors' file is the one that the last draw was committed to.

    Args:
        pool: pseudonym → row; of who was erased the hash alone is left.
        protocol: with a draw.
    """
    _, drawn = protocol.last("draw")
    said = dict(protocol.entries())[drawn["commitment"]]
    try:
        return bool(pool_digest(pool) == said["pool_sha256"] and all(map(_whole, pool.items())))
    except (AttributeError, KeyError, TypeError):
        return False


def _whole(entry: tuple[str, dict[str, Any]]) -> bool:
    """Tell whether what auditors see of a person is what was committed to, or erased."""
    name, row = entry
    bare = {key: part for key, part in row.items() if key != "leaf"}
    return not bare or leaf(name, bare) == row["leaf"]
