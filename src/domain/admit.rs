//! The door: whether the register takes a draft, or which rules it breaks.
//!
//! Each event is judged against everything recorded, on the day it is dated: so
//! one recorded late meets the rules of its own time, and one dated ahead those
//! of the day it will hold. The events of one draft are judged in order, each
//! with those before it.

mod acts;
mod approval_rules;
mod assurance;
mod boards;
mod bodies;
mod collaborations;
mod corrections;
mod decisions;
mod entitlement;
mod event_check;
mod explain;
mod instruments;
mod keys;
mod money;
mod notices;
mod services;
mod statute;
mod virements;
mod votes;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use self::event_check::EventCheck;
pub use self::explain::{EventExplanation, explain};
use super::append_command::AppendCommand;
use super::date::{PartialDate, day_of};
use super::entry::Entry;
use super::event::{Authority, Event, Kind, event_kinds};
use super::fault::Fault;
use super::ids::{Position, RequestId, Revision, SubjectId};
use super::register::Register;

/// What the door needs to know besides the register: it has no clock.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The instant at which the draft is recorded.
    pub recorded_at: Timestamp,
}

/// A draft that may be recorded.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The entries its events become, in order.
    pub entries: Vec<Arc<Entry>>,
    /// The register with them.
    pub register: Register,
}

/// A draft that may not. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Subjects are not where the recorder took them to be.
    Stale(Vec<RevisionMismatch>),
    /// Rules are broken.
    Rules(Vec<Finding>),
}

/// A subject that is not where the recorder took it to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionMismatch {
    /// The subject.
    pub subject: SubjectId,
    /// Where the recorder took it to be.
    pub expected: Revision,
    /// Where it is.
    pub actual: Revision,
}

/// A fault, and where in the draft it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which event of the draft.
    pub index: usize,
    /// The field within that event, such as `agreement_signed.body_id`.
    pub field: String,
    /// What is wrong.
    pub fault: Fault,
}

/// Judges a draft. All of it is taken, or none; all its faults are named.
pub fn admit(
    register: &Register,
    draft: &AppendCommand,
    context: &Context,
) -> Result<Admission, Refusal> {
    let mut register = register.clone();
    let entries = admit_into(&mut register, draft, context)?;
    Ok(Admission { entries, register })
}

/// Judges a draft and, where it is taken, folds it into the register; a register
/// that refuses it stays as it was.
///
/// What nobody else holds of the register is changed in place, so drafts that are
/// taken one after the other copy what they share only once.
pub fn admit_into(
    register: &mut Register,
    draft: &AppendCommand,
    context: &Context,
) -> Result<Vec<Arc<Entry>>, Refusal> {
    let stale: Vec<RevisionMismatch> = draft
        .expected
        .iter()
        .filter_map(|(subject, expected)| {
            let (actual, expected) = (register.revision(subject), *expected);
            (actual != expected).then(|| RevisionMismatch {
                subject: subject.clone(),
                expected,
                actual,
            })
        })
        .collect();
    if !stale.is_empty() {
        return Err(Refusal::Stale(stale));
    }
    let recorded_by: Arc<str> = draft.recorded_by.as_str().into();
    let size = u32::try_from(draft.events.len()).unwrap_or(u32::MAX);
    let last = draft.events.len().saturating_sub(1);
    // A single event is folded only once it is known to be taken.
    let before = (last > 0).then(|| register.clone());
    let mut entries = Vec::with_capacity(draft.events.len());
    let mut findings = Vec::new();
    for (index, event) in draft.events.iter().enumerate() {
        let part = (u32::try_from(index).unwrap_or(u32::MAX), size);
        let entry = made_entry(register, event, context, &recorded_by, draft.request, part);
        let faults = judge(register, &entry, entry.position);
        findings.extend(faults.into_iter().map(|(field, fault)| Finding {
            index,
            field,
            fault,
        }));
        // A faulty event is taken into account all the same, so that one fault
        // is not reported again for everything that rests on it.
        if index < last || findings.is_empty() {
            register.apply(Arc::clone(&entry));
        }
        entries.push(entry);
    }
    if findings.is_empty() {
        return Ok(entries);
    }
    if let Some(before) = before {
        *register = before;
    }
    Err(Refusal::Rules(findings))
}

/// The entry an event becomes when it is the next.
fn made_entry(
    register: &Register,
    event: &Event,
    context: &Context,
    recorded_by: &Arc<str>,
    request: RequestId,
    request_part: (u32, u32),
) -> Arc<Entry> {
    Arc::new(Entry {
        position: register.tail().next(),
        revision: register.revision(&event.subject).next(),
        recorded_at: context.recorded_at,
        recorded_on: day_of(context.recorded_at),
        recorded_by: Arc::clone(recorded_by),
        request,
        request_part,
        event: event.clone(),
    })
}

