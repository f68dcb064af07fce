"""Whatever the discussion knows by a code has words in German and English."""

import pytest

from partizipation_core.kernel.discussion import notices
from partizipation_core.kernel.discussion.moderation import REPORT_REASONS
from partizipation_core.kernel.voices import PUBLIC_KINDS
from partizipation_core.texts import load, render
from partizipation_core.texts.catalogue import OWN

AUTHORS = {"commented", "item_hidden", "item_shown"}
CODES = {
    "notice": {*notices._TO_COMMENTER, *notices._TO_SUPPORTERS, *AUTHORS},
    "report_reason": set(REPORT_REASONS),
    "voice": {*PUBLIC_KINDS, "report"},
    "comment_state": {"published", "hidden", "retracted"},
}


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_words_and_no_words_lack_a_code(kind, lang):
    told = {
        code.removeprefix(f"{kind}.") for code in load(OWN, lang) if code.startswith(f"{kind}.")
    }
    assert told == CODES[kind]


def test_a_notice_reads_like_a_letter():
    params = {"item": "p-7", "state": "feasible", "reason": "Der Platz gehört der Stadt."}
    assert render("notice.moved", params) == (
        "Der Vorschlag „p-7“ hat einen neuen Stand: umsetzbar. Der Platz gehört der Stadt."
    )
