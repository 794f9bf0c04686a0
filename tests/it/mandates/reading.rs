//! Two callers and every method, over real connections: what is withheld from one of them
//! is in no byte of any answer, and the proofs hold all the same.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use minutebook::audit::merkle::{Hash, leaf_hash};
use minutebook::audit::proof::verify_inclusion;
use minutebook::clock::Clock;
use minutebook::server::{ServerOptions, offline, start};
use minutebook::wire::proto::caller_service_client::CallerServiceClient;
use minutebook::wire::proto::{self, descriptors};
use prost::Message as _;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use serde_json::{Value, json};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

use super::secrets::{PROPOSAL, story, vote};
use crate::bare_codec::Bare;
use crate::given::{append, event, now, on_x};
use crate::grpc::dry_runs::{dry_run, refused_as};
use crate::grpc::test_server::{TestServer, options};
use crate::transport::certificates::{Ca, Pair};
use crate::transport::{SOON, channel, client};

/// The most requests of one method: of all proofs, and of many subjects.
const REQUESTS_MAX: usize = 40;

/// Longer than a subscription needs to catch up.
const QUIET: Duration = Duration::from_millis(400);

/// The register of the story behind TLS, in which certificates have mandates.
struct Kept {
    server: TestServer,
    _dir: tempfile::TempDir,
    auditor: Channel,
    reader: Channel,
    /// Records in the whole register, and reads all of it.
    clerk: Channel,
    /// Records in one collaboration, and reads what is not sensitive.
    junior: Channel,
    stranger: Channel,
    nobody: Channel,
    /// The entries of the story.
    entries: u64,
}

pub(super) fn options_of(data: &Path) -> ServerOptions {
    let mut options = options();
    options.data = data.to_owned();
    options
}

async fn recorded(data: &Path) -> u64 {
    let mut server = TestServer::connect_to(start(options_of(data)).await.expect("a start")).await;
    let mut last = 0;
    for (tag, event) in (1..).zip(story()) {
        last = server.record(append(tag, &[event])).await;
    }
    server.running.stop().await.expect("to stop");
    last
}

pub(super) fn granted(id: &str, role: &str, issuer: &str, value: &str, scope: Value) -> Value {
    let mut granted = json!({
        "mandateId": id,
        "holder": { "issuer": issuer, "certificate": value },
        "role": format!("MANDATE_ROLE_{role}"),
        "recordedAs": format!("Office {id}"),
    });
    for (field, value) in scope.as_object().unwrap() {
        granted[field] = value.clone();
    }
    event("register", "2026-11-01", "mandateGranted", granted)
}

async fn kept(public: bool) -> Kept {
    kept_by(public, &options().clock).await
}

async fn kept_by(public: bool, clock: &Clock) -> Kept {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    let entries = recorded(&data).await;
    let ca = Ca::new(dir.path(), "ca");
    let pair = |name: &str| ca.client(dir.path(), name, |_| {});
    let (keeper, auditor) = (pair("keeper"), pair("auditor"));
    let (reader, stranger) = (pair("reader"), pair("stranger"));
    let (clerk, junior) = (pair("clerk"), pair("junior"));
    let with_tls = || {
        let mut options = options_of(&data);
        let mut tls = ca.server(dir.path(), "server").options();
        tls.client_ca = Some(ca.file.clone());
        options.tls = Some(tls);
        options.public = public;
        options.clock = clock.clone();
        options
    };
    // Whom a certificate names is what the server says.
    let server = start(with_tls()).await.expect("a start");
    let on = server.address().socket().expect("TCP").port();
    let (issuer, value) = named(&connected(&ca, Some(&keeper), on).await).await;
    server.stop().await.expect("to stop");
    let holder = proto::Principal {
        issuer: issuer.clone(),
        name: Some(proto::principal::Name::Certificate(value)),
    };
    let mandate = proto::MandateGranted {
        mandate_id: "keeper".into(),
        holder: Some(holder),
        role: proto::MandateRole::Keeper.into(),
        recorded_as: "Keeper".into(),
        ..proto::MandateGranted::default()
    };
    offline::set_keeper(&data, mandate, &options().clock).expect("a keeper");
    let running = start(with_tls()).await.expect("a start");
    let on = running.address().socket().expect("TCP").port();
    let mut server = TestServer::by(running, connected(&ca, Some(&keeper), on).await);
    let scope = json!({ "bodyIds": ["a-pcc"] });
    for (tag, (id, role, scope)) in (1_000..).zip([
        ("auditor", "AUDITOR", json!({})),
        ("reader", "READER", scope.clone()),
        ("clerk", "RECORDER", json!({ "wholeRegister": true })),
        (
            "junior",
            "RECORDER",
            json!({ "collaborationIds": ["x"], "readsUpTo": "PROTECTIVE_MARKING_OFFICIAL" }),
        ),
    ]) {
        let name = format!("{id}.example.gov.uk");
        let mut request = append(tag, &[granted(id, role, &issuer, &name, scope)]);
        request.recorded_by.clear();
        server.record(request).await;
    }
    Kept {
        auditor: connected(&ca, Some(&auditor), on).await,
        reader: connected(&ca, Some(&reader), on).await,
        clerk: connected(&ca, Some(&clerk), on).await,
        junior: connected(&ca, Some(&junior), on).await,
        stranger: connected(&ca, Some(&stranger), on).await,
        nobody: connected(&ca, None, on).await,
        server,
        _dir: dir,
        entries,
    }
}

