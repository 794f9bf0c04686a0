//! Everything that is said of one subject: what it is, and every list about it.

use super::{
    approvals, benefits, boards, bodies, breaches, budget, collaboration, contributions, deadlines,
    decisions, differences, recommendations, virements,
};
use crate::cli::sheet::{Report, Sheet};
use crate::wire::proto::SubjectState;
use crate::wire::proto::subject_state::View;

/// The subject in full, then its lists; those that are empty are left out.
pub fn in_full(state: &SubjectState) -> Report {
    let mut sheets = match &state.view {
        None => Vec::new(),
        Some(View::Body(view)) => bodies::in_full(view).into_sheets(),
        Some(View::Board(view)) => boards::in_full(view).into_sheets(),
        Some(View::Collaboration(view)) => collaboration::in_full(view).into_sheets(),
    };
    let proposals = state.proposals.iter();
    let proposals: Vec<_> = proposals.filter_map(|it| it.approval.clone()).collect();
    let mut lists = vec![
        decisions::list(&state.decisions),
        approvals::list(&proposals),
        virements::list(&state.virements, &state.disposals),
        breaches::list(&state.breaches),
    ];
    lists.extend(state.budgets.iter().map(budget::by_year));
    lists.extend(state.contributions.iter().map(contributions::matrix));
    lists.extend([
        deadlines::list(&state.deadlines),
        recommendations::list(&state.items),
        benefits::list(&state.benefits, &state.savings),
        differences::list(&state.differences),
    ]);
    let lists = lists.into_iter().flat_map(Report::into_sheets);
    sheets.extend(lists.filter(|sheet: &Sheet| !sheet.is_empty()));
    Report::Sections(sheets)
}
