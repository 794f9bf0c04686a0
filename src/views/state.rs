//! The whole state of one subject: everything that any view gives of it.
//!
//! Replays and differences compare these, so what an entry changed is what it
//! changed in an answer that somebody can be given.

use std::collections::BTreeSet;

use super::proposals::ProposalCache;
use super::{
    benefits, board, body, breaches, budget, collaboration, contributions, deadlines, decisions,
    differences, proposal, recommendations, virements,
};
use crate::domain::ids::{BudgetId, CollaborationId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;
use crate::wire::proto::subject_state::View;
use crate::wire::proto::{BudgetView, ContributionsView, SubjectState};

/// The subject, if it has begun. Of the register itself no view tells anything.
pub fn get(outlook: &RegisterView, id: &SubjectId) -> Option<SubjectState> {
    let of = outlook.subject(id)?;
    let view = match id {
        SubjectId::Body(id) => View::Body(body::get(outlook, id)?),
        SubjectId::Board(id) => View::Board(board::get(outlook, id)?),
        SubjectId::Collaboration(id) => View::Collaboration(collaboration::get(outlook, id)?),
        SubjectId::Register => return None,
    };
    let only = Some(id);
    let courses = ProposalCache::new(outlook, id, &of);
    let (virements, disposals) = virements::all(&courses);
    let (benefits, savings) = benefits::list(outlook, only);
    Some(SubjectState {
        subject: id.to_string(),
        view: Some(view),
        decisions: decisions::all(&courses),
        proposals: proposal::all(&courses),
        virements,
        disposals,
        breaches: breaches::list(outlook, only),
        budgets: budgets(outlook, id, &of),
        contributions: match id {
            SubjectId::Collaboration(id) => matrices(outlook, id, &of),
            SubjectId::Body(_) | SubjectId::Board(_) | SubjectId::Register => Vec::new(),
        },
        deadlines: deadlines::all(&courses),
        items: recommendations::list(outlook, only, true),
        benefits,
        savings,
        differences: differences::list(outlook, only),
    })
}

/// The main budget, then the others by id.
fn budgets(outlook: &RegisterView, id: &SubjectId, of: &Subject) -> Vec<BudgetView> {
    // The main one may have forecasts and outturns alone.
    let named = of.dossier.budgets.keys().map(|(named, _)| named.as_ref());
    let named: BTreeSet<Option<&BudgetId>> = named.chain([None]).collect();
    named
        .into_iter()
        .filter_map(|named| budget::get(outlook, id, named))
        .collect()
}

/// Who pays what, by year.
fn matrices(outlook: &RegisterView, id: &CollaborationId, of: &Subject) -> Vec<ContributionsView> {
    let main = of.dossier.budgets.keys().filter(|(id, _)| id.is_none());
    main.filter_map(|(_, year)| contributions::get(outlook, id, *year))
        .collect()
}
