"""A result on its way: draft, certified, published, corrected; and nobody knows it too early."""

import json
import logging
import re
from decimal import Decimal

import pytest

from partizipation_core import Actor, Money, Refused, Role
from partizipation_core.cli.main import _run
from partizipation_core.commands import (
    AwardItems,
    CastBallot,
    CertifyResult,
    CorrectResult,
    CountBallots,
    FundPot,
    PublishResult,
    ReopenStage,
    ResolveItems,
)
from partizipation_core.errors import NotFound
from partizipation_core.kernel.sitting import Resolution
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.reports import render_page
from partizipation_core.reports.assemble import assemble
from partizipation_core.reports.certificate import certify
from partizipation_core.reports.minutes import minutes
from partizipation_core.texts.wording import Wording

SECOND = Actor.of("officer-2", Role.OFFICER)
AUDITOR = Actor.of("auditor-1", Role.AUDITOR)


@pytest.fixture
def voted(town, new_budget):
    """Return a budget whose vote has closed: three for the fountain, one for the bench."""
    budget = new_budget(town, results="certified").to_the_vote(fountain=600, bench=500)
    for who, choice in zip("abcd", ["fountain"] * 3 + ["bench"], strict=True):
        budget.cast(who, choice)
    return budget.until("fund")


def do(budget, command, actor):
    return budget.handle.execute(command, actor=actor)


def codes(budget, command, actor):
    return [one.code for one in budget.handle.why(command, actor=actor)]


def drafted(budget):
    do(budget, CountBallots(vote="vote", seed=budget.seed), budget.officer)
    return budget


def published(budget):
    drafted(budget)
    do(budget, CertifyResult(vote="vote"), SECOND)
    do(budget, PublishResult(vote="vote"), budget.officer)
    return budget


def page_of(budget):
    report = assemble(
        budget.handle,
        Wording(),
        title="Haushalt",
        municipality="Musterstadt",
        generated_at=budget.clock.now(),
    )
    return render_page(report)


# --- from draft to published


def test_a_result_is_counted_certified_by_another_person_and_published(voted):
    # given a count, whose numbers stand in no line of the journal
    drafted(voted)
    assert "fates" not in repr(voted.journal())
    with pytest.raises(Refused, match="result_not_published"):
        voted.handle.vote_result("vote")

    # when the one who counted tries to certify it
    assert codes(voted, CertifyResult(vote="vote"), voted.officer) == ["same_person_counted"]
    assert codes(voted, PublishResult(vote="vote"), voted.officer) == ["result_not_certified"]

    # then only somebody else can, who sees the numbers beforehand
    assert voted.handle.draft("vote", actor=AUDITOR).line("fountain").votes == 3
    do(voted, CertifyResult(vote="vote"), AUDITOR)
    assert voted.handle.draft("vote", actor=SECOND).status == "certified"
    do(voted, PublishResult(vote="vote"), voted.officer)

    # and everybody sees the same result, awards can begin, and all can be proved
    result = voted.handle.vote_result("vote")
    assert (result.status, result.revision, result.count.funded) == ("published", 1, ("fountain",))
    voted.award()
    assert voted.faults() == []
    voted.rebuild()
    assert voted.handle.vote_result("vote") == result
    assert voted.faults() == []


def test_one_person_may_do_both_where_the_town_says_so(town, new_budget):
    budget = new_budget(town, results="certified", certify_by_another=False)
    budget.to_the_vote(fountain=600).until("fund")
    drafted(budget)
    assert codes(budget, CertifyResult(vote="vote"), budget.officer) == []


def test_counting_publishes_at_once_where_nothing_else_is_said(budget):
    budget.to_the_vote(fountain=600).cast("a", "fountain")
    assert budget.until("fund").count().funded == ("fountain",)
    assert budget.handle.vote_result("vote").status == "published"
    assert codes(budget, CertifyResult(vote="vote"), SECOND) == ["result_certified_already"]


def test_nothing_is_done_twice_or_in_another_order(voted):
    assert codes(voted, CertifyResult(vote="vote"), SECOND) == ["result_not_counted"]
    assert codes(voted, PublishResult(vote="vote"), SECOND) == ["result_not_counted"]
    assert codes(voted, CorrectResult(vote="vote", reason="x"), SECOND) == ["nothing_published"]
    published(voted)
    again = CountBallots(vote="vote", seed="other digits")
    assert codes(voted, again, voted.officer) == ["already_counted"]
    assert codes(voted, CertifyResult(vote="vote"), AUDITOR) == ["result_certified_already"]
    assert codes(voted, PublishResult(vote="vote"), SECOND) == ["result_published_already"]


