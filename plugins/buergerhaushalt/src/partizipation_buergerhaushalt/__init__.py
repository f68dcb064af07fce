"""Bürgerhaushalt: ideas, review, vote and award within a fixed pot, then delivery.

The family "Bürgerbudget" with a fixed pot. Every number is a setting, every rule a named answer
to a slot; towns derive their own from `BUERGERHAUSHALT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partizipation_buergerhaushalt import story
from partizipation_core.commands import (
    GRANT_APPLICANT,
    GRANT_OFFICE,
    PURSE,
    STEERING,
    AbandonDelivery,
    AcceptInvitation,
    AddComment,
    AdmitVoters,
    AssignReview,
    AwardItems,
    CastBallot,
    CastByCode,
    CertifyResult,
    ChallengeBallot,
    ChangeDelivery,
    ConfirmPaperBallot,
    ConfirmSupport,
    CorrectItem,
    CorrectResult,
    CountBallots,
    DelayDelivery,
    DestroyKey,
    DismissReports,
    EditComment,
    EnrolVoter,
    EnterItem,
    EnterPaperBallot,
    EnterTotals,
    EraseRegister,
    FinishDelivery,
    FollowRecommendations,
    ForgetPerson,
    ForwardItem,
    GiveFeedback,
    HandOutRoll,
    HideComment,
    HideItem,
    ImportBooth,
    ImportRegister,
    InviteCoauthor,
    IssueCodes,
    LeaveItem,
    LinkItem,
    MergeItems,
    ObjectToReview,
    Override,
    PassOverItem,
    PlanDelivery,
    PublishItem,
    PublishResult,
    PublishReviews,
    ReclassifyItem,
    RecommendStep,
    RedactText,
    RefuseItem,
    ReplaceBallot,
    ReplaceByCode,
    ReportComment,
    ReportItem,
    ReportMilestone,
    ReportProgress,
    ResolveItems,
    ResubmitItem,
    RetractComment,
    RetractSupport,
    ReturnItem,
    ReviewItem,
    ReviseItem,
    RevokeBallot,
    SaveDraft,
    SettlePaperBallot,
    ShortlistItem,
    SplitItem,
    StartDelivery,
    StrikePaperBallot,
    StrikeVoter,
    SubmitItem,
    SupportItem,
    TakeOutsideResult,
    TakeUpReview,
    UnassignReview,
    UnhideComment,
    UnhideItem,
    UnlinkItem,
    UpdateElectorate,
    VoidCodes,
    WithdrawItem,
)
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.rules import Rule
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.formats.stages import Stage, StageKind
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.story import Story
from partizipation_core.values import Role

__all__ = [
    "BUERGERHAUSHALT",
    "register_formats",
    "register_rules",
    "register_stories",
    "register_texts",
]

AUTHORSHIP = {
    SaveDraft: [Role.RESIDENT],
    ReviseItem: [Role.RESIDENT],
    InviteCoauthor: [Role.RESIDENT],
    AcceptInvitation: [Role.RESIDENT],
    LeaveItem: [Role.RESIDENT],
}
INTAKE = {EnterItem: [Role.MODERATOR, Role.OFFICER, Role.HANDOVER]}
ORDERING = {
    CorrectItem: [Role.MODERATOR],
    ReclassifyItem: [Role.MODERATOR],
    MergeItems: [Role.MODERATOR],
    SplitItem: [Role.MODERATOR],
    ForwardItem: [Role.MODERATOR, Role.REVIEWER],
}
MODERATION = {
    PublishItem: [Role.MODERATOR],
    ReturnItem: [Role.MODERATOR],
    RefuseItem: [Role.MODERATOR],
}
VOICES = {
    SupportItem: [Role.RESIDENT],
    ConfirmSupport: [Role.RESIDENT],
    RetractSupport: [Role.RESIDENT],
    AddComment: [Role.RESIDENT, Role.MODERATOR, Role.REVIEWER],
    EditComment: [Role.RESIDENT, Role.MODERATOR, Role.REVIEWER],
}
CARE = {
    RetractComment: [Role.RESIDENT, Role.MODERATOR, Role.REVIEWER],
    ReportItem: [Role.RESIDENT],
    ReportComment: [Role.RESIDENT],
    HideComment: [Role.MODERATOR],
    UnhideComment: [Role.MODERATOR],
    DismissReports: [Role.MODERATOR],
    GiveFeedback: [Role.MODERATOR, Role.REVIEWER, Role.OFFICER],
}
REGISTER = {
    ImportRegister: [Role.OFFICER],
    ForgetPerson: [Role.OFFICER],
    EraseRegister: [Role.OFFICER],
    DestroyKey: [Role.OFFICER],
}
ELECTORATE = {
    UpdateElectorate: [Role.OFFICER],
    EnrolVoter: [Role.OFFICER],
    StrikeVoter: [Role.OFFICER],
    HandOutRoll: [Role.OFFICER],
}
# Whoever counts does not certify; the council takes note, adopts, changes, rejects or passes on.
RESULTS = {
    CertifyResult: [Role.OFFICER, Role.AUDITOR],
    PublishResult: [Role.OFFICER],
    CorrectResult: [Role.OFFICER],
    ResolveItems: [Role.COUNCIL],
}
DELIVERY = {
    StartDelivery: [Role.REVIEWER],
    PlanDelivery: [Role.REVIEWER],
    ReportMilestone: [Role.REVIEWER],
    DelayDelivery: [Role.REVIEWER],
    ReportProgress: [Role.REVIEWER],
    ChangeDelivery: [Role.REVIEWER],
    FinishDelivery: [Role.REVIEWER],
    AbandonDelivery: [Role.REVIEWER],
}
# A polling place ticks voters while people vote, and reports its totals when the vote is over.
CHANNELS = {
    CastBallot: [Role.RESIDENT],
    ReplaceBallot: [Role.RESIDENT],
    RevokeBallot: [Role.RESIDENT],
    ChallengeBallot: [Role.RESIDENT],
    CastByCode: [Role.CODE_HOLDER],
    ReplaceByCode: [Role.CODE_HOLDER],
    EnterPaperBallot: [Role.OFFICER],
    ConfirmPaperBallot: [Role.OFFICER],
    SettlePaperBallot: [Role.OFFICER],
    StrikePaperBallot: [Role.OFFICER],
    ImportBooth: [Role.OFFICER],
    AdmitVoters: [Role.OFFICER],
}
CODES = {IssueCodes: [Role.OFFICER], VoidCodes: [Role.OFFICER]}
# Only where a town's settings say that money is granted by notice.
GRANTS: dict[type, list[Role]] = {
    **{command: [Role.RESIDENT, Role.OFFICER] for command in GRANT_APPLICANT},
    **{command: [Role.OFFICER] for command in GRANT_OFFICE},
}

BUERGERHAUSHALT = ProcedureFormat(
    key="buergerhaushalt",
    title="Bürgerhaushalt",
    settings=VoteSettings,
    stages=(
        Stage(
            "ideas",
            kind=StageKind.IDEA,
            title="Ideensammlung",
            allows={
                SubmitItem: [Role.RESIDENT],
                WithdrawItem: [Role.RESIDENT],
                **AUTHORSHIP,
                **INTAKE,
                **MODERATION,
                **ORDERING,
                **VOICES,
            },
        ),
        Stage(
            "review",
            kind=StageKind.REVIEW,
            title="Prüfung",
            allows={
                **MODERATION,
                TakeUpReview: [Role.REVIEWER],
                ReviewItem: [Role.REVIEWER],
                AssignReview: [Role.OFFICER],
                UnassignReview: [Role.OFFICER],
                PublishReviews: [Role.OFFICER],
                ObjectToReview: [Role.RESIDENT],
                RecommendStep: [Role.REVIEWER, Role.STEWARD],
                FollowRecommendations: [Role.OFFICER],
                ShortlistItem: [Role.OFFICER],
                PassOverItem: [Role.OFFICER],
                ResubmitItem: [Role.RESIDENT],
                WithdrawItem: [Role.RESIDENT],
                LeaveItem: [Role.RESIDENT],
                **ORDERING,
            },
        ),
        Stage(
            "vote",
            kind=StageKind.VOTE,
            title="Abstimmung",
            puts_on_ballot="shortlisted",
            allows={**CHANNELS, **ELECTORATE},
        ),
        Stage(
            "fund",
            kind=StageKind.FUND,
            title="Auszählung und Vergabe",
            allows={
                EnterTotals: [Role.OFFICER],
                TakeOutsideResult: [Role.OFFICER],
                CountBallots: [Role.OFFICER],
                AwardItems: [Role.COUNCIL],
                **RESULTS,
            },
        ),
        Stage(
            "implement",
            kind=StageKind.IMPLEMENT,
            title="Umsetzung",
            allows={
                **DELIVERY,
                **GRANTS,
                AwardItems: [Role.COUNCIL],
                CorrectResult: [Role.OFFICER],
            },
        ),
    ),
    rules={
        "eligibility": "core/min_age",
        "count": "core/greedy",
        "tie": ["core/lower_cost", "core/lot"],
        "award": "core/as_proposed",
        "combine_reviews": "core/all_must_agree",
    },
    guards={
        "submit": ["core/cooling_off", "core/within_cap"],
        "admit": "core/review_first",
        "shortlist": "core/cost_known",
    },
    anytime={
        **{command: [Role.OFFICER] for command in STEERING},
        Override: [Role.OFFICER],
        **CODES,
        **CARE,
        **REGISTER,
        **{command: [Role.OFFICER] for command in PURSE},
        LinkItem: [Role.OFFICER],
        UnlinkItem: [Role.OFFICER],
        HideItem: [Role.MODERATOR],
        UnhideItem: [Role.MODERATOR],
        RedactText: [Role.MODERATOR],
    },
    overrides={
        PublishItem: [Role.OFFICER],
        RefuseItem: [Role.OFFICER],
        ReviewItem: [Role.OFFICER],
    },
)


@hookimpl
def register_stories() -> Mapping[str, Story]:
    """Contribute what ``partizipation demo`` plays."""
    return {BUERGERHAUSHALT.key: story.play}


@hookimpl
def register_formats() -> Iterable[ProcedureFormat]:
    """Contribute both families and the towns; they are derived from what stands above."""
    from partizipation_buergerhaushalt.advice import ADVICE
    from partizipation_buergerhaushalt.towns import TOWNS

    return (BUERGERHAUSHALT, ADVICE, *TOWNS)


@hookimpl
def register_rules() -> Iterable[Rule]:
    """Contribute the rules that only towns have."""
    from partizipation_buergerhaushalt.rules import RULES

    return RULES


@hookimpl
def register_texts() -> Mapping[str, Mapping[str, str]]:
    """Contribute the sentences of this plugin."""
    from partizipation_buergerhaushalt.texts import PACKAGE
    from partizipation_core.texts import languages, load

    return {lang: load(PACKAGE, lang) for lang in languages(PACKAGE)}
