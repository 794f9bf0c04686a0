//! The rule for financial years: those of a subject do not overlap.

use super::event_check::EventCheck;
use crate::date::FinancialYear;
use crate::fault::Fault;

/// Requires that a year is that of a budget of the subject, or overlaps none. The period
/// of a scheme runs beside the years.
pub(super) fn check_year(check: &mut EventCheck<'_>, field: &str, year: FinancialYear) {
    if !year.is_one_year() {
        return;
    }
    let overlapped = check.dossier().and_then(|dossier| {
        let budgets = dossier.budgets.iter().filter(|(_, set)| !set.is_empty());
        let mut years = budgets.map(|((_, of_budget), _)| *of_budget);
        years.find(|other| *other != year && other.is_one_year() && year.overlaps(*other))
    });
    if let Some(other) = overlapped {
        check.report(field, Fault::YearsOverlap { year, other });
    }
}
