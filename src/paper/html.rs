//! A paper as one page of HTML that needs nothing else: no script, no file, no server.
//!
//! It reads on a screen, a phone and a projector, in the dark and on paper. Its own policy
//! forbids scripts, so a text that slipped in as one would still not run. Where the paper
//! has a table of its entries, the name of an entry leads there.

mod blocks;
mod drawing;
mod table;

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::blocks::BlockWriter;
use crate::entry_links::EntryLinks;
use crate::paper::{Paper, SubjectLine};
use crate::section::Section;
use crate::visible::{visible, visible_line};

const STYLE: &str = include_str!("html/style.css");

/// The id of the block that holds the attachment.
pub const DATA_ID: &str = "minutebook-data";

/// The whole page.
pub fn write(paper: &Paper) -> String {
    let writer = BlockWriter {
        anchors: EntryAnchors::of(paper),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(content_policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="Minutebook";
                title { (visible_line(&paper.title)) " – " (visible_line(&paper.running_header)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (visible_line(&paper.title)) }
                    (subject(&paper.subject))
                    (contents(&paper.sections))
                    @for (index, section) in paper.sections.iter().enumerate() {
                        (writer.section(section, 2, Some(&anchor(index))))
                    }
                }
                @if let Some(attachment) = &paper.attachment {
                    // Data, not a script: no browser runs it. Its text has no "<".
                    script type="application/json" id=(DATA_ID) { (PreEscaped(attachment.json())) }
                }
            }
        }
    };
    page.into_string()
}

/// The policy of the page, for the header of a server that sends it.
pub fn content_policy() -> String {
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

/// The addresses of entries in the page.
pub(crate) struct EntryAnchors<'a> {
    /// The entries that a table of the paper describes.
    described: BTreeSet<u64>,
    register: Option<&'a EntryLinks>,
}

impl<'a> EntryAnchors<'a> {
    fn of(paper: &'a Paper) -> Self {
        let tables = paper.tables().into_iter();
        let indexes = tables.filter(|table| table.is_index());
        Self {
            described: indexes.flat_map(|table| table.entries()).collect(),
            register: paper.entry_links.as_ref(),
        }
    }

    /// In the page where it describes the entry, else in the register.
    fn to(&self, position: u64) -> Option<String> {
        if self.described.contains(&position) {
            return Some(format!("#{}", entry_anchor(position)));
        }
        self.to_register(position)
    }

    fn to_register(&self, position: u64) -> Option<String> {
        self.register.map(|links| links.address(position))
    }
}

fn entry_anchor(position: u64) -> String {
    format!("entry-{position}")
}

fn anchor(index: usize) -> String {
    format!("section-{}", index + 1)
}

fn subject(lines: &[SubjectLine]) -> Markup {
    html! {
        @if !lines.is_empty() {
            dl.subject {
                @for line in lines {
                    div { dt { (visible_line(&line.label)) } dd { (visible(&line.value)) } }
                }
            }
        }
    }
}

/// The headings of the first level, for a paper that has several.
fn contents(sections: &[Section]) -> Markup {
    html! {
        @if sections.len() > 3 {
            nav aria-label="Contents" {
                ol {
                    @for (index, section) in sections.iter().enumerate() {
                        li { a href={ "#" (anchor(index)) } { (visible_line(&section.heading)) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
