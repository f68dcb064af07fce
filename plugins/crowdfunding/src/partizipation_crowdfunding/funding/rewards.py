"""Rewards (Dankeschöns): what backers get, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import field, frozen
from attrs.validators import ge, min_len, optional

from partizipation_core.kernel.privacy.kinds import NOTHING, OWN_WORDS, Kind
from partizipation_core.values import Money, Objection

__all__ = ["FREE", "Reward", "reward_faults", "reward_objections"]

FREE = ""
"""Key that stands for no reward: a free amount."""


@frozen(kw_only=True)
class Reward:
    """Something that is given for a pledge.

    Args:
        key: its name within the campaign.
        title: its name for people.
        minimum: the least pledge that it is given for.
        stock: how many there are; None for as many as are asked for.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"key": NOTHING, "title": OWN_WORDS}

    key: str = field(validator=min_len(1))
    title: str
    minimum: Money
    stock: int | None = field(default=None, validator=optional(ge(0)))


def reward_faults(rewards: Sequence[Reward]) -> Iterator[Objection]:
    """Say what is wrong with a list of rewards."""
    keys = [one.key for one in rewards]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Objection("reward_twice", {"reward": key})
    for one in rewards:
        if one.minimum.cents <= 0:
            yield Objection("reward_for_nothing", {"reward": one.key})


def reward_objections(
    wanted: str, amount: Money, rewards: Sequence[Reward], taken: Mapping[str, int]
) -> Iterator[Objection]:
    """Say what speaks against a pledge for a reward.

    Args:
        wanted: key of the reward; `FREE` for none.
        amount: what is pledged.
        rewards: what the campaign offers.
        taken: reward → how many are taken, those whose payment is still waited for included.
    """
    if wanted == FREE:
        return
    found = next((one for one in rewards if one.key == wanted), None)
    if found is None:
        yield Objection("reward_unknown", {"reward": wanted})
        return
    if amount < found.minimum:
        params = {"reward": wanted, "minimum": found.minimum.cents, "amount": amount.cents}
        yield Objection("reward_needs_more", params)
    if found.stock is not None and taken.get(wanted, 0) >= found.stock:
        yield Objection("reward_gone", {"reward": wanted, "stock": found.stock})
