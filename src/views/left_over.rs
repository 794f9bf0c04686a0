//! Records that are still open after the end of their collaboration.

use super::proposal_cache::{self, DecisionLogStatus, ProposalCache};
use minutebook_domain::ids::SubjectId;
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::LeftOverView;

/// The open records: proposals, actions, disputes, risks, recommendations, settlements, and
/// years with a budget and without an outturn.
pub(super) fn list(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
) -> Vec<LeftOverView> {
    let day = register_view.as_at();
    let dossier = &subject.dossier;
    let mut left = Vec::new();
    let mut add = |kind: &str, item_id: String, what: String| {
        left.push(LeftOverView {
            kind: kind.to_owned(),
            item_id,
            what,
        });
    };
    let cache = ProposalCache::new(register_view, id, subject);
    for (proposal_id, proposal) in &dossier.proposals {
        let status = cache.status(*proposal_id, proposal);
        if matches!(proposal_cache::state(&status), DecisionLogStatus::Open(_)) {
            let what = proposal_cache::title(proposal);
            add("proposal", proposal_id.to_string(), what);
        }
    }
    for (item, action) in &dossier.actions {
        if action.is_open(day) {
            add("action", item.to_string(), action.agreed.what.to_string());
        }
    }
    for (item, dispute) in &dossier.disputes {
        if dispute.is_open(day) {
            add("dispute", item.to_string(), dispute.raised.what.to_string());
        }
    }
    for (item, risk) in &dossier.risks {
        if risk.is_open(day) {
            add("risk", item.to_string(), risk.raised.what.to_string());
        }
    }
    for (item, recommendation) in &dossier.recommendations {
        if recommendation.is_open(day) {
            let what = recommendation.made.what.to_string();
            add("recommendation", item.to_string(), what);
        }
    }
    for (item, settlement) in &dossier.settlements {
        let left = settlement.amounts(subject).left();
        if left.amount != Some(Pence::ZERO) {
            let left = match left.amount {
                Some(left) => left.to_string(),
                None => "an amount that is not given".to_owned(),
            };
            let what = format!("{left} of the settlement is neither paid nor written off");
            add("settlement", item.to_string(), what);
        }
    }
    for (budget, year) in dossier.budgets.keys() {
        let has_outturn = dossier
            .outturns
            .get(year)
            .is_some_and(|reported| !reported.is_empty());
        if !has_outturn {
            let item = budget.as_ref().map(ToString::to_string).unwrap_or_default();
            let what = format!("the budget of {year} has no outturn on record");
            add("budget", item, what);
        }
    }
    left
}
