//! Another day: what was recorded later is marked and can be left out, and a page leads to the
//! entries before and after. The clock of the server is that of the test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use minutebook::clock::Clock;
use minutebook::log::memory::MemoryMedium;
use serde_json::{Value, json};

use super::get;
use crate::given::{append, event};
use crate::grpc::test_server::{TestServer, options};

/// A page of a server in this process.
async fn page(server: &TestServer, path: &str) -> String {
    let url = format!("http://{}{path}", server.running.address());
    let answer = tokio::task::spawn_blocking(move || get(&url))
        .await
        .unwrap();
    assert_eq!(answer.code, 200, "{path}: {}", answer.text);
    answer.text
}

fn met(id: &str, on: &str) -> Value {
    event(
        "boards/joint",
        on,
        "meetingHeld",
        json!({ "meetingId": id }),
    )
}

/// A board that met twice in May and once in June. The second meeting of May was recorded in
/// July, when the one of June was.
async fn board() -> TestServer {
    let seconds = Arc::new(AtomicI64::new(0));
    let mut options = options();
    let clock = Arc::clone(&seconds);
    options.clock =
        Clock::new(move || Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap());
    let set = |text: &str| {
        let at: Timestamp = text.parse().unwrap();
        seconds.store(at.as_second(), Ordering::SeqCst);
    };
    set("2024-06-01T10:00:00Z");
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    let constituted = json!({
        "name": "Joint <committee>", "powers": ["BOARD_POWER_DECIDES"],
        "members": [{ "bodyId": "council" }],
    });
    let council = json!({ "name": "Council", "kind": "BODY_KIND_COUNCIL" });
    let first = [
        event("bodies/council", "2015", "bodyRegistered", council),
        event("boards/joint", "2015", "boardConstituted", constituted),
        met("early-may", "2024-05-06"),
    ];
    server.record(append(1, &first)).await;
    set("2024-07-01T10:00:00Z");
    let later = [met("late-may", "2024-05-27"), met("june", "2024-06-10")];
    server.record(append(2, &later)).await;
    set("2024-08-01T10:00:00Z");
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_later_is_marked_counted_and_can_be_left_out() {
    let server = board().await;
    let text = page(&server, "/boards/joint?on=15+6+2024").await;
    for says in [
        "You are looking at <strong>15 June 2024</strong>, with everything recorded up to today.",
        "<strong>Two lines were recorded later</strong>: nobody could have seen them that day.",
        "<a href=\"/boards/joint?on=2024-06-15&amp;known=2024-06-15\">Leave them out</a>",
        "<a href=\"/boards/joint\">Back to today</a>",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert_eq!(text.matches("Recorded later</span>").count(), 2, "{text}");
    let left_out = page(&server, "/boards/joint?on=2024-06-15&known=2024-06-15").await;
    assert!(left_out.contains("6 May 2024"), "{left_out}");
    assert!(!left_out.contains("meetings/late-may"), "{left_out}");
    assert!(!left_out.contains("Recorded later"), "{left_out}");
    assert!(
        left_out
            .contains("<a href=\"/boards/joint?on=2024-06-15\">Add what was recorded since</a>"),
        "{left_out}"
    );
    // On the day of the page everything was recorded: nothing is marked.
    let known = page(&server, "/boards/joint?on=2024-07-02").await;
    assert!(!known.contains("ecorded later"), "{known}");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_entry_the_page_says_that_nothing_was_recorded() {
    let server = board().await;
    let text = page(&server, "/boards/joint?on=2024-05-28").await;
    let says = "Nothing had been recorded by then: the first entry is of 1 June 2024.";
    assert!(text.contains(says), "{text}");
    assert!(!text.contains("Recorded later"), "{text}");
    let then = get_refused(&server, "/boards/joint?on=2024-05-28&known=2024-05-28").await;
    assert!(then.contains(says), "{then}");
    assert!(then.contains("Add what was recorded since"), "{then}");
}

async fn get_refused(server: &TestServer, path: &str) -> String {
    let url = format!("http://{}{path}", server.running.address());
    let answer = tokio::task::spawn_blocking(move || get(&url))
        .await
        .unwrap();
    assert_eq!(answer.code, 404, "{}", answer.text);
    answer.text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sees_as_a_meeting_did_and_leads_from_entry_to_entry() {
    let server = board().await;
    let now = page(&server, "/bodies").await;
    for says in [
        "<a href=\"/bodies?on=2024-06-10&amp;known=2024-06-10\">10 June 2024, Joint &lt;committee&gt;</a></li>",
        "<a href=\"/bodies?on=2024-05-27\">27 May 2024, Joint &lt;committee&gt;</a> (nothing was recorded by then",
        "data-news=\"/news\" data-position=\"5\"",
    ] {
        assert!(now.contains(says), "{says}: {now}");
    }
    let past = page(&server, "/bodies?known=3").await;
    let says = "<a href=\"/bodies?known=2\" rel=\"prev\">Previous entry</a> · up to entry 3 · <a href=\"/bodies?known=4\" rel=\"next\">Next entry</a>";
    assert!(past.contains(says), "{past}");
    assert!(!past.contains("data-news"), "the past has no news: {past}");
    let last = page(&server, "/bodies?known=5").await;
    assert!(!last.contains("Next entry"), "{last}");
}
