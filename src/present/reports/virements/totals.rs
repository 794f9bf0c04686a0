//! Running totals of virements.

use crate::cell::Cell;
use crate::reports::budget_lines::head_name;
use crate::sheet::Sheet;
use minutebook_wire::proto::VirementTotal;

pub(super) fn sheet(totals: &[VirementTotal]) -> Sheet {
    let mut sheet = Sheet::new("totals", "Running totals").columns([
        ("subject", "Subject"),
        ("financial_year", "Year"),
        ("of", "Of"),
        ("count", "Number"),
        ("out", "Out"),
        ("in", "In"),
        ("returned", "Returned"),
        ("approved", "Approved"),
        ("made", "Made"),
    ]);
    for total in totals {
        sheet.in_currency(&total.currency);
        sheet.row(vec![
            (&total.subject_name).into(),
            (&total.financial_year).into(),
            of(total),
            Cell::Number(total.count.into()),
            Cell::amount(total.out_pence),
            Cell::amount(total.in_pence),
            Cell::amount(total.returned_pence),
            Cell::amount(total.approved_pence),
            Cell::amount(total.made_pence),
        ]);
    }
    sheet
}

fn of(total: &VirementTotal) -> Cell {
    if !total.approver.is_empty() {
        return Cell::Text(format!("approved by {}", total.approver));
    }
    match (&total.head, &total.service) {
        (Some(head), service) => {
            let (id, name) = head_name(service.as_ref(), head, "");
            Cell::named(id, name)
        }
        (None, Some(service)) => {
            let name = match service.name.as_str() {
                "" => &service.service_id,
                name => name,
            };
            Cell::Text(format!("{name}, all heads"))
        }
        (None, None) => Cell::Text("all virements".to_owned()),
    }
}
