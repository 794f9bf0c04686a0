//! Regimes: the approval rule that governs a proposal or an act at a point in the
//! effective order, or why none does.

use std::borrow::Cow;

use super::subject_lookup::SubjectLookup;
use crate::event::ApprovableAct;
use crate::event::{
    Actor, ApprovalRule, ApprovalRulesAdopted, BoardPower, MatterKind, Requirement,
};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::{ProposalId, SubjectId};
use crate::subject::Subject;

/// An act that is proposed or carried out, and its subject.
#[derive(Clone, Copy)]
pub struct ApprovalCase<'a> {
    pub lookup: &'a dyn SubjectLookup,
    pub id: &'a SubjectId,
    pub subject: &'a Subject,
    pub act: ApprovableAct<'a>,
    /// `None` if the proposer is not known.
    pub proposer: Option<&'a Actor>,
    /// The proposal of the act, if any. Acts that rely on it are not counted in the
    /// running total of the year.
    pub proposal: Option<ProposalId>,
}

/// A set of approval rules, and the subject that adopted it.
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub adopted_by: SubjectId,
    pub set: Fact<ApprovalRulesAdopted>,
}

/// A rule that applies, in its set.
#[derive(Clone, Debug)]
pub struct Ruling {
    pub rule_set: RuleSet,
    index: usize,
    /// For several matters decided as one: the other rules that govern some of them.
    others: Vec<usize>,
}

impl Ruling {
    pub fn rule(&self) -> &ApprovalRule {
        &self.rule_set.set.rules[self.index]
    }

    /// Who must agree: by this rule and, for several matters decided as one, by each
    /// that governs one of them.
    pub fn requirement(&self) -> Cow<'_, Requirement> {
        let own = &self.rule().requirement;
        if self.others.is_empty() {
            return Cow::Borrowed(own);
        }
        let rules = &self.rule_set.set.rules;
        let others = self.others.iter().map(|other| &rules[*other].requirement);
        Cow::Owned(Requirement::AllOf(
            [own].into_iter().chain(others).cloned().collect(),
        ))
    }

    /// Whether this is the same rule of the same set.
    pub fn is(&self, other: &Self) -> bool {
        let (own, other_set) = (&self.rule_set.set, &other.rule_set.set);
        self.index == other.index
            && self.others == other.others
            && own.effective_order() == other_set.effective_order()
    }
}

#[derive(Clone, Debug)]
pub enum Regime {
    Rule(Ruling),
    /// Rules are in force, and none covers it.
    NotCovered(RuleSet),
    /// No rules are in force; the law has the parties of an instrument sign.
    Law,
    /// No rules are in force.
    Unregulated,
}

impl Regime {
    pub fn rule(&self) -> Option<&ApprovalRule> {
        match self {
            Self::Rule(ruling) => Some(ruling.rule()),
            Self::NotCovered(_) | Self::Law | Self::Unregulated => None,
        }
    }

    pub const fn ruling(&self) -> Option<&Ruling> {
        match self {
            Self::Rule(ruling) => Some(ruling),
            Self::NotCovered(_) | Self::Law | Self::Unregulated => None,
        }
    }

    /// The set in force, if any.
    pub const fn rules(&self) -> Option<&RuleSet> {
        match self {
            Self::Rule(ruling) => Some(&ruling.rule_set),
            Self::NotCovered(rules) => Some(rules),
            Self::Law | Self::Unregulated => None,
        }
    }
}

/// The rules in force for a subject just before a point in the order: its own, or, for
/// a collaboration that has adopted none, those of a board that serves it and has the
/// power to decide. Of several boards, the first to have rules on record counts.
///
/// A set that was adopted as an acknowledged breach is not in force: otherwise a body
/// bound by rules could adopt others.
pub fn rule_set(
    lookup: &dyn SubjectLookup,
    id: &SubjectId,
    subject: &Subject,
    at: EffectiveOrder,
) -> Option<RuleSet> {
    adopted(id, subject, at).or_else(|| rules_of_board(lookup, id, at))
}

fn adopted(adopted_by: &SubjectId, subject: &Subject, at: EffectiveOrder) -> Option<RuleSet> {
    let sets = subject.dossier.rule_sets.iter().rev();
    let set = sets
        .skip_while(|set| set.effective_order() >= at)
        .find(|set| !set.acknowledges_breach())?;
    Some(RuleSet {
        adopted_by: adopted_by.clone(),
        set: set.clone(),
    })
}

