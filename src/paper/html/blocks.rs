//! Sections, paragraphs, reasons and space to write.

use maud::{Markup, html};

use super::{EntryAnchors, drawing};
use crate::reasoning::{ReasoningMark, ReasoningStep};
use crate::section::{Block, Paragraph, Section};
use crate::visible::{visible, visible_line};

/// Headings below this level look like it.
const LEVEL_MAX: u8 = 4;
/// The deepest step that is set in further.
const STEPS_MAX: u8 = 6;

pub struct BlockWriter<'a> {
    pub anchors: EntryAnchors<'a>,
}

impl BlockWriter<'_> {
    pub fn section(&self, section: &Section, level: u8, id: Option<&str>) -> Markup {
        let (blocks, begins_page) = match section.blocks.as_slice() {
            [Block::PageBreak, blocks @ ..] => (blocks, true),
            blocks => (blocks, false),
        };
        let class = begins_page.then_some("new-page");
        let heading = visible_line(&section.heading);
        html! {
            section id=[id] class=[class] {
                @match level {
                    2 => h2 { (heading) },
                    3 => h3 { (heading) },
                    _ => h4 { (heading) },
                }
                @for block in blocks { (self.block(block)) }
                @for part in &section.parts {
                    (self.section(part, (level + 1).min(LEVEL_MAX), None))
                }
            }
        }
    }

    fn block(&self, block: &Block) -> Markup {
        match block {
            Block::Paragraph(paragraph) => self.paragraph(paragraph),
            Block::Reasoning(reasons) => self.reasons(reasons),
            Block::Table(table) => self.table(table),
            Block::Picture(picture) => drawing::figure(picture),
            Block::SpaceToWrite { label, lines } => html! {
                div.write {
                    p { strong { (visible_line(label)) } }
                    @for _ in 0..*lines { div.line {} }
                }
            },
            Block::Together(blocks) => html! {
                div.together { @for block in blocks { (self.block(block)) } }
            },
            Block::PageBreak => html! { div.new-page {} },
        }
    }

    fn paragraph(&self, paragraph: &Paragraph) -> Markup {
        let class = match paragraph.indent.min(STEPS_MAX) {
            0 => None,
            steps => Some(format!("in-{steps}")),
        };
        html! { p class=[class] { (self.spans(paragraph)) } }
    }

    fn spans(&self, paragraph: &Paragraph) -> Markup {
        html! {
            @for span in &paragraph.spans {
                @let text = visible(&span.text);
                @match span.entry.and_then(|position| self.anchors.to(position)) {
                    Some(address) => a href=(address) { (text) },
                    None if span.is_strong => strong { (text) },
                    None => (text),
                }
            }
        }
    }

    fn reasons(&self, reasons: &[ReasoningStep]) -> Markup {
        html! {
            @if !reasons.is_empty() {
                ul.reasons {
                    @for reason in reasons {
                        li class=(class(reason.mark)) {
                            span.mark aria-hidden="true" { (reason.mark.sign()) }
                            span.heard { (reason.mark.word()) ": " }
                            (self.spans(&reason.sentence))
                            (self.reasons(&reason.because))
                        }
                    }
                }
            }
        }
    }
}

fn class(mark: ReasoningMark) -> &'static str {
    match mark {
        ReasoningMark::Met => "met",
        ReasoningMark::NotMet => "not-met",
        ReasoningMark::Aside => "aside",
        ReasoningMark::Waiting => "waits",
    }
}
