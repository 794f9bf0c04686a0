//! Register views: the register as in force on a day and as known at a position.
//! Every answer reads one.

mod board_days;
mod boards_with_rules;
mod later;
mod reference;
mod refolding;
mod subjects_at;
mod voided;

pub use self::board_days::BoardDays;
pub use self::boards_with_rules::BoardsWithRules;
pub use self::subjects_at::{BoardAt, BodyAt, CollaborationAt};

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::civil::Date;

use super::date::PartialDate;
use super::effective_entries::{corrected_by, effective_entries};
use super::entry::Entry;
use super::event::{Kind, ProtectiveMarking};
use super::fact::EffectiveEntry;
use super::ids::{Position, ProposalId, SubjectId};
use super::register::{Register, SubjectRecord};
use super::subject::Subject;
use super::succession::Successions;
use super::work;

/// The register on one day (valid time), with the knowledge of one position
/// (transaction time).
///
/// It has the entries that hold by that day and are in effect as known at that
/// position, and nothing else. If a subject has no later entry, its fold is the one
/// that the register keeps.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use minutebook_domain::ids::Position;
/// use minutebook_domain::register_view::RegisterView;
/// # use minutebook_domain::admit::{Context, admit};
/// # use minutebook_domain::append_command::AppendCommand;
/// # use minutebook_domain::caller::Caller;
/// # use minutebook_domain::event::{BodyKind, BodyRegistered, Event};
/// # use minutebook_domain::register::Register;
/// # use minutebook_domain::text::{Name, Text};
///
/// // Its one entry registers Northshire Council as of 1 April 2019.
/// # let registered = Event {
/// #     subject: "bodies/northshire-council".parse()?,
/// #     effective_on: Some("2019-04-01".parse()?),
/// #     decided_on: None,
/// #     acted_by: None,
/// #     authority: None,
/// #     sources: vec![],
/// #     note: Text::default(),
/// #     event_id: None,
/// #     currency: None,
/// #     marking: None,
/// #     effective_on_is: None,
/// #     kind: BodyRegistered {
/// #         name: Name::new("Northshire Council")?,
/// #         kind: BodyKind::Council,
/// #         force: None,
/// #         area: None,
/// #         identifiers: vec![],
/// #         capacities: vec![],
/// #     }
/// #     .into(),
/// # };
/// # let command = AppendCommand {
/// #     request: "0198c7a4-0f3e-7b62-9c1d-5d3f1f6f7a10".parse()?,
/// #     caller: Caller::Local,
/// #     recorded_by: Some(Name::new("Registrar")?),
/// #     events: vec![registered],
/// #     expected: vec![],
/// # };
/// # let context = Context::at("2026-11-27T10:00:00Z".parse()?);
/// # let admission = admit(&Register::default(), &command, &context).expect("it keeps every rule");
/// # let register = Arc::new(admission.register);
/// let council = "northshire-council".parse()?;
/// let is_known = |day: &str, known: u64| {
///     let (day, known) = (day.parse().expect("a date"), Position::new(known));
///     let view = RegisterView::new(Arc::clone(&register), day, known);
///     view.body(&council).is_some()
/// };
/// assert!(is_known("2019-04-01", 1));
/// assert!(!is_known("2019-03-31", 1), "it does not exist on that day");
/// assert!(!is_known("2019-04-01", 0), "its entry is not known at that position");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RegisterView {
    register: Arc<Register>,
    as_at: Date,
    known: Position,
    refolded: Arc<Mutex<Refolded>>,
    /// The successions of this day and knowledge.
    successions: OnceLock<Arc<Successions>>,
    /// The boards that have adopted approval rules: each act of a subject without rules of
    /// its own asks for them.
    boards_with_rules: OnceLock<Arc<BoardsWithRules>>,
    /// Every subject that has begun, if a view has asked for them all.
    all: OnceLock<Vec<(SubjectId, Arc<Subject>)>>,
    /// The days on which each board met.
    board_days: OnceLock<BoardDays>,
    /// The subjects that were read with the heirs of bodies that are no more, if a body is.
    followed: Mutex<HashMap<SubjectId, Arc<Subject>>>,
}

/// The subjects that were folded again for a day.
type Refolded = BTreeMap<SubjectId, Refold>;

#[derive(Debug)]
struct Refold {
    /// The number of entries that were known.
    known: usize,
    subject: Arc<Subject>,
}

/// An entry that was corrected.
pub struct CorrectedEntry {
    pub entry: Arc<Entry>,
    pub correction: Arc<Entry>,
}

/// An entry that one view shows and an earlier one does not.
pub struct NewEntry {
    pub entry: Arc<Entry>,
    /// Whether the earlier view knew the entry, and it has taken effect since.
    pub took_effect: bool,
}

impl RegisterView {
    /// The register as at a day, as known at a position.
    pub fn new(register: Arc<Register>, as_at: Date, known: Position) -> Self {
        let known = known.min(register.tail());
        Self {
            register,
            as_at,
            known,
            refolded: Arc::default(),
            successions: OnceLock::new(),
            boards_with_rules: OnceLock::new(),
            all: OnceLock::new(),
            board_days: OnceLock::new(),
            followed: Mutex::default(),
        }
    }

    /// The same day, as known at another position. A subject without new entries is
    /// not folded again; a subject with new entries, but no correction, is folded on
    /// from the earlier state.
    pub fn known_by(&self, known: Position) -> Self {
        Self {
            register: Arc::clone(&self.register),
            as_at: self.as_at,
            known: known.min(self.register.tail()),
            refolded: Arc::clone(&self.refolded),
            successions: OnceLock::new(),
            boards_with_rules: OnceLock::new(),
            all: OnceLock::new(),
            board_days: OnceLock::new(),
            followed: Mutex::default(),
        }
    }

    /// The same entries, with all that comes into force later.
    pub fn in_the_end(&self) -> Self {
        Self::new(Arc::clone(&self.register), Date::MAX, self.known)
    }

    pub const fn as_at(&self) -> Date {
        self.as_at
    }

    /// The last position that it knows.
    pub const fn known(&self) -> Position {
        self.known
    }

    /// `None` unless the subject has begun, or is a collaboration or board that older entries
    /// are about.
    pub fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        let record = self.register.record(id)?;
        let subject = self.fold(id, record);
        is_shown(&subject).then_some(subject)
    }

    /// The day on which a subject begins, as known now; `None` unless it is known by then.
    pub fn begins_on(&self, id: &SubjectId) -> Option<PartialDate> {
        self.known_record(id)?.subject().founded_on()
    }

    fn known_record(&self, id: &SubjectId) -> Option<&Arc<SubjectRecord>> {
        let record = self.register.record(id)?;
        let first = record.history().front()?;
        (first.position <= self.known).then_some(record)
    }

    /// The subject that a proposal is about, whether or not it has begun.
    pub fn proposal(&self, id: ProposalId) -> Option<SubjectId> {
        if let Some(subject) = self.register.proposal(id) {
            return Some(subject.clone());
        }
        // A proposal that was voided later is known only to a view before that.
        self.subjects()
            .find(|(_, subject)| subject.dossier.proposals.contains_key(&id))
            .map(|(id, _)| id.clone())
    }

    /// Every subject that has begun, or that older entries are about, by id.
    pub fn subjects(&self) -> impl Iterator<Item = (&SubjectId, Arc<Subject>)> {
        let all = get_or_compute(&self.all, || {
            let records = self.register.records();
            let folded = records.map(|(id, record)| (id.clone(), self.fold(id, record)));
            let shown = folded.filter(|(_, subject)| is_shown(subject));
            shown.collect()
        });
        all.iter().map(|(id, subject)| {
            work::step();
            (id, Arc::clone(subject))
        })
    }

    /// Every subject that has begun, or that older entries are about, by id; or only the one
    /// that is named.
    pub fn subjects_or(
        &self,
        only: Option<&SubjectId>,
    ) -> impl Iterator<Item = (&SubjectId, Arc<Subject>)> {
        let all = only.is_none().then(|| self.subjects());
        let named = only.and_then(|id| {
            let (id, record) = self.register.record_of(id)?;
            let subject = self.fold(id, record);
            is_shown(&subject).then_some((id, subject))
        });
        all.into_iter().flatten().chain(named)
    }

    /// The subjects with wanted ids that have begun. No other subject is folded.
    fn filter_subjects(
        &self,
        wanted: impl Fn(&SubjectId) -> bool + Copy,
    ) -> impl Iterator<Item = (&SubjectId, Arc<Subject>)> {
        let all = self.all.get().map(|_| self.subjects());
        let folded = all
            .into_iter()
            .flatten()
            .filter(move |(id, subject)| wanted(id) && subject.is_founded(self.as_at));
        let records = self.all.get().is_none().then(|| self.register.records());
        let records = records.into_iter().flatten();
        let records = records.filter(move |(id, _)| wanted(id));
        folded.chain(records.filter_map(|(id, record)| {
            let subject = self.fold(id, record);
            subject.is_founded(self.as_at).then_some((id, subject))
        }))
    }

    /// The name of a subject. One that begins later is named too, as a retrospective
    /// agreement of its names it.
    pub fn name(&self, id: &SubjectId) -> Option<String> {
        let record = self.register.record(id)?;
        // Its name does not depend on the bodies that others followed.
        let subject = self.fold_as_named(id, record);
        let name = subject.name();
        let name = name.or_else(|| self.known_record(id)?.subject().name());
        name.map(str::to_owned)
    }

    /// The protective marking of an entry of a subject.
    pub fn marking(&self, id: &SubjectId, position: Position) -> ProtectiveMarking {
        let record = self.register.record(id);
        let marking = record.map(|record| record.markings().of_entry(position));
        marking.unwrap_or_default()
    }

    /// The entries of a subject that are in effect and hold by this day, in the order in
    /// which they hold.
    pub fn in_effect(&self, id: &SubjectId) -> Vec<Arc<Entry>> {
        work::step();
        let record = self.register.record(id);
        let mut entries = record.map_or(Vec::new(), |record| self.holding(record));
        entries.sort_by_cached_key(EffectiveEntry::effective_order);
        entries
            .into_iter()
            .map(|effective| effective.entry)
            .collect()
    }

    /// The entries of a record that are in effect and hold by this day, in the order of the
    /// log: an item is folded before whatever is about it, even if that is dated to a month
    /// which begins before the item.
    fn holding(&self, record: &SubjectRecord) -> Vec<EffectiveEntry> {
        let mut entries = effective_entries(record.history(), self.known);
        entries.retain(|entry| self.has_come(entry));
        entries
    }

    fn has_come(&self, entry: &EffectiveEntry) -> bool {
        entry.effective_order().day <= self.as_at
    }

    /// The entries of a subject that are in effect and hold only after this day, in the
    /// order in which they will hold. Entries recorded after this day are left out.
    pub fn coming(&self, id: &SubjectId) -> Vec<Arc<Entry>> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        if record.settled_on() <= self.as_at {
            return Vec::new();
        }
        let mut coming: Vec<EffectiveEntry> = effective_entries(record.history(), self.known)
            .into_iter()
            .filter(|coming| {
                let recorded_on = coming.entry.recorded_on;
                coming.effective_order().day > self.as_at && recorded_on <= self.as_at
            })
            .collect();
        coming.sort_by_cached_key(EffectiveEntry::effective_order);
        coming.into_iter().map(|coming| coming.entry).collect()
    }

    /// The entries of a subject that acknowledged a breach, held by this day, and were
    /// corrected later.
    pub fn corrected_breaches(&self, id: &SubjectId) -> Vec<CorrectedEntry> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        let breaches = record.breach_entries().iter();
        let breaches = breaches.filter(|entry| {
            entry.position <= self.known && entry.effective_on().first_day() <= self.as_at
        });
        breaches
            .filter_map(|entry| {
                let by = corrected_by(record.history(), entry.position, self.known)?;
                Some(CorrectedEntry {
                    entry: Arc::clone(entry),
                    correction: Arc::clone(record.entry(by)?),
                })
            })
            .collect()
    }

    /// The corrections of a subject that acknowledge a breach, hold by this day, and are
    /// not corrected themselves.
    pub fn acknowledged_corrections(&self, id: &SubjectId) -> Vec<Arc<Entry>> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        let breaches = record.breach_entries().iter();
        let corrections = breaches.filter(|entry| {
            matches!(entry.event.kind, Kind::EntryCorrected(_))
                && entry.position <= self.known
                && entry.effective_on().first_day() <= self.as_at
                && corrected_by(record.history(), entry.position, self.known).is_none()
        });
        corrections.cloned().collect()
    }

    /// The entries of a subject that an earlier view does not know, and those that it
    /// knows and that took effect since, in the order of their positions.
    pub fn since(&self, earlier: &Self, id: &SubjectId) -> Vec<NewEntry> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        let (then, now) = (
            record.count_known_by(earlier.known),
            record.count_known_by(self.known),
        );
        let effective = effective_entries(record.history(), self.known).into_iter();
        let took_effect = effective.filter(|effective| {
            let (day, position) = (effective.effective_order().day, effective.entry.position);
            position <= earlier.known && earlier.as_at < day && day <= self.as_at
        });
        let took_effect = took_effect.map(|effective| NewEntry {
            entry: effective.entry,
            took_effect: true,
        });
        let recorded = (then..now).filter_map(|index| record.history().get(index).cloned());
        let recorded = recorded.map(|entry| NewEntry {
            entry,
            took_effect: false,
        });
        let mut all: Vec<NewEntry> = took_effect.chain(recorded).collect();
        all.sort_by_cached_key(|new| new.entry.position);
        all
    }

    /// The successions of this day and knowledge.
    pub fn successions(&self) -> &Arc<Successions> {
        get_or_compute(&self.successions, || {
            let recorded = self.register.successions();
            if recorded.is_empty() {
                return Arc::clone(recorded);
            }
            let mut successions = Successions::default();
            for body in recorded.bodies() {
                let id = SubjectId::Body(body.clone());
                let record = self.register.record(&id);
                let subject = record.map(|record| self.fold_as_named(&id, record));
                if let Some(body_at) = subject.as_deref().and_then(Subject::as_body) {
                    successions.note(body, body_at);
                }
            }
            Arc::new(successions)
        })
    }

    /// The state of a subject, with heirs in the place of the bodies that are no more.
    fn fold(&self, id: &SubjectId, record: &SubjectRecord) -> Arc<Subject> {
        let subject = self.fold_as_named(id, record);
        let successions = self.successions();
        if successions.is_empty() {
            return subject;
        }
        if let Some(followed) = self.followed().get(id) {
            return Arc::clone(followed);
        }
        let followed = subject.follow(id, successions);
        self.followed().insert(id.clone(), Arc::clone(&followed));
        followed
    }

    fn followed(&self) -> MutexGuard<'_, HashMap<SubjectId, Arc<Subject>>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a subject is shown: its founding entry is folded once it has begun, or once older
/// entries are about it.
fn is_shown(subject: &Subject) -> bool {
    subject.founded_on().is_some()
}

/// The value of a cell, computed the first time. Several threads may compute it at once: a
/// thread that computes may have to wait for its next turn, so no other thread, which has
/// that turn, may wait for it.
fn get_or_compute<T>(cell: &OnceLock<T>, compute: impl FnOnce() -> T) -> &T {
    if let Some(value) = cell.get() {
        return value;
    }
    let value = compute();
    cell.get_or_init(|| value)
}
