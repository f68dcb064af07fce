"""What is exported and sealed does not hang on the database it lies in."""

from partizipation_core import Actor, Platform, Role
from partizipation_core.clock import FrozenClock
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.store.seals import sealed_tag

OFFICER = Actor.of("officer-1", Role.OFFICER)


def test_a_procedure_is_sealed_exported_and_verified(  # noqa: PLR0917 - fixtures
    site, tmp_path, noon, until_the_vote, vote_and_award, verifier
):
    with Platform(site.url, clock=FrozenClock(noon), keys=MemoryKeys()) as platform:
        settings = {"pot": "5000 EUR", "misfit": "skip"}
        handle = platform.municipality("12060052").open(
            "budget-2027", "buergerhaushalt", actor=OFFICER, settings=settings
        )
        until_the_vote(handle, {"fountain": 260_000, "bench": 90_000, "swing": 180_000})
        vote_and_award(handle)
        assert handle.seal("vote") == 3  # as it was already, right after the close
        tags = {bytes(row[3]) for row in site.rows()["box"]}
        assert tags == {sealed_tag(bytes(row[-1])) for row in site.rows()["box"]}
        assert [fault for check in handle.audit() for fault in check.faults] == []
        handle.export(tmp_path / "export.zip")
    assert verifier.verify(tmp_path / "export.zip").exit_code == 0
