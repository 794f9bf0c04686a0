//! The rules at the door: for each, the case just inside and just outside.

use minutebook::domain::admit::Refusal;
use serde_json::{Value, json};

use crate::given::{Given, bodies, collaboration, date, event, judged, on_x};

/// Forces a and b in collaboration `x` since 2013, with a service led by `a-cc`.
fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    events.push(on_x(
        "2014",
        "serviceAdded",
        json!({ "serviceId": "dogs", "name": "Dogs", "units": ["Search"], "leadId": "a-cc",
                "partyIds": ["a-cc", "b-cc"] }),
    ));
    Given::told(&events)
}

#[test]
fn rule_1_bodies_exist_on_the_day() {
    let join = |on: &str, body: &str| on_x(on, "partyJoined", json!({ "bodyId": body }));
    judged(
        &alliance(),
        &[
            ("in being", join("2014-01-01", "c-pcc"), &[]),
            ("on its first day", join("2020-01-01", "late-pcc"), &[]),
            (
                "the day before",
                join("2019-12-31", "late-pcc"),
                &["BODY_NOT_IN_BEING"],
            ),
            ("unknown", join("2014", "d-pcc"), &["UNKNOWN_BODY"]),
            ("succeeded", join("2014", "old-pa"), &["BODY_SUCCEEDED"]),
            (
                "a party already",
                join("2014", "a-pcc"),
                &["ALREADY_A_PARTY"],
            ),
        ],
    );
}

#[test]
fn rule_1_leads_are_parties() {
    let lead = |on: &str, body: &str| on_x(on, "leadAppointed", json!({ "bodyId": body }));
    let mut given = alliance();
    judged(
        &given,
        &[
            ("a party", lead("2013", "a-pcc"), &[]),
            ("no party", lead("2014", "c-pcc"), &["NOT_A_PARTY"]),
            ("unknown", lead("2014", "d-pcc"), &["UNKNOWN_BODY"]),
            (
                "before the collaboration",
                lead("2012-12-31", "a-pcc"),
                &["BEFORE_SUBJECT", "NOT_A_PARTY"],
            ),
        ],
    );
    given.tell(&[lead("2014", "a-pcc")]);
    judged(
        &given,
        &[
            (
                "leads already",
                lead("2015", "a-pcc"),
                &["ALREADY_THE_LEAD"],
            ),
            ("another", lead("2015", "b-pcc"), &[]),
            (
                "recorded late, before the other led",
                lead("2013-06", "b-pcc"),
                &[],
            ),
        ],
    );
}

