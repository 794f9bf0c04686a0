//! Every error as a status.
//!
//! The only place where an error becomes something a caller sees (AIP-193): a
//! code, a sentence, exactly one `ErrorInfo` whose reason programs can rely on
//! and whose metadata holds the facts, and the details that belong to the code.
//! No match here has a catch-all arm: a new error is a decision to take here.

#![warn(clippy::wildcard_enum_match_arm)]

mod answer;
mod reason;

use std::time::Duration;

use tonic::{Code, Status};

use self::answer::{FaultDetail, ListedFault, StatusBuilder};
pub use self::reason::Reason;
use crate::domain::admit::{Finding, RevisionMismatch};
use crate::domain::ids::Position;
use crate::log::ReadError;
use crate::notary::PublishError;
use crate::notary::tree::TreeError;
use crate::projection::{EntryReadError, PinnedViewError, PositionNotReached, ResolveError};
use crate::wire::entry::EntryDecodeError;
use crate::wire::violation::FieldViolation;
use crate::writer::{AppendFailure, WriterStopped};

/// After how long a caller may come again when there was too much to do.
const RETRY_SOON: Duration = Duration::from_millis(250);

/// After how long a caller may come again when someone has to act first.
const RETRY_LATER: Duration = Duration::from_secs(30);

/// The code of an append that breaks rules; the reasons are those of
/// [`Fault`](crate::domain::fault::Fault).
pub const RULES_CODE: Code = Code::FailedPrecondition;

