//! A status with its details, small enough for the headers that callers accept.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::reason::Reason;

/// The domain of every reason code.
pub const DOMAIN: &str = "minutebook.v1";

/// The most bytes that a status may take as headers. It is sent in trailers, and
/// the strictest common client (grpc-java) accepts 8,192 bytes of them.
const HEADER_BYTES_MAX: usize = 7_000;

/// The most bytes of a sentence, or of the value of a fact.
const SENTENCE_BYTES_MAX: usize = 800;

/// One of the faults that a status lists.
pub struct ListedFault {
    pub reason: &'static str,
    /// The field or subject that has the fault.
    pub place: String,
    /// The fault, and what to do.
    pub sentence: String,
    pub facts: Vec<(&'static str, String)>,
}

/// The detail in which faults are listed, besides the message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FaultDetail {
    /// As `BadRequest`: fields that cannot be read.
    Fields,
    /// As `PreconditionFailure`: rules and revisions, each with its facts.
    Preconditions,
}

/// A status under construction: one reason, its facts, one sentence.
pub struct StatusBuilder {
    code: Code,
    message: String,
    reason: &'static str,
    /// The facts that the catalogue of reasons promises; `None` for a list of faults.
    promised: Option<&'static [&'static str]>,
    facts: HashMap<String, String>,
    /// Further details; its `ErrorInfo` is filled in at the end.
    pub details: ErrorDetails,
}

impl StatusBuilder {
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            promised: Some(reason.facts()),
            ..Self::with_reason(reason.code(), reason.name(), message)
        }
    }

    /// Sets another code than the reason's own.
    pub const fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    fn with_reason(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: shortened(message.into()),
            reason,
            promised: None,
            facts: HashMap::new(),
            details: ErrorDetails::new(),
        }
    }

    /// Adds a fact, which the catalogue of reasons must list.
    pub fn fact(mut self, name: &str, value: impl ToString) -> Self {
        debug_assert!(
            self.promised.is_none_or(|names| names.contains(&name)),
            "{} has no fact {name} in the catalogue",
            self.reason
        );
        self.facts
            .insert(name.to_owned(), shortened(value.to_string()));
        self
    }

    /// A status that lists faults: as many as fit, and how many there are.
    ///
    /// The reason and the facts are those of the first; the facts of the n-th
    /// have `fault_n_` in front.
    pub fn list(code: Code, detail: FaultDetail, faults: Vec<ListedFault>) -> Self {
        let count = faults.len();
        let reason = faults.first();
        let reason = reason.map_or(Reason::InvalidFields.name(), |fault| fault.reason);
        let mut status = Self::with_reason(code, reason, "").fact("fault_count", count);
        let mut lines = Vec::new();
        let mut bytes = 0;
        for (index, fault) in faults.into_iter().enumerate() {
            let sentence = shortened(fault.sentence);
            let line = match (detail, count) {
                (FaultDetail::Preconditions, 1) => sentence.clone(),
                (FaultDetail::Fields, 1) => format!("{}: {sentence}", fault.place),
                (FaultDetail::Fields | FaultDetail::Preconditions, _) => {
                    format!("{}. {}: {sentence}", index + 1, fault.place)
                }
            };
            let prefix = match index {
                0 => String::new(),
                _ => format!("fault_{}_", index + 1),
            };
            let mut facts = Vec::new();
            if detail == FaultDetail::Preconditions {
                if index > 0 {
                    facts.push((format!("{prefix}reason"), fault.reason.to_owned()));
                }
                facts.push((format!("{prefix}place"), fault.place.clone()));
            } else if index == 0 {
                facts.push(("field".to_owned(), fault.place.clone()));
            }
            for (name, value) in fault.facts {
                facts.push((format!("{prefix}{name}"), shortened(value)));
            }
            let detail_bytes: usize = facts
                .iter()
                .map(|(n, v)| n.len() + v.len() + 8)
                .sum::<usize>()
                + fault.reason.len()
                + fault.place.len()
                + sentence.len()
                + 12;
            bytes += escaped_len(&line) + (line.len() + detail_bytes) * 4 / 3;
            if index > 0 && bytes > HEADER_BYTES_MAX {
                lines.push(format!(
                    "{} more are not listed: mend these first",
                    count - index
                ));
                status = status.fact("faults_listed", index);
                break;
            }
            lines.push(line);
            status.facts.extend(facts);
            match detail {
                FaultDetail::Fields => status
                    .details
                    .add_bad_request_violation(fault.place, sentence),
                FaultDetail::Preconditions => status.details.add_precondition_failure_violation(
                    fault.reason,
                    fault.place,
                    sentence,
                ),
            };
        }
        status.message = lines.join("\n");
        status
    }

    pub fn status(mut self) -> Status {
        self.details.set_error_info(self.reason, DOMAIN, self.facts);
        Status::with_error_details(self.code, self.message, self.details)
    }
}

/// The length of a text once it is escaped for a header.
fn escaped_len(text: &str) -> usize {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.,:;/()[]=+*'&!@$^|~\\".contains(b);
    text.bytes().map(|b| if plain(&b) { 1 } else { 3 }).sum()
}

/// A text cut to the limit, with an ellipsis where it is cut.
fn shortened(mut text: String) -> String {
    if text.len() > SENTENCE_BYTES_MAX {
        let end = (0..=SENTENCE_BYTES_MAX)
            .rev()
            .find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(index: usize, len: usize) -> ListedFault {
        ListedFault {
            reason: "UNKNOWN_BODY",
            place: format!("events[{index}].agreement_signed.body_id"),
            sentence: "ä b".repeat(len),
            facts: vec![("body", "x".repeat(63))],
        }
    }

    #[test]
    fn however_much_is_wrong_the_headers_stay_small() {
        for (count, len) in [(1, 10), (3, 40), (400, 40), (1, 100_000), (100, 100_000)] {
            for detail in [FaultDetail::Fields, FaultDetail::Preconditions] {
                let faults = (0..count).map(|index| fault(index, len)).collect();
                let status = StatusBuilder::list(Code::FailedPrecondition, detail, faults).status();
                let mut headers = http::HeaderMap::new();
                status.add_header(&mut headers).unwrap();
                let bytes: usize = headers
                    .iter()
                    .map(|(name, value)| name.as_str().len() + value.len() + 32)
                    .sum();
                assert!(bytes <= 8_192, "{count} faults of {len}: {bytes} bytes");
                let details = status.get_error_details();
                let info = details.error_info().unwrap();
                assert_eq!(info.metadata["fault_count"], count.to_string());
                if count == 400 {
                    assert!(
                        status
                            .message()
                            .ends_with("are not listed: mend these first")
                    );
                }
            }
        }
    }
}
