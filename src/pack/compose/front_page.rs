//! The first page: what to decide, what happened, what to worry about, the money in a line.

use minutebook_page::spoken;
use minutebook_paper::reasoning::ReasoningStep;
use minutebook_paper::section::{Paragraph, Section, Span};
use minutebook_wire::proto::{AttentionKind, AttentionView, BudgetView, CheckKind, ProposalView};

use super::changes::ChangeGroup;
use super::{PackComposer, in_brackets, outcome};
use crate::plan;

/// The most lines of each part: the first page is one page.
const LINES: usize = 5;
/// The most entries that a line about changes names.
const NAMED: usize = 2;

impl PackComposer<'_> {
    /// `missing` names the sections that have nothing to show.
    pub fn front_page(&self, missing: &[&str]) -> Section {
        let mut page = Section::new("On one page");
        page.parts = vec![
            self.to_decide(),
            self.since_we_met(),
            self.worries(),
            self.money_in_a_line(),
        ];
        let mut rest = Section::new("Of this pack");
        if !missing.is_empty() {
            let missing = missing.join("; ");
            rest.sentence(format!("Looked for and found none: {missing}."));
        }
        rest.sentence(
            "A way to spend 45 minutes: decisions 20, money 8, changes 5, breaches 4, actions and \
             notices 4, contributions 3, differences 1.",
        );
        page.parts.push(rest);
        page
    }

    fn to_decide(&self) -> Section {
        let mut section = Section::new("To decide");
        let meeting = self.meeting().and_then(|view| view.meeting.as_ref());
        let agenda = meeting.map(|meeting| meeting.agenda.as_str());
        if let Some(agenda) = agenda.filter(|agenda| !agenda.is_empty()) {
            section.paragraph([Span::strong("Agenda: "), Span::plain(agenda)]);
        }
        let proposals = self.proposals();
        if proposals.is_empty() {
            section.sentence(
                "No proposal is on the agenda, and none waits for this board or for the parties of \
                 what it serves.",
            );
        }
        let mut steps: Vec<ReasoningStep> = proposals
            .iter()
            .take(LINES)
            .map(|view| self.decision_line(view))
            .collect();
        if let Some(step) = steps.last_mut().filter(|_| proposals.len() > LINES) {
            let more = proposals.len() - LINES;
            let more = format!(" And {} below.", spoken::count(more, "other", "others"));
            step.sentence.spans.push(Span::plain(more));
        }
        section.reasoning(steps);
        section
    }

    fn decision_line(&self, view: &ProposalView) -> ReasoningStep {
        let approval = view.approval.clone().unwrap_or_default();
        let mut spans = vec![Span::strong(&approval.title)];
        spans.extend(in_brackets(approval.position));
        let mut text = String::from(". ");
        if approval.amount_pence > 0 {
            text.push_str(&format!(
                "{} asked. ",
                spoken::pounds(approval.amount_pence)
            ));
        }
        if let Some(rule) = approval.rule.as_ref().filter(|rule| !rule.title.is_empty()) {
            text.push_str(&format!("Rule: {}. ", rule.title));
        }
        text.push_str(&outcome::sentence(view, &approval));
        spans.push(Span::plain(text));
        ReasoningStep {
            mark: outcome::mark(&approval),
            sentence: Paragraph::new(spans),
            because: Vec::new(),
        }
    }

    fn since_we_met(&self) -> Section {
        let Some(since) = self.plan().since_day(self.answers()) else {
            let mut section = Section::new("Since we met");
            section.sentence("No earlier meeting of this board is recorded.");
            return section;
        };
        let mut section = Section::new(format!("Since {}", spoken::date(&since)));
        let groups = self.change_groups();
        if groups.is_empty() {
            section.sentence("Nothing that concerns this board has changed.");
        }
        let read_here = groups
            .iter()
            .filter(|(group, _)| *group != ChangeGroup::Votes);
        for (group, bringers) in read_here.take(LINES) {
            let mut spans = vec![Span::strong(format!("{}: ", group.heading()))];
            for (index, bringer) in bringers.iter().take(NAMED).enumerate() {
                let between = if index > 0 { "; " } else { "" };
                let sentence = self.names.in_sentence(&bringer.summary);
                let sentence = sentence.trim_end_matches('.');
                spans.push(Span::plain(format!("{between}{sentence}")));
                spans.extend(in_brackets(bringer.position));
            }
            let more = bringers.len().saturating_sub(NAMED);
            let end = match more {
                0 => ".".to_owned(),
                more => format!("; and {more} more."),
            };
            spans.push(Span::plain(end));
            section.paragraph(spans);
        }
        if let Some((_, bringers)) = groups
            .iter()
            .find(|(group, _)| *group == ChangeGroup::Votes)
        {
            let votes = spoken::count(bringers.len(), "vote is", "votes are");
            section.sentence(format!("{} under its proposal.", spoken::capital(&votes)));
        }
        section
    }

    fn worries(&self) -> Section {
        let mut section = Section::new("To worry about");
        let mut lines = self.breach_lines();
        for line in self.attention_lines(AttentionKind::Overdue) {
            let due = line.due_on.as_ref();
            let due = due.map_or_else(String::new, |day| format!(", due {}", spoken::date(day)));
            let mut spans = vec![
                Span::strong("Overdue: "),
                Span::plain(format!("{}{due}", line.what)),
            ];
            spans.extend(in_brackets(line.position));
            lines.push(spans);
        }
        lines.extend(self.overdrawn());
        let more = lines.len().saturating_sub(LINES);
        if lines.is_empty() {
            section.sentence("Nothing is overdue, overdrawn or done without prior approval.");
        }
        for mut spans in lines.into_iter().take(LINES) {
            spans.push(Span::plain("."));
            section.paragraph(spans);
        }
        if more > 0 {
            section.sentence(format!("And {more} more, in the sections below."));
        }
        section
    }

    fn attention_lines(&self, kind: AttentionKind) -> Vec<&AttentionView> {
        let answer = self.get(&self.plan().attention());
        let lines = answer
            .map(|answer| answer.lines.as_slice())
            .unwrap_or_default();
        lines.iter().filter(|line| line.kind() == kind).collect()
    }

    fn overdrawn(&self) -> Vec<Vec<Span>> {
        let mut lines = Vec::new();
        for collaboration in self.collaborations() {
            let request = self.plan().checks(&plan::subject(&collaboration));
            let checks = self.get(&request).map(|answer| answer.checks.as_slice());
            for check in checks.unwrap_or_default() {
                if check.kind() == CheckKind::HeadOverdrawn {
                    lines.push(vec![
                        Span::strong("Overdrawn: "),
                        Span::plain(self.names.in_sentence(&check.what)),
                    ]);
                }
            }
        }
        lines
    }

    fn money_in_a_line(&self) -> Section {
        let mut section = Section::new("Money");
        for collaboration in self.collaborations() {
            match self.budget_of(&collaboration) {
                Some((budget, _)) => {
                    if let Some(spans) = budget_line(budget) {
                        section.paragraph(spans);
                    }
                }
                None => {
                    let name = &collaboration.name;
                    section.sentence(format!("{name}: no budget is recorded."));
                }
            }
        }
        if section.blocks.is_empty() {
            section.sentence("This board serves no collaboration that has a budget.");
        }
        section
    }
}

/// `Three Shires, 2024/25: £2,100,000 as first set → £2,010,000 now → £1,950,000 spent`.
fn budget_line(budget: &BudgetView) -> Option<Vec<Span>> {
    let year = budget.years.first()?;
    let amounts = year.amounts.clone().unwrap_or_default();
    let spent = amounts.outturn_pence.or(amounts.to_date_pence);
    let now = amounts.revised_pence.or(year.total_pence);
    let figures = [
        (amounts.original_pence, "as first set"),
        (now, "now"),
        (amounts.forecast_pence, "forecast"),
        (spent, "spent"),
    ];
    let said = figures.iter().filter_map(|(pence, words)| {
        let pence = (*pence)?;
        Some(format!("{} {words}", money(pence, &budget.currency)))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        return None;
    }
    let heading = format!("{}, {}: ", budget.subject_name, year.financial_year);
    let mut spans = vec![Span::strong(heading), Span::plain(said.join(" → "))];
    spans.extend(in_brackets(year.position));
    spans.push(Span::plain("."));
    Some(spans)
}

fn money(pence: i64, currency: &str) -> String {
    minutebook_present::cell::money(pence, currency).to_string()
}
