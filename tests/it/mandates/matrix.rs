//! Every kind of event against every role: the table of `docs/rules.md`, each cell just
//! inside and just outside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use minutebook::domain::admit::{Context, Refusal, admit};
use minutebook::domain::caller::Caller;
use minutebook::domain::entry::{Entry, RecordedCaller, RequestPart};
use minutebook::domain::event::Kind;
use minutebook::domain::ids::Revision;
use minutebook::domain::register::Register;
use minutebook::domain::rule::Rule;
use minutebook::wire::request::{append_command, append_command_of};
use serde_json::{Value, json};

use super::{ROLES, caller, grant};
use crate::given::{append, now};
use crate::wire::sample;

/// The needs of a role beside its scope.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Never,
    Allowed,
    /// With a document.
    Documented,
}

/// A row of the page: the kinds, whether it is of a board or of a body (`None` for both),
/// and its cells by role.
type Row = (BTreeSet<String>, Option<bool>, [Cell; 4]);

/// The table of the page.
fn page() -> Vec<Row> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md"));
    let text = text.unwrap();
    let lines = text
        .lines()
        .skip_while(|line| !line.starts_with("| events | registrar |"));
    let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    let mut table = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let named = cells[0].split('`').skip(1).step_by(2).map(str::to_owned);
        let named: BTreeSet<String> = named.collect();
        if !cells[0].starts_with("the same") {
            kinds = named;
        }
        let of_board = cells[0].ends_with("of a board");
        let of_body = cells[0].contains("of a body");
        let of = (of_board || of_body).then_some(of_board);
        let cell = |text: &str| match text {
            "" => Cell::Never,
            "yes" => Cell::Allowed,
            "document" => Cell::Documented,
            other => panic!("{other}"),
        };
        let allowed = [1, 2, 3, 4].map(|column| cell(cells[column]));
        table.push((kinds.clone(), of, allowed));
    }
    table
}

/// The cells of an event.
fn cells(table: &[Row], kind: &str, is_of_board: bool) -> [Cell; 4] {
    let of_kind = |row: &&Row| row.0.contains(kind) && row.1.is_none_or(|of| of == is_of_board);
    let row = table.iter().find(of_kind).or_else(|| table.last());
    let (kinds, _, cells) = row.unwrap();
    assert!(
        kinds.contains(kind) || kinds.is_empty(),
        "{kind} has no row"
    );
    *cells
}

/// The names in an event that a mandate has to cover.
#[derive(Clone, Debug, Default)]
struct Named {
    board: Option<String>,
    speakers: Vec<Value>,
    reported: Vec<Value>,
}

fn body(id: &Value) -> Value {
    json!({ "bodyId": id })
}

fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

/// Read from the JSON alone, by the words of the page.
fn named(kind: &str, event: &Value) -> Named {
    let field = &event[camel(kind)];
    let mut named = Named {
        board: event["subject"]
            .as_str()
            .unwrap()
            .strip_prefix("boards/")
            .map(str::to_owned),
        speakers: items(&event["actedBy"]),
        reported: Vec::new(),
    };
    let mut speak = |ids: &Value| named.speakers.extend(items(ids).iter().map(body));
    match kind {
        "vote_cast" => named.speakers.extend(items(&field["voter"])),
        "agreement_signed" => {
            let office = &field["office"];
            for id in items(&field["bodyId"])
                .iter()
                .chain(&items(&field["alsoBodyIds"]))
            {
                let mut signer = body(id);
                if !office.is_null() {
                    signer["office"] = office.clone();
                }
                named.speakers.push(signer);
            }
            named.reported.extend(items(&field["onBehalfBy"]));
        }
        "disposal_confirmed" | "notice_given" => speak(&field["bodyId"]),
        "external_decision_received" => speak(&field["deciderId"]),
        "direction_issued" => named.speakers.extend(items(&field["issuer"])),
        "delegation_made" | "delegation_revoked" => {
            speak(&field["fromBodyId"]);
            let own = event["subject"].as_str().unwrap().strip_prefix("bodies/");
            if field["fromBodyId"].is_null() && field["fromBoardId"].is_null() {
                speak(&json!(own));
            }
        }
        _ => {}
    }
    let mut report = |ids: &Value| named.reported.extend(items(ids).iter().map(body));
    for list in [
        "agreedByIds",
        "waivedByIds",
        "exercisedById",
        "payerId",
        "payeeIds",
    ] {
        report(&field[list]);
        report(&field["basis"][list]);
        report(&field["variation"][list]);
    }
    report(&field["paidInLieu"]["acceptedByIds"]);
    if matches!(kind, "party_joined" | "party_withdrew") {
        report(&field["bodyId"]);
    }
    let board = match kind {
        "matter_proposed" | "virement_requested" | "decision_made" | "virement_approved"
        | "decision_called_in" => &field["boardId"],
        "delegation_made" => &field["fromBoardId"],
        _ => &Value::Null,
    };
    if let Some(board) = board.as_str() {
        named.board = Some(board.to_owned());
    }
    named
}

