//! One collaboration in full.

use super::{assurance, boards, coming, course, instruments, notices, parties, rules};
use crate::present::cell::Cell;
use crate::present::report::Report;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::{
    BodyRef, CollaborationView, DateIs, DependencyView, DirectionKind, FormulaView, ServiceView,
};

/// Its facts, parties, services, instruments, and everything else about it.
pub fn in_full(view: &CollaborationView) -> Report {
    let mut sheets = vec![summary(view), parties::sheet(view), services(view)];
    sheets.extend(instruments::sheets(&view.instruments));
    sheets.extend([
        rules::sheet(&view.approval_rules),
        course::delegations(&view.delegations),
        boards::sheet(&view.boards),
        notices::sheet(&view.notices, Audience::Programs),
        dependencies(&view.dependencies),
        opportunities(view),
        considered(view),
        directions(view),
        assurance::consultations(&view.consultations),
        formulas(&view.formulas),
        assurance::grants(&view.grants),
        assurance::reports(&view.assurance),
        assurance::concerns(&view.concerns),
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
        .fact("one party since", &view.one_party_since_on)
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

fn services(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("services", "Services")
        .when_empty("None is recorded.")
        .with_prose();
    sheet
        .column("service_id", "Id")
        .column_for(Audience::All, "name", "Service")
        .column_for(Audience::Programs, "category", "")
        .column("units", "Units")
        .column("lead", "Lead")
        .column("parties", "Parties")
        .column("instrument_id", "Instrument")
        .column("added_on", "Since")
        .column("removed_on", "Until")
        .column("aliases", "Also called")
        .column("description", "Description");
    let services = || view.services.iter().chain(&view.former_services);
    let any = |says: fn(&ServiceView) -> bool| Audience::all_if(services().any(says));
    let directed = any(|s| !s.parties_direction_ids.is_empty());
    sheet
        .column_for(any(|s| s.host.is_some()), "host", "Host")
        .column_for(
            any(|s| s.hosted_since_on.is_some()),
            "hosted_since_on",
            "Hosted since",
        )
        .column_for(
            any(|s| !s.instruments_in_force.is_empty()),
            "instruments_in_force",
            "Instrument in force",
        )
        .column_for(
            any(|s| !s.named_instrument_id.is_empty()),
            "named_instrument_id",
            "Named since",
        )
        .column_for(
            any(|s| s.ended_with_collaboration),
            "ended_with_collaboration",
            "Ended with the collaboration",
        )
        .column_for(
            any(|s| !s.removed_reason.is_empty()),
            "removed_reason",
            "Why removed",
        )
        .column_for(directed, "parties_direction_ids", "Parties by direction")
        .column_for(
            any(|s| !s.removed_by_direction_id.is_empty()),
            "removed_by_direction_id",
            "By direction",
        );
    for offered in view.services.iter().chain(&view.former_services) {
        let service = offered.service.clone().unwrap_or_default();
        sheet.row(vec![
            (&service.service_id).into(),
            (&service.name).into(),
            (&offered.category).into(),
            Cell::named(offered.units.join("; "), offered.units.join("\n")),
            (&offered.lead).into(),
            parties_of(offered, view),
            if offered.instrument_id.is_empty()
                && offered.named_instrument_id.is_empty()
                && offered.instruments_in_force.is_empty()
            {
                Cell::named("", "instrument unknown")
            } else {
                (&offered.instrument_id).into()
            },
            Cell::dated(&offered.added_on, offered.added_on_is()),
            (&offered.removed_on).into(),
            (&offered.aliases).into(),
            (&offered.description).into(),
            (&offered.host).into(),
            (&offered.hosted_since_on).into(),
            (&offered.instruments_in_force).into(),
            (&offered.named_instrument_id).into(),
            Cell::Yes(offered.ended_with_collaboration),
            (&offered.removed_reason).into(),
            (&offered.parties_direction_ids).into(),
            (&offered.removed_by_direction_id).into(),
        ]);
    }
    sheet
}

/// For people, "all" is easier to check than the same seven names again.
fn parties_of(service: &ServiceView, view: &CollaborationView) -> Cell {
    let ids = |bodies: Vec<&BodyRef>| {
        let mut ids: Vec<String> = bodies.iter().map(|body| body.body_id.clone()).collect();
        ids.sort_unstable();
        ids
    };
    let all = ids(view
        .parties
        .iter()
        .filter_map(|party| party.body.as_ref())
        .collect());
    let cell = Cell::from(&service.parties);
    if all.len() > 1 && ids(service.parties.iter().collect()) == all {
        Cell::named(cell.for_programs(), "all")
    } else {
        cell
    }
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
    for formula in formulas {
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

fn directions(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("directions", "Directions")
        .with_prose()
        .columns([
            ("direction_id", "Id"),
            ("kind", "Kind"),
            ("terms", "Terms"),
            ("issued_on", "Issued"),
            ("stands", "Mandate in force"),
            ("issuer", "Issued by"),
            ("legal_basis", "Under"),
        ]);
    for direction in &view.directions {
        sheet.row(vec![
            (&direction.direction_id).into(),
            Cell::label(direction.kind()),
            (&direction.terms).into(),
            (&direction.issued_on).into(),
            match direction.kind() {
                DirectionKind::Mandate => Cell::Yes(direction.stands),
                _ => Cell::Empty,
            },
            match &direction.issuer {
                None => Cell::named("", "the Secretary of State"),
                Some(_) => (&direction.issuer).into(),
            },
            (&direction.legal_basis).into(),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::csv;
    use crate::present::table::{self, Layout};
    use crate::wire::proto::{CollaborationSummary, PartyView, ServiceRef};

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
