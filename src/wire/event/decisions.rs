//! Events about proposals, votes, decisions and actions.

use crate::domain::event::{ApprovalRule, Band};
use crate::domain::event::{
    BoardVote, DecisionMade, ExternalDecisionReceived, Matter, OfficeDelegation, Outcome,
    Requirement, RuleConditions, Voting,
};
use crate::wire::event::money::shares;
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice, choices, count, date, each, id, ids, list, message, name,
    no_repeats, optional, optional_choice, optional_id, optional_pence, optional_uuid, or_default,
    pence_bound, ppm, ppm_bound, reads, remark, required_text, some_ids, some_wire_choice, text,
    uuid, year,
};
use crate::wire::proto;
use crate::wire::proto::matter::Subject;
use crate::wire::proto::requirement::{self, Needs};
use crate::wire::violation::MessageReader;

/// The most rules a set may have.
pub(crate) const RULES_MAX: usize = 1_000;
/// How deep requirements nest, the outermost included.
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
    MatterProposed {
        proposal: uuid(proposal_id),
        title: name(title),
        matter: message(matter),
        board: optional_id(board_id),
        decider: optional_id(decider_id),
        lapses_on: date(lapses_on),
        summary: text(summary),
        papers: or_default(papers),
        ratifies: optional(ratifies),
    }
    VoteCast {
        proposal: uuid(proposal_id),
        voter: message(voter),
        choice: choice(choice),
        conflict_declared: text(conflict_declared),
        board: optional_id(board_id),
    }
    ProposalWithdrawn {
        proposal: uuid(proposal_id),
        reason: text(reason),
    }
    ActionAgreed {
        action: id(action_id),
        what: required_text(what),
        owner: optional(owner),
        due_on: date(due_on),
        decision: optional_id(decision_id),
    }
    ActionClosed {
        action: id(action_id),
        outcome: required_text(outcome),
    }
    DecisionPublished {
        decision: id(decision_id),
        document: or_default(document),
    }
    DecisionWithheld {
        decision: id(decision_id),
        ground: required_text(ground),
    }
}

// ─── Matters and decisions ──────────────────────────────────────────────────

impl FromWire for Matter {
    type Wire = proto::Matter;

    fn read(r: &mut MessageReader, m: &proto::Matter) -> Option<Self> {
        let Some(subject) = &m.subject else {
            r.fault_in(
                "subject",
                "say what is put up for decision: exactly one of sign_instrument_id, \
                 admit_body_id, make_virement and so on; if you did, the client is newer than the \
                 server",
            );
            return None;
        };
        match subject {
            Subject::SignInstrumentId(v) => {
                id(r, "sign_instrument_id", v).map(Self::SignInstrument)
            }
            Subject::VaryInstrumentId(v) => {
                id(r, "vary_instrument_id", v).map(Self::VaryInstrument)
            }
            Subject::AdmitBodyId(v) => id(r, "admit_body_id", v).map(Self::AdmitParty),
            Subject::WithdrawBodyId(v) => id(r, "withdraw_body_id", v).map(Self::Withdraw),
            Subject::EndCollaboration(proto::matter::EndCollaboration {}) => {
                Some(Self::EndCollaboration)
            }
            Subject::AddServiceId(v) => id(r, "add_service_id", v).map(Self::AddService),
            Subject::RemoveServiceId(v) => id(r, "remove_service_id", v).map(Self::RemoveService),
            Subject::ChangeLead(v) => r.at("change_lead", |r| {
                let service = optional_id(r, "service_id", &v.service_id);
                let to = id(r, "to_id", &v.to_id);
                Some(Self::ChangeLead {
                    service: service?,
                    to: to?,
                })
            }),
            Subject::SetBudget(v) => r.at("set_budget", |r| {
                let year = year(r, "financial_year", &v.financial_year);
                let budget = optional_id(r, "budget_id", &v.budget_id);
                let total = optional_pence(r, "total_pence", &v.total_pence);
                Some(Self::SetBudget {
                    year: year?,
                    budget: budget?,
                    total: total?,
                })
            }),
            Subject::MakeVirement(v) => r
                .at("make_virement", |r| FromWire::read(r, v))
                .map(Self::MakeVirement),
            Subject::DisposeUnderspend(v) => r
                .at("dispose_underspend", |r| FromWire::read(r, v))
                .map(Self::DisposeUnderspend),
            Subject::AdoptRules(v) => r
                .at("adopt_rules", |r| id(r, "rule_set_id", &v.rule_set_id))
                .map(Self::AdoptRules),
            Subject::Other(v) => name(r, "other", v).map(Self::Other),
        }
    }
}

