"""Jugendbudget Musterstadt: a Bürgerhaushalt for the young; their council has its say."""

from attrs import frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, Objection, Stage, VoteSettings, hookimpl, rule
from partizipation_core.commands import PassOverItem, ShortlistItem
from partizipation_core.formats.rules import View


@frozen(kw_only=True)
class JugendbudgetSettings(VoteSettings):
    """What a town may set in TOML: all that votes have, and the bracket of ages."""

    min_age: int = 12
    max_age: int = 21


@rule("eligibility", name="jugendbudget/age_bracket")
def age_bracket(actor: Actor, view: View) -> list[Objection]:
    """Ask for an age within the bracket, both ends included."""
    bracket = {"min_age": view.settings.min_age, "max_age": view.settings.max_age}
    fits = bracket["min_age"] <= int(actor.attributes.get("age", -1)) <= bracket["max_age"]
    return [] if fits else [Objection("outside_age_bracket", bracket)]


COUNCIL = {ShortlistItem: ["youth_council"], PassOverItem: ["youth_council"]}
JUGENDBUDGET = BUERGERHAUSHALT.derive(
    key="jugendbudget",
    title="Jugendbudget Musterstadt",
    settings=JugendbudgetSettings,
    rules={"eligibility": age_bracket},
    insert_after={"review": Stage("youth_council", kind="review", allows=COUNCIL)},
)
SENTENCE = "Mitmachen können alle von {min_age} bis {max_age} Jahren."
NAMES = dict.fromkeys(("stage.youth_council", "role.youth_council"), "Jugendrat")
# What this plugin contributes: each name is a hook.
register_formats = hookimpl(lambda: [JUGENDBUDGET])
register_texts = hookimpl(lambda: {"de": {"objection.outside_age_bracket": SENTENCE, **NAMES}})
