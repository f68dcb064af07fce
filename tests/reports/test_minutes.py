"""Minutes are read by people: settings and rules have names, and a second vote its stage."""

import attrs
import pytest

from partizipation_core.plugins.host import PluginHost
from partizipation_core.texts.wording import Wording

FORMATS = {
    key: offer.thing
    for key, offer in PluginHost.discover().registry.formats.items()
    if key.startswith(("buergerhaushalt", "kiezkasse"))
}


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("key", FORMATS)
def test_every_setting_and_every_slot_has_a_name(key, lang):
    word, form = Wording(lang=lang), FORMATS[key]
    names = {field.name for field in attrs.fields(form.settings)}
    slots = {slot.rpartition(".")[2] for slot in form.rules}
    codes = [f"setting.{name}" for name in names] + [f"slot.{slot}" for slot in slots]
    assert sorted(code for code in codes if word.find(code) is None) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("vote", "Abstimmung"),
        ("vote.2", "Abstimmung 2"),
        ("rating.10", "Bewertung 10"),
        ("unknown.2", "unknown.2"),
        ("vote.x", "vote.x"),
    ],
)
@pytest.mark.parametrize("kind", ["vote", "stage"])
def test_a_vote_that_is_held_again_is_named_by_its_stage(kind, code, told):
    titles = {"stage.vote": "Abstimmung", "stage.rating": "Bewertung"}
    assert Wording(catalogues=[titles]).label(kind, code) == told
