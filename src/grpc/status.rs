//! Every error as a status.
//!
//! This is the only place where an error becomes something that a caller sees
//! (AIP-193): a code, a sentence, exactly one `ErrorInfo` with a reason that
//! programs can rely on and facts in its metadata, and the details that belong to
//! the code. No match here has a catch-all arm: a new error needs a decision here.

#![warn(clippy::wildcard_enum_match_arm)]

mod append;
mod builder;
mod log;
mod reading;
mod reason;
mod sign_in;
mod stream;
mod transport;

use std::time::Duration;

use prost::Message as _;
use tonic::{Code, Status};
use tonic_types::{StatusExt as _, pb};

pub use self::append::append_failure;
use self::builder::{FaultDetail, ListedFault, StatusBuilder};
pub use self::log::{checkpoint_not_kept, log_unreadable, tree_error};
pub use self::reading::{export_refused, reading_refused};
pub use self::reason::Reason;
pub use self::sign_in::{
    auditors_only, bad_authorization, certificate_lapsed, sign_in, sign_in_required, token_expired,
    too_many_denials, too_many_failed_sign_ins,
};
pub use self::stream::{
    append_stream_idle, deadline_passed, other_log, receipts_unread, replay_paused,
    subscriber_too_slow,
};
pub use self::transport::transport;
use crate::wire::answer_limit::ANSWER_BYTES_KEY;
use crate::wire::violation::FieldViolation;
use minutebook_kernel::notary::LogProof;
use minutebook_kernel::projection::{PinnedViewError, PositionNotReached, ResolveError};

/// When to try again after a refusal under load.
const RETRY_SOON: Duration = Duration::from_millis(250);

/// When to try again where somebody has to act first.
const RETRY_LATER: Duration = Duration::from_secs(30);

/// The code of an append that breaks rules. Its reasons are those of
/// [`Fault`](minutebook_domain::fault::Fault).
pub const RULES_CODE: Code = Code::FailedPrecondition;

/// The code of events that the caller may not record (rule 0).
pub const MANDATES_CODE: Code = Code::PermissionDenied;

/// Fields that cannot be read, all of them.
pub fn invalid_fields(violations: Vec<FieldViolation>) -> Status {
    let faults = violations
        .into_iter()
        .map(|FieldViolation { field, description }| ListedFault {
            reason: Reason::InvalidFields.name(),
            place: field,
            sentence: description,
            facts: Vec::new(),
        })
        .collect();
    StatusBuilder::list(Reason::InvalidFields.code(), FaultDetail::Fields, faults).status()
}

/// Bytes that are not the message they should be.
pub fn not_a_message(error: &prost::DecodeError) -> Status {
    StatusBuilder::new(
        Reason::NotAMessage,
        format!(
            "the request is not the protobuf message that this method takes ({error}): send \
             that message, as the files in proto/ define it"
        ),
    )
    .status()
}

/// The reason codes of a status, for the access log: each once, separated by blanks.
pub fn reasons(status: &Status) -> Option<String> {
    let mut reasons = vec![status.get_details_error_info()?.reason];
    let faults = status.get_details_precondition_failure();
    for fault in faults.map(|faults| faults.violations).unwrap_or_default() {
        if !reasons.contains(&fault.r#type) {
            reasons.push(fault.r#type);
        }
    }
    Some(reasons.join(" "))
}

/// A fault of an append, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedFault {
    /// The field, such as `events[0].vote_cast.voter`; a subject; or empty.
    pub place: String,
    pub sentence: String,
}

