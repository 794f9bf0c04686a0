//! What the register keeps of one subject: its entries and their fold, which may
//! be made only when somebody first asks for it.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use imbl::Vector;
use jiff::civil::Date;

use super::entry::Entry;
use super::event::Kind;
use super::fact::EffectiveEntry;
use super::ids::{Position, Revision, SubjectId};
use super::register::{effective_entries, fold};
use super::subject::Subject;
use super::subject_fold;

/// The entries of a subject, in the order of the log, that nobody has asked for yet.
/// They were recorded, so they can be read.
pub type LazyEntries = Box<dyn FnOnce() -> Vec<Arc<Entry>> + Send>;

/// What the register keeps of one subject.
pub struct SubjectRecord {
    folded: OnceLock<Folded>,
    /// Of what, and from what, it is folded when it is first asked for.
    lazy: Mutex<Option<(SubjectId, LazyEntries)>>,
}

#[derive(Clone, Debug)]
struct Folded {
    history: Vector<Arc<Entry>>,
    subject: Arc<Subject>,
    /// The latest first day of an entry, standing or not: by then, all that is
    /// recorded holds.
    settled_on: Date,
    /// The entries that say of themselves that they are breaches.
    acknowledged: Vector<Arc<Entry>>,
}

impl Folded {
    fn new(id: &SubjectId) -> Self {
        Self {
            history: Vector::new(),
            subject: Arc::new(Subject::new(id)),
            settled_on: Date::MIN,
            acknowledged: Vector::new(),
        }
    }

    /// Folds the next entry.
    fn append(&mut self, entry: Arc<Entry>) {
        self.settled_on = self.settled_on.max(entry.effective_on().first_day());
        self.history.push_back(Arc::clone(&entry));
        if entry.is_breach() {
            self.acknowledged.push_back(Arc::clone(&entry));
        }
        if let Kind::EntryCorrected(correction) = &entry.event.kind {
            if let Some(replacement) = &correction.replacement {
                let on = replacement.effective_on.map(|on| on.first_day());
                self.settled_on = self.settled_on.max(on.unwrap_or(entry.recorded_on));
            }
            let stands = effective_entries(&self.history, entry.position);
            self.subject = Arc::new(fold(&entry.event.subject, stands));
        } else {
            let order = entry.position;
            subject_fold::apply(
                Arc::make_mut(&mut self.subject),
                EffectiveEntry { entry, order },
            );
        }
    }
}

impl SubjectRecord {
    /// The record of a subject of which nothing is known yet.
    pub(super) fn new(id: &SubjectId) -> Self {
        Self {
            folded: Folded::new(id).into(),
            lazy: Mutex::default(),
        }
    }

    /// The record of a subject that is folded when somebody first asks for it.
    pub(super) fn lazy(id: &SubjectId, untold: LazyEntries) -> Self {
        Self {
            folded: OnceLock::new(),
            lazy: Mutex::new(Some((id.clone(), untold))),
        }
    }

    fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| {
            let untold = self.lazy.lock();
            let untold = untold.unwrap_or_else(PoisonError::into_inner).take();
            // It is gone only where reading it has panicked: what is there then must
            // not pass for all there is.
            let (id, untold) = untold.expect("entries that could be read when they were recorded");
            let mut told = Folded::new(&id);
            for entry in untold() {
                told.append(entry);
            }
            told
        })
    }

    /// To be changed: folded first, where it was not.
    fn folded_mut(&mut self) -> &mut Folded {
        self.folded();
        // `told` has just made it.
        self.folded.get_mut().expect("what was told")
    }

    /// Folds the next entry.
    pub(super) fn append(&mut self, entry: Arc<Entry>) {
        self.folded_mut().append(entry);
    }

    /// Folds an entry that stands, whatever its position.
    pub(super) fn apply_effective(&mut self, told: EffectiveEntry) {
        let record = self.folded_mut();
        record.history.push_back(Arc::clone(&told.entry));
        subject_fold::apply(Arc::make_mut(&mut record.subject), told);
    }

    /// Its entries, in the order of the log, whether they stand or not.
    pub fn history(&self) -> &Vector<Arc<Entry>> {
        &self.folded().history
    }

    /// The subject as all that is recorded has it, whatever its date.
    pub fn subject(&self) -> &Arc<Subject> {
        &self.folded().subject
    }

    /// The entries that say of themselves that they are breaches, whether they
    /// stand or not, in the order of the log.
    pub fn acknowledged(&self) -> &Vector<Arc<Entry>> {
        &self.folded().acknowledged
    }

    /// The day by which all that is recorded holds.
    pub fn settled_on(&self) -> Date {
        self.folded().settled_on
    }

    /// Its latest revision.
    pub fn revision(&self) -> Revision {
        self.history()
            .last()
            .map_or(Revision::ZERO, |entry| entry.revision)
    }

    /// The position of its latest entry.
    pub fn tail(&self) -> Position {
        self.history()
            .last()
            .map_or(Position::ZERO, |entry| entry.position)
    }

    /// How many of its entries were recorded by a position.
    pub fn known_by(&self, position: Position) -> usize {
        let at = self
            .history()
            .binary_search_by(|entry| entry.position.cmp(&position));
        at.map_or_else(|index| index, |index| index + 1)
    }

    /// Some of its entries, counted from 0, as if none were corrected.
    pub(super) fn effective_in(&self, range: Range<usize>) -> impl Iterator<Item = EffectiveEntry> {
        let history = self.history();
        let entries = range.filter_map(|index| history.get(index));
        entries.map(|entry| EffectiveEntry {
            order: entry.position,
            entry: Arc::clone(entry),
        })
    }

    /// Whether one of some of its entries is a correction.
    pub(super) fn corrects(&self, mut range: Range<usize>) -> bool {
        range.any(|index| {
            let entry = self.history().get(index);
            entry.is_some_and(|entry| matches!(entry.event.kind, Kind::EntryCorrected(_)))
        })
    }

    /// The entry at that position, if it is this subject's.
    pub fn entry(&self, position: Position) -> Option<&Arc<Entry>> {
        let history = self.history();
        let index = history
            .binary_search_by(|entry| entry.position.cmp(&position))
            .ok()?;
        history.get(index)
    }
}

impl Clone for SubjectRecord {
    fn clone(&self) -> Self {
        Self {
            folded: self.folded().clone().into(),
            lazy: Mutex::default(),
        }
    }
}

impl fmt::Debug for SubjectRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.folded().fmt(f)
    }
}
