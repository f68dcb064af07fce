"""Every command of the kernel in one place: what can be asked of a procedure."""

from partizipation_core.kernel.assembly import RecordAssembly
from partizipation_core.kernel.award import AwardItems
from partizipation_core.kernel.ballot import CastBallot, CountBallots, ReplaceBallot
from partizipation_core.kernel.delivery import (
    AbandonDelivery,
    ChangeDelivery,
    FinishDelivery,
    ReportProgress,
    StartDelivery,
)
from partizipation_core.kernel.discussion.comment import AddComment, EditComment, RetractComment
from partizipation_core.kernel.discussion.feedback import GiveFeedback
from partizipation_core.kernel.discussion.moderation import (
    DismissReports,
    HideComment,
    ReportComment,
    ReportItem,
    UnhideComment,
)
from partizipation_core.kernel.discussion.rating import RateItem, RetractRating
from partizipation_core.kernel.discussion.support import (
    ConfirmSupport,
    RetractSupport,
    SupportItem,
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
from partizipation_core.kernel.override import Override
from partizipation_core.kernel.procedure import AmendProcedure, CloseProcedure, OpenProcedure
from partizipation_core.kernel.review import ReviewItem, TakeUpReview
from partizipation_core.kernel.shortlisting import ShortlistByVote
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
    "AddComment",
    "AdmitItem",
    "AdvanceStage",
    "AmendProcedure",
    "AwardItems",
    "CastBallot",
    "ChangeDelivery",
    "CloseProcedure",
    "ConfirmSupport",
    "CountBallots",
    "DismissReports",
    "EditComment",
    "EndStage",
    "ExtendStage",
    "FinishDelivery",
    "GiveFeedback",
    "Hands",
    "HideComment",
    "OpenProcedure",
    "Override",
    "PassOverItem",
    "PublishItem",
    "PutOnBallot",
    "RateItem",
    "RecordAssembly",
    "RefuseItem",
    "ReopenStage",
    "ReplaceBallot",
    "ReportComment",
    "ReportItem",
    "ReportProgress",
    "RetractComment",
    "RetractRating",
    "RetractSupport",
    "ReturnItem",
    "ReviewItem",
    "SetWindow",
    "ShortlistByVote",
    "ShortlistItem",
    "StartDelivery",
    "SubmitItem",
    "SupportItem",
    "TakeUpReview",
    "UnhideComment",
    "WithdrawItem",
]
