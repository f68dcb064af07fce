"""Whoever reads simple language reads titles of stages in it, too, in every town."""

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.cli.house import wording_of
from partizipation_core.plugins.host import PluginHost
from partizipation_core.texts.titles import title_of

HOST = PluginHost.discover()
FORMATS = sorted(key for key in HOST.registry.formats if key.startswith("buergerhaushalt"))
LANGUAGES = ("de-x-leicht", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", FORMATS)
def test_every_stage_of_every_town_has_a_title(key, lang):
    titles = {stage.title for stage in HOST.registry.format(key).thing.stages if stage.title}
    known = {code for texts in HOST.texts(lang) for code in texts}
    assert sorted(title for title in titles if f"title.{title}" not in known) == []


def test_titles_in_simple_language_are_short():
    told = [title_of(code.removeprefix("title."), HOST.texts("de-x-leicht")) for code in titles()]
    assert len(told) > 20
    assert [title for title in told if len(title.split()) > 8] == []


def titles():
    return [code for texts in HOST.texts("de-x-leicht") for code in texts if "title." in code]


def test_a_procedure_is_told_with_the_titles_of_the_reader():
    with Platform() as platform:
        handle = platform.municipality("12060052").open(
            "budget",
            "buergerhaushalt",
            actor=Actor.of("officer", Role.OFFICER),
            settings={"pot": "1000 EUR", "misfit": "skip"},
        )
        stage = handle.state().stage
        found = {
            lang: wording_of(handle, lang).label("stage", stage) for lang in ("de", *LANGUAGES)
        }
    assert found == {
        "de": "Ideensammlung",
        "de-x-leicht": "Ideen sammeln",
        "en": "Collecting ideas",
    }
