//! Rule 3: who may make an agreement under statute.

use serde_json::{Value, json};

use super::{alliance, force};
use crate::given::{judged, on_x};

/// Drafts a section 22A agreement between `parties` with `provisions`.
fn section_22a(parties: &[&str], provisions: Value) -> Value {
    on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "s22a", "title": "Agreement", "partyIds": parties,
                "kind": "INSTRUMENT_KIND_SECTION_22A_AGREEMENT", "terms": { "provisions": provisions } }),
    )
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
    // Every case below has this provision: it relates to the first policing body.
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
            // No body that the section names.
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
    given.record(&[section_22a(
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
    given.record(&[consult("one", "b-cc")]);
    judged(
        &given,
        &[(
            "another's chief officer",
            sign("2015"),
            &["CHIEF_NOT_CONSULTED"],
        )],
    );
    given.record(&[consult("two", "a-cc")]);
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
    party.record(&[section_22a(
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
