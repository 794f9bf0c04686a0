//! The cost of approval rules: the same appends on collaborations with a set of
//! rules in force and on others without; and one collaboration with a thousand
//! rules and ten thousand open proposals.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use minutebook::domain::admit::{Context, admit};
use minutebook::domain::ids::Position;
use minutebook::domain::register::Register;
use minutebook::domain::register_view::RegisterView;
use minutebook::server::{self, ServerOptions};
use minutebook::views;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::{proto, request};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actions::{COLLABORATIONS, append, event, stage};
use crate::appends::{drive, median};
use crate::views::{inside, over};
use crate::{NO_PORT, connect, rate};

/// The number of concurrent recorders.
const RECORDERS: u32 = 64;
/// The rules and the open proposals of the large collaboration.
const RULES_MANY: usize = 1_000;
const PROPOSALS_MANY: u32 = 10_000;

pub async fn cost(root: &Path, seconds: u64) {
    println!("\nwhat approval rules cost, {RECORDERS} recorders, none in force against twelve:");
    println!(
        "{:<44} {:>12} {:>12} {:>7}",
        "", "without /s", "with /s", "ratio"
    );
    pair(root, seconds, "a virement requested", requested).await;
    pair(root, seconds, "one requested, approved and made", made).await;
    many(root, seconds).await;
}

/// The same requests with rules and without, alternately, so that other work on the
/// machine affects both.
async fn pair(root: &Path, seconds: u64, name: &str, make: fn(u32) -> proto::AppendRequest) {
    let mut rates = [Vec::new(), Vec::new()];
    for run in 0..3 {
        for (side, with) in [(0, false), (1, true)] {
            let data = root.join(format!("approvals-{}-{run}-{with}", name.len()));
            let listen: std::net::SocketAddr = NO_PORT.parse().expect("an address");
            let running = server::start(ServerOptions::new(data, listen))
                .await
                .expect("a server");
            let mut client =
                RecordServiceClient::new(connect(running.address().socket().expect("TCP")).await);
            for events in set_up(with).chunks(100) {
                client
                    .append(append(events.to_vec()))
                    .await
                    .expect("the stage");
            }
            let start = Instant::now();
            let took = drive(
                running.address().socket().expect("TCP"),
                RECORDERS,
                seconds,
                make,
            )
            .await;
            rates[side].push(took.len() as f64 / start.elapsed().as_secs_f64());
            running.stop().await.expect("to stop");
        }
    }
    let [without, with] = rates.map(median);
    println!(
        "{name:<44} {without:>12.0} {with:>12.0} {:>7.2}",
        with / without
    );
    let (without, with) = (door(false, make), door(true, make));
    println!(
        "{:<44} {without:>12.0} {with:>12.0} {:>7.2}",
        "  the door alone, one core, nothing stored",
        with / without
    );
}

/// Parsing, admission and folding alone.
fn door(with: bool, make: fn(u32) -> proto::AppendRequest) -> f64 {
    let mut register = Register::default();
    for events in set_up(with).chunks(100) {
        take(&mut register, &append(events.to_vec()));
    }
    let (mut count, start) = (0, Instant::now());
    while start.elapsed() < Duration::from_secs(1) {
        take(&mut register, &make(count));
        count += 1;
    }
    rate(count, start)
}

fn take(register: &mut Register, request: &proto::AppendRequest) {
    let command = request::append_command(request).expect("a command");
    let context = Context::at("2026-11-23T10:00:00Z".parse().expect("an instant"));
    *register = admit(register, &command, &context)
        .expect("admitted")
        .register;
}

fn set_up(with: bool) -> Vec<proto::Event> {
    let mut events = stage();
    if with {
        events.extend((0..COLLABORATIONS).map(|n| adopted(&format!("c-{n}"), twelve())));
    }
    events
}

fn adopted(id: &str, rules: Vec<Value>) -> proto::Event {
    event(
        json!({ "subject": format!("collaborations/{id}"), "effectiveOn": { "year": 2015 },
        "approvalRulesAdopted": { "ruleSetId": "rules", "rules": rules } }),
    )
}

