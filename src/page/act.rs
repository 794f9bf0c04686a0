//! An act in two clicks: to vote, to decide or to sign, with the reasoning in sight.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::form::{self, FormSheet, hidden};
use crate::form_parts;
use crate::frame::{PageSection, WebPage};
use crate::reader::PageReader;
use crate::who;
use minutebook_form::{AnswerBox, FormChoice, FormPart, FormView, SPEAKER, Speaker, SummaryLine};
use minutebook_wire::proto::{
    AttentionKind, AttentionView, DecisionStanding, InstrumentView, ProposalView, Standing,
};

/// An act that is about to be recorded.
#[derive(Debug, Clone)]
pub struct ActSheet<'a> {
    /// `Vote`.
    pub over: &'a str,
    pub title: String,
    /// The event that is recorded, in a sentence.
    pub sentence: String,
    /// Other acts that are possible here.
    pub ways: Markup,
    /// The form, of which a few questions are asked.
    pub view: &'a FormView,
    /// The names of these questions.
    pub shown: &'a [&'a str],
    /// Those for whom the reader may speak; asked where there are several.
    pub speakers: &'a [Speaker],
    /// The texts of the other questions, carried along unseen.
    pub pairs: Vec<(String, String)>,
    pub sheet: &'a FormSheet,
    /// Why it waits, and who has agreed.
    pub reasoning: Markup,
}