impl FromWire for DecisionMade {
    type Wire = proto::DecisionMade;

    fn read(r: &mut MessageReader, m: &proto::DecisionMade) -> Option<Self> {
        let decision = id(r, "decision_id", &m.decision_id);
        let title = name(r, "title", &m.title);
        let outcome = outcome(r, m);
        let proposal = optional_uuid(r, "proposal_id", &m.proposal_id);
        let board = optional_id(r, "board_id", &m.board_id);
        let decided = someone_decides(r, &m.board_id);
        let reasons = text(r, "reasons", &m.reasons);
        let alternatives_rejected = text(r, "alternatives_rejected", &m.alternatives_rejected);
        let conflicts_declared = text(r, "conflicts_declared", &m.conflicts_declared);
        let conditions = text(r, "conditions", &m.conditions);
        let record = or_default(r, "record", &m.record);
        decided?;
        Some(Self {
            decision: decision?,
            title: title?,
            outcome: outcome?,
            proposal: proposal?,
            board: board?,
            reasons: reasons?,
            alternatives_rejected: alternatives_rejected?,
            conflicts_declared: conflicts_declared?,
            conditions: conditions?,
            record: record?,
        })
    }
}

/// Requires that a decision names who decided: the event's actor, or a board.
pub(super) fn someone_decides(r: &mut MessageReader, board_id: &str) -> Option<()> {
    if r.event.names_actor || !board_id.is_empty() {
        return Some(());
    }
    r.fault_in(
        "board_id",
        "say who decided: the board here, or the body or office in the event's acted_by",
    );
    None
}

fn outcome(r: &mut MessageReader, m: &proto::DecisionMade) -> Option<Outcome> {
    let alone = |r: &mut MessageReader, outcome| {
        if m.referred_to_id.is_empty() {
            return Some(outcome);
        }
        r.fault_in(
            "referred_to_id",
            "only a referral names whom it goes to: leave it out, or make the outcome \
             OUTCOME_REFERRED",
        );
        None
    };
    match some_wire_choice(r, "outcome", &m.outcome)? {
        proto::Outcome::Unspecified => None,
        proto::Outcome::Approved => alone(r, Outcome::Approved),
        proto::Outcome::Rejected => alone(r, Outcome::Rejected),
        proto::Outcome::Noted => alone(r, Outcome::Noted),
        proto::Outcome::Supported => alone(r, Outcome::Supported),
        proto::Outcome::Deferred => alone(r, Outcome::Deferred),
        proto::Outcome::Referred => {
            id(r, "referred_to_id", &m.referred_to_id).map(Outcome::Referred)
        }
    }
}

impl FromWire for ExternalDecisionReceived {
    type Wire = proto::ExternalDecisionReceived;

    fn read(r: &mut MessageReader, m: &proto::ExternalDecisionReceived) -> Option<Self> {
        let proposal = uuid(r, "proposal_id", &m.proposal_id);
        let decider = id(r, "decider_id", &m.decider_id);
        let approved = answer(r, m.outcome);
        let reference = remark(r, "reference", &m.reference);
        Some(Self {
            proposal: proposal?,
            decider: decider?,
            approved: approved?,
            reference: reference?,
        })
    }
}

fn answer(r: &mut MessageReader, outcome: i32) -> Option<bool> {
    match some_wire_choice(r, "outcome", &outcome)? {
        proto::Outcome::Approved => Some(true),
        proto::Outcome::Rejected => Some(false),
        proto::Outcome::Unspecified => None,
        proto::Outcome::Noted
        | proto::Outcome::Supported
        | proto::Outcome::Deferred
        | proto::Outcome::Referred => {
            r.fault_in(
                "outcome",
                "an outside decider approves or rejects: choose OUTCOME_APPROVED or \
                 OUTCOME_REJECTED",
            );
            None
        }
    }
}

// ─── Rules ──────────────────────────────────────────────────────────────────

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

/// No conditions mean: always.
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
            "nothing lies above the one bound and up to the other: raise this one, or lower that",
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
        Some(Self {
            board: board?,
            quorum: quorum?,
            voting: voting?,
        })
    }
}

fn voting(r: &mut MessageReader, m: &requirement::BoardVote) -> Option<Voting> {
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
