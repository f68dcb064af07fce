"""A second distribution puts its own Kiezkasse in the place of ours, or is told why it cannot."""

import json
import os
import subprocess
import sys

import pytest

COMMAND = "from partizipation_core.cli.main import run; run()"
MODULE = """
from partizipation_core import hookimpl
from partizipation_kiezkasse import KIEZKASSE

OURS = KIEZKASSE.derive(key="kiezkasse", title="Kiezkasse Musterstadt", {replaces})
register_formats = hookimpl(lambda: [OURS])
"""
OPENS = """
from partizipation_core import Actor, Platform
town = Platform().municipality("12060052")
settings = {"pot": "1000 EUR", "region": "Mitte"}
kiez = town.open("k", "kiezkasse", settings=settings, actor=Actor.of("o", "officer"))
print(kiez.definition().title, "from", kiez.definition().distribution)
"""


@pytest.fixture
def installed(tmp_path):
    """Lay distributions out as an installer does; returns a way to run Python beside them."""

    def install(name, *, replaces):
        module = tmp_path / f"partizipation_{name}.py"
        told = 'replaces="kiezkasse"' if replaces else ""
        module.write_text(MODULE.format(replaces=told), encoding="utf-8")
        info = tmp_path / f"partizipation_{name}-2.0.dist-info"
        info.mkdir()
        about = f"Metadata-Version: 2.1\nName: partizipation-{name}\nVersion: 2.0\n"
        (info / "METADATA").write_text(about, encoding="utf-8")
        entry = f"[partizipation]\n{name} = partizipation_{name}\n"
        (info / "entry_points.txt").write_text(entry, encoding="utf-8")

    def python(*arguments):
        path = os.pathsep.join([str(tmp_path), *sys.path])
        return subprocess.run(
            [sys.executable, "-c", *arguments],
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=False,
        )

    python.install = install
    return python


def test_a_format_that_replaces_kiezkasse_is_the_one_that_opens(installed):
    installed.install("musterstadt", replaces=True)
    listed = installed(COMMAND, "formats", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    (ours,) = (row for row in json.loads(listed.stdout) if row["key"] == "kiezkasse")
    assert ours["distribution"] == "partizipation-musterstadt"
    assert ours["title"] == "Kiezkasse Musterstadt"
    assert installed(COMMAND, "plugins", "doctor").returncode == 0
    opened = installed(OPENS)
    assert opened.returncode == 0, opened.stderr
    assert opened.stdout.startswith("Kiezkasse Musterstadt from partizipation-musterstadt")


def test_without_replaces_the_conflict_names_both_and_nothing_opens(installed):
    installed.install("musterstadt", replaces=False)
    doctor = installed(COMMAND, "plugins", "doctor", "--json")
    assert doctor.returncode == 1
    (problem,) = json.loads(doctor.stdout)
    assert problem.startswith("format 'kiezkasse' is offered by")
    assert "partizipation-kiezkasse" in problem
    assert "partizipation-musterstadt 2.0" in problem
    assert "declare that it replaces the other" in problem
    opened = installed(OPENS)
    assert opened.returncode != 0
    assert "partizipation-musterstadt" in opened.stderr


def test_two_that_replace_it_are_named_both(installed):
    installed.install("musterstadt", replaces=True)
    installed.install("neustadt", replaces=True)
    (problem,) = json.loads(installed(COMMAND, "plugins", "doctor", "--json").stdout)
    assert "partizipation-musterstadt 2.0" in problem
    assert "partizipation-neustadt 2.0" in problem
