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

use super::body::Body;
use super::event::BodySucceeded;
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BodyId, SubjectId};

/// The successions of a register, by the body that is no more, or that gave a part away.
#[derive(Clone, Debug, Default)]
pub struct Successions {
    by_body: BTreeMap<BodyId, SuccessionsOfBody>,
    /// The bodies that gave a part away.
    givers: BTreeSet<BodyId>,
}

/// Who followed a body.
#[derive(Clone, Debug, Default)]
struct SuccessionsOfBody {
    /// In everything.
    whole: Facts<BodySucceeded>,
    /// In a part, while it goes on.
    passed: Facts<BodySucceeded>,
}

impl Successions {
    /// Keeps the successors of a body; none, if the entry that named them was corrected.
    pub fn note(&mut self, id: &BodyId, body: &Body) {
        let (whole, passed) = (body.succeeded.clone(), body.passed.clone());
        if passed.is_empty() {
            self.givers.remove(id);
        } else {
            self.givers.insert(id.clone());
        }
        self.by_body
            .insert(id.clone(), SuccessionsOfBody { whole, passed });
    }

    pub fn forget(&mut self, body: &BodyId) {
        self.by_body.remove(body);
        self.givers.remove(body);
    }

    /// Both together; no body is in both.
    pub fn merged_with(self: &Arc<Self>, other: &Arc<Self>) -> Arc<Self> {
        if other.is_empty() {
            return Arc::clone(self);
        }
        let mut merged = Self::clone(self);
        merged.givers.extend(other.givers.iter().cloned());
        merged.by_body.extend(
            other
                .by_body
                .iter()
                .map(|(body, facts)| (body.clone(), facts.clone())),
        );
        Arc::new(merged)
    }

    pub fn is_empty(&self) -> bool {
        self.by_body.is_empty()
    }

    /// The bodies that have been followed, as known at some time.
    pub fn bodies(&self) -> impl Iterator<Item = &BodyId> {
        self.by_body.keys()
    }

    pub fn contains(&self, body: &BodyId) -> bool {
        self.by_body.contains_key(body)
    }

    /// The succession of a body in everything, if it is no more by that day.
    pub fn of(&self, body: &BodyId, day: Date) -> Option<&Fact<BodySucceeded>> {
        self.by_body.get(body)?.whole.at(day)
    }

    /// The succession by which others are in the place of a body by that day, in a subject;
    /// `None` if it is itself, or again.
    pub fn of_in(
        &self,
        subject: &SubjectId,
        body: &BodyId,
        day: Date,
    ) -> Option<&Fact<BodySucceeded>> {
        let first = self.next(subject, body, None, day)?;
        let is_back = self.holders(subject, body, day).contains(&body);
        (!is_back).then_some(first)
    }

    /// The first succession of a body in a subject after a point in the order, and by that
    /// day.
    fn next(
        &self,
        subject: &SubjectId,
        body: &BodyId,
        after: Option<EffectiveOrder>,
        day: Date,
    ) -> Option<&Fact<BodySucceeded>> {
        let of_body = self.by_body.get(body)?;
        let passed = of_body.passed.by(day).filter(|fact| fact.concerns(subject));
        let mut all = passed.chain(of_body.whole.by(day));
        // A place that it gave away before it ended is no longer its own then.
        all.find(|fact| Some(fact.effective_order()) > after)
    }

    /// Every succession, with the body that is no more or gave a part away.
    pub fn iter(&self) -> impl Iterator<Item = (&BodyId, &Fact<BodySucceeded>)> {
        let all = self.by_body.iter();
        all.flat_map(|(body, of_body)| {
            let facts = of_body.passed.iter().chain(of_body.whole.iter());
            facts.map(move |fact| (body, fact))
        })
    }

