//! Rules for ends: a collaboration or an instrument ends by the agreement, the notice or
//! the direction that its recorder names or that is on record.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::agreement::not_agreed;
use super::directions::require_direction;
use super::event_check::EventCheck;
use super::notices::{report_still_running, require_no_mandate};
use crate::approval::describe::listed;
use crate::collaboration::{Collaboration, MandateScope};
use crate::event::{DirectionKind, EndBasis, EndCause, InstrumentKind, Kind, NoticeCapacity};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::{BodyId, InstrumentId, ItemId, ServiceId, SubjectId};
use crate::instrument::{InForce, Instrument};
use crate::notice::Notice;
use crate::signatories::required_signatories;

/// An end to be checked.
pub(super) struct End<'e> {
    pub cause: EndCause,
    pub basis: &'e EndBasis,
    /// The bodies that must agree to it.
    pub parties: BTreeSet<BodyId>,
    /// `None` for the collaboration.
    pub instrument: Option<&'e InstrumentId>,
}

/// Requires that what the cause of an end names is on record.
pub(super) fn check_end(check: &mut EventCheck<'_>, end: &End<'_>) {
    match end.cause {
        EndCause::Agreement => require_agreement(check, end),
        EndCause::Notice => require_notice(check, end),
        EndCause::Direction => require_terminating(check, end),
        EndCause::Expiry => require_expired(check, end),
        EndCause::Replacement => require_replacement(check, end),
        EndCause::Law => {}
        EndCause::NotGiven => require_source(check, end),
    }
}

/// Requires that no term which is on record runs on: of the instrument, or, for the
/// collaboration, of every instrument in force that has one. A draft binds nobody.
fn require_expired(check: &mut EventCheck<'_>, end: &End<'_>) {
    let Some(subject) = check.subject() else {
        return;
    };
    let last = check.on.last_day();
    let instruments = subject.dossier.instruments.iter();
    let ending = instruments.filter(|(id, instrument)| {
        let required = required_signatories(check.id(), subject, instrument, last);
        end.instrument.is_none_or(|ended| ended == *id)
            && instrument.force(&required, last).is_some()
    });
    let ending: Vec<_> = ending.collect();
    let terms: Vec<_> = ending
        .iter()
        .filter_map(|(id, instrument)| Some(((*id).clone(), instrument.expires_on(last)?)))
        .collect();
    // The end is of the last day of the term, or later.
    if terms.iter().any(|(_, until)| until.first_day() <= last) {
        return;
    }
    if terms.is_empty() {
        require_term(check, end, &ending, last);
        return;
    }
    if let Some((instrument, until)) = terms.into_iter().next() {
        let (of, on) = (name(check, end), check.on);
        check.report(
            "cause",
            Fault::EndBeforeExpiry {
                of,
                instrument,
                until,
                on,
            },
        );
    }
}

/// Refuses an end by expiry where the terms in force have no last day: nothing can run out.
/// That the source does not give that day is another thing, and a collaboration may have had
/// a term of its own that a document reports. An order has no term, and ends nothing by it.
fn require_term(
    check: &mut EventCheck<'_>,
    end: &End<'_>,
    ending: &[(&InstrumentId, &Instrument)],
    last: Date,
) {
    let is_unknown = |(_, one): &(&InstrumentId, &Instrument)| one.end_is_not_given(last);
    let is_reported = end.instrument.is_none() && !check.entry.event.sources.is_empty();
    if is_reported || ending.iter().any(is_unknown) {
        return;
    }
    let mut agreements = ending
        .iter()
        .filter(|(_, one)| one.drafted.kind != InstrumentKind::StatutoryOrder);
    if let Some((instrument, _)) = agreements.next() {
        let (of, instrument) = (name(check, end), (*instrument).clone());
        check.report("cause", Fault::TermHasNoEnd { of, instrument });
    }
}

