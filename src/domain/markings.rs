//! The protective markings of the entries of a subject.
//!
//! An event that states no marking has that of the things it is about: a vote that of its
//! proposal, a signature that of its instrument, everything that of the entry which founded
//! its subject. It is never less protected than these, or a reader would see an approval
//! whose proposal is withheld. A proposal is protected as the most protected of its votes and
//! decisions, and an instrument as the most protected of its signatures, or that reader would
//! see an act that looks as if nobody had agreed, or an agreement that looks unsigned. An entry
//! and its corrections share one marking, the one that was stated last: so a correction can
//! protect, or publish, what was recorded before.

mod things;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use imbl::Vector;
use uuid::Uuid;

use self::things::{Thing, things};
use super::effective_entries::CorrectionTargets;
use super::entry::Entry;
use super::event::{Event, Kind, ProtectiveMarking};
use super::ids::{Position, RequestId};

/// The entries of one subject that are marked.
#[derive(Clone, Debug, Default)]
pub struct Markings(BTreeMap<Position, ProtectiveMarking>);

impl Markings {
    /// The markings of all entries of a subject, given in the order of the log.
    pub fn of(history: &Vector<Arc<Entry>>) -> Self {
        if !history.iter().any(|entry| Self::may_mark(&entry.event)) {
            return Self::default();
        }
        let roots = roots(history);
        let root_of = |entry: &Entry| {
            let root = roots.get(&entry.position).copied();
            root.unwrap_or(entry.position)
        };
        let mut stated = HashMap::<Position, ProtectiveMarking>::new();
        for entry in history {
            if let Some(marking) = stated_marking(&entry.event) {
                stated.insert(root_of(entry), marking);
            }
        }
        let founding = history.front().map(|entry| entry.position);
        let founded_as = founding.and_then(|founding| stated.get(&founding)).copied();
        let mut of_root = HashMap::<Position, ProtectiveMarking>::new();
        let mut of_thing = HashMap::<Thing, ProtectiveMarking>::new();
        // Twice: a vote protects the proposal before it, and what rests on that.
        for entry in history.iter().chain(history) {
            let root = root_of(entry);
            let mut marking = of_root.get(&root).copied().unwrap_or_default();
            marking = marking.max(stated.get(&root).copied().unwrap_or_default());
            marking = marking.max(founded_as.unwrap_or_default());
            let mut opened = Vec::new();
            for event in contents(&entry.event) {
                let named = things(event);
                for thing in named.opened.iter().chain(&named.about) {
                    marking = marking.max(of_thing.get(thing).copied().unwrap_or_default());
                }
                opened.extend(named.opened);
            }
            for thing in opened {
                // A proposal without one of its votes would look as if it had failed, and an
                // instrument without one of its signatures as if it awaited it.
                let is_agreed_by_this = match &thing {
                    Thing::Proposal(_) => true,
                    Thing::Instrument(_) => contents(&entry.event)
                        .any(|event| matches!(event.kind, Kind::AgreementSigned(_))),
                    Thing::Service(_) | Thing::Item(..) => false,
                };
                let of_thing = of_thing.entry(thing).or_insert(marking);
                if is_agreed_by_this {
                    *of_thing = marking.max(*of_thing);
                }
            }
            of_root.insert(root, marking);
        }
        let marked = history.iter().filter_map(|entry| {
            let marking = of_root.get(&root_of(entry)).copied().unwrap_or_default();
            (marking > ProtectiveMarking::Unmarked).then_some((entry.position, marking))
        });
        Self(marked.collect())
    }

    /// The marking of what an event is about that would be recorded next, whatever it states
    /// itself. The history is that of its subject.
    pub fn of_next(history: &Vector<Arc<Entry>>, event: &Event) -> ProtectiveMarking {
        let Some(last) = history.last() else {
            return ProtectiveMarking::Unmarked;
        };
        if let Kind::MandateGranted(_) | Kind::MandateRevoked(_) = event.kind {
            return ProtectiveMarking::Unmarked;
        }
        let mut next = Entry::clone(last);
        next.position = last.position.next();
        // A correction may name an entry by its request: it must not find itself.
        next.request = RequestId::new(Uuid::nil());
        next.event = unstated(event);
        let position = next.position;
        let mut history = history.clone();
        history.push_back(Arc::new(next));
        Self::of(&history).of_entry(position)
    }

    /// Whether an event states that something is marked.
    pub fn may_mark(event: &Event) -> bool {
        stated_marking(event).is_some_and(|marking| marking > ProtectiveMarking::Unmarked)
    }

    pub fn of_entry(&self, position: Position) -> ProtectiveMarking {
        self.0.get(&position).copied().unwrap_or_default()
    }

    /// Whether any entry is protected more than readers up to a marking may read.
    pub fn exceeds(&self, readable: ProtectiveMarking) -> bool {
        self.0.values().any(|marking| *marking > readable)
    }
}

/// The marking that an event states: of a correction, its own, or that of the event that it
/// puts in the place of the wrong one. Who may say what is not for the public.
fn stated_marking(event: &Event) -> Option<ProtectiveMarking> {
    let replacement = match &event.kind {
        Kind::EntryCorrected(correction) => correction.replacement.as_ref(),
        Kind::MandateGranted(_) | Kind::MandateRevoked(_) => {
            return event.marking.max(Some(ProtectiveMarking::Official));
        }
        _ => None,
    };
    let replaced = replacement.and_then(|event| event.marking);
    event.marking.or(replaced)
}

/// An event without the marking that it states.
fn unstated(event: &Event) -> Event {
    let mut event = event.clone();
    event.marking = None;
    if let Kind::EntryCorrected(correction) = &mut event.kind {
        let correction = Arc::make_mut(correction);
        if let Some(replacement) = &mut correction.replacement {
            replacement.marking = None;
        }
    }
    event
}

/// The event, or the one that a correction puts in the place of another.
fn contents(event: &Event) -> impl Iterator<Item = &Event> {
    let replacement = match &event.kind {
        Kind::EntryCorrected(correction) => correction.replacement.as_ref(),
        _ => Some(event),
    };
    replacement.into_iter()
}

/// The entry that each correction is about in the end: that of a correction of a correction
/// is the one that both put right.
fn roots(history: &Vector<Arc<Entry>>) -> HashMap<Position, Position> {
    let targets = CorrectionTargets::new(history);
    let mut roots = HashMap::new();
    for entry in history {
        if let Kind::EntryCorrected(correction) = &entry.event.kind
            && let Some(target) = targets.position(correction.target)
        {
            let root = roots.get(&target).copied().unwrap_or(target);
            roots.insert(entry.position, root);
        }
    }
    roots
}
