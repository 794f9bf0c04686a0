//! Admission: whether the register takes the events of a command, or which rules they
//! break.
//!
//! Each event is judged on its own date against everything recorded: an event recorded
//! late meets the rules of its own time, and an event dated ahead those of the day on
//! which it will hold. The events of one command are judged in order, each after those
//! before it. Whether an event that is recorded late contradicts what is in force after it
//! is judged at the end, for the whole command.

mod acts;
mod agreement;
mod approval_rules;
mod assurance;
mod attendances;
mod authorisation;
mod board_end;
mod boards;
mod bodies;
mod budget_heads;
mod budgets;
mod challenges;
mod claim;
mod collaborations;
mod conditions;
mod contradictions;
mod corrections;
mod date_from;
mod decisions;
mod delegations;
mod direction_power;
mod directions;
mod ends;
mod entitlement;
mod event_check;
mod explain;
mod financial_years;
mod funding_formulas;
mod held_mandates;
mod instrument_checks;
mod instruments;
mod invoices;
mod judge;
mod keys;
mod late_entries;
mod mandates;
mod meetings;
mod minuted_vote;
mod money;
mod named_board;
mod named_subjects;
mod named_votes;
mod next_entry;
mod notices;
mod one_hand;
mod publications;
mod renewals;
mod replacements;
mod savings;
mod scrutiny;
mod service_exits;
mod services;
mod settlements;
mod spoken_amount;
mod statute;
mod submitted_opinion;
mod successions;
mod tallies;
mod virements;
mod votes;
mod withdrawals;

use std::sync::Arc;

use self::authorisation::recorded_fault;
pub use self::authorisation::withheld;
pub use self::event_check::FINDINGS_MAX;
pub use self::explain::{EventExplanation, explain};
use self::judge::judge;
pub use self::judge::may_precede_subject;
use self::late_entries::may_be_late;
pub use self::late_entries::{LateFault, contradictions};
pub use self::next_entry::Context;
use self::next_entry::{Origin, next_entry};
use super::append_command::AppendCommand;
use super::entry::Entry;
use super::fault::Fault;
use super::ids::{Position, Revision, SubjectId};
use super::register::Register;
use super::rule::Rule;
use super::text::Name;

/// The result of a command that keeps every rule.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The entries that the events become, in order.
    pub entries: Vec<Arc<Entry>>,
    /// The register with these entries.
    pub register: Register,
}

/// Why a command is refused. None of its events is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Subjects are not at the revisions that the recorder expects.
    Stale(Vec<RevisionMismatch>),
    /// Events break rules.
    Rules(Vec<Finding>),
}

/// A subject that is not at the revision that the recorder expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionMismatch {
    pub subject: SubjectId,
    pub expected: Revision,
    pub actual: Revision,
}

/// A fault, and its place in the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The index of the event.
    pub index: usize,
    /// The field within that event, such as `agreement_signed.body_id`.
    pub field: String,
    pub fault: Fault,
}

/// Judges a command: all of its events are taken, or none. A refusal names every
/// fault, [`FINDINGS_MAX`] at most.
///
/// # Examples
///
/// ```
/// use minutebook_domain::admit::{Context, Refusal, admit};
/// use minutebook_domain::append_command::AppendCommand;
/// use minutebook_domain::caller::Caller;
/// use minutebook_domain::event::{BodyKind, BodyRegistered, Event};
/// use minutebook_domain::register::Register;
/// use minutebook_domain::text::{Name, Text};
///
/// let registered = Event {
///     subject: "bodies/northshire-council".parse()?,
///     effective_on: Some("2019-04-01".parse()?),
///     decided_on: None,
///     acted_by: None,
///     authority: None,
///     sources: vec![],
///     note: Text::default(),
///     event_id: None,
///     currency: None,
///     marking: None,
///     effective_on_is: None,
///     kind: BodyRegistered {
///         name: Name::new("Northshire Council")?,
///         kind: BodyKind::Council,
///         force: None,
///         area: None,
///         identifiers: vec![],
///         capacities: vec![],
///     }
///     .into(),
/// };
/// let command = AppendCommand {
///     request: "0198c7a4-0f3e-7b62-9c1d-5d3f1f6f7a10".parse()?,
///     caller: Caller::Local,
///     recorded_by: Some(Name::new("Registrar")?),
///     events: vec![registered],
///     expected: vec![],
/// };
/// let context = Context::at("2026-11-27T10:00:00Z".parse()?);
///
/// let admission = admit(&Register::default(), &command, &context).expect("it keeps every rule");
/// assert_eq!(admission.entries[0].position.get(), 1);
///
/// // A body is registered only once.
/// let Err(Refusal::Rules(findings)) = admit(&admission.register, &command, &context) else {
///     panic!("it breaks a rule");
/// };
/// assert_eq!(findings[0].fault.reason(), "SUBJECT_EXISTS");
/// assert_eq!(findings[0].fault.rule().number(), 9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn admit(
    register: &Register,
    command: &AppendCommand,
    context: &Context,
) -> Result<Admission, Refusal> {
    let mut register = register.clone();
    let entries = admit_into(&mut register, command, context)?;
    Ok(Admission { entries, register })
}

