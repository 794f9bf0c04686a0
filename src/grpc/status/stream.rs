//! A stream that the server ends early.

use tonic::Status;

use super::Reason;
use super::builder::StatusBuilder;
use minutebook_domain::ids::Position;

/// The reader of a stream of entries does not keep up.
pub fn subscriber_too_slow(next: Position) -> Status {
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

/// A caller comes back with a place in another log.
pub fn other_log(position: Position) -> Status {
    StatusBuilder::new(
        Reason::OtherLog,
        format!(
            "this is another log than the one you read before: up to position {position}, that one \
             had other entries, or was another register's. Ask its keeper whether it was restored; \
             to read this log, begin again without the token or fingerprint"
        ),
    )
    .fact("position", position)
    .status()
}

/// A replay has used up the work that one call may do. It goes on from `next`.
pub fn replay_paused(next: Position) -> Status {
    StatusBuilder::new(
        Reason::TooCostly,
        format!(
            "the replay takes more work than one call may do, and the stream is ended: go on from \
             position {next}"
        ),
    )
    .fact("next_position", next)
    .status()
}

/// The deadline that the caller set has passed.
pub fn deadline_passed() -> Status {
    StatusBuilder::new(
        Reason::DeadlinePassed,
        "the deadline of the call has passed, and the stream is ended: set a later one, or none",
    )
    .status()
}

/// The recorder on an append stream does not read the receipts.
pub fn receipts_unread() -> Status {
    StatusBuilder::new(
        Reason::ReceiptsUnread,
        "answers were not read fast enough, and the stream is cut off: requests without an \
         answer may be recorded all the same; send them again in another stream",
    )
    .status()
}

/// The recorder on an append stream sends nothing.
pub fn append_stream_idle() -> Status {
    StatusBuilder::new(
        Reason::NothingSent,
        "nothing was sent for a minute, and the stream is ended: every request on it was \
         answered; open another when there is more",
    )
    .status()
}
