//! The form of an event, with its faults above it and beside their boxes.

use maud::{Markup, html};

use crate::address::Address;
use crate::form_parts::{self, id_of};
use crate::frame::{PageSection, WebPage};
use minutebook_form::{FormView, SummaryLine};

/// A form needs this beside its questions.
#[derive(Debug, Clone, Default)]
pub struct FormSheet {
    /// Made when the form was first drawn: it is that of every attempt.
    pub request_id: String,
    /// Shows that this server drew the form for this reader; empty where nobody signs in.
    pub csrf: String,
    /// Why the reader may not record this, and who may; empty where nothing is known
    /// against it.
    pub caution: String,
    /// The result of a check; nothing until it was asked for.
    pub check: Markup,
}

pub fn page(view: &FormView, sheet: &FormSheet, address: &Address) -> WebPage {
    let links = address.links();
    let title = match view.summary.is_empty() {
        true => view.kind.title(),
        false => format!("Problem: {}", view.kind.title()),
    };
    WebPage::new(PageSection::Record, title)
        .over(html! { p { a href=(links.to("/record")) { "Record" } } })
        .lede(html! { p { (view.kind.event.about) } })
        .body(html! {
            (summary(&view.summary))
            @if !sheet.caution.is_empty() { div.outcome.waits { p { (sheet.caution) } } }
            form.record method="post" action=(address.path) data-check="" {
                (default_button())
                (hidden(sheet))
                @for section in &view.sections {
                    @if section.heading == "More" {
                        @if !section.parts.is_empty() {
                            details.more open[!section.is_folded] {
                                summary { "More" }
                                (form_parts::parts(&section.parts, false))
                            }
                        }
                    } @else {
                        section { h2 { (section.heading) } (form_parts::parts(&section.parts, true)) }
                    }
                }
                button.main type="submit" name="step" value="check" { "Go on: see what would be recorded" }
                p.note { "Nothing is recorded yet." }
                // Last, so that an answer while one types moves nothing that is in use.
                div #check role="status" aria-live="polite" { (sheet.check) }
            }
            (lists(view))
        })
}

/// The button that the key Enter presses. The first of a form counts, which would be the
/// one that adds a row.
pub fn default_button() -> Markup {
    html! {
        button.unseen type="submit" name="step" value="check" tabindex="-1" aria-hidden="true" { "Go on" }
    }
}

pub fn hidden(sheet: &FormSheet) -> Markup {
    html! {
        input type="hidden" name="request_id" value=(sheet.request_id);
        @if !sheet.csrf.is_empty() { input type="hidden" name="csrf" value=(sheet.csrf); }
    }
}

/// The faults, each with a link to its box.
pub fn summary(lines: &[SummaryLine]) -> Markup {
    html! {
        @if !lines.is_empty() {
            div.summary #problem role="alert" tabindex="-1" {
                h2 { "There is a problem" }
                ul {
                    @for line in lines {
                        li {
                            @if line.name.is_empty() { (line.sentence) }
                            @else { a href={ "#" (id_of(&line.name)) } { (line.sentence) } }
                        }
                    }
                }
            }
        }
    }
}

/// The names that boxes suggest, each list once.
pub fn lists(view: &FormView) -> Markup {
    html! {
        @for (id, names) in &view.lists {
            datalist id=(id) { @for name in names { option value=(name) {} } }
        }
    }
}
