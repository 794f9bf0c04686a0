//! The check of a log, entry by entry: that each belongs at its position, and that
//! the register would have accepted it.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::spelling::{Doubtful, Spellings};
use crate::audit::key::VerifierKey;
use crate::audit::merkle::Hash;
use crate::audit::replacement;
use minutebook_domain::admit::{LateFault, check, contradictions};
use minutebook_domain::entry::{Entry, RecordedCaller, RequestPart};
use minutebook_domain::event::Kind;
use minutebook_domain::ids::{Position, RequestId};
use minutebook_domain::register::Register;
use minutebook_wire::entry::{EntryDecodeError, decoded_with_names, message};
use minutebook_wire::proto;

/// An entry with fields or of a kind that this version does not know. The reason is
/// known once all bytes were compared with the checkpoint: see [`explain_unknown`].
const UNKNOWN: &str = "this version does not know all of it";

/// Completes the faults about unknown entries. Only bytes that are as they were signed
/// were written by a newer version; others were altered.
pub fn explain_unknown(faults: &mut [String], are_as_signed: bool) {
    for fault in faults.iter_mut().filter(|fault| fault.ends_with(UNKNOWN)) {
        fault.push_str(match are_as_signed {
            true => {
                ", and its bytes are as they were signed: a newer version wrote it; run that \
                 version or a later one"
            }
            false => ", and the log is not as it was signed: it was altered",
        });
    }
}

/// A fault of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The position of the entry in the log.
    pub position: u64,
    pub what: String,
    /// Whether the log can go on with this fault recorded in it: the entry is whole and
    /// in its place, and breaks a rule. Nothing after an entry that cannot be read is
    /// judged, and a false replacement of the key ends trust in all that follows.
    pub is_bearable: bool,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "entry {}: {}", self.position, self.what)
    }
}

/// Checks a log, record by record.
#[derive(Debug, Default)]
pub struct Checker {
    register: Register,
    requests: HashSet<RequestId>,
    last: Option<Last>,
    /// The entries of the request that is being read.
    request: Vec<Arc<Entry>>,
    keys: Vec<Replaced>,
    /// Set when an entry cannot be read: nothing after it can be checked against the
    /// rules.
    is_lost: bool,
    spellings: Spellings,
    /// Refusals that may be due to how names are compared today.
    pub(super) doubtful: Doubtful,
}

#[derive(Debug)]
struct Last {
    request: RequestId,
    index: u32,
    size: u32,
    recorded_at: Timestamp,
    recorded_by: Arc<str>,
    caller: RecordedCaller,
}

impl Last {
    /// Whether the same caller recorded an entry: by another mandate, it may name another
    /// recorder.
    fn is_of_caller(&self, entry: &Entry) -> bool {
        match self.caller.pseudonym() {
            Some(pseudonym) => entry.caller.pseudonym() == Some(pseudonym),
            None => self.recorded_by == entry.recorded_by && self.caller == entry.caller,
        }
    }
}

/// The replacement of a key.
#[derive(Debug, Clone)]
pub struct Replaced {
    /// The entry that replaces the key.
    pub position: u64,
    /// The key that signed before.
    pub old: VerifierKey,
    /// The key that signs from that entry on.
    pub new: VerifierKey,
    /// Whether the old key was lost, and only the new one signed the replacement.
    pub is_lost: bool,
}

impl Checker {
    /// Checks the next record, which must be the entry at `position`; `root` is the
    /// root of the records before it. Returns the message that the record encodes.
    pub fn check(
        &mut self,
        position: u64,
        record: &[u8],
        root: impl FnOnce() -> Hash,
        problems: &mut Vec<Problem>,
    ) -> Option<proto::Entry> {
        let mut fatal = |what: String| {
            problems.push(Problem {
                position,
                what,
                is_bearable: false,
            });
        };
        let sent = match message(record) {
            Ok(sent) => sent,
            Err(error) => {
                fatal(match error {
                    EntryDecodeError::UnknownKind { .. }
                    | EntryDecodeError::UnknownFields { .. } => UNKNOWN.to_owned(),
                    EntryDecodeError::NotAnEntry | EntryDecodeError::Invalid { .. } => {
                        error.to_string()
                    }
                });
                self.is_lost = true;
                return None;
            }
        };
        let (entry, names) = match decoded_with_names(&sent) {
            Ok(read) => read,
            Err(error) => {
                fatal(error.to_string());
                self.is_lost = true;
                return Some(sent);
            }
        };
        if entry.position.get() != position {
            fatal(format!(
                "it states position {}: entries were removed, added or reordered",
                entry.position
            ));
            self.is_lost = true;
        }
        if self.is_lost {
            return Some(sent);
        }
        if let Kind::CheckpointKeyReplaced(event) = &entry.event.kind {
            let (statement, new) = (event.statement.as_str(), event.verifier_key.as_str());
            if let Err(what) = self.check_replacement(position, statement, new, root) {
                fatal(what);
            }
        }
        let mut fault = |what: String| {
            problems.push(Problem {
                position,
                what,
                is_bearable: true,
            });
        };
        let revision = self.register.revision(&entry.event.subject).next();
        if entry.revision != revision {
            fault(format!(
                "it states revision {} of {}, and would be revision {revision} here",
                entry.revision, entry.event.subject
            ));
        }
        self.check_request(&entry, &mut fault);
        let entry = Arc::new(entry);
        self.spellings.note(&names);
        for (field, found) in check(&self.register, &entry) {
            let (rule, reason) = (found.rule(), found.reason());
            let what = format!("{rule}: {found} ({field}, {reason})");
            let refusal = Problem {
                position,
                what,
                is_bearable: true,
            };
            let kept = if self.spellings.vary() {
                self.doubtful.put_aside(refusal)
            } else {
                Some(refusal)
            };
            problems.extend(kept);
        }
        self.last = Some(Last {
            request: entry.request,
            index: entry.request_part.index,
            size: entry.request_part.count,
            recorded_at: entry.recorded_at,
            recorded_by: Arc::clone(&entry.recorded_by),
            caller: entry.caller.clone(),
        });
        self.register.apply(Arc::clone(&entry));
        self.check_late(entry, problems);
        Some(sent)
    }

