"""The core's rules about people: age, belonging, area, sponsor, nationality.

Each asks for facts that the host application asserts or the register holds, and says what is
missing. What no setting asks for, nobody is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from partizipation_core.clock import start_of_day
from partizipation_core.formats.rules import Rule, View, rule
from partizipation_core.kernel.electorate.age import Born, birthday
from partizipation_core.kernel.electorate.day import day_that_counts
from partizipation_core.values import Actor, Objection

__all__ = ["RULES", "all_of", "any_of"]


# --- putting rules together


def all_of(name: str, *rules: Rule, version: int = 1) -> Rule:
    """Make one rule of several that must all agree.

    Args:
        name: ``owner/rule``.
        rules: rules of the slot ``eligibility``.
        version: counts up when the answer changes.
    """

    def together(actor: Actor, view: View) -> Iterator[Objection]:
        """Ask for everything that several rules ask for."""
        for one in rules:
            yield from one(actor, view)

    return _together(name, rules, version)(together)


def any_of(name: str, *rules: Rule, version: int = 1) -> Rule:
    """Make one rule of several of which one is enough; the reasons of all are told.

    Args:
        name: ``owner/rule``.
        rules: rules of the slot ``eligibility``.
        version: counts up when the answer changes.
    """

    def either(actor: Actor, view: View) -> Iterator[Objection]:
        """Ask for what one of several rules asks for."""
        found = [tuple(one(actor, view)) for one in rules]
        if all(found):
            yield Objection("one_of_these_is_enough")
            yield from {str(one): one for row in found for one in row}.values()

    return _together(name, rules, version)(either)


def _together(
    name: str, rules: tuple[Rule, ...], version: int
) -> Callable[[Callable[..., Iterator[Objection]]], Rule]:
    facts = {fact: setting for one in rules for fact, setting in one.facts.items()}
    alike = all(one.facts_only for one in rules)
    return rule("eligibility", name=name, version=version, facts=facts, facts_only=alike)


# --- age


@rule("eligibility", name="core/min_age", facts={"birth": "min_age"}, facts_only=True)
def min_age(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for the least age, on the day that counts."""
    least = view.settings.min_age
    if least is None:
        return
    known = _ages(actor, view)
    if known is None or known[0] < least <= known[1]:
        yield Objection("age_unknown", {"min_age": least})
    elif known[1] < least:
        yield _too_young(actor, view, least)


def _too_young(actor: Actor, view: View, least: int) -> Objection:
    """Say so, and from when it will be otherwise, where the day of the act counts."""
    born = _born(actor)
    exact = born is not None and born.earliest == born.latest
    if born is None or not exact or view.settings.age_on != "today":
        return Objection("too_young", {"min_age": least})
    day = birthday(born.latest, least)
    return Objection("too_young", {"min_age": least}, start_of_day(day, view.settings.timezone))


