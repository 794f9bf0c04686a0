//! Facts that refer to others (rule 9): those exist, are not dated later, and nothing is
//! opened or closed twice.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Reason;
use super::action::{
    At, Authority, CallInEnd, ConditionEnd, CourtStep, Fact, ModelAction, Pick, Span, Sure, Terms,
    body, by, day, is_of_council,
};
use super::past::Past;

impl Past {
    /// Faults of facts against those that were recorded before. No correction may add any.
    pub fn hanging(&self) -> BTreeSet<(u64, Reason)> {
        let mut hanging = BTreeSet::new();
        for fact in &self.facts {
            let before = self
                .facts
                .iter()
                .filter(|other| other.position < fact.position);
            let before = Self::new(before.cloned().collect());
            let reasons = before.references(fact).into_iter();
            hanging.extend(reasons.map(|reason| (fact.position, reason)));
        }
        hanging
    }

    /// Why a fact is refused by the rules for what it refers to.
    pub fn references(&self, fact: &Fact) -> Vec<Reason> {
        let mut reasons = Vec::new();
        match &fact.action {
            ModelAction::Adopt(_) | ModelAction::Orders(_) | ModelAction::Void(_) => {}
            ModelAction::Request { n, .. } => {
                reasons.extend(self.asked(*n).map(|_| "PROPOSAL_TAKEN"));
            }
            ModelAction::Vote { n, .. }
            | ModelAction::Withdraw(n)
            | ModelAction::Support { n, .. } => {
                reasons.extend(self.about_proposal(*n, fact.span()));
            }
            ModelAction::SendBack { n, by, to } => {
                reasons.extend(self.about_proposal(*n, fact.span()));
                reasons.extend((by == to).then_some("SELF_REFERENCE"));
            }
            ModelAction::Decide { n, by, terms, .. }
            | ModelAction::Approve { n, by, terms, .. } => {
                reasons.extend(self.about_proposal(*n, fact.span()));
                reasons.extend(of_terms(*by, terms));
            }
            ModelAction::SettleCondition {
                decision,
                index,
                by_its_decider,
                ..
            } => {
                let proposal = self.about_proposal(decision.n, fact.span());
                reasons.extend(proposal);
                if proposal == Some("UNKNOWN_PROPOSAL") {
                    return reasons;
                }
                reasons.extend(self.about(*decision, fact.span()));
                if let Some(decided) = self.fact(decision.position) {
                    let conditions = decided.conditions();
                    reasons.extend((*index >= conditions.len()).then_some("UNKNOWN_ITEM"));
                    let named = conditions.get(*index).is_some_and(Option::is_some);
                    let by_another = named && !by_its_decider;
                    reasons.extend(by_another.then_some("CONDITION_OF_ANOTHER"));
                    let end = (Date::MAX, u64::MAX);
                    let settled = self.condition(decision.position, *index, end);
                    reasons.extend(settled.map(|_| "ITEM_CLOSED"));
                }
            }
            ModelAction::CallIn(decision) => {
                reasons.extend(self.about(*decision, fact.span()));
                let mut facts = self.facts.iter();
                let is_open = facts.any(|called| {
                    matches!(called.action, ModelAction::CallIn(of)
                        if of.position == decision.position)
                        && called.on <= fact.on
                        && !self
                            .closed(called.position)
                            .any(|closed| closed.on <= fact.on)
                });
                let mut facts = self.facts.iter();
                let again = facts.any(|called| {
                    matches!(called.action, ModelAction::CallIn(of)
                        if of.position == decision.position)
                });
                reasons.extend(match (is_open, again) {
                    (true, _) => Some("ALREADY_SO"),
                    (false, true) => Some("CALLED_IN_BEFORE"),
                    (false, false) => None,
                });
            }
            ModelAction::SettleCallIn { call_in, how } => {
                reasons.extend(self.about(*call_in, fact.span()));
                let referral = self.referral(call_in.position);
                let is_referral = *how == CallInEnd::Council;
                // The answer of the council follows the referral.
                if let Some(referral) = referral.filter(|_| !is_referral) {
                    reasons.extend(is_before(fact.span(), referral.span()));
                }
                let closed = self.closed(call_in.position).next().is_some();
                let closed = closed || is_referral && referral.is_some();
                reasons.extend(closed.then_some("ITEM_CLOSED"));
            }
            ModelAction::Revoke(of) => {
                reasons.extend(self.about(*of, fact.span()));
                let closed = self.closed(of.position).next();
                reasons.extend(closed.map(|_| "ITEM_CLOSED"));
            }
            ModelAction::Challenge(decision) => reasons.extend(self.about(*decision, fact.span())),
            ModelAction::Step {
                challenge,
                step,
                from,
            } => {
                reasons.extend(self.about(*challenge, fact.span()));
                if self.fact(challenge.position).is_some() {
                    let from = from.map(day);
                    reasons.extend(self.of_step(fact.at(), challenge.position, *step, from));
                }
            }
            ModelAction::Delegate { days, .. } => {
                let is_over = days.is_some_and(|days| days < 0);
                reasons.extend(is_over.then_some("NOT_LATER"));
            }
            ModelAction::Make { authority, .. } => match authority {
                Authority::Proposal(n) | Authority::Breach(Some(n)) => {
                    let unknown = self.asked(*n).is_none();
                    reasons.extend(unknown.then_some("UNKNOWN_PROPOSAL"));
                }
                Authority::Delegation(cited) => {
                    let unknown = self.fact(cited.position).is_none();
                    reasons.extend(unknown.then_some("UNKNOWN_ITEM"));
                }
                Authority::None | Authority::Breach(None) => {}
            },
            ModelAction::Reverse(of) => {
                let made = self.fact(*of);
                match made {
                    None => reasons.push("UNKNOWN_ITEM"),
                    Some(made) => {
                        reasons.extend(is_before(fact.span(), made.span()));
                        let mut facts = self.facts.iter();
                        let twice = facts.any(
                            |other| matches!(other.action, ModelAction::Reverse(at) if at == *of),
                        );
                        reasons.extend(twice.then_some("ITEM_CLOSED"));
                    }
                }
            }
        }
        reasons
    }

