//! Rules for an instrument that takes the place of another: it is in force, and those whom the
//! old one binds have made it, as they would agree to a variation.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::event_check::{EventCheck, missing};
use super::instrument_checks::{must_agree, require_instrument, require_not_over, required};
use crate::approval::describe::listed;
use crate::collaboration::MandateScope;
use crate::date::PartialDate;
use crate::event::{InstrumentKind, InstrumentSuperseded};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::{BodyId, InstrumentId, SubjectId};
use crate::instrument::{InForce, Instrument};
use crate::signatories::{bound_signatories, present_signatories, required_signatories};
use crate::subject::Subject;

/// An instrument that would take the place of another.
struct Replacement<'e> {
    /// The field that names it.
    field: String,
    id: &'e InstrumentId,
    of: SubjectId,
    subject: Arc<Subject>,
}

impl Replacement<'_> {
    fn instrument(&self) -> Option<&Instrument> {
        self.subject.dossier.instruments.get(self.id)
    }
}

pub(super) fn instrument_superseded(check: &mut EventCheck<'_>, event: &InstrumentSuperseded) {
    let mut replacements = Vec::new();
    if let Some(by) = &event.by {
        let own = check.id().clone();
        replacements.extend(find(check, "by_instrument_id".to_owned(), &own, by));
    }
    for (i, by) in event.by_others.iter().enumerate() {
        if by.subject == *check.id() && by.instrument == event.instrument {
            let id = by.instrument.to_string();
            check.report(format!("by[{i}]"), Fault::SelfReference { id });
        } else {
            let field = format!("by[{i}].instrument_id");
            replacements.extend(find(check, field, &by.subject, &by.instrument));
        }
    }
    let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) else {
        return;
    };
    require_not_over(check, "instrument_id", &event.instrument, instrument);
    let required = required(check, instrument);
    // A draft binds nobody.
    if instrument.standing(&required, check.on.last_day()) == InForce::AwaitingSignature {
        return;
    }
    let mut are_in_force = true;
    for by in &replacements {
        are_in_force &= require_in_force(check, &event.instrument, by);
    }
    if are_in_force && !replacements.is_empty() {
        require_agreed(check, &event.instrument, instrument, &replacements);
    }
}

/// The instrument that supersedes another, in being on the day or with effect from it.
fn find<'e>(
    check: &mut EventCheck<'_>,
    field: String,
    of: &SubjectId,
    id: &'e InstrumentId,
) -> Option<Replacement<'e>> {
    let subject = check.register.followed_subject(of);
    let found = subject.filter(|subject| subject.dossier.instruments.contains_key(id));
    let Some(subject) = found else {
        let (instrument, of) = (id.clone(), of.clone());
        check.report(field, Fault::UnknownInstrument { instrument, of });
        return None;
    };
    let by = Replacement {
        field,
        id,
        of: of.clone(),
        subject,
    };
    let since = effective_since(by.instrument()?);
    if !since.is_by(check.on).may_be() {
        check.require_not_before(&by.field, "instrument", id, since);
        return None;
    }
    Some(by)
}

/// The day on which an instrument was drafted, or from which it has effect if that is
/// earlier.
fn effective_since(instrument: &Instrument) -> PartialDate {
    let drafted = instrument.drafted.on();
    let commences = instrument.drafted.terms.commences_on;
    commences
        .filter(|commences| commences.first_day() < drafted.first_day())
        .unwrap_or(drafted)
}

/// Requires that a replacement is in force on some day of the date.
fn require_in_force(
    check: &mut EventCheck<'_>,
    replaced: &InstrumentId,
    by: &Replacement<'_>,
) -> bool {
    let Some(instrument) = by.instrument() else {
        return true;
    };
    let standing = |day| {
        let required = required_signatories(&by.of, &by.subject, instrument, day);
        instrument.standing(&required, day)
    };
    let is_in_force = |day| matches!(standing(day), InForce::Since(_));
    if check.on.holds(is_in_force).may_be() {
        return true;
    }
    let last = check.on.last_day();
    let awaited = match standing(last) {
        InForce::AwaitingSignature => {
            let mut awaited = required_signatories(&by.of, &by.subject, instrument, last);
            awaited.retain(|body| {
                let signed = instrument.signatures.get(body);
                signed.is_none_or(|signed| signed.day() > last)
                    && instrument.directed_for(body).is_none()
            });
            match awaited.is_empty() {
                true => "signatures".to_owned(),
                false => format!("the signature of {}", listed(&awaited)),
            }
        }
        InForce::From(on) => format!("its commencement on {on}"),
        InForce::Expired(on)
        | InForce::Superseded(on)
        | InForce::Ended(on)
        | InForce::EndedWith(on) => format!("nothing: it was over on {on}"),
        InForce::Since(_) => return true,
    };
    let fault = Fault::ReplacementNotInForce {
        by: by.id.clone(),
        instrument: replaced.clone(),
        on: check.on,
        awaited,
    };
    check.report(&by.field, fault);
    false
}

/// Requires that those who must agree to a variation have made the replacements, or joined
/// by one; under a mandate, all whom the old one binds. An order replaces without them.
fn require_agreed(
    check: &mut EventCheck<'_>,
    id: &InstrumentId,
    instrument: &Instrument,
    replacements: &[Replacement<'_>],
) {
    let (day, last) = (check.day, check.on.last_day());
    let is_law = |by: &Replacement<'_>| {
        by.instrument().is_some_and(|one| {
            one.drafted.kind == InstrumentKind::StatutoryOrder || one.drafted.signatories_unknown
        })
    };
    let own = required(check, instrument);
    let is_over = !matches!(instrument.standing(&own, day), InForce::Since(_))
        && !matches!(instrument.standing(&own, last), InForce::Since(_));
    let Some(subject) = check.subject() else {
        return;
    };
    if is_over || instrument.drafted.signatories_unknown || replacements.iter().any(is_law) {
        return;
    }
    let mandate = check.collaboration().and_then(|collaboration| {
        let scope = MandateScope::Instrument(id, instrument);
        collaboration
            .mandate(scope, day)
            .and(collaboration.mandate(scope, last))
    });
    let mut needed: BTreeSet<BodyId> = match mandate {
        Some(_) => bound_signatories(
            check.id(),
            subject,
            instrument,
            check.effective_order(),
            day,
        ),
        None => must_agree(check, instrument),
    };
    // Who leaves on that day has left before, in whichever order the two are recorded.
    let end = EffectiveOrder::end_of(day);
    let remaining = bound_signatories(check.id(), subject, instrument, end, day);
    needed.retain(|body| remaining.contains(body));
    let made: Vec<BodyId> = replacements
        .iter()
        .filter_map(|by| Some((by, by.instrument()?)))
        .flat_map(|(by, one)| present_signatories(&by.of, &by.subject, one, last))
        .collect();
    if missing(&needed, &made).next().is_none() {
        return;
    }
    let fault = match mandate {
        Some(mandate) => Fault::MandateStands {
            direction: mandate.direction.clone(),
            since: mandate.on(),
        },
        None => Fault::ReplacementNotAgreed {
            instrument: id.clone(),
            missing: listed(missing(&needed, &made)),
        },
    };
    check.report("instrument_id", fault);
}
