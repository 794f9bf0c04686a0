//! The decisions, each with the question, the reasons as a tree, the options and space to
//! write.

use minutebook_page::spoken;
use minutebook_paper::paper_table::PaperTable;
use minutebook_paper::reasoning::{ReasoningMark, ReasoningStep};
use minutebook_paper::section::{Block, Paragraph, Section, Span};
use minutebook_present::report::Report;
use minutebook_present::reports::proposal;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    ApprovalView, NeedState, NeedView, ProposalView, Regime, RuleRef, VoteChoice, WordEffect,
    WordView,
};

use super::{PackComposer, in_brackets, new_page, outcome};

impl PackComposer<'_> {
    pub fn decisions(&self) -> Option<Section> {
        let proposals = self.proposals();
        if proposals.is_empty() {
            return None;
        }
        let mut section = new_page("Decisions");
        section.parts = proposals.iter().map(|view| self.decision(view)).collect();
        Some(section)
    }

    fn decision(&self, view: &ProposalView) -> Section {
        let approval = view.approval.clone().unwrap_or_default();
        let mut section = Section::new(self.decision_heading(&approval));
        section.paragraph(self.asked(view, &approval));
        let outcome = outcome::sentence(view, &approval);
        section.paragraph([Span::strong(outcome)]);
        section.reasoning(self.reasons(view, &approval));
        for condition in &approval.conditions_in_words {
            let condition = format!("On the condition, in words: {condition}");
            section.sentence(condition);
        }
        self.used(view, &mut section);
        if outcome::is_open(&approval) {
            let amount = match approval.amount_pence {
                0 => "",
                _ => "agree to a smaller amount; ",
            };
            section.paragraph([
                Span::strong("You can: "),
                Span::plain(format!(
                    "agree; {amount}not agree; put it off; abstain, or declare an interest."
                )),
            ]);
            section.blocks.push(Block::SpaceToWrite {
                label: "Decision, and why".to_owned(),
                lines: 4,
            });
        } else {
            section.blocks.push(Block::SpaceToWrite {
                label: "Notes".to_owned(),
                lines: 2,
            });
        }
        section
    }

    /// With the item of the agenda, where the meeting has one for it.
    fn decision_heading(&self, approval: &ApprovalView) -> String {
        let lines = self
            .meeting()
            .map(|view| view.lines.as_slice())
            .unwrap_or_default();
        let mut items = lines
            .iter()
            .filter(|line| line.proposal_id == approval.proposal_id)
            .map(|line| line.agenda_item.as_str())
            .filter(|item| !item.is_empty());
        match items.next() {
            Some(item) => format!("Item {item}: {}", approval.title),
            None => approval.title.clone(),
        }
    }

    /// The matter, who asked and when, and what for.
    fn asked(&self, view: &ProposalView, approval: &ApprovalView) -> Vec<Span> {
        let matter = self.names.in_sentence(&approval.matter);
        let mut text = spoken::capital(&matter);
        if !text.is_empty() {
            text.push_str(". ");
        }
        text.push_str(&approval.subject_name);
        text.push_str(". Asked");
        if let Some(by) = &approval.proposed_by {
            text.push_str(&format!(" by {}", outcome::actor(by)));
        }
        if let Some(on) = &approval.proposed_on {
            let word = if on.day == 0 { "in" } else { "on" };
            text.push_str(&format!(" {word} {}", spoken::date(on)));
        }
        let mut spans = vec![Span::plain(text)];
        spans.extend(in_brackets(approval.position));
        spans.push(Span::plain("."));
        if !view.summary.is_empty() {
            spans.push(Span::plain(format!(" {}", view.summary)));
        }
        spans
    }

    fn reasons(&self, view: &ProposalView, approval: &ApprovalView) -> Vec<ReasoningStep> {
        let below = view
            .need
            .as_ref()
            .map(|need| self.branch(need, &view.words));
        match &approval.rule {
            Some(rule) => {
                let mark = match rule.regime() {
                    Regime::Unregulated => ReasoningMark::Aside,
                    _ => ReasoningMark::Met,
                };
                vec![ReasoningStep::new(mark, self.rule(rule)).because(below)]
            }
            None => below.into_iter().collect(),
        }
    }

    fn rule(&self, rule: &RuleRef) -> String {
        let mut text = match rule.title.as_str() {
            "" if rule.regime() == Regime::Unregulated => {
                "No approval rules that govern it are recorded".to_owned()
            }
            "" => spoken::capital(&rule.regime().label()),
            title => format!("The first rule that fits applies: “{title}”"),
        };
        if !rule.rule_set_id.is_empty() {
            let by = self.names.in_sentence(&rule.adopted_by);
            text.push_str(&format!(", of the rules {} of {by}", rule.rule_set_id));
        }
        if let Some(on) = &rule.in_force_on {
            text.push_str(&format!(", in force since {}", spoken::date(on)));
        }
        text + "."
    }

    /// A need with its parts, or with everybody's word.
    fn branch(&self, need: &NeedView, words: &[WordView]) -> ReasoningStep {
        let mark = match need.state() {
            NeedState::Met => ReasoningMark::Met,
            NeedState::Lost => ReasoningMark::NotMet,
            NeedState::Open | NeedState::Unspecified => ReasoningMark::Waiting,
        };
        let text = spoken::capital(&self.names.in_sentence(&need.what));
        let text = match need.reasoning.as_str() {
            "" => text,
            reasoning => format!("{text}: {}", self.names.in_sentence(reasoning)),
        };
        let step = ReasoningStep::new(mark, text + ".");
        if !need.parts.is_empty() {
            return step.because(need.parts.iter().map(|part| self.branch(part, words)));
        }
        let boards: Vec<_> = need
            .agreed
            .iter()
            .chain(&need.against)
            .chain(&need.awaited)
            .filter_map(|one| one.board.as_ref())
            .collect();
        let is_here = |word: &&WordView| {
            let by = word.by.as_ref();
            let named = need.agreed.iter().chain(&need.against);
            let is_named = || {
                named
                    .clone()
                    .any(|one| one.who.as_ref() == by && by.is_some())
            };
            let board = word.board.as_ref();
            !word.replaced && (board.is_some_and(|board| boards.contains(&board)) || is_named())
        };
        let said: Vec<ReasoningStep> = words.iter().filter(is_here).map(opinion).collect();
        let word = |mark, what: &'static str| {
            move |one| ReasoningStep::new(mark, format!("{}: {what}.", outcome::one(one)))
        };
        let step = match said.is_empty() {
            true => step
                .because(need.agreed.iter().map(word(ReasoningMark::Met, "agreed")))
                .because(
                    need.against
                        .iter()
                        .map(word(ReasoningMark::NotMet, "against")),
                ),
            false => step.because(said),
        };
        step.because(
            need.awaited
                .iter()
                .map(word(ReasoningMark::Waiting, "awaited")),
        )
    }

    /// The acts that used the approval, and what is left.
    fn used(&self, view: &ProposalView, section: &mut Section) {
        let Report::Sections(sheets) = proposal::in_full(view) else {
            return;
        };
        for sheet in sheets {
            if ["acts", "ratifies"].contains(&sheet.key()) && !sheet.is_empty() {
                section.table(PaperTable::new(sheet));
            }
        }
    }
}

