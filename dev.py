#!/usr/bin/env python3
"""Everything a developer runs; needs Python 3.11 and nothing else.

    python3 dev.py demo     run a whole participation procedure and write down its result
    python3 dev.py test     run all tests of the library, the plugins and the examples
    python3 dev.py lint     check style, types and licences
    python3 dev.py docs     build the documentation into docs/_build/html
    python3 dev.py bench    run the benchmarks
    python3 dev.py guarantees  run what the page of guarantees names, and make the page anew
    python3 dev.py soak     run the whole of every suite that is small otherwise; takes hours
                            (soak --list: how long each; soak kills tests/store: only these)
    python3 dev.py setup    only prepare the environment

Arguments after the task are passed on, for example ``python3 dev.py test -k counting``.
The first run prepares .venv. A stamp remembers what it was prepared for, so that every later
run starts at once until a dependency changes.
"""

# Only syntax that an old Python can read, so that it can say that it is too old.
from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Command = list[str]

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "prepared-for"
LOCK = ROOT / ".venv.lock"
EXTRAS = "docs,lint,test"


class SetupError(Exception):
    """The environment cannot be prepared; the message says what to do."""


def distributions(root: Path) -> list[Path]:
    """List the folders to install: the library, then every plugin and every example."""
    plugins = sorted(root.glob("plugins/*/pyproject.toml"))
    examples = sorted(root.glob("examples/*/pyproject.toml"))
    return [root, *(file.parent for file in plugins + examples)]


