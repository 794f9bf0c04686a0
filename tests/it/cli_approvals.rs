//! Approvals on the command line: awaited approvers, dry-run refusals and their
//! reasons, the amounts approved, made and left, and breaches.

use minutebook::wire::json;
use minutebook::wire::proto;
use serde_json::{Value, json};

use crate::given::{append, bodies, collaboration, date, on_x};
use crate::program::{Serving, fails, fed, register};

const REQUEST: &str = "0193aaaa-0000-7000-8000-000000000001";
const CFO: &str = "Chief Finance Officer";

/// Three commissioners, a budget and rules: an office decides up to £10,000; above
/// that, every commissioner must agree.
fn rules() -> Vec<Value> {
    let service = |id: &str| {
        on_x(
            "2013",
            "serviceAdded",
            json!({ "serviceId": id, "name": id }),
        )
    };
    let line = |id: &str| json!({ "serviceId": id, "amountPence": "100000000" });
    let mut events = bodies();
    events.extend([
        collaboration(&["a-pcc", "b-pcc", "c-pcc"]),
        service("dogs"),
        service("vetting"),
        on_x(
            "2020-02",
            "budgetApproved",
            json!({ "figures": {
                "financialYear": "2020/21", "lines": [line("dogs"), line("vetting")],
            } }),
        ),
        on_x(
            "2020-03-01",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "scheme", "rules": [
                {
                    "ruleId": "small",
                    "title": "Virements up to £10,000",
                    "conditions": {
                        "matterKinds": ["MATTER_KIND_MAKE_VIREMENT"],
                        "amountUpToPence": "1000000",
                    },
                    "requirement": { "office": { "bodyId": "b-pcc", "office": CFO } },
                },
                {
                    "ruleId": "large",
                    "title": "Virements above £10,000",
                    "conditions": { "matterKinds": ["MATTER_KIND_MAKE_VIREMENT"] },
                    "requirement": { "everyPolicingBody": {} },
                },
            ] }),
        ),
    ]);
    events
}

fn virement(pence: i64) -> Value {
    let side = |id: &str| json!({ "head": { "serviceId": id }, "amountPence": pence.to_string() });
    json!({
        "financialYear": "2020/21",
        "sources": [side("vetting")],
        "targets": [side("dogs")],
        "permanence": "PERMANENCE_ONE_OFF",
    })
}

fn requested() -> Value {
    let mut event = on_x(
        "2020-05-02",
        "virementRequested",
        json!({
            "proposalId": REQUEST,
            "virement": virement(5_000_000),
            "reason": "Vetting spends less",
            "title": "Dogs before vetting",
        }),
    );
    event["actedBy"] = json!({ "bodyId": "a-pcc", "office": CFO });
    event
}

fn vote(body: &str, on: &str) -> Value {
    on_x(
        on,
        "voteCast",
        json!({
            "proposalId": REQUEST,
            "voter": { "bodyId": body },
            "choice": "VOTE_CHOICE_APPROVE",
        }),
    )
}

fn made(id: &str, pence: i64, authority: Value) -> Value {
    let mut event = on_x(
        "2020-07-15",
        "virementMade",
        json!({ "virementId": id, "virement": virement(pence) }),
    );
    event["authority"] = authority;
    event
}

fn on_request() -> Value {
    json!({ "proposalId": REQUEST })
}

