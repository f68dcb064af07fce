"""Settings of the franchise: who may take part, how that is proved, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from attrs import Attribute, field, frozen
from attrs.validators import ge, optional

from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.identity import Strength

__all__ = ["FranchiseSettings", "Way"]

Way = Literal["main_residence", "secondary_residence", "work", "learning", "sponsor"]
"""How somebody may belong to a municipality."""

_BY_CHANNEL: Mapping[str, Strength] = MappingProxyType(
    {
        "code": Strength.POST,
        "paper": Strength.POST,
        "booth": Strength.IN_PERSON,
        "hands": Strength.IN_PERSON,
        "urn": Strength.IN_PERSON,
    }
)

_NAMED_DAYS = ("today", "opening", "close")


def _day(_: object, attribute: Attribute[str], value: str) -> None:
    if value in (() if attribute.name == "register_until" else _NAMED_DAYS):
        return
    try:
        date.fromisoformat(value)
    except ValueError as error:
        named = "" if attribute.name == "register_until" else f"{', '.join(_NAMED_DAYS)} or "
        msg = f"{named}a day such as 2027-05-15, not {value!r}"
        raise ValueError(msg) from error


def _day_if_any(instance: object, attribute: Attribute[str], value: str) -> None:
    if value:
        _day(instance, attribute, value)


def _with_an_end(instance: FranchiseSettings, _: object, value: str) -> None:
    if value == "register" and not instance.register_until:
        msg = "a register is kept up to a day: name it as register_until"
        raise ValueError(msg)


@frozen(kw_only=True, slots=False)
class FranchiseSettings:
    """What the core asks of a procedure's settings about the people who may take part.

    Args:
        electorate: who may vote: ``open`` to whoever the eligibility rules let in at the time, or
            those of the ``register``, frozen when the vote opens.
        min_age: age in years from which people may take part; None for any age.
        max_age: age in years up to which they may, that year included; None for any age.
        age_on: the day on which the age counts: ``today``, the day of ``opening`` or of ``close``
            of the stage, or a day such as ``2027-05-15``.
        belongs_by: how people may belong to the municipality; each way is enough.
        sponsors: who may vouch for somebody who lives elsewhere (Patenschaft).
        nationalities: two-letter codes of states whose citizens may take part, ``DE`` or ``FR``;
            none for everybody, and then nobody is asked.
        proven_facts: facts of which a mere declaration is not enough.
        least_strength: command, or ``stage.command``, → how strongly somebody must have been
            recognised at least. What is asked of ``CastBallot`` is asked of every channel.
        other_areas: how many areas besides one's own a person may choose, where a rule asks.
        register_law: on what the extract from the population register rests: ``bmg46``, group
            information (Gruppenauskunft, § 46 BMG), which tells ages and no dates of birth, or
            ``bmg37``, passing on within the administration (§ 37 BMG).
        register_key: what a person is recognised by in the register: a ``reference`` that the
            office keeps from extract to extract, ``name_birth`` or ``name_address``.
        register_until: the last day on which the register is kept; mandatory where there is one.
        letters: whether letters are sent, for which names and addresses are kept.
        channel_strength: channel → how strongly people are recognised by it where its votes name
            them; by default ``post`` for codes and papers, which came by letter, and
            ``in_person`` at a booth, an urn and in an assembly. A vote that names nobody has
            ``none``, and an account what the host application asserts.
        unnamed: channels by which votes come in that name nobody, although the electorate is a
            ``register``: ``code`` for codes handed out at a counter, ``paper`` and ``booth`` for
            ballots out of an urn. Whoever hands them out then ticks people off; none by default.
    """

    electorate: Literal["open", "register"] = field(default="open", validator=_with_an_end)
    min_age: int | None = field(default=None, validator=optional(ge(0)))
    max_age: int | None = field(default=None, validator=optional(ge(0)))
    age_on: str = field(default="today", validator=_day)
    belongs_by: tuple[Way, ...] = field(
        default=("main_residence", "secondary_residence"), converter=as_tuple
    )
    sponsors: tuple[Literal["adult", "organisation"], ...] = field(
        default=("adult", "organisation"), converter=as_tuple
    )
    nationalities: tuple[str, ...] = field(default=(), converter=as_tuple)
    proven_facts: tuple[str, ...] = field(default=(), converter=as_tuple)
    least_strength: Mapping[str, Strength] = field(factory=dict, converter=as_mapping)
    other_areas: int = field(default=1, validator=ge(0))
    register_law: Literal["bmg46", "bmg37"] = "bmg46"
    register_key: Literal["reference", "name_birth", "name_address"] = "reference"
    register_until: str = field(default="", validator=_day_if_any)
    letters: bool = False
    channel_strength: Mapping[Literal["code", "paper", "booth", "hands", "urn"], Strength] = field(
        factory=dict, converter=as_mapping
    )
    unnamed: tuple[Literal["code", "paper", "booth"], ...] = field(default=(), converter=as_tuple)

    def strength_of(self, channel: str) -> Strength:
        """Return how strongly whoever votes by a channel is recognised, if the vote names them."""
        for name, strength in self.channel_strength.items():
            if name == channel:
                return strength
        return _BY_CHANNEL.get(channel, Strength.NONE)
