//! Rule 8, attempts to evade it: clauses that are not named, notices that are used
//! up, days that the parties may not set.

use serde_json::{Value, json};

use super::{alliance, memorandum};
use crate::given::{Given, date, event, judged, on_x};

const ALL: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];

/// A notice given on 1 January 2015.
fn notice(id: &str, body: &str, effect: &str, extra: &Value) -> Value {
    given_on("2015-01-01", id, body, effect, extra)
}

fn given_on(on: &str, id: &str, body: &str, effect: &str, extra: &Value) -> Value {
    let mut payload = json!({ "noticeId": id, "bodyId": body, "takesEffectOn": date(effect),
                           "capacity": "NOTICE_CAPACITY_PARTY" });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    on_x(on, "noticeGiven", payload)
}

fn leave(on: &str, body: &str, notice: &str) -> Value {
    let payload = json!({ "bodyId": body, "noticeId": notice, "reason": "Leaving" });
    on_x(on, "partyWithdrew", payload)
}

/// The alliance under a memorandum in force, with twelve months of notice to
/// leave and six to stop leading.
fn bound() -> Given {
    let terms = json!({ "noticeAsPartyMonths": 12, "noticeAsLeadMonths": 6 });
    memorandum(&ALL, &ALL.map(|body| (body, "2014-04-01")), terms)
}

/// Another memorandum, in force since 1 May 2014.
fn another(given: &mut Given, id: &str, terms: Value, services: Value) {
    let drafted = json!({ "instrumentId": id, "title": id, "partyIds": ALL, "terms": terms,
        "serviceIds": services, "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" });
    given.record(&[on_x("2014-05-01", "instrumentDrafted", drafted)]);
    for body in ALL {
        let signed = json!({ "instrumentId": id, "bodyId": body });
        given.record(&[on_x("2014-05-01", "agreementSigned", signed)]);
    }
}

#[test]
fn rule_8_no_clause_in_force_is_got_around_by_naming_another() {
    const SHORT: &[&str] = &["NOTICE_TOO_SHORT"];
    let mut given = bound();
    another(&mut given, "bare", json!({}), json!([]));
    another(
        &mut given,
        "brief",
        json!({ "noticeAsPartyMonths": 3 }),
        json!([]),
    );
    let naming = |id: &str| json!({ "instrumentId": id });
    judged(
        &given,
        &[
            (
                "one without a clause, a day short",
                notice("n", "b-pcc", "2015-12-31", &naming("bare")),
                SHORT,
            ),
            (
                "one without a clause, to the day",
                notice("n", "b-pcc", "2016-01-01", &naming("bare")),
                &[],
            ),
            (
                "one with a shorter clause",
                notice("n", "b-pcc", "2015-12-31", &naming("brief")),
                SHORT,
            ),
            (
                "none",
                notice("n", "b-pcc", "2015-12-31", &json!({})),
                SHORT,
            ),
        ],
    );
    // An ended instrument binds no party; only the shorter clause is left.
    let over = json!({ "instrumentId": "mou", "cause": "END_CAUSE_AGREEMENT",
        "agreedByIds": ALL });
    given.record(&[on_x("2014-12-31", "instrumentEnded", over)]);
    judged(
        &given,
        &[
            (
                "the shorter one, a day short",
                notice("n", "b-pcc", "2015-03-31", &json!({})),
                SHORT,
            ),
            (
                "the shorter one, to the day",
                notice("n", "b-pcc", "2015-04-01", &json!({})),
                &[],
            ),
        ],
    );
}

