"""Every command of the kernel in one place: what can be asked of a procedure."""

from partizipation_core.kernel.assembly import RecordAssembly
from partizipation_core.kernel.assignment import AssignReview, UnassignReview
from partizipation_core.kernel.award import AwardItems
from partizipation_core.kernel.ballot import CastBallot, CountBallots, ReplaceBallot
from partizipation_core.kernel.coauthors import AcceptInvitation, InviteCoauthor, LeaveItem
from partizipation_core.kernel.delivery import (
    AbandonDelivery,
    ChangeDelivery,
    FinishDelivery,
    ReportProgress,
    StartDelivery,
)
from partizipation_core.kernel.delivery.milestones import (
    DelayDelivery,
    PlanDelivery,
    ReportMilestone,
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
from partizipation_core.kernel.dossier import Attachment, Link, Part
from partizipation_core.kernel.forwarding import ForwardItem
from partizipation_core.kernel.hiding import HideItem, UnhideItem
from partizipation_core.kernel.ledger.pots import CloseYear, FundPot, ReducePot
from partizipation_core.kernel.lineage import MergeItems, SplitItem
from partizipation_core.kernel.linking import LinkItem, UnlinkItem
from partizipation_core.kernel.objecting import ObjectToReview
from partizipation_core.kernel.override import Override
from partizipation_core.kernel.procedure import AmendProcedure, CloseProcedure, OpenProcedure
from partizipation_core.kernel.publication import PublishReviews
from partizipation_core.kernel.recommendation import FollowRecommendations, RecommendStep
from partizipation_core.kernel.review import ReviewItem, TakeUpReview
from partizipation_core.kernel.revision import CorrectItem, ReclassifyItem, ReviseItem
from partizipation_core.kernel.screening import AdmitItem, PublishItem, RefuseItem, ReturnItem
from partizipation_core.kernel.selection import PassOverItem, PutOnBallot, ShortlistItem
from partizipation_core.kernel.shortlisting import ShortlistByVote
from partizipation_core.kernel.stage import (
    AdvanceStage,
    EndStage,
    ExtendStage,
    ReopenStage,
    SetWindow,
)
from partizipation_core.kernel.state import Hands
from partizipation_core.kernel.submission import EnterItem, SaveDraft, SubmitItem, WithdrawItem

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
    "AcceptInvitation",
    "AddComment",
    "AdmitItem",
    "AdvanceStage",
    "AmendProcedure",
    "AssignReview",
    "Attachment",
    "AwardItems",
    "CastBallot",
    "ChangeDelivery",
    "CloseProcedure",
    "CloseYear",
    "ConfirmSupport",
    "CorrectItem",
    "CountBallots",
    "DelayDelivery",
    "DismissReports",
    "EditComment",
    "EndStage",
    "EnterItem",
    "ExtendStage",
    "FinishDelivery",
    "FollowRecommendations",
    "ForwardItem",
    "FundPot",
    "GiveFeedback",
    "Hands",
    "HideComment",
    "HideItem",
    "InviteCoauthor",
    "LeaveItem",
    "Link",
    "LinkItem",
    "MergeItems",
    "ObjectToReview",
    "OpenProcedure",
    "Override",
    "Part",
    "PassOverItem",
    "PlanDelivery",
    "PublishItem",
    "PublishReviews",
    "PutOnBallot",
    "RateItem",
    "ReclassifyItem",
    "RecommendStep",
    "RecordAssembly",
    "ReducePot",
    "RefuseItem",
    "ReopenStage",
    "ReplaceBallot",
    "ReportComment",
    "ReportItem",
    "ReportMilestone",
    "ReportProgress",
    "RetractComment",
    "RetractRating",
    "RetractSupport",
    "ReturnItem",
    "ReviewItem",
    "ReviseItem",
    "SaveDraft",
    "SetWindow",
    "ShortlistByVote",
    "ShortlistItem",
    "SplitItem",
    "StartDelivery",
    "SubmitItem",
    "SupportItem",
    "TakeUpReview",
    "UnassignReview",
    "UnhideComment",
    "UnhideItem",
    "UnlinkItem",
    "WithdrawItem",
]