/// The faults that a status lists; its message, where it lists none.
pub fn placed_faults(status: &Status) -> Vec<PlacedFault> {
    let mut faults: Vec<PlacedFault> = Vec::new();
    if let Some(fields) = status.get_details_bad_request() {
        let fields = fields.field_violations.into_iter();
        faults.extend(fields.map(|violation| PlacedFault {
            place: violation.field,
            sentence: violation.description,
        }));
    }
    if let Some(rules) = status.get_details_precondition_failure() {
        let rules = rules.violations.into_iter();
        faults.extend(rules.map(|violation| PlacedFault {
            place: violation.subject,
            sentence: violation.description,
        }));
    }
    if faults.is_empty() {
        faults.push(PlacedFault {
            place: String::new(),
            sentence: status.message().to_owned(),
        });
    }
    faults
}

/// Whether nobody knows if an append was recorded: the same request finds out.
pub fn is_outcome_unknown(status: &Status) -> bool {
    let reason = status.get_details_error_info().map(|info| info.reason);
    match status.code() {
        // The call ended before its answer.
        Code::DeadlineExceeded | Code::Cancelled | Code::Internal | Code::Unknown => true,
        Code::Unavailable => reason.is_none_or(|reason| reason == "OUTCOME_UNKNOWN"),
        Code::Ok
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::ResourceExhausted
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::DataLoss
        | Code::Unauthenticated => false,
    }
}

/// A status, with its details, as a message.
pub fn as_message(status: &Status) -> pb::Status {
    pb::Status::decode(status.details()).unwrap_or_else(|_| pb::Status {
        code: status.code().into(),
        message: status.message().to_owned(),
        details: Vec::new(),
    })
}

/// A call from a web page that has no leave.
pub fn origin_not_allowed(origin: &str) -> Status {
    StatusBuilder::new(
        Reason::OriginNotAllowed,
        format!(
            "web pages of {origin} may not call this server: the operator can allow them with \
             --web-origin"
        ),
    )
    .fact("origin", origin)
    .status()
}

/// A call to a name that is not this machine's own.
pub fn host_not_allowed(host: &str) -> Status {
    StatusBuilder::new(
        Reason::HostNotAllowed,
        format!(
            "this server is not called {host:?} on this machine: call it localhost, or by its \
             address; the operator can add a name with --web-host"
        ),
    )
    .fact("host", host)
    .status()
}

/// One field that cannot be read.
pub fn invalid_field(field: impl Into<String>, description: impl Into<String>) -> Status {
    invalid_fields(vec![FieldViolation {
        field: field.into(),
        description: description.into(),
    }])
}

/// A view of the register that cannot be pinned.
pub fn pinned_view(error: PinnedViewError) -> Status {
    match error {
        PinnedViewError::NotReached(PositionNotReached { asked, tail }) => {
            let mut answer = StatusBuilder::new(
                Reason::PositionNotReached,
                format!(
                    "the register has reached position {tail}, and the question waits for \
                     {asked}: check at_least_position, or ask again"
                ),
            )
            .fact("at_least_position", asked)
            .fact("position", tail);
            answer.details.set_retry_info(Some(RETRY_SOON));
            answer.status()
        }
        PinnedViewError::Unreadable(error) => log_unreadable(&error),
    }
}

/// A moment that the register cannot resolve. `field` holds the moment.
pub fn unresolved(field: &str, error: &ResolveError) -> Status {
    let (field, way_out) = match error {
        ResolveError::DayToCome { .. } => (
            format!("{field}.date"),
            "give today or an earlier day; to see what is recorded for later days, ask as known now",
        ),
        ResolveError::InstantToCome { .. } => (format!("{field}.instant"), "give one that is past"),
        ResolveError::Beyond { .. } => (
            format!("{field}.position"),
            "check it, and check that this is the right register",
        ),
        ResolveError::Unreadable(error) => return log_unreadable(error),
    };
    invalid_field(field, format!("{error}: {way_out}"))
}

/// An item that a request names and that does not exist.
pub struct NotFound {
    /// Such as [`Reason::CollaborationNotFound`].
    pub reason: Reason,
    /// Such as `collaboration`.
    pub kind: &'static str,
    /// Such as `collaborations/bch`.
    pub name: String,
    /// Why it does not exist, and what to do.
    pub sentence: String,
}