pub(super) async fn connected(ca: &Ca, pair: Option<&Pair>, port: u16) -> Channel {
    let channel = channel(client(ca, pair, &[b"h2"]), port).await;
    channel.expect("a connection")
}

/// The issuer and the name of the certificate of a caller.
pub(super) async fn named(channel: &Channel) -> (String, String) {
    let mut client = CallerServiceClient::new(channel.clone());
    let answer = client.who_am_i(proto::WhoAmIRequest {}).await;
    let principals = answer.expect("an answer").into_inner().principals;
    let principal = principals.first().expect("a principal");
    (principal.issuer.clone(), principal.value.clone())
}

/// The answer of a method: the bytes of its messages, and its status.
pub(super) struct Answered {
    pub(super) bytes: Vec<u8>,
    pub(super) status: Status,
}

pub(super) async fn call(
    channel: &Channel,
    method: &MethodDescriptor,
    request: Vec<u8>,
) -> Answered {
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.expect("a connection");
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = http::uri::PathAndQuery::try_from(path).expect("a path");
    let requests = futures::stream::iter([Bytes::from(request)]);
    let streaming = client.streaming(tonic::Request::new(requests), path, Bare);
    let mut bytes = Vec::new();
    // A subscription has no end.
    let has_end = method.name() != "Subscribe";
    let begun = Instant::now();
    let mut messages = match streaming.await {
        Ok(response) => response.into_inner(),
        Err(status) => return Answered { bytes, status },
    };
    loop {
        match tokio::time::timeout(QUIET, messages.message()).await {
            Ok(Ok(Some(message))) => bytes.extend(message),
            Ok(Ok(None)) => break,
            Ok(Err(status)) => return Answered { bytes, status },
            Err(_) => {}
        }
        if !has_end && begun.elapsed() > QUIET {
            break;
        }
    }
    let status = Status::new(Code::Ok, "");
    Answered { bytes, status }
}

impl Answered {
    fn has(&self, word: &str) -> bool {
        let has = |bytes: &[u8]| {
            let mut windows = bytes.windows(word.len());
            windows.any(|window| window == word.as_bytes())
        };
        has(&self.bytes) || has(self.status.message().as_bytes()) || has(self.status.details())
    }
}

/// The values that a field of a request may have.
fn values(field: &str, entries: u64) -> Vec<Value> {
    let subjects = [
        "collaborations/x",
        "collaborations/hidden",
        "boards/joint",
        "boards/hidden",
        "bodies/a-pcc",
        "bodies/c-pcc",
    ];
    match field {
        "subject" => subjects.iter().map(|one| json!(one)).collect(),
        "collaborationId" => vec![json!("x"), json!("hidden")],
        "bodyId" | "partyId" => vec![json!("a-pcc"), json!("b-pcc"), json!("c-pcc")],
        "boardId" => vec![json!("joint"), json!("hidden")],
        "meetingId" => vec![json!("m1"), json!("m2")],
        "proposalId" => vec![json!(PROPOSAL)],
        "text" => vec![json!("canar"), json!("board"), json!("x")],
        "position" => (1..=entries).map(|n| json!(n.to_string())).collect(),
        "from" => vec![
            json!({ "position": "14" }),
            json!({ "date": { "year": 2013, "month": 6, "day": 1 } }),
        ],
        "asOf" => vec![json!({ "asKnownAtPosition": (entries - 1).to_string() })],
        "includePast" | "includeEnded" | "includeClosed" | "withState" | "includeSucceeded" => {
            vec![json!(true)]
        }
        "financialYear" => vec![json!("2014/15")],
        "events" => statements(),
        "requestId" => vec![json!("0190a000-0000-7000-8000-0000000000aa")],
        "validateOnly" => vec![json!(true)],
        _ => Vec::new(),
    }
}

