//! Rules 5 and 6: an act needs its own approval, in time and in amount.

use serde_json::{Value, json};

use super::approving::*;
use crate::given::{Given, judged, on_x};

/// Every kind of matter needs a-pcc; the first proposal proposes `matter` and is
/// carried on 2020-06-02.
pub(super) fn carried(matter: Value) -> Given {
    let mut given = governed();
    given.record(&[propose("2020-06-01", 1, matter)]);
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    given
}

/// A stage in which a-pcc must agree to everything, with an instrument in force.
pub(super) fn governed() -> Given {
    let mut given = stage();
    given.record(&[on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "mou",
        "title": "MoU", "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING",
        "partyIds": ["a-pcc", "b-pcc"] }),
    )]);
    for body in ["a-pcc", "b-pcc"] {
        given.record(&[on_x(
            "2014",
            "agreementSigned",
            json!({ "instrumentId": "mou", "bodyId": body }),
        )]);
    }
    given.record(&[adopt(
        "2020-01-01",
        "rules",
        &[json!({ "ruleId": "all", "title": "Everything", "requirement": named(&["a-pcc"]) })],
    )]);
    given
}

#[test]
fn every_kind_of_act_rests_on_its_own_kind_of_proposal() {
    let act = |kind: &str, payload: Value| on_x("2020-06-03", kind, payload);
    let change = json!({ "variation": { "instrumentId": "mou", "summary": "More",
        "agreedByIds": ["a-pcc", "b-pcc"] } });
    let drafted = json!({ "instrumentId": "new", "title": "New", "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING",
        "partyIds": ["a-pcc", "b-pcc"] });
    let budget = json!({ "figures": { "financialYear": "2021/22",
        "lines": [{ "serviceId": "dogs", "amountPence": "100" }] } });
    // The act, the proposal for it, and a proposal for something similar.
    let table: Vec<(&str, Value, Value, Value)> = vec![
        (
            "sign",
            act(
                "agreementSigned",
                json!({ "instrumentId": "new", "bodyId": "a-pcc" }),
            ),
            json!({ "signInstrumentId": "new" }),
            json!({ "signInstrumentId": "mou" }),
        ),
        (
            "vary",
            act("mouUpdated", change),
            json!({ "varyInstrumentId": "mou" }),
            json!({ "varyInstrumentId": "new" }),
        ),
        (
            "admit",
            act("partyJoined", json!({ "bodyId": "council" })),
            json!({ "admitBodyId": "council" }),
            json!({ "admitBodyId": "fire" }),
        ),
        (
            "withdraw",
            act(
                "partyWithdrew",
                json!({ "bodyId": "b-pcc", "reason": "Going" }),
            ),
            json!({ "withdrawBodyId": "b-pcc" }),
            json!({ "withdrawBodyId": "a-pcc" }),
        ),
        (
            "end",
            act(
                "collaborationEnded",
                json!({ "cause": "END_CAUSE_AGREEMENT" }),
            ),
            json!({ "endCollaboration": {} }),
            json!({ "other": "To end it" }),
        ),
        (
            "add",
            act(
                "serviceAdded",
                json!({ "serviceId": "cats", "name": "Cats" }),
            ),
            json!({ "addServiceId": "cats" }),
            json!({ "addServiceId": "rats" }),
        ),
        (
            "remove",
            act("serviceRemoved", json!({ "serviceId": "dogs" })),
            json!({ "removeServiceId": "dogs" }),
            json!({ "removeServiceId": "vans" }),
        ),
        (
            "lead of a service",
            act(
                "serviceLeadTransferred",
                json!({ "serviceId": "dogs",
            "fromId": "b-cc", "toId": "a-cc" }),
            ),
            json!({ "changeLead": { "serviceId": "dogs", "toId": "a-cc" } }),
            json!({ "changeLead": { "serviceId": "dogs", "toId": "b-pcc" } }),
        ),
        (
            "lead of the whole",
            act("leadAppointed", json!({ "bodyId": "b-cc" })),
            json!({ "changeLead": { "toId": "b-cc" } }),
            json!({ "changeLead": { "serviceId": "dogs", "toId": "b-cc" } }),
        ),
        (
            "budget",
            act("budgetApproved", budget),
            json!({ "setBudget": { "financialYear": "2021/22" } }),
            json!({ "setBudget": { "financialYear": "2021/22", "budgetId": "capital" } }),
        ),
    ];
    for (name, act, own, other) in table {
        let draft = [on_x("2014", "instrumentDrafted", drafted.clone())];
        let given = |matter: Value| {
            let mut given = governed();
            given.record(&draft);
            given.record(&[propose("2020-06-01", 1, matter)]);
            given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
            given
        };
        judged(
            &given(own.clone()),
            &[
                (name, act.clone(), &["APPROVAL_REQUIRED"]),
                (name, resting(1, act.clone()), &[]),
                (name, breach(act.clone()), &[]),
            ],
        );
        judged(
            &given(other),
            &[(name, resting(1, act.clone()), &["ANOTHER_ACT"])],
        );
        // An approval is used once, except that each party signs.
        let mut used = given(own);
        used.record(&[resting(1, act.clone())]);
        if name == "sign" {
            let mut other = act;
            other["agreementSigned"]["bodyId"] = "b-pcc".into();
            judged(&used, &[("the other party signs", resting(1, other), &[])]);
        }
    }
}

