//! What surrounds a collaboration or a body: audits, reviews, risks, disputes,
//! grants.

use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::Sheet;
use crate::wire::proto::{AssuranceView, ConcernView, GrantView};

/// Audits and reviews.
pub fn reports(reports: &[AssuranceView]) -> Sheet {
    let mut sheet = Sheet::new("assurance", "Audits and reviews")
        .with_prose()
        .columns([
            ("assurance_id", "Id"),
            ("title", "What was looked at"),
            ("by", "By"),
            ("rating", "Rating"),
            ("rating_scale", "Scale"),
            ("commissioned_on", "Commissioned"),
            ("published_on", "Published"),
            ("open_recommendation_count", "Open recommendations"),
            ("findings", "Findings"),
        ]);
    for it in reports {
        sheet.row(vec![
            (&it.assurance_id).into(),
            (&it.title).into(),
            (&it.by).into(),
            (&it.rating).into(),
            (&it.rating_scale).into(),
            (&it.commissioned_on).into(),
            match &it.published_on {
                Some(day) => day.into(),
                None => Cell::named("", "awaited"),
            },
            it.open_recommendation_count.into(),
            (&it.findings).into(),
        ]);
    }
    sheet
}

/// Risks, disputes, assumptions that do not hold.
pub fn concerns(concerns: &[ConcernView]) -> Sheet {
    let mut sheet = Sheet::new("concerns", "Risks, disputes and failed assumptions")
        .with_prose()
        .columns([
            ("concern_id", "Id"),
            ("kind", "Kind"),
            ("what", "What"),
            ("actors", "Whose"),
            ("severity", "Severity"),
            ("raised_on", "Raised"),
            ("closed_on", "Closed"),
            ("outcome", "Outcome"),
        ]);
    for it in concerns {
        sheet.row(vec![
            (&it.concern_id).into(),
            word(it.kind()),
            (&it.what).into(),
            (&it.actors).into(),
            (&it.severity).into(),
            (&it.raised_on).into(),
            (&it.closed_on).into(),
            (&it.outcome).into(),
        ]);
    }
    sheet
}

/// Grants.
pub fn grants(grants: &[GrantView]) -> Sheet {
    let mut sheet = Sheet::new("grants", "Grants").columns([
        ("grant_id", "Id"),
        ("purpose", "What for"),
        ("from", "From"),
        ("to", "To"),
        ("service_id", "Service"),
        ("amount", "Amount"),
        ("financial_year", "Year"),
        ("awarded_on", "Awarded"),
    ]);
    for it in grants {
        sheet.row(vec![
            (&it.grant_id).into(),
            (&it.purpose).into(),
            (&it.from).into(),
            (&it.to).into(),
            (&it.service_id).into(),
            if it.amount_pence == 0 {
                Cell::named("", "not stated")
            } else {
                Cell::Pence(it.amount_pence)
            },
            (&it.financial_year).into(),
            (&it.awarded_on).into(),
        ]);
    }
    sheet
}
