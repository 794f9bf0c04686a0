//! Stand-ins until the views are merged.
#![allow(missing_docs)]
macro_rules! stub { ($($m:ident $f:ident($($a:ident: $T:ty),*) -> $R:ty;)*) => {$(
    pub mod $m { #[allow(unused_imports)] use crate::domain::{outlook::Outlook, ids::*, date::*}; use crate::wire::proto::*;
        pub fn $f(_: &Outlook, $($a: $T),*) -> $R { $(let _ = $a;)* Default::default() } }
)*}; }
stub! {
    collaborations list(party: Option<&BodyId>, ended: bool) -> Vec<CollaborationSummary>;
    collaboration get(id: &CollaborationId) -> Option<CollaborationView>;
    bodies list(succeeded: bool) -> Vec<BodySummary>;
    body get(id: &BodyId) -> Option<BodyView>;
    boards list(of: Option<&CollaborationId>) -> Vec<BoardSummary>;
    board get(id: &BoardId) -> Option<BoardView>;
    decisions list(of: Option<&SubjectId>, pending_only: bool) -> Vec<DecisionView>;
    contributions get(id: &CollaborationId, year: FinancialYear) -> Option<ContributionsView>;
    budget get(of: &SubjectId, id: Option<&BudgetId>) -> Option<BudgetView>;
    deadlines list(of: Option<&SubjectId>, past: bool) -> Vec<DeadlineView>;
    recommendations list(of: Option<&SubjectId>, closed: bool) -> Vec<OutstandingView>;
    benefits list(of: Option<&SubjectId>) -> (Vec<BenefitView>, Vec<SavingsView>);
    differences list(of: Option<&SubjectId>) -> Vec<DifferenceView>;
}