/// A set of rules like those of a financial regulation: rules on other matters
/// first, then tiers of virements. The last one applies here.
fn twelve() -> Vec<Value> {
    let party = json!({ "everyParty": {} });
    let office = |up_to: &str| json!({ "office": { "bodyId": "a-pcc", "office": "Chief Finance Officer", "upToPence": up_to } });
    let kinds = [
        "SIGN_INSTRUMENT",
        "VARY_INSTRUMENT",
        "ADMIT_PARTY",
        "WITHDRAW",
        "END_COLLABORATION",
        "ADD_SERVICE",
        "SET_BUDGET",
        "ADOPT_RULES",
    ];
    let mut rules: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            json!({ "ruleId": kind.to_lowercase().replace('_', "-"), "title": kind,
                "conditions": { "matterKinds": [format!("MATTER_KIND_{kind}")] },
                "requirement": party })
        })
        .collect();
    let virement = |id: &str, conditions: Value, requirement: Value| {
        let mut conditions = conditions;
        conditions["matterKinds"] = json!(["MATTER_KIND_MAKE_VIREMENT"]);
        json!({ "ruleId": id, "title": id, "conditions": conditions, "requirement": requirement })
    };
    rules.extend([
        virement(
            "projected",
            json!({ "basis": "UNDERSPEND_BASIS_PROJECTED" }),
            party.clone(),
        ),
        virement(
            "capital",
            json!({ "crossings": ["CROSSING_CAPITAL_REVENUE"] }),
            party.clone(),
        ),
        virement(
            "large",
            json!({ "runningTotalOverPence": "100000000000000" }),
            party,
        ),
        virement(
            "small",
            json!({ "amountUpToPence": "2500000" }),
            office("2500000"),
        ),
    ]);
    rules
}

fn virement(n: u32) -> proto::Virement {
    let head = |name: &str| {
        Some(proto::virement_side::Place::Head(proto::BudgetHead {
            head: name.into(),
            ..Default::default()
        }))
    };
    let side = |place| proto::VirementSide {
        place,
        amount_pence: 100_000,
    };
    proto::Virement {
        financial_year: "2020/21".into(),
        sources: vec![side(head(&format!("Head {}", n / COLLABORATIONS % 100)))],
        targets: vec![side(head("Another"))],
        permanence: proto::Permanence::OneOff.into(),
        ..Default::default()
    }
}

fn by(n: u32, office: &str, kind: proto::event::Kind) -> proto::Event {
    proto::Event {
        subject: format!("collaborations/c-{}", n % COLLABORATIONS),
        effective_on: Some(proto::Date {
            year: 2020,
            month: 5,
            day: 1,
        }),
        acted_by: Some(proto::Actor {
            body_id: "a-pcc".into(),
            office: office.into(),
        }),
        kind: Some(kind),
        ..Default::default()
    }
}

fn request_of(n: u32, id: &str) -> proto::Event {
    let requested = proto::VirementRequested {
        proposal_id: id.into(),
        virement: Some(virement(n)),
        reason: "The contract came in lower than planned, and the new vans cost more.".into(),
        ..Default::default()
    };
    by(
        n,
        "Head of Finance",
        proto::event::Kind::VirementRequested(requested),
    )
}

fn requested(n: u32) -> proto::AppendRequest {
    append(vec![request_of(n, &Uuid::now_v7().to_string())])
}

/// One request with a whole virement: proposed, approved and made.
fn made(n: u32) -> proto::AppendRequest {
    let id = Uuid::now_v7().to_string();
    let approved = proto::VirementApproved {
        proposal_id: id.clone(),
        decision_id: format!("d-{n}"),
        ..Default::default()
    };
    let done = proto::VirementMade {
        virement_id: format!("v-{n}"),
        virement: Some(virement(n)),
    };
    let request = request_of(n, &id);
    let approval = by(
        n,
        "Chief Finance Officer",
        proto::event::Kind::VirementApproved(approved),
    );
    let mut act = by(n, "Head of Finance", proto::event::Kind::VirementMade(done));
    act.authority = Some(proto::Authority {
        basis: Some(proto::authority::Basis::ProposalId(id)),
    });
    append(vec![request, approval, act])
}

/// The id of the n-th proposal of the large collaboration.
fn nth(n: u32) -> String {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n)).to_string()
}

