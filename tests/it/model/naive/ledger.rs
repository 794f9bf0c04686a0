//! Virements made, and the approval or delegation that each of them rests on.

use super::Reason;
use super::action::{At, Authority, ModelAction, Pick, Span, Sure, after, body, by};
use super::need::{ModelRequirementState, Need, alone, judge};
use super::past::{Asked, Made, Past};
use super::replay::{Grounds, Replayed, Spell};

impl Replayed {
    /// The spell that covers an act, or why none does.
    fn spell(&self, past: &Past, asked: &Asked, made: &Made) -> Result<&Spell, Reason> {
        let (at, on) = (made.at, made.span());
        let begins = |spell: &Spell| by(past.span(spell.from), on);
        let lasts = |spell: &Spell| {
            let Some((end, _)) = spell.ends.first() else {
                return Sure::Yes;
            };
            let ended = past.span(*end);
            let are_days = ended.0 == ended.1 && on.0 == on.1;
            match are_days {
                true if at < *end => Sure::Yes,
                true => Sure::No,
                false => after(ended, on),
            }
        };
        // One that surely covers it goes before one that may.
        let spells = || self.spells.iter().rev();
        for wanted in [Sure::Yes, Sure::Perhaps] {
            let covers = |spell: &&Spell| begins(spell).min(lasts(spell)) == wanted;
            if let Some(spell) = spells().find(covers) {
                return Ok(spell);
            }
        }
        if let Some(spell) = spells().find(|spell| begins(spell) > Sure::No) {
            let mut ends = spell.ends.iter().rev();
            let before = ends.find(|(end, _)| *end <= at);
            let end = before.or(spell.ends.first());
            return Err(end.expect("it has ended").1.reason());
        }
        // Called in or stayed before it was in force.
        let then = past.course(asked, made.at);
        let is_suspended = then.settled.is_none() && then.suspended_open.is_some();
        Err(match self.spells.first() {
            None if self.quashed => "APPROVAL_QUASHED",
            _ if is_suspended => "APPROVAL_SUSPENDED",
            Some(_) => "DECIDED_LATER",
            None => "NOT_CARRIED",
        })
    }
}

impl Made {
    pub const fn span(&self) -> Span {
        (self.at.0, self.last)
    }
}

impl Grounds {
    /// Whether it covers a projection: from the board's decision on.
    fn covers(&self, past: &Past, made: &Made) -> bool {
        let is_by = |confirmed| by(past.span(confirmed), made.span()) > Sure::No;
        self.covers_projected && self.confirmed.is_none_or(is_by)
    }
}

impl Past {
    /// The amount drawn on a proposal, and the acts that name it with their faults.
    pub fn drawn(&self, asked: &Asked, until: At) -> (i64, Vec<(u64, Vec<Reason>)>) {
        let course = self.course(asked, until);
        let moves = self.moves();
        let named = moves.iter().filter(|made| match made.authority {
            Authority::Proposal(n) | Authority::Breach(Some(n)) => n == asked.n,
            _ => false,
        });
        let mut taken: Vec<&Made> = Vec::new();
        let mut found = Vec::new();
        for made in named {
            let still = taken
                .iter()
                .filter(|other| other.reversed.is_none_or(|at| at >= made.at));
            let drawn: i64 = still.map(|other| other.amount).sum();
            let reasons = self.draw_faults(asked, &course, made, drawn, !taken.is_empty());
            let same = made.head == asked.head && made.projected == asked.projected;
            // A breach that names it draws its amount, within the approval or not.
            if reasons.is_empty() || (same && matches!(made.authority, Authority::Breach(_))) {
                taken.push(made);
            }
            found.push((made.position, reasons));
        }
        let left = taken.iter().filter(|made| made.reversed.is_none());
        (left.map(|made| made.amount).sum(), found)
    }