/// One vote or decision, and whether it counts.
fn opinion(word: &WordView) -> ReasoningStep {
    let counts = word.conflict_declared.is_empty()
        && matches!(
            word.effect(),
            WordEffect::Counts | WordEffect::ByName | WordEffect::Conditional
        );
    let mark = match (word.choice(), counts) {
        (VoteChoice::Abstain | VoteChoice::Unspecified, _) | (_, false) => ReasoningMark::Aside,
        (VoteChoice::Approve, true) => ReasoningMark::Met,
        (VoteChoice::Reject, true) => ReasoningMark::NotMet,
    };
    let who = match (&word.by, &word.board) {
        (Some(by), _) => outcome::actor(by),
        (None, Some(board)) => format!("Decision of {}", board.name),
        (None, None) => "Decision".to_owned(),
    };
    let choice = match (word.choice(), word.by.is_none()) {
        (VoteChoice::Approve, true) => "yes",
        (VoteChoice::Reject, true) => "no",
        (VoteChoice::Approve, false) => "for",
        (VoteChoice::Reject, false) => "against",
        (VoteChoice::Abstain, _) => "abstained",
        (VoteChoice::Unspecified, _) => "no choice is recorded",
    };
    let mut text = format!("{who}: {choice}");
    if word.amount_pence > 0 {
        text.push_str(&format!(", for {}", spoken::pounds(word.amount_pence)));
    }
    let is_abstention = word.choice() == VoteChoice::Abstain;
    if !word.conflict_declared.is_empty() {
        text.push_str(&format!(", but not counted: {}", word.conflict_declared));
    } else if !counts && !is_abstention {
        text.push_str(&format!(", but not counted: {}", word.effect().label()));
    }
    let mut spans = vec![Span::plain(text)];
    spans.extend(in_brackets(word.position));
    ReasoningStep {
        mark,
        sentence: Paragraph::new(spans),
        because: Vec::new(),
    }
}