/// Events about what is withheld, which every rule has something to say of.
fn statements() -> Vec<Value> {
    let payment = json!({ "paymentId": "p", "bodyId": "b-pcc", "financialYear": "2014/15", "amountPence": "1" });
    let one = |event| json!([event]);
    vec![
        one(vote("")),
        one(on_x(
            "2014-03-09",
            "voteCast",
            json!({ "proposalId": PROPOSAL, "choice": "VOTE_CHOICE_REJECT",
            "voter": { "bodyId": "a-pcc" } }),
        )),
        one(on_x(
            "2014-03-09",
            "agreementSigned",
            json!({ "instrumentId": "secret", "bodyId": "a-pcc" }),
        )),
        one(on_x(
            "2014-03-09",
            "instrumentDrafted",
            json!({ "instrumentId": "secret", "title": "Mine",
            "kind": "INSTRUMENT_KIND_OTHER", "partyIds": ["a-pcc"] }),
        )),
        one(on_x(
            "2014-03-09",
            "riskClosed",
            json!({ "riskId": "marked-later", "outcome": "None" }),
        )),
        one(on_x(
            "2014-03-09",
            "entryCorrected",
            json!({ "position": "25", "reason": "None" }),
        )),
        one(event(
            "collaborations/hidden",
            "2014-03-09",
            "contributionPaid",
            payment,
        )),
        one(event(
            "collaborations/hidden",
            "2014-03-09",
            "collaborationEstablished",
            json!({ "name": "Mine", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["a-pcc"] }),
        )),
        one(event(
            "boards/hidden",
            "2014-03-09",
            "boardEnded",
            json!({}),
        )),
    ]
}

/// Every request that these values of its fields give, and the empty one.
pub(super) fn requests(method: &MethodDescriptor, entries: u64) -> Vec<Vec<u8>> {
    let input = method.input();
    let mut all = vec![json!({})];
    for field in input.fields() {
        let values = values(field.json_name(), entries);
        let mut longer = Vec::new();
        for value in &values {
            longer.extend(all.iter().map(|request: &Value| {
                let mut request = request.clone();
                request[field.json_name()] = value.clone();
                request
            }));
        }
        all.extend(longer);
    }
    if method.name().starts_with("Append") {
        all.retain(|request| request["validateOnly"] == json!(true));
    }
    // Enough of them, spread evenly.
    let step = all.len().div_ceil(REQUESTS_MAX).max(1);
    let encoded = all.into_iter().step_by(step).map(|request| {
        let message = DynamicMessage::deserialize(input.clone(), request);
        message.expect("a request").encode_to_vec()
    });
    encoded.collect()
}

