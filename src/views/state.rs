//! The whole state of one subject: everything that any view shows of it.
//!
//! Replays and differences compare these states, so every reported change is a change
//! in an answer.

use std::collections::BTreeSet;

use super::proposal_cache::ProposalCache;
use super::{
    benefits, board, body, breaches, budget, collaboration, contributions, deadlines, decisions,
    differences, proposal, recommendations, savings, virements,
};
use minutebook_domain::ids::{BudgetId, CollaborationId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::subject_state::View;
use minutebook_wire::proto::{BudgetView, ContributionsView, SubjectState};

/// The subject, if it exists by the day of the view. The register itself has no view.
pub fn get(register_view: &RegisterView, id: &SubjectId) -> Option<SubjectState> {
    let subject = register_view.subject(id)?;
    let view = match id {
        SubjectId::Body(id) => View::Body(body::get(register_view, id)?),
        SubjectId::Board(id) => View::Board(board::get(register_view, id)?),
        SubjectId::Collaboration(id) => View::Collaboration(collaboration::get(register_view, id)?),
        SubjectId::Register => return None,
    };
    let only = Some(id);
    let cache = ProposalCache::new(register_view, id, &subject);
    let (virements, disposals) = virements::all(&cache);
    let (benefits, savings) = benefits::list(register_view, only);
    Some(SubjectState {
        subject: id.to_string(),
        view: Some(view),
        decisions: decisions::all(&cache),
        proposals: proposal::all(&cache),
        virements,
        disposals,
        breaches: breaches::list(register_view, only),
        budgets: budgets(register_view, id, &subject),
        contributions: match id {
            SubjectId::Collaboration(id) => matrices(register_view, id, &subject),
            SubjectId::Body(_) | SubjectId::Board(_) | SubjectId::Register => Vec::new(),
        },
        deadlines: deadlines::all(&cache),
        items: recommendations::list(register_view, only, true),
        benefits,
        savings,
        differences: differences::list(register_view, only),
        savings_total: savings::totals(register_view, only).pop(),
    })
}

/// The main budget, then the others by id.
fn budgets(register_view: &RegisterView, id: &SubjectId, subject: &Subject) -> Vec<BudgetView> {
    // The main one may have forecasts and outturns alone.
    let named = subject
        .dossier
        .budgets
        .keys()
        .map(|(named, _)| named.as_ref());
    let named: BTreeSet<Option<&BudgetId>> = named.chain([None]).collect();
    named
        .into_iter()
        .filter_map(|named| budget::get(register_view, id, named))
        .collect()
}

/// Who pays what, by year.
fn matrices(
    register_view: &RegisterView,
    id: &CollaborationId,
    subject: &Subject,
) -> Vec<ContributionsView> {
    let years = contributions::all_years(&subject.dossier).into_iter();
    years
        .filter_map(|year| contributions::get(register_view, id, year))
        .collect()
}
