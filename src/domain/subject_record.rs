//! The record of one subject: its entries and their fold, which may be made only on
//! first use.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use imbl::Vector;
use jiff::civil::Date;

use super::effective_entries::effective_entries;
use super::entry::Entry;
use super::event::Kind;
use super::fact::EffectiveEntry;
use super::ids::{Position, Revision, SubjectId};
use super::markings::Markings;
use super::subject::Subject;
use super::subject_fold;

/// Reads the entries of a subject, in the order of the log. They were recorded, so
/// they can be read.
pub type LazyEntries = Box<dyn FnOnce() -> Vec<Arc<Entry>> + Send>;

/// The entries of one subject, and their fold.
pub struct SubjectRecord {
    folded: OnceLock<Folded>,
    /// The subject and its entries, until they are folded on first use.
    lazy: Mutex<Option<(SubjectId, LazyEntries)>>,
}

#[derive(Clone, Debug)]
struct Folded {
    history: Vector<Arc<Entry>>,
    subject: Arc<Subject>,
    /// The latest first day of any entry, in effect or not: every entry holds by then.
    settled_on: Date,
    /// The entries that acknowledge a breach.
    breach_entries: Vector<Arc<Entry>>,
    /// Found on first use, and again after the next entry.
    markings: OnceLock<Markings>,
}

impl Folded {
    fn new(id: &SubjectId) -> Self {
        Self {
            history: Vector::new(),
            subject: Arc::new(Subject::new(id)),
            settled_on: Date::MIN,
            breach_entries: Vector::new(),
            markings: OnceLock::new(),
        }
    }

    /// Adds and folds the next entry.
    fn append(&mut self, entry: Arc<Entry>) {
        self.keep(&entry);
        if matches!(entry.event.kind, Kind::EntryCorrected(_)) {
            self.refold(&entry.event.subject);
        } else {
            subject_fold::apply(
                Arc::make_mut(&mut self.subject),
                EffectiveEntry::uncorrected(entry),
            );
        }
    }

    /// Adds the next entries, and folds the subject once, however many of them are
    /// corrections.
    fn append_all(&mut self, id: &SubjectId, entries: Vec<Arc<Entry>>) {
        for entry in entries {
            self.keep(&entry);
        }
        self.refold(id);
    }

    /// Adds the next entry without folding it.
    fn keep(&mut self, entry: &Arc<Entry>) {
        self.settled_on = self.settled_on.max(entry.effective_on().first_day());
        self.history.push_back(Arc::clone(entry));
        self.markings = OnceLock::new();
        if entry.acknowledges_breach() {
            self.breach_entries.push_back(Arc::clone(entry));
        }
        if let Kind::EntryCorrected(correction) = &entry.event.kind
            && let Some(replacement) = &correction.replacement
        {
            let on = replacement.effective_on.map(|on| on.first_day());
            self.settled_on = self.settled_on.max(on.unwrap_or(entry.recorded_on));
        }
    }

    /// Folds every entry in effect again.
    fn refold(&mut self, id: &SubjectId) {
        let last = self.history.last().map(|entry| entry.position);
        let entries = effective_entries(&self.history, last.unwrap_or_default());
        self.subject = Arc::new(subject_fold::fold(id, entries));
    }
}

impl SubjectRecord {
    /// The record of a subject without entries.
    pub(super) fn new(id: &SubjectId) -> Self {
        Self {
            folded: Folded::new(id).into(),
            lazy: Mutex::default(),
        }
    }

    /// The record of a subject whose entries are read and folded on first use.
    pub(super) fn lazy(id: &SubjectId, entries: LazyEntries) -> Self {
        Self {
            folded: OnceLock::new(),
            lazy: Mutex::new(Some((id.clone(), entries))),
        }
    }

    /// The record of a subject with these entries.
    pub(super) fn of_entries(id: &SubjectId, entries: Vec<Arc<Entry>>) -> Self {
        let mut record = Self::new(id);
        record.append_all(id, entries);
        record
    }

    fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| {
            let lazy = self.lazy.lock();
            let lazy = lazy.unwrap_or_else(PoisonError::into_inner).take();
            // It is gone only if reading the entries has panicked: an incomplete fold
            // must not pass for a complete one.
            let (id, entries) = lazy.expect("entries that could be read when they were recorded");
            let mut folded = Folded::new(&id);
            folded.append_all(&id, entries());
            folded
        })
    }

    fn folded_mut(&mut self) -> &mut Folded {
        self.folded();
        // `folded` has just made it.
        self.folded.get_mut().expect("the fold")
    }

    /// Adds and folds the next entry.
    pub(super) fn append(&mut self, entry: Arc<Entry>) {
        self.folded_mut().append(entry);
    }

    /// Adds the next entries, and folds the subject once.
    pub(super) fn append_all(&mut self, id: &SubjectId, entries: Vec<Arc<Entry>>) {
        self.folded_mut().append_all(id, entries);
    }

    /// Adds and folds an effective entry, whatever its position.
    pub(super) fn apply_effective(&mut self, entry: EffectiveEntry) {
        let record = self.folded_mut();
        record.history.push_back(Arc::clone(&entry.entry));
        subject_fold::apply(Arc::make_mut(&mut record.subject), entry);
    }

    /// Its entries, in effect or not, in the order of the log.
    pub fn history(&self) -> &Vector<Arc<Entry>> {
        &self.folded().history
    }

    /// The fold of all entries in effect, whatever their dates.
    pub fn subject(&self) -> &Arc<Subject> {
        &self.folded().subject
    }

    /// The entries that acknowledge a breach, in effect or not, in the order of the
    /// log.
    pub fn breach_entries(&self) -> &Vector<Arc<Entry>> {
        &self.folded().breach_entries
    }

    /// The protective markings of its entries.
    pub fn markings(&self) -> &Markings {
        let folded = self.folded();
        folded
            .markings
            .get_or_init(|| Markings::of(&folded.history))
    }

    /// The day by which every entry holds.
    pub fn settled_on(&self) -> Date {
        self.folded().settled_on
    }

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

    /// The number of its entries up to a position.
    pub fn count_known_by(&self, position: Position) -> usize {
        let at = self
            .history()
            .binary_search_by(|entry| entry.position.cmp(&position));
        at.map_or_else(|index| index, |index| index + 1)
    }

    /// The entries of a range of indexes, as if none were corrected.
    pub(super) fn uncorrected_in(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = EffectiveEntry> {
        let history = self.history();
        let entries = range.filter_map(|index| history.get(index));
        entries.map(|entry| EffectiveEntry::uncorrected(Arc::clone(entry)))
    }

    /// Whether a range of indexes has a correction.
    pub(super) fn corrects(&self, mut range: Range<usize>) -> bool {
        range.any(|index| {
            let entry = self.history().get(index);
            entry.is_some_and(|entry| matches!(entry.event.kind, Kind::EntryCorrected(_)))
        })
    }

    /// `None` if the entry at that position is about another subject.
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