/// The rules that an entry breaks which stands next in a log, each with the field
/// at fault: what the door would have refused it for.
pub fn check(register: &Register, entry: &Arc<Entry>) -> Vec<(String, Fault)> {
    judge(register, entry, entry.position)
}

macro_rules! define_check_kind {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        /// Judges an event by the rules of its kind.
        fn check_kind(check: &mut EventCheck<'_>, kind: &Kind) {
            match kind {
                $(Kind::$kind(event) => $noun::$name(check, event),)*
            }
        }
    };
}

event_kinds!(define_check_kind);

/// The faults of one event against what is known, each with its field.
fn judge(register: &Register, entry: &Arc<Entry>, order: Position) -> Vec<(String, Fault)> {
    let mut check = EventCheck::new(register, entry, order);
    envelope(&mut check);
    check_kind(&mut check, &entry.event.kind);
    acts::judged(&mut check);
    check.into_faults()
}

/// The first and last years a date can be in: recorders mean nothing earlier,
/// and no agreement runs longer than a century.
fn is_plausible(on: PartialDate, recorded_on: Date) -> bool {
    (1800..=recorded_on.year().saturating_add(100)).contains(&on.year())
}

/// What holds for every event: its subject, its dates, who acted, on what.
fn envelope(bench: &mut EventCheck<'_>) {
    let (entry, on) = (bench.entry, bench.on);
    let event = &entry.event;
    if !is_plausible(on, entry.recorded_on) {
        bench.fault_at("effective_on", Fault::DateImplausible { on });
    }
    if let Some(decided_on) = event.decided_on {
        let today = entry.recorded_on;
        if !is_plausible(decided_on, today) {
            bench.fault_at("decided_on", Fault::DateImplausible { on: decided_on });
        } else if decided_on.first_day() > today {
            bench.fault_at("decided_on", Fault::DecidedInFuture { decided_on, today });
        }
    }
    if let Some(id) = event.event_id
        && let Some(position) = bench.register.event(id)
    {
        bench.fault_at(
            "event_id",
            Fault::EventIdTaken {
                event: id,
                position,
            },
        );
    }
    if let Some(body) = event.acted_by.as_ref().and_then(|actor| actor.body())
        && let Some(fault) = bench.body_fault(body)
    {
        // A body acts in founding itself.
        let founds_itself = matches!(&event.subject, SubjectId::Body(id) if id == body)
            && matches!(event.kind, Kind::BodyRegistered(_));
        if !founds_itself {
            bench.fault_at("acted_by.body_id", fault);
        }
    }
    let cited = match &event.authority {
        Some(Authority::Proposal(id)) => Some(("authority.proposal_id", *id)),
        Some(Authority::AcknowledgedBreach(breach)) => {
            let field = "authority.acknowledged_breach.proposal_id";
            breach.proposal.map(|id| (field, id))
        }
        Some(Authority::Delegation(_)) | None => None,
    };
    if let Some((field, id)) = cited
        && bench.register.proposal(id).is_none()
    {
        bench.fault_at(field, Fault::UnknownProposal { proposal: id });
    }
    subject(bench);
}

/// That the subject is there, was by then, and is not over; or, for a founding
/// event, that it is not there.
fn subject(bench: &mut EventCheck<'_>) {
    let (id, on) = (bench.id(), bench.on);
    let founded_with = match id {
        SubjectId::Body(_) => "body_registered",
        SubjectId::Board(_) => "board_constituted",
        SubjectId::Collaboration(_) => "collaboration_established",
        // It is there before its first entry.
        SubjectId::Register => return,
    };
    let kind = &bench.entry.event.kind;
    if kind.name() == founded_with {
        if let Some(record) = bench.register.record(id) {
            let position = record
                .history()
                .front()
                .map(|e| e.position)
                .unwrap_or_default();
            bench.fault_at(
                "subject",
                Fault::SubjectExists {
                    subject: id.clone(),
                    position,
                },
            );
        }
        return;
    }
    let Some(since) = bench.subject().and_then(|subject| subject.founded_on()) else {
        let (subject, found_with) = (id.clone(), founded_with);
        bench.fault_at(
            "subject",
            Fault::UnknownSubject {
                subject,
                found_with,
            },
        );
        return;
    };
    // A correction is dated when it is made; what it puts right has its own date.
    if since.first_day() > bench.day && !matches!(kind, Kind::EntryCorrected(_)) {
        let subject = id.clone();
        bench.fault_at("effective_on", Fault::BeforeSubject { subject, since, on });
    }
    if let Some(ended) = bench.collaboration().and_then(|c| c.ended(bench.day))
        && kind.changes_collaboration()
    {
        let (subject, ended_on) = (id.clone(), ended.on());
        bench.fault_at(
            "effective_on",
            Fault::SubjectEnded {
                subject,
                ended_on,
                on,
            },
        );
    }
}
