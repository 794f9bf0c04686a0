//! The standing of a proposal in a sentence: what was decided, or whom it waits for.

use minutebook_page::spoken;
use minutebook_paper::reasoning::ReasoningMark;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{ActorRef, ApprovalView, Awaited, DecisionStanding, ProposalView};

/// Above this number, those whose word is awaited are counted and not named.
const NAMED_MAX: usize = 4;

pub fn mark(approval: &ApprovalView) -> ReasoningMark {
    match approval.standing() {
        DecisionStanding::Approved
        | DecisionStanding::Noted
        | DecisionStanding::Supported
        | DecisionStanding::SubjectTo => ReasoningMark::Met,
        DecisionStanding::Pending | DecisionStanding::Unspecified => ReasoningMark::Waiting,
        // Put off, say: somebody is still to decide.
        _ if !approval.awaited.is_empty() => ReasoningMark::Waiting,
        _ => ReasoningMark::NotMet,
    }
}

pub fn is_open(approval: &ApprovalView) -> bool {
    mark(approval) == ReasoningMark::Waiting
}

/// Such as "Approved on 17 June 2024, for £50,000 of the £60,000 asked."
pub fn sentence(view: &ProposalView, approval: &ApprovalView) -> String {
    let settled = approval.settled_on.as_ref();
    let on = settled.map_or_else(String::new, |day| format!(" on {}", spoken::date(day)));
    let standing = approval.standing();
    let (asked, approved) = (approval.amount_pence, view.approved_pence);
    if matches!(
        standing,
        DecisionStanding::Pending | DecisionStanding::Unspecified
    ) {
        let days = spoken::count(approval.age_days as usize, "day", "days");
        return format!("Waits for {}, for {days}.", awaited(&approval.awaited));
    }
    let label = spoken::capital(&standing.label());
    let mut sentence = match standing {
        DecisionStanding::Approved if approved > 0 && asked > 0 && approved != asked => format!(
            "{label}{on}, for {} of the {} asked.",
            spoken::pounds(approved),
            spoken::pounds(asked)
        ),
        DecisionStanding::Approved if approved > 0 => {
            format!("{label}{on}, for {}.", spoken::pounds(approved))
        }
        _ => format!("{label}{on}."),
    };
    if !approval.awaited.is_empty() {
        sentence.push_str(&format!(" Waits for {}.", awaited(&approval.awaited)));
    }
    sentence
}

/// Those whose word is awaited: by name, or how many of which board.
pub fn awaited(all: &[Awaited]) -> String {
    if let [first, _, ..] = all
        && all.len() > NAMED_MAX
        && let Some(board) = &first.board
        && all.iter().all(|one| one.board.as_ref() == Some(board))
    {
        return format!(
            "{} votes of {}",
            spoken::number_in_words(all.len()),
            board.name
        );
    }
    if all.is_empty() {
        return "a decision".to_owned();
    }
    let mut names: Vec<String> = all.iter().map(one).collect();
    names.dedup();
    spoken::list(&names)
}

/// Somebody whose word is needed, and what is awaited of them.
pub fn one(awaited: &Awaited) -> String {
    let name = match (&awaited.who, &awaited.board) {
        (Some(who), _) => actor(who),
        (None, Some(board)) => format!("the decision of {}", board.name),
        (None, None) => String::new(),
    };
    match awaited.duty.as_str() {
        "" => name,
        duty => format!("{name} ({duty})"),
    }
}

pub fn actor(actor: &ActorRef) -> String {
    match (&actor.body, actor.office.as_str()) {
        (None, office) => office.to_owned(),
        (Some(body), office) => {
            let name = minutebook_page::who::name(&body.name, &body.body_id);
            match office {
                "" => name.to_owned(),
                office => format!("{name} ({office})"),
            }
        }
    }
}
