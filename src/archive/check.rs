//! The check of a log, entry by entry: that each is what it should be where it
//! stands, and that the register would have taken it.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::audit::key::VerifierKey;
use crate::audit::merkle::Hash;
use crate::audit::replacement;
use crate::domain::admit::check;
use crate::domain::entry::{Entry, RequestPart};
use crate::domain::event::Kind;
use crate::domain::ids::{Position, RequestId};
use crate::domain::register::Register;
use crate::wire::entry::{decoded, message};
use crate::wire::proto;

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its position, as it stands in the log.
    pub position: u64,
    /// What is wrong.
    pub what: String,
}

/// A log on its way past.
#[derive(Debug, Default)]
pub struct Checker {
    register: Register,
    requests: HashSet<RequestId>,
    last: Option<Last>,
    keys: Vec<Replaced>,
    /// Once an entry cannot be read, nothing after it can be judged.
    is_lost: bool,
}

#[derive(Debug)]
struct Last {
    request: RequestId,
    index: u32,
    size: u32,
    recorded_at: Timestamp,
    recorded_by: Arc<str>,
}

/// A key that was replaced.
#[derive(Debug, Clone)]
pub struct Replaced {
    /// The entry that says so.
    pub position: u64,
    /// The key that signed until then.
    pub old: VerifierKey,
    /// The key that signs from there on.
    pub new: VerifierKey,
}

impl Checker {
    /// Checks the next record, of which it is said at which position it stands;
    /// `root` is that of the records before it. Gives the message it encodes, if
    /// it does.
    pub fn check(
        &mut self,
        position: u64,
        record: &[u8],
        root: impl FnOnce() -> Hash,
        problems: &mut Vec<Problem>,
    ) -> Option<proto::Entry> {
        let mut fault = |what: String| problems.push(Problem { position, what });
        let sent = match message(record) {
            Ok(sent) => sent,
            Err(error) => {
                fault(error.to_string());
                self.is_lost = true;
                return None;
            }
        };
        let entry = match decoded(&sent) {
            Ok(entry) => entry,
            Err(error) => {
                fault(error.to_string());
                self.is_lost = true;
                return Some(sent);
            }
        };
        if entry.position.get() != position {
            fault(format!(
                "it says that it is entry {}: entries were removed, added or reordered",
                entry.position
            ));
            self.is_lost = true;
        }
        if self.is_lost {
            return Some(sent);
        }
        let revision = self.register.revision(&entry.event.subject).next();
        if entry.revision != revision {
            fault(format!(
                "it says that it is revision {} of {}, which comes to revision {revision} here",
                entry.revision, entry.event.subject
            ));
        }
        self.request(&entry, &mut fault);
        if let Kind::CheckpointKeyReplaced(what) = &entry.event.kind {
            let (statement, new) = (what.statement.as_str(), what.verifier_key.as_str());
            if let Err(what) = self.replaced(position, statement, new, root) {
                fault(what);
            }
        }
        let entry = Arc::new(entry);
        for (field, found) in check(&self.register, &entry) {
            fault(format!(
                "{}: {found} ({field}, {})",
                found.rule(),
                found.reason()
            ));
        }
        self.last = Some(Last {
            request: entry.request,
            index: entry.request_part.index,
            size: entry.request_part.count,
            recorded_at: entry.recorded_at,
            recorded_by: Arc::clone(&entry.recorded_by),
        });
        self.register.apply(entry);
        Some(sent)
    }

    /// A request's entries follow one another, and none comes twice.
    fn request(&mut self, entry: &Entry, fault: &mut impl FnMut(String)) {
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
                && last.recorded_by == entry.recorded_by
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
                "it says that it is part {} of {size} of its request, and does not follow the part \
                 before it",
                u64::from(index) + 1
            ));
        }
        if !self.requests.insert(entry.request) {
            fault(format!("the request {} is recorded twice", entry.request));
        }
    }

    fn replaced(
        &mut self,
        position: u64,
        statement: &str,
        new: &str,
        root: impl FnOnce() -> Hash,
    ) -> Result<(), String> {
        let told = replacement::read(statement).map_err(|error| error.to_string())?;
        if told.new.to_string() != new {
            return Err(format!(
                "it names the key {new}, and its statement {}",
                told.new
            ));
        }
        if told.size + 1 != position || told.root != root() {
            return Err("its statement is about another log, or another place in it".to_owned());
        }
        let before = self.keys.last().map(|replaced| &replaced.new);
        if let Some(before) = before.filter(|before| **before != told.old) {
            return Err(format!(
                "it replaces the key {}, and the key before it is {before}",
                told.old
            ));
        }
        self.keys.push(Replaced {
            position,
            old: told.old,
            new: told.new,
        });
        Ok(())
    }

    /// What is missing at the end.
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
            });
        }
    }

    /// The keys that were replaced, in order.
    pub fn keys(&self) -> &[Replaced] {
        &self.keys
    }

    /// The register that the log comes to.
    pub const fn register(&self) -> &Register {
        &self.register
    }

    /// How many entries were read.
    pub fn tail(&self) -> Position {
        self.register.tail()
    }
}

/// Whether a key may have signed a checkpoint of a size: those that were replaced
/// by then have signed none, nor those that came later.
pub fn signs(replaced: &[Replaced], size: u64) -> Option<&VerifierKey> {
    let by_then = replaced.iter().rev().find(|key| key.position <= size);
    match by_then {
        Some(key) => Some(&key.new),
        None => replaced.first().map(|key| &key.old),
    }
}
