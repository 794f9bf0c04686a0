//! Approvals in words: rules, requirements and statuses for use in sentences.

use super::approver::Approver;
use super::ballot::Ballot;
use super::ballot_gaps::BallotGaps;
use super::proposal_status::{Duty, ProposalStatus};
use super::regime::Regime;
use super::requirement_status::{Obstacle, RequirementStatus};
use super::resolution::Resolution;
use std::fmt::Display;

use crate::dossier::Proposal;
use crate::event::{
    Band, Crossing, GroupQuorum, Majority, MajorityOf, Permanence, Requirement, RuleConditions,
    UnderspendBasis, VoteChoice, Voting, vote_figures,
};
use crate::money::{Pence, Ppm};

/// Who must agree.
pub fn requirement(requirement: &Requirement) -> String {
    match requirement {
        Requirement::EveryParty => "every party".into(),
        Requirement::EveryPolicingBody => "every policing body among the parties".into(),
        Requirement::EveryCorporationSole => {
            "every policing body and chief officer among the parties".into()
        }
        Requirement::EveryBodyOfKind(kinds) => {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
            format!("every {} among the parties", kinds.join(" and "))
        }
        Requirement::PutTo(bodies) => {
            let bodies: Vec<String> = bodies.iter().map(ToString::to_string).collect();
            format!("each body it was put to: {}", bodies.join(", "))
        }
        Requirement::NamedBodies(bodies) => {
            let bodies: Vec<String> = bodies.iter().map(ToString::to_string).collect();
            match bodies.as_slice() {
                [body] => body.clone(),
                _ => format!("each of {}", bodies.join(", ")),
            }
        }
        Requirement::Lead => "the lead".into(),
        Requirement::Board(vote) => {
            let how = match &vote.voting {
                Voting::Majority => "by majority".to_owned(),
                Voting::Unanimity => "unanimously".to_owned(),
                Voting::Weighted { weights, threshold } => {
                    let total = if weights.is_empty() {
                        "the contributions"
                    } else {
                        "the votes' weight"
                    };
                    format!("by {threshold} of {total}")
                }
                Voting::Qualified(Some(majority)) => format!("by {}", qualified(*majority)),
                Voting::Qualified(None) => "by the majority of its standing orders".to_owned(),
            };
            let quorum = vote
                .quorum
                .map(|quorum| format!(", quorum {quorum}"))
                .unwrap_or_default();
            let groups = match vote.groups.as_slice() {
                [] => String::new(),
                groups => format!(", of the {} members alone", listed(groups)),
            };
            let group_quorums = match vote.group_quorums.as_slice() {
                [] => String::new(),
                quorums => format!(", with {}", self::group_quorums(quorums)),
            };
            format!("boards/{} {how}{groups}{quorum}{group_quorums}", vote.board)
        }
        Requirement::Office(delegation) => {
            let up_to = delegation
                .up_to
                .map(|up_to| format!(" (up to {up_to})"))
                .unwrap_or_default();
            format!("{} of {}{up_to}", delegation.office, delegation.body)
        }
        Requirement::AnyOf(parts) => joined(parts, " or "),
        Requirement::AllOf(parts) => joined(parts, " and "),
    }
}

/// A majority: `two thirds` as `at least 2/3 of those voting for or against`.
pub fn qualified(majority: Majority) -> String {
    let bound = if majority.more_than {
        "more than"
    } else {
        "at least"
    };
    let whole = match majority.of {
        MajorityOf::Voting => "those voting for or against",
        MajorityOf::Present => "those present",
        MajorityOf::AllMembers => "all members",
    };
    let (upper, lower) = (majority.numerator, majority.denominator);
    format!("{bound} {upper}/{lower} of {whole}")
}

fn group_quorums(quorums: &[GroupQuorum]) -> String {
    let quorums = quorums.iter();
    listed(quorums.map(|quorum| format!("{} of the {} members", quorum.members, quorum.group)))
}

