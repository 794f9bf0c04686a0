//! Who pays what in the financial year of the meeting.

use minutebook_page::spoken;
use minutebook_paper::section::{Section, Span};
use minutebook_present::answer::Answer;

use super::{PackComposer, has_content, in_brackets, new_page};
use crate::picture::paid_by_body;

impl PackComposer<'_> {
    pub fn contributions(&self) -> Option<Section> {
        let year = self.plan().financial_year();
        let mut section = new_page(&format!("Contributions, {year}"));
        for collaboration in self.collaborations() {
            let answer = self.get(&self.plan().contributions(&collaboration));
            let view = answer.and_then(|answer| answer.contributions.as_ref());
            let Some((answer, view)) = answer.zip(view.filter(|view| !view.rows.is_empty())) else {
                continue;
            };
            let mut part = Section::new(&collaboration.name);
            let bodies = spoken::count(view.rows.len(), "body pays", "bodies pay");
            let total = minutebook_present::cell::money(view.total_pence, &view.currency);
            let mut spans = vec![
                Span::plain(format!("{} ", spoken::capital(&bodies))),
                Span::strong(total.to_string()),
            ];
            spans.extend(in_brackets(view.position));
            spans.push(Span::plain("."));
            part.paragraph(spans);
            part.picture(paid_by_body(view));
            part.report(&answer.report());
            section.parts.push(part);
        }
        has_content(&section).then_some(section)
    }
}