#[test]
fn an_end_that_a_term_a_notice_or_a_direction_brings_about_is_nobodys_decision() {
    let end = |cause: &str| {
        let cause = format!("END_CAUSE_{cause}");
        on_x(
            "2020-06-03",
            "collaborationEnded",
            json!({ "cause": cause }),
        )
    };
    let of_it = |cause: &str| {
        let cause = format!("END_CAUSE_{cause}");
        on_x(
            "2020-06-03",
            "instrumentEnded",
            json!({ "instrumentId": "sla", "cause": cause }),
        )
    };
    let not: &[&str] = &["APPROVAL_REQUIRED"];
    let drafted = |expires: &str| {
        let mut parts = expires
            .split('-')
            .map(|n| n.parse::<u32>().expect("a number"));
        let mut next = || parts.next().expect("a part");
        let last = json!({ "year": next(), "month": next(), "day": next() });
        on_x(
            "2014",
            "instrumentDrafted",
            json!({ "instrumentId": "sla", "title": "SLA",
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING",
                "partyIds": ["a-pcc", "b-pcc"], "terms": { "expiresOn": last } }),
        )
    };
    let notice = json!({ "noticeId": "n", "bodyId": "b-pcc", "capacity": "NOTICE_CAPACITY_PARTY",
        "takesEffectOn": { "year": 2020, "month": 6, "day": 3 } });
    let direction = |kind: &str| json!({ "directionId": "s", "kind": format!("DIRECTION_KIND_{kind}"), "terms": "End it" });
    judged(
        &governed(),
        &[
            (
                "no term",
                end("EXPIRY"),
                &["TERM_HAS_NO_END", "APPROVAL_REQUIRED"],
            ),
            (
                "no notice",
                end("NOTICE"),
                &["END_WITHOUT_NOTICE", "APPROVAL_REQUIRED"],
            ),
            (
                "no direction",
                end("DIRECTION"),
                &["END_WITHOUT_DIRECTION", "APPROVAL_REQUIRED"],
            ),
        ],
    );
    let recorded = |event: Value| {
        let mut given = governed();
        given.record(&[event]);
        given
    };
    let mut in_force = recorded(drafted("2020-06-03"));
    for body in ["a-pcc", "b-pcc"] {
        let payload = json!({ "instrumentId": "sla", "bodyId": body });
        in_force.record(&[on_x("2014", "agreementSigned", payload)]);
    }
    judged(
        &in_force,
        &[
            ("its last day", end("EXPIRY"), &[]),
            ("of the instrument", of_it("EXPIRY"), &[]),
            (
                "and no notice",
                of_it("NOTICE"),
                &["END_WITHOUT_NOTICE", "APPROVAL_REQUIRED"],
            ),
        ],
    );
    judged(
        &recorded(drafted("2020-06-04")),
        &[
            (
                "a day left",
                end("EXPIRY"),
                &["TERM_HAS_NO_END", "APPROVAL_REQUIRED"],
            ),
            ("of the instrument", of_it("EXPIRY"), not),
        ],
    );
    let mut noticed = recorded(on_x("2019", "noticeGiven", notice.clone()));
    for body in ["a-cc", "b-cc"] {
        let mut of_another = notice.clone();
        of_another["noticeId"] = body.into();
        of_another["bodyId"] = body.into();
        noticed.record(&[on_x("2019", "noticeGiven", of_another)]);
    }
    judged(&noticed, &[("a notice", end("NOTICE"), &[])]);
    judged(
        &recorded(on_x(
            "2020-06-03",
            "directionIssued",
            direction("TERMINATE"),
        )),
        &[("a direction", end("DIRECTION"), &[])],
    );
    judged(
        &recorded(on_x("2020-06-03", "directionIssued", direction("MANDATE"))),
        &[(
            "a mandate",
            end("DIRECTION"),
            &["END_WITHOUT_DIRECTION", "APPROVAL_REQUIRED"],
        )],
    );
}

