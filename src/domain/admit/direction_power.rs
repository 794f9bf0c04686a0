//! Rules for the power behind a direction: who can issue it, and about which
//! collaborations.

use super::event_check::EventCheck;
use crate::approval::acts_as;
use crate::event::{Actor, BodyKind, DirectionIssued};
use crate::fault::Fault;
use crate::ids::BodyId;

/// Requires a legal basis where the Police Act gives none: it is about agreements to which
/// a police body is party (ss.23FA, 23G, 23H; s.22A(2)).
pub(super) fn check_power(check: &mut EventCheck<'_>, event: &DirectionIssued) {
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    if event.legal_basis.is_some() || !event.is_of_the_crown() {
        return;
    }
    // A transport or nuclear police authority is an other body (s.23I).
    let police = [
        BodyKind::PolicingBody,
        BodyKind::ChiefOfficer,
        BodyKind::Other,
    ];
    let is_police = |body: &BodyId| {
        let mut kinds = police.into_iter();
        kinds.any(|kind| acts_as(check.register, body, kind, check.day))
    };
    let parties = collaboration.parties(check.day);
    if !parties.is_empty() && !parties.iter().any(is_police) {
        let of = check.id().clone();
        check.report("legal_basis", Fault::NoPolicePower { of });
    }
}

/// Requires that what only the Secretary of State can direct is directed by the Crown. An
/// office that belongs to no registered body may be the Secretary of State's.
pub(super) fn check_issuer(check: &mut EventCheck<'_>, event: &DirectionIssued) {
    if let Some(body) = event.issuer.as_ref().and_then(Actor::body)
        && !check.require_body("issuer.body_id", body)
    {
        return;
    }
    let (field, issuer) = match (&event.issuer, &check.entry.event.acted_by) {
        (Some(issuer), _) => ("direction_issued.issuer", issuer),
        (None, Some(acted_by)) => ("acted_by", acted_by),
        (None, None) => return,
    };
    let Some(body) = issuer.body() else {
        return;
    };
    let is_crown = acts_as(check.register, body, BodyKind::Government, check.day);
    if event.is_of_the_crown() && !is_crown {
        let issuer = issuer.to_string();
        check.report_at(field, Fault::NotTheSecretaryOfState { issuer });
    }
}
