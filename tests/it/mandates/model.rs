//! Rule 0 against a naive model: a list of grants and revocations, searched from the start
//! for every question. It reads the events as JSON and shares no code with the register.
//! Random grants, revocations, votes, facts, proceedings and corrections are offered; both
//! must agree on who may record what, and `check` must find nothing wrong with what was
//! recorded, and something wrong with each entry under another mandate.
//!
//! `MINUTEBOOK_TEST_MANDATES` makes it run longer.

use std::sync::Arc;

use minutebook::domain::admit::{Refusal, check};
use minutebook::domain::caller::Caller;
use minutebook::domain::entry::{Entry, MandatedCaller, RecordedCaller};
use minutebook::domain::ids::Position;
use minutebook::domain::register::Register;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::{ROLES, caller, grant};
use crate::decisions::alliance;
use crate::given::{Given, event, on_x};

const BODIES: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
const GROUPS: [&str; 4] = ["g0", "g1", "g2", "g3"];
const PROPOSALS: [&str; 2] = [
    "0190a5d0-0000-7000-8000-000000000001",
    "0190a5d0-0000-7000-8000-000000000002",
];

/// A step that one caller tries.
#[derive(Debug, Clone)]
struct Step {
    caller: u8,
    groups: Vec<usize>,
    try_it: Try,
    documented: bool,
}

#[derive(Debug, Clone)]
enum Try {
    Grant {
        group: usize,
        role: usize,
        bodies: Vec<usize>,
        office: bool,
        board: bool,
        collaboration: bool,
        whole: bool,
        kinds: bool,
        up_to: Option<i64>,
        from: u8,
        until: Option<u8>,
    },
    Revoke {
        which: usize,
        on: u8,
    },
    Propose {
        which: usize,
        by: Option<usize>,
    },
    Vote {
        which: usize,
        voter: usize,
    },
    Decide {
        which: usize,
        by: Option<usize>,
    },
    Withdraw {
        which: usize,
    },
    Alias {
        acted_by: Option<usize>,
    },
    Office,
    Pay {
        body: usize,
        pence: i64,
    },
    Join {
        body: usize,
    },
    Meeting,
    Notice {
        body: usize,
    },
    Correct {
        which: usize,
    },
}

fn index(count: usize) -> impl Strategy<Value = usize> {
    0..count
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let bodies = || prop::collection::vec(index(4), 0..3);
    let granting = (
        (
            index(4),
            index(7),
            bodies(),
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
        ),
        (
            prop::bool::weighted(0.2),
            prop::bool::weighted(0.2),
            prop::option::weighted(0.2, 0..3_i64),
            20..26_u8,
            prop::option::weighted(0.3, 20..26_u8),
        ),
    )
        .prop_map(
            |((group, role, bodies, office, board, collaboration), rest)| {
                let (whole, kinds, up_to, from, until) = rest;
                Try::Grant {
                    group,
                    role,
                    bodies,
                    office,
                    board,
                    collaboration,
                    whole,
                    kinds,
                    up_to: up_to.map(|n| n * 100),
                    from,
                    until,
                }
            },
        );
    let of = || index(2);
    let body = || index(4);
    let try_it = prop_oneof![
        4 => granting,
        1 => (0..20_usize, 20..26_u8).prop_map(|(which, on)| Try::Revoke { which, on }),
        2 => (of(), prop::option::of(body())).prop_map(|(which, by)| Try::Propose { which, by }),
        3 => (of(), body()).prop_map(|(which, voter)| Try::Vote { which, voter }),
        2 => (of(), prop::option::of(body())).prop_map(|(which, by)| Try::Decide { which, by }),
        1 => of().prop_map(|which| Try::Withdraw { which }),
        1 => prop::option::of(body()).prop_map(|acted_by| Try::Alias { acted_by }),
        1 => Just(Try::Office),
        1 => (body(), -3..4_i64).prop_map(|(body, n)| Try::Pay { body, pence: n * 100 + 1 }),
        1 => body().prop_map(|body| Try::Join { body }),
        1 => Just(Try::Meeting),
        1 => body().prop_map(|body| Try::Notice { body }),
        2 => (0..20_usize).prop_map(|which| Try::Correct { which }),
    ];
    let groups = prop::collection::vec(index(4), 1..3);
    let step = (0..4_u8, groups, try_it, any::<bool>());
    let step = step.prop_map(|(caller, groups, try_it, documented)| Step {
        caller,
        groups,
        try_it,
        documented,
    });
    prop::collection::vec(step, 1..30)
}

