//! The check of one act against its proposal, given the acts before it.

use super::approval_context::ApprovalContext;
use super::carried_period::Grounds;
use super::describe::requirement;
use super::drawn::Drawn;
use super::evaluate::evaluate;
use super::proposal_status::ProposalStatus;
use super::regime::{Regime, first_applicable, regime};
use super::requirement_query::RequirementQuery;
use super::requirement_status::RequirementState;
use super::resolution::{ApprovedExtent, Settlement};
use crate::date::FinancialYear;
use crate::dossier::Proposal;
use crate::entry::Entry;
use crate::event::{
    ApprovableAct, Difference, Document, Kind, MatterKind, Requirement, UnderspendBasis,
};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::ProposalId;
use crate::money::Pence;

/// The fault of an approval that does not cover a projected underspend (rule 6).
pub(super) fn not_projected(year: FinancialYear, proposal: ProposalId) -> Fault {
    let why = format!("no approval of {proposal} that counts says so, or not all do");
    Fault::ProjectedNotApproved { year, why }
}

/// The check of one act against its proposal.
pub(super) struct ActCheck<'a> {
    pub context: &'a ApprovalContext<'a>,
    pub id: ProposalId,
    pub proposal: &'a Proposal,
    pub status: &'a ProposalStatus<'a>,
    pub entry: &'a Entry,
    pub order: EffectiveOrder,
}

/// Why the approval of a proposal is not in force for an entry that rests on it.
pub fn in_force_fault<'a>(
    context: &ApprovalContext<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    entry: &Entry,
    order: EffectiveOrder,
) -> Option<Fault> {
    let status = context.status_before(id, proposal, EffectiveOrder::LAST);
    let check = ActCheck {
        context,
        id,
        proposal,
        status: &status,
        entry,
        order,
    };
    let gap = status.approval_gap(entry.into(), order)?;
    Some(check.not_in_force(gap))
}

