"""The group, and what its commands share: options, reading files, progress."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from partizipation_core.cli.output import ExitCode, talk
from partizipation_core.cli.speaking import lang_option
from partizipation_core.errors import InputError, StorageError

if TYPE_CHECKING:
    from partizipation_buergerrat.files.respondents import Respondents
    from partizipation_buergerrat.sortition.examination import Finding
    from partizipation_buergerrat.sortition.people import Person, Pool
    from partizipation_buergerrat.sortition.problem import Problem

__all__ = [
    "FILE",
    "Asked",
    "OfficeGroup",
    "Watch",
    "asked_options",
    "has_solver",
    "must_have_solver",
    "open_question",
    "read_asked",
    "refuse",
    "sortition",
    "tell",
]

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, dir_okay=False)
_PATIENCE = 1.0


class OfficeGroup(click.Group):
    """Says in a sentence that a file is missing or closed, whichever command met it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _unusable(error) from error
        except StorageError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise _unusable(error.__cause__) from error
            raise


@click.group(cls=OfficeGroup)
def sortition() -> None:
    """Draw lots: fair, in public, and open to everybody's check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a command was asked about.

    Args:
        problem: the draw.
        respondents: the persons as they stand in the file.
        lang: the reader's language.
    """

    problem: Problem
    respondents: Respondents
    lang: str


def asked_options(command: F) -> F:
    """Let a command ask for persons, quotas and seats."""
    wishes = [
        click.argument("respondents", type=FILE),
        click.argument("categories", type=FILE),
        click.option(
            "--seats",
            type=click.IntRange(min=1),
            required=True,
            help="Number of seats, fixed ones included.",
        ),
        click.option(
            "--fixed",
            multiple=True,
            metavar="ID",
            help="Person with a fixed seat who is not drawn; may be repeated.",
        ),
        click.option(
            "--selected",
            type=FILE,
            help="Table of those who have a seat already; references are enough.",
        ),
        click.option(
            "--opt-out",
            multiple=True,
            metavar="ID",
            help="Person who no longer takes part; may be repeated.",
        ),
        click.option(
            "--address",
            multiple=True,
            metavar="SPALTE",
            help="Column of the address; may be repeated, the street first.",
        ),
        click.option(
            "--households/--no-households",
            default=True,
            show_default=True,
            help="At most one person of a household.",
        ),
        lang_option,
    ]
    for wish in reversed(wishes):
        command = wish(command)
    return command


def read_asked(  # noqa: PLR0913 - one for each option
    *,
    respondents: Path,
    categories: Path,
    seats: int,
    fixed: Sequence[str],
    selected: Path | None,
    opt_out: Sequence[str],
    address: Sequence[str],
    households: bool,
    lang: str,
) -> Asked:
    """Read the files that options name.

    Args:
        respondents: the persons.
        categories: the quotas.
        seats: size of the panel.
        fixed: identifiers of persons with a fixed seat.
        selected: table of those who are seated already.
        opt_out: identifiers of persons to leave out.
        address: columns of the address.
        households: whether at most one of a household is seated.
        lang: the reader's language.
    """
    from partizipation_buergerrat.files.categories import read_categories
    from partizipation_buergerrat.files.faults import BadTable
    from partizipation_buergerrat.files.respondents import read_respondents, read_seated
    from partizipation_buergerrat.sortition.problem import Problem

    try:
        quotas = read_categories(categories)
        found = read_respondents(respondents, quotas, address=address)
        before = read_seated(selected, quotas, found.pool, address=address) if selected else ()
    except BadTable as error:
        talk(error.told(lang))
        raise click.exceptions.Exit(ExitCode.FAILED) from error
    seated = {person.id: person for person in (*found.pool.find(fixed), *before)}
    _check_opt_out(found.pool, opt_out, seated)
    problem = Problem(
        seats=seats,
        categories=quotas,
        pool=found.pool.without([*opt_out, *seated]),
        seated=tuple(seated.values()),
        one_per_household=households,
    )
    return Asked(problem=problem, respondents=found, lang=lang)


def _check_opt_out(pool: Pool, opt_out: Sequence[str], seated: Mapping[str, Person]) -> None:
    """Make sure that an opt-out means somebody; a slip of the pen must not leave them in."""
    from partizipation_buergerrat.texts import wrong

    pool.find(one for one in opt_out if one not in seated)
    both = [one for one in opt_out if one in seated]
    if both:
        raise wrong(InputError, "draw.person_twice", people=", ".join(both))


def has_solver() -> bool:
    """Tell whether fair chances can be computed; draws as with slips of paper need no solver."""
    try:
        return all(find_spec(name) for name in ("numpy", "highspy"))
    except ValueError:  # blocked, as for a test of what goes without
        return False


def must_have_solver() -> None:
    """Make sure that fair chances can be computed.

    Raises:
        InputError: numpy or highspy is not installed.
    """
    from partizipation_buergerrat.texts import wrong

    if not has_solver():
        raise wrong(InputError, "draw.needs_solver")


def _unusable(error: OSError) -> InputError:
    from partizipation_buergerrat.texts import wrong

    code = "file_missing" if isinstance(error, FileNotFoundError) else "file_closed"
    return wrong(InputError, f"draw.{code}", file=error.filename)


def tell(findings: Sequence[Finding], lang: str) -> None:
    """Write findings to stderr.

    Args:
        findings: what was found.
        lang: the reader's language.
    """
    from partizipation_buergerrat.texts import say

    for finding in findings:
        talk(f"{'✗' if finding.blocking else '!'} {say(finding.code, finding.params, lang)}")


def refuse(findings: Sequence[Finding], lang: str) -> None:
    """Write why something is refused, and end.

    Args:
        findings: the reasons.
        lang: the reader's language.
    """
    tell(findings, lang)
    raise click.exceptions.Exit(ExitCode.REFUSED)


@contextmanager
def open_question(lang: str) -> Iterator[None]:
    """End with a sentence where the solver gave no answer within its limits.

    Args:
        lang: the reader's language.
    """
    from partizipation_buergerrat.sortition.answers import Unknown
    from partizipation_buergerrat.texts import say

    try:
        yield
    except Unknown as error:
        talk(f"✗ {say('draw.open', {}, lang)}")
        raise click.exceptions.Exit(ExitCode.REFUSED) from error


@dataclass(slots=True)
class Watch:
    """Shows on a terminal what is being done, once it takes longer than a second.

    Interrupting it with Ctrl-C ends the command with exit code 130; nothing is written before the
    end.
    """

    start: float = field(default_factory=time.monotonic)
    shown: bool = False

    def __call__(self, what: str, share: float) -> None:
        """Show progress.

        Args:
            what: ``target``, ``gap``, ``panels`` or ``tables``.
            share: the gap, or how much is done.
        """
        if sys.stderr.isatty() and time.monotonic() - self.start > _PATIENCE:
            told = {"target": "Ziel", "gap": f"Abstand {share:.1e}"}.get(what, f"{share:.0%}")
            click.echo(f"\r\033[K{told}", nl=False, err=True)
            self.shown = True

    def end(self) -> None:
        """Clear the line."""
        if self.shown:
            click.echo("\r\033[K", nl=False, err=True)