/// An entry that was recorded, as the model remembers it.
struct Said {
    position: u64,
    event: Value,
    caller: Option<u8>,
    /// The grants that it rests on, by their positions.
    mandates: Vec<u64>,
}

/// The naive model: everything that was recorded, in one list.
#[derive(Default)]
struct Model {
    said: Vec<Said>,
}

impl Model {
    fn granted_in_force(&self, groups: &[usize]) -> Vec<&Said> {
        let held = self.said.iter().filter(|said| {
            let granted = &said.event["mandateGranted"];
            !granted.is_null()
                && groups
                    .iter()
                    .any(|group| granted["holder"]["group"] == GROUPS[*group])
                && self.is_in_force(said)
        });
        held.collect()
    }

    /// On 23 November 2026, on which all is recorded.
    fn is_in_force(&self, said: &Said) -> bool {
        let day = |date: &Value| date["day"].as_u64().unwrap();
        let granted = &said.event["mandateGranted"];
        let begun = said.event["effectiveOn"]["day"]
            .as_u64()
            .is_none_or(|day| day <= 23);
        let runs = granted["untilOn"].is_null() || day(&granted["untilOn"]) >= 23;
        let revoked = self.said.iter().any(|other| {
            other.event["mandateRevoked"]["mandateId"] == granted["mandateId"]
                && day(&other.event["effectiveOn"]) <= 23
        });
        begun && runs && !revoked
    }

    fn proposal(&self, id: &Value) -> Option<&Said> {
        self.said
            .iter()
            .find(|said| said.event["matterProposed"]["proposalId"] == *id)
    }

    fn covers(granted: &Value, actor: &Value) -> bool {
        let body = &actor["bodyId"];
        let by_body =
            !body.is_null() && (granted["wholeRegister"] == true || has(&granted["bodyIds"], body));
        by_body || has(&granted["offices"], actor)
    }

