//! Actions, recommendations, notices and days that fall due.

use minutebook_paper::section::Section;
use minutebook_present::answer::Answer;

use super::{PackComposer, new_page};
use crate::question::PackRequest;

impl PackComposer<'_> {
    pub fn tasks(&self) -> Option<Section> {
        let mut section = new_page("Actions, notices and days that fall due");
        let subjects = self.subjects();
        let plan = self.plan();
        let is_found = [
            self.add(
                &mut section,
                subjects.iter().map(|one| plan.recommendations(one)),
            ),
            self.add(&mut section, subjects.iter().map(|one| plan.notices(one))),
            self.add(&mut section, subjects.iter().map(|one| plan.deadlines(one))),
        ];
        is_found.contains(&true).then_some(section)
    }

    /// Adds the reports that have rows, and says whether there are any.
    fn add<R: PackRequest<Response: Answer>>(
        &self,
        section: &mut Section,
        requests: impl Iterator<Item = R>,
    ) -> bool {
        let mut is_found = false;
        for request in requests {
            let report = self.answers().get(&request).map(Answer::report);
            if let Some(report) = report.filter(|report| !report.is_empty()) {
                section.report(&report);
                is_found = true;
            }
        }
        is_found
    }
}
