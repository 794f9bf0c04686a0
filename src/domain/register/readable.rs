//! The register as one clearance may read it: folded from the entries that it covers, and
//! from no other. So nothing that is withheld can be in an answer, in whatever way it is
//! computed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Register;
use super::reach::Reach;
use crate::clearance::Clearance;
use crate::effective_entries::CorrectionTargets;
use crate::entry::Entry;
use crate::event::{Kind, ProtectiveMarking};
use crate::ids::{EventId, Position, ProposalId, SubjectId};
use crate::subject_record::SubjectRecord;

/// How much of a subject may be read.
enum Readable {
    /// Every entry up to this marking.
    UpTo(ProtectiveMarking),
    /// Of a body: who it is, up to this marking, for the names of bodies are in every
    /// agreement.
    Names(ProtectiveMarking),
    Nothing,
}

impl Register {
    /// The register without what a clearance does not cover. Positions, revisions and the
    /// tail stay as they are.
    #[must_use]
    pub fn readable_by(&self, clearance: &Clearance) -> Self {
        let mut register = self.clone();
        if clearance.is_whole() {
            return register;
        }
        let scopes = clearance.scopes();
        let reach =
            scopes.map(|(marking, scope)| (marking, Reach::of(self, scope, clearance.day())));
        let mut changed = BTreeSet::new();
        let mut lost_events = Vec::<EventId>::new();
        for (id, record) in &self.subjects {
            if *id == SubjectId::Register && clearance.has_mandates() {
                continue;
            }
            let Some(kept) = kept_entries(record, &readable(id, &reach)) else {
                continue;
            };
            let is_kept = |entry: &Entry| {
                let found = kept.binary_search_by(|one| one.position.cmp(&entry.position));
                found.is_ok()
            };
            let lost = record.history().iter().filter(|entry| !is_kept(entry));
            lost_events.extend(lost.filter_map(|entry| entry.event.event_id));
            changed.insert(id);
            if kept.is_empty() {
                register.subjects.remove(id);
            } else {
                let record = Arc::new(SubjectRecord::of_entries(id, kept));
                register.subjects.insert(id.clone(), record);
            }
        }
        register.withholds = !changed.is_empty();
        for id in lost_events {
            register.events.remove(&id);
        }
        register.forget_proposals(&changed);
        for id in changed {
            if let SubjectId::Body(body) = id
                && register.successions.contains(body)
            {
                Arc::make_mut(&mut register.successions).forget(body);
                register.note_succession(id);
            }
        }
        register
    }

    /// Whether it leaves out entries that its reader may not read.
    pub const fn withholds(&self) -> bool {
        self.withholds
    }

    /// Forgets the proposals of subjects that do not have them any more.
    fn forget_proposals(&mut self, changed: &BTreeSet<&SubjectId>) {
        let has = |subject: &SubjectId, id: ProposalId| {
            let record = self.subjects.get(subject);
            record.is_some_and(|record| record.subject().dossier.proposals.contains_key(&id))
        };
        let lost = self
            .proposals
            .iter()
            .filter(|(id, subject)| changed.contains(subject) && !has(subject, **id));
        let lost: Vec<ProposalId> = lost.map(|(id, _)| *id).collect();
        for id in lost {
            self.proposals.remove(&id);
        }
    }
}

/// How much of a subject may be read, by the reach of each marking from the lowest up.
fn readable(id: &SubjectId, reach: &[(ProtectiveMarking, Reach); 3]) -> Readable {
    let highest = reach.iter().rev().find(|(_, reach)| reach.has(id));
    if let Some((marking, _)) = highest {
        return Readable::UpTo(*marking);
    }
    let names = reach.iter().rev().find(|(_, reach)| !reach.is_empty());
    match (id, names) {
        (SubjectId::Body(_), Some((marking, _))) => {
            Readable::Names((*marking).min(ProtectiveMarking::Official))
        }
        _ => Readable::Nothing,
    }
}

/// The entries of a record that may be read, in order; `None` for all of them.
fn kept_entries(record: &SubjectRecord, readable: &Readable) -> Option<Vec<Arc<Entry>>> {
    let markings = record.markings();
    let up_to = match readable {
        Readable::Nothing => return Some(Vec::new()),
        Readable::UpTo(marking) if !markings.exceeds(*marking) => return None,
        Readable::UpTo(marking) | Readable::Names(marking) => *marking,
    };
    let readable_entries = record.history().iter();
    let readable_entries =
        readable_entries.filter(|entry| markings.of_entry(entry.position) <= up_to);
    if let Readable::UpTo(_) = readable {
        return Some(readable_entries.cloned().collect());
    }
    let targets = CorrectionTargets::new(record.history());
    let mut kept = Vec::<Arc<Entry>>::new();
    for entry in readable_entries {
        let names = match &entry.event.kind {
            Kind::EntryCorrected(correction) => {
                let is_kept = |target: &Position| kept.iter().any(|one| one.position == *target);
                targets
                    .position(correction.target)
                    .is_some_and(|target| is_kept(&target))
            }
            kind => says_who(kind),
        };
        if names {
            kept.push(Arc::clone(entry));
        }
    }
    (kept.len() < record.history().len()).then_some(kept)
}

/// Whether an event says who a body is.
const fn says_who(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::BodyRegistered(_)
            | Kind::BodyRenamed(_)
            | Kind::BodySucceeded(_)
            | Kind::OfficeRenamed(_)
            | Kind::CapacityGained(_)
            | Kind::CapacityLost(_)
            | Kind::IdentifierAdded(_)
            | Kind::AliasAdded(_)
    )
}
