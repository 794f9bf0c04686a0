//! Rules for the publication of instruments: by those that made them.

use super::event_check::EventCheck;
use super::instrument_checks::{makers, require_instrument};
use crate::domain::approval::describe::listed;
use crate::domain::event::{Actor, InstrumentPublished, InstrumentWithheld};
use crate::domain::fault::Fault;
use crate::domain::ids::InstrumentId;

pub(super) fn instrument_published(check: &mut EventCheck<'_>, event: &InstrumentPublished) {
    require_maker(check, &event.instrument);
}

pub(super) fn instrument_withheld(check: &mut EventCheck<'_>, event: &InstrumentWithheld) {
    require_maker(check, &event.instrument);
}

/// Requires that the actor is one of the makers of the instrument.
fn require_maker(check: &mut EventCheck<'_>, id: &InstrumentId) {
    let Some(instrument) = require_instrument(check, "instrument_id", id) else {
        return;
    };
    let makers = makers(check, instrument);
    let maker = check.entry.event.acted_by.as_ref().and_then(Actor::body);
    if let Some(body) = maker
        && !makers.contains(body)
        && !instrument.drafted.signatories_unknown
    {
        let fault = Fault::NotASignatory {
            body: body.clone(),
            instrument: id.clone(),
            signatories: listed(&makers),
        };
        check.report_at("acted_by.body_id", fault);
    }
}