    /// Which roles may say an event: with its speakers, its reported, and whether a
    /// secretary needs a document.
    fn claim(&self, event: &Value) -> (&'static [&'static str], Vec<Value>, Vec<Value>, bool) {
        let mut speakers: Vec<Value> = Vec::new();
        if !event["actedBy"].is_null() {
            speakers.push(event["actedBy"].clone());
        }
        let has = |field: &str| event.get(field).is_some();
        if has("mandateGranted") || has("mandateRevoked") {
            return (&["keeper"], speakers, vec![], false);
        }
        if has("aliasAdded") {
            return (&["registrar", "recorder"], speakers, vec![], false);
        }
        if has("matterProposed") {
            return (
                &["member", "secretary", "recorder"],
                speakers,
                vec![],
                false,
            );
        }
        if has("voteCast") {
            speakers.push(event["voteCast"]["voter"].clone());
            return (&["member", "secretary"], speakers, vec![], true);
        }
        if has("decisionMade") {
            if event["decisionMade"]["boardId"].is_null() {
                return (&["member", "secretary"], speakers, vec![], true);
            }
            return (&["secretary"], speakers, vec![], false);
        }
        if has("proposalWithdrawn") {
            let made = self.proposal(&event["proposalWithdrawn"]["proposalId"]);
            if let Some(made) = made.filter(|made| !made.event["actedBy"].is_null())
                && speakers.is_empty()
            {
                speakers.push(made.event["actedBy"].clone());
            }
            return (&["member", "secretary"], speakers, vec![], false);
        }
        if has("noticeGiven") {
            speakers.push(json!({ "bodyId": event["noticeGiven"]["bodyId"] }));
            return (&["member", "recorder"], speakers, vec![], false);
        }
        if has("partyJoined") {
            let joined = json!({ "bodyId": event["partyJoined"]["bodyId"] });
            return (&["recorder"], speakers, vec![joined], false);
        }
        if has("meetingCalled") {
            return (&["secretary"], speakers, vec![], false);
        }
        (&["recorder"], speakers, vec![], false)
    }

    fn fits(&self, mandate: &Said, event: &Value) -> bool {
        let granted = &mandate.event["mandateGranted"];
        let role = granted["role"]
            .as_str()
            .unwrap()
            .trim_start_matches("MANDATE_ROLE_");
        let role = role.to_lowercase();
        let (roles, speakers, reported, needs_document) = self.claim(event);
        if !roles.contains(&role.as_str()) {
            return false;
        }
        let kind =
            event.as_object().unwrap().keys().find(|key| {
                !["subject", "effectiveOn", "actedBy", "sources"].contains(&key.as_str())
            });
        let kinds = granted["eventKinds"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let is_vote = kinds == [json!("vote_cast")] && kind.unwrap() == "voteCast";
        if !kinds.is_empty() && !is_vote {
            return false;
        }
        if let Some(limit) = granted["upToPence"].as_str() {
            let limit: i64 = limit.parse().unwrap();
            let paid = event["contributionPaid"]["amountPence"].as_str();
            if paid.is_some_and(|paid| paid.parse::<i64>().unwrap().abs() > limit) {
                return false;
            }
        }
        let documented = event["sources"]
            .as_array()
            .is_some_and(|list| !list.is_empty());
        let all_speakers = speakers
            .iter()
            .all(|speaker| Self::covers(granted, speaker));
        let may_report = documented || reported.iter().all(|one| Self::covers(granted, one));
        let whole = granted["wholeRegister"] == true;
        let subject = event["subject"].as_str().unwrap();
        let covers_subject = whole
            || subject == "collaborations/x" && has(&granted["collaborationIds"], &json!("x"))
            || subject == "boards/p" && has(&granted["boardIds"], &json!("p"));
        match role.as_str() {
            "keeper" => true,
            "registrar" | "recorder" => covers_subject && all_speakers && may_report,
            "member" => !speakers.is_empty() && all_speakers && may_report,
            "secretary" => {
                let board = subject == "boards/p"
                    || event["decisionMade"]["boardId"] == "p"
                    || event["matterProposed"]["boardId"] == "p";
                let withdrawn = &event["proposalWithdrawn"]["proposalId"];
                let board = board
                    || !withdrawn.is_null()
                        && self
                            .proposal(withdrawn)
                            .is_some_and(|made| made.event["matterProposed"]["boardId"] == "p");
                let of_board = whole || has(&granted["boardIds"], &json!("p"));
                // The board serves the collaboration.
                let proceedings = match board {
                    true => of_board,
                    false => covers_subject || of_board,
                };
                proceedings && all_speakers && (documented || !needs_document)
            }
            _ => false,
        }
    }

    /// Whether a caller has spoken for somebody else on the proposal of an opinion.
    fn is_same_hand(&self, event: &Value, number: u8, mandate: &Said, wrong: Option<u64>) -> bool {
        let id = match (&event["voteCast"], &event["decisionMade"]) {
            (Value::Null, Value::Null) => return false,
            (Value::Null, decision) => &decision["proposalId"],
            (vote, _) => &vote["proposalId"],
        };
        let member =
            |mandate: &Said| mandate.event["mandateGranted"]["role"] == "MANDATE_ROLE_MEMBER";
        let speakers = |event: &Value| {
            let mut all = Vec::new();
            if event.get("voteCast").is_some() {
                all.push(event["voteCast"]["voter"].clone());
            } else if !event["actedBy"].is_null() {
                all.push(event["actedBy"].clone());
            }
            all
        };
        let own = speakers(event);
        self.effective().iter().any(|(place, said, shown)| {
            let on_it = shown["matterProposed"]["proposalId"] == *id
                || shown["voteCast"]["proposalId"] == *id
                || shown["decisionMade"]["proposalId"] == *id;
            if !on_it || said.caller != Some(number) || wrong == Some(*place) {
                return false;
            }
            let spoke = said.mandates.iter().any(|at| {
                self.said
                    .iter()
                    .any(|one| one.position == *at && member(one))
            });
            let before = speakers(shown);
            let is_same = own.iter().all(|one| before.contains(one));
            (spoke || member(mandate)) && !is_same
        })
    }

    /// The entries in effect: here a correction only voids.
    fn effective(&self) -> Vec<(u64, &Said, &Value)> {
        let mut void: Vec<u64> = Vec::new();
        for said in self.said.iter().rev() {
            let target = said.event["entryCorrected"]["position"].as_str();
            if let Some(target) = target
                && !void.contains(&said.position)
            {
                void.push(target.parse().unwrap());
            }
        }
        let shown = self.said.iter().filter(|said| {
            !void.contains(&said.position) && said.event.get("entryCorrected").is_none()
        });
        shown
            .map(|said| (said.position, said, &said.event))
            .collect()
    }

    /// The mandates that an event of a caller rests on; `None` if it is refused.
    fn judge(&self, step: &Step, event: &Value) -> Option<Vec<u64>> {
        let held = self.granted_in_force(&step.groups);
        let position = event["entryCorrected"]["position"].as_str();
        let Some(position) = position else {
            let (roles, ..) = self.claim(event);
            let mandate = self.first(&held, event, roles)?;
            let refused = self.is_same_hand(event, step.caller, mandate, None);
            return (!refused).then(|| vec![mandate.position]);
        };
        let mut target = self.at(position)?;
        while let Some(before) = target.event["entryCorrected"]["position"].as_str() {
            target = self.at(before)?;
        }
        let (roles, _, _, is_word) = self.claim(&target.event);
        let mut used = vec![self.first(&held, &target.event, roles)?.position];
        let is_word = is_word || target.event.get("noticeGiven").is_some();
        if is_word && target.caller != Some(step.caller) {
            let registrar = held.iter().find(|mandate| {
                let granted = &mandate.event["mandateGranted"];
                granted["role"] == "MANDATE_ROLE_REGISTRAR"
                    && (granted["wholeRegister"] == true
                        || has(&granted["collaborationIds"], &json!("x")))
            })?;
            if !used.contains(&registrar.position) {
                used.push(registrar.position);
            }
        }
        Some(used)
    }

    fn at(&self, position: &str) -> Option<&Said> {
        let position: u64 = position.parse().unwrap();
        self.said.iter().find(|said| said.position == position)
    }

    /// The first mandate that fits, by the order of the roles.
    fn first<'a>(&self, held: &[&'a Said], event: &Value, roles: &[&str]) -> Option<&'a Said> {
        let mut ordered = roles.iter().flat_map(|role| {
            let role = format!("MANDATE_ROLE_{}", role.to_uppercase());
            held.iter()
                .filter(move |one| one.event["mandateGranted"]["role"] == role.as_str())
        });
        ordered.find(|mandate| self.fits(mandate, event)).copied()
    }
}