#[test]
fn rule_1_services_have_parties_of_the_collaboration() {
    let add = |id: &str, on: &str, extra: Value| {
        let mut what = json!({ "serviceId": id, "name": "A service" });
        what.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        on_x(on, "serviceAdded", what)
    };
    judged(
        &alliance(),
        &[
            ("for all", add("cats", "2014", json!({})), &[]),
            (
                "for some",
                add("cats", "2014", json!({ "partyIds": ["a-pcc"] })),
                &[],
            ),
            (
                "for another",
                add("cats", "2014", json!({ "partyIds": ["c-pcc"] })),
                &["NOT_A_PARTY"],
            ),
            (
                "led by a party of it",
                add(
                    "cats",
                    "2014",
                    json!({ "partyIds": ["a-cc"], "leadId": "a-cc" }),
                ),
                &[],
            ),
            (
                "led by another party",
                add(
                    "cats",
                    "2014",
                    json!({ "partyIds": ["a-cc"], "leadId": "b-cc" }),
                ),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
            (
                "led by no party",
                add("cats", "2014", json!({ "leadId": "c-cc" })),
                &["NOT_A_PARTY"],
            ),
            (
                "an id in use",
                add("dogs", "2015", json!({})),
                &["ID_TAKEN"],
            ),
            (
                "before the collaboration",
                add("cats", "2012-12", json!({})),
                &["BEFORE_SUBJECT"],
            ),
        ],
    );
}

#[test]
fn rule_1_transfers_name_the_current_lead() {
    let transfer = |on: &str, from: &str, to: &str| {
        let what = json!({ "serviceId": "dogs", "fromId": from, "toId": to });
        on_x(on, "serviceLeadTransferred", what)
    };
    let mut given = alliance();
    judged(
        &given,
        &[
            ("from the lead", transfer("2015", "a-cc", "b-cc"), &[]),
            (
                "from another",
                transfer("2015", "b-cc", "a-cc"),
                &["NOT_THE_CURRENT_LEAD"],
            ),
            (
                "from nobody",
                transfer("2015", "", "b-cc"),
                &["NOT_THE_CURRENT_LEAD"],
            ),
            (
                "to a party of the whole only",
                transfer("2015", "a-cc", "a-pcc"),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
            (
                "before the service",
                transfer("2013-12-31", "a-cc", "b-cc"),
                &["UNKNOWN_SERVICE"],
            ),
        ],
    );
    given.tell(&[transfer("2016", "a-cc", "b-cc")]);
    judged(
        &given,
        &[
            ("back again", transfer("2017", "b-cc", "a-cc"), &[]),
            (
                "as if nothing had been",
                transfer("2017", "a-cc", "b-cc"),
                &["NOT_THE_CURRENT_LEAD"],
            ),
        ],
    );
}

#[test]
fn rule_1_units_and_parties_of_a_service() {
    let units = |added: Value, removed: Value| {
        on_x(
            "2015",
            "serviceUnitsChanged",
            json!({ "serviceId": "dogs", "added": added, "removed": removed }),
        )
    };
    let parties = |joined: Value, left: Value| {
        on_x(
            "2015",
            "servicePartiesChanged",
            json!({ "serviceId": "dogs", "joinedIds": joined, "leftIds": left }),
        )
    };
    judged(
        &alliance(),
        &[
            ("a unit joins", units(json!(["Patrol"]), json!([])), &[]),
            ("a unit leaves", units(json!([]), json!(["Search"])), &[]),
            (
                "a unit that is there",
                units(json!(["Search"]), json!([])),
                &["UNIT_EXISTS"],
            ),
            (
                "a unit that is not",
                units(json!([]), json!(["Patrol"])),
                &["UNKNOWN_UNIT"],
            ),
            ("a party joins", parties(json!(["a-pcc"]), json!([])), &[]),
            (
                "one of it joins",
                parties(json!(["b-cc"]), json!([])),
                &["ALREADY_A_PARTY_OF_SERVICE"],
            ),
            (
                "no party joins",
                parties(json!(["c-cc"]), json!([])),
                &["NOT_A_PARTY"],
            ),
            ("a party leaves", parties(json!([]), json!(["b-cc"])), &[]),
            (
                "the lead leaves",
                parties(json!([]), json!(["a-cc"])),
                &["STILL_LEADS"],
            ),
            (
                "no party of it leaves",
                parties(json!([]), json!(["a-pcc"])),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
        ],
    );
}

/// The alliance with a memorandum drafted for `parties` in 2014, signed by `signed`.
fn memorandum(parties: &[&str], signed: &[(&str, &str)], terms: Value) -> Given {
    let mut given = alliance();
    given.tell(&[on_x(
        "2014-03",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU", "partyIds": parties, "terms": terms,
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" }),
    )]);
    for (body, on) in signed {
        given.tell(&[sign(on, body)]);
    }
    given
}

fn sign(on: &str, body: &str) -> Value {
    on_x(
        on,
        "agreementSigned",
        json!({ "instrumentId": "mou", "bodyId": body }),
    )
}

fn update(on: &str, agreed: Value) -> Value {
    let variation = json!({ "instrumentId": "mou", "agreedByIds": agreed, "summary": "Dogs too" });
    on_x(on, "mouUpdated", json!({ "variation": variation }))
}

#[test]
fn rule_2_each_signatory_signs_once() {
    judged(
        &memorandum(&["a-pcc", "b-pcc"], &[("a-pcc", "2014-04-02")], json!({})),
        &[
            ("the other", sign("2014-04-03", "b-pcc"), &[]),
            ("again", sign("2014-04-03", "a-pcc"), &["ALREADY_SIGNED"]),
            (
                "again, dated earlier",
                sign("2014-04-01", "a-pcc"),
                &["ALREADY_SIGNED"],
            ),
            (
                "a party that need not",
                sign("2014-04-03", "a-cc"),
                &["NOT_A_SIGNATORY"],
            ),
            (
                "before it was drafted",
                sign("2014-02", "b-pcc"),
                &["BEFORE_ITEM"],
            ),
        ],
    );
    let default = memorandum(&[], &[], json!({}));
    judged(
        &default,
        &[("every party by default", sign("2014-04", "b-cc"), &[])],
    );
}

#[test]
fn rule_2_only_what_is_in_force_is_varied_and_by_those_that_must_agree() {
    let one = memorandum(&["a-pcc", "b-pcc"], &[("a-pcc", "2014-04-02")], json!({}));
    judged(
        &one,
        &[(
            "one has not signed",
            update("2015", json!(["a-pcc", "b-pcc"])),
            &["INSTRUMENT_NOT_IN_FORCE"],
        )],
    );
    let signed: &[(&str, &str)] = &[("a-pcc", "2014-04-02"), ("b-pcc", "2014-05-01")];
    let both = memorandum(&["a-pcc", "b-pcc"], signed, json!({}));
    let varied = on_x(
        "2015",
        "instrumentVaried",
        update("2015", json!(["a-pcc", "b-pcc"]))["mouUpdated"].clone(),
    );
    judged(
        &both,
        &[
            (
                "on the day of the last signature",
                update("2014-05-01", json!(["a-pcc", "b-pcc"])),
                &[],
            ),
            (
                "the day before",
                update("2014-04-30", json!(["a-pcc", "b-pcc"])),
                &["INSTRUMENT_NOT_IN_FORCE"],
            ),
            (
                "one did not agree",
                update("2015", json!(["a-pcc"])),
                &["VARIATION_NOT_AGREED"],
            ),
            (
                "a stranger agreed",
                update("2015", json!(["a-pcc", "b-pcc", "c-pcc"])),
                &["NOT_A_SIGNATORY"],
            ),
            ("by the general event", varied, &["WRONG_VARIATION_EVENT"]),
        ],
    );
    let fewer = memorandum(
        &["a-pcc", "b-pcc"],
        signed,
        json!({ "variationPartyIds": ["a-pcc"] }),
    );
    judged(
        &fewer,
        &[
            (
                "its terms name fewer",
                update("2015", json!(["a-pcc"])),
                &[],
            ),
            (
                "and not that one",
                update("2015", json!(["b-pcc"])),
                &["VARIATION_NOT_AGREED"],
            ),
        ],
    );
    let later = memorandum(
        &["a-pcc", "b-pcc"],
        signed,
        json!({ "commencesOn": date("2015-01-01"), "expiresOn": date("2016") }),
    );
    judged(
        &later,
        &[
            (
                "before it commences",
                update("2014-12-31", json!(["a-pcc", "b-pcc"])),
                &["INSTRUMENT_NOT_IN_FORCE"],
            ),
            (
                "when it commences",
                update("2015-01-01", json!(["a-pcc", "b-pcc"])),
                &[],
            ),
            (
                "on its last day",
                update("2016-12-31", json!(["a-pcc", "b-pcc"])),
                &[],
            ),
            (
                "after it",
                update("2017-01-01", json!(["a-pcc", "b-pcc"])),
                &["INSTRUMENT_OVER"],
            ),
        ],
    );
}

#[test]
fn rule_2_an_instrument_that_is_over_is_left_alone() {
    let signed: &[(&str, &str)] = &[("a-pcc", "2014-04-02")];
    let mut given = memorandum(&["a-pcc", "b-pcc"], signed, json!({}));
    given.tell(&[on_x(
        "2016",
        "instrumentEnded",
        json!({ "instrumentId": "mou", "cause": "END_CAUSE_AGREEMENT" }),
    )]);
    let end = |on: &str| {
        on_x(
            on,
            "instrumentEnded",
            json!({ "instrumentId": "mou", "cause": "END_CAUSE_EXPIRY" }),
        )
    };
    let supersede = |by: &str| {
        on_x(
            "2015",
            "instrumentSuperseded",
            json!({ "instrumentId": "mou", "byInstrumentId": by }),
        )
    };
    judged(
        &given,
        &[
            ("signed before", sign("2015-12-31", "b-pcc"), &[]),
            (
                "signed after",
                sign("2016-01-01", "b-pcc"),
                &["INSTRUMENT_OVER"],
            ),
            ("ended twice", end("2017"), &["INSTRUMENT_OVER"]),
            (
                "superseded by the unknown",
                supersede("nou"),
                &["UNKNOWN_INSTRUMENT"],
            ),
        ],
    );
}

/// Drafts a section 22A agreement between `parties` with `provisions`.
fn section_22a(parties: &[&str], provisions: Value) -> Value {
    on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "s22a", "title": "Agreement", "partyIds": parties,
                "kind": "INSTRUMENT_KIND_SECTION_22A_AGREEMENT", "terms": { "provisions": provisions } }),
    )
}

