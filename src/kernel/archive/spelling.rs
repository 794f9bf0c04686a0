//! Entries that were recorded before names were folded.
//!
//! Names that only look different are the same name today, and were different ones to
//! the versions before. An entry that those versions accepted may break a rule today. It
//! is no fault of the log: it is judged once more by the letters of its names, and
//! reported. A log in which every name is written in one way needs none of this: there,
//! both comparisons agree.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use super::check::Problem;
use minutebook_domain::admit::check;
use minutebook_domain::register::Register;
use minutebook_domain::text::Name;
use minutebook_wire::entry::{decoded_by_letters, message};

/// The most refusals that are put aside; more of them are faults.
const DOUBTFUL_MAX: usize = 10_000;

/// The ways in which the names of a log are written.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// The hash of each folded name, and of the first way in which it was written.
    first: HashMap<u64, u64>,
    vary: bool,
}

impl Spellings {
    pub(super) fn note(&mut self, names: &[Name]) {
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        for name in names {
            if self.vary {
                return;
            }
            let folded = hasher.hash_one(name.folded().to_ascii_lowercase());
            let written = hasher.hash_one(name.as_str());
            self.vary = *self.first.entry(folded).or_insert(written) != written;
        }
    }

    /// Whether a name is written in two ways.
    pub(super) const fn vary(&self) -> bool {
        self.vary
    }
}

/// Refusals by the rules of today that may be due to how names are compared.
#[derive(Debug, Default)]
pub(super) struct Doubtful(Vec<Problem>);

impl Doubtful {
    /// Returns the problem if it cannot be put aside.
    pub(super) fn put_aside(&mut self, problem: Problem) -> Option<Problem> {
        if self.0.len() >= DOUBTFUL_MAX {
            return Some(problem);
        }
        self.0.push(problem);
        None
    }

    /// The last entry that has to be judged again; `None` if there is none.
    pub(super) fn last(&self) -> Option<u64> {
        self.0.iter().map(|problem| problem.position).max()
    }

    /// Separates the faults of the log from those entries that `judged` accepts.
    pub(super) fn settle(self, judged: &ByLetters) -> (Vec<Problem>, Vec<Problem>) {
        let is_fault = |problem: &Problem| judged.refused.contains(&problem.position);
        self.0.into_iter().partition(is_fault)
    }
}

/// Judges a log by the letters of its names.
#[derive(Debug, Default)]
pub(super) struct ByLetters {
    register: Register,
    refused: BTreeSet<u64>,
}

impl ByLetters {
    /// Judges the next record. It was read before.
    pub(super) fn judge(&mut self, position: u64, record: &[u8]) {
        let entry = message(record).and_then(|sent| decoded_by_letters(&sent));
        match entry.map(Arc::new) {
            Ok(entry) => {
                if !check(&self.register, &entry).is_empty() {
                    self.refused.insert(position);
                }
                self.register.apply(entry);
            }
            Err(_) => {
                self.refused.insert(position);
            }
        }
    }
}
