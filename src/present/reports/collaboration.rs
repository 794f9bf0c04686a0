//! One collaboration in full.

use super::{
    assurance, boards, coming, contributions, course, directions, instruments, notices, parties,
    rules, services, settlements,
};
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{CollaborationView, DateIs, DependencyView, FormulaView};

/// Its facts, parties, services, instruments, and everything else about it.
pub fn in_full(view: &CollaborationView) -> Report {
    let mut sheets = vec![summary(view), parties::sheet(view)];
    sheets.extend(services::sheets(view));
    sheets.extend(instruments::sheets(&view.instruments));
    sheets.extend([
        rules::sheet(&view.approval_rules),
        course::delegations(&view.delegations),
        boards::sheet(&view.boards),
        notices::sheet(&view.notices, Audience::Programs),
        dependencies(&view.dependencies),
        opportunities(view),
        considered(view),
        directions::sheet(&view.directions),
        assurance::consultations(&view.consultations),
        formulas(&view.formulas),
        assurance::grants(&view.grants),
        assurance::reports(&view.assurance),
        assurance::concerns(&view.concerns),
        settlements::sheet(&view.settlements, Audience::Programs),
        left_over(view),
        inexact_dates(view),
        coming::sheet(&view.coming),
        coming::voided(&view.voided),
    ]);
    Report::Sections(sheets)
}

fn summary(view: &CollaborationView) -> Sheet {
    let summary = view.summary.clone().unwrap_or_default();
    let mut facts = Sheet::facts("summary");
    facts
        .fact("collaboration", &summary.name)
        .fact("id", &summary.collaboration_id)
        .fact("form", Cell::label(summary.kind()))
        .fact("standing", Cell::label(summary.standing()))
        .fact(
            "since",
            Cell::dated(&summary.established_on, summary.established_on_is()),
        )
        .fact(
            "until",
            Cell::dated(&summary.ended_on, summary.ended_on_is()),
        )
        .fact("ended by", Cell::label(view.end_cause()))
        .fact("reason for the end", &view.end_reason)
        .fact("end agreed by", &view.end_agreed_by)
        .fact("end by notice", &view.end_notice_ids)
        .fact("end by direction", &view.end_direction_id)
        .fact("end by law", &view.end_legal_basis)
        .fact("surviving instruments", &view.surviving_instrument_ids)
        .fact("replaced by", &view.replaced_by)
        .fact("lead", &summary.lead)
        .fact(
            "lead to be settled",
            Cell::list(summary.lead_to_be_settled.iter().map(Cell::from)),
        )
        .fact("one party since", &view.one_party_since_on)
        .fact("nobody leads since", &view.lead_ended_on)
        .fact("why nobody leads", &view.lead_ended_reason)
        .fact("host", &view.host)
        .fact("other hosts", &view.other_hosts)
        .fact("legal basis", &view.legal_basis)
        .fact("purpose", &view.purpose)
        .fact("aliases", &view.aliases)
        .fact("part of", &view.part_of)
        .fact("parts", &view.parts)
        .fact("approvals", &view.approval_regime);
    facts
}

pub(super) fn dependencies(dependencies: &[DependencyView]) -> Sheet {
    let mut sheet = Sheet::new("dependencies", "Dependencies")
        .with_prose()
        .columns([
            ("dependency_id", "Id"),
            ("what", "Dependent"),
            ("depends_on", "Depends on"),
            ("collaboration", "Collaboration"),
            ("service_id", "Service"),
            ("consequence", "Consequence"),
            ("noted_on", "Noted"),
        ]);
    for dependency in dependencies {
        sheet.row(vec![
            (&dependency.dependency_id).into(),
            (&dependency.what).into(),
            (&dependency.depends_on).into(),
            (&dependency.collaboration).into(),
            (&dependency.service_id).into(),
            (&dependency.consequence).into(),
            (&dependency.noted_on).into(),
        ]);
    }
    sheet
}

fn formulas(formulas: &[FormulaView]) -> Sheet {
    let mut sheet = Sheet::new("formulas", "How costs are shared").columns([
        ("service", "Service"),
        ("financial_year", "Year"),
        ("basis", "Basis"),
        ("body", "Body"),
        ("share", "Share"),
        ("set_on", "Set"),
        ("shares_are", "Known"),
    ]);
    let is_used = |formula: &FormulaView| formula.shares.iter().any(|one| !one.used.is_empty());
    let used = Audience::all_if(formulas.iter().any(is_used));
    sheet
        .column_for(used, "used", "Use")
        .column_for(used, "usage_unit", "Unit");
    for formula in formulas {
        for sentence in contributions::formula_sentences(formula) {
            sheet.note(format!("{}: {sentence}", formula.financial_year));
        }
        for share in &formula.shares {
            sheet.row(vec![
                match &formula.service {
                    Some(service) => service.into(),
                    None => Cell::named("", "the whole"),
                },
                (&formula.financial_year).into(),
                (&formula.basis).into(),
                (&share.body).into(),
                Cell::Ppm(share.share_ppm),
                Cell::dated(&formula.set_on, formula.set_on_is()),
                Cell::label(formula.shares_are()),
                (&share.used).into(),
                (&formula.usage_unit).into(),
            ]);
        }
    }
    sheet
}

