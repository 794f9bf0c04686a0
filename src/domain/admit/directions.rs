//! Rules for directions: what they are about, and what they revoke.

use super::direction_power;
use super::event_check::EventCheck;
use super::notices::require_running;
use crate::approval::acts_as;
use crate::event::{BodyKind, DirectionIssued, DirectionKind};
use crate::fault::Fault;
use crate::ids::ItemId;

pub(super) fn direction_issued(check: &mut EventCheck<'_>, event: &DirectionIssued) {
    let taken = check
        .collaboration()
        .and_then(|c| c.directions.get(&event.direction));
    check.require_free("direction_id", "direction", &event.direction, taken);
    direction_power::check_issuer(check, event);
    direction_power::check_power(check, event);
    for (i, id) in event.services.iter().enumerate() {
        // It may be older than the service.
        let known = check
            .collaboration()
            .is_none_or(|c| c.services.contains_key(id));
        if !known {
            check.require_service(format_args!("service_ids[{i}]"), id);
        }
    }
    check.require_bodies("addressee_ids", &event.addressees);
    if let Some(id) = &event.instrument {
        super::instrument_checks::require_instrument(check, "instrument_id", id);
    }
    if let Some(id) = &event.revokes {
        require_revocable(check, &event.kind, id);
    }
    if let DirectionKind::MandateLifted(id) = &event.kind {
        let field = "lifts_direction_id";
        let mandate = check
            .collaboration()
            .and_then(|c| c.directions.get(id))
            .filter(|direction| direction.kind == DirectionKind::Mandate);
        let mandate = check.require_item(field, "mandate", id, mandate.map(|m| (m, m.on())));
        if let (Some(mandate), Some(collaboration)) = (mandate, check.collaboration())
            && collaboration.is_lifted(mandate, check.day)
        {
            let (id, closed_on) = (id.to_string(), check.on);
            check.report(
                field,
                Fault::ItemClosed {
                    what: "mandate",
                    id,
                    closed_on,
                },
            );
        }
    }
    if let Some((notice, to)) = &event.notice {
        require_running(check, "notice_id", notice);
        // A direction may take effect at once, and not on an earlier day.
        if let (true, Ok(than)) = (to.first_day() < check.day, check.day.yesterday()) {
            let (than, on) = (than.into(), *to);
            check.report("takes_effect_on", Fault::NotLater { than, on });
        }
    }
}

/// Requires that the direction is on record, has not been revoked, and can be by another of
/// this kind: a mandate is lifted or replaced by a mandate alone.
fn require_revocable(check: &mut EventCheck<'_>, kind: &DirectionKind, id: &ItemId) {
    let field = "lifts_direction_id";
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    let of_mandate = *kind == DirectionKind::Mandate;
    let what = match of_mandate {
        true => "mandate",
        false => "direction other than a mandate",
    };
    let found = collaboration.directions.get(id);
    let found = found.filter(|one| (one.kind == DirectionKind::Mandate) == of_mandate);
    let found = check.require_item(field, what, id, found.map(|one| (one, one.on())));
    if let Some(found) = found
        && let Some(by) = collaboration.lifted_by(&found.direction, check.day)
    {
        let (id, closed_on) = (id.to_string(), by.on());
        let what = "direction";
        check.report(
            field,
            Fault::ItemClosed {
                what,
                id,
                closed_on,
            },
        );
    }
}

/// Requires that the direction is on record, and of a kind that requires or ends
/// something.
pub(super) fn require_direction(check: &mut EventCheck<'_>, field: &str, id: &ItemId) {
    let found = check.collaboration().and_then(|c| c.directions.get(id));
    let found = found.filter(|direction| {
        matches!(
            direction.kind,
            DirectionKind::Terminate | DirectionKind::Direct
        )
    });
    let what = "direction that directs or terminates";
    let found = found.map(|direction| (direction, direction.on()));
    let found = check.require_item(field, what, id, found);
    // A party decides nothing for the others by calling it a direction.
    let issuer = found.and_then(|direction| {
        let acted_by = direction.source.entry.event.acted_by.as_ref();
        direction.issuer.as_ref().or(acted_by)?.body()
    });
    if let (Some(issuer), Some(collaboration)) = (issuer, check.collaboration())
        && collaboration.is_party(issuer, check.day)
        && !acts_as(check.register, issuer, BodyKind::Government, check.day)
    {
        let (direction, issuer) = (id.clone(), issuer.clone());
        check.report(field, Fault::DirectionOfAParty { direction, issuer });
    }
}
