"""The same public draw seats a jury in a format that knows no Bürgerrat."""

import json

import pytest

from partizipation_buergerrat import LOT, SEATS
from partizipation_buergerrat.methods import LEXIMIN, MAXIMIN, POTS, SIMPLE
from partizipation_buergerrat.procedure.drawing import CommitToDraw, HoldDraw
from partizipation_buergerrat.procedure.lots import Drawing, answer_of
from partizipation_buergerrat.procedure.seat import ConfirmSeat, Seat, sitting
from partizipation_buergerrat.public import verifier
from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.pseudonyms import Vault
from partizipation_buergerrat.public.publication import publish
from partizipation_buergerrat.sortition.people import Person, Pool
from partizipation_buergerrat.sortition.problem import Problem
from partizipation_buergerrat.sortition.quotas import Categories, Quota
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import AdvanceStage
from partizipation_core.formats.rules import View
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.platform import Platform
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin, discover
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
NOW = Instant(1_800_000_000_000_000)
METHODS = {"leximin": LEXIMIN, "pots": POTS, "simple": SIMPLE}
EVENT = "2027-01-20T18:00:00Z"


class Juries:
    """A town's own plugin: the juries of a Kiezkasse and of a Bürgerbudget are drawn by lot."""

    @hookimpl
    def register_formats(self):
        import partizipation_buergerhaushalt
        import partizipation_kiezkasse

        jury = Stage("jury", kind=StageKind.IDEA, title="Jury", allows={**LOT, **SEATS})
        bases = (
            partizipation_kiezkasse.KIEZKASSE,
            partizipation_buergerhaushalt.BUERGERHAUSHALT,
        )
        return [
            base.derive(
                key=f"{base.key}_jury_{name}",
                insert_before={base.stages[0].key: jury},
                rules=[method],
            )
            for base in bases
            for name, method in METHODS.items()
        ]


@pytest.fixture(scope="module")
def host():
    found = [one for one in discover(None) if isinstance(one, Plugin)]
    return PluginHost([*found, Plugin(Origin("juries", "juries", "1"), Juries())])


def volunteers():
    quotas = [
        Quota(category="Wohnlage", feature="Nord", least=2, most=2),
        Quota(category="Wohnlage", feature="Süd", least=1, most=1),
    ]
    people = (Person(id=f"v{n}", features=(("Nord", "Süd")[n % 2],)) for n in range(9))
    return Problem(seats=3, categories=Categories.of(quotas), pool=Pool.of(people))


def published(method):
    problem = volunteers()
    view = View(now=NOW, command="CommitToDraw", stage="jury", settings=None)
    vault = Vault.new(person.id for person in problem.pool)
    return publish(method(problem, 10, view), vault)


def commitment(files):
    source = {"kind": "digits", "count": 1, "event": "Ziehung im Kiezladen", "at": EVENT}
    return CommitToDraw(
        drawing="jury", claims=canonical(files.claims), source=json.dumps(source), tool="test 1"
    )


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("kiezkasse_jury", {"pot": "7000 EUR", "region": "Grünau"}),
        ("buergerhaushalt_jury", {"pot": "100000 EUR", "misfit": "skip"}),
    ],
    ids=["Kiezkasse", "budget of Konstanz"],
)
@pytest.mark.parametrize("method", METHODS)
def test_a_jury_is_drawn_in_public(host, key, settings, method):
    clock = FrozenClock(NOW)
    with Platform(host=host, clock=clock) as platform:
        fund = platform.municipality("11000009").open(
            "fund", f"{key}_{method}", actor=OFFICER, settings=settings
        )
        other = [one.code for one in fund.why(commitment(published(MAXIMIN)), actor=OFFICER)]
        assert other == ["draw_method_differs"]
        files = published(METHODS[method])
        fund.execute(commitment(files), actor=OFFICER)
        clock.advance(days=10)
        held = HoldDraw(drawing="jury", value="3", panels=files.panels, witnesses=["Kiezpatin"])
        fund.execute(held, actor=OFFICER)
        for seat in fund.records(Seat):
            fund.execute(ConfirmSeat(seat=seat), actor=Actor.of(seat, Role.RESIDENT))
        fund.execute(AdvanceStage(), actor=OFFICER)
        answer = answer_of(fund.records(Drawing)["jury"])
        assert set(answer.members) == set(sitting(fund.records(Seat)))
        assert len(answer.members) == 3
        assert len(answer.alternates) == 6
        text = "".join(f"{line}\n" for line in fund.records(Drawing)["jury"].lines)
        told = verifier.Check(text, [files.panels, canonical(files.pool)]).did
        assert "Tafel 3 von 10 gezogen" in told