/// Requires that all parties agree to another in the place of this: they are parties of it,
/// or say so here. Under a mandate they all are, under an agreement in force.
fn require_replacement(check: &mut EventCheck<'_>, end: &End<'_>) {
    let by = match &check.entry.event.kind {
        Kind::CollaborationEnded(event) => event.replaced_by.as_ref(),
        _ => None,
    };
    let Some(by) = by else {
        let of = name(check, end);
        check.report("cause", Fault::EndWithoutReplacement { of });
        return;
    };
    let Some(other) = check
        .register
        .followed_subject(&SubjectId::Collaboration(by.clone()))
    else {
        return;
    };
    let others = other.as_collaboration().map(|c| c.parties(check.day));
    let others = others.unwrap_or_default();
    let goes_on = end.parties.is_subset(&others) && {
        let id = SubjectId::Collaboration(by.clone());
        let mut instruments = other.dossier.instruments.values();
        instruments.any(|one| {
            let required = required_signatories(&id, &other, one, check.day);
            matches!(one.standing(&required, check.day), InForce::Since(_))
                && end.parties.is_subset(&required)
        })
    };
    if let (false, Some(collaboration)) = (goes_on, check.collaboration()) {
        let scope = MandateScope::Whole;
        require_no_mandate(check, collaboration, "cause", scope);
    }
    let apart: BTreeSet<BodyId> = end.parties.difference(&others).cloned().collect();
    require_agreement_of(check, end, &apart);
}

/// Requires the document that states an end without its cause. Those who end something
/// know why, so this is for a reader of what others wrote.
fn require_source(check: &mut EventCheck<'_>, end: &End<'_>) {
    if check.entry.event.sources.is_empty() {
        let of = name(check, end);
        check.report_at("sources", Fault::EndWithoutSource { of });
    }
}

fn name(check: &EventCheck<'_>, end: &End<'_>) -> String {
    end.instrument
        .map_or_else(|| check.id().to_string(), ToString::to_string)
}

/// Requires that all parties agree (Police Act 1996 s.23C for agreements under it).
fn require_agreement(check: &mut EventCheck<'_>, end: &End<'_>) {
    require_agreement_of(check, end, &end.parties);
}

/// Requires that these of the parties agree.
fn require_agreement_of(check: &mut EventCheck<'_>, end: &End<'_>, needed: &BTreeSet<BodyId>) {
    let agreed_by = &end.basis.agreed_by;
    for (i, body) in agreed_by.iter().enumerate() {
        let field = format!("agreed_by_ids[{i}]");
        if !end.parties.contains(body) && check.require_body(&field, body) {
            let (body, of, on) = (body.clone(), check.id().clone(), check.on);
            let way_out = String::new();
            check.report(
                field,
                Fault::NotAParty {
                    body,
                    of,
                    on,
                    way_out,
                },
            );
        }
    }
    // A body alone decides about its own document, and about an agreement with itself.
    let is_one = |c: &Collaboration| c.one_party_since(check.day).is_some();
    let is_own = end.instrument.is_some() || check.collaboration().is_some_and(is_one);
    let is_alone = is_own && end.parties.len() < 2;
    if is_alone {
        return;
    }
    let missing = not_agreed(check, needed, agreed_by);
    if !missing.is_empty() {
        let missing = listed(&missing);
        let of = name(check, end);
        check.report("agreed_by_ids", Fault::EndNotAgreed { of, missing });
    }
}

/// Requires that the notices by which it ends have taken effect.
fn require_notice(check: &mut EventCheck<'_>, end: &End<'_>) {
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    let (day, last) = (check.day, check.on.last_day());
    let left = end
        .instrument
        .is_some_and(|ended| leaves_every_service(check, collaboration, ended, last));
    let fits = |notice: &Notice| {
        let named = notice.given.instrument.as_ref();
        let is_under_it = match end.instrument {
            None => notice.is_to_leave_the_whole(),
            Some(ended) if notice.is_to_leave_the_whole() => named.is_none_or(|id| id == ended),
            Some(ended) => left && is_of_a_service_under(notice, ended),
        };
        let is_used = end.instrument.is_none() && has_left_before(collaboration, notice, day);
        is_under_it && !is_used && !notice.is_revoked(last)
    };
    for (i, id) in end.basis.notices.iter().enumerate() {
        let field = format!("notice_ids[{i}]");
        let found = collaboration.notices.get(id);
        let found = found.map(|notice| (notice, notice.given.on()));
        let Some(notice) = check.require_item(&field, "notice", id, found) else {
            continue;
        };
        if !fits(notice) {
            let (notice, body) = (id.clone(), notice.given.body.clone());
            check.report(field, Fault::NoticeDoesNotFit { notice, body });
        } else if notice.is_running(last) {
            report_still_running(check, &field, id, notice.takes_effect_on(last));
        }
    }
    let has_effect =
        |notice: &&Notice| fits(notice) && notice.given.day() <= last && !notice.is_running(last);
    let effective: Vec<&Notice> = collaboration.notices.values().filter(has_effect).collect();
    if effective.is_empty() {
        if end.basis.notices.is_empty() {
            let (of, on) = (name(check, end), check.on);
            check.report("cause", Fault::EndWithoutNotice { of, on });
        }
        return;
    }
    require_none_left(check, end, collaboration, &effective);
}

