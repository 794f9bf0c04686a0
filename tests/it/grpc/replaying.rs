//! Auditors' queries about one subject or two moments: states, replays and
//! differences.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, ToSpan};
use minutebook::clock::Clock;
use minutebook::log::memory::MemoryMedium;
use minutebook::wire::json;
use minutebook::wire::proto::as_of::Known;
use minutebook::wire::proto::{
    AsOf, Change, Date, DiffRequest, DiffResponse, Moment, ReplayRequest, ReplayResponse,
    StateAtRequest, SubjectDifference, SubjectState, diff_request, moment,
};
use serde_json::json;
use tonic::{Code, Status};

use super::test_server::{TestServer, alias, options, refused, registered};
use crate::given::{append, bodies, collaboration, date, on_x};

/// A server whose date the test sets, and its calendar.
async fn dated(day: &str) -> (TestServer, Calendar) {
    let calendar = Calendar(Arc::default());
    calendar.is(day);
    let (mut options, seconds) = (options(), Arc::clone(&calendar.0));
    options.clock = Clock::new(move || {
        Timestamp::from_second(seconds.load(Ordering::SeqCst)).expect("an instant")
    });
    (
        TestServer::on(options, &MemoryMedium::new()).await,
        calendar,
    )
}

struct Calendar(Arc<AtomicI64>);

impl Calendar {
    /// Sets the clock to ten o'clock on this day.
    fn is(&self, day: &str) {
        let ten: Timestamp = format!("{day}T10:00:00Z").parse().expect("an instant");
        self.0.store(ten.as_second(), Ordering::SeqCst);
    }
}

fn day(text: &str) -> Date {
    json::from_value(date(text)).expect("a date")
}

fn on(text: &str) -> Moment {
    Moment {
        moment: Some(moment::Moment::Date(day(text))),
    }
}

fn at(position: u64) -> Moment {
    Moment {
        moment: Some(moment::Moment::Position(position)),
    }
}

const X: &str = "collaborations/x";

impl TestServer {
    async fn state(&mut self, as_at: &str, known: u64) -> Result<SubjectState, Status> {
        let request = StateAtRequest {
            as_of: Some(AsOf {
                as_at: Some(day(as_at)),
                known: Some(Known::AsKnownAtPosition(known)),
                at_least_position: 0,
            }),
            subject: X.into(),
        };
        let answer = self.audit.state_at(request).await?.into_inner();
        let from = answer.answered_from.expect("what it speaks for");
        assert_eq!((from.as_at, from.position), (Some(day(as_at)), known));
        Ok(answer.state.expect("a state"))
    }

    async fn replay(&mut self, request: ReplayRequest) -> Vec<ReplayResponse> {
        let stream = self.audit.replay(request).await;
        let mut stream = stream.expect("a replay").into_inner();
        let mut steps = Vec::new();
        while let Some(step) = stream.message().await.expect("a step") {
            steps.push(step);
        }
        steps
    }

    async fn diff(&mut self, from: Moment, to: Option<Moment>) -> DiffResponse {
        let request = DiffRequest {
            from: Some(from),
            to,
            ..DiffRequest::default()
        };
        let answer = self.audit.diff(request).await;
        answer.expect("a difference").into_inner()
    }
}

fn position(step: &ReplayResponse) -> u64 {
    let item = step.told.as_ref().expect("the entry");
    item.entry.as_ref().expect("an entry").position
}