fn force(forces: &[&str]) -> Value {
    json!({ "kind": "PROVISION_KIND_FORCE", "forces": forces })
}

fn policing(bodies: &[&str]) -> Value {
    json!({ "kind": "PROVISION_KIND_POLICING_BODY", "policingBodyIds": bodies })
}

fn support(bodies: &[&str], forces: &[&str]) -> Value {
    json!({ "kind": "PROVISION_KIND_POLICING_BODY_AND_FORCE", "policingBodyIds": bodies, "forces": forces })
}

#[test]
fn rule_3_the_party_matrix_of_section_22a() {
    const REFUSED: &[&str] = &["PARTY_MATRIX_NOT_MET"];
    // A provision that every case below satisfies: it relates to the first policing body.
    let case = |parties: &[&str]| {
        let body = parties.iter().find(|id| id.ends_with("pcc")).copied();
        match body {
            Some(body) => section_22a(parties, json!([policing(&[body])])),
            None => section_22a(parties, json!([policing(&["a-pcc"])])),
        }
    };
    judged(
        &alliance(),
        &[
            // s.22A(1)(a): two or more policing bodies.
            ("two policing bodies", case(&["a-pcc", "b-pcc"]), &[]),
            (
                "three policing bodies",
                case(&["a-pcc", "b-pcc", "c-pcc"]),
                &[],
            ),
            ("one policing body", case(&["a-pcc"]), REFUSED),
            (
                "two policing bodies and another, no chief officer",
                case(&["a-pcc", "b-pcc", "council"]),
                REFUSED,
            ),
            (
                "a policing body and another",
                case(&["a-pcc", "council"]),
                REFUSED,
            ),
            // s.22A(1)(b)(i): chief officers with a policing body and another person.
            (
                "chief officer, policing body, another",
                case(&["a-cc", "a-pcc", "council"]),
                &[],
            ),
            (
                "two chief officers, a policing body, another",
                case(&["a-cc", "b-cc", "a-pcc", "fire"]),
                &[],
            ),
            (
                "chief officer and policing body alone",
                case(&["a-cc", "a-pcc"]),
                REFUSED,
            ),
            (
                "two chief officers and a policing body",
                case(&["a-cc", "b-cc", "a-pcc"]),
                REFUSED,
            ),
            // s.22A(1)(b)(ii): chief officers with two or more policing bodies.
            (
                "chief officer and two policing bodies",
                case(&["a-cc", "a-pcc", "b-pcc"]),
                &[],
            ),
            (
                "the usual four",
                case(&["a-cc", "a-pcc", "b-cc", "b-pcc"]),
                &[],
            ),
            (
                "chief officer, two policing bodies, another",
                case(&["a-cc", "a-pcc", "b-pcc", "council"]),
                &[],
            ),
            // Nobody the section names.
            (
                "chief officers alone",
                case(&["a-cc", "b-cc"]),
                &["PARTY_MATRIX_NOT_MET", "PROVISION_PARTY_MISSING"],
            ),
            (
                "others alone",
                case(&["council", "fire"]),
                &["PARTY_MATRIX_NOT_MET", "PROVISION_PARTY_MISSING"],
            ),
        ],
    );
}