/// An append that was not done.
pub fn refused(refused: AppendFailure) -> Status {
    match refused {
        AppendFailure::Invalid(violations) => invalid(violations),
        AppendFailure::Stale(stale) => stale_revisions(stale),
        AppendFailure::Rules(findings) => rules(findings),
        AppendFailure::Reused {
            request,
            first,
            recorded_at,
        } => StatusBuilder::new(
            Reason::RequestIdReused,
            format!(
                "request_id {request} was used at position {first} for something else: \
                 nothing was recorded; send this under a new id"
            ),
        )
        .fact("request_id", request)
        .fact("position", first)
        .fact("recorded_at", recorded_at)
        .status(),
        AppendFailure::Overloaded => overloaded("too many requests wait to be recorded"),
        AppendFailure::Overtaken => {
            let mut answer = StatusBuilder::new(
                Reason::Overtaken,
                "a request before this one was sent twice at once: nothing of this one was \
                 recorded; send it again, and what comes after it",
            );
            answer.details.set_retry_info(Some(RETRY_SOON));
            answer.status()
        }
        AppendFailure::NoSpace { available, needed } => {
            let mut answer = StatusBuilder::new(
                Reason::DiskFull,
                "the register's disk is nearly full: nothing was recorded; whoever runs the \
                 server must make space, then send the same request again",
            )
            .fact("available_bytes", available)
            .fact("needed_bytes", needed);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        AppendFailure::OutcomeUnknown { request } => {
            let mut answer = StatusBuilder::new(
                Reason::OutcomeUnknown,
                format!(
                    "the register cannot tell whether request {request} was recorded: send the \
                     same request again under the same id, and it will be recorded once"
                ),
            )
            .fact("request_id", request);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        AppendFailure::Stopped(WriterStopped::Asked) => stopping(),
        AppendFailure::Stopped(
            stop @ (WriterStopped::Log(_)
            | WriterStopped::Diverged { .. }
            | WriterStopped::Panicked),
        ) => {
            let mut answer = StatusBuilder::new(
                Reason::WriterStopped,
                format!(
                    "nothing can be recorded until the server is restarted ({stop}): nothing of \
                     this request was recorded; what is recorded can still be read"
                ),
            )
            .fact("stopped_by", stop);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        AppendFailure::Unreadable(what) => unreadable(&what),
    }
}

/// Fields that cannot be read.
pub fn invalid(violations: Vec<FieldViolation>) -> Status {
    let items = violations
        .into_iter()
        .map(|FieldViolation { field, description }| ListedFault {
            reason: Reason::InvalidFields.name(),
            place: field,
            sentence: description,
            facts: Vec::new(),
        })
        .collect();
    StatusBuilder::list(Reason::InvalidFields.code(), FaultDetail::Fields, items).status()
}

/// Bytes that are not the message they should be.
pub fn not_a_message(error: &prost::DecodeError) -> Status {
    StatusBuilder::new(
        Reason::NotAMessage,
        format!(
            "what was sent is not the protobuf message that this method takes ({error}): send \
             that message, as the files in proto/ have it"
        ),
    )
    .status()
}

/// One field that cannot be read.
pub fn invalid_field(field: impl Into<String>, description: impl Into<String>) -> Status {
    invalid(vec![FieldViolation {
        field: field.into(),
        description: description.into(),
    }])
}

fn stale_revisions(stale: Vec<RevisionMismatch>) -> Status {
    let items = stale
        .into_iter()
        .map(|stale| {
            let RevisionMismatch {
                subject,
                expected,
                actual,
            } = stale;
            ListedFault {
                reason: Reason::StaleRevision.name(),
                place: subject.to_string(),
                sentence: format!(
                    "{subject} is at revision {actual}, not at {expected}: read what was \
                     recorded since, then decide again"
                ),
                facts: vec![
                    ("subject", subject.to_string()),
                    ("expected_revision", expected.to_string()),
                    ("actual_revision", actual.to_string()),
                ],
            }
        })
        .collect();
    StatusBuilder::list(
        Reason::StaleRevision.code(),
        FaultDetail::Preconditions,
        items,
    )
    .status()
}

fn rules(findings: Vec<Finding>) -> Status {
    let items = findings
        .into_iter()
        .map(
            |Finding {
                 index,
                 field,
                 fault,
             }| {
                let mut facts = fault.facts();
                facts.push(("rule", fault.rule().number().to_string()));
                facts.push(("event_index", index.to_string()));
                ListedFault {
                    reason: fault.reason(),
                    place: if field.is_empty() {
                        format!("events[{index}]")
                    } else {
                        format!("events[{index}].{field}")
                    },
                    sentence: fault.to_string(),
                    facts,
                }
            },
        )
        .collect();
    StatusBuilder::list(RULES_CODE, FaultDetail::Preconditions, items).status()
}

/// A question that has no vantage.
pub fn vantage(error: PinnedViewError) -> Status {
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
        PinnedViewError::Unreadable(what) => unreadable(&what),
    }
}

/// A moment that means nothing here: the field it stands in, and why.
pub fn moment(field: &str, error: &ResolveError) -> Status {
    let (field, way_out) = match error {
        ResolveError::DayToCome { .. } => (
            format!("{field}.date"),
            "give today or an earlier day; what is recorded for later days can be seen as known now",
        ),
        ResolveError::InstantToCome { .. } => {
            (format!("{field}.instant"), "give one that has come")
        }
        ResolveError::Beyond { .. } => (
            format!("{field}.position"),
            "check it, and that this is the register you mean",
        ),
        ResolveError::Unreadable(error) => return unreadable(error),
    };
    invalid_field(field, format!("{error}: {way_out}"))
}

/// Entries that should be there and cannot be read.
pub fn unreadable(error: &EntryReadError) -> Status {
    let (reason, position) = match error {
        EntryReadError::Read(ReadError::Damaged { position, .. }) => {
            (Reason::LogDamaged, Some(position.get()))
        }
        EntryReadError::Read(ReadError::Storage { position, .. }) => {
            (Reason::LogUnreadable, Some(position.get()))
        }
        EntryReadError::Stored(EntryDecodeError::NotAnEntry) => (Reason::LogDamaged, None),
        EntryReadError::Stored(
            EntryDecodeError::UnknownKind { position }
            | EntryDecodeError::UnknownFields { position }
            | EntryDecodeError::Invalid { position, .. },
        )
        | EntryReadError::Missing { position } => (Reason::LogDamaged, Some(position.get())),
    };
    tracing::error!(%error, "the log could not be read");
    let answer = StatusBuilder::new(reason, error.to_string());
    match position {
        Some(position) => answer.fact("position", position).status(),
        None => answer.status(),
    }
}

/// Something that is asked for by name and is not there.
pub struct NotFound {
    /// Such as [`Reason::CollaborationNotFound`].
    pub reason: Reason,
    /// What it is, such as `collaboration`.
    pub kind: &'static str,
    /// Its name, such as `collaborations/bch`.
    pub name: String,
    /// Why it is not there, and what to do.
    pub sentence: String,
}

/// Something that is asked for by name and is not there.
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
pub fn page_token(sentence: &str) -> Status {
    let mut answer =
        StatusBuilder::new(Reason::PageTokenMismatch, format!("page_token: {sentence}"));
    answer
        .details
        .add_bad_request_violation("page_token", sentence);
    answer.status()
}

/// More to do than is taken on. Nothing was done.
pub fn overloaded(what: &str) -> Status {
    let mut answer = StatusBuilder::new(
        Reason::Overloaded,
        format!("{what}: nothing was done; send the same again in a moment"),
    );
    answer.details.set_retry_info(Some(RETRY_SOON));
    answer.status()
}

/// A checkpoint that is not published.
pub fn unpublished(error: &PublishError) -> Status {
    tracing::error!(%error, "no checkpoint is published");
    match error {
        PublishError::Altered(error) => unproved(error),
        PublishError::Io(_) => {
            let mut answer = StatusBuilder::new(Reason::CheckpointNotKept, error.to_string());
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
    }
}

/// A proof that cannot be made.
pub fn unproved(error: &TreeError) -> Status {
    let reason = match error {
        TreeError::NoProof(_) => Reason::NoSuchProof,
        TreeError::Read(_) | TreeError::Altered { .. } => Reason::LogDamaged,
        TreeError::Hashes(_) => Reason::HashesUnreadable,
    };
    if !matches!(error, TreeError::NoProof(_)) {
        tracing::error!(%error, "a proof could not be made");
    }
    StatusBuilder::new(reason, error.to_string()).status()
}

/// The server is stopping. Nothing was done.
pub fn stopping() -> Status {
    let mut answer = StatusBuilder::new(
        Reason::ServerStopping,
        "the server is stopping: nothing of this was done; send the same again when it is back",
    );
    answer.details.set_retry_info(Some(RETRY_LATER));
    answer.status()
}

/// A stream whose reader does not keep up.
pub fn too_slow(next: Position) -> Status {
    StatusBuilder::new(
        Reason::SubscriberTooSlow,
        format!(
            "entries were not read fast enough, and the stream is cut off: go on from position \
             {next}"
        ),
    )
    .fact("next_position", next)
    .status()
}

/// A recorder who does not read the answers to a stream.
pub fn unread() -> Status {
    StatusBuilder::new(
        Reason::ReceiptsUnread,
        "answers were not read fast enough, and the stream is cut off: what was sent may be \
         recorded; send again, in another stream, what was not answered",
    )
    .status()
}

/// A recorder who opened a stream and sends nothing.
pub fn nothing_sent() -> Status {
    StatusBuilder::new(
        Reason::NothingSent,
        "nothing was sent for a minute, and the stream is ended: everything that was sent is \
         answered; open another when there is more",
    )
    .status()
}

/// A fault in this program, already in its own log.
pub fn failed() -> Status {
    StatusBuilder::new(
        Reason::Internal,
        "a fault in the server: whoever runs it finds the cause in its log",
    )
    .status()
}

/// What the transport says of a call that never reached its service, in the
/// form of everything else; `None` where it says nothing amiss.
pub fn transport(code: Code, message: &str) -> Option<Status> {
    let status = match code {
        Code::Ok => return None,
        Code::OutOfRange => StatusBuilder::new(
            Reason::MessageTooLarge,
            format!("{message}; send several smaller requests"),
        ),
        Code::Unimplemented => {
            StatusBuilder::new(Reason::NoSuchMethod, named(message, "no such method here"))
        }
        // It could not be decoded: the caller's bytes are not the message.
        Code::Internal => StatusBuilder::new(
            Reason::MalformedMessage,
            named(message, "the message cannot be decoded"),
        ),
        Code::Cancelled
        | Code::Unknown
        | Code::InvalidArgument
        | Code::DeadlineExceeded
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::ResourceExhausted
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::Unavailable
        | Code::DataLoss
        | Code::Unauthenticated => {
            StatusBuilder::new(Reason::Transport, named(message, "the call failed")).code(code)
        }
    };
    Some(status.status())
}

fn named(message: &str, otherwise: &str) -> String {
    if message.is_empty() {
        otherwise
    } else {
        message
    }
    .to_owned()
}
