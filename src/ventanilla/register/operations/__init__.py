"""Every write of the official record. Each is one function: keyword-only, actor and moment named.

Call them inside a transaction; they lock the case first and never commit.
"""

from ventanilla.register.operations.assessing import (
    CaseEnded,
    DateInPast,
    ReasonMissing,
    adopt_policy,
    assess,
    assign,
    change_category,
    change_priority,
    commit_date,
    renew_secret,
)
from ventanilla.register.operations.conversation import FactUnknown, add_message, note_fact
from ventanilla.register.operations.opening import (
    CategoryUnknown,
    open_case,
    open_case_with_message,
)
from ventanilla.register.operations.progressing import (
    OutsideReopeningWindow,
    SummaryMissing,
    close,
    reopen,
    resolve,
    resume,
    start_work,
    wait,
    withdraw,
)
from ventanilla.register.operations.promising import (
    Alert,
    AlreadyComplex,
    CommitmentUnknown,
    NoExceptionForeseen,
    NotComplex,
    excuse,
    mark_complex,
    record_alert,
    record_progress_notice,
    unmark_complex,
)
from ventanilla.register.operations.structure import (
    AlreadyMerged,
    NothingToSplit,
    NotMerged,
    SameCase,
    merge,
    split,
    unmerge,
)
from ventanilla.register.policies import (
    NoPolicyInForce,
    pack_of,
    policy_in_force,
    publish_policy,
)
from ventanilla.register.recording import CaseIsMerged, CaseMoved, StatusNotAllowed
from ventanilla.register.values import MessageIn, ParticipantIn

__all__ = [
    "Alert",
    "AlreadyComplex",
    "AlreadyMerged",
    "CaseEnded",
    "CaseIsMerged",
    "CaseMoved",
    "CategoryUnknown",
    "CommitmentUnknown",
    "DateInPast",
    "FactUnknown",
    "MessageIn",
    "NoExceptionForeseen",
    "NoPolicyInForce",
    "NotComplex",
    "NotMerged",
    "NothingToSplit",
    "OutsideReopeningWindow",
    "ParticipantIn",
    "ReasonMissing",
    "SameCase",
    "StatusNotAllowed",
    "SummaryMissing",
    "add_message",
    "adopt_policy",
    "assess",
    "assign",
    "change_category",
    "change_priority",
    "close",
    "commit_date",
    "excuse",
    "mark_complex",
    "merge",
    "note_fact",
    "open_case",
    "open_case_with_message",
    "pack_of",
    "policy_in_force",
    "publish_policy",
    "record_alert",
    "record_progress_notice",
    "renew_secret",
    "reopen",
    "resolve",
    "resume",
    "split",
    "start_work",
    "unmark_complex",
    "unmerge",
    "wait",
    "withdraw",
]
