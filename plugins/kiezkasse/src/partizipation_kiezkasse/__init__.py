"""Kiezkasse: a neighbourhood fund whose assembly fixes the sums within the pot of its Kiez.

Modelled on the Kiezkassen of Treptow-Köpenick: ideas until the day of the assembly, walk-ins
included, an optional precheck, hands shown item by item, sums within the regional pot. Sources:
berlin.de/ba-treptow-koepenick (Kiezkassen), mein.berlin.de (Kiezkasse Baumschulenweg 2025).

The assembly alone decides, unless a Kiez tries the hybrid vote of the pilot: with ``channels`` it
takes votes in on paper and online as well, and all of them are counted together with the hands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import click
from attrs import field, frozen
from attrs.validators import ge

from partizipation_core.commands import (
    GRANT_APPLICANT,
    GRANT_OFFICE,
    PURSE,
    STEERING,
    AbandonDelivery,
    AcceptInvitation,
    AddComment,
    AdmitItem,
    AdmitVoters,
    AssignReview,
    AwardItems,
    CastBallot,
    ChallengeBallot,
    ChangeDelivery,
    ChooseMethod,
    ConfirmPaperBallot,
    ConfirmSupport,
    CorrectItem,
    CountBallots,
    DelayDelivery,
    DestroyKey,
    DismissReports,
    EditComment,
    EnterItem,
    EnterPaperBallot,
    FinishDelivery,
    FollowRecommendations,
    ForgetPerson,
    ForwardItem,
    GiveFeedback,
    HideComment,
    HideItem,
    InviteCoauthor,
    LeaveItem,
    LinkItem,
    MergeItems,
    NamePresenter,
    ObjectToReview,
    PlanDelivery,
    PublishItem,
    PublishReviews,
    PutOnBallot,
    ReclassifyItem,
    RecommendStep,
    RecordAssembly,
    RecordHands,
    RedactText,
    RefuseItem,
    ReplaceBallot,
    ReportComment,
    ReportItem,
    ReportMilestone,
    ReportProgress,
    RetractComment,
    RetractSupport,
    ReturnItem,
    ReviewItem,
    ReviseItem,
    SaveDraft,
    SettlePaperBallot,
    ShortlistItem,
    SplitItem,
    StartDelivery,
    StrikePaperBallot,
    SubmitItem,
    SupportItem,
    TakeUpReview,
    UnassignReview,
    UnhideComment,
    UnhideItem,
    UnlinkItem,
    WithdrawItem,
)
from partizipation_core.formats.channels import METHODS, Channel, Method
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.grants import GrantSettings
from partizipation_core.formats.settings import VoteSettings, known_misfit
from partizipation_core.formats.stages import Edge, Mover, Stage, StageKind
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.decider import Decider
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.story import Story
from partizipation_core.texts.catalogue import languages, load
from partizipation_core.values import Money, Role
from partizipation_kiezkasse import story

TEXTS = "partizipation_kiezkasse.texts"

__all__ = ["KIEZKASSE", "KiezkasseSettings", "register_formats", "register_stories"]


@frozen(kw_only=True)
class KiezkasseSettings(VoteSettings):
    """Settings of one Kiez and year.

    Everybody says yes or no to each item; in a hybrid vote an item with more for than against is
    proposed with its full cost, in the order of agreement, and those that do not fit are skipped.

    Args:
        pot: the share of this Kiez; mandatory, shares differ from year to year.
        region: name of the Bezirksregion.
        assembly_methods: the assembly chooses on the spot how it counts.
        channels: ``hands`` alone, as in every Kiez today; further ones make the vote hybrid.
        grants: money is granted by notice, must be used within two months and accounted for by
            10 December, when the district's books are closed (BVV Treptow-Köpenick, 3 May 2023).
    """

    pot: Money = field()
    region: str
    channels: tuple[Channel, ...] = field(default=("hands",), converter=as_tuple)
    assembly_methods: tuple[Method, ...] = field(default=METHODS, converter=as_tuple)
    misfit: str = field(default="skip", validator=known_misfit)
    ballot_type: Literal["pro_contra"] = "pro_contra"
    rank_by: Literal["pro", "pro_minus_contra"] = "pro_minus_contra"
    threshold: int = field(default=1, validator=ge(0))
    grants: GrantSettings = field(factory=lambda: GrantSettings(cut_off="12-10"))


INTAKE = {
    SubmitItem: [Role.RESIDENT, Role.STEWARD],
    SaveDraft: [Role.RESIDENT, Role.STEWARD],
    EnterItem: [Role.STEWARD, Role.OFFICER, Role.HANDOVER],
    WithdrawItem: [Role.RESIDENT, Role.STEWARD],
    ReviseItem: [Role.RESIDENT, Role.STEWARD],
    InviteCoauthor: [Role.RESIDENT, Role.STEWARD],
    AcceptInvitation: [Role.RESIDENT, Role.STEWARD],
    LeaveItem: [Role.RESIDENT, Role.STEWARD],
    NamePresenter: [Role.RESIDENT, Role.STEWARD],
    PublishItem: [Role.OFFICER],
    ReturnItem: [Role.OFFICER],
    RefuseItem: [Role.OFFICER],
    CorrectItem: [Role.OFFICER],
    ReclassifyItem: [Role.OFFICER],
    MergeItems: [Role.OFFICER],
    SplitItem: [Role.OFFICER],
    ForwardItem: [Role.OFFICER],
}
# Likes and comments prepare the assembly; it alone decides.
PREPARATION = {
    SupportItem: [Role.RESIDENT],
    ConfirmSupport: [Role.RESIDENT],
    RetractSupport: [Role.RESIDENT],
    AddComment: [Role.RESIDENT, Role.STEWARD, Role.OFFICER],
    EditComment: [Role.RESIDENT, Role.STEWARD, Role.OFFICER],
}
CARE = {
    RetractComment: [Role.RESIDENT, Role.STEWARD, Role.OFFICER],
    ReportItem: [Role.RESIDENT],
    ReportComment: [Role.RESIDENT],
    HideComment: [Role.OFFICER],
    UnhideComment: [Role.OFFICER],
    DismissReports: [Role.OFFICER],
    GiveFeedback: [Role.OFFICER, Role.REVIEWER],
}
PRECHECK = {
    TakeUpReview: [Role.REVIEWER, Role.OFFICER],
    ReviewItem: [Role.REVIEWER, Role.OFFICER],
    AssignReview: [Role.OFFICER],
    UnassignReview: [Role.OFFICER],
    PublishReviews: [Role.OFFICER],
    ObjectToReview: [Role.RESIDENT, Role.STEWARD],
    RecommendStep: [Role.REVIEWER, Role.STEWARD],
    FollowRecommendations: [Role.OFFICER],
    AdmitItem: [Role.OFFICER, Role.STEWARD],
    ShortlistItem: [Role.OFFICER, Role.STEWARD],
}
# What a hybrid vote needs besides the assembly; the setting `channels` opens it.
HYBRID = {
    CastBallot: [Role.RESIDENT],
    ReplaceBallot: [Role.RESIDENT],
    ChallengeBallot: [Role.RESIDENT],
    EnterPaperBallot: [Role.OFFICER, Role.STEWARD],
    ConfirmPaperBallot: [Role.OFFICER, Role.STEWARD],
    SettlePaperBallot: [Role.OFFICER, Role.STEWARD],
    StrikePaperBallot: [Role.OFFICER, Role.STEWARD],
}
GRANTS: dict[type, list[Role]] = {
    **{command: [Role.RESIDENT, Role.OFFICER] for command in GRANT_APPLICANT},
    **{command: [Role.OFFICER] for command in GRANT_OFFICE},
}
DELIVERY = {
    StartDelivery: [Role.RESIDENT, Role.OFFICER],
    PlanDelivery: [Role.RESIDENT, Role.OFFICER],
    ReportMilestone: [Role.RESIDENT, Role.OFFICER],
    ReportProgress: [Role.RESIDENT, Role.OFFICER],
    DelayDelivery: [Role.RESIDENT, Role.OFFICER],
    ChangeDelivery: [Role.OFFICER],
    FinishDelivery: [Role.OFFICER],
    AbandonDelivery: [Role.RESIDENT, Role.OFFICER],
}
# What earlier rounds awarded goes on while a further assembly shares out what came back.
ONGOING: dict[type, list[Role]] = {**DELIVERY, **GRANTS}

KIEZKASSE = ProcedureFormat(
    key="kiezkasse",
    title="Kiezkasse",
    settings=KiezkasseSettings,
    stages=(
        Stage(
            "ideas",
            kind=StageKind.IDEA,
            title="Ideen",
            allows={**INTAKE, **PREPARATION},
        ),
        Stage(
            "precheck",
            kind=StageKind.REVIEW,
            title="Vorprüfung",
            allows={**INTAKE, **PRECHECK, **PREPARATION},
        ),
        Stage(
            "assembly",
            kind=StageKind.VOTE,
            title="Bürgerversammlung",
            puts_on_ballot="shortlisted",
            allows={
                **INTAKE,
                **PRECHECK,
                PutOnBallot: [Role.STEWARD],
                AdmitVoters: [Role.STEWARD],
                ChooseMethod: [Role.STEWARD],
                RecordAssembly: [Role.STEWARD],
                **HYBRID,
                **ONGOING,
            },
        ),
        Stage(
            "fund",
            kind=StageKind.FUND,
            title="Bewilligung",
            allows={
                RecordHands: [Role.STEWARD],
                CountBallots: [Role.OFFICER],
                AwardItems: [Role.OFFICER],
                **ONGOING,
            },
        ),
        Stage(
            "implement",
            kind=StageKind.IMPLEMENT,
            title="Umsetzung",
            allows={**ONGOING, AwardItems: [Role.OFFICER]},
            edges={"remainder_round": Edge("assembly", by=[Mover.COMMAND])},
        ),
    ),
    rules={
        "majority": "core/simple_majority",
        "count": "core/greedy",
        "tie": ["core/more_votes", "core/lower_cost"],
        "award": "core/as_proposed",
        "combine_reviews": "core/all_must_agree",
    },
    anytime={
        **{command: [Role.OFFICER] for command in STEERING},
        LinkItem: [Role.OFFICER],
        UnlinkItem: [Role.OFFICER],
        HideItem: [Role.OFFICER],
        UnhideItem: [Role.OFFICER],
        RedactText: [Role.OFFICER],
        ForgetPerson: [Role.OFFICER],
        DestroyKey: [Role.OFFICER],
        **CARE,
        **{command: [Role.OFFICER] for command in PURSE},
    },
)


@hookimpl
def register_texts() -> Mapping[str, Mapping[str, str]]:
    """Contribute the sentences of the Kiezkassen."""
    return {lang: load(TEXTS, lang) for lang in languages(TEXTS)}


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Add ``partizipation kiezkasse``."""
    from partizipation_kiezkasse.cli import kiezkasse

    cli.add_command(kiezkasse)


@hookimpl
def register_deciders() -> Iterable[Decider]:
    """Contribute the draw of a jury by lot."""
    from partizipation_kiezkasse.jury import DECIDERS

    return DECIDERS


@hookimpl
def register_stories() -> Mapping[str, Story]:
    """Contribute what ``partizipation demo --format kiezkasse`` plays."""
    return {KIEZKASSE.key: story.play}


@hookimpl
def register_formats() -> Iterable[ProcedureFormat]:
    """Contribute the Kiezkasse and its siblings in other districts."""
    # They derive from the format above.
    from partizipation_kiezkasse.siblings import SIBLINGS

    return (KIEZKASSE, *SIBLINGS)
