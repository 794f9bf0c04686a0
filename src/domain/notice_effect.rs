//! The effect of notices: whether what they announced has been done.

use jiff::civil::Date;

use super::collaboration::Collaboration;
use super::event::{NoticeCapacity, NoticeGiven};
use super::fact::EffectiveOrder;
use super::ids::BodyId;
use super::instrument::Instrument;
use super::notice::Notice;
use super::subject::Subject;

/// Whether what a notice announced has been done by a day: the body, or the body in its
/// place, has left, or leads no more; or the instrument that it named, or that ended by it,
/// is over.
pub fn was_acted_on(subject: &Subject, notice: &Notice, day: Date) -> bool {
    let Some(collaboration) = subject.as_collaboration() else {
        return false;
    };
    let given = &notice.given;
    let mut instruments = subject.dossier.instruments.values();
    if given.capacity == NoticeCapacity::Party
        && instruments.any(|instrument| is_over_by(instrument, given, day))
    {
        return true;
    }
    if collaboration.is_of_instrument_alone(given, given.day()) {
        return false;
    }
    if collaboration.was_given_up_on(&given.notice, day) {
        return true;
    }
    let holders = collaboration.holders(&given.body, day).into_iter();
    let mut still = holders.filter(|body| is_there(collaboration, notice, body, day));
    still.next().is_none()
}

/// Whether a notice ended an instrument, or the one that it names is over.
fn is_over_by(instrument: &Instrument, given: &NoticeGiven, day: Date) -> bool {
    let ended = instrument.ended.at(day);
    let named = given.instrument.as_ref() == Some(&instrument.drafted.instrument);
    named && (ended.is_some() || instrument.superseded.at(day).is_some())
        || ended.is_some_and(|ended| ended.basis.notices.contains(&given.notice))
}

/// Whether a body still is what it was when it, or the one before it, gave a notice.
fn is_there(collaboration: &Collaboration, notice: &Notice, body: &BodyId, day: Date) -> bool {
    let given = &notice.given;
    let service = given
        .service
        .as_ref()
        .map(|id| collaboration.service(id, day));
    match (given.capacity, service) {
        (_, Some(None)) => false,
        (NoticeCapacity::Party, Some(Some(service))) => {
            collaboration.service_parties(service, day).contains(body)
        }
        (NoticeCapacity::Lead, Some(Some(service))) => {
            collaboration.service_leads_by(service, day).contains(&body)
        }
        (NoticeCapacity::Lead, None) => collaboration.leads_by(day).contains(&body),
        // One that joined again after it had left is not the party that gave notice.
        (NoticeCapacity::Party, None) => {
            let takes_effect_on = notice.takes_effect_on(day);
            let last = collaboration.last_move(body, EffectiveOrder::end_of(day));
            last.is_some_and(|last| last.joined && last.order.day <= takes_effect_on.last_day())
        }
    }
}
