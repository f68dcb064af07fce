"""Every command of the kernel in one place: what can be asked of a procedure."""

from partizipation_core.kernel.assembly import RecordAssembly
from partizipation_core.kernel.assignment import AssignReview, UnassignReview
from partizipation_core.kernel.award import AwardItems
from partizipation_core.kernel.ballot import CastBallot, CountBallots, ReplaceBallot
from partizipation_core.kernel.case import FinancingPlan
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
from partizipation_core.kernel.grant.accounts import (
    ClaimRepayment,
    FileAccounts,
    QueryAccounts,
    RecordRepayment,
    SettleGrant,
)
from partizipation_core.kernel.grant.application import (
    ApplyForGrant,
    RefuseGrant,
    RequestDocuments,
    SupplyDocuments,
    WithdrawGrant,
)
from partizipation_core.kernel.grant.extension import ExtendGrant
from partizipation_core.kernel.grant.notice import DraftNotice, RevokeGrant, SignNotice
from partizipation_core.kernel.grant.payment import (
    CancelPayment,
    ConfirmPayment,
    ErasePayee,
    OrderPayment,
    ReleasePayment,
)
from partizipation_core.kernel.hiding import HideItem, UnhideItem
from partizipation_core.kernel.ledger.pots import CloseYear, FundPot, ReducePot, ReleaseReturned
from partizipation_core.kernel.lineage import MergeItems, SplitItem
from partizipation_core.kernel.linking import LinkItem, UnlinkItem
from partizipation_core.kernel.objecting import ObjectToReview
from partizipation_core.kernel.override import Override
from partizipation_core.kernel.payee import Payee
from partizipation_core.kernel.procedure import AmendProcedure, CloseProcedure, OpenProcedure
from partizipation_core.kernel.progress import Milestone
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
from partizipation_core.kernel.submission import (
    EnterItem,
    ResubmitItem,
    SaveDraft,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.money.costs import CostLine

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

GRANT_APPLICANT = (ApplyForGrant, SupplyDocuments, WithdrawGrant, FileAccounts)
"""What those who are granted money do in their case."""

GRANT_OFFICE = (
    RequestDocuments,
    RefuseGrant,
    DraftNotice,
    SignNotice,
    RevokeGrant,
    OrderPayment,
    ReleasePayment,
    CancelPayment,
    ConfirmPayment,
    QueryAccounts,
    ExtendGrant,
    SettleGrant,
    ClaimRepayment,
    RecordRepayment,
    ErasePayee,
)
"""What the granting office does; notice and payment take two officers each."""

PURSE = (FundPot, ReducePot, ReleaseReturned, CloseYear)
"""What is done with pots as such."""

__all__ = [
    "GRANT_APPLICANT",
    "GRANT_OFFICE",
    "PURSE",
    "STEERING",
    "AbandonDelivery",
    "AcceptInvitation",
    "AddComment",
    "AdmitItem",
    "AdvanceStage",
    "AmendProcedure",
    "ApplyForGrant",
    "AssignReview",
    "Attachment",
    "AwardItems",
    "CancelPayment",
    "CastBallot",
    "ChangeDelivery",
    "ClaimRepayment",
    "CloseProcedure",
    "CloseYear",
    "ConfirmPayment",
    "ConfirmSupport",
    "CorrectItem",
    "CostLine",
    "CountBallots",
    "DelayDelivery",
    "DismissReports",
    "DraftNotice",
    "EditComment",
    "EndStage",
    "EnterItem",
    "ErasePayee",
    "ExtendGrant",
    "ExtendStage",
    "FileAccounts",
    "FinancingPlan",
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
    "Milestone",
    "ObjectToReview",
    "OpenProcedure",
    "OrderPayment",
    "Override",
    "Part",
    "PassOverItem",
    "Payee",
    "PlanDelivery",
    "PublishItem",
    "PublishReviews",
    "PutOnBallot",
    "QueryAccounts",
    "RateItem",
    "ReclassifyItem",
    "RecommendStep",
    "RecordAssembly",
    "RecordRepayment",
    "ReducePot",
    "RefuseGrant",
    "RefuseItem",
    "ReleasePayment",
    "ReleaseReturned",
    "ReopenStage",
    "ReplaceBallot",
    "ReportComment",
    "ReportItem",
    "ReportMilestone",
    "ReportProgress",
    "RequestDocuments",
    "ResubmitItem",
    "RetractComment",
    "RetractRating",
    "RetractSupport",
    "ReturnItem",
    "ReviewItem",
    "ReviseItem",
    "RevokeGrant",
    "SaveDraft",
    "SetWindow",
    "SettleGrant",
    "ShortlistByVote",
    "ShortlistItem",
    "SignNotice",
    "SplitItem",
    "StartDelivery",
    "SubmitItem",
    "SupplyDocuments",
    "SupportItem",
    "TakeUpReview",
    "UnassignReview",
    "UnhideComment",
    "UnhideItem",
    "UnlinkItem",
    "WithdrawGrant",
    "WithdrawItem",
]