@rule("eligibility", name="core/max_age", facts={"birth": "max_age"}, facts_only=True)
def max_age(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for the greatest age, on the day that counts."""
    most = view.settings.max_age
    if most is None:
        return
    known = _ages(actor, view)
    if known is None or known[0] <= most < known[1]:
        yield Objection("age_unknown_above", {"max_age": most})
    elif known[0] > most:
        yield Objection("too_old", {"max_age": most})


def _born(actor: Actor) -> Born | None:
    """Read when somebody was born; what cannot be read is not known."""
    try:
        return Born.read(str(actor.attributes["birth"]))
    except (KeyError, ValueError):
        return None


def _ages(actor: Actor, view: View) -> tuple[int, int] | None:
    """Return between which ages somebody is; None where it is not known, or not which day counts.

    A bare ``age`` is that of the moment at which the host application asserted it.
    """
    day, born = day_that_counts(view), _born(actor)
    if born is not None and day is not None:
        return born.ages(day)
    age = actor.attributes.get("age")
    return None if age is None or born is not None else (int(age), int(age))


# --- belonging


def _fact(actor: Actor, view: View, name: str) -> tuple[str | int | bool | None, bool]:
    """Return a fact, and whether it is proved as well as the town asks for."""
    needs_proof = name in view.settings.proven_facts
    return actor.attributes.get(name), not needs_proof or name in actor.proven


def _declared(fact: str, code: str) -> Callable[[Actor, View], Iterator[Objection]]:
    def check(actor: Actor, view: View) -> Iterator[Objection]:
        value, proved = _fact(actor, view, fact)
        if value is not True:
            yield Objection(code)
        elif not proved:
            yield Objection("fact_unproven", {"fact": fact})

    return check


_works, _learns = (
    _declared("works_here", "not_at_work_here"),
    _declared("learns_here", "not_learning_here"),
)


def _lives(actor: Actor, view: View, kinds: tuple[str, ...]) -> Iterator[Objection]:
    value, proved = _fact(actor, view, "residence")
    if value not in kinds:
        yield Objection("residence_missing", {"residence": ", ".join(kinds)})
    elif not proved:
        yield Objection("fact_unproven", {"fact": "residence"})


def _sponsored(actor: Actor, view: View) -> Iterator[Objection]:
    value, proved = _fact(actor, view, "sponsor")
    if value not in view.settings.sponsors:
        yield Objection("no_sponsor", {"sponsors": ", ".join(view.settings.sponsors)})
    elif not proved:
        yield Objection("fact_unproven", {"fact": "sponsor"})


@rule("eligibility", name="core/resident", facts={"residence": ""}, facts_only=True)
def resident(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for a main or secondary residence in the municipality."""
    yield from _lives(actor, view, ("main", "secondary"))


@rule("eligibility", name="core/main_residence", facts={"residence": ""}, facts_only=True)
def main_residence(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for a main residence in the municipality."""
    yield from _lives(actor, view, ("main",))


@rule("eligibility", name="core/works_here", facts_only=True)
def works_here(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for a place of work in the municipality."""
    yield from _works(actor, view)


@rule("eligibility", name="core/learns_here", facts_only=True)
def learns_here(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for a school, a training place or a university in the municipality."""
    yield from _learns(actor, view)


@rule("eligibility", name="core/sponsored", facts_only=True)
def sponsored(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for an adult or an organisation who vouches for the person."""
    yield from _sponsored(actor, view)


_WAYS: dict[str, Callable[[Actor, View], Iterator[Objection]]] = {
    "main_residence": lambda actor, view: _lives(actor, view, ("main",)),
    "secondary_residence": lambda actor, view: _lives(actor, view, ("secondary",)),
    "work": _works,
    "learning": _learns,
    "sponsor": _sponsored,
}


@rule("eligibility", name="core/belongs_here", facts={"residence": "belongs_by"}, facts_only=True)
def belongs_here(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for one of the ways in which people may belong to the municipality."""
    ways = view.settings.belongs_by
    found = [tuple(_WAYS[way](actor, view)) for way in ways]
    if all(found):
        # A way that is open but for its proof is worth more to the reader than all the others.
        unproven = [row[0] for row in found if row[0].code == "fact_unproven"]
        yield from unproven[:1] or [Objection("belongs_elsewhere", {"ways": ", ".join(ways)})]


@rule(
    "eligibility",
    name="core/nationality",
    facts={"nationalities": "nationalities"},
    facts_only=True,
)
def nationality(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for one of the nationalities in the settings, if there are any."""
    accepted = view.settings.nationalities
    if not accepted:
        return
    value, proved = _fact(actor, view, "nationalities")
    held = {one.strip() for one in str(value or "").split(",")}
    if not held & set(accepted):
        yield Objection("nationality_missing", {"nationalities": ", ".join(accepted)})
    elif not proved:
        yield Objection("fact_unproven", {"fact": "nationalities"})


# --- territory


@rule("eligibility", name="core/known_area", facts={"area": ""}, facts_only=True)
def known_area(actor: Actor, view: View) -> Iterator[Objection]:
    """Ask for the area a person belongs to, one of those in the settings if there are any."""
    value, proved = _fact(actor, view, "area")
    if not value or (view.settings.areas and value not in view.settings.areas):
        yield Objection("home_area_unknown")
    elif not proved:
        yield Objection("fact_unproven", {"fact": "area"})


@rule("territory", name="core/own_area", facts={"area": ""})
def own_area(home: str, areas: frozenset[str], _view: View) -> Iterator[Objection]:
    """Let people speak in their own area only; what belongs everywhere is open to all."""
    if not home:
        yield Objection("home_area_unknown")
    elif elsewhere := sorted(areas - {home}):
        yield Objection("own_area_only", {"home": home, "areas": ", ".join(elsewhere)})


@rule("territory", name="core/own_area_and_others", facts={"area": ""})
def own_area_and_others(home: str, areas: frozenset[str], view: View) -> Iterator[Objection]:
    """Let people speak in their own area and in so many others as the settings say."""
    most, elsewhere = view.settings.other_areas, sorted(areas - {home})
    if not home:
        yield Objection("home_area_unknown")
    elif len(elsewhere) > most:
        params = {"home": home, "max": most, "areas": ", ".join(elsewhere)}
        yield Objection("too_many_areas_beside_own", params)


RULES: tuple[Rule, ...] = (
    min_age,
    max_age,
    resident,
    main_residence,
    works_here,
    learns_here,
    sponsored,
    belongs_here,
    nationality,
    known_area,
    own_area,
    own_area_and_others,
)