impl ActSheet<'_> {
    pub fn page(&self, address: &Address) -> WebPage {
        let mut parts: Vec<FormPart> = self.speaker_part().into_iter().collect();
        let asked = self.shown.iter().filter_map(|name| self.view.find(name));
        parts.extend(asked.cloned());
        let lines: Vec<SummaryLine> = self
            .view
            .summary
            .iter()
            .map(
                |line| match parts.iter().any(|part| part.name == line.name) {
                    true => line.clone(),
                    false => SummaryLine {
                        name: String::new(),
                        ..line.clone()
                    },
                },
            )
            .collect();
        let title = match lines.is_empty() {
            true => self.title.clone(),
            false => format!("Problem: {}", self.title),
        };
        WebPage::new(PageSection::Proposals, title)
            .over(html! { p { (self.over) } })
            .body(html! {
                (form::summary(&lines))
                @if !self.sheet.caution.is_empty() { div.outcome.waits { p { (self.sheet.caution) } } }
                form.record method="post" action=(address.href()) {
                    (hidden(self.sheet))
                    @for (name, text) in self.carried(&parts) {
                        input type="hidden" name=(name) value=(text);
                    }
                    p.lede { "You record, for ever: " strong { (self.sentence) } }
                    (form_parts::parts(&parts, true))
                    button.main type="submit" name="step" value="record" { "Record this" }
                }
                (self.ways)
                (self.reasoning)
                (form::lists(self.view))
            })
    }

    /// The texts that no box of this page has.
    fn carried(&self, parts: &[FormPart]) -> impl Iterator<Item = &(String, String)> {
        let shown: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
        self.pairs.iter().filter(move |(name, _)| {
            !shown.iter().any(|part| {
                name.strip_prefix(part.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        })
    }

    fn speaker_part(&self) -> Option<FormPart> {
        let chosen = self.pairs.iter().find(|(name, _)| name == SPEAKER);
        let chosen = chosen.map_or("", |(_, key)| key.as_str());
        let choices: Vec<FormChoice> = self
            .speakers
            .iter()
            .map(|speaker| FormChoice {
                value: speaker.key(),
                label: speaker.name.clone(),
                hint: String::new(),
                is_chosen: speaker.key() == chosen,
            })
            .collect();
        // Where there is one alone, nobody has to choose.
        (choices.len() > 1).then(|| FormPart {
            name: SPEAKER.to_owned(),
            label: "For whom?".to_owned(),
            hint: String::new(),
            is_required: true,
            faults: Vec::new(),
            answer: AnswerBox::Choices {
                choices,
                are_several: false,
            },
        })
    }
}

/// The buttons of a proposal that waits: to vote, or to record the decision of the board.
pub fn of_proposal(view: &ProposalView, reader: &PageReader, links: Links<'_>) -> Markup {
    let Some(approval) = &view.approval else {
        return Markup::default();
    };
    if approval.standing() != DecisionStanding::Pending {
        return Markup::default();
    }
    buttons(
        &approval.proposal_id,
        &reader.speakers(&approval.awaited),
        links,
    )
}

/// The buttons of a line that needs attention.
pub fn of_line(line: &AttentionView, reader: &PageReader, links: Links<'_>) -> Markup {
    if !reader.may_act(line) {
        return Markup::default();
    }
    match line.kind() {
        AttentionKind::AwaitsDecision => {
            buttons(&line.item_id, &reader.speakers(&line.awaited), links)
        }
        AttentionKind::AwaitsSignature => html! {
            a.button href=(signing(line, links)) { "Sign…" }
        },
        AttentionKind::Unconfirmed => {
            let mut query = vec![
                ("subject", line.subject.as_str()),
                ("disposal_id", line.item_id.as_str()),
            ];
            let speakers = reader.speakers(&line.awaited);
            if let [one] = speakers.as_slice() {
                query.push(("body_id", one.body_id.as_str()));
            }
            html! { a.button href=(links.to_with("/record/disposal_confirmed", &query)) { "Confirm…" } }
        }
        _ => Markup::default(),
    }
}

/// The agreements of a collaboration that wait for a signature, with the buttons to sign for
/// those for whom the reader may.
pub fn of_instruments(
    collaboration_id: &str,
    instruments: &[InstrumentView],
    reader: &PageReader,
    links: Links<'_>,
) -> Markup {
    let waits = instruments
        .iter()
        .filter(|instrument| instrument.standing() == Standing::AwaitingSignature);
    let open = waits.flat_map(|instrument| {
        let missing = instrument
            .signatures
            .iter()
            .filter(|one| one.signed_on.is_none() && one.no_more_since_on.is_none());
        let bodies = missing.filter_map(|one| one.body.as_ref());
        bodies.map(move |body| (instrument, body))
    });
    let open: Vec<_> = open.filter(|(_, body)| reader.may_sign(body)).collect();
    html! {
        @if !open.is_empty() {
            section {
                h2 { "Waits for a signature" }
                ul.plain {
                    @for (instrument, body) in open {
                        @let path = format!("/collaborations/{collaboration_id}/instruments/{}/sign", instrument.instrument_id);
                        li {
                            (instrument.title) ": "
                            a.button href=(links.to_with(&path, &[("by", body.body_id.as_str())])) {
                                "Sign for " (who::name(&body.name, &body.body_id)) "…"
                            }
                        }
                    }
                }
            }
        }
    }
}

fn buttons(proposal_id: &str, speakers: &[Speaker], links: Links<'_>) -> Markup {
    let vote = |choice: &str| {
        let path = format!("/proposals/{proposal_id}/vote");
        links.to_with(&path, &[("choice", choice)])
    };
    let votes = speakers.iter().any(|speaker| !speaker.is_board());
    let decides = speakers.iter().any(|speaker| !speaker.board_id.is_empty());
    html! {
        @if votes || decides {
            p.acts {
                @if votes {
                    a.button.main href=(vote("for")) { "Agree…" } " "
                    a.button href=(vote("against")) { "Do not agree…" } " "
                    a.button href=(vote("abstain")) { "Abstain…" } " "
                }
                @if decides {
                    a.button href=(links.to(&format!("/proposals/{proposal_id}/decide"))) { "Record the decision of the board…" }
                }
            }
        }
    }
}
/// The page that signs an instrument. That of a body is signed by the form of any event.
fn signing(line: &AttentionView, links: Links<'_>) -> String {
    let (subject, instrument) = (line.subject.as_str(), line.item_id.as_str());
    match subject.starts_with("collaborations/") {
        true => links.to(&format!("/{subject}/instruments/{instrument}/sign")),
        false => {
            let query = [("subject", subject), ("instrument_id", instrument)];
            links.to_with("/record/agreement_signed", &query)
        }
    }
}