#[test]
fn an_approval_without_an_amount_is_used_once() {
    let mut given = carried(json!({ "addServiceId": "cats" }));
    let add = || {
        resting(
            1,
            on_x(
                "2020-06-03",
                "serviceAdded",
                json!({ "serviceId": "cats", "name": "Cats" }),
            ),
        )
    };
    given.record(&[add()]);
    judged(&given, &[("twice", add(), &["ID_TAKEN", "APPROVAL_SPENT"])]);
    let mut given =
        carried(json!({ "setBudget": { "financialYear": "2021/22", "totalPence": "100" } }));
    let set = |amount: &str| {
        resting(
            1,
            on_x(
                "2020-06-03",
                "budgetApproved",
                json!({ "figures": { "financialYear": "2021/22",
            "lines": [{ "serviceId": "dogs", "amountPence": amount }] } }),
            ),
        )
    };
    judged(
        &given,
        &[
            ("a penny over the total", set("101"), &["OVER_APPROVED"]),
            ("the total", set("100"), &[]),
        ],
    );
    given.record(&[set("100")]);
    judged(&given, &[("again", set("99"), &["APPROVAL_SPENT"])]);
}

#[test]
fn an_approval_is_decided_on_or_before_the_day_of_the_act() {
    let mut given = governed();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let made = |on: &str| make(on, 1, "v", virement("100"));
    judged(
        &given,
        &[("while it is open", made("2020-06-02"), &["NOT_CARRIED"])],
    );
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    judged(
        &given,
        &[
            ("the same day", made("2020-06-02"), &[]),
            ("the day before", made("2020-06-01"), &["DECIDED_LATER"]),
            (
                "on a delegation",
                {
                    let mut act = make("2020-06-02", 0, "v", virement("1"));
                    act["authority"] = json!({ "delegation": "Scheme of delegation" });
                    act
                },
                &["APPROVAL_REQUIRED"],
            ),
        ],
    );
    // An approval known to the month may be of its first day. An act known to the year
    // cannot evade a rule that came into force within it.
    let mut monthly = governed();
    monthly.record(&[request("2020-06-01", 1, virement("100"))]);
    monthly.record(&[vote("2020-06", 1, "+a-pcc")]);
    judged(
        &monthly,
        &[
            ("before the month", made("2020-05-31"), &["DECIDED_LATER"]),
            ("within the month", made("2020-06-29"), &[]),
            ("dated in the same words", made("2020-06"), &[]),
            ("on its last day", made("2020-06-30"), &[]),
        ],
    );
    let mut later = stage();
    later.record(&[adopt(
        "2020-07-01",
        "rules",
        &[virements("any", json!({}), officer(None))],
    )]);
    judged(
        &later,
        &[
            (
                "the year in which rules came",
                make("2020", 0, "v", virement("1")),
                &["APPROVAL_REQUIRED"],
            ),
            (
                "the day before",
                make("2020-06-30", 0, "v", virement("1")),
                &[],
            ),
            ("the year before", make("2019", 0, "v", virement("1")), &[]),
        ],
    );
    // The approval of another subject.
    let mut elsewhere = made("2020-06-02");
    elsewhere["subject"] = "bodies/a-pcc".into();
    judged(
        &given,
        &[(
            "elsewhere",
            elsewhere,
            &["UNKNOWN_SERVICE", "UNKNOWN_SERVICE", "PROPOSAL_ELSEWHERE"],
        )],
    );
}