fn whats(changes: &[Change]) -> Vec<&str> {
    let item = changes.iter().filter(|change| !change.repeats);
    item.map(|change| change.what.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_shows_each_entry_and_the_changes_by_other_subjects() {
    let (mut server, _) = dated("2020-03-02").await;
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc"]));
    let founded = server.record(append(1, &events)).await;
    server
        .record(append(
            2,
            &[on_x("2014", "partyJoined", json!({ "bodyId": "c-pcc" }))],
        ))
        .await;
    let board = json!({ "name": "The board", "collaborationIds": ["x"],
                        "powers": ["BOARD_POWER_OVERSEES"] });
    let event = crate::given::event("boards/board", "2015", "boardConstituted", board);
    server.record(append(3, &[event])).await;
    let service = json!({ "serviceId": "dogs", "name": "Dogs" });
    let service = on_x("2016", "serviceAdded", service);
    let last = server.record(append(4, &[service])).await;
    let request = ReplayRequest {
        subject: X.into(),
        as_at: Some(day("2020")),
        with_state: true,
        ..ReplayRequest::default()
    };
    let steps = server.replay(request.clone()).await;
    let positions: Vec<u64> = steps.iter().map(position).collect();
    assert_eq!(positions, [founded, founded + 1, last]);
    assert!(whats(&steps[0].changes).contains(&"party The a-pcc"));
    assert_eq!(whats(&steps[1].changes), ["party The c-pcc"]);
    assert_eq!(whats(&steps[2].meanwhile), ["board The board"]);
    assert_eq!(whats(&steps[2].changes), ["service Dogs"]);
    for step in &steps {
        let then = server.state("2020-01-01", position(step)).await.unwrap();
        assert_eq!(step.state.as_ref(), Some(&then));
    }

    // In parts it is the same, except for the states.
    let mut parts = Vec::new();
    for from_position in [0, founded + 1, founded + 2] {
        let mut part = server
            .replay(ReplayRequest {
                from_position,
                limit: 1,
                with_state: false,
                ..request.clone()
            })
            .await;
        assert_eq!(part.len(), 1);
        parts.append(&mut part);
    }
    let mut without = steps;
    without.iter_mut().for_each(|step| step.state = None);
    assert_eq!(parts, without);
    let until = ReplayRequest {
        until: Some(at(founded + 1)),
        ..request.clone()
    };
    assert_eq!(server.replay(until).await.len(), 2);

    // Before it began, each entry gives the reason why it changed nothing.
    let early = ReplayRequest {
        as_at: Some(day("2012-12-01")),
        ..request
    };
    for step in server.replay(early).await {
        assert_eq!(whats(&step.changes), [""; 0]);
        assert!(step.unchanged.contains("2012-12-01"), "{}", step.unchanged);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_replay_comes_in_order_and_whole() {
    let mut server = TestServer::open().await;
    server.record(append(1, &[registered("north")])).await;
    let names: Vec<_> = (0..150)
        .map(|n| alias("north", &format!("N{n:03}"), 0))
        .collect();
    for (tag, some) in names.chunks(50).enumerate() {
        server.record(append(2 + tag as u128, some)).await;
    }
    let request = ReplayRequest {
        subject: "bodies/north".into(),
        ..ReplayRequest::default()
    };
    let steps = server.replay(request).await;
    assert!(steps.iter().map(position).eq(1..=151));
    for (n, step) in steps[1..].iter().enumerate() {
        let [change] = step.changes.as_slice() else {
            panic!("{step:#?}");
        };
        assert_eq!(change.after, format!("N{n:03}"), "{change:#?}");
        assert_eq!(step.meanwhile, []);
    }
}

/// Two meetings: entries recorded in March and in May, and one that came into force
/// in between although it was known in March.
async fn between_meetings() -> (TestServer, [u64; 3]) {
    let (mut server, calendar) = dated("2020-03-02").await;
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc"]));
    let founded = server.record(append(1, &events)).await;
    let service = json!({ "serviceId": "dogs", "name": "Dogs" });
    let service = on_x("2020-06-01", "serviceAdded", service);
    let coming = server.record(append(2, &[service])).await;
    calendar.is("2020-05-05");
    let joined = on_x("2020-05-01", "partyJoined", json!({ "bodyId": "c-pcc" }));
    let joined = server.record(append(3, &[joined])).await;
    calendar.is("2020-09-01");
    (server, [founded, coming, joined])
}

fn difference_of<'a>(answer: &'a DiffResponse, subject: &str) -> &'a SubjectDifference {
    let mut found = answer.differences.iter();
    found
        .find(|difference| difference.subject == subject)
        .unwrap_or_else(|| panic!("nothing of {subject} in {answer:#?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_difference_of_two_meetings_is_what_was_recorded_or_came_into_force() {
    let (mut server, [founded, coming, joined]) = between_meetings().await;
    let answer = server.diff(on("2020-04-01"), Some(on("2020-07-01"))).await;
    let sides = [&answer.from, &answer.to].map(|side| side.as_ref().expect("a side"));
    assert_eq!(sides.map(|side| side.position), [coming, joined]);
    let x = difference_of(&answer, X);
    assert_eq!(x.subject_name, "Xshire");
    let texts = whats(&x.changes);
    for text in ["party The c-pcc", "service Dogs"] {
        assert!(texts.contains(&text), "{texts:?}");
    }
    let brought = x.entries.iter();
    let brought: Vec<_> = brought
        .map(|entry| (entry.position, entry.came_into_force))
        .collect();
    assert_eq!(brought, [(coming, true), (joined, false)]);
    let body = difference_of(&answer, "bodies/c-pcc");
    assert_eq!(body.entries, []);
    let others: Vec<u64> = body
        .other_entries
        .iter()
        .map(|entry| entry.position)
        .collect();
    assert_eq!(others, [joined]);
    let subjects = answer
        .differences
        .iter()
        .map(|entry| entry.subject.as_str());
    // The service is for every party.
    let expected = [X, "bodies/a-pcc", "bodies/b-pcc", "bodies/c-pcc"];
    assert!(subjects.eq(expected), "{:#?}", answer.differences);

    // Before any entry came into force, and before any was recorded.
    let answer = server.diff(on("2020-04-01"), Some(on("2020-04-30"))).await;
    assert_eq!(answer.differences, []);
    let answer = server.diff(at(0), Some(at(founded))).await;
    assert_eq!(answer.differences.len(), 12, "all that there was");
    assert_eq!(answer.differences[0].subject, X);

    // Two days, both as known now.
    let request = DiffRequest {
        from: Some(on("2014-01-01")),
        to: Some(on("2020-07-01")),
        known: Some(diff_request::Known::AsKnownAtPosition(joined)),
        subjects: vec![X.into()],
        ..DiffRequest::default()
    };
    let answer = server.audit.diff(request).await.unwrap().into_inner();
    let brought = &difference_of(&answer, X).entries;
    assert!(brought.iter().all(|entry| entry.came_into_force));
    assert_eq!(answer.differences.len(), 1, "only what was asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_differences_is_of_one_moment() {
    let (mut server, [founded, ..]) = between_meetings().await;
    let whole = server.diff(at(0), None).await;
    let mut request = DiffRequest {
        from: Some(at(0)),
        page_size: 5,
        ..DiffRequest::default()
    };
    let mut paged = Vec::new();
    for tag in 10.. {
        let page = server.audit.diff(request.clone()).await.unwrap();
        let mut page = page.into_inner();
        assert_eq!((page.from, page.to), (whole.from, whole.to));
        assert!(page.differences.len() <= 5);
        paged.append(&mut page.differences);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
        server.record(super::test_server::body(tag)).await;
    }
    assert_eq!(paged, whole.differences);
    request.from = Some(at(founded));
    let other = server.audit.diff(request).await;
    refused(other, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_query_is_refused_by_field() {
    let (mut server, [.., joined]) = between_meetings().await;
    let in_an_hour = "2020-09-01T11:00:00Z".parse::<Timestamp>().unwrap();
    let later = prost_types::Timestamp {
        seconds: (in_an_hour + 1.minute()).as_second(),
        nanos: 0,
    };
    let instant = Moment {
        moment: Some(moment::Moment::Instant(later)),
    };
    let diff = |from: Option<Moment>, to: Option<Moment>| DiffRequest {
        from,
        to,
        ..DiffRequest::default()
    };
    let known = Some(diff_request::Known::AsKnownAtPosition(3));
    let table = [
        (diff(None, None), "from", "is needed"),
        (diff(Some(Moment::default()), None), "from", "position"),
        (diff(Some(on("2020")), None), "from.date", "day"),
        (
            diff(Some(on("2020-09-02")), None),
            "from.date",
            "in the future",
        ),
        (diff(Some(instant), None), "from.instant", "in the future"),
        (
            diff(Some(at(joined + 1)), None),
            "from.position",
            "never recorded",
        ),
        (
            diff(Some(on("2020-07-01")), Some(on("2020-04-01"))),
            "to",
            "swap",
        ),
        (
            DiffRequest {
                known,
                ..diff(Some(at(1)), None)
            },
            "from",
            "leave as_known_at out",
        ),
        (
            DiffRequest {
                subjects: vec!["x".into()],
                ..diff(Some(at(1)), None)
            },
            "subjects[0]",
            "collaborations/",
        ),
        (
            DiffRequest {
                subjects: vec!["register".into()],
                ..diff(Some(at(1)), None)
            },
            "subjects[0]",
            "has no state",
        ),
        (
            DiffRequest {
                subjects: vec![X.into(); 101],
                ..diff(Some(at(1)), None)
            },
            "subjects",
            "101",
        ),
    ];
    for (request, field, says) in table {
        let status = server.audit.diff(request).await;
        let status = refused(status, Code::InvalidArgument, "INVALID_FIELDS");
        let message = status.message();
        assert!(
            message.contains(field) && message.contains(says),
            "{field}: {message}"
        );
    }

    let unknown = DiffRequest {
        subjects: vec!["bodies/nobody".into()],
        ..diff(Some(at(1)), None)
    };
    refused(
        server.audit.diff(unknown).await,
        Code::NotFound,
        "BODY_NOT_FOUND",
    );
    let replay = |subject: &str| ReplayRequest {
        subject: subject.into(),
        ..ReplayRequest::default()
    };
    for (request, field) in [
        (replay(""), "subject"),
        (replay("register"), "subject"),
        (
            ReplayRequest {
                from_position: 5,
                until: Some(at(4)),
                ..replay(X)
            },
            "from_position",
        ),
    ] {
        let status = server.audit.replay(request).await.map(|_| ());
        let status = refused(status, Code::InvalidArgument, "INVALID_FIELDS");
        assert!(status.message().contains(field), "{}", status.message());
    }
    let nobody = server.audit.replay(replay("bodies/nobody")).await;
    refused(nobody.map(|_| ()), Code::NotFound, "BODY_NOT_FOUND");
    refused(
        server.state("2012-12-31", joined).await,
        Code::NotFound,
        "COLLABORATION_NOT_FOUND",
    );
}
