//! Paragraphs, reasons, space to write, and blocks that stay together.

use super::composer::{BASELINE, Composer, TEXT_SIZE, TextStyle};
use super::flow::{Piece, Strip, Stroke, TEXT_WIDTH};
use super::lines::Breaking;
use super::structure::{ElementId, Role};
use super::typeface::Weight;
use crate::drawing::Ink;
use crate::reasoning::ReasoningStep;
use crate::section::{Block, Paragraph, Span};

/// The room between blocks.
pub const BLOCK_ROOM: f32 = 6.0;
/// By how much a step of an indent sets in.
const STEP: f32 = 14.0;
/// The deepest step that is set in further: some width is left for words.
const STEPS_MAX: u8 = 16;
/// The height of a line to write on: 8 millimetres.
const WRITING_LINE: f32 = 22.7;

impl Composer<'_> {
    pub fn block(&mut self, section: ElementId, block: &Block) {
        match block {
            Block::Paragraph(paragraph) => self.paragraph(section, paragraph),
            Block::Reasoning(reasons) => self.reasons(section, reasons, 0),
            Block::Table(table) => self.table(section, table),
            Block::Picture(drawing) => self.picture(section, drawing),
            Block::SpaceToWrite { label, lines } => self.space_to_write(section, label, *lines),
            Block::Together(blocks) => {
                let first = self.strips.len();
                for block in blocks {
                    self.block(section, block);
                }
                let last = self.strips.len().saturating_sub(1);
                let strips = self.strips.iter_mut().take(last).skip(first);
                strips.for_each(|strip| strip.keeps_with_next = true);
            }
            Block::PageBreak => self.begins_page = true,
        }
    }

    fn paragraph(&mut self, section: ElementId, paragraph: &Paragraph) {
        let element = self.structure.element(Some(section), Role::Paragraph);
        let first = self.strips.len();
        self.set_in(element, paragraph, steps(paragraph.indent), BLOCK_ROOM);
        if paragraph.keeps_with_next {
            self.keep_with_next_from(first);
        }
    }

    /// A paragraph that begins at an indent.
    fn set_in(&mut self, element: ElementId, paragraph: &Paragraph, x: f32, room_above: f32) {
        let spans: Vec<_> = paragraph
            .spans
            .iter()
            .map(|span| self.shown(span))
            .collect();
        let style = TextStyle {
            x,
            width: TEXT_WIDTH - x,
            ..TextStyle::default()
        };
        self.text(element, &spans, style, room_above);
    }

    fn reasons(&mut self, parent: ElementId, reasons: &[ReasoningStep], depth: u8) {
        if reasons.is_empty() {
            return;
        }
        let list = self.structure.element(Some(parent), Role::List);
        let x = steps(depth);
        for (index, reason) in reasons.iter().enumerate() {
            let room_above = if depth == 0 && index == 0 { 5.0 } else { 2.0 };
            let item = self.structure.element(Some(list), Role::Item);
            let label = self.structure.element(Some(item), Role::Label);
            let body = self.structure.element(Some(item), Role::Body);
            let sentence = self.structure.element(Some(body), Role::Paragraph);
            let first = self.strips.len();
            let mark = Piece {
                content: Some(self.structure.content(label)),
                alternative: Some(reason.mark.word()),
                strokes: vec![Stroke::Text {
                    x,
                    baseline: TEXT_SIZE * BASELINE,
                    text: reason.mark.sign().to_string(),
                    weight: Weight::Bold,
                    size: TEXT_SIZE,
                    ink: Ink::BLACK,
                }],
            };
            self.set_in(sentence, &reason.sentence, x + STEP, room_above);
            if let Some(strip) = self.strips.get_mut(first) {
                // Read before the sentence.
                strip.pieces.insert(0, mark);
            }
            self.reasons(body, &reason.because, depth.saturating_add(1));
        }
    }

    fn space_to_write(&mut self, section: ElementId, label: &str, lines: u8) {
        let element = self.structure.element(Some(section), Role::Paragraph);
        let span = self.shown(&Span::strong(label));
        let style = TextStyle {
            breaking: Breaking::Words,
            ..TextStyle::default()
        };
        let first = self.strips.len();
        self.text(element, &[span], style, BLOCK_ROOM);
        self.keep_with_next_from(first);
        for index in 0..lines {
            self.push(Strip {
                height: WRITING_LINE,
                pieces: vec![rule(WRITING_LINE - 2.0, 0.6, Ink::SOFT, 0.0, TEXT_WIDTH)],
                keeps_with_next: index + 1 < lines,
                ..Strip::default()
            });
        }
    }
}

/// A line from left to right that only decorates.
pub fn rule(y: f32, width: f32, ink: Ink, from: f32, to: f32) -> Piece {
    Piece {
        content: None,
        alternative: None,
        strokes: vec![Stroke::Line {
            from: (from, y),
            to: (to, y),
            width,
            ink,
        }],
    }
}

fn steps(steps: u8) -> f32 {
    STEP * f32::from(steps.min(STEPS_MAX))
}