def test_a_draft_can_be_neither_counted_again_nor_reopened_nor_awarded(voted):
    drafted(voted)
    other_lot = CountBallots(vote="vote", seed="digits that suit me better")
    assert codes(voted, other_lot, SECOND) == ["already_counted"]
    assert codes(voted, ReopenStage(reason="Noch einmal."), SECOND) == [
        "already_counted",
        "vote_sealed",
    ]
    award = AwardItems(amounts={"bench": Money.euro(500)})
    assert "nothing_counted" in codes(voted, award, voted.council)


TAMPERED = {
    "a ballot is gone": ("DELETE FROM box WHERE tag = (SELECT min(tag) FROM box)", "box"),
    "a mark is gone": ("DELETE FROM roll WHERE tag = (SELECT min(tag) FROM roll)", "roll"),
}


@pytest.mark.parametrize(("statement", "sums"), TAMPERED.values(), ids=TAMPERED)
def test_numbers_that_do_not_agree_are_not_certified(voted, sql, statement, sums):
    drafted(voted)
    assert sql(statement) == 1
    (objection,) = voted.handle.why(CertifyResult(vote="vote"), actor=SECOND)
    assert objection.code == "result_not_reconciled"
    assert sums in objection.params["sums"].split(", ")
    assert not re.search(r"\d", str(objection.params["sums"]))


# --- corrected


def test_a_correction_keeps_the_old_result_and_names_what_rests_on_it(town, new_budget):
    # given two equals, of which the lot put one first, and an award that follows it
    budget = new_budget(town, pot="600 EUR", results="certified")
    budget.to_the_vote(fountain=500, bench=500)
    budget.cast("a", "fountain")
    budget.cast("b", "bench")
    published(budget.until("fund"))
    first = budget.handle.vote_result("vote")
    (winner,) = first.count.funded
    (other,) = {"fountain", "bench"} - {winner}
    budget.award()

    # when the digits turn out to have been copied wrongly, and the right ones favour the other
    for seed in map(str, range(100)):
        right = CorrectResult(vote="vote", seed=seed, reason="Losziffern falsch abgeschrieben.")
        do(budget, right, SECOND)
        if budget.handle.vote_result("vote").count.funded != first.count.funded:
            break

    # then both stay readable, and the awards that rested on the old one are named
    results = budget.handle.vote_results("vote")
    assert results[0].lines == first.lines
    assert results[0].status == "superseded"
    latest = results[-1]
    assert (latest.status, latest.revision) == ("corrected", len(results))
    assert latest.correction.awards == ("bench", "fountain")
    assert latest.correction.affected == ("bench", "fountain")
    assert latest.count.funded == (other,)
    assert budget.states() == {winner: "awarded", other: "not_awarded"}
    assert budget.faults() == []
    assert "Losziffern falsch abgeschrieben." in page_of(budget)


def test_a_correction_needs_a_reason_something_to_correct_and_another_person(voted):
    published(voted)
    empty = CorrectResult(vote="vote", reason=" ", seed=voted.seed)
    assert codes(voted, empty, voted.officer) == [
        "reason_missing",
        "nothing_to_correct",
        "same_person_counted",
    ]


# --- nobody knows it too early


CANARY = 7919
"""Points that stand on the one ballot and can come from nowhere else."""


@pytest.fixture
def overheard():
    """What plugins, logs and refusals were told."""
    return []


@pytest.fixture
def listening(overheard):
    """Make a host with a plugin that writes down whatever it is told."""

    class Eavesdropper:
        @hookimpl
        def objections(self, command, context):
            overheard.append(repr((command, context, context.ballots)))
            return ()

        @hookimpl
        def after_commit(self, municipality, procedure, recorded, notices):
            overheard.append(repr((recorded, notices)))

    discovered = PluginHost.discover()
    plugins = [
        Plugin(origin, discovered._manager.get_plugin(origin.plugin))
        for origin in discovered.plugins
        if origin.plugin != "core"
    ]
    return PluginHost([*plugins, Plugin(Origin("ear", "dist-ear", "1.0"), Eavesdropper())])


