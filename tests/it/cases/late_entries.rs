//! An entry that is recorded late, and takes the ground from under entries in force after
//! it, is refused and names them. A request may bring the corrections that go with it.

use std::cell::Cell;
use std::rc::Rc;

use minutebook::domain::admit::{Refusal, explain};
use minutebook::domain::fault::Fault;
use minutebook::domain::work::{Pace, metered};
use serde_json::{Value, json};

use super::{agree, body, councils, drafted, forces, signed};
use crate::decisions::approving::{id, make, request, virement, virements, vote};
use crate::given::{Given, date, event, on_x};

const ALL: [&str; 3] = ["p", "q", "r"];

fn bound(terms: Value) -> Given {
    let mut given = councils(&ALL, "2015-01-01");
    agree(
        &mut given,
        "a",
        "2015-01-02",
        "INTER_AUTHORITY_AGREEMENT",
        terms,
        &ALL,
    );
    given
}

fn left(on: &str, body: &str) -> Value {
    on_x(
        on,
        "partyWithdrew",
        json!({ "bodyId": body, "reason": "It left" }),
    )
}

/// One of three gave notice in 2019, and left on it in 2020.
fn left_on_notice() -> Given {
    let mut given = bound(json!({ "noticeAsPartyMonths": 12 }));
    let notice = json!({ "noticeId": "n", "bodyId": "p", "takesEffectOn": date("2020-01-01"),
        "capacity": "NOTICE_CAPACITY_PARTY" });
    given.record(&[on_x("2019-01-01", "noticeGiven", notice)]);
    let mut leaves = left("2020-01-01", "p");
    leaves["partyWithdrew"]["noticeId"] = "n".into();
    given.record(&[leaves]);
    given
}

fn varied(on: &str, terms: Value) -> Value {
    let variation = json!({ "instrumentId": "a", "agreedByIds": ALL, "summary": "Other terms",
        "terms": terms });
    on_x(on, "instrumentVaried", json!({ "variation": variation }))
}

fn voided(position: u64) -> Value {
    correction("collaborations/x", position, Value::Null)
}

fn correction(subject: &str, position: u64, replacement: Value) -> Value {
    let payload = json!({ "position": position.to_string(), "reason": "Wrong",
        "replacement": replacement });
    event(subject, "", "entryCorrected", payload)
}

pub fn propose(on: &str, n: u128) -> Value {
    let payload = json!({ "proposalId": id(n), "title": "A matter",
        "matter": { "other": "A matter" } });
    let mut event = on_x(on, "matterProposed", payload);
    event["actedBy"] = json!({ "bodyId": "p" });
    event
}

/// A board of three, which is put a matter of the collaboration.
fn with_board() -> Given {
    let mut given = councils(&ALL, "2015-01-01");
    let members: Vec<Value> = ALL.iter().map(|body| json!({ "bodyId": body })).collect();
    let board = json!({ "name": "The board", "powers": ["BOARD_POWER_DECIDES"], "quorum": 2,
        "members": members });
    given.record(&[event("boards/b", "2015-01-01", "boardConstituted", board)]);
    let mut matter = propose("2016-01-01", 1);
    matter["matterProposed"]["boardId"] = "b".into();
    given.record(&[matter]);
    given
}

fn decided(tally: Value) -> Value {
    let payload = json!({ "decisionId": "d", "title": "It", "outcome": "OUTCOME_APPROVED",
        "proposalId": id(1), "boardId": "b", "tally": tally });
    on_x("2016-02-01", "decisionMade", payload)
}

fn voted(body: &str) -> Value {
    let mut vote = vote("2016-02-01", 1, &format!("+{body}"));
    vote["voteCast"]["boardId"] = "b".into();
    vote
}

fn board_ended(on: &str) -> Value {
    event("boards/b", on, "boardEnded", json!({ "reason": "Over" }))
}

fn seats_left(on: &str, bodies: &[&str]) -> Value {
    let seats: Vec<Value> = bodies
        .iter()
        .map(|body| json!({ "bodyId": body }))
        .collect();
    event(
        "boards/b",
        on,
        "boardMembershipChanged",
        json!({ "left": seats }),
    )
}

