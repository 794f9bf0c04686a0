//! One collaboration in full.

use super::{assurance, boards, coming, instruments, notices, rules};
use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::proto::{BodyRef, CollaborationView, DependencyView, ServiceView};

/// Its sections: what it is, who, what, on which documents, and what is to come.
pub fn in_full(view: &CollaborationView) -> Report {
    let mut sheets = vec![summary(view), parties(view), services(view)];
    sheets.extend(instruments::sheets(&view.instruments));
    sheets.extend([
        rules::sheet(&view.approval_rules),
        boards::sheet(&view.boards),
        notices::sheet(&view.notices, Audience::Programs),
        dependencies(&view.dependencies),
        opportunities(view),
        directions(view),
        assurance::grants(&view.grants),
        assurance::reports(&view.assurance),
        assurance::concerns(&view.concerns),
        coming(&view.coming),
    ]);
    Report::Sections(sheets)
}

fn summary(view: &CollaborationView) -> Sheet {
    let it = view.summary.clone().unwrap_or_default();
    let mut facts = Sheet::facts("summary");
    facts
        .fact("collaboration", &it.name)
        .fact("id", &it.collaboration_id)
        .fact("form", word(it.kind()))
        .fact("standing", word(it.standing()))
        .fact("since", &it.established_on)
        .fact("until", &it.ended_on)
        .fact("ended by", word(view.end_cause()))
        .fact("replaced by", &view.replaced_by)
        .fact("lead", &it.lead)
        .fact("legal basis", &view.legal_basis)
        .fact("purpose", &view.purpose)
        .fact("aliases", &view.aliases)
        .fact("part of", &view.part_of)
        .fact("parts", &view.parts)
        .fact("approvals", &view.approval_regime);
    facts
}

fn parties(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("parties", "Parties")
        .when_empty("None is recorded.")
        .columns([
            ("body", "Body"),
            ("kind", "Kind"),
            ("joined_on", "Since"),
            ("left_on", "Until"),
        ]);
    for it in view.parties.iter().chain(&view.former_parties) {
        sheet.row(vec![
            (&it.body).into(),
            word(it.kind()),
            (&it.joined_on).into(),
            (&it.left_on).into(),
        ]);
    }
    sheet
}

fn services(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("services", "Services")
        .when_empty("None is recorded.")
        .with_prose();
    sheet
        .column("service_id", "Id")
        .column_shown("name", "Service", Audience::All)
        .column_shown("category", "", Audience::Programs)
        .column("units", "Units")
        .column("lead", "Lead")
        .column("parties", "Parties")
        .column("instrument_id", "Instrument")
        .column("added_on", "Since")
        .column("removed_on", "Until")
        .column("aliases", "Also called")
        .column("description", "What it does");
    for it in view.services.iter().chain(&view.former_services) {
        let service = it.service.clone().unwrap_or_default();
        sheet.row(vec![
            (&service.service_id).into(),
            (&service.name).into(),
            (&it.category).into(),
            Cell::named(it.units.join("; "), it.units.join("\n")),
            (&it.lead).into(),
            parties_of(it, view),
            if it.instrument_id.is_empty() {
                Cell::named("", "instrument unknown")
            } else {
                (&it.instrument_id).into()
            },
            (&it.added_on).into(),
            (&it.removed_on).into(),
            (&it.aliases).into(),
            (&it.description).into(),
        ]);
    }
    sheet
}

/// For people, "all" is easier to check than the same seven names again.
fn parties_of(service: &ServiceView, view: &CollaborationView) -> Cell {
    let ids = |bodies: Vec<&BodyRef>| {
        let mut ids: Vec<String> = bodies.iter().map(|it| it.body_id.clone()).collect();
        ids.sort_unstable();
        ids
    };
    let all = ids(view
        .parties
        .iter()
        .filter_map(|it| it.body.as_ref())
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
            ("what", "What depends"),
            ("depends_on", "On what"),
            ("collaboration", "Collaboration"),
            ("service_id", "Service"),
            ("consequence", "Consequence"),
            ("noted_on", "Noted"),
        ]);
    for it in dependencies {
        sheet.row(vec![
            (&it.dependency_id).into(),
            (&it.what).into(),
            (&it.depends_on).into(),
            (&it.collaboration).into(),
            (&it.service_id).into(),
            (&it.consequence).into(),
            (&it.noted_on).into(),
        ]);
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
    for it in &view.opportunities {
        sheet.row(vec![
            (&it.opportunity_id).into(),
            (&it.title).into(),
            (&it.bodies).into(),
            word(it.outcome()),
            (&it.reasons).into(),
            (&it.considered_on).into(),
        ]);
    }
    sheet
}

fn directions(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("directions", "Directions of the Secretary of State")
        .with_prose()
        .columns([
            ("direction_id", "Id"),
            ("kind", "Kind"),
            ("terms", "What it says"),
            ("issued_on", "Issued"),
            ("stands", "Stands"),
        ]);
    for it in &view.directions {
        sheet.row(vec![
            (&it.direction_id).into(),
            word(it.kind()),
            (&it.terms).into(),
            (&it.issued_on).into(),
            Cell::Yes(it.stands),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::screen::Layout;
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
        let table = report.table(Layout::plain(200));
        let line = |id: &str| {
            let of = |line: &&str| line.starts_with(&format!("│ {id}"));
            table.lines().find(of).unwrap_or_default().to_owned()
        };
        assert!(line("jps").contains("instrument unknown"), "{table}");
        assert!(line("jps").contains(" all "), "{table}");
        assert!(!line("oss").contains("unknown"), "{table}");
        assert!(!table.contains("Notices"), "empty sections are left out");

        let mut csv = Vec::new();
        report.write_csv(&mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.contains("summary,1,collaboration,Strategic Alliance\n"));
        assert!(csv.contains("services,1,parties,b; a\n"), "{csv}");
        assert!(csv.contains("services,2,instrument_id,mou\n"));
        assert!(!csv.contains("services,1,instrument_id"));
    }
}
