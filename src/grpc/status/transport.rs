//! A call that the transport refused.

use tonic::{Code, Status};

use super::Reason;
use super::builder::StatusBuilder;

/// The status of a call that never reached its service, in the form of every
/// other status; `None` for a call that succeeded.
pub fn transport(code: Code, message: &str) -> Option<Status> {
    let status = match code {
        Code::Ok => return None,
        Code::OutOfRange => StatusBuilder::new(
            Reason::MessageTooLarge,
            format!("{message}; send several smaller requests"),
        ),
        Code::Unimplemented => StatusBuilder::new(
            Reason::NoSuchMethod,
            or_default(message, "no such method here"),
        ),
        // tonic could not decode the message.
        Code::Internal => StatusBuilder::new(
            Reason::MalformedMessage,
            or_default(message, "the message cannot be decoded"),
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
            StatusBuilder::new(Reason::Transport, or_default(message, "the call failed")).code(code)
        }
    };
    Some(status.status())
}

fn or_default(message: &str, default: &str) -> String {
    match message {
        "" => default.to_owned(),
        message => message.to_owned(),
    }
}