def everything_said(budget, file, capsys):
    """Ask every reader there is, and collect what they say or why they refuse."""
    handle, said = budget.handle, []
    place = ("--database", f"sqlite:///{file}", "--municipality", "12060052")
    for ask in (
        lambda: handle.vote_result("vote"),
        lambda: handle.result("vote"),
        lambda: handle.opened_ballots("vote"),
        lambda: handle.draft("vote", actor=Actor.of("anna", Role.RESIDENT)),
        lambda: b"".join(handle.journal_lines()).decode(),
        handle.journal,
        handle.notices,
        handle.state,
        handle.items,
        handle.participation,
        handle.audit,
        handle.failures,
        lambda: handle.turnout("vote"),
        lambda: handle.why(CountBallots(vote="vote"), actor=SECOND),
        lambda: handle.why(CertifyResult(vote="vote"), actor=SECOND),
        lambda: page_of(budget),
        lambda: _run(["results", "show", *place, "--procedure", "budget-2027", "--json"]),
        lambda: _run(["results", "certificate", *place, "--procedure", "budget-2027"]),
    ):
        try:
            said.append(repr(ask()))
        except (Refused, NotFound) as error:
            said.append(f"{error!r} {error}")
    told = capsys.readouterr()
    return [*said, told.out, told.err]


def gives_it_away(texts):
    """Tell which texts hold the canary, as a number or as people write it."""
    return [text for text in texts if re.search(r"(?<!\d)7[.,]?919(?!\d)", text)]


def test_a_canary_is_heard_by_nobody_before_the_result_is_published(  # noqa: PLR0917 - fixtures
    open_platform, listening, new_budget, file, capsys, caplog, overheard
):
    for logger in ("", "partizipation_core", "sqlalchemy"):
        caplog.set_level(logging.DEBUG, logger=logger)
    town = open_platform(host=listening).municipality("12060052")
    budget = new_budget(
        town,
        results="certified",
        ballot_type="cumulative",
        rank_by="points",
        max_points=9999,
    )
    budget.to_the_vote(fountain=600, bench=500)
    asked = CastBallot(choices={"fountain": CANARY})
    do(budget, asked, budget.resident("canary"))
    overheard.clear()  # who casts a ballot tells it to the objections of her own request

    for step in (
        lambda: None,
        lambda: budget.until("fund"),
        lambda: drafted(budget),
        lambda: do(budget, CertifyResult(vote="vote"), SECOND),
    ):
        step()
        said = everything_said(budget, file, capsys)
        assert gives_it_away([*said, *overheard, caplog.text]) == []

    # then it is published, and everybody hears it: the ears were open all the time
    do(budget, PublishResult(vote="vote"), budget.officer)
    assert len(gives_it_away(everything_said(budget, file, capsys))) > 5
    assert gives_it_away(overheard)


def test_who_is_refused_is_told_from_when_at_the_earliest(town, new_budget):
    budget = new_budget(town, results="certified").to_the_vote(fountain=600)
    with pytest.raises(Refused) as refusal:
        budget.handle.vote_result("vote")
    (objection,) = refusal.value.objections
    assert (objection.code, objection.allowed_from) == (
        "result_not_before_close",
        budget.when("fund"),
    )
    drafted(budget.until("fund"))
    with pytest.raises(Refused, match="result_not_published"):
        budget.handle.draft("vote", actor=budget.resident("anna"))


def test_a_vote_that_never_was_is_not_found(budget):
    with pytest.raises(NotFound, match="runoff"):
        budget.handle.vote_result("runoff")


# --- the council has the last word


def test_the_council_notes_changes_and_passes_on(voted):
    published(voted)
    each = {
        "bench": Resolution(outcome="passed_on", reason="Grünflächenamt.", to="Grünflächenamt"),
        "fountain": Resolution(
            outcome="modified", reason="Ohne Beleuchtung.", amount=Money.euro(400)
        ),
    }
    do(voted, ResolveItems(each=each), voted.council)
    assert voted.states() == {"fountain": "awarded", "bench": "passed_on"}
    assert voted.ledger().bound() == Money.euro(400)
    assert voted.item("bench").resolution.to == "Grünflächenamt"
    assert voted.faults() == []


def test_the_council_takes_note_of_the_whole_list(voted):
    published(voted)
    noted = Resolution(outcome="noted", reason="Wird in die Haushaltsberatung einbezogen.")
    do(voted, ResolveItems(whole=noted), voted.council)
    assert set(voted.states().values()) == {"noted"}
    assert voted.ledger().bound() == Money(0)
    assert voted.item("fountain").resolution == noted


# --- one number, wherever it is read


