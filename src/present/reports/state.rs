//! The state of one subject: the subject in full, and every list about it.

use super::{
    approvals, benefits, boards, bodies, breaches, budget, collaboration, contributions, deadlines,
    decisions, differences, recommendations, virements,
};
use crate::report::Report;
use minutebook_wire::proto::SubjectState;
use minutebook_wire::proto::subject_state::View;

/// The subject in full, then its lists; those that are empty are left out.
pub fn in_full(state: &SubjectState) -> Report {
    let view = match &state.view {
        None => Report::Sections(Vec::new()),
        Some(View::Body(view)) => bodies::in_full(view),
        Some(View::Board(view)) => boards::in_full(view),
        Some(View::Collaboration(view)) => collaboration::in_full(view),
    };
    let proposals = state.proposals.iter();
    let proposals: Vec<_> = proposals
        .filter_map(|proposal| proposal.approval.clone())
        .collect();
    let mut reports = vec![
        view,
        decisions::list(&state.decisions),
        approvals::list(&proposals),
        virements::list(&state.virements, &state.disposals, &[]),
        breaches::list(&state.breaches),
    ];
    reports.extend(state.budgets.iter().map(budget::budget_by_year));
    reports.extend(state.contributions.iter().map(contributions::matrix));
    reports.extend([
        deadlines::list(&state.deadlines),
        recommendations::list(&state.items),
        benefits::list(
            &state.benefits,
            &state.savings,
            state.savings_total.as_slice(),
        ),
        differences::list(&state.differences),
    ]);
    reports.retain(|report| !report.is_empty());
    Report::All(reports)
}
