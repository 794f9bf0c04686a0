//! Agreements that no longer have the parties that the law requires, since a party left,
//! was followed by another body or lost a capacity (Police Act 1996 s.22A, Policing and
//! Crime Act 2017 ss.2 and 3). That is a fact, so the fault is shown and not refused.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use minutebook_domain::date::PartialDate;
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::fault::Fault;
use minutebook_domain::ids::{BodyId, Position, SubjectId};
use minutebook_domain::instrument::{InForce, Instrument};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::signatories::{
    bound_signatories, present_signatories, required_signatories,
};
use minutebook_domain::statute::statute_faults;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::FaultView;
use minutebook_wire::reply;

/// An entry since which an agreement may lack a party.
#[derive(Clone)]
struct Cause {
    /// The event in words, as "a left".
    what: String,
    on: PartialDate,
    position: Position,
}

/// The faults of every instrument in force, by instrument and in the order of their causes.
pub(super) fn faults(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
) -> Vec<FaultView> {
    let instruments = subject.dossier.instruments.values();
    let faults = instruments.flat_map(|instrument| broken(register_view, id, subject, instrument));
    faults.collect()
}

/// The faults of one instrument, each with the entry since which it has it.
///
/// Its parties are checked after each joining and leaving, succession and loss of a
/// capacity. A fault that a later one mends is no fault; one that returns dates from what
/// caused it again.
pub(super) fn broken(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
) -> Vec<FaultView> {
    let day = register_view.as_at();
    let Some(collaboration) = subject.as_collaboration() else {
        return Vec::new();
    };
    let drafted = &instrument.drafted;
    let signatories = required_signatories(id, subject, instrument, day);
    let in_force = matches!(instrument.standing(&signatories, day), InForce::Since(_));
    let goes_on = collaboration.is_survived_by(&drafted.instrument, day);
    if !in_force || collaboration.ended(day).is_some() && !goes_on {
        return Vec::new();
    }
    let lacking = |parties: &BTreeSet<BodyId>, day: Date| {
        statute_faults(
            register_view,
            id,
            drafted,
            parties,
            instrument.terms(day),
            day,
        )
    };
    let changes = changes(register_view, id, subject, instrument);
    // Nearly every agreement has lost nobody.
    let is_loss = |(order, cause): (&EffectiveOrder, &Option<Cause>)| {
        cause.is_some() && order.day >= drafted.day()
    };
    if !changes.iter().any(is_loss) {
        return Vec::new();
    }
    // Faults that it had with all its parties are not caused by a change of them.
    let all = present_signatories(id, subject, instrument, drafted.day());
    let from_the_start = reasons(&lacking(&all, drafted.day()));
    let is_new = |(field, fault): &(String, Fault)| {
        !from_the_start.contains(&(field.clone(), fault.reason()))
    };
    let mut since: BTreeMap<(String, &'static str), (EffectiveOrder, Cause)> = BTreeMap::new();
    let mut last = None;
    for (order, cause) in changes {
        if let Some(cause) = cause {
            last = Some((order, cause));
        }
        // Those in the place of a body that is no more stay for it.
        let remaining = bound_signatories(id, subject, instrument, order, order.day);
        let mut lacks = lacking(&remaining, order.day);
        lacks.retain(is_new);
        let now = reasons(&lacks);
        since.retain(|key, _| now.contains(key));
        for key in now {
            if let Some(last) = &last {
                since.entry(key).or_insert_with(|| last.clone());
            }
        }
    }
    let at = EffectiveOrder::end_of(day);
    let present = bound_signatories(id, subject, instrument, at, day);
    let mut found: Vec<(EffectiveOrder, FaultView)> = lacking(&present, day)
        .into_iter()
        .filter_map(|(field, fault)| {
            let (order, cause) = since.get(&(field, fault.reason()))?;
            let view = FaultView {
                reason: fault.reason().to_owned(),
                what: in_words(&cause.what, &fault),
                since_on: Some(reply::date(cause.on)),
                position: cause.position.get(),
            };
            Some((*order, view))
        })
        .collect();
    found.sort_by_cached_key(|(order, _)| *order);
    found.into_iter().map(|(_, fault)| fault).collect()
}

/// The places in the order by the day of the view at which its parties, or what they are,
/// changed since it was drafted; with the cause, unless a party only joined.
fn changes(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
) -> BTreeMap<EffectiveOrder, Option<Cause>> {
    let day = register_view.as_at();
    let mut changes: BTreeMap<EffectiveOrder, Option<Cause>> = BTreeMap::new();
    let Some(collaboration) = subject.as_collaboration() else {
        return changes;
    };
    let mut bodies = present_signatories(id, subject, instrument, day);
    bodies.extend(required_signatories(id, subject, instrument, day));
    for ((order, body), came) in collaboration.moves(day) {
        let withdrew = subject.dossier.acts.get(&order).filter(|_| !came);
        let cause = withdrew.map(|effective| Cause {
            what: format!("{body} left"),
            on: effective.entry.effective_on(),
            position: effective.entry.position,
        });
        bodies.insert(body.clone());
        changes.entry(order).or_default();
        if cause.is_some() {
            changes.insert(order, cause);
        }
    }
    for id in &bodies {
        let Some(body) = register_view.body(id) else {
            continue;
        };
        let lost = body.capacities_lost.by(day);
        for lost in lost.filter(|lost| lost.day() > instrument.drafted.day()) {
            let what = format!("{id} lost a capacity");
            changes.insert(lost.effective_order(), Some(cause(what, lost)));
        }
        for gained in body.capacities_gained.by(day) {
            changes.entry(gained.effective_order()).or_default();
        }
        for followed in body.succeeded.by(day) {
            let heirs = followed.all().map(ToString::to_string);
            let heirs: Vec<String> = heirs.collect();
            let what = format!("{} followed {id}", heirs.join(", "));
            changes.insert(followed.effective_order(), Some(cause(what, followed)));
        }
    }
    changes
}

fn cause<T>(what: String, fact: &Fact<T>) -> Cause {
    Cause {
        what,
        on: fact.on(),
        position: fact.position(),
    }
}

/// The fault as a fault of the agreement: a party may leave, and the agreement is then
/// to be varied.
fn in_words(since: &str, fault: &Fault) -> String {
    match fault {
        Fault::ProvisionPartyMissing {
            provision,
            missing,
            section,
        } => format!(
            "since {since}: its {provision} provision lacks {missing} (Police Act 1996 \
             {section}), and is to be varied or removed"
        ),
        fault => format!("since {since}: {fault}"),
    }
}

/// The identity of a fault. Its sentence changes as more parties leave.
fn reasons(faults: &[(String, Fault)]) -> BTreeSet<(String, &'static str)> {
    let reasons = faults
        .iter()
        .map(|(field, fault)| (field.clone(), fault.reason()));
    reasons.collect()
}