/// The last rule of the large set requires two bodies, so that one vote leaves its
/// proposal open.
fn large() -> Vec<proto::Event> {
    let body = |id: &str| {
        event(
            json!({ "subject": format!("bodies/{id}"), "effectiveOn": { "year": 2013 },
            "bodyRegistered": { "name": id, "kind": "BODY_KIND_POLICING_BODY", "force": id } }),
        )
    };
    let mut rules: Vec<Value> = (1..RULES_MANY)
        .map(|n| {
            json!({ "ruleId": format!("{n}"), "title": "r",
                "conditions": { "matterKinds": ["MATTER_KIND_MAKE_VIREMENT"],
                    "amountOverPence": (100_000_000 + n).to_string() },
                "requirement": { "everyParty": {} } })
        })
        .collect();
    rules.push(json!({ "ruleId": "last", "title": "Any other",
        "requirement": { "namedBodies": { "bodyIds": ["a-pcc", "b-pcc"] } } }));
    let mut events = stage();
    events.push(body("b-pcc"));
    // A thousand rules fit into one event only if their texts are short.
    events.push(adopted("c-0", rules));
    events
}

fn vote(n: u32) -> proto::AppendRequest {
    let cast = proto::VoteCast {
        proposal_id: nth(n % PROPOSALS_MANY),
        voter: Some(proto::Actor {
            body_id: "b-pcc".into(),
            ..Default::default()
        }),
        choice: proto::VoteChoice::Approve.into(),
        ..Default::default()
    };
    append(vec![by(
        0,
        "Head of Finance",
        proto::event::Kind::VoteCast(cast),
    )])
}

async fn many(root: &Path, seconds: u64) {
    println!(
        "\none collaboration with {RULES_MANY} rules and {PROPOSALS_MANY} open proposals, the rule \
         that applies being the last:"
    );
    let listen: std::net::SocketAddr = NO_PORT.parse().expect("an address");
    let running = server::start(ServerOptions::new(root.join("approvals-many"), listen))
        .await
        .expect("a server");
    let channel = connect(running.address().socket().expect("TCP")).await;
    let mut client = RecordServiceClient::new(channel.clone());
    let mut register = Register::default();
    let mut events = large();
    events.extend((0..PROPOSALS_MANY).map(|n| request_of(0, &nth(n))));
    for events in events.chunks(100) {
        let request = append(events.to_vec());
        take(&mut register, &request);
        client.append(request).await.expect("recorded");
    }
    let start = Instant::now();
    let took = drive(
        running.address().socket().expect("TCP"),
        RECORDERS,
        seconds,
        vote,
    )
    .await;
    println!(
        "{:<44} {:>12.0} /s, p50 {:.1} ms",
        "votes appended",
        took.len() as f64 / start.elapsed().as_secs_f64(),
        took.value_at_quantile(0.5) as f64 / 1_000.0
    );
    let (mut count, start) = (0, Instant::now());
    while start.elapsed() < Duration::from_secs(1) {
        take(&mut register, &vote(count));
        count += 1;
    }
    println!(
        "{:<44} {:>12.0} /s",
        "  the door alone, one core, nothing stored",
        rate(count, start)
    );
    // After a correction, every effective entry of its subject is judged again.
    let wrong = register.tail().get();
    let corrected = event(json!({ "subject": "collaborations/c-0",
        "entryCorrected": { "position": wrong.to_string(), "reason": "Another meeting" } }));
    let (entries, start) = (register.tail(), Instant::now());
    take(&mut register, &append(vec![corrected]));
    println!(
        "{:<44} {:>12.0} ms, {entries} entries on record",
        "a vote corrected",
        start.elapsed().as_secs_f64() * 1_000.0
    );
    let today = "2026-11-23".parse().expect("a day");
    let view = RegisterView::new(Arc::new(register), today, Position::new(u64::MAX));
    let inside = inside(seconds, || {
        std::hint::black_box(views::approvals::list(&view, None, None, true));
    });
    let client = RegisterServiceClient::new(channel);
    let over = over(seconds, || {
        let mut client = client.clone();
        async move {
            let request = proto::ListApprovalsRequest {
                outstanding_only: true,
                ..Default::default()
            };
            client.list_approvals(request).await.expect("an answer");
        }
    })
    .await;
    println!(
        "{:<44} {inside:>18} µs in the server",
        "what is outstanding, median (p99)"
    );
    println!("{:<44} {over:>18} µs over gRPC, 100 of them", "");
    running.stop().await.expect("to stop");
}