fn joined(parts: &[Requirement], separator: &str) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Requirement::AnyOf(parts) | Requirement::AllOf(parts) if parts.len() > 1 => {
                format!("({})", requirement(part))
            }
            _ => requirement(part),
        })
        .collect();
    parts.join(separator)
}

/// When a rule applies.
pub fn conditions(conditions: &RuleConditions) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !conditions.matters.is_empty() {
        let kinds: Vec<&str> = conditions.matters.iter().map(|kind| kind.label()).collect();
        parts.push(format!("to {}", kinds.join(", to ")));
    }
    parts.extend(band(&conditions.amount, Pence::to_string));
    let share = |ppm: &u32| Ppm::computed(*ppm).to_string();
    parts.extend(
        band(&conditions.budget_share_ppm, share)
            .map(|share| format!("{share} of the service's budget")),
    );
    parts.extend(
        band(&conditions.running_total, Pence::to_string)
            .map(|total| format!("{total} in the year from the head")),
    );
    parts.extend(conditions.permanence.map(|permanence| {
        match permanence {
            Permanence::OneOff => "one-off",
            Permanence::Permanent => "permanent",
        }
        .to_owned()
    }));
    if !conditions.crossings.is_empty() {
        let lines: Vec<&str> = conditions
            .crossings
            .iter()
            .map(|crossing| match crossing {
                Crossing::Heads => "heads",
                Crossing::Services => "services",
                Crossing::CapitalRevenue => "capital and revenue",
                Crossing::ReturnedToBodies => "the budget's edge, back to bodies",
            })
            .collect();
        parts.push(format!("across {}", lines.join(" or ")));
    }
    parts.extend(conditions.basis.map(|basis| {
        match basis {
            UnderspendBasis::Actual => "on an actual underspend",
            UnderspendBasis::Projected => "on a projected underspend",
        }
        .to_owned()
    }));
    if !conditions.proposers.is_empty() {
        let bodies: Vec<String> = conditions
            .proposers
            .iter()
            .map(ToString::to_string)
            .collect();
        parts.push(format!("proposed by {}", bodies.join(" or ")));
    }
    if parts.is_empty() {
        "always".into()
    } else {
        parts.join(", ")
    }
}

fn band<T>(band: &Band<T>, print: impl Fn(&T) -> String) -> Option<String> {
    match (&band.over, &band.up_to) {
        (None, None) => None,
        (Some(over), None) => Some(format!("over {}", print(over))),
        (None, Some(up_to)) => Some(format!("up to {}", print(up_to))),
        (Some(over), Some(up_to)) => Some(format!("over {} up to {}", print(over), print(up_to))),
    }
}

pub const fn resolution(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::Open => "open",
        Resolution::Carried => "carried",
        Resolution::Rejected => "rejected",
        Resolution::Noted => "noted",
        Resolution::Supported => "supported",
        Resolution::Withdrawn => "withdrawn",
        Resolution::Lapsed => "lapsed",
        Resolution::SubjectTo => "approved subject to conditions",
        Resolution::CalledIn => "called in",
        Resolution::Stayed => "stayed by a court",
        Resolution::Quashed => "quashed",
        Resolution::NotAgreed => "not agreed",
        Resolution::OutcomeNotKnown => "closed with its outcome not known",
    }
}

pub fn approver(approver: &Approver) -> String {
    match (&approver.actor, &approver.board) {
        (Some(member), Some(board)) => format!("{member} (on boards/{board})"),
        (Some(by), None) => by.to_string(),
        (None, Some(board)) => format!("the decision of boards/{board}"),
        (None, None) => "nobody".into(),
    }
}

/// Those that a proposal was put to.
pub fn put_to(proposal: &Proposal) -> String {
    let bodies = proposal.put_to().iter().map(ToString::to_string);
    listed(bodies.chain(proposal.put_to_offices().iter().map(ToString::to_string)))
}

