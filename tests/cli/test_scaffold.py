"""``plugins new``: what it writes installs, passes its own contract, and fits its own TOML."""

import os
import subprocess
import sys
from importlib import import_module

import pytest

from partizipation_core.cli import scaffold
from partizipation_core.cli.main import _run
from partizipation_core.plugins.host import PluginHost

COMMAND = "from partizipation_core.cli.main import run; run()"


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = _run([str(one) for one in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def _python(folder, *arguments):
    """Run Python in a process of its own that finds the new distribution first."""
    path = os.pathsep.join([str(folder / "installed"), *sys.path])
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("base", ["buergerhaushalt", "kiezkasse", "kiezfonds"])
def test_it_installs_and_keeps_its_contract(run, tmp_path, base):
    code, told, _ = run(
        "plugins",
        "new",
        "musterbudget",
        "--town",
        "Musterstadt",
        "--from",
        base,
        "--into",
        tmp_path,
    )
    folder = tmp_path / "partizipation-musterbudget"
    assert (code, str(folder) in told) == (0, True)
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--target", "installed"]
    installed = _python(folder, "-m", "pip", "install", *options, ".")
    assert installed.returncode == 0, installed.stderr
    checked = _python(folder, "-c", COMMAND, "formats", "check", "musterbudget.toml")
    assert (checked.returncode, checked.stderr) == (0, "")
    tested = _python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert tested.returncode == 0, tested.stdout


def test_every_installed_format_is_kept_where_another_can_derive_from_it():
    for offer in PluginHost.discover().registry.formats.values():
        module, constant = scaffold._where(offer)
        assert getattr(import_module(module), constant) is offer.thing


WRONG = {
    "a name in capitals": ("Budget", (), "is no name"),
    "a town with quotes": ("budget", ("--town", 'Alt"stadt'), "no quotation marks"),
    "an unknown base": ("budget", ("--from", "waldkasse"), "waldkasse"),
}


@pytest.mark.parametrize(("name", "more", "told"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused_before_anything_is_written(run, tmp_path, name, more, told):
    code, _, error = run("plugins", "new", name, "--town", "Stadt", *more, "--into", tmp_path)
    assert code != 0
    assert told in error
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(run, tmp_path):
    first = ("plugins", "new", "budget", "--town", "Stadt", "--into", tmp_path)
    assert run(*first)[0] == 0
    assert "exists already" in run(*first)[2]
