//! Budgets and virements of what the board serves.

use minutebook_paper::paper_table::PaperTable;
use minutebook_paper::section::Section;
use minutebook_present::answer::Answer;
use minutebook_present::report::Report;
use minutebook_wire::proto::{BudgetView, CollaborationRef, GetBudgetResponse};

use super::{PackComposer, has_content, new_page};
use crate::picture::{changes_by_head, virements};
use crate::plan;

impl<'a> PackComposer<'a> {
    pub fn money(&self) -> Option<Section> {
        let mut section = new_page("Budget and virements");
        for collaboration in self.collaborations() {
            let part = self.money_of(&collaboration);
            if has_content(&part) {
                section.parts.push(part);
            }
        }
        has_content(&section).then_some(section)
    }

    /// The budget of the year that the meeting looks at, and the whole answer.
    pub fn budget_of(
        &self,
        collaboration: &CollaborationRef,
    ) -> Option<(&'a BudgetView, &'a GetBudgetResponse)> {
        let subject = plan::subject(collaboration);
        let year = self.plan().budget_year(self.answers(), &subject)?;
        let answer = self.get(&self.plan().budget(&subject, &year))?;
        Some((answer.budget.as_ref()?, answer))
    }

    fn money_of(&self, collaboration: &CollaborationRef) -> Section {
        let mut part = Section::new(&collaboration.name);
        if let Some((budget, answer)) = self.budget_of(collaboration) {
            part.report(&answer.report());
            if let Some(drawing) = changes_by_head(budget) {
                part.picture(drawing);
            }
        }
        let subject = plan::subject(collaboration);
        let request = self.plan().virements(&subject);
        let answer = self.get(&request);
        let is_some = |answer: &&_| {
            let answer: &minutebook_wire::proto::ListVirementsResponse = answer;
            !answer.virements.is_empty() || !answer.disposals.is_empty()
        };
        if let Some(answer) = answer.filter(is_some) {
            if let Report::Parts { parts, .. } = answer.report() {
                for sheet in parts {
                    part.table(PaperTable::new(sheet));
                }
            }
            if let Some(drawing) = virements(&answer.virements) {
                part.picture(drawing);
            }
        }
        part
    }
}
