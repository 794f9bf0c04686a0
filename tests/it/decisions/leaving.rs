//! Rule 8: notice is honoured, and no party leaves under a mandate.

use serde_json::{Value, json};

use super::{alliance, memorandum};
use crate::given::{Given, date, judged, on_x};

fn notice(on: &str, body: &str, effect: &str, extra: Value) -> Value {
    let mut payload = json!({ "noticeId": "n", "bodyId": body, "capacity": "NOTICE_CAPACITY_PARTY",
                           "instrumentId": "mou", "takesEffectOn": date(effect) });
    payload
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    on_x(on, "noticeGiven", payload)
}

/// The alliance under a signed memorandum with twelve months of notice to leave,
/// and six to stop leading.
fn with_notice_clause() -> Given {
    let all = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    memorandum(
        &all,
        &all.map(|body| (body, "2014-04-01")),
        json!({ "noticeAsPartyMonths": 12, "noticeAsLeadMonths": 6 }),
    )
}

#[test]
fn rule_8_notice_periods_are_honoured_unless_every_other_party_waives() {
    let all = json!({ "waivedByIds": ["a-cc", "a-pcc", "b-cc"] });
    let some = json!({ "waivedByIds": ["a-cc", "a-pcc"] });
    let lead = |effect: &str, body: &str| {
        notice(
            "2015-03-31",
            body,
            effect,
            json!({ "capacity": "NOTICE_CAPACITY_LEAD", "serviceId": "dogs" }),
        )
    };
    judged(
        &with_notice_clause(),
        &[
            (
                "to the day",
                notice("2015-03-31", "b-pcc", "2016-03-31", json!({})),
                &[],
            ),
            (
                "a day short",
                notice("2015-03-31", "b-pcc", "2016-03-30", json!({})),
                &["NOTICE_TOO_SHORT"],
            ),
            (
                "waived by all others",
                notice("2015-03-31", "b-pcc", "2015-04-30", all),
                &[],
            ),
            (
                "waived by some",
                notice("2015-03-31", "b-pcc", "2015-04-30", some),
                &["NOTICE_TOO_SHORT"],
            ),
            (
                "to take effect at once",
                notice("2015-03-31", "b-pcc", "2015-03-31", json!({})),
                &["NOT_LATER", "NOTICE_TOO_SHORT"],
            ),
            (
                "naming no clause, to the day",
                notice(
                    "2015-03-31",
                    "b-pcc",
                    "2016-03-31",
                    json!({ "instrumentId": "" }),
                ),
                &[],
            ),
            (
                "naming no clause gets around none",
                notice(
                    "2015-03-31",
                    "b-pcc",
                    "2016-03-30",
                    json!({ "instrumentId": "" }),
                ),
                &["NOTICE_TOO_SHORT"],
            ),
            (
                "by no party",
                notice("2015-03-31", "c-pcc", "2016-03-31", json!({})),
                &["NOT_A_PARTY"],
            ),
            ("as lead, six months", lead("2015-09-30", "a-cc"), &[]),
            (
                "as lead, a day short",
                lead("2015-09-29", "a-cc"),
                &["NOTICE_TOO_SHORT"],
            ),
            (
                "as lead, by another",
                lead("2015-09-30", "b-cc"),
                &["NOT_THE_LEAD"],
            ),
        ],
    );
}

#[test]
fn rule_8_where_no_clause_is_in_force_there_is_no_period() {
    let short = || {
        notice(
            "2015-03-31",
            "b-pcc",
            "2015-04-01",
            json!({ "instrumentId": "" }),
        )
    };
    judged(&alliance(), &[("no instrument", short(), &[])]);
    let all = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let unsigned = memorandum(
        &all,
        &[("a-pcc", "2014-04-01")],
        json!({ "noticeAsPartyMonths": 12 }),
    );
    judged(&unsigned, &[("one that nobody has signed", short(), &[])]);
}

#[test]
fn rule_8_a_direction_sets_the_day_earlier_or_later() {
    let direct = |on: &str, to: &str| {
        on_x(
            on,
            "directionIssued",
            json!({ "directionId": "d", "kind": "DIRECTION_KIND_DIRECT", "terms": "To leave then",
                    "noticeId": "n", "takesEffectOn": date(to) }),
        )
    };
    let leave = |on: &str| {
        on_x(
            on,
            "partyWithdrew",
            json!({ "bodyId": "b-pcc", "noticeId": "n" }),
        )
    };
    for (to, before) in [("2015-06-30", "2015-06-29"), ("2017-06-30", "2017-06-29")] {
        let mut given = with_notice_clause();
        given.record(&[notice("2015-03-31", "b-pcc", "2016-03-31", json!({}))]);
        given.record(&[direct("2015-05-01", to)]);
        judged(
            &given,
            &[
                ("on the directed day", leave(to), &[]),
                ("the day before", leave(before), &["NOTICE_STILL_RUNNING"]),
            ],
        );
    }
}

#[test]
fn rule_8_a_notice_as_lead_lets_nobody_leave() {
    let mut given = with_notice_clause();
    given.record(&[notice(
        "2015-03-31",
        "a-cc",
        "2016-03-31",
        json!({ "capacity": "NOTICE_CAPACITY_LEAD", "serviceId": "dogs" }),
    )]);
    given.record(&[on_x(
        "2016-03-31",
        "serviceLeadTransferred",
        json!({ "serviceId": "dogs", "fromId": "a-cc", "toId": "b-cc" }),
    )]);
    let leave = on_x(
        "2016-04-01",
        "partyWithdrew",
        json!({ "bodyId": "a-cc", "noticeId": "n" }),
    );
    judged(&given, &[("on it", leave, &["NOTICE_DOES_NOT_FIT"])]);
}