pub fn not_found(missing: NotFound) -> Status {
    let NotFound {
        reason,
        kind,
        name,
        sentence,
    } = missing;
    let mut answer = StatusBuilder::new(reason, sentence.clone()).fact("name", &name);
    answer
        .details
        .set_resource_info(format!("minutebook.v1/{kind}"), name, "", sentence);
    answer.status()
}

/// A page token that is not one, or belongs to another question.
pub fn page_token_mismatch(sentence: &str) -> Status {
    let mut answer =
        StatusBuilder::new(Reason::PageTokenMismatch, format!("page_token: {sentence}"));
    answer
        .details
        .add_bad_request_violation("page_token", sentence);
    answer.status()
}

/// Too much is under way. Nothing was done.
///
/// `cause` is a clause, such as "too many streams are open".
pub fn overloaded(cause: &str) -> Status {
    let mut answer = StatusBuilder::new(
        Reason::Overloaded,
        format!("{cause}: nothing was done; send the same again in a moment"),
    );
    answer.details.set_retry_info(Some(RETRY_SOON));
    answer.status()
}

/// An answer that is larger than the caller accepts, by `ANSWER_BYTES_KEY` or by default.
pub fn answer_too_large(bytes: usize, limit: usize) -> Status {
    StatusBuilder::new(
        Reason::AnswerTooLarge,
        format!(
            "the answer takes {bytes} bytes, and this caller accepts {limit}: ask for less (one \
             subject, a shorter period, a list with pages), or raise the limit of the client for \
             answers and send it in the metadata {ANSWER_BYTES_KEY}"
        ),
    )
    .fact("answer_bytes", bytes)
    .fact("answer_bytes_max", limit)
    .status()
}

/// The log is not proven, or never will be. Nothing was done.
pub fn unproven(proof: &LogProof) -> Status {
    match proof {
        LogProof::Comparing | LogProof::AskingWitnesses | LogProof::Proven => {
            let mut answer = StatusBuilder::new(
                Reason::LogUnproven,
                "the server is still comparing the log with its hashes since the start: nothing was \
                 done; send the same again in a moment",
            );
            answer.details.set_retry_info(Some(RETRY_SOON));
            answer.status()
        }
        LogProof::Disputed(why) => {
            let mut answer = StatusBuilder::new(
                Reason::LogDisputed,
                format!(
                    "{why}. Nothing is recorded until the witness signs this log; it is asked every few \
                     seconds. If the log was put back to an earlier state, restore it from its newest \
                     export; if the witness is wrong, start without it"
                ),
            );
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        LogProof::Altered(error) => log::tree_error(error),
    }
}

/// An answer or a judgement takes more work than one call may do.
pub fn too_costly() -> Status {
    StatusBuilder::new(
        Reason::TooCostly,
        "this takes more work than one call may do, and nothing was recorded: ask about fewer \
         subjects or with a smaller page, and send each of several corrections in a request of \
         its own",
    )
    .status()
}

/// A dry run that is longer than one may be.
pub fn dry_run_too_long(bytes_max: usize) -> Status {
    StatusBuilder::new(
        Reason::TooCostly,
        format!(
            "the requests of one dry run have at most {bytes_max} bytes together, and nothing \
             was recorded: record those before this one, then try the rest"
        ),
    )
    .status()
}

/// The server is stopping. Nothing was done.
pub fn server_stopping() -> Status {
    let mut answer = StatusBuilder::new(
        Reason::ServerStopping,
        "the server is stopping: nothing of this was done; send the same again when it is back",
    );
    answer.details.set_retry_info(Some(RETRY_LATER));
    answer.status()
}

/// A fault in this program, which has already logged it.
pub fn internal() -> Status {
    StatusBuilder::new(
        Reason::Internal,
        "a fault in the server: its operator finds the cause in its log",
    )
    .status()
}