#[test]
fn rule_3_each_provision_needs_its_parties() {
    const MISSING: &[&str] = &["PROVISION_PARTY_MISSING"];
    let case = section_22a;
    let four = &["a-cc", "a-pcc", "b-cc", "b-pcc"];
    judged(
        &alliance(),
        &[
            // s.22A(3): each chief officer, and the policing body of each force.
            (
                "force provision, both forces whole",
                case(four, json!([force(&["a", "b"])])),
                &[],
            ),
            (
                "a chief officer is missing",
                case(&["a-cc", "a-pcc", "b-pcc"], json!([force(&["a", "b"])])),
                MISSING,
            ),
            (
                "it relates to the other force alone",
                case(&["a-cc", "a-pcc", "b-pcc"], json!([force(&["a"])])),
                &[],
            ),
            (
                "a policing body is missing",
                case(
                    &["a-cc", "b-cc", "a-pcc", "c-pcc"],
                    json!([force(&["a", "b"])]),
                ),
                MISSING,
            ),
            // s.22A(4): each policing body.
            (
                "policing-body provision",
                case(&["a-pcc", "b-pcc"], json!([policing(&["a-pcc", "b-pcc"])])),
                &[],
            ),
            (
                "of one that is no party",
                case(&["a-pcc", "b-pcc"], json!([policing(&["a-pcc", "c-pcc"])])),
                MISSING,
            ),
            // s.22A(5): the bodies, the chief officers, and the maintaining bodies.
            (
                "body-and-force provision",
                case(
                    &["a-pcc", "b-pcc", "b-cc"],
                    json!([support(&["a-pcc"], &["b"])]),
                ),
                &[],
            ),
            (
                "without the chief officer",
                case(&["a-pcc", "b-pcc"], json!([support(&["a-pcc"], &["b"])])),
                MISSING,
            ),
            (
                "without the maintaining body",
                case(
                    &["a-pcc", "c-pcc", "b-cc"],
                    json!([support(&["a-pcc"], &["b"])]),
                ),
                MISSING,
            ),
            (
                "without the supporting body",
                case(
                    &["c-pcc", "b-pcc", "b-cc"],
                    json!([support(&["a-pcc"], &["b"])]),
                ),
                MISSING,
            ),
            (
                "several at fault",
                case(
                    &["a-pcc", "b-pcc"],
                    json!([force(&["a"]), policing(&["c-pcc"])]),
                ),
                &["PROVISION_PARTY_MISSING", "PROVISION_PARTY_MISSING"],
            ),
            (
                "a force nobody has",
                case(four, json!([force(&["z"])])),
                &["UNKNOWN_FORCE"],
            ),
            (
                "no provision at all",
                case(four, json!([])),
                &["PROVISIONS_MISSING"],
            ),
        ],
    );
}

#[test]
fn rule_3_a_policing_body_consults_its_chief_officer() {
    let mut given = alliance();
    given.tell(&[section_22a(
        &["a-pcc", "b-pcc"],
        json!([policing(&["a-pcc", "b-pcc"])]),
    )]);
    let sign = |on: &str| {
        on_x(
            on,
            "agreementSigned",
            json!({ "instrumentId": "s22a", "bodyId": "a-pcc" }),
        )
    };
    judged(
        &given,
        &[("not consulted", sign("2015"), &["CHIEF_NOT_CONSULTED"])],
    );
    let consult = |id: &str, whom: &str| {
        on_x(
            "2014-06",
            "consultationRecorded",
            json!({ "consultationId": id, "about": "It", "instrumentId": "s22a", "consultedIds": [whom] }),
        )
    };
    given.tell(&[consult("one", "b-cc")]);
    judged(
        &given,
        &[(
            "another's chief officer",
            sign("2015"),
            &["CHIEF_NOT_CONSULTED"],
        )],
    );
    given.tell(&[consult("two", "a-cc")]);
    judged(
        &given,
        &[
            ("consulted", sign("2015"), &[]),
            (
                "signed before that",
                sign("2014-05"),
                &["CHIEF_NOT_CONSULTED"],
            ),
        ],
    );
    let mut party = alliance();
    party.tell(&[section_22a(
        &["a-pcc", "a-cc", "b-pcc"],
        json!([policing(&["a-pcc"])]),
    )]);
    judged(
        &party,
        &[("the chief officer is a party", sign("2015"), &[])],
    );
}