/// The positions that a late entry contradicts, and the words of the reason.
#[track_caller]
fn contradicted(given: &Given, late: &Value) -> Vec<(u64, String)> {
    let Err(Refusal::Rules(findings)) = given.judge(std::slice::from_ref(late)) else {
        panic!("taken: {late}");
    };
    let found = findings.into_iter().map(|finding| {
        assert_eq!(finding.field, "effective_on", "{}", finding.fault);
        let sentence = finding.fault.to_string();
        match finding.fault {
            Fault::ContradictsLater {
                position, fault, ..
            } => {
                assert!(sentence.contains("entry_corrected"), "{sentence}");
                (position.get(), fault)
            }
            other => panic!("{other}"),
        }
    });
    found.collect()
}

/// A late entry is refused, and names the last entry on record.
#[track_caller]
fn contradicts_last(given: &Given, late: &Value, because: &str) {
    let found = contradicted(given, late);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, given.register.tail().get());
    assert!(found[0].1.contains(because), "{found:?}");
}

#[track_caller]
fn taken(given: &Given, events: &[Value]) {
    if let Err(refusal) = given.judge(events) {
        panic!("{refusal:#?}");
    }
}

#[test]
fn nothing_is_taken_back_of_a_notice_on_which_somebody_left() {
    let given = left_on_notice();
    let revoked = |on: &str| {
        on_x(
            on,
            "noticeRevoked",
            json!({ "noticeId": "n", "reason": "It stays" }),
        )
    };
    contradicts_last(&given, &revoked("2019-06-01"), "revoked");
    let extended = json!({ "noticeId": "n", "takesEffectOn": date("2021-01-01") });
    let extended = on_x("2019-06-01", "noticeExtended", extended);
    contradicts_last(&given, &extended, "takes effect on 2021-01-01");
    // Terms that ask for more than the notice that was given.
    let longer = varied("2018-06-01", json!({ "noticeAsPartyMonths": 24 }));
    let given_on = given.register.tail().get() - 1;
    let found = contradicted(&given, &longer);
    assert_eq!(found[0].0, given_on, "{found:?}");
    // Terms that ask for less, or that came after it.
    taken(
        &given,
        &[varied("2018-06-01", json!({ "noticeAsPartyMonths": 6 }))],
    );
    taken(
        &given,
        &[varied("2020-06-01", json!({ "noticeAsPartyMonths": 24 }))],
    );
}

#[test]
fn an_end_comes_before_nothing_that_needs_the_collaboration() {
    let mut given = councils(&["p", "q"], "2015-01-01");
    let joined = on_x("2016-05-05", "partyJoined", json!({ "bodyId": "r" }));
    given.record(&[body("r", "COUNCIL")]);
    given.record(&[joined]);
    let ended = |on: &str, agreed: &[&str]| {
        let payload = json!({ "cause": "END_CAUSE_AGREEMENT", "agreedByIds": agreed });
        on_x(on, "collaborationEnded", payload)
    };
    let early = ended("2016-01-01", &["p", "q"]);
    contradicts_last(&given, &early, "ended on 2016-01-01");
    taken(&given, &[ended("2016-06-01", &["p", "q", "r"])]);
    let service = json!({ "serviceId": "s", "name": "S", "partyIds": ["p", "q"] });
    let mut given = councils(&["p", "q"], "2015-01-01");
    given.record(&[on_x("2016-05-05", "serviceAdded", service)]);
    contradicts_last(&given, &early, "ended on 2016-01-01");
}

#[test]
fn nobody_leaves_before_the_day_on_which_it_became_lead() {
    let mut given = councils(&ALL, "2015-01-01");
    given.record(&[on_x(
        "2016-05-05",
        "leadAppointed",
        json!({ "bodyId": "q" }),
    )]);
    contradicts_last(&given, &left("2016-01-01", "q"), "not a party");
    taken(&given, &[left("2016-01-01", "p")]);
    let service = json!({ "serviceId": "s", "name": "S", "leadId": "r", "partyIds": ["q", "r"] });
    given.record(&[on_x("2017-05-05", "serviceAdded", service)]);
    contradicts_last(&given, &left("2016-06-01", "r"), "not a party");
}

