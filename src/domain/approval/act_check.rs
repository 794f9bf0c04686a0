//! The check of one act against its proposal, given the acts before it.

use super::approval_context::ApprovalContext;
use super::carried_period::{ApprovalGap, Grounds, Interruption};
use super::describe::{self, requirement};
use super::drawn::Drawn;
use super::evaluate::evaluate;
use super::proposal_status::ProposalStatus;
use super::regime::{Regime, first_applicable, regime};
use super::requirement_query::RequirementQuery;
use super::requirement_status::RequirementState;
use super::resolution::{ApprovedExtent, Resolution, Settlement};
use crate::domain::date::FinancialYear;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{
    ApprovableAct, Difference, Document, Kind, Requirement, UnderspendBasis,
};
use crate::domain::fact::EffectiveOrder;
use crate::domain::fault::Fault;
use crate::domain::ids::ProposalId;
use crate::domain::money::Pence;

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
        let Some((part, approved)) = self.part(done) else {
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

    /// The proposed act that this carries out, of several decided as one, and its index.
    pub fn part(&self, done: &ApprovableAct<'_>) -> Option<(usize, ApprovableAct<'_>)> {
        let parts = self.proposal.act().parts().into_iter().enumerate();
        let mut parts = parts.filter(|(_, part)| part.difference(done).is_none());
        parts.next()
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

    /// The fault of an act on whose day no approval was in force.
    fn not_in_force(&self, gap: ApprovalGap<'_>) -> Fault {
        let (proposal, on) = (self.id, self.entry.effective_on());
        if let (ApprovalGap::NeverCarried, Some(step)) = (gap, self.status.quashed) {
            return Fault::ApprovalQuashed {
                proposal,
                quashed_on: step.on(),
                position: step.position(),
                on,
            };
        }
        let (cause, since, position) = match gap {
            ApprovalGap::Interrupted(end) => (end.cause.clone(), end.on, end.by.position),
            ApprovalGap::CarriedLater(_) | ApprovalGap::NeverCarried => {
                let then = self.context;
                let then = then.status_before(self.id, self.proposal, self.order);
                // It was called in, or stayed, before it was in force.
                match (then.suspension, gap) {
                    (Some((cause, order)), _) => (cause, order.day.into(), order.position),
                    (None, ApprovalGap::CarriedLater(settled)) => {
                        return Fault::DecidedLater {
                            proposal,
                            carried_on: settled.on,
                            on,
                        };
                    }
                    (None, _) => return self.not_carried(),
                }
            }
        };
        match &cause {
            Interruption::CalledIn(call_in) => Fault::ApprovalSuspended {
                proposal,
                since,
                position,
                why: format!("the call-in {call_in}"),
                way_out: "call_in_settled",
                on,
            },
            Interruption::Stayed(challenge) => Fault::ApprovalSuspended {
                proposal,
                since,
                position,
                why: format!("a stay in the challenge {challenge}"),
                way_out: "challenge_step_taken",
                on,
            },
            Interruption::Undertaken(challenge) => Fault::ApprovalSuspended {
                proposal,
                since,
                position,
                why: format!("an undertaking to the court in the challenge {challenge}"),
                way_out: "challenge_step_taken",
                on,
            },
            Interruption::GivenUp => Fault::ApprovalEnded {
                proposal,
                since,
                position,
                why: "it was given up before it was used".to_owned(),
                on,
            },
            Interruption::Quashed(_) => Fault::ApprovalQuashed {
                proposal,
                quashed_on: since,
                position,
                on,
            },
            Interruption::SentBack(call_in) => Fault::ApprovalEnded {
                proposal,
                since,
                position,
                why: format!("the call-in {call_in} did not uphold the decision"),
                on,
            },
            Interruption::NotAgreed(who) => Fault::ApprovalEnded {
                proposal,
                since,
                position,
                why: format!("{who} rejected it"),
                on,
            },
        }
    }

    fn not_carried(&self) -> Fault {
        let status = self.context.status(self.id, self.proposal, self.order.day);
        let awaited = describe::awaited(&status);
        let way_out = match status.resolution {
            Resolution::Rejected
            | Resolution::Noted
            | Resolution::Withdrawn
            | Resolution::Lapsed
            | Resolution::NotAgreed
            | Resolution::OutcomeNotKnown => {
                "nothing more is decided on it, so make a new one (matter_proposed, \
                 virement_requested) and have that decided"
                    .to_owned()
            }
            Resolution::Supported => {
                "record the decision_made of the board or body that decides it first".to_owned()
            }
            Resolution::Open
            | Resolution::Carried
            | Resolution::SubjectTo
            | Resolution::CalledIn
            | Resolution::Stayed
            | Resolution::Quashed => format!(
                "record the vote_cast, decision_made or virement_approved of those that are \
                 awaited first ({awaited})"
            ),
        };
        Fault::NotCarried {
            proposal: self.id,
            standing: describe::resolution(status.resolution),
            on: self.entry.effective_on(),
            awaited,
            way_out,
        }
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
        let whole = most.unwrap_or_default();
        let amount = done.amount().unwrap_or_default();
        // A breach that does not state its amount may have taken everything.
        let left = match drawn.unstated {
            0 => whole - drawn.total,
            _ => Pence::ZERO,
        };
        if left <= Pence::ZERO
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
            (amount > left).then(|| Fault::OverApproved {
                proposal,
                of: portion.to_string(),
                amount,
                left,
                approved: cap,
            })
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
