"""Samples for the table of permissions: the commands about register and electoral roll."""

from attrs import evolve

from partizipation_core.commands import (
    EnrolVoter,
    EraseRegister,
    ForgetPerson,
    FreezeElectorate,
    ImportRegister,
    StrikeVoter,
    UpdateElectorate,
)
from partizipation_core.kernel.electorate.register import RegisterLine
from partizipation_core.kernel.franchise import Enrolled, Franchise, Registered

SAMPLES = (
    EnrolVoter(person="another", reason="x"),
    EraseRegister(reason="x"),
    ForgetPerson(person="known"),
    FreezeElectorate(),
    ImportRegister(lines=[RegisterLine(person="known")]),
    StrikeVoter(person="known", reason="x"),
    UpdateElectorate(reason="x"),
)


def lay_out(game, sample):
    """Let a vote be held by a register that knows one person, where a sample is about it."""
    about = isinstance(sample, tuple(map(type, SAMPLES)))
    electorate = "register" if about else "open"
    settings = evolve(game.pinned.settings, electorate=electorate, register_until="2099-12-31")
    game.pinned = evolve(game.pinned, settings=settings)
    game.franchise = Franchise(
        register=[Registered(person="known", tag=b"known")],
        roll={b"known": Enrolled()},
        named=b"known" if isinstance(sample, StrikeVoter) else b"another",
    )
