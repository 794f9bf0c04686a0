//! Draws the pages, and writes the file.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke as Pen};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TagTree};
use krilla::text::KrillaGlyph;
use krilla::{Document, SerializeSettings};

use super::PdfError;
use super::composer::BASELINE;
use super::flow::{
    Bookmark, LinkArea, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, PageContent, Piece, Stroke,
};
use super::structure::{ContentId, Structure};
use super::typeface::{Typeface, Weight};
use crate::attachment::Attachment;
use crate::drawing::Ink;
use crate::paper::Paper;
use crate::visible::visible_line;

/// The language of papers.
const LANGUAGE: &str = "en-GB";
const PROGRAM: &str = "Minutebook";
/// The size of the running header and of page numbers.
const RUNNING_SIZE: f32 = 8.5;
/// The width of outlines.
const OUTLINE_WIDTH: f32 = 0.8;

pub fn emit(
    paper: &Paper,
    pages: Vec<PageContent>,
    structure: Structure,
    typeface: Typeface,
) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(archival(paper))
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PdfError::Standard(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    let mut drawn = HashMap::new();
    let mut bookmarks = Vec::new();
    let count = pages.len();
    let running_header = visible_line(&paper.running_header);
    for (index, content) in pages.into_iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT);
        let mut page = document.start_page_with(settings.unwrap_or_default());
        let mut surface = page.surface();
        let mut brush = Brush {
            surface: &mut surface,
            typeface: &typeface,
        };
        brush.running(ArtifactType::Header, &running_header);
        for placed in &content.strips {
            for piece in &placed.strip.pieces {
                let identifier = brush.piece(piece, placed.y);
                if let Some(content) = piece.content {
                    drawn.insert(content, identifier);
                }
            }
        }
        brush.running(
            ArtifactType::Footer,
            &format!("Page {} of {count}", index + 1),
        );
        surface.finish();
        for placed in content.strips {
            for link in &placed.strip.links {
                if let Some(annotation) = annotation(link, placed.y) {
                    let identifier = page.add_tagged_annotation(annotation);
                    drawn.insert(link.content, identifier);
                }
            }
            if let Some(bookmark) = placed.strip.bookmark {
                let place = XyzDestination::new(index, Point::from_xy(0.0, placed.y));
                bookmarks.push((bookmark, place));
            }
        }
        page.finish();
    }
    document.set_tag_tree(tag_tree(structure, &drawn));
    document.set_outline(outline(bookmarks));
    document.set_metadata(metadata(paper));
    if let Some(attachment) = &paper.attachment {
        attach(&mut document, attachment, paper)?;
    }
    let written = document.finish();
    written.map_err(|error| PdfError::Standard(error.to_string()))
}

/// Of the two, only the later part of the standard allows files of other kinds in a paper.
fn archival(paper: &Paper) -> Archival {
    match paper.attachment {
        Some(_) => Archival::A3_A,
        None => Archival::A2_A,
    }
}

/// The file stays as it is: a program finds its text without reading the PDF.
fn attach(document: &mut Document, attachment: &Attachment, paper: &Paper) -> Result<(), PdfError> {
    let file = EmbeddedFile {
        path: visible_line(&attachment.name),
        mime_type: MimeType::new("application/json"),
        description: Some(visible_line(&attachment.description)),
        association_kind: AssociationKind::Data,
        data: attachment.json().as_bytes().to_vec().into(),
        modification_date: Some(made_at(paper)),
        compress: Some(false),
        location: None,
    };
    let embedded = document.embed_file(file);
    embedded.ok_or_else(|| PdfError::Standard("its file cannot be attached".to_owned()))
}

fn tag_tree(structure: Structure, drawn: &HashMap<ContentId, Identifier>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    for node in structure.into_nodes(drawn) {
        tree.push(node);
    }
    tree
}