fn has(list: &Value, item: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(item))
}

fn actor(index: usize) -> Value {
    json!({ "bodyId": BODIES[index] })
}

/// The event of a step; `None` where it names an entry that is not there.
fn event_of(step: &Step, number: usize, model: &Model) -> Option<Value> {
    let mut event = match &step.try_it {
        Try::Grant {
            group,
            role,
            bodies,
            office,
            board,
            collaboration,
            whole,
            kinds,
            up_to,
            from,
            until,
        } => {
            let role = ROLES[*role];
            let is_bare = matches!(role, "keeper" | "auditor");
            let mut scope = json!({});
            if !is_bare {
                let mut bodies: Vec<&str> = bodies.iter().map(|index| BODIES[*index]).collect();
                bodies.sort_unstable();
                bodies.dedup();
                if role == "member" && bodies.is_empty() {
                    bodies.push("a-pcc");
                }
                scope["bodyIds"] = json!(bodies);
                if *office {
                    scope["offices"] = json!([{ "office": "Home Secretary" }]);
                }
                if *board {
                    scope["boardIds"] = json!(["p"]);
                }
                if *collaboration || !board && role != "member" {
                    scope["collaborationIds"] = json!(["x"]);
                }
                if *whole && role != "member" {
                    scope["wholeRegister"] = json!(true);
                }
                if *kinds && role != "reader" {
                    scope["eventKinds"] = json!(["vote_cast"]);
                }
                if let Some(up_to) = up_to.filter(|_| role != "reader") {
                    scope["upToPence"] = json!(up_to.to_string());
                }
            }
            if let Some(until) = until {
                scope["untilOn"] = json!({ "year": 2026, "month": 11, "day": until.max(from) });
            }
            let mut granted = grant(&format!("m{number}"), role, scope);
            granted["mandateGranted"]["holder"]["group"] = json!(GROUPS[*group]);
            granted["effectiveOn"]["day"] = json!(from);
            granted
        }
        Try::Revoke { which, on } => {
            let granted = model
                .said
                .iter()
                .filter(|s| s.event.get("mandateGranted").is_some());
            let granted: Vec<&Said> = granted.skip(1).collect();
            let id =
                &granted.get(which % granted.len().max(1))?.event["mandateGranted"]["mandateId"];
            event(
                "register",
                &format!("2026-11-{on}"),
                "mandateRevoked",
                json!({ "mandateId": id }),
            )
        }
        Try::Propose { which, by } => {
            let mut proposed = on_x(
                "2026-11-02",
                "matterProposed",
                json!({ "proposalId": PROPOSALS[*which], "title": "T", "matter": { "other": "T" } }),
            );
            if *which == 1 {
                proposed["matterProposed"]["boardId"] = json!("p");
            }
            if let Some(by) = by {
                proposed["actedBy"] = actor(*by);
            }
            proposed
        }
        Try::Vote { which, voter } => on_x(
            "2026-11-03",
            "voteCast",
            json!({ "proposalId": PROPOSALS[*which], "voter": actor(*voter),
                "choice": "VOTE_CHOICE_APPROVE" }),
        ),
        Try::Decide { which, by } => {
            let mut decided = on_x(
                "2026-11-04",
                "decisionMade",
                json!({ "decisionId": format!("d{number}"), "title": "D",
                    "outcome": "OUTCOME_APPROVED", "proposalId": PROPOSALS[*which] }),
            );
            match by {
                Some(by) => decided["actedBy"] = actor(*by),
                None => decided["decisionMade"]["boardId"] = json!("p"),
            }
            decided
        }
        Try::Withdraw { which } => on_x(
            "2026-11-05",
            "proposalWithdrawn",
            json!({ "proposalId": PROPOSALS[*which], "reason": "R" }),
        ),
        Try::Alias { acted_by } => {
            let mut alias = on_x(
                "2026-11-02",
                "aliasAdded",
                json!({ "alias": format!("A{number}") }),
            );
            if let Some(by) = acted_by {
                alias["actedBy"] = actor(*by);
            }
            alias
        }
        Try::Office => {
            let mut alias = on_x(
                "2026-11-02",
                "aliasAdded",
                json!({ "alias": format!("A{number}") }),
            );
            alias["actedBy"] = json!({ "office": "Home Secretary" });
            alias
        }
        Try::Pay { body, pence } => on_x(
            "2026-11-02",
            "contributionPaid",
            json!({ "paymentId": format!("p{number}"), "bodyId": BODIES[*body],
                "financialYear": "2026/27", "amountPence": pence.to_string() }),
        ),
        Try::Join { body } => on_x(
            "2026-11-02",
            "partyJoined",
            json!({ "bodyId": BODIES[*body] }),
        ),
        Try::Meeting => event(
            "boards/p",
            "2026-11-02",
            "meetingCalled",
            json!({ "meetingId": format!("m{number}") }),
        ),
        Try::Notice { body } => on_x(
            "2026-11-02",
            "noticeGiven",
            json!({ "noticeId": format!("n{number}"), "bodyId": BODIES[*body],
                "capacity": "NOTICE_CAPACITY_PARTY",
                "takesEffectOn": { "year": 2028, "month": 3, "day": 31 } }),
        ),
        Try::Correct { which } => {
            let said: Vec<&Said> = model
                .said
                .iter()
                .filter(|said| said.event["subject"] == "collaborations/x" && said.caller.is_some())
                .collect();
            let position = said.get(which % said.len().max(1))?.position;
            on_x(
                "2026-11-06",
                "entryCorrected",
                json!({ "position": position.to_string(), "reason": "R" }),
            )
        }
    };
    if step.documented {
        event["sources"] = json!([{ "title": "Minutes" }]);
    }
    Some(event)
}

