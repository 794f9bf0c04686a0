//! Rules for leaving a collaboration: on notice, released by the others, or by law.

use std::collections::BTreeSet;

use super::agreement::{not_agreed, not_decided};
use super::event_check::EventCheck;
use super::notices::{are_all, report_still_running, require_no_mandate, runs_throughout};
use crate::approval::describe::listed;
use crate::certainty::Certainty;
use crate::collaboration::{Collaboration, MandateScope};
use crate::event::{NoticeCapacity, PartyWithdrew};
use crate::fault::Fault;
use crate::ids::BodyId;
use crate::notice_clause::{self, Exit};

pub(super) fn party_withdrew(check: &mut EventCheck<'_>, event: &PartyWithdrew) {
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    // A body that was followed has left with that: the entry only says so again. No
    // notice, approval or end of a mandate was needed (Police Act 1996 s.23C).
    if check.says_succession_again() {
        return;
    }
    let is_party = check.require_party("body_id", &event.body);
    // The law goes before a direction under it.
    if event.legal_basis.is_none() {
        let scope = MandateScope::Party(&event.body);
        require_no_mandate(check, collaboration, "body_id", scope);
    }
    for (i, body) in event.agreed_by.iter().enumerate() {
        check.require_party(format_args!("agreed_by_ids[{i}]"), body);
    }
    // One that gives up the place of a body before it remains in its others.
    let remains = event.notice.as_ref().is_some_and(|id| {
        let notice = collaboration.notices.get(id);
        notice.is_some_and(|one| collaboration.remains(&event.body, &one.given.body, check.day))
    });
    if !remains && collaboration.lead(check.day) == Some(&event.body) {
        report_still_leads(check, &event.body, check.id().to_string());
    }
    for (id, service) in &collaboration.services {
        if !remains
            && service.in_place(check.day)
            && collaboration.service_lead(service, check.day) == Some(&event.body)
        {
            report_still_leads(check, &event.body, format!("the service {id}"));
        }
    }
    let Some(id) = &event.notice else {
        let not_released = not_released(check, collaboration, event);
        let is_released = event.legal_basis.is_some()
            || are_all(check, collaboration, &event.body, &event.agreed_by)
            || not_released.as_ref().is_some_and(BTreeSet::is_empty);
        if is_party && !is_released {
            let why = not_released.map_or_else(String::new, |others| {
                let others = listed(&others);
                format!("; the proposal that is named releases it only once {others} decide it too")
            });
            check_without_notice(check, collaboration, event, &why);
        }
        return;
    };
    if !is_party {
        return;
    }
    let found = collaboration
        .notices
        .get(id)
        .map(|notice| (notice, notice.given.on()));
    let Some(notice) = check.require_item("notice_id", "notice", id, found) else {
        return;
    };
    let fits = collaboration.is_or_follows(&event.body, &notice.given.body, check.day)
        && notice.given.capacity == NoticeCapacity::Party
        && notice.given.service.is_none();
    // A notice given before the body last joined was used when it left.
    let joined = collaboration.last_move(&event.body, check.effective_order());
    let is_used = joined.is_some_and(|joined| notice.given.effective_order() < joined.order)
        || collaboration.was_given_up_on(id, check.on.last_day());
    if !fits || is_used || notice.is_revoked(check.day) {
        let (notice, body) = (id.clone(), event.body.clone());
        check.report("notice_id", Fault::NoticeDoesNotFit { notice, body });
    } else if runs_throughout(check, notice) {
        report_still_running(check, "notice_id", id, notice.takes_effect_on(check.day));
    }
}

/// The other parties that have not decided the proposal on which the withdrawal rests; `None`
/// if it names none.
fn not_released(
    check: &EventCheck<'_>,
    collaboration: &Collaboration,
    event: &PartyWithdrew,
) -> Option<BTreeSet<BodyId>> {
    let mut others = collaboration.parties(check.day);
    others.retain(|body| !collaboration.is_or_follows(body, &event.body, check.day));
    let decided = not_decided(check, &others)?;
    let awaited = not_agreed(check, &others, &event.agreed_by);
    Some(decided.intersection(&awaited).cloned().collect())
}

/// Requires that a withdrawal without notice needs none.
fn check_without_notice(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    event: &PartyWithdrew,
    why: &str,
) {
    if let Some((id, notice)) = collaboration.notices.iter().find(|(_, notice)| {
        collaboration.is_or_follows(&event.body, &notice.given.body, check.day)
            && notice.given.capacity == NoticeCapacity::Party
            && notice.given.service.is_none()
            && runs_throughout(check, notice)
    }) {
        report_still_running(check, "notice_id", id, notice.takes_effect_on(check.day));
        return;
    }
    let exit = Exit {
        body: &event.body,
        capacity: NoticeCapacity::Party,
        service: None,
    };
    let Some(subject) = check.subject() else {
        return;
    };
    let binds = check.on.holds(|day| {
        let mut clauses = notice_clause::binding(check.id(), subject, exit, day);
        clauses.any(|clause| clause.period.asks_notice(day))
    });
    if binds != Certainty::Certain {
        return;
    }
    for clause in notice_clause::binding(check.id(), subject, exit, check.day) {
        if clause.period.asks_notice(check.day) {
            let fault = Fault::NoticeRequired {
                instrument: clause.instrument.clone(),
                months: clause.period.months,
                asks: clause.period,
                why: why.to_owned(),
            };
            check.report("notice_id", fault);
        }
    }
}

fn report_still_leads(check: &mut EventCheck<'_>, body: &BodyId, leads: String) {
    check.report(
        "body_id",
        Fault::StillLeads {
            body: body.clone(),
            leads,
            on: check.on,
        },
    );
}
