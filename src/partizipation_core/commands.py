"""Every command of the kernel in one place: what can be asked of a procedure."""

from partizipation_core.kernel.assembly import RecordAssembly
from partizipation_core.kernel.assignment import AssignReview, UnassignReview
from partizipation_core.kernel.award import AwardItems
from partizipation_core.kernel.ballot import CastBallot, CountBallots, ReplaceBallot
from partizipation_core.kernel.delivery import (
    AbandonDelivery,
    ChangeDelivery,
    FinishDelivery,
    ReportProgress,
    StartDelivery,
)
from partizipation_core.kernel.item import (
    AdmitItem,
    PassOverItem,
    PublishItem,
    PutOnBallot,
    RefuseItem,
    ReturnItem,
    ShortlistItem,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.kernel.objecting import ObjectToReview
from partizipation_core.kernel.procedure import AmendProcedure, CloseProcedure, OpenProcedure
from partizipation_core.kernel.publication import PublishReviews
from partizipation_core.kernel.recommendation import FollowRecommendations, RecommendStep
from partizipation_core.kernel.review import ReviewItem, TakeUpReview
from partizipation_core.kernel.stage import (
    AdvanceStage,
    EndStage,
    ExtendStage,
    ReopenStage,
    SetWindow,
)
from partizipation_core.kernel.state import Hands

STEERING = (
    OpenProcedure,
    AdvanceStage,
    EndStage,
    ExtendStage,
    ReopenStage,
    SetWindow,
    AmendProcedure,
    CloseProcedure,
)
"""What a returning officer (Verfahrensleitung) needs in every stage."""

__all__ = [
    "STEERING",
    "AbandonDelivery",
    "AdmitItem",
    "AdvanceStage",
    "AmendProcedure",
    "AssignReview",
    "AwardItems",
    "CastBallot",
    "ChangeDelivery",
    "CloseProcedure",
    "CountBallots",
    "EndStage",
    "ExtendStage",
    "FinishDelivery",
    "FollowRecommendations",
    "Hands",
    "ObjectToReview",
    "OpenProcedure",
    "PassOverItem",
    "PublishItem",
    "PublishReviews",
    "PutOnBallot",
    "RecommendStep",
    "RecordAssembly",
    "RefuseItem",
    "ReopenStage",
    "ReplaceBallot",
    "ReportProgress",
    "ReturnItem",
    "ReviewItem",
    "SetWindow",
    "ShortlistItem",
    "StartDelivery",
    "SubmitItem",
    "TakeUpReview",
    "UnassignReview",
    "WithdrawItem",
]