pub(super) fn methods() -> Vec<MethodDescriptor> {
    let services = descriptors().services();
    let own = services.filter(|service| service.package_name() == "minutebook.v1");
    let own = own.filter(|service| service.name() != "WitnessService");
    own.flat_map(|service| service.methods().collect::<Vec<_>>())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_method_says_what_is_withheld() {
    let kept = kept(false).await;
    let mut shown = BTreeSet::new();
    let mut calls = 0;
    for method in methods() {
        for request in requests(&method, kept.entries) {
            calls += 1;
            let whole = call(&kept.auditor, &method, request.clone()).await;
            if whole.has("CANARY") {
                shown.insert(method.name().to_owned());
            }
            for (name, channel) in [("reader", &kept.reader), ("stranger", &kept.stranger)] {
                let answer = call(channel, &method, request.clone()).await;
                let said = || {
                    let message = DynamicMessage::decode(method.input(), &*request).unwrap();
                    let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                    format!(
                        "{name}: {} {message}: {text} {:?}",
                        method.full_name(),
                        answer.status
                    )
                };
                assert!(!answer.has("CANARY"), "{}", said());
            }
        }
    }
    assert!(calls > 300, "{calls}");
    // The same calls do say it to those who may hear it.
    for method in [
        "ReadHistory",
        "Subscribe",
        "GetInclusionProof",
        "ExportLog",
        "StateAt",
        "Replay",
        "Diff",
        "ListCollaborations",
        "GetCollaboration",
        "ListBoards",
        "GetBoard",
        "GetMeeting",
        "FindSubjects",
        "ListApprovals",
        "GetProposal",
        "ListDecisions",
    ] {
        assert!(shown.contains(method), "{method} is not in {shown:?}");
    }
    kept.server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn positions_have_no_gap_and_withheld_entries_are_proved_by_their_hash() {
    let kept = kept(false).await;
    let mut audit = proto::audit_service_client::AuditServiceClient::new(kept.reader.clone());
    let history = audit
        .read_history(proto::ReadHistoryRequest::default())
        .await;
    let mut history = history.expect("a history").into_inner();
    let (mut next, mut withheld) = (1, Vec::new());
    while let Some(answer) = history.message().await.expect("an entry") {
        match (answer.entry, answer.withheld) {
            (Some(entry), None) => assert_eq!(entry.position, next),
            (None, Some(entry)) => {
                assert_eq!(entry.position, next);
                assert_eq!((answer.summary.as_str(), answer.marking), ("", 0));
                withheld.push(entry);
            }
            other => panic!("{other:?}"),
        }
        next += 1;
    }
    assert_eq!(
        next - 1,
        kept.entries + 5,
        "all of the story and five mandates"
    );
    assert!(withheld.len() > 8, "{}", withheld.len());
    for entry in withheld {
        let asked = proto::GetInclusionProofRequest {
            position: entry.position,
            tree_size: 0,
        };
        let proof = audit
            .get_inclusion_proof(asked)
            .await
            .expect("a proof")
            .into_inner();
        assert_eq!(proof.leaf_hash, entry.leaf_hash);
        assert_eq!(proof.record, Vec::<u8>::new());
        let hash = |bytes: &[u8]| Hash::from_bytes(bytes.try_into().expect("32 bytes"));
        let path: Vec<Hash> = proof.hashes.iter().map(|bytes| hash(bytes)).collect();
        verify_inclusion(
            hash(&proof.leaf_hash),
            proof.leaf_index,
            proof.tree_size,
            &path,
            hash(&proof.root),
        )
        .expect("a proof that holds");
        // The auditor has the entry of this hash.
        let mut whole = proto::audit_service_client::AuditServiceClient::new(kept.auditor.clone());
        let whole = whole
            .get_inclusion_proof(asked)
            .await
            .expect("a proof")
            .into_inner();
        assert_eq!(leaf_hash(&whole.record).as_bytes(), &*proof.leaf_hash);
    }
    kept.server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_without_a_mandate_but_what_is_public() {
    let ask = async |channel: &Channel| {
        let mut register =
            proto::register_service_client::RegisterServiceClient::new(channel.clone());
        register
            .list_collaborations(proto::ListCollaborationsRequest::default())
            .await
    };
    let private = kept(false).await;
    let refused = ask(&private.stranger).await.expect_err("no mandate");
    assert_eq!(refused.code(), Code::PermissionDenied);
    let info = refused.get_details_error_info().expect("a reason");
    assert_eq!(info.reason, "READING_NOT_MANDATED");
    let refused = ask(&private.nobody).await.expect_err("nobody is signed in");
    assert_eq!(refused.code(), Code::Unauthenticated);
    private.server.running.stop().await.expect("to stop");

    let public = kept(true).await;
    for channel in [&public.stranger, &public.nobody] {
        let answer = ask(channel).await.expect("an answer").into_inner();
        assert_eq!(answer.collaborations.len(), 2);
        assert!(answer.answered_from.expect("it says from what").withheld);
        let mut record = proto::record_service_client::RecordServiceClient::new(channel.clone());
        let refused = record
            .append(append(9, &[vote("")]))
            .await
            .expect_err("no mandate");
        assert_ne!(refused.code(), Code::Ok);
    }
    let mut record = proto::record_service_client::RecordServiceClient::new(public.nobody.clone());
    let refused = record
        .append(append(9, &[vote("")]))
        .await
        .expect_err("nobody is signed in");
    assert_eq!(refused.code(), Code::Unauthenticated);
    public.server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_ends_with_the_mandate() {
    let mut kept = kept(false).await;
    let mut messages = followed(&kept.reader).await;
    kept.revoke_reader_on("2026-11-20").await;
    assert_eq!(end(&mut messages).await.code(), Code::PermissionDenied);
    kept.server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_subscription_ends_on_the_day_on_which_the_mandate_does() {
    let hours = Arc::new(AtomicI64::new(0));
    let clock = {
        let hours = Arc::clone(&hours);
        Clock::new(move || now() + jiff::SignedDuration::from_hours(hours.load(Ordering::SeqCst)))
    };
    let mut kept = kept_by(false, &clock).await;
    kept.revoke_reader_on("2026-11-25").await;
    let mut messages = followed(&kept.reader).await;
    hours.store(24, Ordering::SeqCst);
    // The last day of the mandate.
    let beat = messages.message().await.expect("it goes on");
    assert!(beat.is_some());
    hours.store(48, Ordering::SeqCst);
    assert_eq!(end(&mut messages).await.code(), Code::PermissionDenied);
    kept.server.running.stop().await.expect("to stop");
}

/// A subscription that has caught up.
async fn followed(channel: &Channel) -> Streaming<proto::SubscribeResponse> {
    let mut audit = proto::audit_service_client::AuditServiceClient::new(channel.clone());
    let subscribed = audit.subscribe(proto::SubscribeRequest::default()).await;
    let mut messages = subscribed.expect("a subscription").into_inner();
    loop {
        let message = messages.message().await.expect("a message");
        let message = message.expect("no end").message;
        if let Some(proto::subscribe_response::Message::CaughtUpToPosition(_)) = message {
            return messages;
        }
    }
}

async fn end(messages: &mut Streaming<proto::SubscribeResponse>) -> Status {
    let ends = async {
        loop {
            match messages.message().await {
                Ok(message) => drop(message.expect("an end says why")),
                Err(status) => return status,
            }
        }
    };
    tokio::time::timeout(SOON, ends).await.expect("an end")
}

impl Kept {
    async fn revoke_reader_on(&mut self, day: &str) {
        let revoked = json!({ "mandateId": "reader", "reason": "Over" });
        let revoked = event("register", day, "mandateRevoked", revoked);
        let mut request = append(2_000, &[revoked]);
        request.recorded_by.clear();
        self.server.record(request).await;
    }
}

/// The reasons for which an append of one event is refused, those of its explanation, and
/// those of its dry run.
async fn reasons(channel: &Channel, tag: u128, event: &Value) -> [Vec<String>; 3] {
    let mut record = proto::record_service_client::RecordServiceClient::new(channel.clone());
    let request = unsigned(append(tag, std::slice::from_ref(event)));
    let events = request.events.clone();
    let refused = record.append(request.clone()).await;
    let appended = violations(&refused.expect_err("a refusal"));
    let explained = record.explain(proto::ExplainRequest { events }).await;
    let explained = explained.expect("an explanation").into_inner();
    let refusals = explained
        .explanations
        .into_iter()
        .flat_map(|one| one.findings);
    let explained = refusals.map(|finding| finding.reason).collect();
    let answers = dry_run(&mut record, vec![request]).await;
    let refusal = answers.into_iter().next().expect("an answer");
    let refusal = refused_as(refusal).expect("a refusal");
    [appended, explained, violations(&refusal)]
}

fn violations(refused: &Status) -> Vec<String> {
    let violations = refused.get_details_precondition_failure();
    let violations = violations
        .unwrap_or_else(|| panic!("{refused:?}"))
        .violations;
    violations
        .into_iter()
        .map(|violation| violation.r#type)
        .collect()
}

fn unsigned(mut request: proto::AppendRequest) -> proto::AppendRequest {
    request.recorded_by.clear();
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_goes_on_from_what_its_caller_may_read() {
    let kept = kept(false).await;
    let mut record = proto::record_service_client::RecordServiceClient::new(kept.junior.clone());
    let raised = |what: &str| risk_event("riskRaised", json!({ "riskId": "mine", "what": what }));
    let closed = risk_event("riskClosed", json!({ "riskId": "mine", "outcome": "Over" }));
    let requests = [
        append(5_001, std::slice::from_ref(&closed)),
        append(5_002, &[raised("A draught")]),
        append(5_003, &[raised("Another")]),
        append(5_004, &[vote("Mine")]),
        append(5_005, &[closed]),
    ];
    let answers = dry_run(&mut record, requests.map(unsigned).to_vec()).await;
    assert!(answers.iter().all(|answer| {
        answer.answered_from.as_ref().expect("a place").withheld
            && !answer
                .encode_to_vec()
                .windows(6)
                .any(|six| six == b"CANARY")
    }));
    let outcomes = answers.into_iter().map(|answer| {
        let taken = answer.explanations.iter().all(|one| one.would_be_taken);
        match refused_as(answer) {
            Some(refusal) => violations(&refusal).join(" "),
            None if taken => "taken".to_owned(),
            None => "an explanation that differs".to_owned(),
        }
    });
    let outcomes: Vec<String> = outcomes.collect();
    assert_eq!(
        outcomes,
        ["UNKNOWN_ITEM", "taken", "ID_TAKEN", "NOT_MANDATED", "taken"]
    );
    kept.server.running.stop().await.expect("to stop");
}

/// A caller who may grant mandates does not learn by one what the register withholds, unless
/// an entry says so.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_tries_on_a_mandate() {
    let mut kept = kept(false).await;
    let listed = proto::ListMandatesRequest::default();
    let listed = kept.server.register.list_mandates(listed).await;
    let mandates = listed.expect("mandates").into_inner().mandates;
    let keeper = mandates.iter().find(|one| one.mandate_id == "keeper");
    let holder = keeper.and_then(|keeper| keeper.holder.clone());
    let holder = holder.expect("a holder");
    let Some(proto::principal::Name::Certificate(name)) = &holder.name else {
        panic!("{holder:?}")
    };
    let scope = json!({ "wholeRegister": true });
    let grant = granted("own", "RECORDER", &holder.issuer, name, scope);
    let probe = risk_event(
        "riskRaised",
        json!({ "riskId": "probe", "what": "A probe" }),
    );
    let together = unsigned(append(6_001, &[grant.clone(), probe.clone()]));
    let requests = vec![
        together.clone(),
        unsigned(append(6_002, std::slice::from_ref(&grant))),
        unsigned(append(6_003, std::slice::from_ref(&probe))),
    ];
    let answers = dry_run(&mut kept.server.record, requests).await;
    let refusals: Vec<_> = answers.into_iter().map(refused_as).collect();
    let [at_once, granted, after] = refusals.as_slice() else {
        panic!("{refusals:?}")
    };
    for refused in [at_once, after] {
        assert_eq!(
            violations(refused.as_ref().expect("refused")),
            ["NOT_MANDATED"]
        );
    }
    assert!(granted.is_none(), "{granted:?}");
    let refused = kept.server.record.append(together).await;
    assert_eq!(violations(&refused.expect_err("refused")), ["NOT_MANDATED"]);
    // With an entry that says so, it counts.
    kept.server.record(unsigned(append(6_004, &[grant]))).await;
    kept.server.record(unsigned(append(6_005, &[probe]))).await;
    kept.server.running.stop().await.expect("to stop");
}

fn risk_event(kind: &str, payload: Value) -> Value {
    on_x("2014-03-09", kind, payload)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_explained_by_what_its_caller_may_read() {
    let kept = kept(false).await;
    let again = on_x(
        "2014-03-09",
        "riskRaised",
        json!({ "riskId": "marked-later", "what": "Mine" }),
    );
    let unknown = on_x(
        "2014-03-09",
        "riskClosed",
        json!({ "riskId": "none", "outcome": "None" }),
    );
    let table: [(&Channel, &Value, &str); 4] = [
        (&kept.clerk, &again, "ID_TAKEN"),
        (&kept.junior, &again, "WITHHELD"),
        (&kept.clerk, &unknown, "UNKNOWN_ITEM"),
        (&kept.junior, &unknown, "UNKNOWN_ITEM"),
    ];
    for (tag, (channel, event, reason)) in (3_000..).zip(table) {
        assert_eq!(
            reasons(channel, tag, event).await,
            [(); 3].map(|()| vec![reason.to_owned()])
        );
    }
    kept.server.running.stop().await.expect("to stop");
}