/// Judges a command, and folds its entries into the register if it is taken. If it is
/// refused, the register stays as it was.
///
/// Parts of the register that nothing else shares are changed in place, so commands
/// that are taken one after the other copy the shared parts only once.
pub fn admit_into(
    register: &mut Register,
    command: &AppendCommand,
    context: &Context,
) -> Result<Vec<Arc<Entry>>, Refusal> {
    let stale = revision_mismatches(register, command);
    if !stale.is_empty() {
        return Err(Refusal::Stale(stale));
    }
    let stated = command.recorded_by.as_ref();
    let recorded_by: Arc<str> = stated.map_or("", Name::as_str).into();
    let origin = Origin {
        caller: &command.caller,
        stated,
        recorded_by: &recorded_by,
        request: command.request,
        count: u32::try_from(command.events.len()).unwrap_or(u32::MAX),
    };
    let last = command.events.len().saturating_sub(1);
    // A single event is folded only if it is taken, unless it is late.
    let mut before = (last > 0).then(|| register.clone());
    let mut entries = Vec::with_capacity(command.events.len());
    let mut findings = Vec::new();
    for (index, event) in command.events.iter().enumerate() {
        if findings.len() >= FINDINGS_MAX {
            break;
        }
        let next = next_entry(register, event, context, &origin, index);
        let entry = next.entry;
        // An event that the caller may not say is not judged by any other rule.
        let faults = match next.fault {
            Some(fault) => vec![fault],
            None => judge(register, &entry, entry.position),
        };
        findings.extend(faults.into_iter().map(|(field, fault)| Finding {
            index,
            field,
            fault,
        }));
        if before.is_none() && findings.is_empty() && may_be_late(register, &entry) {
            before = Some(register.clone());
        }
        // A faulty event is folded all the same, so that its fault is not reported
        // again for every event that depends on it.
        if index < last || findings.is_empty() {
            register.apply(Arc::clone(&entry));
        }
        entries.push(entry);
    }
    if findings.is_empty() && before.is_some() {
        let late = contradictions(register, &entries).into_iter();
        findings.extend(late.map(|LateFault { late, fault }| Finding {
            index: index_of(&entries, late),
            field: LateFault::FIELD.to_owned(),
            fault,
        }));
    }
    if findings.is_empty() {
        return Ok(entries);
    }
    if let Some(before) = before {
        *register = before;
    }
    // A caller who may not record something learns nothing from the rules for it.
    let is_of_caller = |finding: &Finding| finding.fault.rule() == Rule::Mandates;
    if findings.iter().any(is_of_caller) {
        findings.retain(is_of_caller);
    }
    findings.truncate(FINDINGS_MAX);
    Err(Refusal::Rules(findings))
}

/// The index in its request of the entry at a position.
fn index_of(request: &[Arc<Entry>], position: Position) -> usize {
    let mut entries = request.iter();
    let index = entries.position(|entry| entry.position == position);
    index.unwrap_or_default()
}

fn revision_mismatches(register: &Register, command: &AppendCommand) -> Vec<RevisionMismatch> {
    let expected = command.expected.iter();
    let mismatches = expected.filter_map(|(subject, expected)| {
        let (actual, expected) = (register.revision(subject), *expected);
        (actual != expected).then(|| RevisionMismatch {
            subject: subject.clone(),
            expected,
            actual,
        })
    });
    mismatches.collect()
}

/// The rules that the next entry of a log breaks, each with its field: the faults for
/// which admission would have refused it. After the last entry of a request,
/// [`contradictions`] has those of the whole.
pub fn check(register: &Register, entry: &Arc<Entry>) -> Vec<(String, Fault)> {
    let of_caller = recorded_fault(register, entry).into_iter();
    of_caller
        .chain(judge(register, entry, entry.position))
        .collect()
}