/// The alliance with a board that serves it, a body that is no party, and a keeper.
fn stage() -> Given {
    let mut given = alliance();
    let board = json!({ "name": "P", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"],
        "members": [{ "bodyId": "a-pcc" }, { "bodyId": "b-pcc" }] });
    given.record(&[event("boards/p", "2013", "boardConstituted", board)]);
    let keeper = grant(
        "first",
        "keeper",
        json!({ "holder": { "issuer": super::ISSUER, "group": "g0" } }),
    );
    given.record_by(&Caller::Store, &[keeper]);
    given
}

/// Plays a history, and returns how many steps were recorded and how many rule 0 refused.
fn play(steps: &[Step]) -> (usize, usize) {
    let mut given = stage();
    let mut model = Model::default();
    for entry in &given.entries {
        if entry.event.kind.name() == "mandate_granted" {
            let keeper = grant("first", "keeper", json!({ "holder": { "group": "g0" } }));
            model.said.push(Said {
                position: entry.position.get(),
                event: keeper,
                caller: None,
                mandates: Vec::new(),
            });
        }
    }
    let (mut recorded, mut refused) = (0, 0);
    for (number, step) in steps.iter().enumerate() {
        let Some(event) = event_of(step, number, &model) else {
            continue;
        };
        let groups: Vec<&str> = step.groups.iter().map(|index| GROUPS[*index]).collect();
        let by = caller(step.caller, &groups);
        let expected = model.judge(step, &event);
        let before = given.register.clone();
        match given.judge_by(&by, std::slice::from_ref(&event)) {
            Ok(admission) => {
                let entry = &admission.entries[0];
                let RecordedCaller::Mandated(rests_on) = &entry.caller else {
                    panic!("{:?}", entry.caller)
                };
                let mandates: Vec<u64> = rests_on.mandates.iter().map(|at| at.get()).collect();
                let expected = expected.unwrap_or_else(|| panic!("allowed {step:?}: {event}"));
                let (mut one, mut other) = (mandates.clone(), expected);
                one.sort_unstable();
                other.sort_unstable();
                assert_eq!(one, other, "{step:?}: {event}");
                assert_eq!(check(&before, entry), [], "{step:?}");
                require_found(&before, entry);
                model.said.push(Said {
                    position: entry.position.get(),
                    event,
                    caller: Some(step.caller),
                    mandates,
                });
                given.register = admission.register;
                recorded += 1;
            }
            Err(Refusal::Rules(findings)) => {
                let of_caller = findings[0].fault.rule().number() == 0;
                let shown = findings[0].fault.to_string();
                let is_term = matches!(findings[0].fault.reason(), "LAST_KEEPER" | "TERM_OVER");
                let of_caller = of_caller && !is_term;
                assert_eq!(of_caller, expected.is_none(), "{shown}\n{step:?}: {event}");
                refused += usize::from(of_caller);
            }
            Err(Refusal::Stale(stale)) => panic!("{stale:?}"),
        }
    }
    (recorded, refused)
}