#[test]
fn rule_3_emergency_services_agreements() {
    let case = |parties: &[&str], withdrawal: bool| {
        on_x(
            "2018",
            "instrumentDrafted",
            json!({ "instrumentId": "es", "title": "Agreement", "partyIds": parties,
                    "kind": "INSTRUMENT_KIND_EMERGENCY_SERVICES_AGREEMENT",
                    "terms": { "hasWithdrawalProvision": withdrawal } }),
        )
    };
    judged(
        &alliance(),
        &[
            (
                "fire and ambulance",
                case(&["fire", "ambulance"], true),
                &[],
            ),
            (
                "police and fire",
                case(&["a-pcc", "a-cc", "fire"], true),
                &[],
            ),
            (
                "police alone",
                case(&["a-pcc", "b-pcc"], true),
                &["TOO_FEW_EMERGENCY_SERVICES"],
            ),
            (
                "fire and a council",
                case(&["fire", "council"], true),
                &["TOO_FEW_EMERGENCY_SERVICES"],
            ),
            (
                "nobody may leave",
                case(&["fire", "ambulance"], false),
                &["WITHDRAWAL_PROVISION_MISSING"],
            ),
            (
                "a chief officer alone",
                case(&["a-cc", "fire"], true),
                &["CHIEF_WITHOUT_POLICING_BODY"],
            ),
            (
                "with another's policing body",
                case(&["a-cc", "b-pcc", "fire"], true),
                &["CHIEF_WITHOUT_POLICING_BODY"],
            ),
        ],
    );
}

#[test]
fn rule_7_shares_make_up_the_whole() {
    let formula = |shares: &[(&str, u32)]| {
        let shares: Vec<Value> = shares
            .iter()
            .map(|(body, ppm)| json!({ "bodyId": body, "sharePpm": ppm }))
            .collect();
        on_x(
            "2020-04-01",
            "fundingFormulaSet",
            json!({ "financialYear": "2020/21", "basis": "NRE", "shares": shares }),
        )
    };
    judged(
        &alliance(),
        &[
            (
                "the whole",
                formula(&[("a-pcc", 600_000), ("b-pcc", 400_000)]),
                &[],
            ),
            (
                "a millionth short",
                formula(&[("a-pcc", 600_000), ("b-pcc", 399_999)]),
                &["SHARES_NOT_WHOLE"],
            ),
            (
                "a millionth over",
                formula(&[("a-pcc", 600_000), ("b-pcc", 400_001)]),
                &["SHARES_NOT_WHOLE"],
            ),
            (
                "of no party",
                formula(&[("a-pcc", 600_000), ("c-pcc", 400_000)]),
                &["NOT_A_PARTY"],
            ),
        ],
    );
}

