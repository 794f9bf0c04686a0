//! Audits, reviews, consultations, risks, disputes and grants of a subject.

use crate::cell::Cell;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{AssuranceView, ConcernView, ConsultationView, GrantView};

pub fn reports(reports: &[AssuranceView]) -> Sheet {
    let mut sheet = Sheet::new("assurance", "Audits and reviews")
        .with_prose()
        .columns([
            ("assurance_id", "Id"),
            ("title", "Title"),
            ("by", "By"),
            ("rating", "Rating"),
            ("rating_scale", "Scale"),
            ("commissioned_on", "Commissioned"),
            ("due_on", "Due"),
            ("published_on", "Published"),
            ("open_recommendation_count", "Open recommendations"),
            ("scope", "Scope"),
            ("findings", "Findings"),
        ]);
    for report in reports {
        sheet.row(vec![
            (&report.assurance_id).into(),
            (&report.title).into(),
            (&report.by).into(),
            (&report.rating).into(),
            (&report.rating_scale).into(),
            (&report.commissioned_on).into(),
            (&report.due_on).into(),
            match &report.published_on {
                Some(day) => day.into(),
                None => Cell::named("", "awaited"),
            },
            report.open_recommendation_count.into(),
            (&report.scope).into(),
            (&report.findings).into(),
        ]);
    }
    sheet
}

pub fn consultations(consultations: &[ConsultationView]) -> Sheet {
    let mut sheet = Sheet::new("consultations", "Consultations")
        .with_prose()
        .columns([
            ("consultation_id", "Id"),
            ("about", "About"),
            ("instrument_id", "Instrument"),
            ("consulted", "Consulted"),
            ("others_consulted", "Others"),
            ("since_on", "Since"),
            ("closes_on", "Closes"),
            ("outcome", "Outcome"),
            ("remark", "Remark"),
        ]);
    for consultation in consultations {
        sheet.row(vec![
            (&consultation.consultation_id).into(),
            (&consultation.about).into(),
            (&consultation.instrument_id).into(),
            (&consultation.consulted).into(),
            (&consultation.others_consulted).into(),
            (&consultation.since_on).into(),
            (&consultation.closes_on).into(),
            (&consultation.outcome).into(),
            (&consultation.remark).into(),
        ]);
    }
    sheet
}

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
            ("settlement_ids", "Settlements"),
        ]);
    for concern in concerns {
        sheet.row(vec![
            (&concern.concern_id).into(),
            Cell::label(concern.kind()),
            (&concern.what).into(),
            (&concern.actors).into(),
            (&concern.severity).into(),
            (&concern.raised_on).into(),
            (&concern.closed_on).into(),
            (&concern.outcome).into(),
            (&concern.settlement_ids).into(),
        ]);
    }
    sheet
}

pub fn grants(grants: &[GrantView]) -> Sheet {
    let mut sheet = Sheet::new("grants", "Grants").columns([
        ("grant_id", "Id"),
        ("purpose", "Purpose"),
        ("from", "From"),
        ("to", "To"),
        ("service_id", "Service"),
        ("amount", "Amount"),
        ("financial_year", "Year"),
        ("awarded_on", "Awarded"),
    ]);
    sheet.column_for(Audience::Programs, "amount_is", "");
    for grant in grants {
        sheet.in_currency(&grant.currency);
        sheet.row(vec![
            (&grant.grant_id).into(),
            (&grant.purpose).into(),
            (&grant.from).into(),
            (&grant.to).into(),
            (&grant.service_id).into(),
            if grant.amount_pence == 0 {
                Cell::named("", "not stated")
            } else {
                Cell::known_amount(grant.amount_pence, grant.amount_is())
            },
            (&grant.financial_year).into(),
            Cell::dated(&grant.awarded_on, grant.awarded_on_is()),
            Cell::label(grant.amount_is()),
        ]);
    }
    sheet
}