fn made_at(paper: &Paper) -> DateTime {
    let made_at = paper.made_at.to_zoned(TimeZone::UTC);
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    DateTime::new(u16::try_from(made_at.year()).unwrap_or_default())
        .month(part(made_at.month()))
        .day(part(made_at.day()))
        .hour(part(made_at.hour()))
        .minute(part(made_at.minute()))
        .second(part(made_at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn metadata(paper: &Paper) -> Metadata {
    Metadata::new()
        .title(title(paper))
        .language(LANGUAGE.to_owned())
        .creator(PROGRAM.to_owned())
        .producer(PROGRAM.to_owned())
        .creation_date(made_at(paper))
}

/// The title of the file, never empty and of bounded length.
fn title(paper: &Paper) -> String {
    const TITLE_MAX: usize = 500;
    let title: String = visible_line(&paper.title).chars().take(TITLE_MAX).collect();
    if title.is_empty() {
        "Paper".to_owned()
    } else {
        title
    }
}

/// Bookmarks as a tree: each below the last of a higher level.
fn outline(bookmarks: Vec<(Bookmark, XyzDestination)>) -> Outline {
    fn close(open: &mut Vec<(u16, OutlineNode)>, outline: &mut Outline, level: u16) {
        while open.last().is_some_and(|(last, _)| *last >= level) {
            let Some((_, node)) = open.pop() else {
                return;
            };
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    }
    let mut outline = Outline::new();
    let mut open = Vec::new();
    for (Bookmark { level, text }, place) in bookmarks {
        close(&mut open, &mut outline, level);
        open.push((level, OutlineNode::new(text, place).with_open(true)));
    }
    close(&mut open, &mut outline, 0);
    outline
}

fn annotation(link: &LinkArea, y: f32) -> Option<Annotation> {
    let area = Rect::from_xywh(MARGIN + link.x, y + link.y, link.width, link.height)?;
    let action = Action::Link(LinkAction::new(link.address.clone()));
    let annotation = LinkAnnotation::new(area, Target::Action(action));
    Some(Annotation::new_link(
        annotation,
        Some(link.description.clone()),
    ))
}

/// Draws on one page.
struct Brush<'a, 'b> {
    surface: &'a mut Surface<'b>,
    typeface: &'a Typeface,
}

impl Brush<'_, '_> {
    /// The line at the head or the foot of the page.
    fn running(&mut self, kind: ArtifactType, text: &str) {
        let width = self.typeface.width(Weight::Regular, text) * RUNNING_SIZE;
        let room = PAGE_WIDTH - 2.0 * MARGIN;
        let (x, baseline) = if kind == ArtifactType::Footer {
            ((room - width).max(0.0), PAGE_HEIGHT - MARGIN)
        } else {
            (0.0, MARGIN + RUNNING_SIZE * BASELINE - 4.0)
        };
        // A long name would run over the edge: it is set smaller.
        let scale = if width > room { room / width } else { 1.0 };
        self.surface
            .start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        self.stroke(
            &Stroke::Text {
                x,
                baseline,
                text: text.to_owned(),
                weight: Weight::Regular,
                size: RUNNING_SIZE * scale,
                ink: Ink::SOFT,
            },
            0.0,
        );
        self.surface.end_tagged();
    }

    fn piece(&mut self, piece: &Piece, y: f32) -> Identifier {
        let tag = match piece.content {
            None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            Some(_) => match piece.strokes.as_slice() {
                [Stroke::Text { .. }] => {
                    ContentTag::Span(SpanTag::empty().with_alt_text(piece.alternative))
                }
                _ => ContentTag::Other,
            },
        };
        let identifier = self.surface.start_tagged(tag);
        for stroke in &piece.strokes {
            self.stroke(stroke, y);
        }
        self.surface.end_tagged();
        identifier
    }

    fn stroke(&mut self, stroke: &Stroke, y: f32) {
        match stroke {
            Stroke::Text {
                x,
                baseline,
                text,
                weight,
                size,
                ink,
            } => {
                self.surface.set_stroke(None);
                self.surface.set_fill(Some(fill(*ink)));
                let start = Point::from_xy(MARGIN + x, y + baseline);
                let glyphs = self.glyphs(text, *weight);
                let font = self.typeface.font(*weight);
                self.surface
                    .draw_glyphs(start, &glyphs, font, text, *size, false);
            }
            Stroke::Line {
                from,
                to,
                width,
                ink,
            } => self.path(&[*from, *to], y, None, Some((*width, *ink))),
            Stroke::Area {
                points,
                fill,
                outline,
            } => {
                let outline = outline.map(|ink| (OUTLINE_WIDTH, ink));
                self.path(points, y, *fill, outline);
            }
        }
    }

    /// A path through points, closed where it has an inside.
    fn path(
        &mut self,
        points: &[(f32, f32)],
        y: f32,
        inside: Option<Ink>,
        outline: Option<(f32, Ink)>,
    ) {
        let mut builder = PathBuilder::new();
        for (index, (x, below)) in points.iter().enumerate() {
            if index == 0 {
                builder.move_to(MARGIN + x, y + below);
            } else {
                builder.line_to(MARGIN + x, y + below);
            }
        }
        if points.len() > 2 {
            builder.close();
        }
        if let Some(path) = builder.finish()
            && (inside.is_some() || outline.is_some())
        {
            self.surface.set_fill(inside.map(fill));
            self.surface.set_stroke(outline.map(|(width, ink)| Pen {
                paint: color(ink).into(),
                width,
                ..Pen::default()
            }));
            self.surface.draw_path(&path);
        }
    }

    fn glyphs(&self, text: &str, weight: Weight) -> Vec<KrillaGlyph> {
        let glyphs = text.char_indices().map(|(start, c)| {
            let glyph = self.typeface.glyph(weight, c);
            let range = start..start + c.len_utf8();
            KrillaGlyph::new(glyph.id, glyph.advance, 0.0, 0.0, 0.0, range, None)
        });
        glyphs.collect()
    }
}

fn color(Ink(red, green, blue): Ink) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn fill(ink: Ink) -> Fill {
    Fill {
        paint: color(ink).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }
}
