//! Rules for events about money: the services, bodies and items that they name exist.

use super::event_check::EventCheck;
use crate::event::{GrantAwarded, Head};

pub(super) fn require_head(check: &mut EventCheck<'_>, field: String, head: &Head) {
    if let Some(service) = &head.service {
        check.require_service(format_args!("{field}service_id"), service);
    }
}

pub(super) fn grant_awarded(check: &mut EventCheck<'_>, event: &GrantAwarded) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.grants.get(&event.grant));
    check.require_free("grant_id", "grant", &event.grant, taken);
    if let Some(from) = &event.from {
        check.require_body("from_id", from);
    }
    if let Some(to) = &event.to {
        check.require_body("to_id", to);
    }
    check.require_optional_service("service_id", event.service.as_ref());
}
