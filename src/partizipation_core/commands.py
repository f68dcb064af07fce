"""Every command of the kernel in one place: what can be asked of a procedure."""

from partizipation_core.kernel.assembly import RecordAssembly
from partizipation_core.kernel.assignment import AssignReview, UnassignReview
from partizipation_core.kernel.award import AwardItems
from partizipation_core.kernel.ballot import CountBallots
from partizipation_core.kernel.ballots.casting import CastBallot, ReplaceBallot, RevokeBallot
from partizipation_core.kernel.channels.booth import BoothBallot, ImportBooth
from partizipation_core.kernel.channels.bycode import CastByCode, ReplaceByCode
from partizipation_core.kernel.channels.codes import IssueCodes, VoidCodes
from partizipation_core.kernel.channels.entries import Reading
from partizipation_core.kernel.channels.hands import AdmitVoters, RecordHands
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
    ForgetPerson,
    ImportRegister,
)
from partizipation_core.kernel.electorate.roll import (
    EnrolVoter,
    FreezeElectorate,
    StrikeVoter,
    UpdateElectorate,
)
from partizipation_core.kernel.forwarding import ForwardItem
from partizipation_core.kernel.hiding import HideItem, UnhideItem
from partizipation_core.kernel.lineage import MergeItems, SplitItem
from partizipation_core.kernel.linking import LinkItem, UnlinkItem
from partizipation_core.kernel.objecting import ObjectToReview
from partizipation_core.kernel.override import Override
from partizipation_core.kernel.procedure import AmendProcedure, CloseProcedure, OpenProcedure
from partizipation_core.kernel.publication import PublishReviews
from partizipation_core.kernel.recommendation import FollowRecommendations, RecommendStep
from partizipation_core.kernel.results.certification import CertifyResult, PublishResult
from partizipation_core.kernel.results.correction import CorrectResult
from partizipation_core.kernel.review import ReviewItem, TakeUpReview
from partizipation_core.kernel.revision import CorrectItem, ReclassifyItem, ReviseItem
from partizipation_core.kernel.screening import AdmitItem, PublishItem, RefuseItem, ReturnItem
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
    "AddAssemblyVotes",
    "AddComment",
    "AdmitItem",
    "AdmitVoters",
    "AdvanceStage",
    "AmendProcedure",
    "AssignReview",
    "Attachment",
    "AwardItems",
    "BoothBallot",
    "CastBallot",
    "CastByCode",
    "CertifyResult",
    "ChangeDelivery",
    "CloseProcedure",
    "CloseSitting",
    "ConfirmPaperBallot",
    "ConfirmSupport",
    "CorrectItem",
    "CorrectResult",
    "CountBallots",
    "DecideInBody",
    "DeclareConflict",
    "DismissReports",
    "EditComment",
    "EndStage",
    "EnrolVoter",
    "EnterItem",
    "EnterPaperBallot",
    "EnterTotals",
    "EraseRegister",
    "ExtendStage",
    "FinishDelivery",
    "FollowRecommendations",
    "ForgetPerson",
    "ForwardItem",
    "FreezeElectorate",
    "GiveFeedback",
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
    "ObjectToReview",
    "OpenProcedure",
    "OpenSitting",
    "Override",
    "Part",
    "PassOverItem",
    "PublishItem",
    "PublishResult",
    "PublishReviews",
    "PutOnBallot",
    "RateItem",
    "Reading",
    "ReclassifyItem",
    "RecommendStep",
    "RecordAssembly",
    "RecordHands",
    "RefuseItem",
    "ReopenStage",
    "ReplaceBallot",
    "ReplaceByCode",
    "ReplaceMember",
    "ReportComment",
    "ReportItem",
    "ReportProgress",
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
    "SaveDraft",
    "SeatBody",
    "SetWindow",
    "SettlePaperBallot",
    "ShortlistByVote",
    "ShortlistItem",
    "SplitItem",
    "StartDelivery",
    "StrikePaperBallot",
    "StrikeVoter",
    "SubmitItem",
    "SupportItem",
    "TakeUpReview",
    "UnassignReview",
    "UnhideComment",
    "UnhideItem",
    "UnlinkItem",
    "UpdateElectorate",
    "VoidCodes",
    "VoteInBody",
    "WithdrawItem",
]