#[test]
fn rule_7_stated_totals_are_never_judged_and_contributions_are_parties() {
    let budget = |body: &str, service: &str, stated: i64| {
        on_x(
            "2020-04-01",
            "budgetApproved",
            json!({ "figures": { "financialYear": "2020/21",
                "contributions": [{ "serviceId": service, "bodyId": body, "amountPence": "100" }],
                "stated": [{ "amountPence": stated.to_string() }] } }),
        )
    };
    judged(
        &alliance(),
        &[
            ("as printed", budget("a-cc", "dogs", 100), &[]),
            ("printed otherwise", budget("a-cc", "dogs", 999), &[]),
            (
                "by a party of the whole only",
                budget("a-pcc", "dogs", 100),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
            (
                "for no service",
                budget("a-cc", "cats", 100),
                &["UNKNOWN_SERVICE"],
            ),
        ],
    );
}

fn notice(on: &str, body: &str, effect: &str, extra: Value) -> Value {
    let mut what = json!({ "noticeId": "n", "bodyId": body, "capacity": "NOTICE_CAPACITY_PARTY",
                           "instrumentId": "mou", "takesEffectOn": date(effect) });
    what.as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    on_x(on, "noticeGiven", what)
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
                notice(
                    "2015-03-31",
                    "b-pcc",
                    "2015-03-31",
                    json!({ "instrumentId": "" }),
                ),
                &["NOT_LATER"],
            ),
            (
                "under no known clause",
                notice(
                    "2015-03-31",
                    "b-pcc",
                    "2015-04-01",
                    json!({ "instrumentId": "" }),
                ),
                &[],
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
fn rule_8_a_party_leaves_when_its_notice_takes_effect() {
    let leave = |on: &str, body: &str, extra: Value| {
        let mut what = json!({ "bodyId": body });
        what.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        on_x(on, "partyWithdrew", what)
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
    given.tell(&[notice("2015-03-31", "b-pcc", "2016-03-31", json!({}))]);
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
    given.tell(&[extend("2016-01", "2016-06-30")]);
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
    given.tell(&[revoke("2016-05")]);
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
    given.tell(&[direct("air", "2015", "MANDATE", "")]);
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
            ("ended by agreement", end("AGREEMENT"), &["MANDATE_STANDS"]),
            ("ended by direction", end("DIRECTION"), &[]),
            (
                "lifting what is not there",
                direct("b", "2016", "MANDATE_LIFTED", "sea"),
                &["UNKNOWN_ITEM"],
            ),
        ],
    );
    given.tell(&[direct("lift", "2016", "MANDATE_LIFTED", "air")]);
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

#[test]
fn rule_9_nothing_refers_to_what_is_not_there_or_cannot_be() {
    let alias = |on: &str| on_x(on, "aliasAdded", json!({ "alias": "X" }));
    let mut decided = alias("2014");
    decided["decidedOn"] = date("2026-11-24");
    let mut today = alias("2014");
    today["decidedOn"] = date("2026-11-23");
    let mut unknown_actor = alias("2014");
    unknown_actor["actedBy"] = json!({ "bodyId": "d-pcc" });
    judged(
        &alliance(),
        &[
            (
                "a subject nobody founded",
                event(
                    "collaborations/y",
                    "2014",
                    "aliasAdded",
                    json!({ "alias": "Y" }),
                ),
                &["UNKNOWN_SUBJECT"],
            ),
            (
                "before its subject",
                alias("2012-12-31"),
                &["BEFORE_SUBJECT"],
            ),
            ("on its first day", alias("2013-01-01"), &[]),
            (
                "before anyone",
                alias("1799"),
                &["DATE_IMPLAUSIBLE", "BEFORE_SUBJECT"],
            ),
            ("a century ahead", alias("2126"), &[]),
            ("more than that", alias("2127"), &["DATE_IMPLAUSIBLE"]),
            ("decided tomorrow", decided, &["DECIDED_IN_FUTURE"]),
            ("decided today", today, &[]),
            ("an unknown actor", unknown_actor, &["UNKNOWN_BODY"]),
            ("founded twice", collaboration(&[]), &["SUBJECT_EXISTS"]),
            (
                "an unknown action",
                on_x(
                    "2014",
                    "actionClosed",
                    json!({ "actionId": "z", "outcome": "Done" }),
                ),
                &["UNKNOWN_ITEM"],
            ),
            (
                "an unknown proposal",
                on_x(
                    "2014",
                    "proposalWithdrawn",
                    json!({ "proposalId": "01930000-0000-7000-8000-000000000001" }),
                ),
                &["UNKNOWN_PROPOSAL"],
            ),
        ],
    );
}

#[test]
fn what_is_over_takes_no_more() {
    let mut given = alliance();
    given.tell(&[on_x(
        "2019",
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_AGREEMENT" }),
    )]);
    let join = |on: &str| on_x(on, "partyJoined", json!({ "bodyId": "c-pcc" }));
    let audit = on_x(
        "2020",
        "auditReported",
        json!({ "auditId": "last", "title": "The end", "rating": "green" }),
    );
    judged(
        &given,
        &[
            ("before its end", join("2018-12-31"), &[]),
            ("after it", join("2019-01-01"), &["SUBJECT_ENDED"]),
            ("an audit of it", audit, &[]),
        ],
    );
}

#[test]
fn a_batch_is_judged_in_order_and_names_all_its_faults() {
    let given = Given::told(&bodies());
    let established = collaboration(&["a-pcc"]);
    let joined = on_x("2014", "partyJoined", json!({ "bodyId": "b-pcc" }));
    assert!(
        given.judge(&[established.clone(), joined.clone()]).is_ok(),
        "each rests on those before it"
    );
    assert_eq!(
        given.faults(&[joined, established.clone()])[0].1,
        "UNKNOWN_SUBJECT"
    );
    let faults = given.faults(&[
        established,
        on_x("2014", "partyJoined", json!({ "bodyId": "d-pcc" })),
        on_x("2014", "partyJoined", json!({ "bodyId": "late-pcc" })),
        on_x("2014", "leadAppointed", json!({ "bodyId": "c-pcc" })),
    ]);
    let expected = [
        ("1:party_joined.body_id", "UNKNOWN_BODY"),
        ("2:party_joined.body_id", "BODY_NOT_IN_BEING"),
        ("3:lead_appointed.body_id", "NOT_A_PARTY"),
    ];
    assert_eq!(
        faults,
        expected.map(|(field, reason)| (field.to_owned(), reason))
    );
}

#[test]
fn a_correction_is_about_an_entry_that_stands_and_nothing_rests_on() {
    let mut given = memorandum(&["a-pcc", "b-pcc"], &[("a-pcc", "2014-04-02")], json!({}));
    let tail = given.register.tail().get();
    let (drafted, signed) = (tail - 1, tail);
    let correct = |position: u64, replacement: Value| {
        on_x(
            "",
            "entryCorrected",
            json!({ "position": position.to_string(), "reason": "Wrong", "replacement": replacement }),
        )
    };
    let earlier = sign("2014-04-01", "a-pcc");
    judged(
        &given,
        &[
            ("a signature", correct(signed, Value::Null), &[]),
            (
                "a signature, dated otherwise",
                correct(signed, earlier),
                &[],
            ),
            (
                "a signature, by one that cannot",
                correct(signed, sign("2014-04-02", "c-pcc")),
                &["NOT_A_SIGNATORY"],
            ),
            (
                "what the signature rests on",
                correct(drafted, Value::Null),
                &["RELIED_UPON"],
            ),
            (
                "what is not there",
                correct(999, Value::Null),
                &["NO_SUCH_ENTRY"],
            ),
            (
                "another subject's",
                correct(1, Value::Null),
                &["NO_SUCH_ENTRY"],
            ),
            (
                "the founding entry",
                correct(
                    given
                        .register
                        .record(&"collaborations/x".parse().unwrap())
                        .unwrap()
                        .history()[0]
                        .position
                        .get(),
                    Value::Null,
                ),
                &["FOUNDING_ENTRY"],
            ),
        ],
    );
    given.tell(&[correct(signed, Value::Null)]);
    let correction = given.register.tail().get();
    judged(
        &given,
        &[
            (
                "twice",
                correct(signed, Value::Null),
                &["ALREADY_CORRECTED"],
            ),
            (
                "the correction itself",
                correct(correction, Value::Null),
                &[],
            ),
            ("signed anew", sign("2014-04-05", "a-pcc"), &[]),
        ],
    );
    given.tell(&[sign("2014-04-05", "a-pcc")]);
    judged(
        &given,
        &[(
            "letting the first signature stand again, beside the new one",
            correct(correction, Value::Null),
            &["RELIED_UPON"],
        )],
    );
}

#[test]
fn a_stale_revision_is_told_apart_from_a_rule() {
    let given = alliance();
    let mut request =
        crate::given::append(9, &[on_x("2014", "aliasAdded", json!({ "alias": "X" }))]);
    request.expected_revisions = serde_json::from_value(json!([
        { "subject": "collaborations/x", "revision": "7" },
        { "subject": "collaborations/y", "revision": "0" },
    ]))
    .unwrap();
    let draft = minutebook::wire::request::draft(&request).unwrap();
    let context = minutebook::domain::admit::Context {
        recorded_at: crate::given::now(),
    };
    let refusal = minutebook::domain::admit::admit(&given.register, &draft, &context).unwrap_err();
    let Refusal::Stale(stale) = refusal else {
        panic!("{refusal:?}")
    };
    assert_eq!(
        stale.len(),
        1,
        "y is where it was taken to be: not in the register"
    );
    assert_eq!((stale[0].expected.get(), stale[0].actual.get()), (7, 2));
}

#[test]
fn rule_1_boards_and_their_members() {
    let mut given = alliance();
    let constituted = |id: &str, extra: Value| {
        let mut what = json!({ "name": "A board", "powers": ["BOARD_POWER_DECIDES"] });
        what.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        event(&format!("boards/{id}"), "2014", "boardConstituted", what)
    };
    judged(
        &given,
        &[
            (
                "of this collaboration",
                constituted("b", json!({ "collaborationIds": ["x"] })),
                &[],
            ),
            (
                "of another",
                constituted("b", json!({ "collaborationIds": ["y"] })),
                &["UNKNOWN_COLLABORATION"],
            ),
            (
                "under none such",
                constituted("b", json!({ "parentBoardId": "z" })),
                &["UNKNOWN_BOARD"],
            ),
            (
                "with a stranger",
                constituted("b", json!({ "members": [{ "bodyId": "d-pcc" }] })),
                &["UNKNOWN_BODY"],
            ),
            (
                "of a body to come",
                constituted("b", json!({ "ownerBodyId": "late-pcc" })),
                &["BODY_NOT_IN_BEING"],
            ),
        ],
    );
    given.tell(&[constituted(
        "b",
        json!({ "members": [{ "bodyId": "a-pcc", "office": "Chair" }] }),
    )]);
    let change = |on: &str, joined: Value, left: Value| {
        let what = json!({ "joined": joined, "left": left });
        event("boards/b", on, "boardMembershipChanged", what)
    };
    let seat = json!([{ "bodyId": "a-pcc", "office": "Chair" }]);
    let other = json!([{ "bodyId": "a-pcc" }]);
    judged(
        &given,
        &[
            (
                "a member joins",
                change("2015", other.clone(), json!([])),
                &[],
            ),
            (
                "a member joins again",
                change("2015", seat.clone(), json!([])),
                &["ALREADY_A_MEMBER"],
            ),
            (
                "a member leaves",
                change("2015", json!([]), seat.clone()),
                &[],
            ),
            (
                "another seat leaves",
                change("2015", json!([]), other),
                &["NOT_A_MEMBER"],
            ),
            (
                "a seat changes hands",
                change("2015", seat.clone(), seat),
                &[],
            ),
        ],
    );
}

#[test]
fn rule_1_a_body_is_followed_once_and_keeps_its_identifiers_apart() {
    let mut given = alliance();
    let follow = |id: &str, by: &str| {
        event(
            &format!("bodies/{id}"),
            "2021",
            "bodySucceeded",
            json!({ "successorId": by }),
        )
    };
    let identifier = |value: &str| {
        let what = json!({ "identifier": { "scheme": "ONS-PFA", "value": value } });
        event("bodies/a-pcc", "2015", "identifierAdded", what)
    };
    given.tell(&[identifier("E23000021")]);
    judged(
        &given,
        &[
            ("followed", follow("b-pcc", "late-pcc"), &[]),
            (
                "followed by the unknown",
                follow("b-pcc", "nobody"),
                &["UNKNOWN_BODY"],
            ),
            (
                "followed twice",
                follow("old-pa", "late-pcc"),
                &["ALREADY_SUCCEEDED"],
            ),
            ("another identifier", identifier("E23000022"), &[]),
            (
                "the same identifier",
                identifier("E23000021"),
                &["ALREADY_SO"],
            ),
        ],
    );
}

#[test]
fn rule_2_a_renewal_is_for_longer_and_provisions_are_of_section_22a() {
    let all = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let given = memorandum(
        &all,
        &all.map(|body| (body, "2014-04-01")),
        json!({ "expiresOn": date("2016-03-31") }),
    );
    let renew = |to: &str| {
        let what = json!({ "instrumentId": "mou", "expiresOn": date(to) });
        on_x("2015", "instrumentRenewed", what)
    };
    let plan = on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "plan", "title": "Plan", "kind": "INSTRUMENT_KIND_PLAN",
                "terms": { "provisions": [force(&["a"])] } }),
    );
    judged(
        &given,
        &[
            ("for a day more", renew("2016-04-01"), &[]),
            ("for no more", renew("2016-03-31"), &["RENEWAL_NOT_LATER"]),
            ("provisions of a plan", plan, &["PROVISIONS_NOT_ALLOWED"]),
        ],
    );
}

