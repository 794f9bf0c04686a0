//! Rules for renewals: by an option of the terms, or by the agreement of the parties.

use super::agreement::not_agreed;
use super::event_check::EventCheck;
use super::instrument_checks::{
    must_agree, present, require_instrument, require_not_over, require_signatories, required,
};
use crate::approval::describe::listed;
use crate::date::PartialDate;
use crate::event::InstrumentRenewed;
use crate::extension::NoOption;
use crate::fault::Fault;
use crate::ids::BodyId;
use crate::instrument::{InForce, Instrument};
use crate::signatories::bound_signatories;
use crate::succession::is_or_follows;

pub(super) fn instrument_renewed(check: &mut EventCheck<'_>, event: &InstrumentRenewed) {
    let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) else {
        return;
    };
    require_not_over(check, "instrument_id", &event.instrument, instrument);
    let expires_on = instrument.expires_on(check.day);
    if let (Some(expires_on), Some(renewed_to)) = (expires_on, event.expires_on)
        && (renewed_to == expires_on || !renewed_to.is_after(expires_on).may_be())
    {
        let instrument = event.instrument.clone();
        check.report(
            "expires_on",
            Fault::RenewalNotLater {
                instrument,
                expires_on,
            },
        );
        return;
    }
    let has_run_out = expires_on.is_some_and(|until| !check.on.is_by(until).may_be());
    if let Some(until) = expires_on.filter(|until| leaves_gap(check, event, *until)) {
        let (instrument, on) = (event.instrument.clone(), check.on);
        let fault = Fault::RenewedAfterExpiry {
            instrument,
            until,
            on,
        };
        check.report("with_effect_from_on", fault);
        return;
    }
    check_basis(check, event, instrument, has_run_out);
}

/// Whether a renewal has effect only later than the day after the term.
fn leaves_gap(check: &EventCheck<'_>, event: &InstrumentRenewed, until: PartialDate) -> bool {
    let on = event.with_effect_from.unwrap_or(check.on);
    let Ok(next) = until.last_day().tomorrow() else {
        return false;
    };
    match event.with_effect_from {
        Some(_) => !on.is_by(next.into()).may_be(),
        None => !on.is_by(until).may_be(),
    }
}

/// Requires that an option allows it, or that those agree who would have to agree to a
/// variation.
fn check_basis(
    check: &mut EventCheck<'_>,
    event: &InstrumentRenewed,
    instrument: &Instrument,
    has_run_out: bool,
) {
    let id = &event.instrument;
    let makers = present(check, instrument);
    require_signatories(check, "agreed_by_ids", id, &makers, &event.agreed_by);
    if let Some(body) = &event.exercised_by
        && check.require_body("exercised_by_id", body)
        && !makers.contains(body)
    {
        let (body, instrument) = (body.clone(), id.clone());
        let signatories = listed(&makers);
        let fault = Fault::NotASignatory {
            body,
            instrument,
            signatories,
        };
        check.report("exercised_by_id", fault);
        return;
    }
    let must_agree = must_agree(check, instrument);
    // A body alone decides about its own document.
    let is_reported = event.agreed_by_not_given && !check.entry.event.sources.is_empty();
    if must_agree.len() < 2 || is_reported {
        return;
    }
    let missing = not_agreed(check, &must_agree, &event.agreed_by);
    if missing.is_empty() {
        return;
    }
    let options =
        match (has_run_out, exercises_none(check, event, instrument)) {
            (true, _) => Err("the term had run out, and with it every option".to_owned()),
            (false, Some(why)) => Err(why),
            (false, None) => instrument
                .options_for(check.on, event.expires_on)
                .map_err(|why| match why {
                    NoOption::NoneLeft => "its terms have no option that is left".to_owned(),
                    NoOption::Beyond(until) => format!("its options reach {until} at the latest"),
                    NoOption::Lapsed(by) => format!("the option was to be exercised by {by}"),
                    NoOption::OtherLength(until) => format!(
                        "the option extends it to {until}, and by no other time; one that gives a \
                     time of up to its months says so in up_to"
                    ),
                }),
        };
    match options {
        Err(why) => {
            let fault = Fault::RenewalNotAgreed {
                instrument: id.clone(),
                why,
                missing: listed(&missing),
            };
            check.report("agreed_by_ids", fault);
        }
        Ok(options) => {
            let lacks = options.iter().find(|option| {
                let named = event.exercised_by.as_ref();
                let is_held = |body| holds(check, &option.holders, body);
                !option.holders.is_empty() && !named.is_some_and(is_held)
            });
            if let Some(option) = lacks {
                let fault = Fault::NotTheOptionHolder {
                    instrument: id.clone(),
                    holders: listed(&option.holders),
                };
                check.report("exercised_by_id", fault);
            }
        }
    }
}

/// Why a body exercises no option: the instrument binds nobody yet, or not that body any
/// more.
fn exercises_none(
    check: &EventCheck<'_>,
    event: &InstrumentRenewed,
    instrument: &Instrument,
) -> Option<String> {
    let standing = instrument.standing(&required(check, instrument), check.on.last_day());
    if standing == InForce::AwaitingSignature {
        return Some("not all have signed it, so it gives no option yet".to_owned());
    }
    let body = event.exercised_by.as_ref()?;
    let at = check.effective_order();
    let bound = bound_signatories(check.id(), check.subject()?, instrument, at, check.day);
    (!bound.contains(body)).then(|| format!("{body} had left by then, and exercises none"))
}

/// Whether a body is among the holders of an option, or in the place of one.
fn holds(check: &EventCheck<'_>, holders: &[BodyId], body: &BodyId) -> bool {
    let followed = check
        .subject()
        .and_then(|subject| subject.followed.as_ref());
    let mut holders = holders.iter();
    holders.any(|holder| is_or_follows(followed, body, holder, check.day))
}
