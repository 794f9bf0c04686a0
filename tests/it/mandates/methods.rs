//! Every method against every role: the table of `docs/operations.md`, over real
//! connections.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use minutebook::server::{ServerOptions, offline, start};
use minutebook::wire::proto;
use prost::Message as _;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use serde_json::{Value, json};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::ROLES;
use super::reading::{call, connected, granted, methods, named, options_of, requests};
use super::secrets::{PROPOSAL, story};
use crate::given::{append, event, on_x};
use crate::grpc::test_server::{TestServer, reason};
use crate::transport::certificates::Ca;

/// The callers beside the roles, as the columns of the page have them.
const OTHERS: [&str; 4] = ["no mandate", "nobody", "public", "open"];

/// The cells of a method, by caller.
type Row = BTreeMap<String, String>;

/// The table of the page, by method.
fn page() -> BTreeMap<String, Row> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let text = std::fs::read_to_string(page).unwrap();
    let cells = |row: &str| -> Vec<String> {
        let cells = row.trim_matches('|').split('|');
        cells
            .map(|cell| {
                cell.trim()
                    .replace('`', "")
                    .replace(" of what it covers", "")
            })
            .collect()
    };
    let lines = text.lines();
    let mut lines = lines.skip_while(|line| !line.starts_with("| methods | registrar |"));
    let head = cells(lines.next().unwrap_or_default());
    let mut table = BTreeMap::new();
    for row in lines.skip(1).take_while(|line| line.starts_with('|')) {
        let row = cells(row);
        for method in row[0].split(", ") {
            let by_caller = head.iter().cloned().zip(row.iter().cloned()).skip(1);
            let before = table.insert(method.to_owned(), by_caller.collect());
            assert_eq!(before, None, "{method} has two rows");
        }
    }
    table
}

/// The story without its protective markings, so that only the role matters, and with money.
fn unmarked() -> impl Iterator<Item = Value> {
    let paid = json!({ "paymentId": "p", "bodyId": "a-pcc", "financialYear": "2014/15",
                       "amountPence": "1" });
    let story = story().into_iter().map(|mut event| {
        event.as_object_mut().unwrap().remove("marking");
        event
    });
    let budget = json!({ "figures": { "financialYear": "2014/15",
                         "lines": [{ "head": "Pay", "amountPence": "1" }] } });
    story.chain([
        on_x("2014-03-09", "contributionPaid", paid),
        on_x("2014-04-01", "budgetApproved", budget),
    ])
}

/// An event for each role that records something.
fn statements() -> Vec<Value> {
    let mut matter = on_x(
        "2014-03-09",
        "matterProposed",
        json!({ "proposalId": PROPOSAL.replace("c0de", "c0d3"), "title": "Another",
                "matter": { "other": "Another" }, "putToIds": ["a-pcc", "b-pcc"] }),
    );
    matter["actedBy"] = json!({ "bodyId": "a-pcc" });
    let keeper = json!({
        "mandateId": "another", "holder": { "issuer": super::ISSUER, "group": "another" },
        "role": "MANDATE_ROLE_AUDITOR", "recordedAs": "Another",
    });
    vec![
        event(
            "bodies/d-pcc",
            "2013",
            "bodyRegistered",
            json!({ "name": "The d-pcc", "kind": "BODY_KIND_POLICING_BODY", "force": "d" }),
        ),
        on_x(
            "2014-04-01",
            "riskRaised",
            json!({ "riskId": "r", "what": "Another" }),
        ),
        matter,
        event(
            "boards/joint",
            "2014-07-01",
            "meetingCalled",
            json!({ "meetingId": "m3", "agenda": "The budget" }),
        ),
        event("register", "2026-11-01", "mandateGranted", keeper),
    ]
}

/// The callers of one server, by name.
struct Callers {
    server: TestServer,
    channels: Vec<(String, Channel)>,
}

