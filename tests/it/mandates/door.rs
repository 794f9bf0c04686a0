//! Spoofs at the door: what one caller would say for others.

use minutebook::domain::caller::Caller;
use minutebook::domain::entry::RecordedCaller;
use serde_json::{Value, json};

use super::{caller, grant, keeper};
use crate::decisions::alliance;
use crate::given::{Given, event, on_x};

const PROPOSAL: &str = "0190a5d0-0000-7000-8000-000000000001";

fn proposed() -> Value {
    let mut event = on_x(
        "2026-11-02",
        "matterProposed",
        json!({ "proposalId": PROPOSAL, "title": "A summit", "matter": { "other": "A summit" },
            "putToIds": ["a-pcc", "b-pcc"] }),
    );
    event["actedBy"] = json!({ "bodyId": "a-pcc" });
    event
}

fn vote(voter: &str) -> Value {
    on_x(
        "2026-11-03",
        "voteCast",
        json!({ "proposalId": PROPOSAL, "voter": { "bodyId": voter }, "choice": "VOTE_CHOICE_APPROVE" }),
    )
}

/// Two commissioners with a mandate each, and a registrar.
fn two_members() -> Given {
    alliance()
        .kept()
        .granting("a", "member", json!({ "bodyIds": ["a-pcc"] }))
        .granting("b", "member", json!({ "bodyIds": ["b-pcc"] }))
        .granting("registrar", "registrar", json!({ "wholeRegister": true }))
}

#[test]
fn an_open_register_is_open_until_it_has_a_keeper() {
    let mut given = alliance();
    given.record(&[proposed()]);
    let last = given.entries.last().unwrap();
    assert_eq!(last.caller, RecordedCaller::Local);
    let granted = grant("keepers", "keeper", json!({}));
    let reasons = given.reasons(&Caller::Local, &granted);
    assert_eq!(reasons, ["NOT_MANDATED"], "nobody makes himself keeper");
    let why = given.sentence(&Caller::Local, &granted);
    assert!(why.contains("at the store (minutebook keeper)"), "{why}");
    let mut kept = given.kept();
    assert_eq!(kept.entries.last().unwrap().caller, RecordedCaller::Store);
    let vote = vote("b-pcc");
    assert_eq!(kept.reasons(&Caller::Local, &vote), ["NOT_SIGNED_IN"]);
    assert_eq!(kept.reasons(&Caller::Store, &vote), ["NOT_MANDATED"]);
    assert_eq!(kept.reasons(&caller(1, &["b"]), &vote), ["NOT_MANDATED"]);
    kept.record_by(
        &keeper(),
        &[grant("b", "member", json!({ "bodyIds": ["b-pcc"] }))],
    );
    kept.record_by(&caller(1, &["b"]), &[vote]);
    let entry = kept.entries.last().unwrap();
    assert_eq!(
        &*entry.recorded_by, "Office b",
        "the mandate names the recorder"
    );
    let RecordedCaller::Mandated(by) = &entry.caller else {
        panic!("{:?}", entry.caller)
    };
    assert_eq!(by.mandates, [kept.entries[kept.entries.len() - 2].position]);
}

#[test]
fn one_request_cannot_be_several_offices() {
    let given = two_members();
    let (a, b) = (caller(1, &["a"]), caller(2, &["b"]));
    assert_eq!(
        given.reasons(&b, &proposed()),
        ["NOT_MANDATED"],
        "in the name of another"
    );
    let all = [proposed(), vote("b-pcc"), vote("a-pcc")];
    let refused = format!("{:?}", given.judge_by(&a, &all).unwrap_err());
    assert_eq!(refused.matches("NotMandated").count(), 1, "{refused}");
    // Even with the mandates of both.
    let both = caller(3, &["a", "b"]);
    let refused = format!("{:?}", given.judge_by(&both, &all).unwrap_err());
    assert!(refused.contains("SameCaller"), "{refused}");
    let mut given = given;
    given.record_by(&a, &[proposed()]);
    given.record_by(&b, &[vote("b-pcc")]);
    assert_eq!(given.reasons(&b, &vote("a-pcc")), ["NOT_MANDATED"]);
    let also_a = caller(2, &["b", "a"]);
    assert_eq!(given.reasons(&also_a, &vote("a-pcc")), ["SAME_CALLER"]);
    given.record_by(&caller(4, &["a"]), &[vote("a-pcc")]);
}

#[test]
fn a_refusal_says_which_mandate_is_needed_and_who_can_grant_it() {
    let given = two_members();
    let why = given.sentence(&caller(1, &["a"]), &vote("b-pcc"));
    for part in [
        "a mandate as member for b-pcc",
        "for vote_cast",
        "the caller has a as member",
        "Office keepers can grant it (mandate_granted)",
    ] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let nobody = given.sentence(&caller(9, &["z"]), &vote("b-pcc"));
    assert!(nobody.contains("no mandate that is in force"), "{nobody}");
}

#[test]
fn other_rules_say_nothing_to_a_caller_without_a_mandate() {
    let given = two_members();
    let unknown = event(
        "collaborations/secret",
        "2026-11-03",
        "leadEnded",
        json!({}),
    );
    assert_eq!(
        given.reasons(&caller(1, &["a"]), &unknown),
        ["NOT_MANDATED"]
    );
}