#[test]
fn the_same_heads_year_basis_and_permanence() {
    let mut given = governed();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    given.record(&[vote("2020-06-02", 1, "+a-pcc")]);
    let with = |path: &[&str], value: Value| {
        let mut virement = virement("100");
        let mut at = &mut virement;
        for step in path {
            at = match step.parse::<usize>() {
                Ok(index) => &mut at[index],
                Err(_) => &mut at[*step],
            };
        }
        *at = value;
        make("2020-06-02", 1, "v", virement)
    };
    judged(
        &given,
        &[
            (
                "as approved",
                make("2020-06-02", 1, "v", virement("100")),
                &[],
            ),
            (
                "another year",
                with(&["financialYear"], "2021/22".into()),
                &["ANOTHER_ACT"],
            ),
            (
                "for good",
                with(&["permanence"], "PERMANENCE_PERMANENT".into()),
                &["ANOTHER_ACT"],
            ),
            (
                "on an underspend",
                with(&["basis"], "UNDERSPEND_BASIS_ACTUAL".into()),
                &["ANOTHER_ACT"],
            ),
            (
                "from another head",
                with(&["sources", "0", "head", "head"], "Food".into()),
                &["ANOTHER_ACT"],
            ),
            (
                "from another service",
                with(&["sources", "0", "head", "serviceId"], "vans".into()),
                &["HEAD_NOT_IN_BUDGET", "ANOTHER_ACT"],
            ),
            (
                "to another head",
                with(&["targets", "0", "head", "head"], "Tyres".into()),
                &["ANOTHER_ACT"],
            ),
            (
                "to capital",
                with(
                    &["targets", "0", "head", "fund"],
                    "FUND_TYPE_CAPITAL".into(),
                ),
                &["ANOTHER_ACT"],
            ),
        ],
    );
}

/// A virement of 100, requested, and approved for `amount`.
fn approved(amount: &str) -> Given {
    let mut given = ruled(&[virements("any", json!({}), officer(None))]);
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let mut approval = approve("2020-06-02", 1);
    approval["virementApproved"]["amountPence"] = amount.into();
    given.record(&[approval]);
    given
}

pub(super) fn reverse(on: &str, id: &str) -> Value {
    on_x(
        on,
        "virementReversed",
        json!({ "virementId": id, "reason": "Not needed" }),
    )
}

