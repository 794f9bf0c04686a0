//! A view as a page: a question, and its report.

use maud::html;

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::report;
use minutebook_present::answer::Answer;

/// The report of an answer under a question.
pub fn page<A: Answer>(
    section: PageSection,
    title: &str,
    answer: &A,
    address: &Address,
) -> WebPage {
    WebPage::of_data(section, title).body(report::body(&answer.report(), address.links()))
}

impl WebPage {
    /// The same page with the way to its next part.
    #[must_use]
    pub fn continued(self, next: &Address) -> Self {
        let body = html! {
            (self.body)
            p { a.button href=(next.href()) { "The next lines" } }
        };
        Self { body, ..self }
    }
}
