//! Rules for the publication of instruments, by those that made them, and of decisions: no
//! part after the whole.

use super::event_check::EventCheck;
use super::instrument_checks::{makers, require_instrument};
use crate::domain::approval::describe::listed;
use crate::domain::date::PartialDate;
use crate::domain::dossier::Decision;
use crate::domain::event::{Actor, DecisionPublished, InstrumentPublished, InstrumentWithheld};
use crate::domain::fault::Fault;
use crate::domain::ids::InstrumentId;

pub(super) fn instrument_published(check: &mut EventCheck<'_>, event: &InstrumentPublished) {
    require_maker(check, &event.instrument);
}

pub(super) fn instrument_withheld(check: &mut EventCheck<'_>, event: &InstrumentWithheld) {
    require_maker(check, &event.instrument);
}

/// Requires that no part of a decision is published after the whole, whatever the order in
/// which both are recorded.
pub(super) fn check_extent(
    check: &mut EventCheck<'_>,
    event: &DecisionPublished,
    decision: &Decision,
) {
    let is_after = |one: PartialDate, other: PartialDate| one.first_day() > other.last_day();
    let mut published = decision.published.iter();
    let on = check.on;
    let other = published.find(|other| {
        other.in_part != event.in_part
            && match event.in_part {
                true => is_after(on, other.on()),
                false => is_after(other.on(), on),
            }
    });
    if let Some(other) = other {
        let (position, on) = (other.position(), other.on());
        let (field, what) = match event.in_part {
            true => (
                "in_part",
                format!(
                    "the whole of the decision {}, published on {on} (entry {position}),",
                    event.decision
                ),
            ),
            false => (
                "in_part",
                format!(
                    "a part of the decision {}, published later, on {on} (entry {position}),",
                    event.decision
                ),
            ),
        };
        check.report(field, Fault::AlreadySo { what });
    }
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
