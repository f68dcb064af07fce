"""The format: a contest from its call to its report, as one value."""

from __future__ import annotations

from partizipation_core.commands import (
    PURSE,
    STEERING,
    EnterItem,
    ForgetPerson,
    HideItem,
    PassOverItem,
    PublishItem,
    RedactText,
    RefuseItem,
    ReturnItem,
    ReviseItem,
    SaveDraft,
    ShortlistItem,
    SubmitItem,
    UnhideItem,
    WithdrawItem,
)
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.values import Role
from partizipation_crowdfunding.contest import awarding, closing, paying, pledging, preparing
from partizipation_crowdfunding.contest.awarding import AwardPrizes
from partizipation_crowdfunding.contest.closing import CancelCampaign, CloseRound
from partizipation_crowdfunding.contest.lifecycle import CAMPAIGN_LIFECYCLE
from partizipation_crowdfunding.contest.paying import (
    ChargeCampaign,
    DeliverCampaign,
    PayOutCampaign,
    RefundCampaign,
)
from partizipation_crowdfunding.contest.pledging import CancelPledge, MakePledge, NotePayment
from partizipation_crowdfunding.contest.preparing import (
    CoachCampaign,
    LegitimateCampaign,
    OpenCampaigns,
    PrepareCampaign,
    ReadyCampaign,
)
from partizipation_crowdfunding.contest.settings import CrowdfundingSettings

__all__ = ["BACKER", "CASHIER", "CROWDFUNDING", "DECIDERS", "JURY"]

JURY = "jury"
BACKER = "backer"
"""Who pledges money: not only residents."""
CASHIER = "cashier"
"""Who tells what the payment provider has done, usually a program."""

DECIDERS = (
    *preparing.DECIDERS,
    *pledging.DECIDERS,
    *closing.DECIDERS,
    *awarding.DECIDERS,
    *paying.DECIDERS,
)

_MODERATION = {
    PublishItem: [Role.MODERATOR],
    ReturnItem: [Role.MODERATOR],
    RefuseItem: [Role.MODERATOR],
}
_SETTLING = {
    ChargeCampaign: [Role.OFFICER],
    RefundCampaign: [Role.OFFICER],
}

CROWDFUNDING = ProcedureFormat(
    key="crowdfunding",
    title="Crowdfunding-Wettbewerb",
    settings=CrowdfundingSettings,
    lifecycle=CAMPAIGN_LIFECYCLE,
    rules={"jury.conflict": "core/own_item"},
    stages=(
        Stage(
            "call",
            kind=StageKind.IDEA,
            title="Aufruf",
            allows={
                SaveDraft: [Role.RESIDENT],
                SubmitItem: [Role.RESIDENT],
                ReviseItem: [Role.RESIDENT],
                WithdrawItem: [Role.RESIDENT],
                EnterItem: [Role.OFFICER],
                **_MODERATION,
            },
        ),
        Stage(
            "jury",
            kind=StageKind.REVIEW,
            title="Auswahl durch die Jury",
            allows={
                ShortlistItem: [JURY],
                PassOverItem: [JURY],
                WithdrawItem: [Role.RESIDENT],
                **_MODERATION,
            },
        ),
        Stage(
            "preparing",
            kind=StageKind.REVIEW,
            title="Vorbereitung und Beratung",
            allows={
                PrepareCampaign: [Role.RESIDENT],
                LegitimateCampaign: [Role.OFFICER],
                CoachCampaign: [Role.OFFICER],
                ReadyCampaign: [Role.OFFICER],
                WithdrawItem: [Role.RESIDENT],
            },
        ),
        Stage(
            "funding",
            kind=StageKind.FUND,
            title="Finanzierungszeitraum",
            allows={
                OpenCampaigns: [Role.OFFICER],
                MakePledge: [BACKER, Role.RESIDENT],
                CancelPledge: [BACKER, Role.RESIDENT],
                CancelCampaign: [Role.OFFICER],
            },
        ),
        Stage(
            "closing",
            kind=StageKind.FUND,
            title="Abschluss",
            allows={
                CloseRound: [Role.OFFICER],
                CancelCampaign: [Role.OFFICER],
                **_SETTLING,
            },
            edges={"second_round": "funding"},
        ),
        Stage(
            "award",
            kind=StageKind.FUND,
            title="Preisverleihung",
            allows={AwardPrizes: [Role.OFFICER, JURY], **_SETTLING},
        ),
        Stage(
            "payout",
            kind=StageKind.FUND,
            title="Auszahlung",
            allows={PayOutCampaign: [Role.OFFICER], **_SETTLING},
        ),
        Stage(
            "implementing",
            kind=StageKind.IMPLEMENT,
            title="Umsetzung",
            allows={
                DeliverCampaign: [Role.OFFICER],
                PayOutCampaign: [Role.OFFICER],
                **_SETTLING,
            },
        ),
        Stage(
            "reported",
            kind=StageKind.IMPLEMENT,
            title="Abschlussbericht",
            allows={DeliverCampaign: [Role.OFFICER]},
        ),
    ),
    anytime={
        **{command: [Role.OFFICER] for command in STEERING},
        **{command: [Role.OFFICER] for command in PURSE},
        NotePayment: [CASHIER],
        HideItem: [Role.MODERATOR],
        UnhideItem: [Role.MODERATOR],
        RedactText: [Role.MODERATOR],
        ForgetPerson: [Role.OFFICER],
    },
)
