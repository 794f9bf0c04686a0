//! The check of a form before it is recorded: the rule, who must agree, what is missing.

use maud::{Markup, html};

use crate::address::Links;
use crate::marks::{Mark, mark};
use crate::{proposal, spoken};
use minutebook_form::{FormNames, SummaryLine, words};
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{DecisionStanding, Explanation, NeedState};

/// The answer of the register about a form that is not recorded yet.
#[derive(Debug, Clone, Default)]
pub struct FormCheck {
    /// The explanation of each event; none where the form cannot be read.
    pub explanations: Vec<Explanation>,
    /// Why it would be refused, or what cannot be read.
    pub faults: Vec<SummaryLine>,
    /// Whether the register has judged it.
    pub is_judged: bool,
}

impl FormCheck {
    /// The answer as a part of a page.
    pub fn markup(&self, names: &FormNames, links: Links<'_>) -> Markup {
        let (class, sentence) = match (self.is_judged, self.faults.is_empty()) {
            (_, true) => ("outcome yes", "It would be recorded."),
            (true, false) => ("outcome no", "It would be refused."),
            (false, false) => (
                "outcome waits",
                "Answer these first. Then this shows what would happen.",
            ),
        };
        html! {
            section.result {
                h2 { "What would happen" }
                div class=(class) { p { (sentence) } }
                @for fault in &self.faults {
                    p.mark-line { (mark(Mark::No)) (fault.sentence) }
                }
                @for explanation in &self.explanations { (explained(explanation, names, links)) }
                p.note { "Nothing is recorded while you type." }
            }
        }
    }
}

fn explained(explanation: &Explanation, names: &FormNames, links: Links<'_>) -> Markup {
    let in_words = |text: &str| words::plain_with_names(text, names);
    html! {
        @if let Some(rule) = &explanation.rule {
            p {
                "Rule: "
                @if rule.title.is_empty() { (spoken::capital(&rule.regime().label())) }
                @else { strong { "“" (rule.title) "”" } }
                @if let Some(on) = &rule.in_force_on { ", in force since " (spoken::date(on)) }
                "."
            }
        }
        @if !explanation.proposal_id.is_empty() && explanation.standing() != DecisionStanding::Unspecified {
            p {
                "The proposal "
                a href=(links.proposal(&explanation.proposal_id)) {
                    (names.name(&minutebook_form::Noun::Proposal, &explanation.proposal_id))
                }
                " " (standing(explanation.standing())) "."
            }
        }
        @if let Some(left) = explanation.left_pence {
            p { "Left of what was approved, before this: " (spoken::pounds(left)) "." }
        }
        @if let Some(need) = &explanation.need {
            @if need.state() != NeedState::Unspecified || !need.what.is_empty() {
                ul.tree { (proposal::branch(need, &[], links)) }
            }
        }
        @for warning in &explanation.warnings {
            p.mark-line { (mark(Mark::Waits)) "Note: " (words::sentence(&in_words(&warning.what))) }
        }
        @if explanation.rests_on_unknown_day {
            p.note { "It has its approval only if days that are not known were in the right order." }
        }
    }
}

/// The standing of a proposal, as the end of a sentence.
fn standing(standing: DecisionStanding) -> String {
    match standing {
        DecisionStanding::Pending => "waits for agreement".to_owned(),
        DecisionStanding::Approved => "is approved".to_owned(),
        DecisionStanding::Rejected => "was not approved".to_owned(),
        other => format!("is {}", other.label()),
    }
}
