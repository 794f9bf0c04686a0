//! Rules for leaving a service whose own instrument asks for notice.

use super::event_check::{EventCheck, missing};
use super::notices::{report_still_running, runs_throughout};
use crate::certainty::Certainty;
use crate::collaboration::{Collaboration, Service};
use crate::event::NoticeCapacity;
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::{BodyId, ItemId};
use crate::notice::Notice;
use crate::notice_clause::{self, Exit};

/// A party that leaves a service.
pub(super) struct ServiceExit<'e> {
    pub field: String,
    pub service: &'e Service,
    pub body: &'e BodyId,
    /// The parties that release those that leave.
    pub agreed: &'e [BodyId],
}

/// Requires that notice has run, if the party gave one or an instrument of the service asks
/// for it, unless all others release the party.
pub(super) fn require_notice(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    exit: &ServiceExit<'_>,
) {
    let mut others = collaboration.service_parties(exit.service, check.day);
    others.remove(exit.body);
    if !exit.agreed.is_empty() && missing(&others, exit.agreed).next().is_none() {
        return;
    }
    let notices = || {
        let notices = collaboration.notices.iter();
        notices.filter(|(_, notice)| is_to_leave(check, collaboration, exit, notice))
    };
    let last = check.on.last_day();
    if notices().any(|(_, notice)| !notice.is_running(last)) {
        return;
    }
    let of_service = notices().find(|(_, notice)| notice.given.service.is_some());
    let running = of_service.map(|(id, notice)| (id.clone(), notice.takes_effect_on(check.day)));
    if let Some((id, takes_effect_on)) = running {
        report_still_running(check, &exit.field, &id, takes_effect_on);
        return;
    }
    require_none_asked(check, exit);
}

/// Whether a notice is that of a party to leave the service, or the whole, and was neither
/// revoked nor used before.
fn is_to_leave(
    check: &EventCheck<'_>,
    collaboration: &Collaboration,
    exit: &ServiceExit<'_>,
    notice: &Notice,
) -> bool {
    let given = &notice.given;
    let service = &exit.service.added.service;
    let joins = exit.service.parties_changed.by(check.day);
    let mut joins = joins.filter(|change| change.joined.contains(exit.body));
    let joined = joins.next_back();
    given.capacity == NoticeCapacity::Party
        && given.service.as_ref().is_none_or(|of| of == service)
        && given.day() <= check.on.last_day()
        && collaboration.is_or_follows(exit.body, &given.body, check.day)
        && !notice.is_revoked(check.on.last_day())
        && joined.is_none_or(|joined| joined.effective_order() < given.effective_order())
}

/// Requires that no instrument of the service asks for notice.
fn require_none_asked(check: &mut EventCheck<'_>, exit: &ServiceExit<'_>) {
    let Some(subject) = check.subject() else {
        return;
    };
    let id = &exit.service.added.service;
    let of = Exit {
        body: exit.body,
        capacity: NoticeCapacity::Party,
        service: Some(id),
    };
    let own = |day| {
        let clauses = notice_clause::binding(check.id(), subject, of, day);
        let mut asking = clauses.filter(|clause| {
            let instrument = subject.dossier.instruments.get(clause.instrument);
            let names = instrument.is_some_and(|one| one.services(day).contains(id));
            clause.period.asks_notice(day) && (names || exit.service.names(clause.instrument, day))
        });
        asking.next()
    };
    if check.on.holds(|day| own(day).is_some()) != Certainty::Certain {
        return;
    }
    if let Some(clause) = own(check.day) {
        let fault = Fault::NoticeRequired {
            instrument: clause.instrument.clone(),
            months: clause.period.months,
            asks: clause.period,
            why: String::new(),
        };
        check.report(&exit.field, fault);
    }
}

/// Requires that no notice to leave a service is running when it is removed.
pub(super) fn require_none_running(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    service: &Service,
) {
    let id = &service.added.service;
    let running: Option<(ItemId, _)> = collaboration.notices.iter().find_map(|(notice_id, one)| {
        let given = &one.given;
        let holders = collaboration.holders(&given.body, check.day);
        let runs = given.capacity == NoticeCapacity::Party
            && given.service.as_ref() == Some(id)
            && runs_throughout(check, one)
            && holders.iter().any(|body| {
                let last = collaboration.last_move(body, EffectiveOrder::end_of(check.day));
                last.is_some_and(|last| last.joined)
            });
        runs.then(|| (notice_id.clone(), one.takes_effect_on(check.day)))
    });
    if let Some((notice, takes_effect_on)) = running {
        report_still_running(check, "service_id", &notice, takes_effect_on);
    }
}