#[test]
fn rule_9_proposals_and_event_ids_are_unique_in_the_register() {
    let mut given = alliance();
    let id = "01930000-0000-7000-8000-00000000000a";
    let propose = |subject: &str| {
        let what = json!({ "proposalId": id, "title": "A matter", "matter": { "other": "It" } });
        event(subject, "2015", "matterProposed", what)
    };
    let withdraw = |subject: &str| {
        event(
            subject,
            "2016",
            "proposalWithdrawn",
            json!({ "proposalId": id, "reason": "No" }),
        )
    };
    let mut named = on_x("2015", "aliasAdded", json!({ "alias": "X" }));
    named["eventId"] = id.into();
    let mut named_too = on_x("2015", "aliasAdded", json!({ "alias": "Y" }));
    named_too["eventId"] = id.into();
    let approve = on_x(
        "2016",
        "virementApproved",
        json!({ "proposalId": id, "decisionId": "d", "boardId": "nowhere" }),
    );
    given.tell(&[propose("collaborations/x"), named]);
    judged(
        &given,
        &[
            (
                "proposed again elsewhere",
                propose("bodies/a-pcc"),
                &["PROPOSAL_TAKEN"],
            ),
            (
                "withdrawn elsewhere",
                withdraw("bodies/a-pcc"),
                &["PROPOSAL_ELSEWHERE"],
            ),
            ("withdrawn", withdraw("collaborations/x"), &[]),
            (
                "approved as if it were a virement",
                approve,
                &["UNKNOWN_BOARD", "NOT_A_VIREMENT"],
            ),
            ("an event id in use", named_too, &["EVENT_ID_TAKEN"]),
        ],
    );
}

#[test]
fn rule_9_nothing_depends_on_itself_or_goes_unnamed() {
    let depends = |on: &str| {
        let what = json!({ "dependencyId": "d", "what": "It", "dependsOn": "That", "collaborationId": on });
        on_x("2015", "dependencyNoted", what)
    };
    let published = |title: &str| {
        on_x(
            "2015",
            "reviewPublished",
            json!({ "reviewId": "r", "title": title }),
        )
    };
    judged(
        &alliance(),
        &[
            ("on itself", depends("x"), &["SELF_REFERENCE"]),
            ("on the unknown", depends("y"), &["UNKNOWN_COLLABORATION"]),
            ("a review nobody commissioned", published("A review"), &[]),
            ("nor named", published(""), &["REASON_REQUIRED"]),
        ],
    );
}

#[test]
fn every_reason_for_a_refusal_is_tried() {
    let tables = include_str!("decisions.rs");
    let untried: Vec<&str> = minutebook::domain::fault::Fault::REASONS
        .iter()
        .copied()
        .filter(|reason| !tables.contains(&format!("\"{reason}\"")))
        .collect();
    assert!(untried.is_empty(), "no table has {untried:?}");
}