#[test]
fn an_approval_is_drawn_down_to_the_penny() {
    let made = |on: &str, id: &str, amount: &str| make(on, 1, id, virement(amount));
    let mut given = approved("90");
    judged(
        &given,
        &[
            ("all of it", made("2020-06-03", "v", "90"), &[]),
            (
                "a penny more",
                made("2020-06-03", "v", "91"),
                &["OVER_APPROVED"],
            ),
        ],
    );
    given.record(&[made("2020-06-10", "v-1", "60")]);
    judged(
        &given,
        &[
            ("what is left", made("2020-06-11", "v-2", "30"), &[]),
            (
                "a penny more",
                made("2020-06-11", "v-2", "31"),
                &["OVER_APPROVED"],
            ),
            (
                "a penny more, dated before",
                made("2020-06-09", "v-2", "31"),
                &["OVER_APPROVED"],
            ),
        ],
    );
    given.record(&[made("2020-06-11", "v-2", "30")]);
    judged(
        &given,
        &[
            (
                "nothing is left",
                made("2020-06-12", "v-3", "1"),
                &["APPROVAL_SPENT"],
            ),
            (
                "nor before",
                made("2020-06-03", "v-3", "1"),
                &["APPROVAL_SPENT"],
            ),
        ],
    );
    given.record(&[reverse("2020-06-20", "v-1")]);
    judged(
        &given,
        &[
            ("after a reversal", made("2020-06-21", "v-3", "60"), &[]),
            (
                "a penny more",
                made("2020-06-21", "v-3", "61"),
                &["OVER_APPROVED"],
            ),
            (
                "before the reversal",
                made("2020-06-19", "v-3", "1"),
                &["APPROVAL_SPENT"],
            ),
        ],
    );
}

#[test]
fn no_head_goes_beyond_its_own_amount() {
    let two = |pay: &str, food: &str, fuel: &str| {
        let side = |mut place: Value, amount: &str| {
            place["amountPence"] = amount.into();
            place
        };
        json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
            "sources": [side(head("dogs", "Pay"), pay), side(head("dogs", "Food"), food)],
            "targets": [side(head("vans", "Fuel"), fuel)] })
    };
    let mut given = ruled(&[virements("any", json!({}), officer(None))]);
    given.record(&[request("2020-06-01", 1, two("60", "40", "100"))]);
    given.record(&[approve("2020-06-02", 1)]);
    judged(
        &given,
        &[
            (
                "each its own",
                make("2020-06-03", 1, "v", two("60", "40", "100")),
                &[],
            ),
            (
                "one a penny more",
                make("2020-06-03", 1, "v", two("61", "39", "100")),
                &["OVER_APPROVED"],
            ),
        ],
    );
    given.record(&[make("2020-06-03", 1, "v", two("50", "10", "60"))]);
    judged(
        &given,
        &[
            (
                "what is left of each",
                make("2020-06-04", 1, "w", two("10", "30", "40")),
                &[],
            ),
            (
                "a penny more of one",
                make("2020-06-04", 1, "w", two("11", "29", "40")),
                &["OVER_APPROVED"],
            ),
        ],
    );
}

