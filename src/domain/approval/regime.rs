//! A regime: what governs a matter or an act at a place: an approval rule, or
//! none, and then it says so.

use super::subject_lookup::SubjectLookup;
use crate::domain::event::ApprovableAct;
use crate::domain::event::{Actor, ApprovalRule, ApprovalRulesAdopted, BoardPower, MatterKind};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{Position, ProposalId, SubjectId};
use crate::domain::subject::Subject;

/// What is put up or done, and where.
#[derive(Clone, Copy)]
pub struct ApprovalCase<'a> {
    /// Where other subjects are looked up.
    pub lookup: &'a dyn SubjectLookup,
    /// The subject it is about.
    pub id: &'a SubjectId,
    /// That subject, as it is known.
    pub subject: &'a Subject,
    /// What is put up or done.
    pub act: ApprovableAct<'a>,
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
        self.index == other.index && self.of.set.effective_order() == other.of.set.effective_order()
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
/// collaboration that has adopted none, those of the board that serves it, has
/// power to decide, and was the first to have rules on record.
///
/// A set that was adopted as an acknowledged breach is on record and not in
/// force: otherwise whoever is bound by rules could adopt others.
pub fn rule_set(
    world: &dyn SubjectLookup,
    id: &SubjectId,
    subject: &Subject,
    at: EffectiveOrder,
) -> Option<RuleSet> {
    adopted(id, subject, at).or_else(|| of_a_board(world, id, at))
}

fn adopted(adopted_by: &SubjectId, subject: &Subject, at: EffectiveOrder) -> Option<RuleSet> {
    let sets = subject.dossier.rule_sets.iter().rev();
    let set = sets
        .skip_while(|set| set.effective_order() >= at)
        .find(|set| !set.is_breach())?;
    Some(RuleSet {
        adopted_by: adopted_by.clone(),
        set: set.clone(),
    })
}

/// The rules that a collaboration has from a board just before a place.
fn of_a_board(world: &dyn SubjectLookup, id: &SubjectId, at: EffectiveOrder) -> Option<RuleSet> {
    let SubjectId::Collaboration(served) = id else {
        return None;
    };
    let boards = world.boards().into_iter().filter_map(|(id, board)| {
        let of = board.as_board()?;
        let constituted = of.constituted.as_ref()?;
        let serves = constituted.effective_order() < at
            && constituted.collaborations.contains(served)
            && of.has_power(BoardPower::Decides);
        let set = serves.then(|| adopted(&SubjectId::Board(id), &board, at))??;
        // By when it was told, not by its date: nothing told later is before it.
        let sets = board
            .dossier
            .rule_sets
            .iter()
            .map(|set| set.effective_order().1);
        Some((sets.min(), set))
    });
    boards.min_by_key(|(first, _)| *first).map(|(_, set)| set)
}

/// The rules of a board that a set of the collaboration's own would put out of
/// force, were it adopted at a place before them.
fn put_out_of_force(
    case: &ApprovalCase<'_>,
    at: EffectiveOrder,
) -> Option<(RuleSet, EffectiveOrder)> {
    let own = &case.subject.dossier.rule_sets;
    if adopted(case.id, case.subject, at).is_some() {
        return None;
    }
    let next = own
        .iter()
        .filter(|set| !set.is_breach())
        .map(Fact::effective_order)
        .find(|place| *place > at);
    let until = next.unwrap_or((jiff::civil::Date::MAX, Position::new(u64::MAX)));
    Some((of_a_board(case.lookup, case.id, until)?, until))
}

/// The rule that governs the adoption of a set at a place: of that set itself,
/// where it is in force already, or of what is in force before it.
pub fn governs_adoption(
    world: &dyn SubjectLookup,
    id: &SubjectId,
    subject: &Subject,
    set: &Fact<ApprovalRulesAdopted>,
) -> Option<Ruling> {
    let case = ApprovalCase {
        lookup: world,
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
    let place = set.effective_order();
    let itself = (!set.is_breach()).then(|| within(&case, own, place, place));
    itself
        .into_iter()
        .chain([regime(&case, place)])
        .find_map(|regime| match regime {
            Regime::Rule(ruling) => Some(ruling),
            Regime::NotCovered(_) | Regime::Law | Regime::Unregulated => None,
        })
}

/// What governs a case at a place.
pub fn regime(case: &ApprovalCase<'_>, at: EffectiveOrder) -> Regime {
    match rule_set(case.lookup, case.id, case.subject, at) {
        Some(rules) => within(case, rules, at, at),
        None if case.act.kind() == MatterKind::AdoptRules => match put_out_of_force(case, at) {
            Some((rules, until)) => within(case, rules, until, until),
            None => Regime::Unregulated,
        },
        None => match case.act.kind() {
            MatterKind::SignInstrument | MatterKind::VaryInstrument => Regime::Law,
            _ => Regime::Unregulated,
        },
    }
}

/// The first rule of a set whose conditions hold at a place, with the year's
/// total as it runs at another.
pub(super) fn within(
    case: &ApprovalCase<'_>,
    rules: RuleSet,
    at: EffectiveOrder,
    runs: EffectiveOrder,
) -> Regime {
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
