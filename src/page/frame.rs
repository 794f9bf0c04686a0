//! The frame of every page: what is above and below its subject.

use maud::{DOCTYPE, Markup, html};

use crate::address::Address;
use crate::assets;
use crate::moment::{PageMoment, iso};
use crate::spoken;
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
                    header { (self.top()) (self.navigation(page.section)) (self.moment()) }
                    main #main tabindex="-1" {
                        div.over { (page.over) }
                        h1 { (page.title) }
                        div.lede { (page.lede) }
                        (page.body)
                    }
                    footer { (self.bottom(page)) }
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
                        @if *section == current {
                            a href=(links.to(path)) aria-current="true" { (name) }
                        } @else {
                            a href=(links.to(path)) { (name) }
                        }
                    }
                }
            }
        }
    }

    /// The day that the page looks at, and the way to look at another day.
    fn moment(&self) -> Markup {
        let moment = &self.address.moment;
        html! {
            div.moment .past[!moment.is_now()] role="region" aria-label="The day of this page" {
                p { (self.moment_in_words()) }
                @if !moment.is_now() {
                    p { a href=(self.address.at(PageMoment::default()).href()) { "Back to today" } }
                }
                details {
                    summary { "Look at another day" }
                    (self.other_moment())
                }
            }
        }
    }

    fn moment_in_words(&self) -> Markup {
        let moment = &self.address.moment;
        let day = match &moment.on {
            Some(on) => html! { "In force on " strong { (spoken::date(on)) } },
            None => html! { "In force " strong { "today, " (spoken::date(&self.today)) } },
        };
        let known = match (&moment.known, &moment.on) {
            (Some(known), _) => {
                html! { ", with nothing recorded after " strong { (known.in_words()) } "." }
            }
            (None, Some(_)) => html! { ", with everything recorded up to today." },
            (None, None) => html! { ", with everything recorded so far." },
        };
        let withheld = self.from.is_some_and(|from| from.withheld);
        html! {
            (day) (known)
            @if withheld { " Entries that you may not read are left out." }
        }
    }

    fn other_moment(&self) -> Markup {
        let moment = &self.address.moment;
        let on = moment.on.as_ref().map(iso).unwrap_or_default();
        let known = moment.known.as_ref().map(|known| known.text.clone());
        let by_that_day = known
            .as_ref()
            .is_some_and(|known| *known == on && !on.is_empty());
        let other = known.clone().filter(|_| !by_that_day);
        html! {
            form action=(self.address.path) method="get" {
                @for (key, value) in &self.address.others {
                    input type="hidden" name=(key) value=(value);
                }
                div.field {
                    label for="on" { "What was in force on" }
                    span.hint #on-hint { "Such as 31 12 2024, December 2024 or 2024. Empty: today." }
                    input type="text" #on name="on" value=(on) aria-describedby="on-hint" autocomplete="off";
                }
                fieldset {
                    legend { "What may be used to answer?" }
                    (choice("by", "all", known.is_none(), html! {
                        "Everything recorded up to today: what we now know was true on that day"
                    }))
                    (choice("by", "day", by_that_day, html! {
                        "Only what had been recorded by that day: what somebody looking on that day could have seen"
                    }))
                    (choice("by", "other", other.is_some(), html! {
                        "Only what had been recorded up to another day or entry"
                    }))
                    div.field.under {
                        label for="known" { "Which day or entry?" }
                        span.hint #known-hint { "Such as 16 1 2018, or entry 53" }
                        input type="text" #known name="known" value=(other.unwrap_or_default()) aria-describedby="known-hint" autocomplete="off";
                    }
                }
                button type="submit" { "Look" }
            }
        }
    }

    fn bottom(&self, page: &WebPage) -> Markup {
        let links = self.address.links();
        html! {
            p {
                @if let Some(from) = self.from {
                    @if from.position == 0 { "Nothing is recorded yet. " }
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
