//! The end of a command that failed: a sentence and an exit code.
//!
//! The exit codes are part of the command line's contract and are listed in
//! `minutebook --help`. No debug form and no stack trace is ever printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use minutebook_domain::money::Pence;
use minutebook_domain::rule::Rule;
use minutebook_kernel::error_chain::describe_chain;
use minutebook_kernel::sign_in::provider::ProviderFailure;
use minutebook_kernel::sign_in::provider_http::ProviderError;
use minutebook_present::table::sanitise_for_terminal;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The register refused: a rule forbids it, or it has no such thing.
    #[error("{0}")]
    Refused(String),
    /// The arguments of the command are wrong.
    #[error("{0}")]
    Usage(String),
    /// No server answered, or the server was too busy.
    #[error("{0}")]
    Unreachable(String),
    /// A file cannot be read, or its content cannot.
    #[error("{0}")]
    BadFile(String),
    /// Something is broken: data loss, an internal error, a server that cannot start.
    #[error("{0}")]
    Broken(String),
    /// A check could not be made, so nothing is known either way.
    #[error("{0}")]
    Unchecked(String),
    /// Ctrl-C or SIGTERM, before the work was done.
    #[error("stopped before it was done")]
    Interrupted,
    /// The reader of the output has gone, as `head` does. This is no failure.
    #[error("the reader has gone")]
    ReaderGone,
}

impl Failure {
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ReaderGone => 0,
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
            Self::BadFile(_) => 4,
            Self::Broken(_) => 5,
            Self::Unchecked(_) => 6,
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
            Self::Unchecked(rest) => Self::Unchecked(join(rest)),
            Self::Interrupted => Self::Interrupted,
            Self::ReaderGone => Self::ReaderGone,
        }
    }
}

impl From<io::Error> for Failure {
    /// Errors of output only; input has its own sentences.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Broken(format!("The output cannot be written: {error}"))
        }
    }
}

