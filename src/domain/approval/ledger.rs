//! A ledger: what was done on a proposal, in order, and what is left of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::describe::requirement;
use super::proposal_status::{ApprovalContext, ApprovedExtent, ProposalStatus, Resolution};
use super::regime::{Regime, regime, within};
use super::requirement_status::{RequirementQuery, RequirementState, evaluate};
use crate::domain::date::FinancialYear;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{ApprovableAct, Portion};
use crate::domain::event::{Kind, Requirement, UnderspendBasis};
use crate::domain::fact::EffectiveOrder;
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, ProposalId};
use crate::domain::money::Pence;

/// An act that rests on a proposal.
#[derive(Clone, Debug)]
pub struct DependentAct {
    /// Where it stands.
    pub place: EffectiveOrder,
    /// The entry.
    pub entry: Arc<Entry>,
    /// Why the proposal does not carry it; one that it carries draws from it.
    pub faults: Vec<Fault>,
}

impl DependentAct {
    /// Whether it is a breach: it says so itself, or it is not carried.
    pub fn is_breach(&self) -> bool {
        self.entry.is_breach() || !self.faults.is_empty()
    }
}

/// What was done on a proposal.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Every act, in order.
    pub acts: Vec<DependentAct>,
    /// What was drawn and not undone.
    pub made: Pence,
    /// What is left of the amount approved; nothing unless it was carried.
    pub left: Pence,
}

/// What was drawn by a place.
#[derive(Default)]
struct Drawn<'a> {
    total: Pence,
    /// How many acts took an amount that they do not state.
    unstated: usize,
    portions: BTreeMap<Portion<'a>, Pence>,
    /// For acts without an amount: who used it, and with which entry.
    used: Vec<(Option<&'a BodyId>, &'a Entry)>,
    last: Option<&'a Entry>,
}

impl<'a> Drawn<'a> {
    fn add(&mut self, topic: &ApprovableAct<'a>, back: bool) {
        let sign = |amount: Pence| if back { -amount } else { amount };
        if topic.is_drawn() && topic.amount().is_none() {
            self.unstated = if back {
                self.unstated.saturating_sub(1)
            } else {
                self.unstated + 1
            };
        }
        self.total += sign(topic.amount().unwrap_or_default());
        for (portion, amount) in topic.portions() {
            *self.portions.entry(portion).or_default() += sign(amount);
        }
    }
}

/// What was done on a proposal, with one more act where one is being judged.
pub fn ledger(
    sight: &ApprovalContext<'_>,
    id: ProposalId,
    proposal: &Proposal,
    course: &ProposalStatus<'_>,
    judged: Option<(&Arc<Entry>, EffectiveOrder)>,
) -> Ledger {
    let dossier = &sight.subject.dossier;
    let resting = dossier.acts_by_proposal.get(&id);
    let mut acts: Vec<(EffectiveOrder, Arc<Entry>)> = resting
        .into_iter()
        .flatten()
        .filter_map(|place| Some((*place, Arc::clone(&dossier.acts.get(place)?.entry))))
        .collect();
    if let Some((entry, place)) = judged
        && !acts.iter().any(|(at, _)| *at == place)
    {
        acts.push((place, Arc::clone(entry)));
        acts.sort_by_key(|(place, _)| *place);
    }
    let mut drawn = Drawn::default();
    let mut returns: Vec<(EffectiveOrder, usize)> = Vec::new();
    let mut faults: Vec<Vec<Fault>> = Vec::with_capacity(acts.len());
    for (index, (place, entry)) in acts.iter().enumerate() {
        for (_, of) in returns.extract_if(.., |(at, _)| *at < *place) {
            if let Some(topic) = acts[of].1.event.kind.act() {
                drawn.add(&topic, true);
            }
        }
        let Some(topic) = entry.event.kind.act() else {
            faults.push(Vec::new());
            continue;
        };
        let check = Check {
            sight,
            id,
            proposal,
            course,
            entry,
            place: *place,
        };
        let found = check.faults(&topic, &drawn);

        // A breach that names the proposal has used what it allows, if it is
        // that act: it is not to be done a second time.
        let is_named = entry.is_breach() && proposal.act().difference(&topic).is_none();
        if found.is_empty() || is_named {
            drawn.add(&topic, false);
            drawn.last = Some(entry);
            if let ApprovableAct::SignInstrument(_, by) = topic {
                drawn.used.push((by, entry));
            } else {
                drawn.used.push((None, entry));
            }
            if let Some(reversed) = reversal_of(sight, entry) {
                returns.push((reversed, index));
            }
        }
        faults.push(found);
    }
    for (_, of) in returns {
        if let Some(topic) = acts[of].1.event.kind.act() {
            drawn.add(&topic, true);
        }
    }
    let made = drawn.total;
    let approved = course.approved.amount.unwrap_or_default();
    // What was done before it was put up is all that a ratification allows.
    let left = match proposal.ratifies() {
        Some(_) => Pence::ZERO,
        None if drawn.unstated > 0 => Pence::ZERO,
        None => (approved - made).max(Pence::ZERO),
    };
    let rested = acts
        .iter()
        .zip(faults)
        .map(|((place, entry), faults)| DependentAct {
            place: *place,
            entry: Arc::clone(entry),
            faults,
        })
        .collect();
    Ledger {
        acts: rested,
        made,
        left,
    }
}

