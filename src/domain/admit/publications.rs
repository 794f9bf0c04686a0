//! Rules for the publication of instruments, by those that made them, and of decisions: no
//! part after the whole.

use super::event_check::EventCheck;
use super::instrument_checks::{makers, require_instrument};
use crate::approval::describe::listed;
use crate::date::PartialDate;
use crate::dossier::Decision;
use crate::event::{
    Actor, DecisionPublished, InstrumentPublished, InstrumentWithheld, PublicationExtent,
};
use crate::fault::Fault;
use crate::ids::{InstrumentId, Position};
use crate::instrument::Instrument;

pub(super) fn instrument_published(check: &mut EventCheck<'_>, event: &InstrumentPublished) {
    let Some(instrument) = require_maker(check, &event.instrument) else {
        return;
    };
    let maker = check.entry.event.acted_by.as_ref();
    let published = instrument.published.iter();
    // Each maker publishes it for itself.
    let own = published.filter(|fact| fact.source.entry.event.acted_by.as_ref() == maker);
    let own = own.map(|fact| Publication {
        on: fact.on(),
        is_whole: fact.extent == PublicationExtent::Whole,
        position: fact.position(),
    });
    let what = format!("the instrument {}", event.instrument);
    let is_whole = event.extent == PublicationExtent::Whole;
    check_order(check, "extent", &what, is_whole, own);
}

pub(super) fn instrument_withheld(check: &mut EventCheck<'_>, event: &InstrumentWithheld) {
    require_maker(check, &event.instrument);
}

/// Requires that no part of a decision is published after the whole.
pub(super) fn check_extent(
    check: &mut EventCheck<'_>,
    event: &DecisionPublished,
    decision: &Decision,
) {
    let published = decision.published.iter();
    let published = published.map(|fact| Publication {
        on: fact.on(),
        is_whole: !fact.in_part,
        position: fact.position(),
    });
    let what = format!("the decision {}", event.decision);
    check_order(check, "in_part", &what, !event.in_part, published);
}

/// A publication on record.
struct Publication {
    on: PartialDate,
    is_whole: bool,
    position: Position,
}

/// Requires that less than the whole is not published after the whole, whatever the order
/// in which both are recorded.
fn check_order(
    check: &mut EventCheck<'_>,
    field: &str,
    what: &str,
    is_whole: bool,
    mut published: impl Iterator<Item = Publication>,
) {
    let is_after = |one: PartialDate, other: PartialDate| one.first_day() > other.last_day();
    let on = check.on;
    let other = published.find(|other| match (other.is_whole, is_whole) {
        (true, false) => is_after(on, other.on),
        (false, true) => is_after(other.on, on),
        _ => false,
    });
    if let Some(other) = other {
        let (part, later) = match is_whole {
            false => ("the whole", ""),
            true => ("a part", " later"),
        };
        let what = format!(
            "{part} of {what}, published{later} on {} (entry {}),",
            other.on, other.position
        );
        check.report(field, Fault::AlreadySo { what });
    }
}

/// Requires that the actor is one of the makers of the instrument.
fn require_maker<'a>(check: &mut EventCheck<'a>, id: &InstrumentId) -> Option<&'a Instrument> {
    let instrument = require_instrument(check, "instrument_id", id)?;
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
    Some(instrument)
}
