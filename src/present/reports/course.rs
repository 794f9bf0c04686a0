//! The course of a decision in words: its conditions, call-ins and challenges in court;
//! and the delegations on a subject.

use crate::cell::Cell;
use crate::dates;
use crate::sheet::Sheet;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    CallInOutcome, CallInView, CallInWaiverView, ChallengeView, ConditionResult, ConditionView,
    Date, DecisionView, DelegationView,
};

fn on(date: &Option<Date>) -> String {
    date.as_ref().map(dates::date).unwrap_or_default()
}

fn reason(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!(": {text}"),
    }
}

/// A condition in one line, with its result or whom it awaits.
pub fn condition(condition: &ConditionView) -> String {
    let mut line = format!("Subject to {} ({})", condition.what, condition.condition_id);
    if let Some(body) = &condition.decided_by {
        line.push_str(&format!(", for {} to decide", body.name));
    }
    if let Some(board) = &condition.decided_by_board {
        line.push_str(&format!(", for {} to decide", board.name));
    }
    if condition.due_on.is_some() {
        line.push_str(&format!(", due {}", on(&condition.due_on)));
    }
    if condition.past_due {
        line.push_str(", past due");
    }
    if condition.result() != ConditionResult::Unspecified {
        let (result, day) = (condition.result().label(), on(&condition.settled_on));
        line.push_str(&format!(", {result} {day}"));
        if condition.settled_by.is_some() {
            let by = Cell::from(&condition.settled_by).for_people();
            line.push_str(&format!(" by {by}"));
        }
        if condition.by_document {
            line.push_str(" (a document reports it; no decision is on record)");
        }
        line.push_str(&reason(&condition.reason));
    }
    line
}

fn call_in(call_in: &CallInView) -> String {
    let by = match (&call_in.board, &call_in.by) {
        (Some(board), _) => format!(" by {}", board.name),
        (None, Some(by)) => format!(" by {}", Cell::from(&Some(by.clone())).for_people()),
        (None, None) => String::new(),
    };
    let mut line = format!(
        "Called in {}{by} ({}){}",
        on(&call_in.called_in_on),
        call_in.call_in_id,
        reason(&call_in.grounds)
    );
    let is_referral = call_in.outcome() == CallInOutcome::ReferredToCouncil;
    if call_in.referred_on.is_some() {
        let council = call_in.council.as_ref();
        let council = council.map_or("the full council", |board| board.name.as_str());
        let (day, why) = (on(&call_in.referred_on), reason(&call_in.referral_reason));
        line.push_str(&format!("; referred to {council} {day}{why}"));
    }
    if call_in.settled_on.is_some() && !is_referral {
        let (outcome, day) = (call_in.outcome().label(), on(&call_in.settled_on));
        line.push_str(&format!("; {outcome} {day}{}", reason(&call_in.reason)));
        if call_in.majority.is_some() {
            let needed = super::boards::majority(&call_in.majority).for_people();
            line.push_str(&format!("; to be decided again by {needed}"));
        }
    }
    if !call_in.remark.is_empty() {
        line.push_str(&format!("; {}", call_in.remark));
    }
    line
}

fn call_in_waiver(waiver: &CallInWaiverView) -> String {
    let mut line = "Not subject to call-in".to_owned();
    if waiver.agreed_by.is_some() {
        let by = Cell::from(&waiver.agreed_by).for_people();
        line.push_str(&format!(", as {by} agreed"));
    }
    if waiver.agreed_on.is_some() {
        line.push_str(&format!(" {}", on(&waiver.agreed_on)));
    }
    line.push_str(&reason(&waiver.reason));
    line
}

fn challenge(challenge: &ChallengeView) -> String {
    let mut line = format!(
        "Challenged {} in the {} ({}){}{}",
        on(&challenge.challenged_on),
        challenge.court,
        challenge.challenge_id,
        match challenge.reference.as_str() {
            "" => String::new(),
            reference => format!(", {reference}"),
        },
        reason(&challenge.grounds)
    );
    for step in &challenge.steps {
        line.push_str(&format!("; {} {}", step.step().label(), on(&step.on)));
        if step.quashed_from_on.is_some() {
            line.push_str(&format!(" from {}", on(&step.quashed_from_on)));
        }
        if step.stay_continues {
            line.push_str(", and stayed until then");
        }
        if !step.reference.is_empty() {
            line.push_str(&format!(" ({})", step.reference));
        }
    }
    line
}

/// Everything that has happened to a decision since it was made, a line each.
pub fn lines(decision: &DecisionView) -> Vec<String> {
    let mut lines: Vec<String> = decision.subject_to.iter().map(condition).collect();
    if decision.in_force_from_on.is_some() {
        lines.push(format!("In force from {}", on(&decision.in_force_from_on)));
    }
    if decision.minute {
        lines.push("The minute of the decision that the votes had made".to_owned());
    }
    if decision.rests_on_minutes {
        lines.push("Resting on the minutes: no numbers given".to_owned());
    }
    lines.extend(decision.call_in_waiver.as_ref().map(call_in_waiver));
    lines.extend(decision.call_ins.iter().map(call_in));
    lines.extend(decision.challenges.iter().map(challenge));
    if !decision.authority.is_empty() {
        lines.push(format!("Rests on {}", decision.authority));
    }
    if !decision.reference.is_empty() {
        lines.push(format!("Reference: {}", decision.reference));
    }
    if !decision.alternatives_rejected.is_empty() {
        lines.push(format!("Rejected: {}", decision.alternatives_rejected));
    }
    if !decision.conflicts_declared.is_empty() {
        lines.push(format!(
            "Conflicts declared: {}",
            decision.conflicts_declared
        ));
    }
    if !decision.not_covered.is_empty() {
        lines.push(decision.not_covered.clone());
    }
    lines
}

/// A row for each delegation.
pub fn delegations(delegations: &[DelegationView]) -> Sheet {
    let mut sheet = Sheet::new("delegations", "Delegations")
        .with_prose()
        .columns([
            ("delegation_id", "Delegation"),
            ("from", "From"),
            ("to", "To"),
            ("matter_kinds", "Covers"),
            ("up_to", "Up to"),
            ("made_on", "Since"),
            ("until_on", "Until"),
            ("revoked_on", "Revoked"),
            ("in_force", "In force"),
            ("may_delegate_on", "May delegate on"),
            ("legal_basis", "Legal basis"),
            ("what", "Power"),
            ("reason", "Reason for the end"),
        ]);
    for delegation in delegations {
        let from = match &delegation.from_board {
            Some(_) => (&delegation.from_board).into(),
            None => (&delegation.from_body).into(),
        };
        let to = match &delegation.to_board {
            Some(_) => (&delegation.to_board).into(),
            None => (&delegation.to).into(),
        };
        sheet.in_currency(&delegation.currency);
        sheet.row(vec![
            (&delegation.delegation_id).into(),
            from,
            to,
            Cell::list(delegation.matter_kinds().map(Cell::label)),
            Cell::known(delegation.up_to_pence),
            (&delegation.made_on).into(),
            (&delegation.until_on).into(),
            (&delegation.revoked_on).into(),
            Cell::Yes(delegation.in_force),
            Cell::Yes(delegation.may_delegate_on),
            (&delegation.legal_basis).into(),
            (&delegation.what).into(),
            (&delegation.reason).into(),
        ]);
    }
    sheet
}
