//! Strips of a paper, and how they fill its pages.

use std::rc::Rc;

use super::structure::ContentId;
use super::typeface::Weight;
use crate::drawing::Ink;

/// A4, in points.
pub const PAGE_WIDTH: f32 = 595.28;
pub const PAGE_HEIGHT: f32 = 841.89;
/// 17 millimetres.
pub const MARGIN: f32 = 48.19;
/// The place of the running header, below the upper margin.
const HEADER_HEIGHT: f32 = 22.0;
/// The place of the page number, above the lower margin.
const FOOTER_HEIGHT: f32 = 20.0;
/// The upper edge of the text.
pub const TEXT_TOP: f32 = MARGIN + HEADER_HEIGHT;
pub const TEXT_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
pub const TEXT_HEIGHT: f32 = PAGE_HEIGHT - 2.0 * MARGIN - HEADER_HEIGHT - FOOTER_HEIGHT;

/// A thing to draw. Its places count from the upper left corner of its strip.
#[derive(Debug, Clone)]
pub enum Stroke {
    Text {
        x: f32,
        baseline: f32,
        text: String,
        weight: Weight,
        size: f32,
        ink: Ink,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        ink: Ink,
    },
    /// A closed shape.
    Area {
        points: Vec<(f32, f32)>,
        fill: Option<Ink>,
        outline: Option<Ink>,
    },
}

/// Strokes that belong to one element.
#[derive(Debug, Clone)]
pub struct Piece {
    /// None for what only decorates.
    pub content: Option<ContentId>,
    /// Said in its place.
    pub alternative: Option<&'static str>,
    pub strokes: Vec<Stroke>,
}

/// A place that leads to an address.
#[derive(Debug, Clone)]
pub struct LinkArea {
    pub content: ContentId,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    pub address: String,
    /// Says what is at that address.
    pub description: String,
}

/// A part of the paper that is not broken: a line of text, a row, a picture.
#[derive(Debug, Clone, Default)]
pub struct Strip {
    pub height: f32,
    /// Room above it, which falls away at the top of a page.
    pub room_above: f32,
    pub pieces: Vec<Piece>,
    pub links: Vec<LinkArea>,
    pub bookmark: Option<Bookmark>,
    pub keeps_with_next: bool,
    /// Drawn again above it where it begins a page.
    pub repeated_head: Option<Rc<Strip>>,
    /// Whether it begins a page.
    pub begins_page: bool,
}

#[derive(Debug, Clone)]
pub struct Bookmark {
    pub level: u16,
    pub text: String,
}

/// A strip at its place, from the upper edge of the page.
pub struct PlacedStrip {
    pub y: f32,
    pub strip: Strip,
}

#[derive(Default)]
pub struct PageContent {
    pub strips: Vec<PlacedStrip>,
}

/// Fills pages with strips, in their order.
pub fn paginate(strips: Vec<Strip>) -> Vec<PageContent> {
    let chains = chain_heights(&strips);
    let mut pages = vec![PageContent::default()];
    let mut used = 0.0;
    for (strip, chain_height) in strips.into_iter().zip(chains) {
        let is_at_top = used == 0.0;
        let room = TEXT_HEIGHT - used;
        let head_height = head_height(&strip);
        // A chain that no page can hold is broken where it must be.
        let needed = if chain_height + head_height <= TEXT_HEIGHT {
            chain_height
        } else {
            strip.height
        };
        // The hundredth is for sums of fractions that come out differently.
        let overflows = strip.room_above + needed > room + 0.01;
        if !is_at_top && (strip.begins_page || overflows) {
            pages.push(PageContent::default());
            used = 0.0;
        }
        let Some(page) = pages.last_mut() else {
            continue;
        };
        if used == 0.0 {
            if let Some(head) = &strip.repeated_head {
                page.strips.push(PlacedStrip {
                    y: TEXT_TOP,
                    strip: head.as_ref().clone(),
                });
                used += head.height;
            }
        } else {
            used += strip.room_above;
        }
        let height = strip.height;
        page.strips.push(PlacedStrip {
            y: TEXT_TOP + used,
            strip,
        });
        used += height;
    }
    pages
}

fn head_height(strip: &Strip) -> f32 {
    strip.repeated_head.as_ref().map_or(0.0, |head| head.height)
}

/// For each strip, the height of it and of those that must follow on its page.
fn chain_heights(strips: &[Strip]) -> Vec<f32> {
    let mut heights: Vec<f32> = Vec::with_capacity(strips.len());
    let mut next = None;
    for strip in strips.iter().rev() {
        let following = match next {
            Some((height, room_above)) if strip.keeps_with_next => height + room_above,
            _ => 0.0,
        };
        let height = strip.height + following;
        heights.push(height);
        next = Some((height, strip.room_above));
    }
    heights.reverse();
    heights
}