def fingerprint(root: Path) -> str:
    """Digest everything that decides what is installed, and where."""
    files = [folder / "pyproject.toml" for folder in distributions(root)]
    files += [root / "constraints.txt", root / "dev.py"]
    digest = hashlib.sha256(f"{sys.version}\n{root}".encode())
    for file in files:
        digest.update(f"\0{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def is_prepared(root: Path, stamp: Path) -> bool:
    """Tell whether the last complete set-up was for the files as they are now."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint(root)


def install_commands(root: Path, install: Command) -> list[Command]:
    """Say how to install everything: first what others wrote, as pinned, then what is ours.

    The pins hold the build backend too, so ours are built without fetching it again for each.
    Each distribution needs an ``-e`` of its own, which covers only what follows it directly.
    """
    pins = str(root / "constraints.txt")
    library, *others = map(str, distributions(root))
    editable = [word for folder in (f"{library}[{EXTRAS}]", *others) for word in ("-e", folder)]
    return [
        [*install, "-r", pins],
        [*install, "-c", pins, "--no-build-isolation", *editable],
    ]


def require_python(version: tuple[int, int]) -> None:
    """Refuse a Python that the library cannot run on."""
    if version < OLDEST_PYTHON:
        have, need = (".".join(map(str, v)) for v in (version, OLDEST_PYTHON))
        raise SetupError(f"Python {need} or newer is needed, this is {have}: python{need} dev.py")


def executable(name: str, *, windows: bool = os.name == "nt") -> Path:
    """Locate a program of the environment."""
    return VENV / "Scripts" / f"{name}.exe" if windows else VENV / "bin" / name


def run(command: Command) -> None:
    """Run one step of the set-up; it talks on stderr, so that stdout keeps to the task."""
    code = subprocess.call(command, stdout=2)
    if code:
        raise SetupError(f"set-up failed with exit code {code} at:\n  {shlex.join(command)}")


def is_usable(python: Path, uv: str | None) -> bool:
    """Tell whether the environment has this Python version and can still install."""
    modules = "sys" if uv else "sys, pip"
    probe = f"import {modules}; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    quiet = subprocess.DEVNULL
    return python.exists() and not subprocess.call([str(python), "-c", probe], stderr=quiet)


def make_venv(uv: str | None) -> None:
    """Make a fresh environment in place of whatever is left of an old one."""
    shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)])
    elif find_spec("ensurepip"):
        run([sys.executable, "-m", "venv", str(VENV)])
    else:
        raise SetupError(
            f"{sys.executable} comes without venv and pip. Debian and Ubuntu: apt install "
            "python3-venv. Elsewhere: install uv, or a complete Python."
        )


if sys.platform == "win32":
    import msvcrt

    def acquire(handle: IO[str]) -> None:
        """Wait for the lock; the system gives up after ten seconds, so ask again."""
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        except OSError:
            acquire(handle)

else:
    import fcntl

    def acquire(handle: IO[str]) -> None:
        """Wait for the lock."""
        fcntl.flock(handle, fcntl.LOCK_EX)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let only one run at a time touch the environment.

    The lock belongs to the open file, so the system frees it even when this run is killed.
    """
    with path.open("a", encoding="ascii") as handle:
        acquire(handle)
        yield


def set_up() -> None:
    """Prepare the environment, unless it already is."""
    if is_prepared(ROOT, STAMP):
        return
    with locked(LOCK):
        if not is_prepared(ROOT, STAMP):  # another run may have done it meanwhile
            install_all()


def install_all() -> None:
    """Install everything; the stamp goes first and comes back last, so it never lies."""
    print("Preparing .venv; later runs skip this.", file=sys.stderr)
    uv, python, prepared_for = shutil.which("uv"), executable("python"), fingerprint(ROOT)
    STAMP.unlink(missing_ok=True)
    if not is_usable(python, uv):
        make_venv(uv)
    install = [uv, "pip", "install", "--python", str(python)] if uv else module("pip", "install")
    for command in install_commands(ROOT, [*install, "--quiet"]):
        run(command)
    STAMP.write_text(prepared_for, encoding="ascii")


def module(name: str, *arguments: str) -> Command:
    """Build the command that runs a module of the environment."""
    return [str(executable("python")), "-m", name, *arguments]


def demo(arguments: Command) -> list[Command]:
    """Run the demo where the caller stands, since it writes its output there."""
    return [[str(executable("partizipation")), "demo", *arguments]]


def test(arguments: Command) -> list[Command]:
    """Run pytest, on all cores unless the caller says how."""
    return [module("pytest", *(arguments or ["-n", "auto"]))]


def lint(arguments: Command) -> list[Command]:
    """Check style, types and licences; arguments go to ``ruff check``."""
    return [
        module("ruff", "check", *arguments),
        module("ruff", "format", "--check"),
        module("mypy"),
        module("reuse", "lint", "--quiet"),
    ]


def docs(arguments: Command) -> list[Command]:
    """Build the documentation; every warning and every dangling reference is an error."""
    return [module("sphinx", "-nW", "--keep-going", *arguments, "docs", "docs/_build/html")]


def bench(arguments: Command) -> list[Command]:
    """Run the benchmarks, one after the other so that they do not disturb each other."""
    return [module("pytest", "-m", "bench", *arguments, "tests/benchmarks")]


def guarantees(arguments: Command) -> list[Command]:
    """Run the tests that the page of guarantees names; every figure on it comes from there."""
    return [[str(executable("python")), "docs/guarantees/make.py", *arguments]]


def soak(arguments: Command) -> list[Command]:
    """Run the whole of every sized suite, and put its figures on the page of guarantees."""
    return [[str(executable("python")), "docs/guarantees/make.py", "--soak", *arguments]]


def setup(_arguments: Command) -> list[Command]:
    """Do nothing more than every task does first."""
    return []


TASKS = {task.__name__: task for task in (demo, test, lint, docs, bench, guarantees, soak, setup)}


def perform(commands: list[Command]) -> int:
    """Run all commands, also after a failure, and return the first exit code that tells of one."""
    if len(commands) == 1 and os.name != "nt":  # a single one takes this process over
        os.execv(commands[0][0], commands[0])
    codes = [subprocess.call(command) for command in commands]
    return next(filter(None, codes), 0)


def main(arguments: Command) -> int:
    """Prepare the environment, then do what was asked for."""
    name, *rest = arguments or ["--help"]
    if name not in TASKS:
        print(__doc__)
        return 0 if name in {"-h", "--help"} else 2
    try:
        require_python(sys.version_info[:2])
        set_up()
        if name != "demo":
            os.chdir(ROOT)
        return perform(TASKS[name](rest))
    except SetupError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