/// The rules that a board sets for a collaboration just before a point in the order.
fn rules_of_board(
    lookup: &dyn SubjectLookup,
    id: &SubjectId,
    at: EffectiveOrder,
) -> Option<RuleSet> {
    let SubjectId::Collaboration(served) = id else {
        return None;
    };
    let boards = lookup.boards_with_rules();
    let boards = boards.iter().filter_map(|(id, subject)| {
        let board = subject.as_board()?;
        let constituted = board.constituted.as_ref()?;
        let serves = constituted.effective_order() < at
            && board.serves_before(at).contains(&served)
            && board.has_power(BoardPower::Decides);
        let set = serves.then(|| adopted(&SubjectId::Board(id.clone()), subject, at))??;
        // By position, not by date: so no later entry changes which board is first.
        let sets = subject.dossier.rule_sets.iter();
        let positions = sets.map(|set| set.effective_order().position);
        Some((positions.min(), set))
    });
    boards.min_by_key(|(first, _)| *first).map(|(_, set)| set)
}

/// The rules of a board that the collaboration's own set would replace if it were
/// adopted at a point in the order before them.
fn replaced_by_own(
    case: &ApprovalCase<'_>,
    at: EffectiveOrder,
) -> Option<(RuleSet, EffectiveOrder)> {
    let own = &case.subject.dossier.rule_sets;
    if adopted(case.id, case.subject, at).is_some() {
        return None;
    }
    let next = own
        .iter()
        .filter(|set| !set.acknowledges_breach())
        .map(Fact::effective_order)
        .find(|order| *order > at);
    let until = next.unwrap_or(EffectiveOrder::LAST);
    Some((rules_of_board(case.lookup, case.id, until)?, until))
}

/// The rule that governs the adoption of a set: of that set itself, if it is in force
/// already, or of the set in force before it.
pub fn governs_adoption(
    lookup: &dyn SubjectLookup,
    id: &SubjectId,
    subject: &Subject,
    set: &Fact<ApprovalRulesAdopted>,
) -> Option<Ruling> {
    let case = ApprovalCase {
        lookup,
        id,
        subject,
        act: ApprovableAct::AdoptRules(&set.rule_set),
        proposer: None,
        proposal: None,
    };
    let own = RuleSet {
        adopted_by: id.clone(),
        set: set.clone(),
    };
    let order = set.effective_order();
    let own = (!set.acknowledges_breach()).then(|| first_applicable(&case, own, order, order));
    own.into_iter()
        .chain([regime(&case, order)])
        .find_map(|regime| match regime {
            Regime::Rule(ruling) => Some(ruling),
            Regime::NotCovered(_) | Regime::Law | Regime::Unregulated => None,
        })
}

/// The regime of a case at a point in the order.
pub fn regime(case: &ApprovalCase<'_>, at: EffectiveOrder) -> Regime {
    match rule_set(case.lookup, case.id, case.subject, at) {
        Some(rules) => first_applicable(case, rules, at, at),
        None if case.act.kind() == MatterKind::AdoptRules => match replaced_by_own(case, at) {
            Some((rules, until)) => first_applicable(case, rules, until, until),
            None => Regime::Unregulated,
        },
        None => match case.act.kind() {
            MatterKind::SignInstrument | MatterKind::VaryInstrument => Regime::Law,
            _ => Regime::Unregulated,
        },
    }
}

/// The first rule of a set whose conditions hold at `at`, with the running total of
/// the year at `total_at`.
pub(super) fn first_applicable(
    case: &ApprovalCase<'_>,
    rules: RuleSet,
    at: EffectiveOrder,
    total_at: EffectiveOrder,
) -> Regime {
    let first_of = |act| {
        let case = ApprovalCase { act, ..*case };
        let mut in_order = rules.set.rules.iter();
        in_order.position(|rule| case.meets(&rule.conditions, at, total_at))
    };
    let mut indices: Vec<usize> = match case.act {
        // A rule that names no kind of matter applies to each of the parts anyway.
        ApprovableAct::Together(_) => {
            let named = |rule: &ApprovalRule| {
                let kinds = &rule.conditions.matters;
                kinds.contains(&MatterKind::Together) && case.meets(&rule.conditions, at, total_at)
            };
            let parts = case.act.parts().into_iter().filter_map(first_of);
            rules
                .set
                .rules
                .iter()
                .position(named)
                .into_iter()
                .chain(parts)
                .collect()
        }
        act => first_of(act).into_iter().collect(),
    };
    indices.sort_unstable();
    indices.dedup();
    if indices.is_empty() {
        return Regime::NotCovered(rules);
    }
    let index = indices.remove(0);
    Regime::Rule(Ruling {
        rule_set: rules,
        index,
        others: indices,
    })
}