/// The register of the story, with a caller for each role, and some without a mandate.
async fn kept(dir: &Path, is_public: bool) -> Callers {
    let data = dir.join("data");
    let mut open = TestServer::connect_to(start(options_of(&data)).await.expect("a start")).await;
    for (tag, event) in (1..).zip(unmarked()) {
        open.record(append(tag, &[event])).await;
    }
    open.running.stop().await.expect("to stop");
    let ca = Ca::new(dir, "ca");
    let pair = |name: &str| ca.client(dir, name, |_| {});
    let with_tls = || -> ServerOptions {
        let mut options = options_of(&data);
        let mut tls = ca.server(dir, "server").options();
        tls.client_ca = Some(ca.file.clone());
        options.tls = Some(tls);
        options.public = is_public;
        options
    };
    let keeper = pair("keeper");
    // Whom a certificate names is what the server says.
    let server = start(with_tls()).await.expect("a start");
    let on = server.address().socket().expect("TCP").port();
    let (issuer, value) = named(&connected(&ca, Some(&keeper), on).await).await;
    server.stop().await.expect("to stop");
    let mandate = proto::MandateGranted {
        mandate_id: "keeper".into(),
        holder: Some(proto::Principal {
            issuer: issuer.clone(),
            name: Some(proto::principal::Name::Certificate(value)),
        }),
        role: proto::MandateRole::Keeper.into(),
        recorded_as: "Keeper".into(),
        ..proto::MandateGranted::default()
    };
    let clock = options_of(&data).clock;
    offline::set_keeper(&data, mandate, &clock).expect("a keeper");
    let running = start(with_tls()).await.expect("a start");
    let on = running.address().socket().expect("TCP").port();
    let keeper = connected(&ca, Some(&keeper), on).await;
    let mut server = TestServer::by(running, keeper.clone());
    let mut channels = vec![("keeper".to_owned(), keeper)];
    for (tag, role) in (1_000..).zip(ROLES).filter(|(_, role)| *role != "keeper") {
        let scope = match role {
            "member" => json!({ "bodyIds": ["a-pcc"], "collaborationIds": ["x"] }),
            "secretary" => json!({ "boardIds": ["joint"] }),
            "auditor" => json!({}),
            _ => json!({ "wholeRegister": true }),
        };
        let name = format!("{role}.example.gov.uk");
        let mut request = append(
            tag,
            &[granted(role, &role.to_uppercase(), &issuer, &name, scope)],
        );
        request.recorded_by.clear();
        server.record(request).await;
        let channel = connected(&ca, Some(&pair(role)), on).await;
        channels.push((role.to_owned(), channel));
    }
    let stranger = connected(&ca, Some(&pair("stranger")), on).await;
    channels.push(("no mandate".to_owned(), stranger));
    let nobody = if is_public { "public" } else { "nobody" };
    channels.push((nobody.to_owned(), connected(&ca, None, on).await));
    Callers { server, channels }
}

/// The same register, open: nobody signs in.
async fn open(dir: &Path) -> Callers {
    let running = start(options_of(&dir.join("data"))).await.expect("a start");
    let mut server = TestServer::connect_to(running).await;
    for (tag, event) in (1..).zip(unmarked()) {
        server.record(append(tag, &[event])).await;
    }
    let channels = vec![("open".to_owned(), server.channel.clone())];
    Callers { server, channels }
}

/// The requests by which a cell is found: appends of each statement, which are only judged,
/// or whatever one who reads everything is answered.
fn records(method: &MethodDescriptor, is_signed_in: bool) -> Option<Vec<Vec<u8>>> {
    let input = method.input();
    input.get_field_by_name("events")?;
    let requests = statements().into_iter().map(|event| {
        let mut request = json!({ "events": [event] });
        if input.get_field_by_name("validate_only").is_some() {
            request["requestId"] = json!("0190a000-0000-7000-8000-0000000000aa");
            request["validateOnly"] = json!(true);
            if !is_signed_in {
                request["recordedBy"] = json!("Somebody");
            }
        }
        let message = DynamicMessage::deserialize(input.clone(), request);
        message.expect("a request").encode_to_vec()
    });
    Some(requests.collect())
}

