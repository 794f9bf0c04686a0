//! One proposal in full: who must agree, every opinion, and the acts that used it.

use super::approvals::is_open;
use super::{acts, course, needs, rules};
use crate::cell::{Cell, money};
use crate::dates;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{Date, ProposalView, WordEffect, WordView};

/// Its standing, the reasons, and the acts that followed.
pub fn in_full(view: &ProposalView) -> Report {
    let mut done = acts::sheet("acts", "Acts that used it", &view.acts);
    if view.approved_pence > 0 {
        done.note(format!(
            "Approved {}, made {}, left {}.",
            money(view.approved_pence, &view.currency),
            money(view.made_pence, &view.currency),
            money(view.left_pence, &view.currency)
        ));
    }
    Report::Sections(vec![
        summary(view),
        reasoning(view),
        needs::sheet(&view.need),
        opinions(&view.words, &view.currency),
        decisions(view),
        done,
        acts::sheet(
            "ratifies",
            "The act it asks to approve after the fact",
            view.ratifies.as_slice(),
        ),
    ])
}

fn summary(view: &ProposalView) -> Sheet {
    let approval = view.approval.clone().unwrap_or_default();
    let papers = view.papers.clone().unwrap_or_default();
    let open = is_open(&approval) || !approval.awaited.is_empty();
    let mut facts = Sheet::facts("summary");
    facts.in_currency(&view.currency);
    facts
        .fact("proposal", &approval.title)
        .fact("id", &approval.proposal_id)
        .fact(
            "subject",
            Cell::named(&approval.subject, &approval.subject_name),
        )
        .fact("kind", Cell::label(approval.matter_kind()))
        .fact("matter", &approval.matter)
        .fact("what for", &view.summary)
        .fact("amount", Cell::amount(approval.amount_pence))
        .fact(
            Cell::named("put up on", "proposed on"),
            &approval.proposed_on,
        )
        .fact(
            Cell::named("put up by", "proposed by"),
            &approval.proposed_by,
        )
        .fact("papers", &papers.title)
        .fact("papers at", &papers.uri)
        .fact("standing", Cell::label(approval.standing()))
        .fact("settled on", &approval.settled_on)
        .fact("put to", &approval.put_to)
        .fact(
            "put to the offices",
            Cell::list(
                approval
                    .put_to_offices
                    .iter()
                    .map(|who| Cell::from(&Some(who.clone()))),
            ),
        )
        .fact("not in force since", &approval.interrupted_on)
        .fact("because", &approval.interruption);
    let conditions: Vec<String> = approval.conditions.iter().map(course::condition).collect();
    if !conditions.is_empty() {
        facts.fact("conditions", conditions.join("\n"));
    }
    if open {
        facts
            .fact("awaits decision since", &approval.since_on)
            .fact("days", approval.age_days)
            .fact("awaited", &approval.awaited);
    }
    facts
        .fact("board", &approval.board)
        .fact("next meeting", &approval.next_meeting_on)
        .fact("lapses after", &approval.lapses_on);
    rules::facts(&mut facts, &approval.rule);
    if view.approved_pence > 0 {
        facts
            .fact("approved", Cell::Pence(view.approved_pence))
            .fact("made", Cell::Pence(view.made_pence))
            .fact("left", Cell::Pence(view.left_pence));
        if view.covers_projected {
            facts.fact("covers", "a projected underspend too");
        }
    }
    facts.fact("entry", approval.position);
    facts
}

/// People read sentences under one another; programs get a row for each.
fn reasoning(view: &ProposalView) -> Sheet {
    let mut sheet = Sheet::new("reasoning", "Why it has this standing").columns([("sentence", "")]);
    for sentence in &view.reasoning {
        sheet.row_for(Audience::Programs, vec![sentence.into()]);
        sheet.note(sentence);
    }
    sheet
}

fn opinions(opinions: &[WordView], currency: &str) -> Sheet {
    let mut sheet = Sheet::new("words", "Votes and decisions")
        .when_empty("No vote or decision of those who decide here is recorded yet.")
        .with_prose();
    sheet
        .column("on", "On")
        .column("by", "Who")
        .column("board", "On the board")
        .column("choice", "Vote")
        .column("amount", "Allows")
        .column_for(Audience::Programs, "allows_projected", "")
        .column_for(Audience::People, "late", "Recorded late")
        .column_for(Audience::Programs, "recorded_on", "")
        .column_for(Audience::Programs, "recorded_late", "")
        .column_for(Audience::Programs, "replaced", "")
        .column_for(Audience::Programs, "too_late", "")
        .column_for(Audience::Programs, "effect", "")
        .column_for(Audience::Programs, "conflict_declared", "")
        .column_for(Audience::People, "marks", "Marks")
        .column_for(Audience::Programs, "decision_id", "")
        .column_for(Audience::Programs, "recorded_by", "")
        .column_for(Audience::Programs, "unauthenticated", "")
        .column("position", "Entry");
    sheet.in_currency(currency);
    for opinion in opinions {
        sheet.row(vec![
            Cell::dated(&opinion.on, opinion.on_is()),
            (&opinion.by).into(),
            (&opinion.board).into(),
            Cell::label(opinion.choice()),
            Cell::amount(opinion.amount_pence),
            Cell::Yes(opinion.allows_projected),
            acts::recorded_late(&opinion.recorded_on, &opinion.on),
            (&opinion.recorded_on).into(),
            Cell::Yes(dates::is_after(&opinion.recorded_on, &opinion.on)),
            Cell::Yes(opinion.replaced),
            Cell::Yes(opinion.too_late),
            Cell::label(opinion.effect()),
            (&opinion.conflict_declared).into(),
            marks(opinion),
            (&opinion.decision_id).into(),
            (&opinion.recorded_by).into(),
            Cell::Yes(opinion.unauthenticated),
            opinion.position.into(),
        ]);
    }
    let nobody = opinions.iter().filter(|opinion| opinion.unauthenticated);
    let positions: Vec<String> = nobody.map(|opinion| opinion.position.to_string()).collect();
    if !positions.is_empty() {
        sheet.note(format!(
            "Nobody was signed in when these were recorded: entry {}.",
            positions.join(", ")
        ));
    }
    sheet
}