def numbers_on_the_page(page, table):
    """Read the figures of a table as a machine does: row → name → number or absence."""
    body = re.search(rf'<table[^>]*id="{table}">.*?</table>', page, re.DOTALL)[0]
    found = {}
    for row in re.finditer(r'<tr role="row" data-row="([^"]+)">(.*?)</tr>', body, re.DOTALL):
        cells = re.finditer(
            r'<(?:data value|span data-absent)="([^"]+)" data-name="([^"]+)">([^<]+)<', row[2]
        )
        found[row[1]] = {cell[2]: (cell[1], cell[3]) for cell in cells}
    return found


def as_seen(seen):
    """Read a number as people do: 41,7 % and 1.234."""
    plain = seen.replace("\u00a0", "").replace(".", "").replace("%", "").replace(",", ".")
    return Decimal(plain.strip())


def test_page_csv_json_and_terminal_tell_the_same_numbers(town, new_budget, file, capsys):
    budget = new_budget(town, percent_of="cast").to_the_vote(fountain=600, bench=500, swing=300)
    for number in range(23):
        refs = ["fountain", "bench", "swing"][: 1 + number % 3]
        budget.cast(f"p{number}", *refs)
    budget.until("fund").count()
    result = budget.handle.vote_result("vote")
    page = numbers_on_the_page(page_of(budget), "numbers")
    place = ("--database", f"sqlite:///{file}", "--municipality", "12060052")
    call = ["results", "show", *place, "--procedure", "budget-2027"]

    def run(*more):
        assert _run([*call, *more]) == 0
        return capsys.readouterr().out

    told = {line["item"]: line for line in json.loads(run("--json"))["lines"]}
    head, *rows = [line.split(",") for line in run("--csv").splitlines()]
    table = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    terminal = run().split("\n\n")[0]
    for line in result.lines:
        for name in ("votes", "share", "votes.online", "missing"):
            on_page, seen = page[line.item][name]
            in_json = told[line.item][name]
            plain = in_json["absent"] if isinstance(in_json, dict) else str(in_json)
            assert on_page == plain == table[line.item][name], (line.item, name)
            if not isinstance(in_json, dict):
                shown = Decimal(in_json) / 10 if name == "share" else Decimal(in_json)
                assert as_seen(seen) == shown
                assert seen.replace("\u00a0", " ") in terminal.replace("\u00a0", " ")
    turnout = numbers_on_the_page(page_of(budget), "turnout")
    assert int(turnout["online"]["cast"][0]) == result.turnout.cast == 23


def test_the_result_tells_the_money_on_the_paper_where_it_was_another_sum(
    town, new_budget, file, capsys
):
    """Money that comes in or is lost while people vote is booked, and nobody is left to wonder."""
    budget = new_budget(town).to_the_vote(fountain=600, bench=500)
    budget.cast("a", "fountain")
    gift = FundPot(amount=Money.euro(100), reason="Spende")
    budget.handle.execute(gift, actor=budget.officer)
    assert budget.paper("vote").budget == Money.euro(1000)
    budget.until("fund").count()
    told = budget.vote_result("vote")
    assert (told.printed, told.budget) == (100_000, 110_000)
    assert (told.to_data()["printed"], told.to_data()["budget"]) == (100_000, 110_000)

    # and the page, the terminal, the table and the minutes say so in one sentence
    certificate = certify(budget.handle, "vote", issued_at=budget.clock.now())
    place = ["--database", f"sqlite:///{file}", "--municipality", "12060052"]
    where = [*place, "--procedure", "budget-2027"]
    assert _run(["results", "show", *where]) == 0
    shown = capsys.readouterr().out
    for told_to in (page_of(budget), shown, minutes(certificate, Wording())):
        assert "Auf dem Stimmzettel standen 1.000,00 €. Verteilt werden 1.100,00 €" in plain(
            told_to
        )
    assert "  Topf: 1.000,00 €\n" in plain(minutes(certificate, Wording()))
    assert "übrig sind nach der Auszählung 500,00 €" in plain(minutes(certificate, Wording()))
    assert _run(["results", "show", *where, "--csv", "--table", "money"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "sum,cents",
        "printed,100000",
        "budget,110000",
        "rest,50000",
    ]


def test_nothing_is_said_about_money_that_did_not_move(voted):
    published(voted)
    assert not voted.handle.vote_result("vote").money_moved
    assert "Auf dem Stimmzettel standen" not in page_of(voted)


def plain(text):
    return text.replace("\u00a0", " ")
