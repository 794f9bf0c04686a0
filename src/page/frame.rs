//! The frame of every page: what is above and below its subject.

use maud::{DOCTYPE, Markup, html};

use crate::address::Address;
use crate::moment::PageMoment;
use crate::session::Visitor;
use crate::time_travel::{self, KnownPast};
use crate::{assets, later};
use minutebook_wire::proto::{AnsweredFrom, Date};

/// The parts of the register that every page leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageSection {
    Attention,
    Collaborations,
    Boards,
    Bodies,
    Proposals,
    Decisions,
    Virements,
    Breaches,
    Differences,
    History,
    Search,
    Record,
    /// Reached from others.
    Other,
}

/// Each part with its address and its name, in the order in which they are read.
const SECTIONS: &[(PageSection, &str, &str)] = &[
    (PageSection::Attention, "/attention", "Attention"),
    (
        PageSection::Collaborations,
        "/collaborations",
        "Collaborations",
    ),
    (PageSection::Boards, "/boards", "Boards"),
    (PageSection::Bodies, "/bodies", "Bodies"),
    (PageSection::Proposals, "/proposals", "Proposals"),
    (PageSection::Decisions, "/decisions", "Decisions"),
    (PageSection::Virements, "/virements", "Virements"),
    (PageSection::Breaches, "/breaches", "Breaches"),
    (PageSection::Differences, "/differences", "Differences"),
    (PageSection::History, "/history", "History"),
    (PageSection::Search, "/search", "Search"),
    (PageSection::Record, "/record", "Record"),
];

/// The questions that have no place in the navigation.
const MORE: &[(&str, &str)] = &[
    ("/deadlines", "Deadlines"),
    ("/notices", "Notices"),
    ("/recommendations", "Recommendations"),
    ("/benefits", "Benefits"),
    ("/settlements", "Settlements"),
    ("/checks", "Checks"),
    ("/changes", "Changes"),
    ("/sources", "Sources"),
    ("/mandates", "Mandates"),
    ("/audit", "Is it unaltered?"),
    ("/me", "Who am I?"),
];

/// A page: its subject, the question that it answers, the answer, and what follows.
#[derive(Debug, Clone)]
pub struct WebPage {
    pub section: PageSection,
    /// The kind of the page and its subject, above the question.
    pub over: Markup,
    /// The question, which is the heading and the title of the window.
    pub title: String,
    /// The answer in a sentence or two.
    pub lede: Markup,
    pub body: Markup,
    /// Whether the same address answers as CSV and JSON.
    pub is_data: bool,
    /// Feeds about the subject of the page, for programs that follow it.
    pub feeds: Vec<FeedLink>,
}

/// A feed that a page leads to.
#[derive(Debug, Clone)]
pub struct FeedLink {
    pub media: &'static str,
    pub address: String,
    pub title: String,
}

impl WebPage {
    pub fn new(section: PageSection, title: impl Into<String>) -> Self {
        Self {
            section,
            over: Markup::default(),
            title: title.into(),
            lede: Markup::default(),
            body: Markup::default(),
            is_data: false,
            feeds: Vec::new(),
        }
    }

    /// A page that the same address answers as CSV and JSON too.
    pub fn of_data(section: PageSection, title: impl Into<String>) -> Self {
        Self {
            is_data: true,
            ..Self::new(section, title)
        }
    }

    #[must_use]
    pub fn over(mut self, over: Markup) -> Self {
        self.over = over;
        self
    }

    #[must_use]
    pub fn lede(mut self, lede: Markup) -> Self {
        self.lede = lede;
        self
    }

    /// Names a calendar about the subject of the page.
    #[must_use]
    pub fn calendar(mut self, address: String, title: String) -> Self {
        self.feeds.push(FeedLink {
            media: "text/calendar",
            address,
            title,
        });
        self
    }

    #[must_use]
    pub fn body(mut self, body: Markup) -> Self {
        self.body = body;
        self
    }
}