/// Remarks that a reader needs before counting an opinion.
fn marks(opinion: &WordView) -> Cell {
    let mut marks = Vec::new();
    if opinion.replaced {
        marks.push("replaced by a later one".to_owned());
    }
    if opinion.too_late {
        marks.push("too late: already decided".to_owned());
    }
    match opinion.effect() {
        WordEffect::Conditional => marks.push("awaits a condition or its day".to_owned()),
        WordEffect::Minute => marks.push("the minute of the votes".to_owned()),
        WordEffect::Agreement => marks.push("agreed after the first".to_owned()),
        WordEffect::Objection => marks.push("rejected after the first agreed".to_owned()),
        WordEffect::Fallen => marks.push("fallen".to_owned()),
        WordEffect::ByName => marks.push("by name, beside the minutes".to_owned()),
        WordEffect::WithoutQuorum => marks.push("without a quorum: nothing decided".to_owned()),
        WordEffect::Unspecified | WordEffect::Counts | WordEffect::TooLate => {}
    }
    if !opinion.conflict_declared.is_empty() {
        marks.push(format!("conflict declared: {}", opinion.conflict_declared));
    }
    if let Some(interest) = &opinion.interest {
        let dispensation = match &interest.dispensation {
            Some(dispensation) => {
                let day = |on: &Option<Date>| {
                    on.as_ref()
                        .map_or_else(|| "a day not given".to_owned(), dates::date)
                };
                let (granted_on, expires_on) = (&dispensation.granted_on, &dispensation.expires_on);
                match (granted_on, expires_on) {
                    (None, None) => ", dispensation, its days not given".to_owned(),
                    (Some(_), None) => format!(
                        ", dispensation from {} to {}",
                        day(granted_on),
                        day(expires_on)
                    ),
                    (_, Some(_)) => format!(", dispensation to {}", day(expires_on)),
                }
            }
            None => String::new(),
        };
        marks.push(format!(
            "{} interest declared, {}{dispensation}: {}",
            Cell::label(interest.kind()).for_people(),
            Cell::label(interest.course()).for_people(),
            interest.description
        ));
    }
    if let Some(by) = &opinion.cast_by {
        marks.push(format!(
            "cast by the substitute {}",
            Cell::from(by).for_people()
        ));
    }
    if opinion.seat_only {
        marks.push("for the seat alone".to_owned());
    }
    if let Some(tally) = &opinion.tally {
        marks.push(format!("as minuted: {}", super::decisions::tally(tally)));
    }
    if let Some(meeting) = &opinion.meeting {
        marks.push(super::decisions::meeting(meeting));
    }
    if opinion.allows_projected {
        marks.push("covers a projected underspend".to_owned());
    }
    marks.join("\n").into()
}

fn decisions(view: &ProposalView) -> Sheet {
    let mut sheet = Sheet::new("decisions", "Decisions").with_prose().columns([
        ("on", "On"),
        ("standing", "Decided"),
        ("by", "By"),
        ("board", "Board"),
        ("reasons", "Reasons"),
        ("conditions", "Conditions"),
        ("course", "Course"),
        ("published_on", "Published"),
        ("withheld_ground", "Withheld"),
        ("decision_id", "Decision"),
        ("position", "Entry"),
    ]);
    // A line without an id is a matter that still awaits decision.
    for decision in view
        .decisions
        .iter()
        .filter(|decision| !decision.decision_id.is_empty() || !decision.reference.is_empty())
    {
        sheet.row(vec![
            Cell::dated(&decision.on, decision.on_is()),
            Cell::label(decision.standing()),
            (&decision.by).into(),
            (&decision.board).into(),
            (&decision.reasons).into(),
            (&decision.conditions).into(),
            course::lines(decision).join("\n").into(),
            super::decisions::publications(decision).join("\n").into(),
            (&decision.withheld_ground).into(),
            (&decision.decision_id).into(),
            decision.position.into(),
        ]);
    }
    sheet
}