    /// Reports the late entries of a request that contradict others, once it is read whole.
    fn check_late(&mut self, entry: Arc<Entry>, problems: &mut Vec<Problem>) {
        let RequestPart { index, count } = entry.request_part;
        if index == 0 {
            self.request.clear();
        }
        self.request.push(entry);
        if index + 1 < count {
            return;
        }
        let found = contradictions(&self.register, &self.request).into_iter();
        problems.extend(found.map(|LateFault { late, fault }| {
            let (rule, reason, field) = (fault.rule(), fault.reason(), LateFault::FIELD);
            Problem {
                position: late.get(),
                what: format!("{rule}: {fault} ({field}, {reason})"),
                is_bearable: true,
            }
        }));
        self.request.clear();
    }

    /// Requires that the entries of a request are consecutive and complete, and that
    /// no request occurs twice.
    fn check_request(&mut self, entry: &Entry, fault: &mut impl FnMut(String)) {
        let RequestPart { index, count: size } = entry.request_part;
        let before = self.last.as_ref();
        if before.is_some_and(|last| last.recorded_at > entry.recorded_at) {
            fault("it was recorded earlier than the entry before it".to_owned());
        }
        let unfinished = before.filter(|last| last.index + 1 < last.size);
        let goes_on = unfinished.is_some_and(|last| {
            last.request == entry.request
                && last.index + 1 == index
                && last.size == size
                && last.recorded_at == entry.recorded_at
                && last.is_of_caller(entry)
        });
        if goes_on {
            return;
        }
        if let Some(last) = unfinished {
            fault(format!(
                "the request {} before it brought {} entries, and {} of them are there",
                last.request,
                last.size,
                last.index + 1
            ));
        }
        if index != 0 || index >= size {
            fault(format!(
                "it states that it is part {} of {size} of its request, and does not follow the part \
                 before it",
                u64::from(index) + 1
            ));
        }
        if !self.requests.insert(entry.request) {
            fault(format!("the request {} is recorded twice", entry.request));
        }
    }

    fn check_replacement(
        &mut self,
        position: u64,
        statement: &str,
        new: &str,
        root: impl FnOnce() -> Hash,
    ) -> Result<(), String> {
        let replacement = replacement::read(statement).map_err(|error| error.to_string())?;
        if replacement.new.to_string() != new {
            return Err(format!(
                "it names the key {new}, and its statement {}",
                replacement.new
            ));
        }
        if replacement.size + 1 != position || replacement.root != root() {
            return Err("its statement is about another log, or another position in it".to_owned());
        }
        if replacement.new == replacement.old {
            return Err(format!("it replaces the key {} by itself", replacement.old));
        }
        let before = self.keys.last().map(|replaced| &replaced.new);
        if let Some(before) = before.filter(|before| **before != replacement.old) {
            return Err(format!(
                "it replaces the key {}, and the key before it is {before}",
                replacement.old
            ));
        }
        self.keys.push(Replaced {
            position,
            old: replacement.old,
            new: replacement.new,
            is_lost: replacement.is_lost,
        });
        Ok(())
    }

    /// Reports a request whose last entries are missing.
    pub fn finish(&self, problems: &mut Vec<Problem>) {
        if let Some(last) = self.last.as_ref().filter(|last| last.index + 1 < last.size) {
            problems.push(Problem {
                position: self.register.tail().get(),
                what: format!(
                    "the request {} brought {} entries, and {} of them are there: the end is cut off",
                    last.request,
                    last.size,
                    last.index + 1
                ),
                is_bearable: false,
            });
        }
    }

    /// The key replacements, in order.
    pub fn keys(&self) -> &[Replaced] {
        &self.keys
    }

    /// The register after the entries that were checked.
    pub const fn register(&self) -> &Register {
        &self.register
    }

    /// The position of the last entry that was checked.
    pub fn tail(&self) -> Position {
        self.register.tail()
    }
}

/// The key that signs a checkpoint of this size, by the replacements of keys; `None`
/// if no key was ever replaced.
pub fn signing_key(replaced: &[Replaced], size: u64) -> Option<&VerifierKey> {
    let by_then = replaced.iter().rev().find(|key| key.position <= size);
    match by_then {
        Some(key) => Some(&key.new),
        None => replaced.first().map(|key| &key.old),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bytes_that_were_signed_were_written_by_a_newer_version() {
        let faults = [format!("entry 7: {UNKNOWN}"), "entry 8: other".to_owned()];
        let explained = |are_as_signed| {
            let mut faults = faults.clone();
            explain_unknown(&mut faults, are_as_signed);
            assert_eq!(faults[1], "entry 8: other");
            faults[0].clone()
        };
        assert!(explained(true).contains("a newer version wrote it"));
        assert!(explained(false).ends_with("it was altered"));
    }
}
