//! Ledgers: the acts that rely on a proposal, in order, and the amount that is left.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::approval_context::ApprovalContext;
use super::describe::{self, requirement};
use super::proposal_status::{ApprovedExtent, ProposalStatus, Resolution};
use super::regime::{Regime, first_applicable, regime};
use super::requirement_query::RequirementQuery;
use super::requirement_status::{RequirementState, evaluate};
use crate::domain::date::FinancialYear;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{ApprovableAct, Portion};
use crate::domain::event::{Kind, Requirement, UnderspendBasis};
use crate::domain::fact::EffectiveOrder;
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, ProposalId};
use crate::domain::money::Pence;

/// An act that relies on a proposal.
#[derive(Clone, Debug)]
pub struct LedgerAct {
    pub order: EffectiveOrder,
    pub entry: Arc<Entry>,
    /// Why the proposal does not allow it. An act without faults draws on the approval.
    pub faults: Vec<Fault>,
}

impl LedgerAct {
    /// Whether it acknowledges a breach, or the proposal does not allow it.
    pub fn is_breach(&self) -> bool {
        self.entry.acknowledges_breach() || !self.faults.is_empty()
    }
}

/// The acts that rely on a proposal.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// In order.
    pub acts: Vec<LedgerAct>,
    /// The amount that was drawn and not reversed.
    pub made: Pence,
    /// The rest of the approved amount; zero unless the proposal was carried.
    pub left: Pence,
}

/// The amounts that were drawn so far.
#[derive(Default)]
struct Drawn<'a> {
    total: Pence,
    /// The number of acts that took an amount without stating it.
    unstated: usize,
    portions: BTreeMap<Portion<'a>, Pence>,
    /// The uses of the approval.
    uses: Vec<Use<'a>>,
    last: Option<&'a Entry>,
}

/// An act that used the approval.
struct Use<'a> {
    /// For a signature: the body that signed.
    by: Option<&'a BodyId>,
    entry: &'a Entry,
}

/// An act is added, or, if it was reversed, taken back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Add,
    TakeBack,
}

impl<'a> Drawn<'a> {
    fn apply(&mut self, act: &ApprovableAct<'a>, direction: Direction) {
        let sign = |amount: Pence| match direction {
            Direction::Add => amount,
            Direction::TakeBack => -amount,
        };
        if act.is_drawn() && act.amount().is_none() {
            self.unstated = match direction {
                Direction::Add => self.unstated + 1,
                Direction::TakeBack => self.unstated.saturating_sub(1),
            };
        }
        self.total += sign(act.amount().unwrap_or_default());
        for (portion, amount) in act.portions() {
            *self.portions.entry(portion).or_default() += sign(amount);
        }
    }
}

/// The ledger of a proposal, with one act more if that is being judged.
pub fn ledger(
    context: &ApprovalContext<'_>,
    id: ProposalId,
    proposal: &Proposal,
    status: &ProposalStatus<'_>,
    judged: Option<(&Arc<Entry>, EffectiveOrder)>,
) -> Ledger {
    let dossier = &context.subject.dossier;
    let mut acts: Vec<(EffectiveOrder, Arc<Entry>)> = dossier
        .acts_by_proposal
        .get(&id)
        .into_iter()
        .flatten()
        .filter_map(|order| Some((*order, Arc::clone(&dossier.acts.get(order)?.entry))))
        .collect();
    if let Some((entry, order)) = judged
        && !acts.iter().any(|(at, _)| *at == order)
    {
        acts.push((order, Arc::clone(entry)));
        acts.sort_by_cached_key(|(order, _)| *order);
    }
    let mut drawn = Drawn::default();
    // Reversals still to come: when, and of which act.
    let mut reversals: Vec<(EffectiveOrder, usize)> = Vec::new();
    let mut faults: Vec<Vec<Fault>> = Vec::with_capacity(acts.len());
    for (index, (order, entry)) in acts.iter().enumerate() {
        for (_, reversed) in reversals.extract_if(.., |(at, _)| *at < *order) {
            if let Some(act) = acts[reversed].1.event.kind.act() {
                drawn.apply(&act, Direction::TakeBack);
            }
        }
        let Some(act) = entry.event.kind.act() else {
            faults.push(Vec::new());
            continue;
        };
        let check = ActCheck {
            context,
            id,
            proposal,
            status,
            entry,
            order: *order,
        };
        let found = check.check_act(&act, &drawn);

        // A breach that names the proposal and is the proposed act has used the
        // approval: it cannot be carried out a second time.
        let is_proposed_act =
            entry.acknowledges_breach() && proposal.act().difference(&act).is_none();
        if found.is_empty() || is_proposed_act {
            drawn.apply(&act, Direction::Add);
            drawn.last = Some(entry);
            let by = match act {
                ApprovableAct::SignInstrument(_, by) => by,
                _ => None,
            };
            drawn.uses.push(Use { by, entry });
            if let Some(reversed) = reversed_at(context, entry) {
                reversals.push((reversed, index));
            }
        }
        faults.push(found);
    }
    for (_, reversed) in reversals {
        if let Some(act) = acts[reversed].1.event.kind.act() {
            drawn.apply(&act, Direction::TakeBack);
        }
    }
    let made = drawn.total;
    let approved = status.approved.amount.unwrap_or_default();
    // A ratification allows nothing but the act before it.
    let left = match proposal.ratifies() {
        Some(_) => Pence::ZERO,
        None if drawn.unstated > 0 => Pence::ZERO,
        None => (approved - made).max(Pence::ZERO),
    };
    let acts = acts.into_iter().zip(faults);
    let acts = acts.map(|((order, entry), faults)| LedgerAct {
        order,
        entry,
        faults,
    });
    Ledger {
        acts: acts.collect(),
        made,
        left,
    }
}

