//! The bodies that pay for a year, a line each.

use jiff::civil::Date;

use super::super::names;
use minutebook_domain::budget::payers::{Payer, payers};
use minutebook_domain::budget::shared_cost::SharedCost;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::ids::BodyId;
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::PayerView;

/// The lines: the bodies whose contributions are printed, in that order, then the others by
/// id.
pub(super) fn list(
    register_view: &RegisterView,
    collaboration: &CollaborationAt,
    year: FinancialYear,
    costs: &[SharedCost<'_>],
    printed: &[String],
) -> Vec<PayerView> {
    let dossier = &collaboration.subject().dossier;
    let day: Date = register_view.as_at();
    let payers = payers(collaboration, dossier, year, costs, day);
    let mut lines: Vec<PayerView> = payers
        .iter()
        .map(|(body, payer)| line(register_view, body, payer))
        .collect();
    lines.sort_by_cached_key(|line| {
        let body = line.body.as_ref().map_or("", |body| body.body_id.as_str());
        let place = printed.iter().position(|one| one == body);
        (place.is_none(), place, body.to_owned())
    });
    lines
}

fn line(register_view: &RegisterView, body: &BodyId, payer: &Payer) -> PayerView {
    let pence = |amount: Option<Pence>| amount.map(Pence::get);
    PayerView {
        body: Some(names::body(register_view, body)),
        original_pence: pence(payer.original),
        by_formula_pence: pence(payer.by_formula),
        revised_pence: pence(payer.revised),
        last_year_pence: pence(payer.last_year),
        change_pence: pence(payer.change()),
        change_ppm: payer.change_ppm(),
        forecast_variance_pence: pence(payer.forecast_variance),
        outturn_variance_pence: pence(payer.outturn_variance),
        overspend_charged_pence: pence(payer.overspend_charged),
        invoiced_pence: pence(payer.invoiced),
        paid_pence: pence(payer.paid),
        due_pence: pence(payer.due),
        overdue_pence: pence(payer.overdue),
        forecast_pence: pence(payer.forecast),
        outturn_pence: pence(payer.outturn),
    }
}
