"""Writing and reading again gives an equal election, whatever people call their projects."""

from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.counting import BallotType, Election, Project
from partizipation_core.counting.pb import parse_pb

HOSTILE = st.text(st.sampled_from('a;",\r\n\t \u00a0\u2028💡=0'), max_size=8)
ANYTHING = st.one_of(
    HOSTILE, st.text(max_size=12), st.sampled_from(["META", "PROJECTS", "VOTES", '""', "\ufeff"])
)
IDS = ANYTHING.map(lambda text: text.strip().translate({ord(c): "_" for c in ",\r\n"})).filter(
    bool
)
KEYS = ANYTHING.map(str.strip).filter(bool)
TAKEN = {"budget", "vote_type", "num_projects", "num_votes", "max_length", "default_score"}
COLUMNS = {"project_id", "cost", "name", "category", "beneficiaries", "target"}
ITEMS = IDS.map(str.strip)


@st.composite
def elections(draw):
    unit = draw(st.sampled_from([1, 10, 100]))
    columns = draw(st.lists(KEYS.filter(lambda key: key not in COLUMNS), max_size=2, unique=True))
    projects = [
        Project(
            id=id_,
            cost=draw(st.integers(0, 10**6)),
            name=draw(ANYTHING),
            categories=tuple(draw(st.lists(ITEMS, max_size=2))),
            targets=tuple(draw(st.lists(ITEMS, max_size=2))),
            withdrawn=draw(st.booleans()),
            meta={column: draw(ANYTHING) for column in columns},
        )
        for id_ in draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    ]
    ballot_type = draw(st.sampled_from([t for t in BallotType if t is not BallotType.TOTALS]))
    ids = [project.id for project in projects]
    most = 1 if ballot_type is BallotType.CHOOSE_1 else len(ids)
    chosen = draw(st.lists(st.lists(st.sampled_from(ids), max_size=most, unique=True), max_size=6))
    points = st.sampled_from([1, -1] if ballot_type is BallotType.PRO_CONTRA else [0, 1, 7])
    if ballot_type.pointed and ballot_type is not BallotType.ORDINAL:
        chosen = [{id_: draw(points) for id_ in ballot} for ballot in chosen]
    size = len(chosen)
    return Election.from_ballots(
        projects=projects,
        budget=draw(st.integers(0, 10**9)),
        ballots=chosen,
        ballot_type=ballot_type,
        voter_ids=draw(st.lists(KEYS, min_size=size, max_size=size, unique=True)),
        unit=unit,
        meta=draw(
            st.dictionaries(KEYS.filter(lambda key: key not in TAKEN), ANYTHING, max_size=3)
        ),
    )


@given(elections())
def test_any_election_survives(election):
    assert parse_pb(election.to_pb()) == election


@given(elections())
def test_the_text_is_stable(election):
    text = election.to_pb()

    assert parse_pb(text).to_pb() == text


@given(elections())
def test_windows_newlines_change_nothing_but_line_breaks_in_names(election):
    text = election.to_pb()
    if '"' not in text and "\r" not in text:
        assert parse_pb(text.replace("\n", "\r\n")) == election