#[test]
fn an_end_and_a_renewal_do_not_contradict_one_another() {
    let option = json!({ "months": 12, "holderIds": ["p"] });
    let mut given = bound(json!({ "expiresOn": date("2020-03-31"), "extensions": [option] }));
    let ended = json!({ "instrumentId": "a", "cause": "END_CAUSE_EXPIRY" });
    given.record(&[on_x("2020-04-01", "instrumentEnded", ended)]);
    let renewed = json!({ "instrumentId": "a", "expiresOn": date("2021-03-31"),
        "exercisedById": "p" });
    let renewed = on_x("2020-01-01", "instrumentRenewed", renewed);
    contradicts_last(&given, &renewed, "runs to 2021-03-31");
}

#[test]
fn a_renewal_rests_on_the_terms_of_its_day() {
    let option = json!({ "months": 12, "holderIds": ["p"] });
    let mut given = bound(json!({ "expiresOn": date("2020-03-31"), "extensions": [option] }));
    let renewed = json!({ "instrumentId": "a", "expiresOn": date("2021-03-31"),
        "exercisedById": "p" });
    given.record(&[on_x("2020-01-01", "instrumentRenewed", renewed)]);
    let other = json!({ "months": 12, "holderIds": ["q"] });
    let late = varied(
        "2019-01-01",
        json!({ "expiresOn": date("2020-03-31"), "extensions": [other] }),
    );
    contradicts_last(&given, &late, "option to extend a is that of q");
}

#[test]
fn a_mandate_came_before_no_withdrawal_that_it_forbids() {
    let mut given = forces(&["a", "b"], "2015-01-01");
    given.record(&[left("2016-01-01", "a-pcc")]);
    let mandate = json!({ "directionId": "m", "kind": "DIRECTION_KIND_MANDATE",
        "terms": "The order" });
    let mandate = |on: &str| on_x(on, "directionIssued", mandate.clone());
    contradicts_last(
        &given,
        &mandate("2015-06-01"),
        "the Secretary of State's mandate m",
    );
    taken(&given, &[mandate("2016-06-01")]);
}

#[test]
fn a_board_decided_nothing_after_its_end() {
    for decision in [
        decided(json!({ "votesFor": 3, "votesAgainst": 0 })),
        voted("q"),
    ] {
        let mut given = with_board();
        given.record(&[decision]);
        contradicts_last(&given, &board_ended("2016-01-20"), "ended on 2016-01-20");
        taken(&given, &[board_ended("2016-02-01")]);
    }
}

#[test]
fn nobody_votes_without_a_seat_whichever_is_recorded_first() {
    let mut given = with_board();
    given.record(&[voted("q")]);
    contradicts_last(
        &given,
        &seats_left("2016-01-15", &["q"]),
        "no seat with a vote",
    );
    taken(&given, &[seats_left("2016-01-15", &["p"])]);
    taken(&given, &[seats_left("2016-02-02", &["q"])]);
    let mut given = with_board();
    given.record(&[decided(json!({ "votesFor": 3, "votesAgainst": 0 }))]);
    contradicts_last(&given, &seats_left("2016-01-15", &["p", "q"]), "the tally");
}

