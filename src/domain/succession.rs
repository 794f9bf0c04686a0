//! Successions: the bodies that follow a body which is no more, and in what.
//!
//! The law puts the heir in the place of the old body: in agreements, proceedings and
//! everything in process, without a new signature, notice or vote (Police Reform and
//! Social Responsibility Act 2011 Sch.15; Local Government Act 1972 s.254). So a
//! succession is recorded once, on the old body, and every subject that names the old
//! body is read with its heirs in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::event::BodySucceeded;
use super::fact::{Fact, Facts};
use super::ids::{BodyId, SubjectId};

/// The longest chain of successors that is followed.
const CHAIN_MAX: usize = 16;

/// The successions of a register, by the body that is no more.
#[derive(Clone, Debug, Default)]
pub struct Successions(BTreeMap<BodyId, Facts<BodySucceeded>>);

impl Successions {
    /// Keeps the successors of a body; none, if the entry that named them was corrected.
    pub fn note(&mut self, body: &BodyId, succeeded: Facts<BodySucceeded>) {
        self.0.insert(body.clone(), succeeded);
    }

    pub fn forget(&mut self, body: &BodyId) {
        self.0.remove(body);
    }

    /// Both together; no body is in both.
    pub fn merged_with(self: &Arc<Self>, other: &Arc<Self>) -> Arc<Self> {
        if other.is_empty() {
            return Arc::clone(self);
        }
        let mut merged = Self::clone(self);
        merged.0.extend(
            other
                .0
                .iter()
                .map(|(body, facts)| (body.clone(), facts.clone())),
        );
        Arc::new(merged)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bodies that have been followed, as known at some time.
    pub fn bodies(&self) -> impl Iterator<Item = &BodyId> {
        self.0.keys()
    }

    pub fn contains(&self, body: &BodyId) -> bool {
        self.0.contains_key(body)
    }

    /// The succession of a body, if it has been followed by that day.
    pub fn of(&self, body: &BodyId, day: Date) -> Option<&Fact<BodySucceeded>> {
        self.0.get(body)?.at(day)
    }

    /// Every succession, with the body that is no more.
    pub fn iter(&self) -> impl Iterator<Item = (&BodyId, &Fact<BodySucceeded>)> {
        let all = self.0.iter();
        all.flat_map(|(body, facts)| facts.iter().map(move |fact| (body, fact)))
    }

    /// The bodies in the place of `body` by that day, in what the subject is about: the
    /// body itself, or the last of its heirs.
    pub fn holders<'a>(
        &'a self,
        subject: &SubjectId,
        body: &'a BodyId,
        day: Date,
    ) -> Vec<&'a BodyId> {
        let mut holders = vec![body];
        // A body is followed once, so a chain is as long as the bodies in it; one that
        // leads back to its start ends here.
        for _ in 0..CHAIN_MAX {
            if holders.iter().all(|holder| self.of(holder, day).is_none()) {
                break;
            }
            let heirs = holders
                .into_iter()
                .flat_map(|holder| match self.of(holder, day) {
                    Some(succeeded) => succeeded.heirs(subject),
                    None => vec![holder],
                });
            let mut seen = BTreeSet::new();
            holders = heirs.filter(|heir| seen.insert(*heir)).collect();
        }
        holders
    }
}

/// The successions that a subject is read with.
#[derive(Clone, Debug)]
pub struct Followed {
    id: SubjectId,
    pub successions: Arc<Successions>,
}

impl Followed {
    pub const fn new(id: SubjectId, successions: Arc<Successions>) -> Self {
        Self { id, successions }
    }

    /// The bodies in the place of `body` by that day.
    pub fn holders<'a>(&'a self, body: &'a BodyId, day: Date) -> Vec<&'a BodyId> {
        self.successions.holders(&self.id, body, day)
    }

    /// Those who take the place of a body by one succession.
    pub fn heirs<'a>(&self, succeeded: &'a BodySucceeded) -> Vec<&'a BodyId> {
        succeeded.heirs(&self.id)
    }
}

/// The bodies in the place of `body` by that day, as far as successions are known.
pub fn holders<'a>(followed: Option<&'a Followed>, body: &'a BodyId, day: Date) -> Vec<&'a BodyId> {
    followed.map_or_else(|| vec![body], |followed| followed.holders(body, day))
}

/// Whether `body` is `before`, or in its place by that day.
pub fn is_or_follows(
    followed: Option<&Followed>,
    body: &BodyId,
    before: &BodyId,
    day: Date,
) -> bool {
    body == before || holders(followed, before, day).contains(&body)
}