/// Requires that the notices leave no two parties between whom it goes on: notice takes out
/// those who gave it, unless the terms say that the notice of one ends it for all.
fn require_none_left(
    check: &mut EventCheck<'_>,
    end: &End<'_>,
    collaboration: &Collaboration,
    effective: &[&Notice],
) {
    let (day, last) = (check.day, check.on.last_day());
    let Some(subject) = check.subject() else {
        return;
    };
    let mut instruments = subject.dossier.instruments.iter();
    let ends_for_all = instruments.any(|(id, instrument)| {
        let required = required_signatories(check.id(), subject, instrument, last);
        end.instrument.is_none_or(|ended| ended == id)
            && instrument.terms(day).notice_ends_agreement
            && instrument.force(&required, last).is_some()
    });
    let leaving: BTreeSet<BodyId> = effective
        .iter()
        .flat_map(|notice| collaboration.leaving(&notice.given.body, last))
        .collect();
    let mut remaining = end.parties.clone();
    remaining.retain(|party| !leaving.contains(party));
    if remaining.len() < 2 || ends_for_all {
        return;
    }
    let of = name(check, end);
    let (leaving, remaining) = (listed(&leaving), listed(&remaining));
    check.report(
        "cause",
        Fault::NoticeLeavesOthers {
            of,
            leaving,
            remaining,
        },
    );
}

/// Whether the giver of a notice left on it before, and the others went on.
fn has_left_before(collaboration: &Collaboration, notice: &Notice, day: Date) -> bool {
    let holders = collaboration.holders(&notice.given.body, day);
    let at = EffectiveOrder::end_of(day);
    let has_left = |body: &&BodyId| {
        let last = collaboration.last_move(body, at);
        last.is_none_or(|last| !last.joined && last.order.day < day)
    };
    holders.iter().all(has_left) && collaboration.parties(day).len() > 1
}

/// Whether a notice is to leave one service, under this instrument.
fn is_of_a_service_under(notice: &Notice, instrument: &InstrumentId) -> bool {
    notice.given.capacity == NoticeCapacity::Party
        && notice.given.service.is_some()
        && notice.given.instrument.as_ref() == Some(instrument)
}

/// Whether notice was given, under an instrument, to leave every service that it covers.
fn leaves_every_service(
    check: &EventCheck<'_>,
    collaboration: &Collaboration,
    instrument: &InstrumentId,
    day: Date,
) -> bool {
    let drafted = check
        .dossier()
        .and_then(|dossier| dossier.instruments.get(instrument));
    let mut covered = drafted.map_or_else(BTreeSet::new, |drafted| drafted.services(day));
    let services = collaboration.services.iter();
    let resting = services.filter(|(_, service)| service.names(instrument, day));
    covered.extend(resting.map(|(id, _)| id.clone()));
    let notices = collaboration.notices.values();
    let left: BTreeSet<&ServiceId> = notices
        .filter(|notice| is_of_a_service_under(notice, instrument) && !notice.is_revoked(day))
        .filter_map(|notice| notice.given.service.as_ref())
        .collect();
    !covered.is_empty() && covered.iter().all(|service| left.contains(service))
}

/// Requires a direction that terminates it (Police Act 1996 s.23H).
fn require_terminating(check: &mut EventCheck<'_>, end: &End<'_>) {
    if let Some(id) = &end.basis.direction {
        require_direction(check, "direction_id", id);
        return;
    }
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    let last = check.on.last_day();
    let terminates = collaboration.directions.values().any(|direction| {
        direction.kind == DirectionKind::Terminate
            && direction.day() <= last
            && !collaboration.is_lifted(direction, last)
    });
    if !terminates {
        let (of, on) = (name(check, end), check.on);
        check.report("direction_id", Fault::EndWithoutDirection { of, on });
    }
}

/// Requires that a direction, if one is named, can change a service, and is about it.
pub(super) fn names_direction(
    check: &mut EventCheck<'_>,
    field: &str,
    direction: Option<&ItemId>,
    service: &ServiceId,
) -> bool {
    let Some(id) = direction else {
        return false;
    };
    require_direction(check, field, id);
    let named = check.collaboration().and_then(|c| c.directions.get(id));
    if let Some(named) = named
        && !named.services.is_empty()
        && !named.services.contains(service)
    {
        let (direction, service) = (id.clone(), service.clone());
        let about = listed(&named.services);
        let fault = Fault::DirectionDoesNotFit {
            direction,
            service,
            about,
        };
        check.report(field, fault);
    }
    true
}