pub fn approvers(approvers: &[Approver]) -> String {
    if approvers.is_empty() {
        return "nobody".into();
    }
    listed(approvers.iter().map(approver))
}

/// The duty of an approver who is awaited, unless it is the agreement that the rule asks for.
pub fn duty(duty: Duty<'_>) -> String {
    match duty {
        Duty::Agreement => String::new(),
        Duty::AgreeAgain => "to agree again: the rule has been met by another event since".into(),
        Duty::OutsideDecision => "as outside decider".into(),
        Duty::Reconsideration => "to decide again: the matter was sent back".into(),
        Duty::FreshDecision => "to decide again: the decision was set aside".into(),
        Duty::CallIn(call_in) => format!("to settle the call-in {call_in}"),
        Duty::CouncilAnswer(call_in) => {
            format!("as full council, to object or not, in the call-in {call_in}")
        }
        Duty::Judgment(challenge) => format!("to decide the challenge {challenge}"),
        Duty::Condition(condition) => format!("to meet the condition {}", condition.id),
    }
}

/// The approvers that a proposal awaits, or what prevents agreement.
pub fn awaited(status: &ProposalStatus<'_>) -> String {
    let awaited = status.awaited_with_duty();
    if status.resolution == Resolution::SubjectTo {
        let conditions = status.conditions.iter().map(|awaited| {
            let condition = awaited.condition;
            format!(
                "the condition {} ({})",
                condition.id,
                condition.what.as_str()
            )
        });
        let conditions: Vec<String> = conditions.collect();
        return match conditions.as_slice() {
            [] => "the day from which it is in force".into(),
            _ => conditions.join(", "),
        };
    }
    match &status.requirement {
        Some(requirement) if awaited.is_empty() && !status.is_suspended() && status.is_open() => {
            reasoning(requirement)
        }
        None if awaited.is_empty() && status.is_open() => "a decision".into(),
        _ => {
            let awaited = awaited.iter().map(|(who, of)| match duty(*of) {
                duty if duty.is_empty() => approver(who),
                duty => format!("{} ({duty})", approver(who)),
            });
            listed(awaited)
        }
    }
}

/// The rule that governs, or why none does.
pub fn governs(regime: &Regime) -> String {
    match regime {
        Regime::Rule(ruling) => {
            format!("needs {}", requirement(&ruling.requirement()))
        }
        Regime::NotCovered(rules) => format!(
            "unregulated: the approval rules {} are in force, and none of them covers this",
            rules.set.rule_set
        ),
        Regime::Law => {
            "no approval rules are in force; by law the parties of an instrument sign it".into()
        }
        Regime::Unregulated => "unregulated: no approval rules are in force".into(),
    }
}

/// Why a requirement has its status.
pub fn reasoning(status: &RequirementStatus) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(ballot) = &status.ballot {
        parts.push(votes(ballot));
    }
    match &status.obstacle {
        Some(Obstacle::Nobody) => parts.push("nobody exists who could agree".into()),
        Some(Obstacle::NoBoard) => parts.push("the board is not in the register".into()),
        Some(Obstacle::BeyondDelegation(up_to)) => {
            parts.push(format!("the delegation ends at {up_to}"));
        }
        Some(Obstacle::OwnProposal) => {
            parts.push("only the proposing office has agreed, and another must".into())
        }
        Some(Obstacle::BoardEnded) => {
            parts.push("the board has ended, and no board follows it".into());
        }
        None => {}
    }
    if status.ballot.is_none() {
        if !status.agreed.is_empty() {
            parts.push(format!("agreed: {}", approvers(&status.agreed)));
        }
        if !status.against.is_empty() {
            parts.push(format!("against: {}", approvers(&status.against)));
        }
        if !status.awaited.is_empty() {
            parts.push(format!("awaited: {}", approvers(&status.awaited)));
        }
    }
    parts.join("; ")
}