/// A file with one request for each group of events.
fn file(tag: u128, groups: &[&[Value]]) -> String {
    let requests = groups.iter().zip(tag..);
    let texts = requests.map(|(events, tag)| json::to_string(&append(tag, events)));
    texts.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn record(serving: &Serving, tag: u128, groups: &[&[Value]]) {
    let output = fed(serving, &["record", "-"], &file(tag, groups));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}

/// A register in which one of three commissioners has agreed.
fn awaiting() -> (Serving, tempfile::TempDir) {
    let (serving, dir) = register();
    record(&serving, 1, &[&rules()]);
    record(
        &serving,
        2,
        &[&[requested()], &[vote("b-pcc", "2020-05-10")]],
    );
    (serving, dir)
}

/// The words of a table, however its lines are broken.
fn words_of(serving: &Serving, arguments: &[&str]) -> String {
    let table = serving.prints(arguments);
    let words = table.split(|c: char| c.is_whitespace() || "│┆".contains(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[track_caller]
fn says(text: &str, all: &[&str]) {
    for sentence in all {
        assert!(text.contains(sentence), "{sentence:?} is not in\n{text}");
    }
}

fn entries(serving: &Serving) -> usize {
    let history = serving.prints(&["history", "--format", "json"]);
    history.lines().count()
}

#[test]
fn outstanding_proposals_name_who_is_awaited_and_since_when() {
    let (serving, _dir) = awaiting();
    let show = [
        "show",
        "approvals",
        "x",
        "--outstanding",
        "--as-at",
        "2020-05-12",
    ];
    let table = words_of(&serving, &show);
    says(
        &table,
        &["Dogs before", "2020-05-02", " 10 ", "£50,000", "c-pcc"],
    );
    let awaiting = |body: &str| {
        let json = serving.prints(&[&show[..], &["--body", body, "--format", "json"]].concat());
        let answer: proto::ListApprovalsResponse =
            json::from_str(&json).expect("the answer of the RPC");
        answer.approvals.len()
    };
    assert_eq!((awaiting("bodies/c-pcc"), awaiting("b-pcc")), (1, 0));

    let line = serving.prints(&["show", "approvals", "--format", "csv"]);
    says(&line, &["large", REQUEST]);
    let json = serving.prints(&["show", "proposal", REQUEST, "--format", "json"]);
    let full: proto::GetProposalResponse = json::from_str(&json).expect("the answer");
    let position = full
        .proposal
        .and_then(|receipt| receipt.approval)
        .expect("it")
        .position;
    // By the entry that proposes it, and by the vote after it.
    for entry in [position, position + 1] {
        let table = words_of(&serving, &["show", "proposal", &entry.to_string()]);
        says(
            &table,
            &[
                "Virements above £10,000",
                REQUEST,
                "Who must agree",
                "2020-05-10",
            ],
        );
    }
    fails(
        &serving.run(&["show", "proposal", "1"]),
        1,
        "Entry 1 is about no proposal",
    );
    fails(
        &serving.run(&["show", "proposal", "999999"]),
        1,
        "no entry 999999",
    );
    fails(&serving.run(&["show", "proposal", "dogs"]), 2, "UUID");
}

#[test]
fn explain_shows_refusals_and_records_nothing() {
    let (serving, _dir) = awaiting();
    let before = entries(&serving);
    let early = file(10, &[&[made("v-1", 3_000_000, on_request())]]);
    let output = fed(&serving, &["explain", "-"], &early);
    assert_eq!(output.status.code(), Some(1), "as record would end");
    let table = String::from_utf8_lossy(&output.stdout);
    says(
        &table,
        &[
            "would be",
            "refused",
            "NOT_CARRIED",
            "c-pcc",
            "Virements above £10,000",
        ],
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    says(&stderr, &["would be refused"]);
    assert_eq!(
        fed(&serving, &["record", "-"], &early).status.code(),
        Some(1)
    );

    // The missing votes, each in its own request, and then the act.
    let whole = file(
        20,
        &[
            &[vote("a-pcc", "2020-06-01")],
            &[vote("c-pcc", "2020-06-02")],
            &[made("v-1", 3_000_000, on_request())],
        ],
    );
    let output = fed(&serving, &["explain", "-"], &whole);
    let table = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{table}");
    says(
        &table,
        &["append 3, event 1", "£50,000", "Everything would be taken."],
    );
    says(
        &table,
        &["judged after those before it, on the register at position"],
    );
    let json = fed(&serving, &["explain", "--format", "json", "-"], &whole);
    let lines = String::from_utf8(json.stdout).expect("text");
    for line in lines.lines() {
        let answer: proto::ExplainResponse = json::from_str(line).expect("an answer a line");
        assert_eq!(answer.explanations.len(), 1);
    }
    assert_eq!(lines.lines().count(), 3);
    assert_eq!(entries(&serving), before, "nothing was recorded");

    record(&serving, 20, &[&[vote("a-pcc", "2020-06-01")]]);
    let again = fed(&serving, &["explain", "-"], &whole);
    let table = String::from_utf8_lossy(&again.stdout);
    assert_eq!(again.status.code(), Some(0), "{table}");
    says(&table, &["1 append is recorded already"]);
    let only = file(20, &[&[vote("a-pcc", "2020-06-01")]]);
    let again = fed(&serving, &["explain", "-"], &only);
    assert_eq!(again.status.code(), Some(0));
    says(
        &String::from_utf8_lossy(&again.stdout),
        &["1 append is recorded already"],
    );
    let other = file(20, &[&[vote("c-pcc", "2020-06-01")]]);
    fails(
        &fed(&serving, &["explain", "-"], &other),
        1,
        "cannot be explained",
    );
    fails(&fed(&serving, &["explain", "-"], "{\n x }"), 4, "line 2");
}

#[test]
fn tables_show_amounts_approved_made_and_left_and_breaches() {
    let (serving, _dir) = awaiting();
    let breach = json!({ "acknowledgedBreach": { "reason": "The kennels were flooded" } });
    record(
        &serving,
        30,
        &[
            &[vote("a-pcc", "2020-06-01"), vote("c-pcc", "2020-06-02")],
            &[made("v-1", 3_000_000, on_request())],
            &[made("v-2", 7_000_000, breach)],
        ],
    );
    let table = words_of(&serving, &["show", "virements", "x"]);
    says(
        &table,
        &[
            "Dogs before vetting",
            "£50,000",
            "£30,000",
            "£20,000",
            "└ v-1",
            "└ v-2",
        ],
    );
    let table = words_of(&serving, &["show", "breaches", "collaborations/x"]);
    says(
        &table,
        &[
            "£70,000",
            "Virements above £10,000",
            "The kennels were flooded",
        ],
    );
    says(
        &table,
        &["Regional collaboration team", "APPROVAL_REQUIRED"],
    );
    says(
        &words_of(&serving, &["show", "breaches", "bodies/a-pcc"]),
        &["None is on record."],
    );
    let table = words_of(&serving, &["show", "collaboration", "x"]);
    says(
        &table,
        &[
            "Virements up to £10,000",
            "Virements above £10,000",
            "scheme",
        ],
    );
    let history = words_of(&serving, &["history", "x"]);
    says(&history, &["[acknowledged breach]"]);
}

#[test]
fn a_notice_is_shown_until_its_day_and_afterwards_only_when_asked_for() {
    let (serving, _dir) = awaiting();
    let given = on_x(
        "2020-08-01",
        "noticeGiven",
        json!({
            "noticeId": "n-1",
            "bodyId": "c-pcc",
            "capacity": "NOTICE_CAPACITY_PARTY",
            "takesEffectOn": date("2021-08-01"),
            "reason": "Costs",
        }),
    );
    record(&serving, 30, &[&[given]]);
    let table = words_of(&serving, &["show", "notices", "--as-at", "2021-07-02"]);
    says(&table, &["n-1", "2021-08-01", " 30 ", "running"]);
    let table = words_of(&serving, &["show", "notices"]);
    says(&table, &["There are none."]);
    let table = words_of(&serving, &["show", "notices", "x", "--all"]);
    says(&table, &["n-1"]);
}

/// A view, and the parser of its answer.
type Shown = (&'static [&'static str], fn(&str));

fn reads<T: prost::Name + Default>(text: &str) {
    json::from_str::<T>(text).expect("the answer of the RPC");
}

const SHOWS: &[Shown] = &[
    (&["approvals"], reads::<proto::ListApprovalsResponse>),
    (&["proposal", REQUEST], reads::<proto::GetProposalResponse>),
    (&["virements"], reads::<proto::ListVirementsResponse>),
    (&["breaches"], reads::<proto::ListBreachesResponse>),
    (&["notices", "--all"], reads::<proto::ListNoticesResponse>),
];

#[test]
fn every_view_of_approvals_is_read_by_people_and_by_programs() {
    let (serving, _dir) = awaiting();
    for (words, reads) in SHOWS {
        let show =
            |format: &str| serving.prints(&[&["show"], *words, &["--format", format]].concat());
        reads(&show("json"));
        says(&show("table"), &["As the register stands at position"]);
        let csv = show("csv");
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        for row in reader.records() {
            row.expect("as many cells as columns");
        }
    }
}
