//! Rules for leaving a collaboration: on notice, released by the others, or by law.

use super::event_check::EventCheck;
use super::notices::{are_all, report_still_running, require_no_mandate, runs_throughout};
use crate::domain::certainty::Certainty;
use crate::domain::collaboration::{Collaboration, MandateScope};
use crate::domain::event::{Authority, NoticeCapacity, PartyWithdrew};
use crate::domain::fault::Fault;
use crate::domain::ids::BodyId;
use crate::domain::notice_clause::{self, Exit};

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
    if collaboration.lead(check.day) == Some(&event.body) {
        report_still_leads(check, &event.body, check.id().to_string());
    }
    for (id, service) in &collaboration.services {
        if service.in_place(check.day)
            && collaboration.service_lead(service, check.day) == Some(&event.body)
        {
            report_still_leads(check, &event.body, format!("the service {id}"));
        }
    }
    let Some(id) = &event.notice else {
        let is_released = event.legal_basis.is_some()
            || are_all(check, collaboration, &event.body, &event.agreed_by)
            || has_proposal(check);
        if is_party && !is_released {
            check_without_notice(check, collaboration, event);
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
    let is_used = joined.is_some_and(|joined| notice.given.effective_order() < joined.order);
    if !fits || is_used || notice.is_revoked(check.day) {
        let (notice, body) = (id.clone(), event.body.clone());
        check.report("notice_id", Fault::NoticeDoesNotFit { notice, body });
    } else if runs_throughout(check, notice) {
        report_still_running(check, "notice_id", id, notice.takes_effect_on(check.day));
    }
}

/// Whether the withdrawal rests on a proposal for it: rule 5 judges whether that was
/// carried.
fn has_proposal(check: &EventCheck<'_>) -> bool {
    let Some(Authority::Proposal(id)) = &check.entry.event.authority else {
        return false;
    };
    let proposal = check
        .dossier()
        .and_then(|dossier| dossier.proposals.get(id));
    let done = check.entry.event.kind.act();
    let (Some(proposal), Some(done)) = (proposal, done) else {
        return false;
    };
    let parts = proposal.act().parts();
    parts.iter().any(|part| part.difference(&done).is_none())
}

/// Requires that a withdrawal without notice needs none.
fn check_without_notice(
    check: &mut EventCheck<'_>,
    collaboration: &Collaboration,
    event: &PartyWithdrew,
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
