"""What people can use is documented: settings, commands, events, formats, exit codes."""

import re
from pathlib import Path

import click
import pytest
from attrs import fields

from partizipation_core import commands
from partizipation_core.cli.main import EXITS, cli
from partizipation_core.cli.output import ExitCode
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.handbook import entries
from partizipation_core.handbook.docstrings import read
from partizipation_core.plugins.host import PluginHost

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
OURS = {
    "partizipation-kiezkasse",
    "partizipation-buergerhaushalt",
    "partizipation-buergerrat",
    "partizipation-crowdfunding",
}
REGISTRY = PluginHost.discover().registry
FORMATS = [offer.thing for offer in REGISTRY.formats.values() if offer.origin.distribution in OURS]
SETTINGS = {form.settings for form in FORMATS} | {ProcedureSettings}


def page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(SETTINGS, key=lambda kind: kind.__qualname__))
def test_every_setting_says_what_it_means(kind):
    unexplained = [row["setting"] for row in entries.settings(kind) if not row["meaning"]]
    assert unexplained == []


@pytest.mark.parametrize("kind", sorted(SETTINGS, key=lambda kind: kind.__qualname__))
def test_no_setting_is_explained_that_is_not_there(kind):
    told = {name for one in kind.__mro__ for name in read(one).arguments}
    assert told - {one.name for one in fields(kind)} == set()


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.key)
def test_every_format_stands_on_the_page_of_its_distribution(form):
    distribution = REGISTRY.formats[form.key].origin.distribution
    name = distribution.removeprefix("partizipation-")
    assert f"{{partizipation-format}} {form.key}\n" in page(f"formats/{name}.md")


def test_every_command_and_event_of_the_core_is_told_in_full():
    modules = set(
        re.findall(
            r"automodule:: ([\w.]+)", "".join(map(page, ("commands.md", "money.md", "api.md")))
        )
    )
    public = (getattr(commands, name) for name in commands.__all__)
    kinds = {one for one in public if isinstance(one, type)}
    for offer in REGISTRY.deciders.values():
        if offer.origin.distribution == "partizipation-core":
            kinds.update(offer.thing.events)
    assert {kind.__qualname__ for kind in kinds if kind.__module__ not in modules} == set()


@pytest.mark.parametrize("kind", ["commands", "events"])
@pytest.mark.parametrize("distribution", sorted({"partizipation-core"} | OURS))
def test_every_command_and_event_says_what_it_is(kind, distribution):
    rows = getattr(entries, kind)(REGISTRY, distribution)
    word = {"commands": "purpose", "events": "meaning"}[kind]
    assert [row for row in rows if not row[word]] == []


def test_every_exit_code_stands_in_the_reference():
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", page("cli.md"), re.MULTILINE)}
    assert told == {int(code) for code in ExitCode} | {code for _, code in EXITS}


def walk(command, path=("partizipation",)):
    """Return every command below one, with the words that call it."""
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from walk(one, (*path, name))


COMMAND_LINE = dict(walk(cli))


@pytest.mark.parametrize("path", COMMAND_LINE, ids=" ".join)
def test_every_word_of_the_command_line_explains_itself(path):
    command = COMMAND_LINE[path]
    assert command.help
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []
