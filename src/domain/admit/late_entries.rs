//! Late entries: recorded now, and in force before entries that are on record.
//!
//! An entry is judged on its own date, and so finds nothing wrong with what comes after it:
//! a notice could be revoked on which somebody left long ago. So an entry that changes who
//! is there, or what binds them, is put in its place, and the entries after it are judged
//! again. One that is admissible without the late entry, and not with it, contradicts it.
//!
//! A request is judged as a whole, after its last event: it may bring the late entry and
//! the corrections that go with it. An entry dated at or after everything that its subject
//! has costs nothing here; late ones cost one fold of each subject that they touch.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::budget_heads::is_about_heads;
use super::event_check::FINDINGS_MAX;
use super::judge::{is_end, rejudge};
use crate::date::PartialDate;
use crate::effective_entries::effective_entries;
use crate::entry::Entry;
use crate::event::Kind;
use crate::fact::EffectiveEntry;
use crate::fault::Fault;
use crate::ids::{BoardId, Position, SubjectId};
use crate::register::{Register, SubjectRecord};
use crate::subject::Subject;

/// The most late entries of one request that are left out, one by one, to find which of
/// them contradicts an entry.
const SUSPECTS_MAX: usize = 16;

/// A late entry that contradicts one in force after it.
#[derive(Debug)]
pub struct LateFault {
    /// The position of the late entry.
    pub late: Position,
    pub fault: Fault,
}

impl LateFault {
    /// The field at fault: its date puts the late entry before the other.
    pub const FIELD: &'static str = "effective_on";
}

/// Whether an entry may be late. The register may have it, or not yet.
pub(super) fn may_be_late(register: &Register, entry: &Entry) -> bool {
    let day = entry.effective_on().first_day();
    let subject = &entry.event.subject;
    let is_followed = |record: &Arc<SubjectRecord>| record.settled_on() > day;
    is_ground(&entry.event.kind)
        && (register.record(subject).is_some_and(is_followed) || bears_elsewhere(entry))
}

/// Whether later entries can rest on the opposite: it changes parties, services, seats,
/// instruments, notices or mandates. Proposals, votes and decisions that are recorded late
/// are no such ground, nor are approval rules, money and successions: views show what
/// became of the rest.
const fn is_ground(kind: &Kind) -> bool {
    match kind {
        Kind::BudgetApproved(_) | Kind::FundingFormulaSet(_) => false,
        Kind::DirectionIssued(_)
        | Kind::InstrumentSuperseded(_)
        | Kind::InstrumentEnded(_)
        | Kind::ChairAppointed(_)
        | Kind::BoardMembershipChanged(_)
        | Kind::StandingOrdersAdopted(_)
        | Kind::BoardEnded(_)
        | Kind::BoardCollaborationsChanged(_)
        | Kind::CapacityLost(_) => true,
        kind => kind.changes_collaboration(),
    }
}

/// Whether entries of other subjects may rest on the opposite of an entry that is not of
/// the day on which it is recorded: nobody has voted or signed after that day.
fn bears_elsewhere(entry: &Entry) -> bool {
    matches!(
        entry.event.kind,
        Kind::BoardMembershipChanged(_)
            | Kind::StandingOrdersAdopted(_)
            | Kind::BoardEnded(_)
            | Kind::CapacityLost(_)
    ) && entry.effective_on().first_day() < entry.recorded_on
}

/// The late entries of a request that contradict entries in force after them, one for each
/// of these. The register has all entries of the request.
pub fn contradictions(register: &Register, request: &[Arc<Entry>]) -> Vec<LateFault> {
    let late = request.iter().filter(|entry| may_be_late(register, entry));
    let late: Vec<&Arc<Entry>> = late.collect();
    let mut found = Vec::new();
    let subjects: BTreeSet<&SubjectId> = late.iter().map(|entry| &entry.event.subject).collect();
    for id in subjects {
        let Some(record) = register.record(id) else {
            continue;
        };
        let of_it = late.iter().filter(|entry| entry.event.subject == *id);
        let of_it: BTreeSet<Position> = of_it.map(|entry| entry.position).collect();
        let placed = Placed::new(register, record, &of_it);
        placed.check_own(register, id, &mut found);
        placed.check_others(register, id, &mut found);
    }
    found.sort_by_key(|found| found.late);
    found.truncate(FINDINGS_MAX);
    found
}

/// The entries of a subject that are in effect, with the late ones in their places.
struct Placed {
    /// The late entries that are in effect, in the order in which they hold.
    late: Vec<EffectiveEntry>,
    /// The entries in force before the first of them, in the order of the log.
    before: Vec<EffectiveEntry>,
    /// The first of them, and all that is in force after it, in the order in which it holds.
    after: Vec<EffectiveEntry>,
}

/// An entry that would have been refused.
struct Refused {
    entry: EffectiveEntry,
    fault: Fault,
}

impl Refused {
    const fn position(&self) -> Position {
        self.entry.original_position
    }
}

impl Placed {
    fn new(register: &Register, record: &SubjectRecord, late: &BTreeSet<Position>) -> Self {
        let entries = effective_entries(record.history(), register.tail());
        let is_late = |entry: &EffectiveEntry| late.contains(&entry.original_position);
        let mut late: Vec<_> = entries.iter().filter(|one| is_late(one)).cloned().collect();
        late.sort_by_key(EffectiveEntry::effective_order);
        let first = late.first().map(EffectiveEntry::effective_order);
        // An agreement may be older than the subject that is founded on it.
        let founding = entries.first().map(|founding| founding.original_position);
        let (before, mut after): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| {
            first.is_none_or(|first| entry.effective_order() < first)
                || Some(entry.original_position) == founding
        });
        // Others that were late once have their places too.
        after.sort_by_cached_key(|entry| {
            let order = entry.effective_order();
            (order.day, is_end(&entry.entry.event.kind), order.position)
        });
        Self {
            late,
            before,
            after,
        }
    }

    fn is_late(&self, entry: &EffectiveEntry) -> bool {
        let mut late = self.late.iter();
        late.any(|late| late.original_position == entry.original_position)
    }

    /// Judges the entries of the subject itself.
    fn check_own(&self, register: &Register, id: &SubjectId, found: &mut Vec<LateFault>) {
        if self.after.len() < 2 {
            return;
        }
        let mut base = register.excluding(id);
        for entry in &self.before {
            base.apply_effective(entry.clone());
        }
        // Nothing is before the first that could contradict it.
        let first = self.after.first().map(|first| first.original_position);
        let is_judged = |entry: &EffectiveEntry| Some(entry.original_position) != first;
        let contradicted = refused(&base, &self.after, is_judged);
        if contradicted.is_empty() {
            return;
        }
        let known = |is_left_out: &dyn Fn(&EffectiveEntry) -> bool| -> BTreeSet<Position> {
            let entries = self.after.iter().filter(|entry| !is_left_out(entry));
            let entries: Vec<EffectiveEntry> = entries.cloned().collect();
            let refused = refused(&base, &entries, |_| true).into_iter();
            refused.map(|refused| refused.position()).collect()
        };
        let without_any = known(&|entry| self.is_late(entry));
        let mut without_one = BTreeMap::<Position, BTreeSet<Position>>::new();
        for refused in contradicted {
            let order = refused.entry.effective_order();
            let before = self.late.iter().rev();
            let before = before.filter(|late| late.effective_order() < order);
            let suspects: Vec<Position> = before
                .map(|late| late.original_position)
                .take(SUSPECTS_MAX)
                .collect();
            let is_late = self.is_late(&refused.entry);
            let late = match suspects.as_slice() {
                [only] if !is_late && !without_any.contains(&refused.position()) => Some(*only),
                several => several.iter().copied().find(|suspect| {
                    let without = without_one.entry(*suspect);
                    let without = without
                        .or_insert_with(|| known(&|entry| entry.original_position == *suspect));
                    !without.contains(&refused.position())
                }),
            };
            // It is refused without them too, or rests on them, and no one of them is the
            // cause: in the order of the log it was admissible.
            if late.is_none() && without_any.contains(&refused.position()) {
                continue;
            }
            // A late entry that is refused whichever other is left out was put before what
            // it is about: both are dated to the same month or year.
            let late = late.or_else(|| suspects.first().copied().filter(|_| !is_late));
            report(found, late, &refused);
        }
    }

    /// Judges the entries of other subjects that rest on this one.
    fn check_others(&self, register: &Register, id: &SubjectId, found: &mut Vec<LateFault>) {
        let late = self.late.iter().filter(|late| bears_elsewhere(&late.entry));
        let late: Vec<&EffectiveEntry> = late.collect();
        let Some(first) = late.first().map(|first| first.effective_order().day) else {
            return;
        };
        // After its end a board is named by nothing at all.
        let mut kinds = late.iter().map(|late| &late.entry.event.kind);
        let is_end = kinds.any(|kind| matches!(kind, Kind::BoardEnded(_)));
        let before = LazyCell::new(|| {
            let mut before = register.excluding(id);
            let mut entries: Vec<_> = self.before.iter().chain(&self.after).collect();
            entries.sort_by_key(|entry| entry.original_position);
            for entry in entries.into_iter().filter(|entry| !self.is_late(entry)) {
                before.apply_effective(entry.clone());
            }
            before
        });
        // Every subject is searched, as for what was decided at a meeting: a board seldom
        // changes late. Only those that rest on it are folded.
        let others = register.records().filter(|(other, record)| {
            *other != id && record.settled_on() > first && rests_on(record.subject(), id, first)
        });
        for (other, record) in others {
            let entries = effective_entries(record.history(), register.tail());
            let is_judged = |entry: &EffectiveEntry| {
                let is_resting = is_end || is_resting(&entry.entry.event.kind, id);
                is_resting && entry.effective_order().day > first
            };
            let contradicted = refused(&register.excluding(other), &entries, is_judged);
            if contradicted.is_empty() {
                continue;
            }
            let known = refused(&before.excluding(other), &entries, is_judged).into_iter();
            let known: BTreeSet<Position> = known.map(|refused| refused.position()).collect();
            for refused in contradicted {
                if known.contains(&refused.position()) {
                    continue;
                }
                let day = refused.entry.effective_order().day;
                let mut suspects = late.iter().rev();
                let cause = suspects.find(|late| late.effective_order().day < day);
                report(found, cause.map(|late| late.original_position), &refused);
            }
        }
    }
}

/// Whether something in a subject that is dated after a day rests on another subject.
fn rests_on(subject: &Subject, on: &SubjectId, after: Date) -> bool {
    let dossier = &subject.dossier;
    match on {
        SubjectId::Board(board) => {
            let is_it = |named: Option<&BoardId>, on: PartialDate| {
                named == Some(board) && on.first_day() > after
            };
            let mut proposals = dossier.proposals.values();
            let mut decisions = dossier.decisions.values();
            let mut delegations = dossier.delegations.values();
            proposals.any(|proposal| {
                let mut votes = proposal.votes.iter();
                is_it(proposal.board(), proposal.on())
                    || votes.any(|vote| is_it(vote.board.as_ref(), vote.on()))
            }) || decisions.any(|decision| {
                let mut call_ins = decision.call_ins.values();
                is_it(decision.board(), decision.on())
                    || call_ins.any(|one| is_it(one.called.board.as_ref(), one.called.on()))
            }) || delegations.any(|one| is_it(one.made.from_board.as_ref(), one.made.on()))
        }
        SubjectId::Body(body) => {
            let mut instruments = dossier.instruments.values();
            instruments
                .any(|one| one.drafted.parties.contains(body) || one.signatures.contains_key(body))
                || subject
                    .as_collaboration()
                    .is_some_and(|collaboration| collaboration.names(|party| party == body))
        }
        SubjectId::Collaboration(_) | SubjectId::Register => false,
    }
}

/// Whether an entry of another subject rests on the seats and standing orders of a board,
/// or on the capacities of a body.
fn is_resting(kind: &Kind, on: &SubjectId) -> bool {
    match on {
        SubjectId::Board(board) => match kind {
            Kind::VoteCast(vote) => vote.board.as_ref() == Some(board),
            Kind::DecisionMade(decision) => decision.board.as_ref() == Some(board),
            Kind::VirementApproved(approved) => approved.board.as_ref() == Some(board),
            _ => false,
        },
        SubjectId::Body(_) => matches!(
            kind,
            Kind::InstrumentDrafted(_)
                | Kind::AgreementSigned(_)
                | Kind::InstrumentVaried(_)
                | Kind::MouUpdated(_)
        ),
        SubjectId::Collaboration(_) | SubjectId::Register => false,
    }
}

/// Whether a fault is shown, and not a contradiction: an act that lacks its approval is a
/// breach, and an approval that was given up was used before.
fn is_shown(fault: &Fault) -> bool {
    fault.rule().is_about_acts()
        || is_about_heads(fault)
        || matches!(fault, Fault::ApprovalUsed { .. })
}

/// The entries that would have been refused, of those that are judged, each after those
/// before it, on top of a register.
fn refused(
    base: &Register,
    entries: &[EffectiveEntry],
    is_judged: impl Fn(&EffectiveEntry) -> bool,
) -> Vec<Refused> {
    let faults = rejudge(base, entries, is_judged).into_iter();
    let faults = faults.filter(|found| !is_shown(&found.fault));
    let refused = faults.filter_map(|found| {
        let mut entries = entries.iter();
        let entry = entries.find(|entry| entry.original_position == found.position)?;
        Some(Refused {
            entry: entry.clone(),
            fault: found.fault,
        })
    });
    refused.collect()
}

/// Reports the first contradiction with each entry.
fn report(found: &mut Vec<LateFault>, late: Option<Position>, refused: &Refused) {
    let Some(late) = late else { return };
    let position = refused.entry.original_position;
    let is_same = |other: &LateFault| matches!(other.fault, Fault::ContradictsLater { position: other, .. } if other == position);
    if found.len() >= FINDINGS_MAX || found.iter().any(is_same) {
        return;
    }
    found.push(LateFault {
        late,
        fault: Fault::ContradictsLater {
            position,
            dated: refused.entry.entry.effective_on(),
            fault: refused.fault.to_string(),
        },
    });
}
