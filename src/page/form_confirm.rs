//! The page before a form is recorded, and the pages after it was.

use maud::{Markup, html};

use crate::address::Address;
use crate::cell;
use crate::form::{FormSheet, hidden};
use crate::frame::{PageSection, WebPage};
use crate::proposal;
use minutebook_form::{AnswerBox, FormChoice, FormPart, FormView};
use minutebook_wire::proto::{ApprovalView, ProposalView, ReadHistoryResponse};

/// An event that is about to be recorded.
#[derive(Debug, Clone)]
pub struct Confirmation<'a> {
    pub view: &'a FormView,
    /// In one line.
    pub sentence: &'a str,
    pub sheet: &'a FormSheet,
    /// Every text of the form, carried along unseen.
    pub pairs: &'a [(String, String)],
}

impl Confirmation<'_> {
    pub fn page(&self, address: &Address) -> WebPage {
        let parts = self.view.sections.iter().flat_map(|section| &section.parts);
        let mut answers = Vec::new();
        for part in parts {
            gather(part, "", &mut answers);
        }
        WebPage::new(PageSection::Record, "Check before you record")
            .over(html! { p { (self.view.kind.title()) } })
            .lede(html! {
                p { "You record, for ever: " strong { (self.sentence) } }
            })
            .body(html! {
                form.record method="post" action=(address.path) {
                    (hidden(self.sheet))
                    @for (name, text) in self.pairs {
                        input type="hidden" name=(name) value=(text);
                    }
                    button.main type="submit" name="step" value="record" { "Record this" }
                    " "
                    button type="submit" name="step" value="change" { "Change something" }
                }
                p.note { "An entry is never deleted. One that is wrong is put right by another, and both stay." }
                (self.sheet.check)
                section {
                    h2 { "Your answers" }
                    dl.facts {
                        @for (label, text) in &answers {
                            div { dt { (label) } dd { (cell::lines(text)) } }
                        }
                    }
                }
            })
    }
}

/// Gathers the answers, question by question.
fn gather(part: &FormPart, outer: &str, answers: &mut Vec<(String, String)>) {
    let label = match (outer, part.label.as_str()) {
        ("", label) => label.to_owned(),
        (outer, "") => outer.to_owned(),
        (outer, label) => format!("{outer}: {label}"),
    };
    let mut answer = |text: String| {
        if !text.trim().is_empty() {
            answers.push((label.clone(), text));
        }
    };
    let in_words = |choices: &[FormChoice]| {
        let chosen = choices
            .iter()
            .filter(|choice| choice.is_chosen && !choice.value.is_empty());
        let labels: Vec<&str> = chosen.map(|choice| choice.label.as_str()).collect();
        labels.join(", ")
    };
    match &part.answer {
        AnswerBox::Line { text, .. } | AnswerBox::Paragraph { text } => answer(text.clone()),
        AnswerBox::Tick { is_ticked } => answer(match is_ticked {
            true => "yes".to_owned(),
            false => String::new(),
        }),
        AnswerBox::Choices { choices, .. } => answer(in_words(choices)),
        AnswerBox::Group { parts, more } => {
            for inner in parts.iter().chain(more) {
                gather(inner, &label, answers);
            }
        }
        AnswerBox::Rows { rows } => {
            for (index, row) in rows.iter().enumerate() {
                let outer = format!("{}, {}", label.trim_end_matches('?'), index + 1);
                for inner in row {
                    gather(inner, &outer, answers);
                }
            }
        }
        AnswerBox::Branches { branches } => {
            for branch in branches.iter().filter(|branch| branch.choice.is_chosen) {
                answers.push((label.clone(), branch.choice.label.clone()));
                for inner in &branch.parts {
                    gather(inner, &branch.choice.label, answers);
                }
            }
        }
    }
}

/// The page after an entry was recorded, which the browser may load again.
pub fn done(
    entry: &ReadHistoryResponse,
    proposal: Option<&ProposalView>,
    address: &Address,
) -> WebPage {
    let links = address.links();
    let recorded = entry.entry.clone().unwrap_or_default();
    let event = recorded.event.clone().unwrap_or_default();
    let position = recorded.position;
    WebPage::new(PageSection::Record, format!("Recorded as entry {position}"))
        .over(html! { p { a href=(links.to("/record")) { "Record" } } })
        .lede(html! { p { (crate::spoken::capital(&entry.summary)) } })
        .body(html! {
            @if let Some(view) = proposal { (what_it_changed(view)) }
            ul.plain {
                li { a href=(links.entry(position)) { "Look at entry " (position) } }
                @if cell::is_subject(&event.subject) {
                    li { a href=(links.subject(&event.subject)) { "What it is about" } }
                }
                @if let Some(approval) = proposal.and_then(|view| view.approval.as_ref()) {
                    li { a href=(links.proposal(&approval.proposal_id)) { "The proposal: " (approval.title) } }
                }
                li { a href=(links.to("/attention")) { "What needs attention now" } }
                li { a href=(links.to("/record")) { "Record something else" } }
            }
        })
}

fn what_it_changed(view: &ProposalView) -> Markup {
    let approval: ApprovalView = view.approval.clone().unwrap_or_default();
    html! {
        section {
            h2 { "Where “" (approval.title) "” is now" }
            (proposal::outcome(view, &approval))
        }
    }
}

/// The page where the register cannot say whether it recorded the form.
pub fn unknown(sheet: &FormSheet, pairs: &[(String, String)], address: &Address) -> WebPage {
    WebPage::new(PageSection::Record, "We do not know yet whether this was recorded")
        .lede(html! {
            p { "Look again. The same request is sent once more: if it was recorded, it is not recorded twice." }
        })
        .body(html! {
            form.record method="post" action=(address.path) {
                (hidden(sheet))
                @for (name, text) in pairs { input type="hidden" name=(name) value=(text); }
                button.main type="submit" name="step" value="record" { "Look again" }
            }
            p.note { "Nothing that you typed is lost." }
        })
}

/// The page where another form was recorded under the same request: somebody went back,
/// changed it and sent it again.
pub fn recorded_before(
    sheet: &FormSheet,
    pairs: &[(String, String)],
    address: &Address,
) -> WebPage {
    WebPage::new(PageSection::Record, "This form was recorded already")
        .lede(html! {
            p { "It was sent before with other answers, and that was recorded. What is recorded does not change." }
        })
        .body(html! {
            p { "If what you recorded was wrong, correct it: find the entry in the history, and record that it was wrong." }
            form.record method="post" action=(address.path) {
                // Another request id makes it another request.
                @if !sheet.csrf.is_empty() { input type="hidden" name="csrf" value=(sheet.csrf); }
                @for (name, text) in pairs { input type="hidden" name=(name) value=(text); }
                button type="submit" name="step" value="change" { "Record these answers as well" }
            }
            p { a href=(address.links().to("/history")) { "History" } }
        })
}