/// A request of a method that is answered with something to those who may read it.
async fn answered(auditor: &Channel, method: &MethodDescriptor) -> Vec<u8> {
    let mut last = None;
    for request in requests(method, 20) {
        let answer = call(auditor, method, request.clone()).await;
        if answer.status.code() == Code::Ok && !answer.bytes.is_empty() {
            return request;
        }
        last = Some(answer.status);
    }
    panic!("no request of {} is answered: {last:?}", method.name());
}

/// The reasons of a refusal.
fn reasons(status: &Status) -> BTreeSet<String> {
    match status.get_details_precondition_failure() {
        None => BTreeSet::from([reason(status)]),
        Some(failure) => {
            let all = failure.violations.into_iter();
            all.map(|violation| violation.r#type).collect()
        }
    }
}

/// The cell of a caller: `yes`, if to one of the requests, or the reasons of the
/// refusals.
async fn cell(channel: &Channel, method: &MethodDescriptor, requests: &[Vec<u8>]) -> String {
    let mut refused = BTreeSet::new();
    for request in requests {
        let answer = call(channel, method, request.clone()).await;
        if answer.status.code() == Code::Ok {
            return "yes".to_owned();
        }
        refused.extend(reasons(&answer.status));
    }
    let refused: Vec<String> = refused.into_iter().collect();
    refused.join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_method_is_for_the_callers_of_the_page_and_no_other() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| {
        let dir = dir.path().join(name);
        std::fs::create_dir(&dir).expect("a directory");
        dir
    };
    let servers = [
        kept(&at("kept"), false).await,
        kept(&at("public"), true).await,
        open(&at("open")).await,
    ];
    let of = |name: &str| {
        let server = match name {
            "public" => &servers[1],
            "open" => &servers[2],
            _ => &servers[0],
        };
        let mut channels = server.channels.iter();
        let found = channels.find(|(caller, _)| caller == name);
        found.expect("a caller").1.clone()
    };
    let mut table = BTreeMap::new();
    for method in methods() {
        let mut row = Row::new();
        let reads = match records(&method, true) {
            Some(_) => Vec::new(),
            None => vec![answered(&of("auditor"), &method).await],
        };
        for caller in ROLES.iter().chain(&OTHERS) {
            let is_signed_in = !matches!(*caller, "nobody" | "public" | "open");
            let requests = records(&method, is_signed_in).unwrap_or_else(|| reads.clone());
            let cell = cell(&of(caller), &method, &requests).await;
            row.insert((*caller).to_owned(), cell);
        }
        table.insert(method.name().to_owned(), row);
    }
    for server in servers {
        server.server.running.stop().await.expect("to stop");
    }
    assert!(
        page() == table,
        "the server does this:\n{}",
        written(&table)
    );
}

/// The table as the page has it, to be copied there: methods of the same cells in
/// one row.
fn written(table: &BTreeMap<String, Row>) -> String {
    let callers: Vec<&str> = ROLES.iter().chain(&OTHERS).copied().collect();
    let mut rows: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    for (method, row) in table {
        let cells = callers.iter().map(|caller| row[*caller].as_str());
        rows.entry(cells.collect()).or_default().push(method);
    }
    let mut text = format!(
        "| methods | {} |\n|{}\n",
        callers.join(" | "),
        "---|".repeat(12)
    );
    for (cells, methods) in rows {
        let quoted = |text: &&str| match *text {
            "yes" => "yes".to_owned(),
            reasons => format!("`{}`", reasons.replace(' ', "` `")),
        };
        let cells: Vec<String> = cells.iter().map(quoted).collect();
        let methods: Vec<String> = methods.iter().map(|name| format!("`{name}`")).collect();
        text += &format!("| {} | {} |\n", methods.join(", "), cells.join(" | "));
    }
    text
}
