//! The findings of a verification: faults, known faults, remarks, and checks that were
//! not made.

use std::collections::BTreeSet;

use super::check::{Problem, explain_unknown};
use super::signatures::SignatureCheck;
use super::spelling::{ByLetters, Doubtful};
use super::verify::TrustAnchors;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::VerifierKey;
use crate::audit::merkle::{Frontier, Hash};

/// The most faults that are reported before verification stops.
const FAULTS_MAX: usize = 100;

/// The result of a verification.
#[derive(Debug)]
pub struct VerificationReport {
    /// The checkpoint, if it can be read.
    pub checkpoint: Option<SignedCheckpoint>,
    /// The key by which the checkpoint was verified.
    pub key: Option<VerifierKey>,
    /// Whether that key was given, and not taken from the folder.
    pub is_trusted: bool,
    /// Which witnesses signed, and when, in seconds since 1970.
    pub witnessed: Vec<(String, u64)>,
    pub entries: u64,
    pub root: Hash,
    /// Every fault. Empty means that nothing is wrong as far as it was checked.
    pub faults: Vec<String>,
    /// The faults of entries that the caller named as known.
    pub known_faults: Vec<String>,
    /// Entries with a fault that the caller could name as known.
    pub bearable: BTreeSet<u64>,
    /// The checks that could not be made. This is no finding either way.
    pub unchecked: Vec<String>,
    /// Entries that the rules of today would refuse, because names are compared in
    /// another way than when they were recorded; and entries that no signature covers.
    /// They are no faults.
    pub remarks: Vec<String>,
}

/// The faults of a log, in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: Vec<String>,
    known_faults: Vec<String>,
    bearable: BTreeSet<u64>,
    has_unbearable: bool,
    remarks: Vec<String>,
}

impl Findings {
    pub fn fault(&mut self, what: impl Into<String>) {
        self.has_unbearable = true;
        self.push(what.into());
    }

    fn push(&mut self, what: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(what);
        }
    }

    /// Sorts the problems of entries into known faults and others.
    pub fn report(&mut self, problems: Vec<Problem>, trust: &TrustAnchors) {
        for problem in problems {
            let sentence = problem.to_string();
            if !problem.is_bearable {
                self.fault(sentence);
            } else if !trust.known_faults.contains(&problem.position) {
                self.bearable.insert(problem.position);
                self.push(sentence);
            } else if self.known_faults.len() < FAULTS_MAX {
                self.known_faults.push(sentence);
            }
        }
    }

    /// Reports refusals that may be due to how names are compared: as faults where the
    /// letters of the names do not allow the entry either, else as remarks.
    pub fn settle(&mut self, doubtful: Doubtful, by_letters: &ByLetters, trust: &TrustAnchors) {
        let (refused, accepted) = doubtful.settle(by_letters);
        self.report(refused, trust);
        let more = accepted.len().saturating_sub(FAULTS_MAX);
        let listed = accepted.iter().take(FAULTS_MAX).map(|problem| {
            format!(
                "{problem}; it was accepted by the letters of its names, as versions before did"
            )
        });
        let rest = (more > 0).then(|| format!("and {more} more such entries"));
        self.remarks = listed.chain(rest).collect();
    }

    pub fn are_full(&self) -> bool {
        self.faults.len() >= FAULTS_MAX
    }

    /// The report of a check that ended with these signatures.
    pub fn into_report(
        mut self,
        trust: &TrustAnchors,
        signed: Option<SignedCheckpoint>,
        check: SignatureCheck,
        tree: &Frontier,
    ) -> VerificationReport {
        let are_as_signed = check.faults.is_empty()
            && signed.as_ref().is_some_and(|signed| {
                let checkpoint = &signed.checkpoint;
                (tree.size(), tree.root()) == (checkpoint.size, checkpoint.root)
            });
        explain_unknown(&mut self.faults, are_as_signed);
        for what in check.faults {
            self.fault(what);
        }
        if self.has_unbearable {
            self.bearable.clear();
        }
        if self.are_full() {
            self.faults
                .push("and more: the check lists no more".to_owned());
        }
        self.remarks.extend(check.remarks);
        VerificationReport {
            is_trusted: trust.key.is_some(),
            checkpoint: signed,
            key: check.key,
            witnessed: check.witnessed,
            entries: tree.size(),
            root: tree.root(),
            faults: self.faults,
            known_faults: self.known_faults,
            bearable: self.bearable,
            unchecked: check.unchecked,
            remarks: self.remarks,
        }
    }
}