    fn about_proposal(&self, n: u8, on: Span) -> Option<Reason> {
        match self.asked(n) {
            None => Some("UNKNOWN_PROPOSAL"),
            Some(asked) => is_before(on, self.span(asked.at)),
        }
    }

    fn about(&self, of: Pick, on: Span) -> Option<Reason> {
        match self.fact(of.position) {
            None => Some("UNKNOWN_ITEM"),
            Some(fact) => is_before(on, fact.span()),
        }
    }

    /// The facts that close a call-in or a delegation.
    fn closed(&self, of: u64) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(move |fact| match &fact.action {
            ModelAction::SettleCallIn { call_in, how } => {
                call_in.position == of && *how != CallInEnd::Council
            }
            ModelAction::Revoke(delegation) => delegation.position == of,
            _ => false,
        })
    }

    /// The fact that refers a call-in to the full council.
    fn referral(&self, of: u64) -> Option<&Fact> {
        self.facts.iter().find(|fact| {
            matches!(fact.action, ModelAction::SettleCallIn { call_in, how: CallInEnd::Council }
                if call_in.position == of)
        })
    }

    /// How a condition was settled before a place.
    pub fn condition(&self, decision: u64, wanted: usize, before: At) -> Option<ConditionEnd> {
        let facts = self.facts.iter().filter(|fact| fact.at() < before);
        let mut settled = facts.filter_map(|fact| match fact.action {
            ModelAction::SettleCondition {
                decision: of,
                index,
                how,
                ..
            } if of.position == decision && index == wanted => Some(how),
            _ => None,
        });
        settled.next()
    }

    /// The steps of a challenge before a place.
    fn steps(
        &self,
        of: u64,
        before: At,
    ) -> impl DoubleEndedIterator<Item = (At, CourtStep, Option<Date>)> {
        let facts = self.facts.iter().filter(move |fact| fact.at() < before);
        facts.filter_map(move |fact| match fact.action {
            ModelAction::Step {
                challenge,
                step,
                from,
            } if challenge.position == of => Some((fact.at(), step, from.map(day))),
            _ => None,
        })
    }

    fn quashing(&self, challenge: u64, before: At) -> Option<(At, Option<Date>)> {
        let judged = self.steps(challenge, before).rev();
        let mut judged = judged.filter(|(_, step, _)| {
            matches!(
                step,
                CourtStep::Quashed | CourtStep::Upheld | CourtStep::AppealAllowed
            )
        });
        let (at, step, from) = judged.next()?;
        (step == CourtStep::Quashed).then_some((at, from))
    }

    /// Whether a decision was once quashed in a challenge.
    pub fn was_quashed(&self, challenge: u64, decision: u64) -> bool {
        let end = (Date::MAX, u64::MAX);
        let mut steps = self.steps(challenge, end);
        let about = self.fact(challenge).is_some_and(
            |fact| matches!(fact.action, ModelAction::Challenge(of) if of.position == decision),
        );
        about && steps.any(|(_, step, _)| step == CourtStep::Quashed)
    }

    /// The challenges in which a decision was quashed, as it was before a place, with the
    /// day from which it is.
    pub fn quashings(&self, decision: u64, before: At) -> Vec<(u64, At, Option<Date>)> {
        let challenges = self.facts.iter().filter(
            |fact| matches!(fact.action, ModelAction::Challenge(of) if of.position == decision),
        );
        let quashed = challenges.filter_map(|fact| {
            let (at, from) = self.quashing(fact.position, before)?;
            Some((fact.position, at, from))
        });
        quashed.collect()
    }

    fn of_step(&self, at: At, challenge: u64, step: CourtStep, from: Option<Date>) -> Vec<Reason> {
        let end = (Date::MAX, u64::MAX);
        let withdrawn = self
            .steps(challenge, end)
            .any(|(_, step, _)| step == CourtStep::Withdrawn);
        let stays = self.steps(challenge, at).rev();
        let mut stays = stays.filter(|(_, step, _)| *step == CourtStep::Stayed || step.ends_stay());
        let is_stayed = stays
            .next()
            .is_some_and(|(_, step, _)| step == CourtStep::Stayed);
        let appeals = self.steps(challenge, at).rev();
        let mut appeals = appeals.filter(|(_, step, _)| {
            use CourtStep::{AppealAllowed, AppealDismissed, Appealed, Quashed, Upheld};
            [Appealed, AppealDismissed, AppealAllowed, Quashed, Upheld].contains(step)
        });
        let is_appealed = appeals
            .next()
            .is_some_and(|(_, step, _)| step == CourtStep::Appealed);
        let second = match step {
            CourtStep::AppealDismissed | CourtStep::AppealAllowed if !is_appealed => {
                Some("UNKNOWN_ITEM")
            }
            CourtStep::StayLifted if !is_stayed => Some("UNKNOWN_ITEM"),
            CourtStep::Quashed if self.quashing(challenge, end).is_some() => Some("ALREADY_SO"),
            _ => None,
        };
        let permission = self.steps(challenge, at).rev();
        let mut permission = permission.filter(|(_, step, _)| {
            matches!(step, CourtStep::Permission | CourtStep::PermissionRefused)
        });
        let is_refused = permission
            .next()
            .is_some_and(|(_, step, _)| step == CourtStep::PermissionRefused);
        let unheard = step == CourtStep::Quashed && is_refused;
        let decided = self.fact(challenge).and_then(|fact| match fact.action {
            ModelAction::Challenge(of) => self.fact(of.position),
            _ => None,
        });
        let early = decided.is_some_and(|decided| from.is_some_and(|from| from < decided.on));
        let reasons = [
            withdrawn.then_some("ITEM_CLOSED"),
            unheard.then_some("PERMISSION_REFUSED"),
            second,
            early.then_some("BEFORE_ITEM"),
        ];
        reasons.into_iter().flatten().collect()
    }
}

/// Something is not dated before what it is about, on any day that it may be.
fn is_before(on: Span, of: Span) -> Option<Reason> {
    (by(of, on) == Sure::No).then_some("BEFORE_ITEM")
}

/// A decision depends on no decision of its own, and is not in force before it is made.
fn of_terms(by: Option<&'static str>, terms: &Terms) -> Vec<Reason> {
    let own = by.map(|by| match is_of_council(by) {
        true => by,
        false => body(by),
    });
    let depends = own.is_some() && terms.conditions.contains(&own);
    let is_early = terms.days.is_some_and(|days| days < 0);
    let reasons = [
        depends.then_some("SELF_REFERENCE"),
        is_early.then_some("NOT_LATER"),
    ];
    reasons.into_iter().flatten().collect()
}

impl Fact {
    pub fn conditions(&self) -> &'static [Option<&'static str>] {
        match self.action {
            ModelAction::Decide { terms, .. } | ModelAction::Approve { terms, .. } => {
                terms.conditions
            }
            _ => &[],
        }
    }
}
