//! Rule 7: shares add up to the whole, and printed totals are never judged.

use serde_json::{Value, json};

use super::alliance;
use crate::given::{judged, on_x};

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
