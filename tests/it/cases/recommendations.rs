//! A recommendation to several bodies is answered by each of them.

use minutebook::views;
use minutebook::wire::proto::{AttentionKind, DeadlineKind, OutstandingView, ResponseChoice};
use serde_json::{Value, json};

use super::{at, councils};
use crate::given::{Given, date, judged, on_x};

fn recommended() -> Given {
    let mut given = councils(&["p", "q", "r"], "2014-01-01");
    let made = json!({ "recommendationId": "one", "what": "Agree a plan",
        "addressedToIds": ["p", "q"], "dueOn": date("2020-03-31") });
    given.record(&[on_x("2020-01-10", "recommendationMade", made)]);
    given
}

fn answer(on: &str, by: &str, response: &str, due: Option<&str>) -> Value {
    let mut payload = json!({ "recommendationId": "one", "what": "A plan",
        "response": format!("RESPONSE_CHOICE_{response}") });
    if let Some(due) = due {
        payload["dueOn"] = date(due);
    }
    let mut event = on_x(on, "recommendationResponded", payload);
    event["actedBy"] = json!({ "bodyId": by });
    event
}

fn line(given: &Given, day: &str) -> OutstandingView {
    views::recommendations::list(&at(given, day), None, false).remove(0)
}

#[test]
fn every_answer_is_kept_with_the_body_that_gave_it() {
    let mut given = recommended();
    judged(
        &given,
        &[
            (
                "one of them",
                answer("2020-02-01", "p", "ACCEPTED", None),
                &[],
            ),
            (
                "another",
                answer("2020-02-01", "r", "ACCEPTED", None),
                &["NOT_ADDRESSED"],
            ),
        ],
    );
    given.record(&[
        answer("2020-02-01", "p", "PARTLY_ACCEPTED", Some("2020-06-30")),
        answer("2020-02-03", "q", "REJECTED", None),
    ]);
    let line = line(&given, "2020-04-15");
    let answers: Vec<_> = line
        .responses
        .iter()
        .map(|one| {
            let body = one.by.clone().unwrap().body.unwrap().body_id;
            (body, one.response())
        })
        .collect();
    assert_eq!(
        answers,
        [
            ("p".to_owned(), ResponseChoice::PartlyAccepted),
            ("q".to_owned(), ResponseChoice::Rejected)
        ]
    );
    assert_eq!(
        line.due_on.unwrap().month,
        6,
        "the day that the answer names"
    );
    let missed = |day: &str| {
        let due = views::deadlines::list(&at(&given, day), None, false);
        due.iter()
            .any(|line| line.missed && line.kind() == DeadlineKind::Recommendation)
    };
    assert!(!missed("2020-04-15"));
    assert!(missed("2020-07-01"));
}

#[test]
fn an_action_names_its_recommendation_and_one_without_a_day_is_listed() {
    let mut given = recommended();
    let agreed = |recommendation: &str| {
        let payload = json!({ "actionId": "a", "what": "Draft it", "owner": { "bodyId": "p" },
            "recommendationId": recommendation });
        on_x("2020-02-01", "actionAgreed", payload)
    };
    judged(&given, &[("of none", agreed("two"), &["UNKNOWN_ITEM"])]);
    given.record(&[agreed("one")]);
    let all = views::recommendations::list(&at(&given, "2020-02-02"), None, false);
    assert_eq!(all[1].recommendation_id, "one");
    let asker = views::attention::Asker::default();
    let until = "2020-02-10".parse().unwrap();
    let lines = views::attention::list(&at(&given, "2020-02-02"), &asker, until);
    let open: Vec<_> = lines
        .iter()
        .filter(|line| line.kind() == AttentionKind::OpenWithoutDay)
        .map(|line| &*line.item_id)
        .collect();
    assert_eq!(open, ["a"]);
}

#[test]
fn it_is_closed_once_and_answered_before_whichever_is_recorded_first() {
    let closed = |on: &str| {
        let payload = json!({ "recommendationId": "one", "outcome": "Done" });
        on_x(on, "recommendationClosed", payload)
    };
    let mut given = recommended();
    given.record(&[answer("2020-03-01", "p", "ACCEPTED", None)]);
    judged(
        &given,
        &[
            (
                "before an answer",
                closed("2020-02-01"),
                &["CONTRADICTS_LATER"],
            ),
            ("on the day of it", closed("2020-03-01"), &[]),
        ],
    );
    given.record(&[closed("2020-06-01")]);
    judged(
        &given,
        &[
            ("closed again", closed("2020-07-01"), &["ITEM_CLOSED"]),
            ("and before that", closed("2020-05-01"), &["ITEM_CLOSED"]),
        ],
    );
}
