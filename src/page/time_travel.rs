//! The day of a page, and the ways to another: the day itself, and what may be used to
//! answer. On a page of the past it says what nobody could have seen on that day.

use maud::{Markup, html};

use crate::frame::{Frame, choice};
use crate::moment::{KnownAt, PageMoment, iso};
use crate::spoken;
use minutebook_domain::date::PartialDate;
use minutebook_wire::proto::Date;
use minutebook_wire::reply;

/// The bar needs this of the register beside the answer of the page.
#[derive(Debug, Clone, Default)]
pub struct KnownPast {
    /// The last entry of the log.
    pub tail: u64,
    /// The day on which the first entry was recorded; nothing for an empty register.
    pub first_on: Option<Date>,
    /// The last meetings of boards up to today, the newest first.
    pub meetings: Vec<MeetingDay>,
}

/// A day on which a board met.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingDay {
    pub board_name: String,
    pub on: Date,
}

impl KnownPast {
    /// Whether nothing had been recorded by the end of this day.
    fn is_before(&self, day: jiff::civil::Date) -> bool {
        let first = self.first_on.as_ref();
        first.is_some_and(|first| iso(&reply::day(day)) < iso(first))
    }
}

/// The bar under the navigation. `later` is the number of rows that are marked as recorded
/// later.
pub fn bar(frame: &Frame<'_>, later: usize) -> Markup {
    let is_now = frame.address.moment.is_now();
    html! {
        div class=(if is_now { "moment" } else { "moment past" }) role="region" aria-label="The day of this page" {
            p { (in_words(frame)) }
            @if !is_now { (hindsight(frame, later)) (steps(frame)) }
            details {
                summary { "Look at another day" }
                (meetings(frame))
                (form(frame))
            }
        }
    }
}

fn in_words(frame: &Frame<'_>) -> Markup {
    let moment = &frame.address.moment;
    let day = match &moment.on {
        Some(on) => html! { "You are looking at " strong { (spoken::date(on)) } },
        None => html! { "In force " strong { "today, " (spoken::date(&frame.today)) } },
    };
    let known = match (&moment.known, &moment.on) {
        (Some(known), _) => {
            html! { ", with nothing recorded after " strong { (known.in_words()) } "." }
        }
        (None, Some(_)) => html! { ", with everything recorded up to today." },
        (None, None) => html! { ", with everything recorded so far." },
    };
    let withheld = frame.from.is_some_and(|from| from.withheld);
    html! {
        (day) (known)
        @if withheld { " Entries that you may not read are left out." }
    }
}

/// How much of the page was recorded since its day, and how to leave it out
/// or to add it.
fn hindsight(frame: &Frame<'_>, later: usize) -> Markup {
    let moment = &frame.address.moment;
    let to = |moment: PageMoment| frame.address.at(moment).href();
    let since = PageMoment {
        known: None,
        ..moment.clone()
    };
    let is_empty = match &moment.known {
        Some(known) => known.day().is_some_and(|day| frame.past.is_before(day)),
        None => frame.address.known_then == Some(0),
    };
    html! {
        @if is_empty {
            p {
                "Nothing had been recorded by then"
                @if let Some(first) = &frame.past.first_on { ": the first entry is of " (spoken::date(first)) }
                "."
            }
        } @else if later > 0 {
            p {
                strong { (spoken::capital(&spoken::count(later, "line was", "lines were"))) " recorded later" }
                ": nobody could have seen " (if later == 1 { "it" } else { "them" }) " that day."
            }
        }
        p {
            @if moment.known.is_some() {
                a href=(to(since)) { "Add what was recorded since" } " · "
            } @else if let Some(then) = moment.as_then().filter(|_| later > 0) {
                a href=(to(then)) { (if later == 1 { "Leave it out" } else { "Leave them out" }) } " · "
            }
            a href=(to(PageMoment::default())) { "Back to today" }
        }
    }
}

/// The same page one entry earlier and one entry later.
fn steps(frame: &Frame<'_>) -> Markup {
    let Some(position) = frame.from.map(|from| from.position).filter(|at| *at > 0) else {
        return Markup::default();
    };
    let to = |position: u64| {
        let moment = PageMoment {
            on: frame.address.moment.on,
            known: Some(KnownAt::entry(position)),
        };
        frame.address.at(moment).href()
    };
    html! {
        p {
            @if position > 1 { a href=(to(position - 1)) rel="prev" { "Previous entry" } " · " }
            "up to entry " (position)
            @if position < frame.past.tail { " · " a href=(to(position + 1)) rel="next" { "Next entry" } }
        }
    }
}

