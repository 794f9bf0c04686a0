//! Approvals in words: rules, needs and courses as sentences have them.

use super::ballot::Ballot;
use super::proposal_status::{ProposalStatus, Resolution};
use super::regime::Regime;
use super::requirement_status::{Approver, Obstacle, RequirementStatus};
use std::fmt::Display;

use crate::domain::event::{
    Actor, Band, Crossing, Permanence, Requirement, RuleConditions, UnderspendBasis, Voting,
};
use crate::domain::money::{Pence, Ppm};

/// Who must agree.
pub fn requirement(wanted: &Requirement) -> String {
    match wanted {
        Requirement::EveryParty => "every party".into(),
        Requirement::EveryPolicingBody => "every policing body among the parties".into(),
        Requirement::EveryCorporationSole => {
            "every policing body and chief officer among the parties".into()
        }
        Requirement::NamedBodies(bodies) => {
            let bodies: Vec<String> = bodies.iter().map(ToString::to_string).collect();
            match bodies.as_slice() {
                [one] => one.clone(),
                _ => format!("each of {}", bodies.join(", ")),
            }
        }
        Requirement::Lead => "the lead".into(),
        Requirement::Board(vote) => {
            let how = match &vote.voting {
                Voting::Majority => "by majority".to_owned(),
                Voting::Unanimity => "unanimously".to_owned(),
                Voting::Weighted { weights, threshold } => {
                    let of = if weights.is_empty() {
                        "the contributions"
                    } else {
                        "the votes' weight"
                    };
                    format!("by {threshold} of {of}")
                }
            };
            let quorum = vote
                .quorum
                .map(|quorum| format!(", quorum {quorum}"))
                .unwrap_or_default();
            format!("boards/{} {how}{quorum}", vote.board)
        }
        Requirement::Office(delegation) => {
            let up_to = delegation
                .up_to
                .map(|up_to| format!(" (up to {up_to})"))
                .unwrap_or_default();
            format!("{} of {}{up_to}", delegation.office, delegation.body)
        }
        Requirement::AnyOf(of) => joined(of, " or "),
        Requirement::AllOf(of) => joined(of, " and "),
    }
}

fn joined(of: &[Requirement], with: &str) -> String {
    let parts: Vec<String> = of
        .iter()
        .map(|part| match part {
            Requirement::AnyOf(of) | Requirement::AllOf(of) if of.len() > 1 => {
                format!("({})", requirement(part))
            }
            _ => requirement(part),
        })
        .collect();
    parts.join(with)
}

/// When a rule applies.
pub fn conditions(conditions: &RuleConditions) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !conditions.matters.is_empty() {
        let kinds: Vec<&str> = conditions.matters.iter().map(|kind| kind.label()).collect();
        parts.push(format!("to {}", kinds.join(", to ")));
    }
    parts.extend(band("", &conditions.amount, Pence::to_string));
    let share = |ppm: &u32| Ppm::computed(*ppm).to_string();
    parts.extend(
        band("", &conditions.budget_share_ppm, share)
            .map(|share| format!("{share} of the service's budget")),
    );
    parts.extend(
        band("", &conditions.running_total, Pence::to_string)
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
        parts.push(format!("put up by {}", bodies.join(" or ")));
    }
    if parts.is_empty() {
        "always".into()
    } else {
        parts.join(", ")
    }
}

fn band<T>(of: &str, band: &Band<T>, print: impl Fn(&T) -> String) -> Option<String> {
    match (&band.over, &band.up_to) {
        (None, None) => None,
        (Some(over), None) => Some(format!("{of}over {}", print(over))),
        (None, Some(up_to)) => Some(format!("{of}up to {}", print(up_to))),
        (Some(over), Some(up_to)) => {
            Some(format!("{of}over {} up to {}", print(over), print(up_to)))
        }
    }
}

/// What came of a proposal.
pub const fn resolution(fate: Resolution) -> &'static str {
    match fate {
        Resolution::Open => "open",
        Resolution::Carried => "carried",
        Resolution::Rejected => "rejected",
        Resolution::Noted => "noted",
        Resolution::Supported => "supported",
        Resolution::Withdrawn => "withdrawn",
        Resolution::Lapsed => "lapsed",
    }
}

