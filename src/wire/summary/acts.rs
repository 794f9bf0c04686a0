//! Lines for decisions and money.

use super::{brief, by, entry, several, who};
use crate::domain::event::{
    ActionAgreed, Actor, ApprovalRulesAdopted, BudgetApproved, DecisionMade, Disposal,
    DisposalDestination, DisposalPart, ExternalDecisionReceived, Figures, FundingFormulaSet,
    GrantAwarded, Matter, MatterProposed, Outcome, Place, Savings, Target, Virement,
    VirementApproved, VirementRequested, VirementSide, VoteCast, VoteChoice,
};
use crate::domain::ids::{BoardId, ItemId};
use crate::domain::money::Pence;

pub(super) fn approval_rules_adopted(e: &ApprovalRulesAdopted) -> String {
    let rules = several(e.rules.len(), "rule", "rules");
    format!("approval rules {} adopted ({rules})", e.rule_set)
}

pub(super) fn matter_proposed(e: &MatterProposed, acted: Option<&Actor>) -> String {
    let ratifies = ratifies(e.ratifies.as_ref());
    match acted {
        None => format!("proposed{ratifies}: {}", e.title),
        Some(actor) => format!("{} proposed{ratifies}: {}", who(actor), e.title),
    }
}

/// What a matter would have done.
pub(super) fn matter(matter: &Matter) -> String {
    match matter {
        Matter::SignInstrument(id) => format!("sign the instrument {id}"),
        Matter::VaryInstrument(id) => format!("vary the instrument {id}"),
        Matter::AdmitParty(body) => format!("admit {body}"),
        Matter::Withdraw(body) => format!("let {body} withdraw"),
        Matter::EndCollaboration => "end the collaboration".to_owned(),
        Matter::AddService(id) => format!("add the service {id}"),
        Matter::RemoveService(id) => format!("remove the service {id}"),
        Matter::ChangeLead { service, to } => match service {
            Some(service) => format!("have {to} lead the service {service}"),
            None => format!("have {to} lead"),
        },
        Matter::SetBudget {
            year,
            budget,
            total,
        } => {
            let which = budget
                .as_ref()
                .map(|id| format!(" {id}"))
                .unwrap_or_default();
            let total = total
                .map(|total| format!(", {total} in all"))
                .unwrap_or_default();
            format!("set the budget{which} of {year}{total}")
        }
        Matter::MakeVirement(moved) => format!("virement {}", virement(moved)),
        Matter::DisposeUnderspend(disposed) => {
            format!("dispose of the underspend of {}", disposal(disposed))
        }
        Matter::AdoptRules(id) => format!("adopt the approval rules {id}"),
        Matter::Other(what) => what.to_string(),
    }
}

/// What a proposal asks to approve after the fact.
fn ratifies(target: Option<&Target>) -> String {
    target
        .map(|target| format!(", to ratify {}", entry(*target)))
        .unwrap_or_default()
}

pub(super) fn virement_requested(e: &VirementRequested) -> String {
    let ratifies = ratifies(e.ratifies.as_ref());
    format!("virement requested{ratifies}, {}", virement(&e.virement))
}

pub(super) fn vote_cast(e: &VoteCast) -> String {
    let choice = match e.choice {
        VoteChoice::Approve => "voted for",
        VoteChoice::Reject => "voted against",
        VoteChoice::Abstain => "abstained on",
    };
    let conflict = if e.conflict_declared.is_empty() {
        ""
    } else {
        ", with a conflict declared"
    };
    let board = by(e.board.as_ref(), "on");
    format!(
        "{} {choice} proposal {}{board}{conflict}",
        who(&e.voter),
        e.proposal
    )
}

fn decider(board: Option<&BoardId>, acted: Option<&Actor>) -> String {
    match (board, acted) {
        (Some(board), _) => by(Some(board), "by"),
        (None, Some(actor)) => by(Some(&who(actor)), "by"),
        (None, None) => String::new(),
    }
}

pub(super) fn decision_made(e: &DecisionMade, acted: Option<&Actor>) -> String {
    let outcome = match &e.outcome {
        Outcome::Approved => "approved".to_owned(),
        Outcome::Rejected => "rejected".to_owned(),
        Outcome::Noted => "noted".to_owned(),
        Outcome::Supported => "supported".to_owned(),
        Outcome::Deferred => "deferred".to_owned(),
        Outcome::Referred(to) => format!("referred to {to}"),
    };
    let decider = decider(e.board.as_ref(), acted);
    format!("decision {}, {outcome}{decider}: {}", e.decision, e.title)
}

pub(super) fn external_decision_received(e: &ExternalDecisionReceived) -> String {
    let answer = if e.approved { "approved" } else { "rejected" };
    format!("{} {answer} proposal {}", e.decider, e.proposal)
}