    /// The end, by a day, of the body in whose place a subject is: its succession in
    /// everything. `None` while it goes on, or if several have its place.
    pub fn end_of<'a>(
        &'a self,
        subject: &SubjectId,
        body: &'a BodyId,
        day: Date,
    ) -> Option<(&'a BodyId, &'a Fact<BodySucceeded>)> {
        let (mut body, mut after) = (body, None);
        loop {
            let fact = self.next(subject, body, after, day)?;
            if fact.scope.is_none() {
                return Some((body, fact));
            }
            let heirs = fact.heirs(subject);
            let [heir] = heirs.as_slice() else {
                return None;
            };
            (body, after) = (*heir, Some(fact.effective_order()));
        }
    }

    /// The capacities that have passed to a body from others that went on.
    pub fn capacities_of(&self, heir: &BodyId) -> Facts<BodySucceeded> {
        let mut passed = Facts::default();
        let givers = self
            .givers
            .iter()
            .filter_map(|giver| self.by_body.get(giver));
        for fact in givers.flat_map(|of_body| of_body.passed.iter()) {
            let has_capacities = fact.scope.iter().any(|scope| !scope.capacities.is_empty());
            if has_capacities && fact.named().any(|named| named == heir) {
                passed.insert(fact.clone());
            }
        }
        passed
    }

    /// The succession by which `heir` came into the place of `body` by that day, in what the
    /// subject is about.
    pub fn succession_to<'a>(
        &'a self,
        subject: &SubjectId,
        body: &'a BodyId,
        heir: &BodyId,
        day: Date,
    ) -> Option<&'a Fact<BodySucceeded>> {
        let mut chain = self.chain(subject, body, day).into_iter();
        chain.find(|(holder, _)| *holder == heir)?.1
    }

    /// Whether one of two bodies is the other, or in its place by that day.
    pub fn are_one(&self, subject: &SubjectId, one: &BodyId, other: &BodyId, day: Date) -> bool {
        one == other || {
            let others = self.holders(subject, other, day);
            let mut own = self.holders(subject, one, day).into_iter();
            own.any(|holder| others.contains(&holder))
        }
    }

    /// The bodies in the place of `body` by that day, in what the subject is about: the
    /// body itself, or the last of its heirs.
    pub fn holders<'a>(
        &'a self,
        subject: &SubjectId,
        body: &'a BodyId,
        day: Date,
    ) -> Vec<&'a BodyId> {
        // Nearly every body of nearly every register: asked for each seat and party.
        if !self.contains(body) {
            return vec![body];
        }
        let chain = self.chain(subject, body, day).into_iter();
        chain.map(|(holder, _)| holder).collect()
    }

    /// The bodies in the place of `body`, each with the last succession that brought it there.
    /// A place that passed on may come back: each succession is later than the one before.
    fn chain<'a>(
        &'a self,
        subject: &SubjectId,
        body: &'a BodyId,
        day: Date,
    ) -> Vec<(&'a BodyId, Option<&'a Fact<BodySucceeded>>)> {
        let mut holders: Vec<(&BodyId, Option<&Fact<BodySucceeded>>)> = vec![(body, None)];
        loop {
            let mut has_passed = false;
            let mut seen = BTreeSet::new();
            let mut heirs = Vec::new();
            for (holder, by) in holders {
                let after = by.map(Fact::effective_order);
                match self.next(subject, holder, after, day) {
                    Some(fact) => {
                        has_passed = true;
                        let all = fact.heirs(subject).into_iter();
                        heirs.extend(all.map(|heir| (heir, Some(fact))));
                    }
                    None => heirs.push((holder, by)),
                }
            }
            heirs.retain(|(heir, _)| seen.insert(*heir));
            holders = heirs;
            if !has_passed {
                return holders;
            }
        }
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

    /// Whether one of two bodies is the other, or in its place by that day.
    pub fn are_one(&self, one: &BodyId, other: &BodyId, day: Date) -> bool {
        self.successions.are_one(&self.id, one, other, day)
    }

    /// The succession by which `heir` came into the place of `body` by that day.
    pub fn succession_to<'a>(
        &'a self,
        body: &'a BodyId,
        heir: &BodyId,
        day: Date,
    ) -> Option<&'a Fact<BodySucceeded>> {
        self.successions.succession_to(&self.id, body, heir, day)
    }

    /// Those who take the place of a body by one succession.
    pub fn heirs<'a>(&self, succeeded: &'a BodySucceeded) -> Vec<&'a BodyId> {
        succeeded.heirs(&self.id)
    }

    /// The successions that are about a place in the subject, each with the body that is no
    /// more there.
    pub fn concerning(&self) -> impl Iterator<Item = (&BodyId, &Fact<BodySucceeded>)> {
        let all = self.successions.iter();
        all.filter(|(_, fact)| fact.concerns(&self.id))
    }

    /// The succession by which others are in the place of a body by that day.
    pub fn of(&self, body: &BodyId, day: Date) -> Option<&Fact<BodySucceeded>> {
        self.successions.of_in(&self.id, body, day)
    }

    /// Whether a body goes on by that day, whatever it gave away.
    fn goes_on(&self, body: &BodyId, day: Date) -> bool {
        self.successions.of(body, day).is_none()
    }

    /// The bodies that an entry of that day means where it names `body`: the body itself,
    /// or, if it is no more, those in its place.
    pub fn meant<'a>(&'a self, body: &'a BodyId, day: Date) -> Vec<&'a BodyId> {
        match self.goes_on(body, day) {
            true => vec![body],
            false => self.holders(body, day),
        }
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