fn camel(kind: &str) -> String {
    let mut words = kind.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| {
        name + &word[..1].to_uppercase() + &word[1..]
    })
}

/// A register with a keeper, and a mandate that nothing has judged.
fn holding(role: &str, scope: Value) -> Register {
    let mut register = Register::default();
    for granted in [
        grant("keepers", "keeper", json!({})),
        grant("g", role, scope),
    ] {
        let command = append_command(&append(1, &[granted])).expect("a mandate");
        let at = now();
        register.apply(Arc::new(Entry {
            salt: None,
            position: register.tail().next(),
            revision: Revision::new(register.tail().get() + 1),
            recorded_at: at,
            recorded_on: "2026-11-23".parse().unwrap(),
            recorded_by: "Keeper".into(),
            request: command.request,
            request_part: RequestPart { index: 0, count: 1 },
            caller: RecordedCaller::Store,
            event: command.events.into_iter().next().unwrap(),
        }));
    }
    register
}

/// Whether rule 0 allows an event; `None` if it cannot be read.
fn allows(register: &Register, by: &Caller, event: &Value) -> Option<bool> {
    let request = json!({
        "requestId": "01930000-0000-7000-8000-000000000009",
        "events": [event],
    });
    let append = minutebook::wire::json::from_value(request).ok()?;
    let command = append_command_of(&append, by.clone()).ok()?;
    let context = Context::at(now());
    let of_caller = |refusal: Refusal| match refusal {
        Refusal::Rules(findings) => {
            let mut findings = findings.iter();
            findings.any(|finding| finding.fault.rule() == Rule::Mandates)
        }
        Refusal::Stale(_) => false,
    };
    Some(!admit(register, &command, &context).is_err_and(of_caller))
}

/// The parts of a scope, each of which an event needs; the last of each pair is its field.
fn scope_of(
    role: &str,
    event: &Value,
    named: &Named,
    is_outside: bool,
) -> Vec<(Value, &'static str)> {
    let mut parts = Vec::new();
    let subject = event["subject"].as_str().unwrap();
    let (noun, id) = subject.split_once('/').unwrap_or(("", ""));
    let own = match noun {
        "bodies" => "bodyIds",
        "boards" => "boardIds",
        _ => "collaborationIds",
    };
    match (role, &named.board) {
        ("member", _) => {}
        ("secretary", Some(board)) => parts.push((json!(board), "boardIds")),
        _ if id.is_empty() => {}
        _ => parts.push((json!(id), own)),
    }
    if role != "secretary" || !is_outside {
        let actors = named.speakers.iter().chain(&named.reported);
        parts.extend(actors.map(|actor| (actor.clone(), "offices")));
    }
    parts
}