fn opportunities(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("opportunities", "Opportunities considered")
        .with_prose()
        .columns([
            ("opportunity_id", "Id"),
            ("title", "What"),
            ("bodies", "Whom it concerned"),
            ("outcome", "Outcome"),
            ("reasons", "Why"),
            ("considered_on", "Considered"),
        ]);
    for opportunity in &view.opportunities {
        sheet.row(vec![
            (&opportunity.opportunity_id).into(),
            (&opportunity.title).into(),
            (&opportunity.bodies).into(),
            Cell::label(opportunity.outcome()),
            (&opportunity.reasons).into(),
            (&opportunity.considered_on).into(),
        ]);
    }
    sheet
}

/// Each time that an opportunity was considered, where that was more than once.
fn considered(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("opportunity_steps", "How opportunities went on")
        .with_prose()
        .columns([
            ("opportunity_id", "Id"),
            ("considered_on", "Considered"),
            ("outcome", "Outcome"),
            ("title", "Title"),
            ("reasons", "Why"),
            ("position", "Entry"),
        ]);
    for opportunity in &view.opportunities {
        for step in &opportunity.steps {
            if opportunity.steps.len() < 2 && step.considered_on_is() == DateIs::Unspecified {
                continue;
            }
            sheet.row(vec![
                (&opportunity.opportunity_id).into(),
                Cell::dated(&step.considered_on, step.considered_on_is()),
                Cell::label(step.outcome()),
                (&step.title).into(),
                (&step.reasons).into(),
                step.position.into(),
            ]);
        }
    }
    sheet
}

fn left_over(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("left_over", "Left over at the end")
        .with_prose()
        .columns([("kind", "Kind"), ("item_id", "Id"), ("what", "What")]);
    for left in &view.left_over {
        sheet.row(vec![
            (&left.kind).into(),
            (&left.item_id).into(),
            (&left.what).into(),
        ]);
    }
    sheet
}

fn inexact_dates(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("inexact_dates", "Days that are not known")
        .with_prose()
        .columns([
            ("effective_on", "Date"),
            ("summary", "Entry"),
            ("rests_on", "What rests on the day"),
            ("position", "No."),
        ]);
    for entry in &view.inexact_dates {
        sheet.row(vec![
            Cell::dated(&entry.effective_on, entry.effective_on_is()),
            (&entry.summary).into(),
            (&entry.rests_on).into(),
            entry.position.into(),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv;
    use crate::table::{self, Layout};
    use minutebook_wire::proto::{
        BodyRef, CollaborationSummary, PartyView, ServiceRef, ServiceView,
    };

    fn body(id: &str) -> BodyRef {
        BodyRef {
            body_id: id.into(),
            name: id.to_uppercase(),
        }
    }

    fn service(id: &str, parties: &[&str], instrument: &str) -> ServiceView {
        ServiceView {
            service: Some(ServiceRef {
                service_id: id.into(),
                name: id.to_uppercase(),
            }),
            parties: parties.iter().map(|id| body(id)).collect(),
            instrument_id: instrument.into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_service_without_an_instrument_says_so_and_all_parties_are_called_all() {
        let view = CollaborationView {
            summary: Some(CollaborationSummary {
                collaboration_id: "bch".into(),
                name: "Strategic Alliance".into(),
                ..Default::default()
            }),
            parties: ["a", "b"]
                .map(|id| PartyView {
                    body: Some(body(id)),
                    ..Default::default()
                })
                .to_vec(),
            services: vec![
                service("jps", &["b", "a"], ""),
                service("oss", &["a"], "mou"),
            ],
            ..Default::default()
        };
        let report = in_full(&view);
        let table = table::render(&report, Layout::plain(200));
        let line = |id: &str| {
            let of = |line: &&str| line.starts_with(&format!("│ {id}"));
            table.lines().find(of).unwrap_or_default().to_owned()
        };
        assert!(line("jps").contains("instrument unknown"), "{table}");
        assert!(line("jps").contains(" all "), "{table}");
        assert!(!line("oss").contains("unknown"), "{table}");
        assert!(!table.contains("Notices"), "empty sections are left out");

        let mut csv = Vec::new();
        csv::write(&report, &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.contains("summary,1,collaboration,Strategic Alliance\n"));
        assert!(csv.contains("services,1,parties,b; a\n"), "{csv}");
        assert!(csv.contains("services,2,instrument_id,mou\n"));
        assert!(!csv.contains("services,1,instrument_id"));
    }
}