impl From<ProviderFailure> for Failure {
    fn from(failure: ProviderFailure) -> Self {
        let text = failure.to_string();
        let mut rest = text.chars();
        let first = rest.next().map(|first| first.to_ascii_uppercase());
        let sentence = format!(
            "{}{}.",
            first.map(String::from).unwrap_or_default(),
            rest.as_str()
        );
        match failure {
            ProviderFailure::Unreachable(ProviderError::UnknownAuthority { .. }) => {
                Self::Unreachable(format!(
                    "{sentence} If the provider has a private CA, name the file of its \
                     certificate with --issuer-ca."
                ))
            }
            ProviderFailure::Unreachable(_) => Self::Unreachable(sentence),
            ProviderFailure::NoAddress { .. }
            | ProviderFailure::Refused { .. }
            | ProviderFailure::Answered { .. } => Self::Refused(sentence),
            ProviderFailure::Unreadable { .. }
            | ProviderFailure::NoToken { .. }
            | ProviderFailure::OwnAddress(_) => Self::Broken(sentence),
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let sentence = explain(&status);
        if is_too_costly(&status) {
            return Self::Refused(sentence);
        }
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

/// Whether the transport failed, rather than the server answering with an error.
pub fn connection_broke(status: &Status) -> bool {
    std::error::Error::source(status).is_some()
}

/// Whether a server refused the work that the answer takes. It would do so again.
pub fn is_too_costly(status: &Status) -> bool {
    status
        .get_details_error_info()
        .is_some_and(|info| info.reason == "TOO_COSTLY")
}

/// An error and its causes in one line that is safe to print.
pub fn chain(error: &dyn std::error::Error) -> String {
    sanitise_for_terminal(&describe_chain(error))
}

/// Facts from this length on are not printed under a sentence that has them.
const SAID_TWICE_MAX: usize = 24;

struct Violation {
    at: String,
    reason: String,
    sentence: String,
}

/// A refusal, for a person: each fault on a line with its facts under it, or, where
/// there is no list of faults, the sentence and its facts.
pub fn explain(status: &Status) -> String {
    let details = status.get_error_details();
    let violations = violations(&details);
    let mut facts: BTreeMap<String, String> = BTreeMap::new();
    let mut reason = String::new();
    if let Some(info) = details.error_info() {
        reason = sanitise_for_terminal(&info.reason);
        facts.extend(
            info.metadata
                .iter()
                .map(|(key, value)| (sanitise_for_terminal(key), sanitise_for_terminal(value))),
        );
    }
    let mut text = sentence(status);
    if violations.is_empty() {
        if !reason.is_empty() {
            let _ = write!(text, "\n  reason: {reason}");
        }
        add_facts(&mut text, "  ", &facts);
        return text;
    }
    // A message that is only the list of faults is not repeated.
    if violations
        .iter()
        .all(|violation| text.contains(&violation.sentence))
    {
        text.clear();
    }
    let listed = violations.len();
    for (index, violation) in violations.into_iter().enumerate() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str("  - ");
        if !violation.at.is_empty() {
            let _ = write!(text, "{}: ", violation.at);
        }
        text.push_str(&violation.sentence.replace('\n', "\n    "));
        if !violation.reason.is_empty() {
            let _ = write!(text, " [{}]", violation.reason);
        }
        // The sentence has said them.
        let mut own = facts_of(index, &facts);
        own.retain(|_, value| {
            !value.is_empty()
                && (value.len() < SAID_TWICE_MAX || !violation.sentence.contains(&**value))
        });
        add_facts(&mut text, "      ", &own);
    }
    let count = facts
        .get("fault_count")
        .and_then(|count| count.parse().ok());
    if let Some(more) = count.and_then(|count: usize| count.checked_sub(listed))
        && more > 0
    {
        let _ = write!(text, "\n  and {more} more: mend these first");
    }
    text
}

fn sentence(status: &Status) -> String {
    let mut text = sanitise_for_terminal(status.message());
    if text.is_empty() {
        text = status.code().description().to_owned();
    }
    if connection_broke(status) {
        text = format!("The connection to the server broke: {text}");
    }
    text
}

fn violations(details: &ErrorDetails) -> Vec<Violation> {
    let mut all = Vec::new();
    if let Some(bad) = details.bad_request() {
        all.extend(bad.field_violations.iter().map(|violation| Violation {
            at: sanitise_for_terminal(&violation.field),
            reason: sanitise_for_terminal(&violation.reason),
            sentence: sanitise_for_terminal(&violation.description),
        }));
    }
    if let Some(failed) = details.precondition_failure() {
        all.extend(failed.violations.iter().map(|violation| Violation {
            at: sanitise_for_terminal(&violation.subject),
            reason: sanitise_for_terminal(&violation.r#type),
            sentence: sanitise_for_terminal(&violation.description),
        }));
    }
    all
}

/// The facts of one fault of several. Those of the first have no prefix, those of the
/// n-th have `fault_n_`.
fn facts_of(index: usize, facts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let own = |key: &String| match index {
        0 if key.starts_with("fault") => None,
        0 => Some(key.clone()),
        _ => {
            let prefix = format!("fault_{}_", index + 1);
            key.strip_prefix(&prefix).map(str::to_owned)
        }
    };
    facts
        .iter()
        .filter_map(|(key, value)| Some((own(key)?, value.clone())))
        // The line above has the place and the reason.
        .filter(|(key, _)| !["place", "field", "reason", "event_index"].contains(&key.as_str()))
        .collect()
}

fn add_facts(text: &mut String, indent: &str, facts: &BTreeMap<String, String>) {
    for (key, value) in facts {
        // Amounts are pence on the wire; people read pounds.
        let amount = key.strip_suffix("_pence").zip(value.parse().ok());
        let (key, value) = match amount {
            Some((key, pence)) => (key, Pence::computed(pence).to_string()),
            None => (key.as_str(), value.clone()),
        };
        let value = match (key, Rule::numbered(&value)) {
            ("rule", Some(rule)) => format!("{value} ({})", rule.name()),
            _ => value,
        };
        let _ = write!(text, "\n{indent}{}: {value}", key.replace('_', " "));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn refusal(message: &str, violations: &[(&str, &str, &str)], facts: &[(&str, &str)]) -> String {
        let mut details = ErrorDetails::new();
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        details.set_error_info(
            "APPROVAL_EXHAUSTED",
            "minutebook.v1",
            facts.iter().map(owned).collect::<HashMap<_, _>>(),
        );
        for (reason, at, sentence) in violations {
            details.add_precondition_failure_violation(*reason, *at, *sentence);
        }
        let status = Status::with_error_details(Code::FailedPrecondition, message, details);
        let failure = Failure::from(status);
        assert_eq!(failure.exit_code(), 1);
        failure.to_string()
    }

    #[test]
    fn a_refusal_has_the_rule_the_place_and_the_amount_and_nothing_twice() {
        let only = "Only £1,500 of the approval is left.";
        assert_eq!(
            refusal(
                only,
                &[("APPROVAL_EXHAUSTED", "events[0]", only)],
                &[
                    ("left_pence", "150000"),
                    ("rule", "5"),
                    ("fault_count", "1"),
                    ("event_index", "0"),
                    ("place", "events[0]"),
                ],
            ),
            "  - events[0]: Only £1,500 of the approval is left. [APPROVAL_EXHAUSTED]\n\
             \u{20}     left: £1,500\n\
             \u{20}     rule: 5 (an act relies on its prior approval)"
        );
    }

    #[test]
    fn every_fault_has_its_own_facts() {
        assert_eq!(
            refusal(
                "1. events[0]: One.\n2. events[1]: Two.",
                &[("A", "events[0]", "One."), ("B", "events[1]", "Two.")],
                &[
                    ("rule", "1"),
                    ("fault_2_rule", "2"),
                    ("fault_2_reason", "B"),
                    ("fault_count", "5"),
                ],
            ),
            "  - events[0]: One. [A]\n      rule: 1 (who and what must exist)\n  \
             - events[1]: Two. [B]\n      rule: 2 (instruments)\n\
             \u{20} and 3 more: mend these first"
        );
    }

    #[test]
    fn without_a_list_the_sentence_and_its_facts_are_printed() {
        assert_eq!(
            refusal("Used before.", &[], &[("position", "7")]),
            "Used before.\n  reason: APPROVAL_EXHAUSTED\n  position: 7"
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
