//! A regime: what governs a matter or an act at a place: an approval rule, or
//! none, and then it says so.

use super::topic::Topic;
use super::world::World;
use crate::domain::event::{Actor, ApprovalRule, ApprovalRulesAdopted, MatterKind};
use crate::domain::fact::{Fact, Place};
use crate::domain::ids::{ProposalId, SubjectId};
use crate::domain::subject::Subject;

/// What is put up or done, and where.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// Where other subjects are looked up.
    pub world: &'a dyn World,
    /// The subject it is about.
    pub id: &'a SubjectId,
    /// That subject, as it is known.
    pub subject: &'a Subject,
    /// What is put up or done.
    pub topic: Topic<'a>,
    /// Who put it up, where that is known.
    pub proposer: Option<&'a Actor>,
    /// The proposal, where there is one: what is drawn from it is not counted
    /// against it.
    pub proposal: Option<ProposalId>,
}

/// A set of approval rules, and whose.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// The collaboration or board that adopted it.
    pub adopted_by: SubjectId,
    /// The set.
    pub set: Fact<ApprovalRulesAdopted>,
}

/// A rule that applies.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// Its set.
    pub of: RuleSet,
    index: usize,
}

impl Ruling {
    /// The rule.
    pub fn rule(&self) -> &ApprovalRule {
        &self.of.set.rules[self.index]
    }

    /// Whether this is the same rule of the same set.
    pub fn is(&self, other: &Self) -> bool {
        self.index == other.index && self.of.set.place() == other.of.set.place()
    }
}

/// What governs a matter.
#[derive(Clone, Debug)]
pub enum Regime {
    /// A rule.
    Rule(Ruling),
    /// Rules are in force, and none covers it.
    NotCovered(RuleSet),
    /// No rules are in force; the law has the parties of an instrument sign.
    Law,
    /// No rules are in force.
    Unregulated,
}

impl Regime {
    /// The rule, where one applies.
    pub fn rule(&self) -> Option<&ApprovalRule> {
        match self {
            Self::Rule(ruling) => Some(ruling.rule()),
            Self::NotCovered(_) | Self::Law | Self::Unregulated => None,
        }
    }

    /// The set in force, where there is one.
    pub const fn rules(&self) -> Option<&RuleSet> {
        match self {
            Self::Rule(ruling) => Some(&ruling.of),
            Self::NotCovered(rules) => Some(rules),
            Self::Law | Self::Unregulated => None,
        }
    }
}

/// The rules in force for a subject just before a place: its own, or, for a
/// collaboration that has adopted none, those of the first board that serves it
/// and has.
pub fn rule_set(
    world: &dyn World,
    id: &SubjectId,
    subject: &Subject,
    at: Place,
) -> Option<RuleSet> {
    let adopted = |adopted_by: SubjectId, subject: &Subject| {
        let set = subject.dossier.rule_sets.before(at)?.clone();
        Some(RuleSet { adopted_by, set })
    };
    if let Some(own) = adopted(id.clone(), subject) {
        return Some(own);
    }
    let SubjectId::Collaboration(served) = id else {
        return None;
    };
    world.boards().into_iter().find_map(|(id, board)| {
        let constituted = board.as_board()?.constituted.as_ref()?;
        let serves = constituted.place() < at && constituted.collaborations.contains(served);
        serves.then(|| adopted(SubjectId::Board(id), &board))?
    })
}

/// What governs a case at a place.
pub fn regime(case: &Case<'_>, at: Place) -> Regime {
    match rule_set(case.world, case.id, case.subject, at) {
        Some(rules) => within(case, rules, at, at),
        None => match case.topic.kind() {
            MatterKind::SignInstrument | MatterKind::VaryInstrument => Regime::Law,
            _ => Regime::Unregulated,
        },
    }
}

/// The first rule of a set whose conditions hold at a place, with the year's
/// total as it runs at another.
pub(super) fn within(case: &Case<'_>, rules: RuleSet, at: Place, runs: Place) -> Regime {
    let first = rules
        .set
        .rules
        .iter()
        .position(|rule| case.meets(&rule.conditions, at, runs));
    match first {
        Some(index) => Regime::Rule(Ruling { of: rules, index }),
        None => Regime::NotCovered(rules),
    }
}