/// Where an act was undone, if it was.
fn reversal_of(sight: &ApprovalContext<'_>, entry: &Entry) -> Option<EffectiveOrder> {
    let Kind::VirementMade(what) = &entry.event.kind else {
        return None;
    };
    let made = sight.subject.dossier.virements.get(&what.id)?;
    made.reversed
        .iter()
        .next()
        .map(|fact| fact.effective_order())
}

/// Rule 6: an approval that does not say that it covers a projected underspend.
pub(super) fn not_projected(year: FinancialYear, proposal: ProposalId) -> Fault {
    let why = format!("no approval of {proposal} that counts says so, or not all do");
    Fault::ProjectedNotApproved { year, why }
}

/// One act against its proposal.
struct Check<'a> {
    sight: &'a ApprovalContext<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    course: &'a ProposalStatus<'a>,
    entry: &'a Entry,
    place: EffectiveOrder,
}

impl Check<'_> {
    /// Why the proposal does not carry the act: nothing, where it does (rule 5).
    fn faults(&self, done: &ApprovableAct<'_>, drawn: &Drawn<'_>) -> Vec<Fault> {
        let proposal = self.id;
        let on = self.entry.effective_on();
        let settled = match &self.course.settled {
            Some(settled) if self.course.resolution == Resolution::Carried => settled,
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
        faults.extend(self.amount(&approved, done, drawn));
        faults.extend(self.tier(&approved));
        faults.extend(self.behind_the_rules());
        if done.basis() == Some(UnderspendBasis::Projected)
            && !self.approved().covers_projected
            && let Some(year) = done.year()
        {
            faults.push(not_projected(year, proposal));
        }
        faults
    }

    fn approved(&self) -> ApprovedExtent {
        self.course.approved_by(self.entry.effective_on())
    }

    fn not_carried(&self) -> Fault {
        let course = self.sight.status(self.id, self.proposal, self.place.0);
        let awaited = super::describe::awaited(&course);
        Fault::NotCarried {
            proposal: self.id,
            standing: super::describe::resolution(course.resolution),
            on: self.entry.effective_on(),
            awaited,
        }
    }

    /// Whether enough is left.
    fn amount(
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
            if let Some((_, entry)) = drawn.used.iter().find(|(who, _)| *who == by) {
                return Some(Fault::ApprovalSpent {
                    proposal,
                    spent_on: entry.effective_on(),
                    position: entry.position,
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
        // Of what a breach took without saying how much, nothing is known to be left.
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

    /// Whether, with what was taken from the head since, a rule for more applies
    /// than the one under which it was carried.
    fn tier(&self, approved: &ApprovableAct<'_>) -> Option<Fault> {
        if !matches!(approved, ApprovableAct::MakeVirement(_)) {
            return None;
        }
        let settled = self.course.settled.as_ref()?;
        let rules = self.course.regime.rules()?.clone();
        let case = self.sight.case(self.id, self.proposal);
        let Regime::Rule(now) = within(&case, rules, settled.place, self.place) else {
            return None;
        };
        if matches!(&self.course.regime, Regime::Rule(then) if then.is(&now)) {
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

    /// Whether what was said in time meets another requirement.
    fn is_met(&self, wanted: &Requirement) -> bool {
        let Some(settled) = &self.course.settled else {
            return false;
        };
        let question = RequirementQuery {
            case: self.sight.case(self.id, self.proposal),
            day: settled.place.0,
            opinions: &self.course.opinions[..self.course.in_time],
        };
        evaluate(&question, wanted).state == RequirementState::Met
    }

    /// Whether the approval, dated before the rules under which the act is done,
    /// was recorded after them and does not have what they ask for: a date is no
    /// way around rules that were on record.
    fn behind_the_rules(&self) -> Option<Fault> {
        let settled = self.course.settled.as_ref()?;
        let case = self.sight.case(self.id, self.proposal);
        let Regime::Rule(now) = regime(&case, self.place) else {
            return None;
        };
        let set = &now.of.set;
        let ((dated, recorded), (adopted_on, adopted)) = (settled.place, set.effective_order());
        if dated > adopted_on || recorded < adopted {
            return None;
        }
        let rule = now.rule();
        (!self.is_met(&rule.requirement)).then(|| Fault::BehindTheRules {
            proposal: self.id,
            decided_on: settled.on,
            position: recorded,
            approval_rule: rule.id.clone(),
            rule_set: set.rule_set.clone(),
            needs: requirement(&rule.requirement),
        })
    }
}