#[test]
fn rule_8_the_clause_of_a_service_binds_every_party_that_leaves_it() {
    const SHORT: &[&str] = &["NOTICE_TOO_SHORT"];
    let mut given = alliance();
    let cats = json!({ "serviceId": "cats", "name": "Cats", "leadId": "b-cc" });
    given.record(&[on_x("2014", "serviceAdded", cats)]);
    given.record(&[on_x("2014", "leadAppointed", json!({ "bodyId": "a-pcc" }))]);
    another(
        &mut given,
        "about-dogs",
        json!({ "noticeAsPartyMonths": 12, "noticeAsLeadMonths": 6 }),
        json!(["dogs"]),
    );
    let of_service = |service: &str| json!({ "serviceId": service });
    let as_lead =
        |service: &str| json!({ "serviceId": service, "capacity": "NOTICE_CAPACITY_LEAD" });
    judged(
        &given,
        &[
            (
                "the service it is about, a day short",
                notice("n", "b-cc", "2015-12-31", &of_service("dogs")),
                SHORT,
            ),
            (
                "the service it is about, to the day",
                notice("n", "b-cc", "2016-01-01", &of_service("dogs")),
                &[],
            ),
            (
                "another service",
                notice("n", "b-pcc", "2015-01-02", &of_service("cats")),
                &[],
            ),
            (
                "the whole, which is to leave that service too",
                notice("n", "b-cc", "2015-12-31", &json!({})),
                SHORT,
            ),
            (
                "a service that the body has no part in",
                notice("n", "b-pcc", "2016-01-01", &of_service("dogs")),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
            (
                "as lead of the service it is about, a day short",
                notice("n", "a-cc", "2015-06-30", &as_lead("dogs")),
                SHORT,
            ),
            (
                "as lead of another",
                notice("n", "b-cc", "2015-01-02", &as_lead("cats")),
                &[],
            ),
            (
                "as lead of the whole",
                notice("n", "a-pcc", "2015-01-02", &as_lead("")),
                &[],
            ),
        ],
    );
    // A notice about a service does not allow a party to leave the collaboration.
    given.record(&[notice("n", "b-cc", "2016-01-01", &of_service("dogs"))]);
    let to_lead = json!({ "serviceId": "cats", "fromId": "b-cc", "toId": "b-pcc" });
    given.record(&[on_x("2015-06-01", "serviceLeadTransferred", to_lead)]);
    let on_it = leave("2016-01-01", "b-cc", "n");
    judged(&given, &[("on it", on_it, &["NOTICE_DOES_NOT_FIT"])]);
}

#[test]
fn rule_8_months_end_where_the_month_ends() {
    let given = {
        let mut given = alliance();
        let terms = json!({ "noticeAsPartyMonths": 3 });
        another(&mut given, "brief", terms, json!([]));
        given
    };
    let case = |on: &str, effect: &str| given_on(on, "n", "b-pcc", effect, &json!({}));
    judged(
        &given,
        &[
            (
                "30 November and three months",
                case("2014-11-30", "2015-02-28"),
                &[],
            ),
            (
                "a day short",
                case("2014-11-30", "2015-02-27"),
                &["NOTICE_TOO_SHORT"],
            ),
            ("in a leap year", case("2015-11-30", "2016-02-29"), &[]),
            (
                "a day short in a leap year",
                case("2015-11-30", "2016-02-28"),
                &["NOTICE_TOO_SHORT"],
            ),
        ],
    );
}

#[test]
fn rule_8_a_notice_is_used_once() {
    let mut given = bound();
    given.record(&[notice("n", "b-pcc", "2016-01-01", &json!({}))]);
    given.record(&[leave("2016-01-01", "b-pcc", "n")]);
    given.record(&[on_x("2018", "partyJoined", json!({ "bodyId": "b-pcc" }))]);
    judged(
        &given,
        &[(
            "the notice of the time before",
            leave("2019-01-01", "b-pcc", "n"),
            &["NOTICE_DOES_NOT_FIT"],
        )],
    );
    given.record(&[given_on(
        "2018-01-01",
        "m",
        "b-pcc",
        "2019-01-01",
        &json!({}),
    )]);
    judged(
        &given,
        &[(
            "its new notice, given on the day it came back",
            leave("2019-01-01", "b-pcc", "m"),
            &[],
        )],
    );
}

#[test]
fn rule_8_the_day_a_direction_sets_is_not_for_the_parties_to_move() {
    let direct = |id: &str, on: &str, to: &str| {
        on_x(
            on,
            "directionIssued",
            json!({ "directionId": id, "kind": "DIRECTION_KIND_DIRECT", "terms": "Then",
                    "noticeId": "n", "takesEffectOn": date(to) }),
        )
    };
    let extend = |on: &str, to: &str| {
        on_x(
            on,
            "noticeExtended",
            json!({ "noticeId": "n", "takesEffectOn": date(to) }),
        )
    };
    let mut given = bound();
    given.record(&[notice("n", "b-pcc", "2016-01-01", &json!({}))]);
    given.record(&[extend("2015-02-01", "2016-06-30")]);
    judged(
        &given,
        &[
            ("at once", direct("d", "2015-06-01", "2015-06-01"), &[]),
            (
                "before the direction itself",
                direct("d", "2015-06-01", "2015-05-31"),
                &["NOT_LATER"],
            ),
        ],
    );
    given.record(&[direct("d", "2015-06-01", "2015-09-30")]);
    judged(
        &given,
        &[
            (
                "extended again",
                extend("2015-07-01", "2016-12-31"),
                &["DAY_DIRECTED"],
            ),
            (
                "directed again",
                direct("e", "2015-07-01", "2015-10-31"),
                &[],
            ),
            (
                "left before the directed day",
                leave("2015-09-29", "b-pcc", "n"),
                &["NOTICE_STILL_RUNNING"],
            ),
            (
                "left on the directed day",
                leave("2015-09-30", "b-pcc", "n"),
                &[],
            ),
        ],
    );
    // An extension recorded now was made before the direction.
    given.record(&[extend("2015-05-01", "2016-12-31")]);
    let still = leave("2015-09-30", "b-pcc", "n");
    judged(&given, &[("on the directed day, still", still, &[])]);
}

#[test]
fn rule_8_a_mandate_holds_those_whose_notice_is_running() {
    let mut given = bound();
    given.record(&[notice("n", "b-pcc", "2016-01-01", &json!({}))]);
    let mandate = json!({ "directionId": "air", "kind": "DIRECTION_KIND_MANDATE", "terms": "SI" });
    given.record(&[on_x("2015-06-01", "directionIssued", mandate)]);
    judged(
        &given,
        &[
            (
                "on the day of the notice",
                leave("2016-01-01", "b-pcc", "n"),
                &["MANDATE_STANDS"],
            ),
            (
                "a notice as lead is no withdrawal",
                notice(
                    "m",
                    "a-cc",
                    "2015-12-01",
                    &json!({ "serviceId": "dogs", "capacity": "NOTICE_CAPACITY_LEAD" }),
                ),
                &[],
            ),
        ],
    );
}

#[test]
fn rule_8_a_body_that_was_followed_leaves_without_notice() {
    let mut given = bound();
    let successor =
        json!({ "name": "The b mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "b" });
    given.record(&[event(
        "bodies/b-mayor",
        "2015-05-07",
        "bodyRegistered",
        successor,
    )]);
    let followed = json!({ "successorId": "b-mayor" });
    given.record(&[event(
        "bodies/b-pcc",
        "2015-05-07",
        "bodySucceeded",
        followed,
    )]);
    judged(
        &given,
        &[
            (
                "the day it was followed",
                leave("2015-05-07", "b-pcc", ""),
                &[],
            ),
            (
                "the day before",
                leave("2015-05-06", "b-pcc", ""),
                &["NOTICE_REQUIRED"],
            ),
            (
                "its successor, which is bound in its place",
                leave("2015-05-07", "b-mayor", ""),
                &["NOTICE_REQUIRED"],
            ),
        ],
    );
}

#[test]
fn rule_8_a_partial_date_is_taken_where_some_day_of_it_would_be() {
    const SHORT: &[&str] = &["NOTICE_TOO_SHORT"];
    let case = |on: &str, effect: &str| given_on(on, "n", "b-pcc", effect, &json!({}));
    let mut given = bound();
    judged(
        &given,
        &[
            (
                "a day short of a year after the first day of its month",
                case("2015-03", "2016-02-29"),
                SHORT,
            ),
            (
                "a year after the first day of its month",
                case("2015-03", "2016-03-01"),
                &[],
            ),
            (
                "a year after the last day of its month",
                case("2015-03", "2016-03-31"),
                &[],
            ),
            (
                "of the year in which the clause came into force",
                case("2014", "2014-12-31"),
                &[],
            ),
            (
                "of the month before it did",
                case("2014-03", "2014-04-01"),
                &[],
            ),
        ],
    );
    let mandate = json!({ "directionId": "air", "kind": "DIRECTION_KIND_MANDATE", "terms": "SI" });
    given.record(&[on_x("2019-06-01", "directionIssued", mandate)]);
    given.record(&[case("2016-01-01", "2017-01-01")]);
    judged(
        &given,
        &[
            (
                "left in the month before the mandate",
                leave("2019-05", "b-pcc", "n"),
                &[],
            ),
            (
                "left in the year of the mandate",
                leave("2019", "b-pcc", "n"),
                &[],
            ),
            (
                "left in a month after it",
                leave("2019-07", "b-pcc", "n"),
                &["MANDATE_STANDS"],
            ),
        ],
    );
}