    fn draw_faults(
        &self,
        asked: &Asked,
        course: &Replayed,
        made: &Made,
        drawn: i64,
        is_used: bool,
    ) -> Vec<Reason> {
        let not_projected = "PROJECTED_NOT_APPROVED";
        let spell = match course.spell(self, asked, made) {
            Ok(spell) => spell,
            Err(reason) => {
                let projected = made.projected.then_some(not_projected);
                return [reason].into_iter().chain(projected).collect();
            }
        };
        let grounds = &spell.grounds;
        let projected = (made.projected && !grounds.covers(self, made)).then_some(not_projected);
        if made.head != asked.head || made.projected != asked.projected {
            return ["ANOTHER_ACT"].into_iter().chain(projected).collect();
        }
        let left = grounds.approved - drawn;
        let amount = match made.amount {
            _ if left <= 0 && is_used => Some("APPROVAL_SPENT"),
            amount => (amount > left).then_some("OVER_APPROVED"),
        };
        let tier = self
            .tier_passed(asked, grounds, made)
            .then_some("TIER_PASSED");
        let behind = self
            .is_behind(asked, grounds, made)
            .then_some("BEHIND_THE_RULES");
        [amount, tier, behind, projected]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Whether the rule that applies when it is made is another than when it was
    /// carried, and is not met by the opinions.
    fn tier_passed(&self, asked: &Asked, grounds: &Grounds, made: &Made) -> bool {
        let Some(rules) = self.rules(grounds.at) else {
            return false;
        };
        let then = self.rule_of(asked, &rules, grounds.at);
        match self.rule_of(asked, &rules, made.at) {
            Some(now) if then != Some(now) => !self.meets(asked, grounds, &rules[now].need),
            _ => false,
        }
    }

    fn meets(&self, asked: &Asked, grounds: &Grounds, need: &Need) -> bool {
        let (state, counted) = judge(need, &grounds.opinions, asked);
        state == ModelRequirementState::Met && !alone(&counted, asked.by)
    }

    /// Whether it was carried before the rules under which it is made, by an opinion
    /// that was recorded after them and does not meet them.
    fn is_behind(&self, asked: &Asked, grounds: &Grounds, made: &Made) -> bool {
        let mut facts = self.facts.iter().rev().filter(|fact| fact.at() < made.at);
        let adopted = facts.find(|fact| matches!(fact.action, ModelAction::Adopt(_)));
        let (Some(adopted), Some(rules)) = (adopted, self.rules(made.at)) else {
            return false;
        };
        if grounds.at.0 > adopted.on || grounds.at.1 < adopted.position {
            return false;
        }
        let rule = self.rule_of(asked, &rules, made.at);
        rule.is_some_and(|rule| !self.meets(asked, grounds, &rules[rule].need))
    }

    pub fn is_breach(&self, made: &Made) -> bool {
        matches!(made.authority, Authority::Breach(_)) || !self.faults(made).is_empty()
    }

    /// The rules that an act breaks.
    pub fn faults(&self, made: &Made) -> Vec<Reason> {
        let delegation = match made.authority {
            Authority::Breach(_) => return Vec::new(),
            Authority::Proposal(n) => {
                // Made later in the month of the act, it is not known yet.
                let Some(asked) = self.asked(n) else {
                    return Vec::new();
                };
                let (_, found) = self.drawn(&asked, (jiff::civil::Date::MAX, u64::MAX));
                let own = found
                    .into_iter()
                    .find(|(position, _)| *position == made.position);
                return own.map(|(_, reasons)| reasons).unwrap_or_default();
            }
            Authority::None => None,
            Authority::Delegation(cited) => Some(cited),
        };
        // A vague date gets around no rule that came into force within it, and was on record.
        let of_day = |at: At| {
            let rules = self.rules(at)?;
            let (amount, projected) = (made.amount, made.projected);
            let rule = self.applies(&rules, amount, projected, at, None)?;
            Some(rules[rule].need.clone())
        };
        let last = (made.last, made.at.1);
        let of_last_day = || {
            self.is_adopted_before(last, made.position)
                .then(|| of_day(last))
        };
        let rule = of_day(made.at).or_else(|| of_last_day().flatten());
        let rule = rule.as_ref();
        let outside = delegation.and_then(|cited| self.outside_delegation(made, cited));
        let is_delegated = |need: &Need| {
            let covers = delegation.filter(|_| outside.is_none());
            covers.is_some_and(|cited| self.asks_giver_alone(need, cited))
        };
        let required = rule.filter(|need| !is_delegated(need));
        let required = required.map(|_| "APPROVAL_REQUIRED");
        let projected = made.projected.then_some("PROJECTED_NOT_APPROVED");
        [required, outside, projected]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Why a delegation does not cover an act.
    fn outside_delegation(&self, made: &Made, cited: Pick) -> Option<Reason> {
        let Some(fact) = self.fact(cited.position) else {
            return Some("UNKNOWN_ITEM");
        };
        let ModelAction::Delegate {
            to,
            up_to,
            days,
            other_kind,
            ..
        } = fact.action
        else {
            return Some("UNKNOWN_ITEM");
        };
        let on = made.span();
        let revoked = self.facts.iter().any(|other| {
            matches!(other.action, ModelAction::Revoke(of) if of.position == cited.position)
                && after(other.span(), on) == Sure::No
        });
        let lasts = days.is_none_or(|days| {
            let until = super::later(fact.on, days);
            by(on, (until, until)) > Sure::No
        });
        // A body may be any of its offices.
        let by_holder = made.by.is_some_and(|by| {
            body(by) == body(to) && (by == to || by == body(by) || to == body(to))
        });
        let covers = !other_kind && up_to.is_none_or(|up_to| made.amount <= up_to);
        let begun = by(fact.span(), on) > Sure::No;
        let is_inside = begun && !revoked && lasts && by_holder && covers;
        (!is_inside).then_some("OUTSIDE_DELEGATION")
    }

    /// Whether a rule asks for the giver of a delegation, and for nobody else.
    fn asks_giver_alone(&self, need: &Need, cited: Pick) -> bool {
        let Some(ModelAction::Delegate { board, .. }) =
            self.fact(cited.position).map(|fact| &fact.action)
        else {
            return false;
        };
        match need {
            Need::Any(parts) => parts.iter().any(|part| self.asks_giver_alone(part, cited)),
            Need::Both(parts) => parts.iter().all(|part| self.asks_giver_alone(part, cited)),
            Need::All(bodies) => !board && *bodies == ["a-pcc"],
            Need::Officer(_) => false,
            Need::Majority | Need::Unanimity | Need::Fraction(_) | Need::Weight(_) => *board,
        }
    }
}