/// An entry that names no mandate that allows it is found.
fn require_found(before: &Register, entry: &Arc<Entry>) {
    let RecordedCaller::Mandated(caller) = &entry.caller else {
        return;
    };
    let altered = |caller: RecordedCaller| {
        let entry = Entry {
            caller,
            ..Entry::clone(entry)
        };
        check(before, &Arc::new(entry))
    };
    let mandated = |mandates: Vec<Position>| {
        RecordedCaller::Mandated(Arc::new(MandatedCaller {
            mandates,
            pseudonym: caller.pseudonym,
        }))
    };
    assert!(!altered(mandated(vec![Position::new(1)])).is_empty());
    assert!(!altered(RecordedCaller::Local).is_empty());
    if caller.mandates.len() > 1 {
        assert!(!altered(mandated(vec![caller.mandates[0]])).is_empty());
    }
}

#[test]
fn the_register_agrees_with_a_naive_model() {
    let histories = std::env::var("MINUTEBOOK_TEST_MANDATES");
    let histories = histories.map_or(300, |count| count.parse().expect("a number"));
    let mut runner = TestRunner::new(Config::default());
    let (mut recorded, mut refused) = (0, 0);
    for number in 0..histories {
        let tree = steps().new_tree(&mut runner).expect("a history");
        let steps = tree.current();
        let result = std::panic::catch_unwind(|| play(&steps));
        let (more, fewer) = result.unwrap_or_else(|why| {
            eprintln!("history {number}: {steps:#?}");
            std::panic::resume_unwind(why)
        });
        recorded += more;
        refused += fewer;
    }
    // On average one step of a history is recorded, and many are refused.
    assert!(
        recorded * 2 > histories && refused > histories,
        "{recorded} {refused}"
    );
}