#[test]
fn rule_8_a_party_leaves_when_its_notice_takes_effect() {
    let leave = |on: &str, body: &str, extra: Value| {
        let mut payload = json!({ "bodyId": body });
        payload
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        on_x(on, "partyWithdrew", payload)
    };
    let named = || json!({ "noticeId": "n" });
    let mut given = with_notice_clause();
    judged(
        &given,
        &[
            (
                "without notice",
                leave("2016-03-31", "b-pcc", json!({ "reason": "Merged" })),
                &["NOTICE_REQUIRED"],
            ),
            (
                "on an unknown notice",
                leave("2016-03-31", "b-pcc", named()),
                &["UNKNOWN_ITEM"],
            ),
            (
                "while it leads",
                leave("2016-03-31", "a-cc", json!({ "reason": "Merged" })),
                &["STILL_LEADS", "NOTICE_REQUIRED"],
            ),
        ],
    );
    given.record(&[notice("2015-03-31", "b-pcc", "2016-03-31", json!({}))]);
    let extend = |on: &str, to: &str| {
        on_x(
            on,
            "noticeExtended",
            json!({ "noticeId": "n", "takesEffectOn": date(to) }),
        )
    };
    let revoke = |on: &str| on_x(on, "noticeRevoked", json!({ "noticeId": "n" }));
    judged(
        &given,
        &[
            ("on its day", leave("2016-03-31", "b-pcc", named()), &[]),
            (
                "the day before",
                leave("2016-03-30", "b-pcc", named()),
                &["NOTICE_STILL_RUNNING"],
            ),
            (
                "the day before, not naming it",
                leave("2016-03-30", "b-pcc", json!({ "reason": "Now" })),
                &["NOTICE_STILL_RUNNING"],
            ),
            (
                "on another's notice",
                leave("2016-03-31", "b-cc", named()),
                &["NOTICE_DOES_NOT_FIT"],
            ),
            ("extended", extend("2016-01", "2016-06-30"), &[]),
            (
                "extended to the same day",
                extend("2016-01", "2016-03-31"),
                &["NOT_LATER"],
            ),
            (
                "extended too late",
                extend("2016-03-31", "2016-06-30"),
                &["NOTICE_NOT_RUNNING"],
            ),
            ("revoked", revoke("2016-03-30"), &[]),
            (
                "revoked too late",
                revoke("2016-03-31"),
                &["NOTICE_NOT_RUNNING"],
            ),
            (
                "given again",
                notice(
                    "2015-04-01",
                    "b-pcc",
                    "2016-04-01",
                    json!({ "noticeId": "m" }),
                ),
                &["NOTICE_ALREADY_RUNNING"],
            ),
        ],
    );
    given.record(&[extend("2016-01", "2016-06-30")]);
    judged(
        &given,
        &[
            (
                "on the old day",
                leave("2016-03-31", "b-pcc", named()),
                &["NOTICE_STILL_RUNNING"],
            ),
            ("on the new day", leave("2016-06-30", "b-pcc", named()), &[]),
        ],
    );
    given.record(&[revoke("2016-05")]);
    judged(
        &given,
        &[(
            "revoked",
            leave("2016-06-30", "b-pcc", named()),
            &["NOTICE_DOES_NOT_FIT"],
        )],
    );
}

#[test]
fn rule_8_nobody_leaves_under_a_mandate() {
    let mut given = alliance();
    let direct = |id: &str, on: &str, kind: &str, lifts: &str| {
        on_x(
            on,
            "directionIssued",
            json!({ "directionId": id, "kind": format!("DIRECTION_KIND_{kind}"), "liftsDirectionId": lifts, "terms": "SI 2012/1690" }),
        )
    };
    given.record(&[direct("air", "2015", "MANDATE", "")]);
    let leave = |on: &str| {
        on_x(
            on,
            "partyWithdrew",
            json!({ "bodyId": "b-pcc", "reason": "Leaving" }),
        )
    };
    let end = |cause: &str| {
        on_x(
            "2016",
            "collaborationEnded",
            json!({ "cause": format!("END_CAUSE_{cause}") }),
        )
    };
    judged(
        &given,
        &[
            ("before it", leave("2014-12-31"), &[]),
            ("under it", leave("2015-01-01"), &["MANDATE_STANDS"]),
            (
                "notice under it",
                notice(
                    "2015-03-31",
                    "b-pcc",
                    "2016-03-31",
                    json!({ "instrumentId": "" }),
                ),
                &["MANDATE_STANDS"],
            ),
            (
                "ended by agreement",
                end("AGREEMENT"),
                &["MANDATE_STANDS", "END_NOT_AGREED"],
            ),
            (
                "ended by a direction that nobody gave",
                end("DIRECTION"),
                &["END_WITHOUT_DIRECTION"],
            ),
            (
                "ended by a notice that nobody gave",
                end("NOTICE"),
                &["MANDATE_STANDS", "END_WITHOUT_NOTICE"],
            ),
            (
                "lifting what is not there",
                direct("b", "2016", "MANDATE_LIFTED", "sea"),
                &["UNKNOWN_ITEM"],
            ),
        ],
    );
    given.record(&[direct("lift", "2016", "MANDATE_LIFTED", "air")]);
    judged(
        &given,
        &[
            ("once it is lifted", leave("2016-01-01"), &[]),
            (
                "lifted twice",
                direct("again", "2017", "MANDATE_LIFTED", "air"),
                &["ITEM_CLOSED"],
            ),
        ],
    );
}
