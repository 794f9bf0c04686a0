//! Reading and summaries for the event that adopts approval rules, and for the rules
//! themselves.

use crate::event::funding_formulas::shares;
use crate::event::voting::group_quorums;
use crate::fields::{
    FromWire, ITEMS_MAX, choices, count, each, id, ids, list, message, name, names, no_repeats,
    optional, optional_choice, or_default, pence_bound, ppm, ppm_bound, reads, some_choices,
    some_ids, some_wire_choice,
};
use crate::proto;
use crate::proto::requirement::{self, Needs};
use crate::summary::{Summary, counted};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    ApprovalRule, ApprovalRulesAdopted, Band, BoardVote, OfficeDelegation, Requirement,
    RuleConditions, Voting,
};

pub(crate) const RULES_MAX: usize = 1_000;
/// The greatest depth of nested requirements, the outermost included.
pub(crate) const REQUIREMENT_DEPTH_MAX: usize = 4;

reads! {
    ApprovalRulesAdopted {
        rule_set: id(rule_set_id),
        rules: rules(rules),
        document: or_default(document),
    }
    ApprovalRule {
        id: id(rule_id),
        title: name(title),
        conditions: conditions(conditions),
        requirement: message(requirement),
    }
}

fn rules(
    r: &mut MessageReader,
    field: &str,
    v: &[proto::ApprovalRule],
) -> Option<Vec<ApprovalRule>> {
    let rules = list(r, field, v, RULES_MAX);
    no_repeats(
        r,
        field,
        rules,
        |rule: &ApprovalRule| rule.id.clone(),
        "a rule with this rule_id",
    )
}

/// A rule without conditions always applies.
fn conditions(
    r: &mut MessageReader,
    field: &str,
    v: &Option<proto::RuleConditions>,
) -> Option<RuleConditions> {
    let always = proto::RuleConditions::default();
    let m = v.as_ref().unwrap_or(&always);
    r.at(field, |r| {
        let matters = choices(r, "matter_kinds", &m.matter_kinds);
        let over = pence_bound(r, "amount_over_pence", &m.amount_over_pence);
        let up_to = pence_bound(r, "amount_up_to_pence", &m.amount_up_to_pence);
        let amount = band(r, "amount_up_to_pence", over, up_to);
        let over = ppm_bound(r, "budget_share_over_ppm", &m.budget_share_over_ppm);
        let up_to = ppm_bound(r, "budget_share_up_to_ppm", &m.budget_share_up_to_ppm);
        let budget_share_ppm = band(r, "budget_share_up_to_ppm", over, up_to);
        let over = pence_bound(r, "running_total_over_pence", &m.running_total_over_pence);
        let up_to = pence_bound(r, "running_total_up_to_pence", &m.running_total_up_to_pence);
        let running_total = band(r, "running_total_up_to_pence", over, up_to);
        let permanence = optional_choice(r, "permanence", &m.permanence);
        let crossings = choices(r, "crossings", &m.crossings);
        let basis = optional_choice(r, "basis", &m.basis);
        let proposers = ids(r, "proposer_ids", &m.proposer_ids);
        Some(RuleConditions {
            matters: matters?,
            amount: amount?,
            budget_share_ppm: budget_share_ppm?,
            running_total: running_total?,
            permanence: permanence?,
            crossings: crossings?,
            basis: basis?,
            proposers: proposers?,
        })
    })
}

fn band<T: Ord>(
    r: &mut MessageReader,
    field: &str,
    over: Option<Option<T>>,
    up_to: Option<Option<T>>,
) -> Option<Band<T>> {
    let (over, up_to) = (over?, up_to?);
    if let (Some(over), Some(up_to)) = (&over, &up_to)
        && over >= up_to
    {
        r.fault_in(
            field,
            "no value is above the one bound and up to the other: raise this one, or lower that",
        );
        return None;
    }
    Some(Band { over, up_to })
}

impl FromWire for Requirement {
    type Wire = proto::Requirement;

    fn read(r: &mut MessageReader, m: &proto::Requirement) -> Option<Self> {
        requirement(r, m, 1)
    }
}

