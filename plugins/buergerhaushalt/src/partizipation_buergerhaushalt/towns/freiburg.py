"""Freiburg: people only support; a dialogue puts ideas in order, and council groups take them up.

Published: everybody takes part and supports ideas; in 2022 a dialogue meeting of people from 18,
drawn for breadth where too many came, gave priorities; groups of the council may take ideas up by
amendment, with a representative survey alongside (mitmachen.freiburg.de 2022). There is no pot and
no vote that is counted. What the council does with ideas without priority is its own choice.
"""

from __future__ import annotations

from partizipation_buergerhaushalt import ORDERING, RESULTS
from partizipation_buergerhaushalt.advice import ADVICE
from partizipation_buergerhaushalt.path import PATH
from partizipation_core.commands import PassOverItem, ResolveItems, ShortlistItem
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.values import Role

__all__ = ["FREIBURG"]

FREIBURG = ADVICE.derive(
    key="buergerhaushalt_freiburg",
    title="Beteiligungshaushalt Freiburg",
    without=["review", "vote"],
    insert_after={
        "ideas": Stage(
            "dialogue",
            kind=StageKind.REVIEW,
            title="Dialogveranstaltung",
            allows={
                ShortlistItem: [Role.STEWARD],
                PassOverItem: [Role.STEWARD],
                **ORDERING,
            },
        )
    },
    replace=[
        Stage(
            "fund",
            kind=StageKind.FUND,
            title="Beratung im Gemeinderat",
            allows={ResolveItems: RESULTS[ResolveItems]},
        )
    ],
    lifecycle=PATH.extend(
        key="buergerhaushalt_freiburg",
        moves={
            "not_shortlisted": {
                "adopt": "adopted",
                "award": "awarded",
                "note": "noted",
                "pass_on": "passed_on",
                "decline": "not_awarded",
            }
        },
    ),
)
