//! A board, and a meeting of it: who decides, by what rule, when next; its agenda,
//! votes and decisions.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::{report, spoken, who};
use minutebook_present::answer::Answer;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    BoardView, GetBoardResponse, GetMeetingResponse, MeetingStanding, MeetingView,
};

/// The facts that the heading says already.
const IN_HEADING: &[&str] = &["board", "id", "name"];

pub fn page(answer: &GetBoardResponse, address: &Address) -> WebPage {
    let links = address.links();
    let Some(view) = &answer.board else {
        return WebPage::new(PageSection::Boards, "Board");
    };
    let board = view
        .summary
        .clone()
        .unwrap_or_default()
        .board
        .unwrap_or_default();
    let subject = format!("boards/{}", board.board_id);
    let calendar = format!("/{subject}/calendar.ics");
    // The meetings are listed above, each with its page.
    let report = answer.report().without(&["meetings"], IN_HEADING);
    WebPage::of_data(PageSection::Boards, who::name(&board.name, &board.board_id))
        .over(html! { p { "Board" } })
        .lede(html! { p { (sentence(view)) } })
        .calendar(calendar.clone(), format!("Calendar of {}", board.name))
        .body(html! {
            nav aria-label="Of this board" {
                ul {
                    li { a href=(links.to_with("/attention", &[("for", &subject)])) { "What needs attention" } }
                    li { a href=(links.to_with("/decisions", &[("subject", &subject)])) { "Decisions" } }
                    li { a href=(links.to_with("/history", &[("subject", &subject)])) { "History" } }
                    li { a href=(calendar) { "Calendar to subscribe to" } }
                }
            }
            (meetings(view, &board.board_id, links))
            (report::body(&report, links))
        })
}

fn sentence(view: &BoardView) -> String {
    let quorum = match view.quorum {
        0 => "its quorum is not recorded".to_owned(),
        quorum => format!("{quorum} make a quorum"),
    };
    let seats = spoken::count(view.seats.len(), "seat", "seats");
    format!("{}; {quorum}.", spoken::capital(&seats))
}

/// The meetings, the newest first.
fn meetings(view: &BoardView, board_id: &str, links: Links<'_>) -> Markup {
    let mut meetings: Vec<&MeetingView> = view.meetings.iter().collect();
    let day = |meeting: &MeetingView| {
        meeting
            .held_on
            .or(meeting.called_for_on)
            .unwrap_or_default()
    };
    let order = |meeting: &MeetingView| {
        let day = day(meeting);
        (day.year, day.month, day.day)
    };
    meetings.sort_by_key(|meeting| std::cmp::Reverse(order(meeting)));
    html! {
        section {
            h2 #meetings { "Meetings" }
            @if meetings.is_empty() { p { "No meeting is recorded." } }
            ul.plain {
                @for meeting in meetings {
                    li {
                        a href=(links.to(&format!("/boards/{board_id}/meetings/{}", meeting.meeting_id))) { (spoken::date(&day(meeting))) }
                        @if meeting.standing() != MeetingStanding::Unspecified { ", " (meeting.standing().label()) }
                        @if !meeting.agenda.is_empty() { ": " (meeting.agenda) }
                        (links.later(meeting.position))
                    }
                }
            }
        }
    }
}

/// A meeting: an agenda before the day, minutes after it, at one address.
pub fn meeting(answer: &GetMeetingResponse, address: &Address) -> WebPage {
    let links = address.links();
    let board = address.path.split('/').nth(2).unwrap_or_default();
    let meeting = address.path.rsplit('/').next().unwrap_or_default();
    WebPage::of_data(
        PageSection::Boards,
        format!("Meeting {}", meeting_day(meeting)),
    )
    .over(html! { p { a href=(links.to(&format!("/boards/{board}"))) { "The board" } } })
    .body(html! {
        (pack(address))
        (report::body(&answer.report(), links))
    })
}

/// The pack of the meeting, to read and to take along.
fn pack(address: &Address) -> Markup {
    let links = address.links();
    let file = |suffix: &str| links.to(&format!("{}/pack{suffix}", address.path));
    html! {
        p {
            a.button href=(file("")) { "Pack of this meeting" }
        }
        p {
            "To take along: " a href=(file(".pdf")) { "PDF" } ", "
            a href=(file(".xlsx")) { "workbook" } ", " a href=(file(".csv")) { "CSV" }
            ". Each figure names its entry, and the file proves it."
        }
    }
}

/// The day in the id of a meeting, as most of them have; else the id.
fn meeting_day(id: &str) -> String {
    match crate::dates::read_date(id) {
        Ok(day) => format!("of {}", spoken::partial(day)),
        Err(_) => id.to_owned(),
    }
}