/// The frame needs this beside the page.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    pub address: &'a Address,
    /// The day in London.
    pub today: Date,
    pub from: Option<&'a AnsweredFrom>,
    pub visitor: &'a Visitor,
    pub past: &'a KnownPast,
}

impl Frame<'_> {
    /// The whole document.
    pub fn document(&self, page: &WebPage) -> String {
        let document = html! {
            (DOCTYPE)
            html lang="en-GB" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (page.title) " – Minutebook" }
                    link rel="stylesheet" href=(assets::style_path());
                    link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                    link rel="alternate" type="application/atom+xml" href="/decisions.atom" title="Decisions";
                    @for feed in &page.feeds {
                        link rel="alternate" type=(feed.media) href=(feed.address) title=(feed.title);
                    }
                    script src=(assets::script_path()) defer {}
                }
                body {
                    a.skip href="#main" { "Skip to the page" }
                    header {
                        (self.top()) (self.navigation(page.section))
                        (time_travel::bar(self, later::count(&page.lede) + later::count(&page.body)))
                    }
                    main #main tabindex="-1" {
                        div.over { (page.over) }
                        h1 { (page.title) }
                        div.lede { (page.lede) }
                        (page.body)
                    }
                    footer { (self.bottom(page)) }
                    (self.news())
                }
            }
        };
        document.into_string()
    }

    fn top(&self) -> Markup {
        let links = self.address.links();
        html! {
            div.top {
                a.brand href=(links.to("/attention")) { "Minutebook" }
                (self.visitor.line(self.address))
            }
        }
    }

    fn navigation(&self, current: PageSection) -> Markup {
        html! {
            nav aria-label="Pages" {
                // One of the two is shown: a narrow screen has no room for all names.
                details.menu.narrow {
                    summary { "Menu" }
                    (self.sections(current))
                }
                div.menu.wide { (self.sections(current)) }
            }
        }
    }

    fn sections(&self, current: PageSection) -> Markup {
        let links = self.address.links();
        html! {
            ul {
                @for (section, path, name) in SECTIONS {
                    li {
                        // It is recorded now.
                        @let href = match section {
                            PageSection::Record => (*path).to_owned(),
                            _ => links.to(path),
                        };
                        @if *section == current {
                            a href=(href) aria-current="true" { (name) }
                        } @else {
                            a href=(href) { (name) }
                        }
                    }
                }
            }
        }
    }

    fn bottom(&self, page: &WebPage) -> Markup {
        let links = self.address.links();
        html! {
            p {
                @if let Some(from) = self.from {
                    @if from.position == 0 { (if self.address.moment.is_now() { "Nothing is recorded yet. " } else { "Read from no entry. " }) }
                    @else { "Read from entry " a href=(links.entry(from.position)) { (from.position) } ". " }
                }
                @if page.is_data {
                    "The same as "
                    a href=(self.address.with_suffix(".csv")) { "CSV" } " or "
                    a href=(self.address.with_suffix(".json")) { "JSON" } ". "
                }
                @if let Some(exactly) = self.exactly() {
                    a href=(exactly) { "Address of exactly this" }
                }
            }
            nav aria-label="More pages" {
                ul {
                    @for (path, name) in MORE {
                        li { a href=(links.to(path)) { (name) } }
                    }
                }
            }
        }
    }

    /// The place where a script says that there is something new: on pages of now alone.
    fn news(&self) -> Markup {
        html! {
            @if self.address.moment.is_now() {
                div.news role="status" data-news="/news" data-position=(self.past.tail) {}
            }
        }
    }

    /// The address that will show the same for ever.
    fn exactly(&self) -> Option<String> {
        let from = self.from.filter(|from| from.position > 0)?;
        let fixed = PageMoment::exactly(from.as_at.as_ref().unwrap_or(&self.today), from.position);
        Some(self.address.at(fixed).href())
    }
}

/// A radio button with its label.
pub fn choice(name: &str, value: &str, checked: bool, label: Markup) -> Markup {
    html! {
        div.choice {
            input type="radio" id={ (name) "-" (value) } name=(name) value=(value) checked[checked];
            label for={ (name) "-" (value) } { (label) }
        }
    }
}
