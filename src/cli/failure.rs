//! How a command ends when it does not end well: a sentence and an exit code.
//!
//! The exit codes are part of the command line's contract and are listed in
//! `minutebook --help`. Nobody is ever shown a debug form or a stack trace.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::cell::{harmless, money};

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The register said no: a rule forbids it, or there is no such thing.
    #[error("{0}")]
    Refused(String),
    /// The command was not put properly.
    #[error("{0}")]
    Usage(String),
    /// No server answered, or the one that did could not take more.
    #[error("{0}")]
    Unreachable(String),
    /// A file cannot be read, or says what no register can read.
    #[error("{0}")]
    BadFile(String),
    /// Something is broken: data loss, an internal error, a server that cannot start.
    #[error("{0}")]
    Broken(String),
    /// Ctrl-C or SIGTERM, before the work was done.
    #[error("stopped before it was done")]
    Interrupted,
    /// Whoever read our output has gone, as `head` does. Not a failure at all.
    #[error("the reader has gone")]
    ReaderGone,
}

impl Failure {
    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ReaderGone => 0,
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
            Self::BadFile(_) => 4,
            Self::Broken(_) => 5,
            Self::Interrupted => 130,
        }
    }

    /// The same failure, with `sentence` before it.
    pub fn preceded_by(self, sentence: &str) -> Self {
        let join = |rest: String| format!("{sentence}\n{rest}");
        match self {
            Self::Refused(rest) => Self::Refused(join(rest)),
            Self::Usage(rest) => Self::Usage(join(rest)),
            Self::Unreachable(rest) => Self::Unreachable(join(rest)),
            Self::BadFile(rest) => Self::BadFile(join(rest)),
            Self::Broken(rest) => Self::Broken(join(rest)),
            Self::Interrupted => Self::Interrupted,
            Self::ReaderGone => Self::ReaderGone,
        }
    }
}

impl From<io::Error> for Failure {
    /// Only output is written through this; input has sentences of its own.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Broken(format!("The output cannot be written: {error}"))
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let sentence = explain(&status);
        match status.code() {
            Code::InvalidArgument | Code::OutOfRange => Self::Usage(sentence),
            Code::NotFound
            | Code::AlreadyExists
            | Code::FailedPrecondition
            | Code::Aborted
            | Code::PermissionDenied
            | Code::Unauthenticated => Self::Refused(sentence),
            Code::Unavailable
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Cancelled => Self::Unreachable(sentence),
            Code::Unknown if connection_broke(&status) => Self::Unreachable(sentence),
            Code::Ok | Code::Unknown | Code::Internal | Code::Unimplemented | Code::DataLoss => {
                Self::Broken(sentence)
            }
        }
    }
}

/// Whether this is the transport's doing and not an answer of the server.
pub fn connection_broke(status: &Status) -> bool {
    std::error::Error::source(status).is_some()
}

/// Everything a refusal says, for a person: the sentence, the reason with its
/// facts, and each violation on a line of its own.
pub fn explain(status: &Status) -> String {
    let mut text = harmless(status.message());
    if text.is_empty() {
        text = status.code().description().to_owned();
    }
    if connection_broke(status) {
        text = format!("The connection to the server broke: {text}");
    }
    let details = status.get_error_details();
    if let Some(bad) = details.bad_request() {
        for violation in &bad.field_violations {
            line(
                &mut text,
                &violation.field,
                &violation.reason,
                &violation.description,
            );
        }
    }
    if let Some(failed) = details.precondition_failure() {
        for violation in &failed.violations {
            line(
                &mut text,
                &violation.subject,
                &violation.r#type,
                &violation.description,
            );
        }
    }
    if let Some(info) = details.error_info() {
        let _ = write!(text, "\n  reason: {}", harmless(&info.reason));
        for (key, value) in info.metadata.iter().collect::<BTreeMap<_, _>>() {
            let (key, value) = (harmless(key), harmless(value));
            // Amounts are pence on the wire; a person reads pounds.
            let pounds = key
                .ends_with("_pence")
                .then(|| value.parse().ok())
                .flatten();
            match pounds {
                Some(pence) => {
                    let _ = write!(text, "\n  {}: {}", &key[..key.len() - 6], money(pence));
                }
                None => {
                    let _ = write!(text, "\n  {key}: {value}");
                }
            }
        }
    }
    text
}

fn line(text: &mut String, at: &str, reason: &str, sentence: &str) {
    let (at, reason, sentence) = (harmless(at), harmless(reason), harmless(sentence));
    let _ = write!(text, "\n  - ");
    if !at.is_empty() {
        let _ = write!(text, "{at}: ");
    }
    let _ = write!(text, "{sentence}");
    if !reason.is_empty() {
        let _ = write!(text, " [{reason}]");
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::{ErrorDetails, PreconditionViolation};

    use super::*;

    #[test]
    fn a_refusal_says_the_rule_the_subject_and_the_amount() {
        let mut details = ErrorDetails::new();
        details
            .set_error_info(
                "APPROVAL_EXHAUSTED",
                "minutebook",
                [("left_pence".to_owned(), "150000".to_owned())],
            )
            .set_precondition_failure(vec![PreconditionViolation::new(
                "APPROVAL_EXHAUSTED",
                "collaborations/bch",
                "Only £1,500 of the approval is left.",
            )]);
        let status =
            Status::with_error_details(Code::FailedPrecondition, "A rule forbids it.", details);
        let failure = Failure::from(status);
        assert_eq!(failure.exit_code(), 1);
        assert_eq!(
            failure.to_string(),
            "A rule forbids it.\n  - collaborations/bch: Only £1,500 of the approval is left. \
             [APPROVAL_EXHAUSTED]\n  reason: APPROVAL_EXHAUSTED\n  left: £1,500"
        );
    }

    #[test]
    fn every_way_to_end_has_its_code() {
        let code = |code| Failure::from(Status::new(code, "")).exit_code();
        assert_eq!(code(Code::NotFound), 1);
        assert_eq!(code(Code::InvalidArgument), 2);
        assert_eq!(code(Code::Unavailable), 3);
        assert_eq!(code(Code::DataLoss), 5);
        let gone = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(gone.exit_code(), 0);
    }

    #[test]
    fn a_server_cannot_write_escape_codes_on_the_terminal() {
        let failure = Failure::from(Status::not_found("\u{1b}[2Jgone"));
        assert!(!failure.to_string().contains('\u{1b}'));
    }
}