#[test]
fn nobody_records_as_the_home_secretary() {
    let given = two_members().granting("r", "recorder", json!({ "wholeRegister": true }));
    let mut noted = on_x(
        "2026-11-03",
        "aliasAdded",
        json!({ "alias": "The Alliance" }),
    );
    noted["actedBy"] = json!({ "office": "Home Secretary" });
    assert_eq!(given.reasons(&caller(1, &["r"]), &noted), ["NOT_MANDATED"]);
    let given = given.granting(
        "home",
        "recorder",
        json!({ "wholeRegister": true, "offices": [{ "office": "home  SECRETARY" }] }),
    );
    assert!(given.reasons(&caller(1, &["home"]), &noted).is_empty());
}

#[test]
fn a_revoked_mandate_ends_on_its_day() {
    let mut given = two_members();
    given.record_by(&caller(1, &["a"]), &[proposed()]);
    let revoked = |on: &str| {
        event(
            "register",
            on,
            "mandateRevoked",
            json!({ "mandateId": "b" }),
        )
    };
    let b = caller(2, &["b"]);
    given.record_by(&keeper(), &[revoked("2026-11-24")]);
    assert!(
        given.reasons(&b, &vote("b-pcc")).is_empty(),
        "from tomorrow"
    );
    given.record_by(&keeper(), &[revoked("2026-11-23")]);
    assert_eq!(given.reasons(&b, &vote("b-pcc")), ["NOT_MANDATED"]);
    assert_eq!(
        given.reasons(&keeper(), &revoked("2026-11-23")),
        ["ITEM_CLOSED"]
    );
}

#[test]
fn the_last_keeper_stays() {
    let given = two_members();
    let revoked = event(
        "register",
        "2026-11-23",
        "mandateRevoked",
        json!({ "mandateId": "keepers" }),
    );
    assert_eq!(given.reasons(&keeper(), &revoked), ["LAST_KEEPER"]);
    let given = given.granting("others", "keeper", json!({}));
    assert!(given.reasons(&keeper(), &revoked).is_empty());
}

#[test]
fn another_callers_vote_is_put_right_by_the_body_and_the_registrar() {
    let mut given = two_members();
    given.record_by(&caller(1, &["a"]), &[proposed()]);
    given.record_by(&caller(2, &["b"]), &[vote("b-pcc")]);
    let position = given.register.tail().get();
    let corrected = on_x(
        "2026-11-04",
        "entryCorrected",
        json!({ "position": position.to_string(), "reason": "It was not cast." }),
    );
    for (who, allowed) in [
        (caller(2, &["b"]), true),
        (caller(3, &["b"]), false),
        (caller(3, &["b", "registrar"]), true),
        (caller(3, &["registrar"]), false),
        (caller(2, &["a"]), false),
        (caller(3, &["a", "registrar"]), false),
    ] {
        let reasons = given.reasons(&who, &corrected);
        assert_eq!(reasons.is_empty(), allowed, "{who:?}: {reasons:?}");
    }
    let both = caller(3, &["b", "registrar"]);
    given.record_by(&both, &[corrected]);
    let RecordedCaller::Mandated(by) = &given.entries.last().unwrap().caller else {
        panic!()
    };
    assert_eq!(by.mandates.len(), 2);
}

#[test]
fn an_amount_has_a_limit() {
    let given = two_members().granting(
        "r",
        "recorder",
        json!({ "wholeRegister": true, "upToPence": "10000" }),
    );
    let paid = |pence: i64| {
        on_x(
            "2026-11-03",
            "contributionPaid",
            json!({ "paymentId": "p", "bodyId": "a-pcc", "financialYear": "2026/27",
                "amountPence": pence.to_string() }),
        )
    };
    let r = caller(1, &["r"]);
    assert!(given.reasons(&r, &paid(10_000)).is_empty());
    assert_eq!(given.reasons(&r, &paid(10_001)), ["NOT_MANDATED"]);
    assert_eq!(given.reasons(&r, &paid(-10_001)), ["NOT_MANDATED"]);
    let mut euro = paid(1);
    euro["currency"] = json!("EUR");
    assert_eq!(given.reasons(&r, &euro), ["NOT_MANDATED"]);
    let why = given.sentence(&r, &paid(10_001));
    assert!(why.contains("of £100.01"), "{why}");
}

#[test]
fn a_request_names_the_recorder_of_its_mandate_or_none() {
    let given = two_members();
    let request = |recorded_by: &str| {
        let mut append = crate::given::append(9, &[proposed()]);
        append.recorded_by = recorded_by.to_owned();
        let by = caller(1, &["a"]);
        let command = minutebook::wire::request::append_command_of(&append, by).unwrap();
        let context = minutebook::domain::admit::Context::at(crate::given::now());
        minutebook::domain::admit::admit(&given.register, &command, &context)
    };
    assert!(request("").is_ok() && request("OFFICE  a").is_ok());
    let refused = request("Home Secretary").unwrap_err();
    let minutebook::domain::admit::Refusal::Rules(findings) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(findings[0].fault.reason(), "RECORDED_AS_ANOTHER");
    assert_eq!(findings[0].field, "recorded_by");
}

#[test]
fn a_term_does_not_end_before_it_begins() {
    let given = two_members();
    let until = |day: i8| {
        let until = json!({ "year": 2026, "month": 10, "day": day });
        let mut granted = grant("late", "auditor", json!({ "untilOn": until }));
        granted["effectiveOn"] = json!({ "year": 2026, "month": 10, "day": 9 });
        given.reasons(&keeper(), &granted)
    };
    assert!(until(9).is_empty());
    assert_eq!(until(8), ["TERM_OVER"]);
}
