//! What meetings are answered: vantages and pages.

use std::time::Duration;

use minutebook::wire::proto::{AsOf, GetBodyRequest, ListBodiesRequest};
use tonic::Code;

use super::house::{House, body, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_question_waits_for_the_position_it_needs() {
    let mut house = House::open().await;
    let at_least = |position| ListBodiesRequest {
        as_of: Some(AsOf {
            at_least_position: position,
            ..Default::default()
        }),
        ..Default::default()
    };
    let mut register = house.register.clone();
    let waiting = tokio::spawn(async move { register.list_bodies(at_least(2)).await });
    house.tell(body(1)).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    house.tell(body(2)).await;
    let answer = waiting.await.unwrap().unwrap().into_inner();
    assert!(answer.answered_from.unwrap().position >= 2);

    let began = std::time::Instant::now();
    let answer = house.register.list_bodies(at_least(99)).await;
    refused(answer, Code::Unavailable, "POSITION_NOT_REACHED");
    assert!((1..5).contains(&began.elapsed().as_secs()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found_and_why() {
    let mut house = House::open().await;
    house.tell(body(1)).await;
    let get = |id: &str, as_of| GetBodyRequest {
        as_of,
        body_id: id.into(),
    };
    let status = refused(
        house.register.get_body(get("nobody", None)).await,
        Code::NotFound,
        "BODY_NOT_FOUND",
    );
    assert!(
        status.message().contains("is in the register"),
        "{}",
        status.message()
    );
    refused(
        house.register.get_body(get("No Body", None)).await,
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
}
