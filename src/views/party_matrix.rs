//! What the law asks of an agreement and it no longer has, since a party left:
//! that happened, so it is shown and not refused (Police Act 1996 s.22A,
//! Policing and Crime Act 2017 ss.2 and 3).

use std::collections::BTreeSet;

use crate::domain::approval::Topic;
use crate::domain::fact::Standing;
use crate::domain::ids::{BodyId, InstrumentId, SubjectId};
use crate::domain::instrument::{InForce, Instrument, required_signatories};
use crate::domain::outlook::Outlook;
use crate::domain::statute::made_under;
use crate::domain::subject::Subject;
use crate::wire::proto::FaultView;
use crate::wire::reply;

/// A fault, the instrument it is in, and the withdrawal that brought it about.
pub(super) struct Broken<'a> {
    pub instrument: &'a InstrumentId,
    pub by: &'a Standing,
    pub view: FaultView,
}

/// The faults of every instrument in force, by instrument and in the order of
/// the withdrawals.
pub(super) fn faults<'a>(outlook: &Outlook, id: &SubjectId, of: &'a Subject) -> Vec<Broken<'a>> {
    let instruments = of.dossier.instruments.iter();
    instruments
        .flat_map(|(instrument_id, instrument)| {
            broken(outlook, id, of, instrument)
                .into_iter()
                .map(move |(by, view)| Broken {
                    instrument: instrument_id,
                    by,
                    view,
                })
        })
        .collect()
}

/// The faults of one instrument, each with the withdrawal since which it has it.
pub(super) fn broken<'a>(
    outlook: &Outlook,
    id: &SubjectId,
    of: &'a Subject,
    instrument: &Instrument,
) -> Vec<(&'a Standing, FaultView)> {
    let day = outlook.as_at();
    let Some(collaboration) = of.as_collaboration() else {
        return Vec::new();
    };
    let mut parties = required_signatories(id, &of.nature, instrument);
    if !matches!(instrument.standing(&parties, day), InForce::Since(_)) {
        return Vec::new();
    }
    let lacks = |parties: &BTreeSet<BodyId>| {
        made_under(
            outlook,
            instrument.drafted.kind,
            parties,
            instrument.terms(day),
            day,
        )
    };
    // What it lacked with all its parties is not for their leaving to explain.
    let mut known: BTreeSet<String> = reasons(&lacks(&parties));
    let mut found = Vec::new();
    for told in of.dossier.acts.values() {
        let Some(Topic::Withdraw(body)) = Topic::of(&told.entry.event.kind) else {
            continue;
        };
        // One that came back is a party again.
        if collaboration.is_party(body, day) || !parties.remove(body) {
            continue;
        }
        let lacking = lacks(&parties);
        for (_, fault) in &lacking {
            if !known.contains(fault.reason()) {
                let view = FaultView {
                    reason: fault.reason().to_owned(),
                    what: format!("since {body} left: {fault}"),
                    since_on: Some(reply::date(told.entry.effective_on())),
                    position: told.entry.position.get(),
                };
                found.push((told, view));
            }
        }
        known.extend(reasons(&lacking));
    }
    found
}

fn reasons(faults: &[(String, crate::domain::fault::Fault)]) -> BTreeSet<String> {
    let reasons = faults.iter().map(|(_, fault)| fault.reason().to_owned());
    reasons.collect()
}