#[test]
fn no_body_signs_in_a_capacity_that_it_had_lost() {
    let bodies = [
        event(
            "bodies/county",
            "2011-04-01",
            "bodyRegistered",
            json!({ "name": "County", "kind": "BODY_KIND_COUNCIL",
                "capacities": [{ "kind": "BODY_KIND_FIRE_AUTHORITY" }] }),
        ),
        event(
            "bodies/nwas",
            "2011-04-01",
            "bodyRegistered",
            json!({ "name": "Ambulances", "kind": "BODY_KIND_AMBULANCE_TRUST" }),
        ),
        super::established(&["county", "nwas"], "2015-01-01"),
    ];
    let mut given = Given::recorded(&bodies);
    let terms = json!({ "hasWithdrawalProvision": true });
    let drafts = drafted("e", "2018-01-01", "EMERGENCY_SERVICES_AGREEMENT", terms);
    given.record(&[drafts]);
    given.record(&[signed("e", "2018-01-02", "county")]);
    let lost = |on: &str| {
        let payload = json!({ "capacity": { "kind": "BODY_KIND_FIRE_AUTHORITY" } });
        event("bodies/county", on, "capacityLost", payload)
    };
    let found = contradicted(&given, &lost("2017-01-01"));
    assert_eq!(found[0].0, given.register.tail().get() - 1, "{found:?}");
    assert!(found[0].1.contains("emergency-services"), "{found:?}");
    taken(&given, &[lost("2019-01-01")]);
}

#[test]
fn a_request_brings_the_late_entry_and_the_corrections_that_go_with_it() {
    let given = left_on_notice();
    let revoked = json!({ "noticeId": "n", "reason": "It stays" });
    let revoked = on_x("2019-06-01", "noticeRevoked", revoked);
    let wrong = given.register.tail().get();
    for events in [
        [voided(wrong), revoked.clone()],
        [revoked.clone(), voided(wrong)],
    ] {
        taken(&given, &events);
    }
    // Another correction leaves the contradiction.
    let other = on_x("2020-02-01", "aliasAdded", json!({ "alias": "Xs" }));
    let faults = given.faults(&[other, revoked.clone()]);
    assert_eq!(faults, [("1:effective_on".to_owned(), "CONTRADICTS_LATER")]);
    // In another subject.
    let mut given = with_board();
    given.record(&[voted("q")]);
    let wrong = given.register.tail().get();
    taken(&given, &[seats_left("2016-01-15", &["q"]), voided(wrong)]);
    // Two late entries, of which one is at fault.
    let late = [
        seats_left("2016-01-15", &["p"]),
        seats_left("2016-01-16", &["q"]),
    ];
    let faults = given.faults(&late);
    assert_eq!(faults, [("1:effective_on".to_owned(), "CONTRADICTS_LATER")]);
    // A request that contradicts itself.
    let given = councils(&ALL, "2015-01-01");
    let lead = on_x("2021-01-01", "leadAppointed", json!({ "bodyId": "q" }));
    let faults = given.faults(&[lead, left("2020-06-01", "q")]);
    assert_eq!(faults, [("1:effective_on".to_owned(), "CONTRADICTS_LATER")]);
}

#[test]
fn a_refused_late_entry_leaves_the_register_as_it_was() {
    let given = left_on_notice();
    let revoked = json!({ "noticeId": "n", "reason": "It stays" });
    let command = crate::given::append(7, &[on_x("2019-06-01", "noticeRevoked", revoked)]);
    let command = minutebook::wire::request::append_command(&command).unwrap();
    let context = minutebook::domain::admit::Context::at(crate::given::now());
    let mut register = given.register.clone();
    let refused = minutebook::domain::admit::admit_into(&mut register, &command, &context);
    assert!(refused.is_err());
    assert_eq!(register.tail(), given.register.tail());
    assert_eq!(format!("{register:?}"), format!("{:?}", given.register));
    let (explained, _) = explain(&given.register, &command.events, &command.caller, &context);
    let reasons: Vec<_> = explained[0]
        .faults
        .iter()
        .map(|(_, f)| f.reason())
        .collect();
    assert_eq!(reasons, ["CONTRADICTS_LATER"]);
}

