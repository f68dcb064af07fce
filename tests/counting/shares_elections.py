"""Small invented elections in which equal prices and voters exactly at their limit are common."""

from hypothesis import strategies as st

from partizipation_core.counting import Election, Project

UTILITIES = st.sampled_from(["cost", "cardinality", "score", "score_cost"])


@st.composite
def elections(draw, most=6):
    """Small numbers, so that equal prices and voters exactly at their limit are common."""
    ids = [f"p{number}" for number in range(draw(st.integers(1, most)))]
    projects = [
        Project(
            id=id_,
            cost=draw(st.integers(0, 9)),
            exclusive=draw(st.sampled_from(["", "", "site"])),
            withdrawn=draw(st.sampled_from([False, False, False, False, True])),
        )
        for id_ in ids
    ]
    ballots = st.dictionaries(st.sampled_from(ids), st.integers(0, 3), max_size=most)
    return Election.from_ballots(
        projects=projects,
        budget=draw(st.integers(0, 24)),
        ballots=draw(st.lists(ballots, min_size=0, max_size=9)),
        ballot_type="cumulative",
    )


def place(project):
    return int(project.id[1:])
