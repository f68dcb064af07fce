"""Every command of the kernel in one place: what can be asked of a procedure."""

from partizipation_core.kernel.assembly import RecordAssembly
from partizipation_core.kernel.assignment import AssignReview, UnassignReview
from partizipation_core.kernel.award import AwardItems
from partizipation_core.kernel.ballot import CountBallots
from partizipation_core.kernel.ballots.casting import CastBallot, ReplaceBallot, RevokeBallot
from partizipation_core.kernel.case import FinancingPlan
from partizipation_core.kernel.channels.booth import BoothBallot, ImportBooth
from partizipation_core.kernel.channels.bycode import CastByCode, ReplaceByCode
from partizipation_core.kernel.channels.codes import IssueCodes, VoidCodes
from partizipation_core.kernel.channels.entries import Reading
from partizipation_core.kernel.channels.hands import AdmitVoters, RecordHands
from partizipation_core.kernel.channels.method import ChooseMethod
from partizipation_core.kernel.channels.outside import HandOutRoll, TakeOutsideResult
from partizipation_core.kernel.channels.paper import (
    ConfirmPaperBallot,
    EnterPaperBallot,
    SettlePaperBallot,
    StrikePaperBallot,
)
from partizipation_core.kernel.channels.register import ItemTotals
from partizipation_core.kernel.channels.totals import EnterTotals
from partizipation_core.kernel.coauthors import AcceptInvitation, InviteCoauthor, LeaveItem
from partizipation_core.kernel.decision.assembly_votes import AddAssemblyVotes
from partizipation_core.kernel.decision.council import ResolveItems
from partizipation_core.kernel.decision.seats import (
    CloseSitting,
    OpenSitting,
    ReplaceMember,
    SeatBody,
)
from partizipation_core.kernel.decision.voting import DecideInBody, DeclareConflict, VoteInBody
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
from partizipation_core.kernel.electorate.register import (
    EraseRegister,
    ImportRegister,
)
from partizipation_core.kernel.electorate.roll import (
    EnrolVoter,
    FreezeElectorate,
    StrikeVoter,
    UpdateElectorate,
)
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
from partizipation_core.kernel.presenting import NamePresenter
from partizipation_core.kernel.privacy.forgetting import ForgetPerson
from partizipation_core.kernel.privacy.redaction import RedactText
from partizipation_core.kernel.procedure import AmendProcedure, CloseProcedure, OpenProcedure
from partizipation_core.kernel.progress import Milestone
from partizipation_core.kernel.publication import PublishReviews
from partizipation_core.kernel.recommendation import FollowRecommendations, RecommendStep
from partizipation_core.kernel.results.certification import CertifyResult, PublishResult
from partizipation_core.kernel.results.correction import CorrectResult
from partizipation_core.kernel.review import ReviewItem, TakeUpReview
from partizipation_core.kernel.revision import CorrectItem, ReclassifyItem, ReviseItem
from partizipation_core.kernel.screening import AdmitItem, PublishItem, RefuseItem, ReturnItem
from partizipation_core.kernel.secrecy.challenge import ChallengeBallot
from partizipation_core.kernel.secrecy.checkpoints import CheckpointBox
from partizipation_core.kernel.secrecy.destroying import DestroyKey
from partizipation_core.kernel.secrecy.sealing import SealBox
from partizipation_core.kernel.selection import PassOverItem, PutOnBallot, ShortlistItem
from partizipation_core.kernel.shortlisting import ShortlistByVote
from partizipation_core.kernel.sitting import Resolution
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
    "AddAssemblyVotes",
    "AddComment",
    "AdmitItem",
    "AdmitVoters",
    "AdvanceStage",
    "AmendProcedure",
    "ApplyForGrant",
    "AssignReview",
    "Attachment",
    "AwardItems",
    "BoothBallot",
    "CancelPayment",
    "CastBallot",
    "CastByCode",
    "CertifyResult",
    "ChallengeBallot",
    "ChangeDelivery",
    "CheckpointBox",
    "ChooseMethod",
    "ClaimRepayment",
    "CloseProcedure",
    "CloseSitting",
    "CloseYear",
    "ConfirmPaperBallot",
    "ConfirmPayment",
    "ConfirmSupport",
    "CorrectItem",
    "CorrectResult",
    "CostLine",
    "CountBallots",
    "DecideInBody",
    "DeclareConflict",
    "DelayDelivery",
    "DestroyKey",
    "DismissReports",
    "DraftNotice",
    "EditComment",
    "EndStage",
    "EnrolVoter",
    "EnterItem",
    "EnterPaperBallot",
    "EnterTotals",
    "ErasePayee",
    "EraseRegister",
    "ExtendGrant",
    "ExtendStage",
    "FileAccounts",
    "FinancingPlan",
    "FinishDelivery",
    "FollowRecommendations",
    "ForgetPerson",
    "ForwardItem",
    "FreezeElectorate",
    "FundPot",
    "GiveFeedback",
    "HandOutRoll",
    "Hands",
    "HideComment",
    "HideItem",
    "ImportBooth",
    "ImportRegister",
    "InviteCoauthor",
    "IssueCodes",
    "ItemTotals",
    "LeaveItem",
    "Link",
    "LinkItem",
    "MergeItems",
    "Milestone",
    "NamePresenter",
    "ObjectToReview",
    "OpenProcedure",
    "OpenSitting",
    "OrderPayment",
    "Override",
    "Part",
    "PassOverItem",
    "Payee",
    "PlanDelivery",
    "PublishItem",
    "PublishResult",
    "PublishReviews",
    "PutOnBallot",
    "QueryAccounts",
    "RateItem",
    "Reading",
    "ReclassifyItem",
    "RecommendStep",
    "RecordAssembly",
    "RecordHands",
    "RecordRepayment",
    "RedactText",
    "ReducePot",
    "RefuseGrant",
    "RefuseItem",
    "ReleasePayment",
    "ReleaseReturned",
    "ReopenStage",
    "ReplaceBallot",
    "ReplaceByCode",
    "ReplaceMember",
    "ReportComment",
    "ReportItem",
    "ReportMilestone",
    "ReportProgress",
    "RequestDocuments",
    "Resolution",
    "ResolveItems",
    "ResubmitItem",
    "RetractComment",
    "RetractRating",
    "RetractSupport",
    "ReturnItem",
    "ReviewItem",
    "ReviseItem",
    "RevokeBallot",
    "RevokeGrant",
    "SaveDraft",
    "SealBox",
    "SeatBody",
    "SetWindow",
    "SettleGrant",
    "SettlePaperBallot",
    "ShortlistByVote",
    "ShortlistItem",
    "SignNotice",
    "SplitItem",
    "StartDelivery",
    "StrikePaperBallot",
    "StrikeVoter",
    "SubmitItem",
    "SupplyDocuments",
    "SupportItem",
    "TakeOutsideResult",
    "TakeUpReview",
    "UnassignReview",
    "UnhideComment",
    "UnhideItem",
    "UnlinkItem",
    "UpdateElectorate",
    "VoidCodes",
    "VoteInBody",
    "WithdrawGrant",
    "WithdrawItem",
]
