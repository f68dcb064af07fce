"""One rule for all commands, those of plugins too: help is English, and people choose the rest."""

import re

import click
import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.cli.main import cli, run
from partizipation_core.cli.speaking import LANGUAGES, language_of
from partizipation_core.plugins.host import PluginHost

GERMAN = re.compile(
    r"[äöüßÄÖÜ»]|\b(?:der|die|das|den|dem|des|und|oder|eine?[rnms]?|nicht|als|für|mit|wird|werden"
    r"|ist|sind|kein\w*|nur|alle[srn]?|ohne|Sprache|Ausgabe|Befehle?)\b"
)
NAMES = re.compile(r"stadt\.(?:db|example/wahlleitung)|\"event\":\"[^\"]*\"")


def walk(command, path=()):
    """Yield every command with its path, groups included."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from walk(command.get_command(context, name), (*path, name))


def everything():
    PluginHost.discover().add_commands(cli)
    return list(walk(cli))


def test_there_is_something_to_look_at():
    paths = {path for path, _ in everything()}
    assert len(paths) > 70
    assert {
        ("count", "run"),
        ("people", "forget"),
        ("sortition", "draw"),
        ("kiezkasse", "year"),
    } <= paths


def test_help_is_english_everywhere():
    found = {}
    for path, command in everything():
        with click.Context(command, info_name=" ".join(path)) as context:
            told = NAMES.sub("", command.get_help(context))
        if german := GERMAN.findall(told):
            found[" ".join(path)] = german
    assert found == {}


def test_every_command_asks_for_the_language_in_the_same_way():
    for path, command in everything():
        if isinstance(command, click.Group):
            continue
        (option,) = [one for one in command.params if "--lang" in one.opts]
        assert (option.type.choices, option.default, option.envvar) == (
            LANGUAGES,
            "de",
            "PARTIZIPATION_LANG",
        ), path


@pytest.mark.parametrize(
    ("arguments", "variable", "lang"),
    [
        ([], "", "de"),
        (["--lang", "en"], "", "en"),
        (["--lang=de-x-leicht", "x"], "", "de-x-leicht"),
        ([], "en", "en"),
        (["--lang", "de"], "en", "de"),
        (["--lang"], "", "de"),
        ([], "fr", "de"),
    ],
)
def test_the_command_line_comes_before_the_environment(monkeypatch, arguments, variable, lang):
    monkeypatch.setenv("PARTIZIPATION_LANG", variable)
    assert language_of(arguments) == lang


REFUSED = {
    "people forget": ["--by", "officer-1", "nobody"],
    "people redact": ["--item", "x", "--passage", "p", "--reason", "r", "--by", "m"],
    "people destroy-key": ["--vote", "vote", "--by", "officer-1"],
    "register erase": ["--officer", "officer-1"],
}


@pytest.mark.parametrize("command", REFUSED)
def test_a_refusal_is_told_in_the_language_that_was_asked_for(command, tmp_path, capsys):
    database = f"sqlite:///{tmp_path / 'town.db'}"
    with Platform(database) as platform:
        platform.municipality("12060052").open(
            "budget",
            "buergerhaushalt",
            actor=Actor.of("officer-1", Role.OFFICER),
            settings={"pot": "1000 EUR", "misfit": "skip"},
        )
    place = ["--database", database, "--municipality", "12060052", "--procedure", "budget"]
    told = {}
    for lang in LANGUAGES:
        with pytest.raises(SystemExit) as left:
            run([*command.split(), *place, *REFUSED[command], "--lang", lang])
        assert left.value.code == 3, capsys.readouterr()
        told[lang] = capsys.readouterr().err.strip()
    assert all(told.values())
    assert told["en"] != told["de"]
    assert not GERMAN.search(told["en"])
    assert len(set(told.values())) == len(LANGUAGES)