impl ActCheck<'_> {
    /// Why the proposal does not allow the act; empty if it does (rule 5).
    pub fn check_act(&self, done: &ApprovableAct<'_>, drawn: &Drawn<'_>) -> Vec<Fault> {
        let proposal = self.id;
        if let Some(gap) = self.status.approval_gap(self.entry.into(), self.order) {
            return vec![self.not_in_force(gap)];
        }
        if self.proposal.ratifies().is_some() {
            return vec![Fault::AnotherAct {
                proposal,
                what: "act",
                approved: "one that had been done before".to_owned(),
                done: "a new one".to_owned(),
            }];
        }
        let Some((part, approved)) = self.part(done, drawn) else {
            let difference = self.difference(done);
            return vec![Fault::AnotherAct {
                proposal,
                what: difference.aspect,
                approved: difference.approved,
                done: difference.done,
            }];
        };
        let mut faults = Vec::new();
        faults.extend(self.check_amount(part, &approved, done, drawn));
        faults.extend(self.check_tier(&approved));
        faults.extend(self.check_not_behind_rules());
        // Of a disposal, the matter itself has the basis.
        if done.basis() == Some(UnderspendBasis::Projected)
            && !matches!(done, ApprovableAct::DisposeUnderspend(_))
            && !self.approved().covers_projected
            && let Some(year) = done.year()
        {
            faults.push(not_projected(year, proposal));
        }
        faults
    }

    /// Why the approval does not carry an entry that is no act and rests on it. The door asks
    /// it of decisions alone; anything else is marked where a court quashed the approval.
    pub fn check_resting(&self) -> Option<Fault> {
        let gap = self.status.approval_gap(self.entry.into(), self.order);
        let fault = self.not_in_force(gap.filter(|_| self.entry.rests_on_proposal())?);
        let is_decision = matches!(self.entry.event.kind, Kind::DecisionMade(_));
        (is_decision || matches!(fault, Fault::ApprovalQuashed { .. })).then_some(fault)
    }

    /// The proposed act that this carries out, of several decided as one, and its index. Of
    /// several that differ in their amounts alone, the one of the same amount; otherwise one
    /// that is not used yet.
    pub fn part(
        &self,
        done: &ApprovableAct<'_>,
        drawn: &Drawn<'_>,
    ) -> Option<(usize, ApprovableAct<'_>)> {
        let parts = self.proposal.act().parts().into_iter().enumerate();
        let parts = parts.filter(|(_, part)| part.difference(done).is_none());
        parts.min_by_key(|(index, part)| {
            let is_used = drawn.uses.iter().any(|used| used.part == *index);
            (is_used, part.amount() != done.amount())
        })
    }

    fn is_together(&self) -> bool {
        matches!(self.proposal.act(), ApprovableAct::Together(_))
    }

    /// How an act differs from the proposed act of its kind.
    fn difference(&self, done: &ApprovableAct<'_>) -> Difference {
        let parts = self.proposal.act().parts();
        let same_kind = parts.iter().find(|part| part.kind() == done.kind());
        let differs = same_kind.and_then(|part| part.difference(done));
        differs.unwrap_or_else(|| {
            let approved: Vec<&str> = parts.iter().map(|part| part.kind().label()).collect();
            Difference {
                aspect: "kind",
                approved: approved.join(", "),
                done: done.kind().label().to_owned(),
            }
        })
    }

    fn approved(&self) -> ApprovedExtent {
        self.status.approved_by(self.entry.into(), self.order)
    }

    /// Whether the approved amount has enough left.
    fn check_amount(
        &self,
        part: usize,
        approved: &ApprovableAct<'_>,
        done: &ApprovableAct<'_>,
        drawn: &Drawn<'_>,
    ) -> Option<Fault> {
        let proposal = self.id;
        if !done.is_drawn() || self.is_together() {
            let by = match done {
                ApprovableAct::SignInstrument(_, by) => *by,
                _ => None,
            };
            if let Some(used) = drawn
                .uses
                .iter()
                .find(|used| used.by == by && used.part == part)
            {
                return Some(Fault::ApprovalSpent {
                    proposal,
                    spent_on: used.entry.effective_on(),
                    position: used.entry.position,
                });
            }
            let most = match self.is_together() {
                true => approved.amount(),
                false => self.approved().amount,
            };
            if let Some(fault) = self.unstated(done, most) {
                return Some(fault);
            }
            let (amount, approved) = done.amount().zip(most)?;
            return (amount > approved).then(|| Fault::OverApproved {
                proposal,
                of: "in all".to_owned(),
                amount,
                left: approved,
                approved,
            });
        }
        let most = self.approved().amount;
        if most.is_none() && (approved.is_schedule() || approved.is_split_open()) {
            // The schedule or the disposal does not state its total.
            return None;
        }
        if let Some(fault) = self.unstated(done, most) {
            return Some(fault);
        }
        let whole = most.unwrap_or_default();
        let amount = done.amount().unwrap_or_default();
        // A breach that does not state its amount may have taken everything.
        let left = match drawn.unstated {
            0 => whole - drawn.total,
            _ => Pence::ZERO,
        };
        // Money paid in draws on nothing.
        let pays_in = done.amount() == Some(Pence::ZERO);
        if left <= Pence::ZERO
            && !pays_in
            && let Some(last) = drawn.last
        {
            return Some(Fault::ApprovalSpent {
                proposal,
                spent_on: last.effective_on(),
                position: last.position,
            });
        }
        if amount > left {
            return Some(Fault::OverApproved {
                proposal,
                of: "in all".to_owned(),
                amount,
                left,
                approved: whole,
            });
        }
        if approved.is_schedule() || approved.is_split_open() {
            return None;
        }
        let caps = approved.portions();
        done.portions().into_iter().find_map(|(portion, amount)| {
            let cap = caps.get(&portion).copied().unwrap_or_default();
            let gone = drawn.portion(&portion);
            let left = cap - gone;
            let is_over = match cap < Pence::ZERO {
                true => amount < left,
                false => amount > left,
            };
            is_over.then(|| Fault::OverApproved {
                proposal,
                of: portion.to_string(),
                amount,
                left,
                approved: cap,
            })
        })
    }

    /// The fault of an act that leaves out its amount where the approval is limited to one:
    /// nothing shows that it keeps within it.
    fn unstated(&self, done: &ApprovableAct<'_>, most: Option<Pence>) -> Option<Fault> {
        let has_amount = done.is_drawn() || done.kind() == MatterKind::SetBudget;
        let most = most.filter(|_| has_amount && done.amount().is_none())?;
        Some(Fault::AnotherAct {
            proposal: self.id,
            what: "amount",
            approved: most.to_string(),
            done: "one that is not stated".to_owned(),
        })
    }

    /// Whether, with the amounts that were taken from the head since the approval, another
    /// rule applies than the one under which it was carried.
    fn check_tier(&self, approved: &ApprovableAct<'_>) -> Option<Fault> {
        if !matches!(approved, ApprovableAct::MakeVirement(_)) {
            return None;
        }
        let grounds = self.grounds()?;
        let rules = grounds.regime.rules()?.clone();
        let case = self.context.case(self.id, self.proposal);
        let settled = grounds.settlement.order;
        let Regime::Rule(now) = first_applicable(&case, rules, settled, self.order) else {
            return None;
        };
        if matches!(&grounds.regime, Regime::Rule(then) if then.is(&now)) {
            return None;
        }
        let rule = now.rule();
        let met = self.is_met(&now.requirement());
        (!met).then(|| Fault::TierPassed {
            proposal: self.id,
            approval_rule: rule.id.clone(),
            title: rule.title.clone(),
            needs: requirement(&now.requirement()),
        })
    }

    fn grounds(&self) -> Option<&Grounds<'_>> {
        self.status.grounds_on(self.entry.into(), self.order)
    }

    /// Whether the opinions that counted meet another requirement.
    fn is_met(&self, requirement: &Requirement) -> bool {
        let Some(grounds) = self.grounds() else {
            return false;
        };
        let query = RequirementQuery {
            case: self.context.case(self.id, self.proposal),
            day: grounds.settlement.order.day,
            opinions: &grounds.opinions,
        };
        evaluate(&query, requirement).state == RequirementState::Met
    }

    /// Whether the approval is dated before the rules that govern the act, was recorded
    /// after them, and does not have the agreement they ask for. A date does not avoid
    /// rules that were on record.
    fn check_not_behind_rules(&self) -> Option<Fault> {
        let settled = &self.grounds()?.settlement;
        let case = self.context.case(self.id, self.proposal);
        let Regime::Rule(now) = regime(&case, self.order) else {
            return None;
        };
        let set = &now.rule_set.set;
        let (approved, adopted) = (settled.order, set.effective_order());
        if approved.day > adopted.day || approved.position < adopted.position {
            return None;
        }
        let rule = now.rule();
        if rests_on_record(settled) {
            return None;
        }
        (!self.is_met(&now.requirement())).then(|| Fault::BehindTheRules {
            proposal: self.id,
            decided_on: settled.on,
            position: approved.position,
            approval_rule: rule.id.clone(),
            rule_set: set.rule_set.clone(),
            needs: requirement(&now.requirement()),
        })
    }
}

/// Whether the decision that settled a proposal names its minutes: the meeting, or the
/// document that records it. Minutes are evidence of what they say.
fn rests_on_record(settled: &Settlement) -> bool {
    let kind = settled.by.as_ref().map(|entry| &entry.event.kind);
    match kind {
        Some(Kind::DecisionMade(made)) => {
            made.meeting.is_some() || made.record != Document::default()
        }
        Some(Kind::VirementApproved(made)) => made.meeting.is_some(),
        _ => false,
    }
}
