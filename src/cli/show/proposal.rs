//! One proposal in full: who must agree, every word, and what was done on it.

use super::approvals::is_open;
use super::{acts, needs, rules};
use crate::cli::cell::{Cell, money};
use crate::cli::client::Client;
use crate::cli::dates;
use crate::cli::enum_labels::word;
use crate::cli::failure::Failure;
use crate::cli::id::ProposalName;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::json;
use crate::wire::proto::{ProposalView, ReadHistoryRequest, WordView};

/// Where it stands, why, and what followed.
pub fn in_full(view: &ProposalView) -> Report {
    let mut done = acts::sheet("acts", "Done on it", &view.acts);
    if view.approved_pence > 0 {
        done.note(format!(
            "Approved {}, made {}, left {}.",
            money(view.approved_pence),
            money(view.made_pence),
            money(view.left_pence)
        ));
    }
    Report::Sections(vec![
        summary(view),
        reasoning(view),
        needs::sheet(&view.need),
        words(&view.words),
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
    let it = view.approval.clone().unwrap_or_default();
    let papers = view.papers.clone().unwrap_or_default();
    let open = is_open(&it);
    let mut facts = Sheet::facts("summary");
    facts
        .fact("proposal", &it.title)
        .fact("id", &it.proposal_id)
        .fact("subject", Cell::named(&it.subject, &it.subject_name))
        .fact("kind", word(it.matter_kind()))
        .fact("matter", &it.matter)
        .fact("what for", &view.summary)
        .fact("amount", Cell::amount(it.amount_pence))
        .fact("put up on", &it.proposed_on)
        .fact("put up by", &it.proposed_by)
        .fact("papers", &papers.title)
        .fact("papers at", &papers.uri)
        .fact("standing", word(it.standing()))
        .fact("settled on", &it.settled_on);
    if open {
        facts
            .fact("awaits decision since", &it.since_on)
            .fact("days", it.age_days)
            .fact("awaited", &it.awaited);
    }
    facts
        .fact("board", &it.board)
        .fact("next meeting", &it.next_meeting_on)
        .fact("lapses after", &it.lapses_on);
    rules::facts(&mut facts, &it.rule);
    if view.approved_pence > 0 {
        facts
            .fact("approved", Cell::Pence(view.approved_pence))
            .fact("made", Cell::Pence(view.made_pence))
            .fact("left", Cell::Pence(view.left_pence));
        if view.covers_projected {
            facts.fact("covers", "a projected underspend too");
        }
    }
    facts.fact("entry", it.position);
    facts
}

/// People read sentences, one under the other; programs get a row for each.
fn reasoning(view: &ProposalView) -> Sheet {
    let mut sheet = Sheet::new("reasoning", "Why it stands so").columns([("sentence", "")]);
    for sentence in &view.reasoning {
        sheet.row_shown(vec![sentence.into()], Audience::Programs);
        sheet.note(sentence);
    }
    sheet
}

fn words(words: &[WordView]) -> Sheet {
    let mut sheet = Sheet::new("words", "Every word on it")
        .when_empty("Nobody has spoken yet.")
        .with_prose();
    sheet
        .column("on", "On")
        .column("by", "Who")
        .column("board", "On the board")
        .column("choice", "Word")
        .column("amount", "Allows")
        .column_shown("allows_projected", "", Audience::Programs)
        .column_shown("late", "Recorded late", Audience::People)
        .column_shown("recorded_on", "", Audience::Programs)
        .column_shown("recorded_late", "", Audience::Programs)
        .column_shown("replaced", "", Audience::Programs)
        .column_shown("too_late", "", Audience::Programs)
        .column_shown("conflict_declared", "", Audience::Programs)
        .column_shown("marks", "Marks", Audience::People)
        .column_shown("decision_id", "", Audience::Programs)
        .column("position", "Entry");
    for it in words {
        sheet.row(vec![
            (&it.on).into(),
            (&it.by).into(),
            (&it.board).into(),
            word(it.choice()),
            Cell::amount(it.amount_pence),
            Cell::Yes(it.allows_projected),
            acts::recorded_late(&it.recorded_on, &it.on),
            (&it.recorded_on).into(),
            Cell::Yes(dates::is_after(&it.recorded_on, &it.on)),
            Cell::Yes(it.replaced),
            Cell::Yes(it.too_late),
            (&it.conflict_declared).into(),
            marks(it),
            (&it.decision_id).into(),
            it.position.into(),
        ]);
    }
    sheet
}

/// What a reader must know of a word before counting it.
fn marks(it: &WordView) -> Cell {
    let mut marks = Vec::new();
    if it.replaced {
        marks.push("replaced by a later word".to_owned());
    }
    if it.too_late {
        marks.push("too late: it was decided".to_owned());
    }
    if !it.conflict_declared.is_empty() {
        marks.push(format!("conflict declared: {}", it.conflict_declared));
    }
    if it.allows_projected {
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
        ("published_on", "Published"),
        ("withheld_ground", "Withheld"),
        ("decision_id", "Decision"),
        ("position", "Entry"),
    ]);
    // What still awaits decision is no decision.
    for it in view
        .decisions
        .iter()
        .filter(|it| !it.decision_id.is_empty())
    {
        sheet.row(vec![
            (&it.on).into(),
            word(it.standing()),
            (&it.by).into(),
            (&it.board).into(),
            (&it.reasons).into(),
            (&it.conditions).into(),
            (&it.published_on).into(),
            (&it.withheld_ground).into(),
            (&it.decision_id).into(),
            it.position.into(),
        ]);
    }
    sheet
}

/// The id of the proposal that is meant.
pub async fn id_of(name: &ProposalName, client: &Client) -> Result<String, Failure> {
    let position = match name {
        ProposalName::Id(id) => return Ok(id.clone()),
        ProposalName::Entry(position) => *position,
    };
    let request = ReadHistoryRequest {
        from_position: position,
        to_position: position,
        ..Default::default()
    };
    let mut history = client.audit().read_history(request).await?.into_inner();
    let answer = history.message().await?.unwrap_or_default();
    let Some(event) = answer.entry.and_then(|entry| entry.event) else {
        return Err(Failure::Refused(format!(
            "There is no entry {position} in the register."
        )));
    };
    proposal_in(&json::to_value(&event)).ok_or_else(|| {
        Failure::Refused(format!(
            "Entry {position} is about no proposal: it says \"{}\".",
            crate::cli::cell::sanitise_for_terminal(&answer.summary)
        ))
    })
}

/// The first proposal that an event names, in its JSON form: what an event may
/// say of proposals is more than this program needs to know.
fn proposal_in(value: &serde_json::Value) -> Option<String> {
    let fields = value.as_object()?;
    let own = fields.get("proposalId").and_then(|it| it.as_str());
    own.map(str::to_owned)
        .or_else(|| fields.values().find_map(proposal_in))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::proto::{Event, MatterProposed, event::Kind};

    #[test]
    fn an_entry_names_the_proposal_it_is_about() {
        let event = Event {
            subject: "collaborations/bch".into(),
            kind: Some(Kind::MatterProposed(MatterProposed {
                proposal_id: "p".into(),
                ..Default::default()
            })),
            ..Default::default()
        };
        let named = |event: &Event| proposal_in(&json::to_value(event));
        assert_eq!(named(&event).as_deref(), Some("p"));
        let other = Event {
            kind: None,
            ..event
        };
        assert_eq!(named(&other), None);
    }
}