/// When an act was reversed.
fn reversed_at(context: &ApprovalContext<'_>, entry: &Entry) -> Option<EffectiveOrder> {
    let Kind::VirementMade(event) = &entry.event.kind else {
        return None;
    };
    let made = context.subject.dossier.virements.get(&event.id)?;
    made.reversed
        .iter()
        .next()
        .map(|fact| fact.effective_order())
}

/// The fault of an approval that does not cover a projected underspend (rule 6).
pub(super) fn not_projected(year: FinancialYear, proposal: ProposalId) -> Fault {
    let why = format!("no approval of {proposal} that counts says so, or not all do");
    Fault::ProjectedNotApproved { year, why }
}

/// The check of one act against its proposal.
struct ActCheck<'a> {
    context: &'a ApprovalContext<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    status: &'a ProposalStatus<'a>,
    entry: &'a Entry,
    order: EffectiveOrder,
}

impl ActCheck<'_> {
    /// Why the proposal does not allow the act; empty if it does (rule 5).
    fn check_act(&self, done: &ApprovableAct<'_>, drawn: &Drawn<'_>) -> Vec<Fault> {
        let proposal = self.id;
        let on = self.entry.effective_on();
        let settled = match &self.status.settled {
            Some(settled) if self.status.resolution == Resolution::Carried => settled,
            _ => return vec![self.not_carried()],
        };
        if !settled.is_by(on) {
            let carried_on = settled.on;
            return vec![Fault::DecidedLater {
                proposal,
                carried_on,
                on,
            }];
        }
        let approved = self.proposal.act();
        if self.proposal.ratifies().is_some() {
            return vec![Fault::AnotherAct {
                proposal,
                what: "act",
                approved: "one that had been done before".to_owned(),
                done: "a new one".to_owned(),
            }];
        }
        if let Some(difference) = approved.difference(done) {
            return vec![Fault::AnotherAct {
                proposal,
                what: difference.aspect,
                approved: difference.approved,
                done: difference.done,
            }];
        }
        let mut faults = Vec::new();
        faults.extend(self.check_amount(&approved, done, drawn));
        faults.extend(self.check_tier(&approved));
        faults.extend(self.check_not_behind_rules());
        if done.basis() == Some(UnderspendBasis::Projected)
            && !self.approved().covers_projected
            && let Some(year) = done.year()
        {
            faults.push(not_projected(year, proposal));
        }
        faults
    }

    fn approved(&self) -> ApprovedExtent {
        self.status.approved_by(self.entry.effective_on())
    }

    fn not_carried(&self) -> Fault {
        let status = self.context.status(self.id, self.proposal, self.order.day);
        Fault::NotCarried {
            proposal: self.id,
            standing: describe::resolution(status.resolution),
            on: self.entry.effective_on(),
            awaited: describe::awaited(&status),
        }
    }

    /// Whether the approved amount has enough left.
    fn check_amount(
        &self,
        approved: &ApprovableAct<'_>,
        done: &ApprovableAct<'_>,
        drawn: &Drawn<'_>,
    ) -> Option<Fault> {
        let proposal = self.id;
        if !done.is_drawn() {
            let by = match done {
                ApprovableAct::SignInstrument(_, by) => *by,
                _ => None,
            };
            if let Some(used) = drawn.uses.iter().find(|used| used.by == by) {
                return Some(Fault::ApprovalSpent {
                    proposal,
                    spent_on: used.entry.effective_on(),
                    position: used.entry.position,
                });
            }
            let (amount, approved) = done.amount().zip(self.approved().amount)?;
            return (amount > approved).then(|| Fault::OverApproved {
                proposal,
                of: "in all".to_owned(),
                amount,
                left: approved,
                approved,
            });
        }
        let whole = self.approved().amount.unwrap_or_default();
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
        let caps = approved.portions();
        done.portions().into_iter().find_map(|(portion, amount)| {
            let cap = caps.get(&portion).copied().unwrap_or_default();
            let gone = drawn.portions.get(&portion).copied().unwrap_or_default();
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
        let settled = self.status.settled.as_ref()?;
        let rules = self.status.regime.rules()?.clone();
        let case = self.context.case(self.id, self.proposal);
        let Regime::Rule(now) = first_applicable(&case, rules, settled.order, self.order) else {
            return None;
        };
        if matches!(&self.status.regime, Regime::Rule(then) if then.is(&now)) {
            return None;
        }
        let rule = now.rule();
        let met = self.is_met(&rule.requirement);
        (!met).then(|| Fault::TierPassed {
            proposal: self.id,
            approval_rule: rule.id.clone(),
            title: rule.title.clone(),
            needs: requirement(&rule.requirement),
        })
    }

    /// Whether the opinions in time meet another requirement.
    fn is_met(&self, requirement: &Requirement) -> bool {
        let Some(settled) = &self.status.settled else {
            return false;
        };
        let query = RequirementQuery {
            case: self.context.case(self.id, self.proposal),
            day: settled.order.day,
            opinions: &self.status.opinions[..self.status.in_time],
        };
        evaluate(&query, requirement).state == RequirementState::Met
    }

    /// Whether the approval is dated before the rules that govern the act, was recorded
    /// after them, and does not have the agreement they ask for. A date does not avoid
    /// rules that were on record.
    fn check_not_behind_rules(&self) -> Option<Fault> {
        let settled = self.status.settled.as_ref()?;
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
        (!self.is_met(&rule.requirement)).then(|| Fault::BehindTheRules {
            proposal: self.id,
            decided_on: settled.on,
            position: approved.position,
            approval_rule: rule.id.clone(),
            rule_set: set.rule_set.clone(),
            needs: requirement(&rule.requirement),
        })
    }
}
