"""The Bürgerrat as a format, and the draw of seats as a part of any other format."""

from __future__ import annotations

from types import MappingProxyType

from partizipation_buergerrat.conditions import ALL_VOTED, DRAWN
from partizipation_buergerrat.methods import LEXIMIN
from partizipation_buergerrat.procedure import (
    deletion,
    drawing,
    invitation,
    mandate,
    recommendation,
    replacing,
    report,
    sample,
    seat,
    session,
)
from partizipation_buergerrat.procedure.deletion import RecordDeletion
from partizipation_buergerrat.procedure.drawing import CancelDraw, CommitToDraw, HoldDraw
from partizipation_buergerrat.procedure.invitation import (
    CloseLetters,
    FollowUpLetters,
    RegisterForDraw,
    SendLetters,
)
from partizipation_buergerrat.procedure.mandate import DefineFrame, GiveMandate
from partizipation_buergerrat.procedure.recommendation import (
    LIFECYCLE,
    CheckFacts,
    ReopenDraft,
    VoteOnRecommendation,
)
from partizipation_buergerrat.procedure.replacing import ErasePeople, ReplaceSeat
from partizipation_buergerrat.procedure.report import (
    AnswerRecommendation,
    HandOverReport,
    RemindAddressee,
)
from partizipation_buergerrat.procedure.sample import ReceiveSample, ReplacePlace, RequestSample
from partizipation_buergerrat.procedure.seat import AppointSeats, ConfirmSeat, LeaveSeat
from partizipation_buergerrat.procedure.session import PlanSession, RecordSession
from partizipation_buergerrat.settings import BuergerratSettings
from partizipation_core.commands import (
    STEERING,
    AbandonDelivery,
    ChangeDelivery,
    EnterItem,
    FinishDelivery,
    ForgetPerson,
    ForwardItem,
    HideItem,
    LinkItem,
    MergeItems,
    RedactText,
    ReportProgress,
    ReviseItem,
    StartDelivery,
    UnhideItem,
    UnlinkItem,
    WithdrawItem,
)
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.values import Role

__all__ = ["BUERGERRAT", "DECIDERS", "LOT", "SEATS"]

DECIDERS = (
    *mandate.DECIDERS,
    *sample.DECIDERS,
    *invitation.DECIDERS,
    *drawing.DECIDERS,
    *replacing.DECIDERS,
    *seat.DECIDERS,
    *session.DECIDERS,
    *recommendation.DECIDERS,
    *report.DECIDERS,
    *deletion.DECIDERS,
)

LOT = MappingProxyType(
    {CommitToDraw: [Role.OFFICER], CancelDraw: [Role.OFFICER], HoldDraw: [Role.OFFICER]}
)
"""A public draw; allow it in a stage of any format that fills the slot ``draw``."""

SEATS = MappingProxyType(
    {
        ConfirmSeat: [Role.RESIDENT, Role.OFFICER],
        LeaveSeat: [Role.RESIDENT, Role.OFFICER],
        ReplaceSeat: [Role.OFFICER],
        ErasePeople: [Role.OFFICER],
    }
)
"""What becomes of drawn seats; goes with `LOT`."""

_APPOINTED = {AppointSeats: [Role.COUNCIL, Role.OFFICER]}
_MEETING = {PlanSession: [Role.MODERATOR], RecordSession: [Role.MODERATOR]}
_DRAFTING = {
    EnterItem: [Role.MODERATOR],
    ReviseItem: [Role.MODERATOR],
    ReopenDraft: [Role.MODERATOR],
    MergeItems: [Role.MODERATOR],
    WithdrawItem: [Role.MODERATOR],
}
_FRAMING = {DefineFrame: [Role.OFFICER]}
_DELIVERY = {
    StartDelivery: [Role.REVIEWER],
    ReportProgress: [Role.REVIEWER],
    ChangeDelivery: [Role.REVIEWER],
    FinishDelivery: [Role.REVIEWER],
    AbandonDelivery: [Role.REVIEWER],
}
_ANSWERING = {
    AnswerRecommendation: [Role.COUNCIL],
    RemindAddressee: [Role.OFFICER, Role.MODERATOR],
    ForwardItem: [Role.OFFICER],
}

BUERGERRAT = ProcedureFormat(
    key="buergerrat",
    title="Bürgerrat",
    settings=BuergerratSettings,
    lifecycle=LIFECYCLE,
    stages=(
        Stage(
            "mandate",
            kind=StageKind.IDEA,
            title="Auftrag und Rahmen",
            allows={GiveMandate: [Role.COUNCIL], **_FRAMING},
        ),
        Stage(
            "sample",
            kind=StageKind.IDEA,
            title="Stichprobe aus dem Melderegister",
            allows={
                **_FRAMING,
                RequestSample: [Role.OFFICER],
                ReplacePlace: [Role.OFFICER],
                ReceiveSample: [Role.OFFICER],
            },
        ),
        Stage(
            "invitation",
            kind=StageKind.IDEA,
            title="Einladung und Anmeldung",
            allows={
                SendLetters: [Role.OFFICER],
                FollowUpLetters: [Role.OFFICER],
                CloseLetters: [Role.RESIDENT, Role.OFFICER],
                RegisterForDraw: [Role.RESIDENT, Role.OFFICER],
            },
        ),
        Stage(
            "draw",
            kind=StageKind.REVIEW,
            title="Auslosung",
            allows={
                **_FRAMING,
                CloseLetters: [Role.RESIDENT, Role.OFFICER],
                **LOT,
                **SEATS,
                **_APPOINTED,
                PlanSession: [Role.MODERATOR],
            },
        ),
        Stage(
            "sessions",
            kind=StageKind.REVIEW,
            title="Sitzungen",
            allows={**SEATS, **_APPOINTED, **_MEETING, **_DRAFTING, CheckFacts: [Role.REVIEWER]},
        ),
        Stage(
            "vote",
            kind=StageKind.VOTE,
            title="Abstimmung über die Empfehlungen",
            puts_on_ballot="checked",
            allows={VoteOnRecommendation: [Role.MODERATOR], RecordSession: [Role.MODERATOR]},
        ),
        Stage(
            "answer",
            kind=StageKind.FUND,
            title="Übergabe und Antwort",
            allows={
                VoteOnRecommendation: [
                    Role.MODERATOR
                ],  # what a stage that ended by date left open
                HandOverReport: [Role.MODERATOR, Role.OFFICER],
                **_ANSWERING,
            },
        ),
        Stage(
            "implement",
            kind=StageKind.IMPLEMENT,
            title="Umsetzung",
            allows={**_ANSWERING, **_DELIVERY},
        ),
    ),
    rules={"draw": LEXIMIN, "majority": "core/simple_majority"},
    conditions={"draw.advance": DRAWN, "vote.advance": ALL_VOTED},
    anytime={
        **{command: [Role.OFFICER] for command in STEERING},
        RecordDeletion: [Role.OFFICER],
        ErasePeople: [Role.OFFICER],
        LinkItem: [Role.OFFICER],
        UnlinkItem: [Role.OFFICER],
        HideItem: [Role.MODERATOR],
        UnhideItem: [Role.MODERATOR],
        RedactText: [Role.MODERATOR],
        ForgetPerson: [Role.OFFICER],
    },
)
"""From the mandate to what became of each recommendation; towns derive their own."""
