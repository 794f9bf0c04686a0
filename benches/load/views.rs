//! The time that views take: in process and over gRPC, at rest and during writes at
//! full rate.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use minutebook::domain::admit::{Context, admit};
use minutebook::domain::ids::{BodyId, CollaborationId, Position, SubjectId};
use minutebook::domain::register::Register;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::json;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::{proto, request};

use crate::actions::action;
use crate::appends::{drive_until, set_stage};
use crate::child::Child;
use crate::connect;

const BOOKS: [&str; 3] = ["bch-2018", "east-midlands-2020", "leicestershire-2013"];

fn books() -> Vec<proto::AppendRequest> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("books");
    BOOKS
        .iter()
        .flat_map(|book| {
            let text = fs::read_to_string(root.join(format!("{book}.json"))).expect("a book");
            json::from_str::<proto::Book>(&text)
                .expect("a book")
                .appends
        })
        .collect()
}

pub async fn queries(root: &Path, seconds: u64) {
    let server = Child::register(&root.join("queries"));
    let channel = connect(server.address).await;
    let mut record = RecordServiceClient::new(channel.clone());
    let mut register = Register::default();
    let mut entries = 0;
    for request in books() {
        let receipt = record
            .append(request.clone())
            .await
            .expect("recorded")
            .into_inner();
        if receipt.already_recorded {
            continue;
        }
        entries += receipt.receipts.len();
        let command = request::append_command(&request).expect("a command");
        let context = Context::at("2026-11-23T10:00:00Z".parse().expect("an instant"));
        register = admit(&register, &command, &context)
            .expect("admitted")
            .register;
    }
    set_stage(server.address).await;
    println!("views, the three books loaded ({entries} entries), median (p99), µs; the last");
    println!("column while 64 recorders write as fast as they can:");
    println!(
        "{:<34} {:>18} {:>18} {:>20}",
        "", "in the server", "over gRPC", "while they write"
    );

    let register = Arc::new(register);
    let today = "2026-11-23".parse().expect("a day");
    let then = "2016-01-01".parse().expect("a day");
    let now = RegisterView::new(Arc::clone(&register), today, Position::new(u64::MAX));
    let bch: CollaborationId = "bch".parse().expect("an id");
    let region: CollaborationId = "east-midlands".parse().expect("an id");
    let pcc: BodyId = "leicestershire-pcc".parse().expect("an id");
    let year = "2020/21".parse().expect("a year");
    let budget_of = SubjectId::Collaboration(bch.clone());
    let client = RegisterServiceClient::new(channel);
    let as_of = |on: &str| {
        let date = proto::Date {
            year: 2016,
            month: 1,
            day: 1,
        };
        Some(proto::AsOf {
            as_at: (!on.is_empty()).then_some(date),
            ..Default::default()
        })
    };

    macro_rules! view {
        ($name:literal, $inside:expr, $method:ident, $request:expr) => {{
            let inside = inside(seconds, || {
                std::hint::black_box($inside);
            });
            let query = || {
                let mut client = client.clone();
                let request = $request;
                async move {
                    client.$method(request).await.expect("an answer");
                }
            };
            let at_rest = over(seconds, query).await;
            let enough = Arc::new(AtomicBool::new(false));
            let until = drive_until(server.address, 64, Arc::clone(&enough), action);
            let recording = tokio::spawn(until);
            let under_load = over(seconds, query).await;
            enough.store(true, Ordering::Relaxed);
            recording.await.expect("recorders");
            println!("{:<34} {inside:>18} {at_rest:>18} {under_load:>20}", $name);
        }};
    }
    view!(
        "register of collaborations",
        views::collaborations::list(&now, None, false),
        list_collaborations,
        proto::ListCollaborationsRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "one collaboration in full",
        views::collaboration::get(&now, &bch),
        get_collaboration,
        proto::GetCollaborationRequest {
            collaboration_id: "bch".into(),
            as_of: as_of("")
        }
    );
    view!(
        "the same, as at 2016-01-01",
        views::collaboration::get(
            &RegisterView::new(Arc::clone(&register), then, Position::new(u64::MAX)),
            &bch
        ),
        get_collaboration,
        proto::GetCollaborationRequest {
            collaboration_id: "bch".into(),
            as_of: as_of("2016-01-01")
        }
    );
    view!(
        "one body in full",
        views::body::get(&now, &pcc),
        get_body,
        proto::GetBodyRequest {
            body_id: "leicestershire-pcc".into(),
            as_of: as_of("")
        }
    );
    view!(
        "decision log",
        views::decisions::list(&now, None, false),
        list_decisions,
        proto::ListDecisionsRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "contributions",
        views::contributions::get(&now, &region, year),
        get_contributions,
        proto::GetContributionsRequest {
            collaboration_id: "east-midlands".into(),
            financial_year: "2020/21".into(),
            as_of: as_of("")
        }
    );
    view!(
        "budget by line and year",
        views::budget::get(&now, &budget_of, None),
        get_budget,
        proto::GetBudgetRequest {
            subject: "collaborations/bch".into(),
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "deadlines",
        views::deadlines::list(&now, None, false),
        list_deadlines,
        proto::ListDeadlinesRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "differences",
        views::differences::list(&now, None),
        list_differences,
        proto::ListDifferencesRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    server.stop();
    println!();
}

/// The time of one `query`, repeated for a fifth of `seconds`.
pub fn inside(seconds: u64, query: impl Fn()) -> String {
    let mut took = Histogram::<u64>::new(3).expect("a histogram");
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(seconds * 200) {
        let asked = Instant::now();
        query();
        took.record(asked.elapsed().as_nanos() as u64)
            .expect("a duration");
    }
    summary(&took, 1_000.0)
}

pub async fn over<F: Future<Output = ()>>(seconds: u64, query: impl Fn() -> F) -> String {
    let mut took = Histogram::<u64>::new(3).expect("a histogram");
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(seconds * 200) {
        let asked = Instant::now();
        query().await;
        took.record(asked.elapsed().as_nanos() as u64)
            .expect("a duration");
    }
    summary(&took, 1_000.0)
}

fn summary(took: &Histogram<u64>, unit: f64) -> String {
    let at = |quantile| took.value_at_quantile(quantile) as f64 / unit;
    format!("{:.1} ({:.1})", at(0.5), at(0.99))
}
