//! A status with its details, within what callers accept as headers.

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

/// One fault of several.
pub struct ListedFault {
    /// Its reason code.
    pub reason: &'static str,
    /// Where it is.
    pub place: String,
    /// What is wrong and what to do.
    pub sentence: String,
    /// Its facts.
    pub facts: Vec<(&'static str, String)>,
}

/// How the faults of a list are told, besides the message.
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
    facts: HashMap<String, String>,
    /// Further details; its `ErrorInfo` is filled in at the end.
    pub details: ErrorDetails,
}

impl StatusBuilder {
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self::of(reason.code(), reason.name(), message)
    }

    /// The same under another code than the reason's own.
    pub const fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    fn of(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: shortened(message.into()),
            reason,
            facts: HashMap::new(),
            details: ErrorDetails::new(),
        }
    }

    /// With a fact.
    pub fn fact(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.facts.insert(name.into(), shortened(value.to_string()));
        self
    }

    /// A status that lists faults: as many as fit, and how many there are.
    ///
    /// The reason and the facts are those of the first; the facts of the n-th
    /// have `fault_n_` in front.
    pub fn list(code: Code, told: FaultDetail, items: Vec<ListedFault>) -> Self {
        let count = items.len();
        let reason = items.first();
        let reason = reason.map_or(Reason::InvalidFields.name(), |item| item.reason);
        let mut answer = Self::of(code, reason, "").fact("fault_count", count);
        let mut lines = Vec::new();
        let mut bytes = 0;
        for (index, item) in items.into_iter().enumerate() {
            let sentence = shortened(item.sentence);
            let line = match (told, count) {
                (FaultDetail::Preconditions, 1) => sentence.clone(),
                (FaultDetail::Fields, 1) => format!("{}: {sentence}", item.place),
                (FaultDetail::Fields | FaultDetail::Preconditions, _) => {
                    format!("{}. {}: {sentence}", index + 1, item.place)
                }
            };
            let prefix = match index {
                0 => String::new(),
                _ => format!("fault_{}_", index + 1),
            };
            let mut facts = Vec::new();
            if told == FaultDetail::Preconditions {
                if index > 0 {
                    facts.push((format!("{prefix}reason"), item.reason.to_owned()));
                }
                facts.push((format!("{prefix}place"), item.place.clone()));
            } else if index == 0 {
                facts.push(("field".to_owned(), item.place.clone()));
            }
            for (name, value) in item.facts {
                facts.push((format!("{prefix}{name}"), shortened(value)));
            }
            let told_bytes: usize = facts
                .iter()
                .map(|(n, v)| n.len() + v.len() + 8)
                .sum::<usize>()
                + item.reason.len()
                + item.place.len()
                + sentence.len()
                + 12;
            bytes += escaped_len(&line) + (line.len() + told_bytes) * 4 / 3;
            if index > 0 && bytes > HEADER_BYTES_MAX {
                lines.push(format!(
                    "{} more are not listed: mend these first",
                    count - index
                ));
                answer = answer.fact("faults_listed", index);
                break;
            }
            lines.push(line);
            answer.facts.extend(facts);
            match told {
                FaultDetail::Fields => answer
                    .details
                    .add_bad_request_violation(item.place, sentence),
                FaultDetail::Preconditions => answer.details.add_precondition_failure_violation(
                    item.reason,
                    item.place,
                    sentence,
                ),
            };
        }
        answer.message = lines.join("\n");
        answer
    }

    /// The status.
    pub fn status(mut self) -> Status {
        self.details.set_error_info(self.reason, DOMAIN, self.facts);
        Status::with_error_details(self.code, self.message, self.details)
    }
}

/// How long a text is once it is escaped for a header.
fn escaped_len(text: &str) -> usize {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.,:;/()[]=+*'&!@$^|~\\".contains(b);
    text.bytes().map(|b| if plain(&b) { 1 } else { 3 }).sum()
}

/// A text cut to what fits, and marked where it is cut.
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

    fn item(index: usize, len: usize) -> ListedFault {
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
            for told in [FaultDetail::Fields, FaultDetail::Preconditions] {
                let items = (0..count).map(|index| item(index, len)).collect();
                let status = StatusBuilder::list(Code::FailedPrecondition, told, items).status();
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