pub(super) fn action_agreed(e: &ActionAgreed) -> String {
    let owner = e
        .owner
        .as_ref()
        .map(|owner| format!(" for {}", who(owner)))
        .unwrap_or_default();
    let due = by(e.due_on.as_ref(), "by");
    format!(
        "action {} agreed{owner}{due}: {}",
        e.action,
        brief(e.what.as_str())
    )
}

pub(super) fn funding_formula_set(e: &FundingFormulaSet) -> String {
    let shares: Vec<String> = e
        .shares
        .iter()
        .take(8)
        .map(|share| format!("{} {}", share.body, share.share))
        .collect();
    let more = match e.shares.len() {
        0..=8 => String::new(),
        number => format!(" and {} more", number - 8),
    };
    let service = by(e.service.as_ref(), "for service");
    format!(
        "funding formula {}{service} set: {}{more}",
        e.year,
        shares.join(", ")
    )
}

pub(super) fn budget_approved(e: &BudgetApproved) -> String {
    let which = by(e.budget.as_ref(), "of");
    figures(
        &format!("budget {}{which} approved", e.figures.year),
        &e.figures,
    )
}

/// What the figures of a year come to: their lines where there are any, else
/// their contributions, else what is printed.
pub(super) fn figures(heading: &str, f: &Figures) -> String {
    let lines: Pence = f.lines.iter().map(|line| line.amount).sum();
    let contributions: Pence = f.contributions.iter().map(|c| c.amount).sum();
    let mut parts = Vec::new();
    if !f.lines.is_empty() {
        parts.push(format!(
            "{}, {lines}",
            several(f.lines.len(), "line", "lines")
        ));
    }
    if !f.contributions.is_empty() {
        let number = several(f.contributions.len(), "contribution", "contributions");
        parts.push(format!("{number}, {contributions}"));
    }
    if parts.is_empty() {
        parts.push(several(f.stated.len(), "printed total", "printed totals"));
    }
    format!("{heading}: {}", parts.join("; "))
}

pub(super) fn grant_awarded(e: &GrantAwarded) -> String {
    let amount = e.amount.map(|a| format!(" of {a}")).unwrap_or_default();
    let from = by(e.from.as_ref(), "from");
    let to = by(e.to.as_ref(), "to");
    let year = by(e.year.as_ref(), "for");
    format!(
        "grant {}{amount} awarded{from}{to}{year}: {}",
        e.grant, e.purpose
    )
}

pub(super) fn savings(how: &str, id: &ItemId, s: &Savings) -> String {
    let years = if s.from_year == s.to_year {
        s.from_year.to_string()
    } else {
        format!("{} to {}", s.from_year, s.to_year)
    };
    format!(
        "savings {id} of {} {how} for {years}: {}",
        s.amount, s.description
    )
}

fn side(side: &VirementSide) -> String {
    match &side.place {
        Place::ReturnedTo(body) => format!("back to {body}"),
        Place::Head(head) => match (&head.service, &head.head) {
            (Some(service), Some(head)) => format!("{service} / {head}"),
            (Some(service), None) => service.to_string(),
            (None, Some(head)) => head.to_string(),
            (None, None) => "an unnamed head".to_owned(),
        },
    }
}

fn sides(sides: &[VirementSide], many: &str) -> String {
    match sides {
        [only] => side(only),
        several => format!("{} {many}", several.len()),
    }
}

pub(super) fn virement(v: &Virement) -> String {
    let amount: Option<Pence> = v
        .sources
        .iter()
        .map(|side| side.amount)
        .sum::<Option<Pence>>();
    let amount = amount.map_or_else(|| "amount not stated".to_owned(), |a| a.to_string());
    format!(
        "{}: {amount} from {} to {}",
        v.year,
        sides(&v.sources, "heads"),
        sides(&v.targets, "places")
    )
}

pub(super) fn virement_approved(e: &VirementApproved, acted: Option<&Actor>) -> String {
    let amount = e.amount.map(|a| format!(" for {a}")).unwrap_or_default();
    let decider = decider(e.board.as_ref(), acted);
    format!("virement {} approved{amount}{decider}", e.proposal)
}

pub(super) fn disposal(d: &Disposal) -> String {
    let total: Pence = d.parts.iter().map(|part| part.amount).sum();
    let parts: Vec<String> = d.parts.iter().take(6).map(part).collect();
    let more = match d.parts.len() {
        0..=6 => String::new(),
        number => format!(" and {} more parts", number - 6),
    };
    format!("{}: {total}: {}{more}", d.year, parts.join(", "))
}

fn part(part: &DisposalPart) -> String {
    let to = match (part.destination, &part.body) {
        (DisposalDestination::BodyReserves, Some(body)) => format!("to the reserves of {body}"),
        (DisposalDestination::BodyReserves, None) => "to reserves".to_owned(),
        (DisposalDestination::RegionalReserve, _) => "to the regional reserve".to_owned(),
        (DisposalDestination::CarriedForward, _) => "carried forward".to_owned(),
    };
    format!("{} {to}", part.amount)
}