/// The last meetings of boards: a choice of the day and of what may be used in one.
fn meetings(frame: &Frame<'_>) -> Markup {
    let meetings = &frame.past.meetings;
    if meetings.is_empty() {
        return Markup::default();
    }
    let days: Vec<(&MeetingDay, PartialDate)> = meetings
        .iter()
        .filter_map(|meeting| Some((meeting, iso(&meeting.on).parse().ok()?)))
        .collect();
    html! {
        p #as-a-meeting { strong { "As a meeting saw it" } }
        ul.plain aria-labelledby="as-a-meeting" {
            @for (meeting, day) in days {
                @let was_kept = !frame.past.is_before(day.last_day());
                @let moment = PageMoment {
                    on: Some(meeting.on),
                    known: was_kept.then(|| KnownAt::end_of(day)),
                };
                li {
                    a href=(frame.address.at(moment).href()) { (spoken::date(&meeting.on)) ", " (meeting.board_name) }
                    @if !was_kept { " (nothing was recorded by then: with what we know now)" }
                }
            }
        }
    }
}

fn form(frame: &Frame<'_>) -> Markup {
    let moment = &frame.address.moment;
    let on = moment.on.as_ref().map(iso).unwrap_or_default();
    let known = moment.known.as_ref().map(|known| known.text.clone());
    let by_that_day = known
        .as_ref()
        .is_some_and(|known| *known == on && !on.is_empty());
    let other = known.clone().filter(|_| !by_that_day);
    html! {
        form action=(frame.address.path) method="get" {
            @for (key, value) in &frame.address.others {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::session::Visitor;
    use minutebook_wire::proto::AnsweredFrom;

    fn date(year: i32, month: i32, day: i32) -> Date {
        Date { year, month, day }
    }

    fn past() -> KnownPast {
        KnownPast {
            tail: 80,
            first_on: Some(date(2024, 5, 1)),
            meetings: vec![
                MeetingDay {
                    board_name: "Three <Shires>".into(),
                    on: date(2024, 6, 17),
                },
                MeetingDay {
                    board_name: "Summit".into(),
                    on: date(2018, 1, 16),
                },
            ],
        }
    }

    fn shown(moment: PageMoment, known_then: Option<u64>, later: usize, position: u64) -> String {
        let address = Address {
            path: "/virements".into(),
            moment,
            known_then,
            ..Address::default()
        };
        let from = AnsweredFrom {
            position,
            ..AnsweredFrom::default()
        };
        let past = past();
        let frame = Frame {
            address: &address,
            today: date(2026, 11, 29),
            from: Some(&from),
            past: &past,
            visitor: &Visitor::Unasked,
        };
        bar(&frame, later).into_string()
    }

    fn on(year: i32) -> PageMoment {
        PageMoment {
            on: Some(date(year, 12, 31)),
            known: None,
        }
    }

    #[test]
    fn a_page_of_the_past_counts_what_was_recorded_later() {
        let html = shown(on(2024), Some(53), 1, 80);
        for text in [
            "You are looking at <strong>31 December 2024</strong>, with everything recorded up to today.",
            "<strong>One line was recorded later</strong>: nobody could have seen it that day.",
            "<a href=\"/virements?on=2024-12-31&amp;known=2024-12-31\">Leave it out</a>",
            "<a href=\"/virements\">Back to today</a>",
            "<a href=\"/virements?on=2024-12-31&amp;known=79\" rel=\"prev\">",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(
            !html.contains("rel=\"next\""),
            "entry 80 is the last: {html}"
        );
        let none = shown(on(2024), Some(80), 0, 80);
        assert!(
            !none.contains("recorded later") && !none.contains("Leave"),
            "{none}"
        );
    }

    #[test]
    fn a_register_that_was_filled_later_says_so() {
        let html = shown(on(2018), Some(0), 0, 80);
        let says = "Nothing had been recorded by then: the first entry is of 1 May 2024.";
        assert!(html.contains(says), "{html}");
        let by_that_day = on(2018).as_then().unwrap();
        let html = shown(by_that_day, None, 0, 0);
        assert!(html.contains(says), "{html}");
        assert!(
            html.contains("<a href=\"/virements?on=2018-12-31\">Add what was recorded since</a>"),
            "{html}"
        );
    }

    #[test]
    fn a_page_as_known_at_an_entry_leads_to_its_neighbours() {
        let moment = PageMoment {
            on: None,
            known: Some(KnownAt::entry(53)),
        };
        let html = shown(moment, None, 0, 53);
        for text in [
            "with nothing recorded after <strong>entry 53</strong>",
            "<a href=\"/virements?known=52\" rel=\"prev\">Previous entry</a> · up to entry 53 · ",
            "<a href=\"/virements?known=54\" rel=\"next\">Next entry</a>",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
    }

    #[test]
    fn a_meeting_is_a_choice_of_both_and_never_of_an_empty_register() {
        let html = shown(PageMoment::default(), None, 0, 80);
        for text in [
            "<a href=\"/virements?on=2024-06-17&amp;known=2024-06-17\">17 June 2024, Three &lt;Shires&gt;</a>",
            "<a href=\"/virements?on=2018-01-16\">16 January 2018, Summit</a> (nothing was recorded by then",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(!html.contains("Back to today"), "{html}");
        // Three choices in words.
        assert_eq!(html.matches("type=\"radio\"").count(), 3, "{html}");
    }
}