fn votes(ballot: &Ballot) -> String {
    let mut parts = Vec::new();
    if ballot.is_minuted {
        parts.push("counted as minuted".to_owned());
    }
    // Of the numbers that a silent minute leaves out, the names on record give some.
    let given = |number: usize, is_missing: bool| {
        (!is_missing || ballot.is_silent && number > 0).then_some(number)
    };
    let numbers = vote_figures([
        given(ballot.for_it, ballot.gaps.for_it),
        given(ballot.against, ballot.gaps.against),
        given(ballot.abstained, ballot.gaps.abstained),
    ]);
    let numbers = match ballot.is_silent && ballot.for_it + ballot.against + ballot.abstained == 0 {
        true => "no numbers given".to_owned(),
        false => numbers,
    };
    let is_complete = ballot.gaps == BallotGaps::default();
    parts.push(match (ballot.states_quorum, ballot.is_unanimous) {
        (false, _) if !is_complete => format!(
            "{numbers} (quorum {} of {}, presence not stated)",
            ballot.quorum, ballot.quorum_of
        ),
        (false, _) if ballot.took_part == 0 => format!(
            "resolved unanimously (quorum {} of {}, not stated)",
            ballot.quorum, ballot.quorum_of
        ),
        (false, _) => format!(
            "resolved unanimously (quorum {} of {}, not stated; by name: {numbers})",
            ballot.quorum, ballot.quorum_of
        ),
        (true, is_unanimous) => format!(
            "{} of {} took part (quorum {}{}): {}",
            ballot.took_part,
            ballot.quorum_of,
            ballot.quorum,
            if ballot.is_quorate() { "" } else { ", not met" },
            if is_unanimous && ballot.for_it == 0 {
                "unanimous".to_owned()
            } else {
                numbers
            }
        ),
    });
    if ballot.rests_on_gap {
        parts.push(match ballot.is_silent {
            true => "resting on the minutes: no numbers given".to_owned(),
            false => "taken as minuted: a number that is not given would decide it".to_owned(),
        });
    }
    if ballot.uncounted > 0 {
        parts.push(format!(
            "the rule does not count {} of other members",
            match ballot.uncounted {
                1 => "the vote by name".to_owned(),
                number => format!("{number} votes by name"),
            }
        ));
    }
    if !ballot.missing_groups.is_empty() {
        let missing = group_quorums(&ballot.missing_groups);
        parts.push(format!("the quorum also needs {missing}"));
    }
    if let Some(needed) = ballot.majority {
        parts.push(format!(
            "{}, which are {}, must be for",
            qualified(needed.majority),
            needed.whole
        ));
    }
    if let Some(choice) = ballot.casting_vote {
        let choice = match choice {
            VoteChoice::Approve => "for",
            VoteChoice::Reject | VoteChoice::Abstain => "against",
        };
        parts.push(format!("the casting vote was {choice}"));
    }
    if ballot.conflicted > 0 {
        parts.push(format!("{} with a conflict of interest", ballot.conflicted));
    }
    if let Some(weights) = ballot.weights {
        let share = u128::from(weights.for_it) * 1_000_000 / u128::from(weights.total.max(1));
        let share = Ppm::computed(u32::try_from(share).unwrap_or(u32::MAX));
        parts.push(format!(
            "{share} of the weight is for, {} is needed",
            weights.threshold
        ));
    }
    if !ballot.can_decide {
        parts.push("the board has no power to decide".into());
    }
    match ballot.decided {
        Some(true) => parts.push("the board has decided for it".into()),
        Some(false) => parts.push("the board has decided against it".into()),
        None if ballot.taken => parts.push("every member has voted".into()),
        None => {}
    }
    parts.join("; ")
}

pub fn listed<T: Display>(ids: impl IntoIterator<Item = T>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    match ids.as_slice() {
        [] => "nobody".into(),
        // Nobody reads a list of 85 in a sentence.
        [first, second, third, rest @ ..] if rest.len() > LISTED_MORE => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        ids => ids.join(", "),
    }
}

/// How many names beyond the first three a sentence still has.
const LISTED_MORE: usize = 3;