/// Who speaks.
pub fn actor(actor: &Actor) -> String {
    match actor {
        Actor::Body { body, office: None } => body.to_string(),
        Actor::Body {
            body,
            office: Some(office),
        } => format!("{office} of {body}"),
        Actor::Office(office) => office.to_string(),
    }
}

/// Whose word it is.
pub fn approver(voice: &Approver) -> String {
    match (&voice.who, &voice.board) {
        (Some(who), Some(board)) => format!("{} (on boards/{board})", actor(who)),
        (Some(who), None) => actor(who),
        (None, Some(board)) => format!("the decision of boards/{board}"),
        (None, None) => "nobody".into(),
    }
}

/// Several of them.
pub fn approvers(voices: &[Approver]) -> String {
    if voices.is_empty() {
        return "nobody".into();
    }
    let voices: Vec<String> = voices.iter().map(approver).collect();
    voices.join(", ")
}

/// Who is awaited on a proposal, or what stands in its way.
pub fn awaited(course: &ProposalStatus<'_>) -> String {
    let awaited = course.awaited();
    match &course.requirement {
        Some(need) if awaited.is_empty() && course.resolution == Resolution::Open => {
            reasoning(need)
        }
        None if awaited.is_empty() && course.resolution == Resolution::Open => "a decision".into(),
        _ => approvers(&awaited),
    }
}

/// What governs, in a sentence: outright where that is nothing.
pub fn governs(regime: &Regime) -> String {
    match regime {
        Regime::Rule(ruling) => {
            let rule = ruling.rule();
            format!("needs {}", requirement(&rule.requirement))
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

/// Why a need stands where it does.
pub fn reasoning(need: &RequirementStatus) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(ballot) = &need.ballot {
        parts.push(votes(ballot));
    }
    match &need.obstacle {
        Some(Obstacle::Nobody) => parts.push("nobody is one who could agree".into()),
        Some(Obstacle::NoBoard) => parts.push("the board is not in the register".into()),
        Some(Obstacle::BeyondDelegation(up_to)) => {
            parts.push(format!("the delegation ends at {up_to}"));
        }
        Some(Obstacle::OwnProposal) => {
            parts.push("only the office that put it up has agreed, and another must".into())
        }
        None => {}
    }
    if need.ballot.is_none() {
        if !need.agreed.is_empty() {
            parts.push(format!("agreed: {}", approvers(&need.agreed)));
        }
        if !need.against.is_empty() {
            parts.push(format!("against: {}", approvers(&need.against)));
        }
        if !need.awaited.is_empty() {
            parts.push(format!("awaited: {}", approvers(&need.awaited)));
        }
    }
    parts.join("; ")
}

fn votes(ballot: &Ballot) -> String {
    let mut parts = vec![format!(
        "{} of {} took part (quorum {}{}): {} for, {} against, {} abstained",
        ballot.took_part,
        ballot.members,
        ballot.quorum,
        if ballot.is_quorate() { "" } else { ", not met" },
        ballot.for_it,
        ballot.against,
        ballot.abstained,
    )];
    if ballot.conflicted > 0 {
        parts.push(format!("{} with a conflict of interest", ballot.conflicted));
    }
    if let Some((of_those, all, threshold)) = ballot.weights {
        let share = u128::from(of_those) * 1_000_000 / u128::from(all.max(1));
        let share = Ppm::computed(u32::try_from(share).unwrap_or(u32::MAX));
        let threshold = Ppm::computed(threshold);
        parts.push(format!(
            "{share} of the weight is for, {threshold} is needed"
        ));
    }
    if !ballot.can_decide {
        parts.push("the board has no power to decide".into());
    }
    match ballot.decided {
        Some(true) => parts.push("the board has decided for it".into()),
        Some(false) => parts.push("the board has decided against it".into()),
        None if ballot.taken => parts.push("everybody has voted".into()),
        None => {}
    }
    parts.join("; ")
}

/// Ids in a sentence.
pub fn listed<T: Display>(ids: impl IntoIterator<Item = T>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    if ids.is_empty() {
        "nobody".into()
    } else {
        ids.join(", ")
    }
}