#[test]
fn some_late_entries_are_shown_and_not_refused() {
    // Approval rules: an act before them, in force after their day, is a breach.
    let mut given = crate::decisions::approving::stage();
    given.record(
        &[make("2020-05-01", 1, "v", virement("20"))].map(|mut made| {
            made.as_object_mut().unwrap().remove("authority");
            made
        }),
    );
    let rules = [virements(
        "r",
        json!({}),
        crate::decisions::approving::every_party(),
    )];
    let adopted = crate::decisions::approving::adopt("2020-01-01", "rules", &rules);
    taken(&given, std::slice::from_ref(&adopted));
    // Votes and decisions.
    given.record(&[adopted]);
    given.record(&[request("2020-06-01", 1, virement("20"))]);
    for voter in ["+a-pcc", "+b-pcc", "+a-cc", "+b-cc"] {
        given.record(&[vote("2020-07-01", 1, voter)]);
    }
    given.record(&[make("2020-08-01", 1, "w", virement("20"))]);
    // A succession.
    let mut given = councils(&ALL, "2015-01-01");
    given.record(&[drafted("a", "2016-01-01", "CONTRACT", json!({}))]);
    given.record(&[signed("a", "2018-01-02", "p")]);
    let followed = json!({ "successorId": "other" });
    taken(
        &given,
        &[event("bodies/p", "2017-01-01", "bodySucceeded", followed)],
    );
}

/// The entries that are judged again for a request.
fn judged_again(given: &Given, events: &[Value]) -> usize {
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    let meter = move || {
        counted.set(counted.get() + 1);
        Pace::GoOn
    };
    let judged = metered(meter, || given.judge(events).is_ok());
    assert_eq!(judged, Ok(true));
    count.get()
}

#[test]
fn an_entry_in_order_costs_nothing_and_a_late_one_a_fold_of_what_it_touches() {
    let mut given = with_board();
    given.record(&[voted("p")]);
    for n in 2..40 {
        given.record(&[propose("2017-01-01", n)]);
    }
    let service = json!({ "serviceId": "s", "name": "S", "partyIds": ["p", "q"] });
    let service = |on: &str| on_x(on, "serviceAdded", service.clone());
    assert_eq!(judged_again(&given, &[service("2017-01-01")]), 0);
    assert_eq!(judged_again(&given, &[seats_left("2026-11-23", &["q"])]), 0);
    // A statement on which nothing rests, however late.
    let alias = on_x("2015-02-01", "aliasAdded", json!({ "alias": "Xs" }));
    assert_eq!(judged_again(&given, &[alias]), 0);
    // The matters and the vote after it, once; the vote reads its matter.
    assert_eq!(judged_again(&given, &[service("2015-06-01")]), 41);
    assert_eq!(judged_again(&given, &[service("2016-06-01")]), 38);
    // Of another subject, the vote alone.
    assert_eq!(judged_again(&given, &[seats_left("2016-01-15", &["r"])]), 2);
    assert_eq!(judged_again(&given, &[seats_left("2016-02-15", &["q"])]), 0);
}

#[test]
fn a_history_that_was_recorded_entry_by_entry_may_come_as_one_request() {
    // A deed of accession is signed before its day, and is on record after it.
    let draft = drafted("a", "2015-01-02", "INTER_AUTHORITY_AGREEMENT", json!({}));
    let joined = json!({ "bodyId": "r", "instrumentId": "a", "agreedByIds": ["p", "q"] });
    let history = [
        draft,
        signed("a", "2015-01-02", "p"),
        signed("a", "2015-01-02", "q"),
        on_x("2019-04-01", "partyJoined", joined),
        signed("a", "2019-03-20", "r"),
    ];
    let started = || {
        let mut given = councils(&["p", "q"], "2015-01-01");
        given.record(&[body("r", "COUNCIL")]);
        let notice = json!({ "noticeId": "n", "bodyId": "p", "takesEffectOn": date("2021-01-01"),
            "capacity": "NOTICE_CAPACITY_PARTY" });
        given.record(&[on_x("2020-01-01", "noticeGiven", notice)]);
        given
    };
    let mut by_entry = started();
    for event in &history {
        by_entry.record(std::slice::from_ref(event));
    }
    let mut at_once = started();
    at_once.record(&history);
    assert_eq!(at_once.entries.len(), by_entry.entries.len());
}
