//! Rules for events about settlements: the bodies, the dispute and the notice that they
//! name exist. One that has left may pay or be paid after that, and more than is due.

use super::event_check::EventCheck;
use crate::event::{SettlementAgreed, SettlementPaid, SettlementWrittenOff};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::{BodyId, ItemId, SubjectId};

pub(super) fn settlement_agreed(check: &mut EventCheck<'_>, event: &SettlementAgreed) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.settlements.get(&event.id));
    check.require_free("settlement_id", "settlement", &event.id, taken);
    if let Some(payer) = &event.payer {
        check.require_body("payer_id", payer);
    }
    check.require_bodies("payee_ids", &event.payees);
    if let Some(dispute) = &event.dispute {
        let found = check.dossier().and_then(|d| d.disputes.get(dispute));
        let found = found.map(|dispute| ((), dispute.raised.on()));
        check.require_item("dispute_id", "dispute", dispute, found);
    }
    if let Some(leaving) = &event.leaving {
        require_party_once(check, leaving);
    }
    if let Some(notice) = &event.notice {
        check_notice(check, event, notice);
    }
}

/// Requires that the body is a party on the day, or was one before.
fn require_party_once(check: &mut EventCheck<'_>, body: &BodyId) {
    let id = SubjectId::Body(body.clone());
    if check.register.subject(&id).is_none() {
        check.require_body("leaving_id", body);
        return;
    }
    let by_then = EffectiveOrder::end_of(check.on.last_day());
    let collaboration = check.collaboration();
    let was_party = collaboration.is_some_and(|c| c.last_move(body, by_then).is_some());
    if !was_party && collaboration.is_some() {
        let (body, of, on) = (body.clone(), check.id().clone(), check.on);
        let way_out = String::new();
        let fault = Fault::NotAParty {
            body,
            of,
            on,
            way_out,
        };
        check.report("leaving_id", fault);
    }
}

/// Requires that the notice is on record, and that of the body that leaves.
fn check_notice(check: &mut EventCheck<'_>, event: &SettlementAgreed, id: &ItemId) {
    let collaboration = check.collaboration();
    let found = collaboration.and_then(|c| c.notices.get(id));
    let found = found.map(|notice| (notice, notice.given.on()));
    let Some(notice) = check.require_item("notice_id", "notice", id, found) else {
        return;
    };
    let (day, giver) = (check.day, &notice.given.body);
    let is_that_of = |body: &BodyId| {
        collaboration
            .is_some_and(|c| c.is_or_follows(body, giver, day) || c.is_or_follows(giver, body, day))
    };
    if let Some(body) = event.leaving.clone().filter(|body| !is_that_of(body)) {
        let (notice, giver) = (id.clone(), giver.clone());
        let fault = Fault::NoticeOfAnother {
            notice,
            giver,
            body,
        };
        check.report("notice_id", fault);
    }
}

pub(super) fn settlement_paid(check: &mut EventCheck<'_>, event: &SettlementPaid) {
    require_settlement(check, &event.id);
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.payment(&event.payment));
    check.require_free("payment_id", "payment", &event.payment, taken);
}

pub(super) fn settlement_written_off(check: &mut EventCheck<'_>, event: &SettlementWrittenOff) {
    require_settlement(check, &event.id);
    let order = check.effective_order();
    let left = check.subject().and_then(|subject| {
        let settlement = subject.dossier.settlements.get(&event.id)?;
        settlement.left_to_write_off(subject, order)
    });
    if let Some((left, amount)) = left.zip(event.amount)
        && amount > left
    {
        let of = format!("the settlement {}", event.id);
        check.report("amount_pence", Fault::MoreThanIsLeft { of, amount, left });
    }
}

fn require_settlement(check: &mut EventCheck<'_>, id: &ItemId) {
    let found = check.dossier().and_then(|d| d.settlements.get(id));
    let found = found.map(|settlement| ((), settlement.agreed.on()));
    check.require_item("settlement_id", "settlement", id, found);
}