fn scope(parts: &[(Value, &'static str)]) -> Value {
    let mut scope: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (value, field) in parts {
        let list = scope.entry(field).or_default();
        if !list.contains(value) {
            list.push(value.clone());
        }
    }
    json!(scope)
}

/// The samples of a kind: with and without somebody who acted, of a board and of none.
fn variants(kind: &str) -> Vec<Value> {
    let mut variants = Vec::new();
    let field = camel(kind);
    for acted_by in [Value::Null, json!({ "bodyId": "acting-body" })] {
        for board in [None, Some(Value::Null), Some(json!("some-board"))] {
            let mut event = sample(&field);
            event["actedBy"] = acted_by.clone();
            event["sources"] = json!([]);
            if let Some(board) = board {
                let of = if kind == "delegation_made" {
                    "fromBoardId"
                } else {
                    "boardId"
                };
                if kind == "delegation_made" {
                    let body = if board.is_null() {
                        json!("giving-body")
                    } else {
                        Value::Null
                    };
                    event[&field]["fromBodyId"] = body;
                }
                event[&field][of] = board;
            }
            variants.push(event);
        }
    }
    variants
}

#[test]
fn each_cell_of_the_page_just_inside_and_just_outside() {
    let table = page();
    let by = caller(1, &["g"]);
    let (mut wrong, mut cells_tried) = (Vec::new(), 0);
    let kinds = Kind::NAMES.iter().copied();
    for kind in kinds.filter(|kind| !matches!(*kind, "checkpoint_key_replaced" | "entry_corrected"))
    {
        let mut tried = 0;
        for event in variants(kind) {
            if !kind.starts_with("mandate_") && event["subject"] == "register" {
                continue;
            }
            if allows(&Register::default(), &by, &event).is_none() {
                continue;
            }
            tried += 1;
            let named = named(kind, &event);
            let documented = {
                let mut event = event.clone();
                event["sources"] = json!([{ "title": "Minutes" }]);
                event
            };
            let is_outside = matches!(kind, "external_decision_received" | "direction_issued");
            let is_of_board = match kind {
                "decision_made" | "virement_approved" | "decision_called_in" => {
                    event[camel(kind)]["boardId"].is_string()
                }
                _ => named.board.is_some(),
            };
            let cells = cells(&table, kind, is_of_board);
            let mut check = |what: String, register: &Register, event: &Value, expected: bool| {
                cells_tried += 1;
                if allows(register, &by, event) != Some(expected) {
                    wrong.push(format!("{kind}, {what}: expected {expected} of {event}"));
                }
            };
            for (column, role) in ROLES.iter().enumerate() {
                let cell = match (kind, *role) {
                    ("mandate_granted" | "mandate_revoked", "keeper") => Cell::Allowed,
                    ("mandate_granted" | "mandate_revoked", _) => Cell::Never,
                    (_, "member") if named.speakers.is_empty() => Cell::Never,
                    // Nobody who is registered signs.
                    ("agreement_signed", "recorder")
                        if event["agreementSigned"].get("bodyId").is_none() =>
                    {
                        Cell::Allowed
                    }
                    ("agreement_signed", "secretary")
                        if event["agreementSigned"].get("bodyId").is_none() =>
                    {
                        Cell::Never
                    }
                    _ => cells.get(column).copied().unwrap_or(Cell::Never),
                };
                let bare = matches!(*role, "auditor" | "keeper");
                let parts = match bare {
                    true => Vec::new(),
                    false => scope_of(role, &event, &named, is_outside),
                };
                let mut all = scope(&parts);
                if *role == "secretary"
                    && all.get("boardIds").is_none()
                    && all.get("collaborationIds").is_none()
                {
                    all["collaborationIds"] = json!(["other"]);
                }
                if *role == "member" && all.get("offices").is_none() {
                    all["bodyIds"] = json!(["other"]);
                }
                if matches!(*role, "registrar" | "recorder" | "reader") && all == json!({}) {
                    all["wholeRegister"] = json!(true);
                }
                let register = holding(role, all);
                check(
                    format!("{role} in all"),
                    &register,
                    &documented,
                    cell != Cell::Never,
                );
                check(
                    format!("{role} without a document"),
                    &register,
                    &event,
                    cell == Cell::Allowed,
                );
                if cell == Cell::Never {
                    continue;
                }
                for (index, (part, field)) in parts.iter().enumerate() {
                    // A body that is the subject is covered by its id already.
                    if *field == "offices" && parts.contains(&(part["bodyId"].clone(), "bodyIds")) {
                        continue;
                    }
                    let mut fewer = parts.clone();
                    fewer.retain(|one| one != &parts[index]);
                    let mut fewer = scope(&fewer);
                    fewer["boardIds"] = json!(
                        [
                            fewer["boardIds"].as_array().cloned().unwrap_or_default(),
                            vec![json!("yet-another")]
                        ]
                        .concat()
                    );
                    if *role == "member" {
                        fewer["bodyIds"] = json!(["other"]);
                    }
                    // A document may say what it only reports.
                    let is_reported = *field == "offices"
                        && named.reported.contains(part)
                        && !named.speakers.contains(part);
                    let register = holding(role, fewer);
                    let what = format!("{role} without {part}");
                    check(what.clone(), &register, &documented, is_reported);
                    check(what, &register, &event, false);
                }
            }
        }
        assert!(tried > 0, "no sample of {kind} can be read");
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cells_tried > 3_000, "{cells_tried}");
}

#[test]
fn a_mandate_holds_for_its_holder_its_kinds_its_amount_and_its_time() {
    let event = {
        let mut event = sample("voteCast");
        event["sources"] = json!([]);
        event
    };
    let voter = event["voteCast"]["voter"].clone();
    let cases: [(&str, Value, bool); 7] = [
        ("no limits", json!({}), true),
        ("of this kind", json!({ "eventKinds": ["vote_cast"] }), true),
        (
            "of another kind",
            json!({ "eventKinds": ["agreement_signed"] }),
            false,
        ),
        (
            "its last day",
            json!({ "untilOn": { "year": 2026, "month": 11, "day": 23 } }),
            true,
        ),
        (
            "the day after",
            json!({ "untilOn": { "year": 2026, "month": 11, "day": 22 } }),
            false,
        ),
        (
            "a group of another issuer",
            json!({ "holder": { "issuer": "https://other.example", "group": "g" } }),
            false,
        ),
        (
            "a role of that name",
            json!({ "holder": { "issuer": super::ISSUER, "appRole": "g" } }),
            false,
        ),
    ];
    for (what, mut scope, expected) in cases {
        scope["offices"] = json!([voter]);
        let register = holding("member", scope);
        assert_eq!(
            allows(&register, &caller(1, &["g"]), &event),
            Some(expected),
            "{what}"
        );
        assert_eq!(
            allows(&register, &caller(1, &["h"]), &event),
            Some(false),
            "{what}"
        );
    }
}