fn requirement(r: &mut MessageReader, m: &proto::Requirement, depth: usize) -> Option<Requirement> {
    if depth > REQUIREMENT_DEPTH_MAX {
        r.fault(format!(
            "requirements nest at most {REQUIREMENT_DEPTH_MAX} deep: write this one flatter"
        ));
        return None;
    }
    let Some(needs) = &m.needs else {
        r.fault_in(
            "needs",
            "say who must agree: exactly one of every_party, board, any_of and so on; if you did, \
             the client is newer than the server",
        );
        return None;
    };
    let nested = |r: &mut MessageReader, field: &str, v: &requirement::Requirements| {
        r.at(field, |r| {
            if v.of.is_empty() {
                r.fault_in("of", "at least one requirement is needed here: add it");
                return None;
            }
            each(r, "of", &v.of, ITEMS_MAX, |r, m| {
                requirement(r, m, depth + 1)
            })
        })
    };
    match needs {
        Needs::EveryParty(requirement::EveryParty {}) => Some(Requirement::EveryParty),
        Needs::EveryPolicingBody(requirement::EveryPolicingBody {}) => {
            Some(Requirement::EveryPolicingBody)
        }
        Needs::EveryCorporationSole(requirement::EveryCorporationSole {}) => {
            Some(Requirement::EveryCorporationSole)
        }
        Needs::NamedBodies(v) => r
            .at("named_bodies", |r| some_ids(r, "body_ids", &v.body_ids))
            .map(Requirement::NamedBodies),
        Needs::EveryBodyOfKind(v) => r
            .at("every_body_of_kind", |r| some_choices(r, "kinds", &v.kinds))
            .map(Requirement::EveryBodyOfKind),
        Needs::TheLead(requirement::TheLead {}) => Some(Requirement::Lead),
        Needs::Board(v) => r
            .at("board", |r| BoardVote::read(r, v))
            .map(Requirement::Board),
        Needs::Office(v) => r
            .at("office", |r| OfficeDelegation::read(r, v))
            .map(Requirement::Office),
        Needs::AnyOf(v) => nested(r, "any_of", v).map(Requirement::AnyOf),
        Needs::AllOf(v) => nested(r, "all_of", v).map(Requirement::AllOf),
    }
}

impl FromWire for BoardVote {
    type Wire = requirement::BoardVote;

    fn read(r: &mut MessageReader, m: &requirement::BoardVote) -> Option<Self> {
        let board = id(r, "board_id", &m.board_id);
        let voting = voting(r, m);
        let quorum = count(r, "quorum", &m.quorum);
        let groups = names(r, "groups", &m.groups);
        let group_quorums = group_quorums(r, "group_quorums", &m.group_quorums);
        Some(Self {
            board: board?,
            quorum: quorum?,
            voting: voting?,
            groups: groups?,
            group_quorums: group_quorums?,
        })
    }
}

fn voting(r: &mut MessageReader, m: &requirement::BoardVote) -> Option<Voting> {
    let is_qualified = m.voting_rule == proto::VotingRule::Qualified as i32;
    if m.majority.is_some() && !is_qualified {
        r.fault_in(
            "majority",
            "only a qualified vote has a majority of its own: leave it out, or make voting_rule \
             VOTING_RULE_QUALIFIED",
        );
        return None;
    }
    let unweighted = |r: &mut MessageReader, voting| {
        let before = r.fault_count();
        if !m.weights.is_empty() {
            r.fault_in(
                "weights",
                "only a weighted vote has weights: leave them out",
            );
        }
        if m.threshold_ppm != 0 {
            r.fault_in(
                "threshold_ppm",
                "only a weighted vote has a threshold: leave it out",
            );
        }
        (r.fault_count() == before).then_some(voting)
    };
    match some_wire_choice(r, "voting_rule", &m.voting_rule)? {
        proto::VotingRule::Unspecified => None,
        proto::VotingRule::Majority => unweighted(r, Voting::Majority),
        proto::VotingRule::Unanimity => unweighted(r, Voting::Unanimity),
        proto::VotingRule::Qualified => {
            let majority = optional(r, "majority", &m.majority)?;
            unweighted(r, Voting::Qualified(majority))
        }
        proto::VotingRule::Weighted => {
            let weights = shares(r, "weights", &m.weights);
            let threshold = ppm(r, "threshold_ppm", &m.threshold_ppm);
            Some(Voting::Weighted {
                weights: weights?,
                threshold: threshold?,
            })
        }
    }
}

impl FromWire for OfficeDelegation {
    type Wire = requirement::OfficeDelegation;

    fn read(r: &mut MessageReader, m: &requirement::OfficeDelegation) -> Option<Self> {
        let body = id(r, "body_id", &m.body_id);
        let office = name(r, "office", &m.office);
        let up_to = pence_bound(r, "up_to_pence", &m.up_to_pence);
        Some(Self {
            body: body?,
            office: office?,
            up_to: up_to?,
        })
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for ApprovalRulesAdopted {
    fn line(&self) -> String {
        let rules = counted(self.rules.len(), "rule", "rules");
        format!("approval rules {} adopted ({rules})", self.rule_set)
    }
}