#[test]
fn rule_6_a_projected_underspend_needs_an_approval_that_covers_it() {
    let projected = || {
        let mut virement = virement("100");
        virement["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
        virement
    };
    let saying = |n: u128, projected: bool| {
        let mut approval = approve("2020-06-02", n);
        approval["virementApproved"]["allowsProjected"] = projected.into();
        approval
    };
    let with = |rules: bool, approval: Value| {
        let mut given = if rules {
            ruled(&[virements("any", json!({}), officer(None))])
        } else {
            stage()
        };
        given.record(&[request("2020-06-01", 1, projected())]);
        given.record(&[approval]);
        given
    };
    let act = || make("2020-06-03", 1, "v", projected());
    for rules in [true, false] {
        judged(&with(rules, saying(1, true)), &[("said so", act(), &[])]);
        judged(
            &with(rules, saying(1, false)),
            &[("did not", act(), &["PROJECTED_NOT_APPROVED"])],
        );
    }
    let mut voted = approve("2020-06-02", 1);
    voted.as_object_mut().unwrap().remove("virementApproved");
    voted["decisionMade"] = json!({ "decisionId": "d", "title": "Yes", "outcome": "OUTCOME_APPROVED",
        "proposalId": id(1) });
    judged(
        &with(true, voted),
        &[("a plain decision", act(), &["PROJECTED_NOT_APPROVED"])],
    );
    judged(
        &stage(),
        &[
            (
                "no rules, nobody asked",
                make("2020-06-03", 0, "v", projected()),
                &["PROJECTED_NOT_APPROVED"],
            ),
            (
                "no rules, no underspend",
                make("2020-06-03", 0, "v", virement("100")),
                &[],
            ),
        ],
    );
    judged(
        &ruled(&[virements("any", json!({}), officer(None))]),
        &[(
            "rules, nobody asked",
            make("2020-06-03", 0, "v", projected()),
            &["APPROVAL_REQUIRED", "PROJECTED_NOT_APPROVED"],
        )],
    );
}

#[test]
fn an_underspend_is_disposed_of_on_outturn_and_confirmed_by_each_body() {
    let disposal = |amount: &str| {
        json!({ "financialYear": "2019/20", "serviceId": "dogs", "parts": [
            { "destination": "DISPOSAL_DESTINATION_BODY_RESERVES", "bodyId": "a-pcc", "amountPence": amount },
            { "destination": "DISPOSAL_DESTINATION_CARRIED_FORWARD", "amountPence": "10" }] })
    };
    let mut given = carried(json!({ "disposeUnderspend": disposal("40") }));
    let act = |on: &str, id: &str, amount: &str| {
        let payload = json!({ "disposalId": id, "disposal": disposal(amount) });
        resting(1, on_x(on, "underspendDisposed", payload))
    };
    judged(
        &given,
        &[(
            "no outturn yet",
            act("2020-06-03", "d", "40"),
            &["NO_OUTTURN"],
        )],
    );
    given.record(&[on_x(
        "2020-06-03",
        "outturnReported",
        json!({ "figures": { "financialYear": "2019/20",
        "lines": [{ "serviceId": "dogs", "amountPence": "1000" }] } }),
    )]);
    let mut another = act("2020-06-03", "d", "40");
    another["underspendDisposed"]["disposal"]["serviceId"] = "vans".into();
    let mut elsewhere = act("2020-06-03", "d", "40");
    elsewhere["underspendDisposed"]["disposal"]["parts"][0]["bodyId"] = "b-pcc".into();
    judged(
        &given,
        &[
            (
                "the day before the outturn",
                act("2020-06-02", "d", "40"),
                &["NO_OUTTURN"],
            ),
            ("on its day", act("2020-06-03", "d", "40"), &[]),
            (
                "a penny more",
                act("2020-06-03", "d", "41"),
                &["OVER_APPROVED"],
            ),
            ("of another service", another, &["ANOTHER_ACT"]),
            ("to another body", elsewhere, &["ANOTHER_ACT"]),
            (
                "as a virement",
                make("2020-06-03", 1, "v", virement("40")),
                &["ANOTHER_ACT"],
            ),
        ],
    );
    given.record(&[act("2020-06-03", "d", "40")]);
    let confirm = |body: &str, amount: &str| {
        on_x(
            "2020-06-04",
            "disposalConfirmed",
            json!({ "disposalId": "d", "bodyId": body,
            "amountPence": amount }),
        )
    };
    judged(
        &given,
        &[
            ("its part", confirm("a-pcc", "40"), &[]),
            ("another amount is kept", confirm("a-pcc", "39"), &[]),
            (
                "a body without a part",
                confirm("council", "40"),
                &["NOT_IN_DISPOSAL"],
            ),
            (
                "a party, where a part goes to a common reserve",
                confirm("b-pcc", "40"),
                &[],
            ),
        ],
    );
}

#[test]
fn where_no_rules_are_in_force_acts_need_no_proposal_and_one_that_is_named_counts() {
    let mut given = stage();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    judged(
        &given,
        &[
            (
                "none named",
                make("2020-06-03", 0, "v", virement("100")),
                &[],
            ),
            (
                "one that is open",
                make("2020-06-03", 1, "v", virement("100")),
                &["NOT_CARRIED"],
            ),
        ],
    );
    given.record(&[approve("2020-06-02", 1)]);
    judged(
        &given,
        &[
            (
                "carried by a decision",
                make("2020-06-03", 1, "v", virement("100")),
                &[],
            ),
            (
                "a penny more",
                make("2020-06-03", 1, "v", virement("101")),
                &["OVER_APPROVED"],
            ),
        ],
    );
}
