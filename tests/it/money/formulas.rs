//! Shares of a cost: to the penny, in any order, by use, within minimums and maximums, and
//! only as far as the document gives them.

use minutebook::domain::budget::allocation::{Allocation, AllocationError, allocate};
use minutebook::domain::event::{
    FundingFormulaSet, LimitAmount, Share, ShareLimit, SharesAre, UsageShare,
};
use minutebook::domain::ids::BodyId;
use minutebook::domain::money::{Pence, Ppm};
use minutebook::domain::text::Name;
use minutebook::views;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{alliance, contributions, formula, lines};
use crate::given::{judged, on_x};

fn body(index: usize) -> BodyId {
    format!("body-{index}").parse().unwrap()
}

fn empty() -> FundingFormulaSet {
    FundingFormulaSet {
        service: None,
        year: "2024/25".parse().unwrap(),
        basis: Name::new("Test").unwrap(),
        shares: vec![],
        shares_are: None,
        usage: vec![],
        usage_unit: None,
        limits: vec![],
        remainder_to: None,
    }
}

fn by_shares(shares: &[u32]) -> FundingFormulaSet {
    let shares = shares.iter().enumerate();
    let shares = shares.map(|(index, share)| Share {
        body: body(index),
        share: Ppm::new(*share).unwrap(),
    });
    FundingFormulaSet {
        shares: shares.collect(),
        ..empty()
    }
}

fn by_use(used: &[&str]) -> FundingFormulaSet {
    let usage = used.iter().enumerate();
    let usage = usage.map(|(index, used)| UsageShare {
        body: body(index),
        used: used.parse().unwrap(),
    });
    FundingFormulaSet {
        usage: usage.collect(),
        ..empty()
    }
}

fn limit(index: Option<usize>, minimum: Option<i64>, maximum: Option<i64>) -> ShareLimit {
    let amount = |pence: i64| LimitAmount::Amount(Pence::computed(pence));
    ShareLimit {
        body: index.map(body),
        minimum: minimum.map(amount),
        maximum: maximum.map(amount),
    }
}

fn divided(amount: i64, formula: &FundingFormulaSet) -> Result<Vec<i64>, AllocationError> {
    let allocation = allocate(Pence::computed(amount), formula)?;
    Ok(parts(&allocation))
}

fn parts(allocation: &Allocation) -> Vec<i64> {
    allocation.parts.values().map(|part| part.get()).collect()
}

#[test]
fn odd_pennies_go_to_the_largest_fractions_or_to_the_body_that_is_named() {
    let mut thirds = by_shares(&[333_334, 333_333, 333_333]);
    assert_eq!(divided(100, &thirds), Ok(vec![34, 33, 33]));
    assert_eq!(divided(-100, &thirds), Ok(vec![-34, -33, -33]));
    thirds.remainder_to = Some(body(2));
    assert_eq!(divided(100, &thirds), Ok(vec![33, 33, 34]));
    // Equal fractions go by id.
    let halves = by_shares(&[500_000, 500_000]);
    assert_eq!(divided(1, &halves), Ok(vec![1, 0]));
}

#[test]
fn shares_by_use_are_exact() {
    // 1/7 is no number of millionths.
    let formula = by_use(&["1", "2", "4"]);
    assert_eq!(
        divided(7_000_000_007, &formula),
        Ok(vec![1_000_000_001, 2_000_000_002, 4_000_000_004])
    );
    let formula = by_use(&["0.5", "0", "1.5"]);
    assert_eq!(divided(1_000, &formula), Ok(vec![250, 0, 750]));
}

#[test]
fn rounded_shares_are_taken_as_parts_of_their_printed_total() {
    let formula = FundingFormulaSet {
        shares_are: Some(SharesAre::Rounded),
        ..by_shares(&[330_000, 330_000, 330_000])
    };
    assert_eq!(divided(9_900, &formula), Ok(vec![3_300, 3_300, 3_300]));
}

#[test]
fn of_one_known_share_only_that_part_is_known() {
    let formula = FundingFormulaSet {
        shares_are: Some(SharesAre::Incomplete),
        ..by_shares(&[419_800])
    };
    let allocation = allocate(Pence::computed(100_000_001), &formula).unwrap();
    assert_eq!(parts(&allocation), [41_980_000]);
    assert_eq!(allocation.not_known, Pence::computed(58_020_001));
    let limited = FundingFormulaSet {
        limits: vec![limit(None, Some(5), None)],
        ..formula
    };
    assert_eq!(
        divided(100, &limited),
        Err(AllocationError::LimitsWithoutShares)
    );
}

#[test]
fn what_a_limit_takes_off_one_body_the_others_bear_by_weight() {
    let mut formula = by_shares(&[500_000, 300_000, 200_000]);
    // The first bears at most 40: the rest, 60, is shared 3 to 2.
    formula.limits = vec![limit(Some(0), None, Some(40))];
    assert_eq!(divided(100, &formula), Ok(vec![40, 36, 24]));
    // The last bears at least 30: the rest is shared 5 to 3.
    formula.limits = vec![limit(Some(2), Some(30), None)];
    assert_eq!(divided(100, &formula), Ok(vec![44, 26, 30]));
    // The cap of one pushes another to its own, or a minimum goes as the cap is settled.
    formula.limits = vec![
        limit(Some(0), None, Some(40)),
        limit(Some(1), None, Some(35)),
    ];
    assert_eq!(divided(100, &formula), Ok(vec![40, 35, 25]));
    formula.limits = vec![
        limit(Some(0), None, Some(40)),
        limit(Some(2), Some(22), None),
    ];
    assert_eq!(divided(100, &formula), Ok(vec![40, 36, 24]));
    // Of a minimum and a maximum, the one that moves more is settled first, and the other may
    // not be met any more.
    formula.limits = vec![
        limit(Some(0), None, Some(40)),
        limit(Some(2), Some(45), None),
    ];
    assert_eq!(divided(100, &formula), Ok(vec![34, 21, 45]));
    formula.limits = vec![
        limit(Some(0), None, Some(20)),
        limit(Some(2), Some(22), None),
    ];
    assert_eq!(divided(100, &formula), Ok(vec![20, 48, 32]));
    // A share of the cost.
    formula.limits = vec![ShareLimit {
        body: None,
        minimum: Some(LimitAmount::Share(Ppm::computed(250_000))),
        maximum: None,
    }];
    assert_eq!(divided(100, &formula), Ok(vec![47, 28, 25]));
}

#[test]
fn limits_that_cannot_hold_divide_nothing() {
    let mut formula = by_shares(&[600_000, 400_000]);
    formula.limits = vec![limit(None, Some(60), None)];
    assert_eq!(divided(100, &formula), Err(AllocationError::MinimumsOver));
    formula.limits = vec![limit(None, None, Some(49))];
    assert_eq!(divided(100, &formula), Err(AllocationError::MaximumsUnder));
    formula.limits = vec![ShareLimit {
        body: Some(body(0)),
        minimum: Some(LimitAmount::Amount(Pence::computed(30))),
        maximum: Some(LimitAmount::Share(Ppm::computed(200_000))),
    }];
    assert_eq!(divided(100, &formula), Err(AllocationError::LimitsCross));
}

prop_compose! {
    /// A formula by weights, with limits in pence on some bodies.
    fn formulas()(
        weights in prop::collection::vec(0_u32..1_000, 1..7),
        limits in prop::collection::vec((any::<bool>(), 0_i64..400, 0_i64..900), 7),
        remainder in prop::option::of(0_usize..7),
    ) -> FundingFormulaSet {
        let used: Vec<String> = weights.iter().map(ToString::to_string).collect();
        let used: Vec<&str> = used.iter().map(String::as_str).collect();
        let mut formula = by_use(&used);
        formula.remainder_to = remainder.filter(|index| *index < weights.len()).map(body);
        for (index, (has_limit, least, room)) in limits.iter().take(weights.len()).enumerate() {
            if *has_limit {
                formula.limits.push(limit(Some(index), Some(*least), Some(least + room)));
            }
        }
        formula
    }
}

proptest! {
    #[test]
    fn parts_total_the_amount_keep_the_limits_and_have_no_order(
        formula in formulas(),
        amount in 0_i64..5_000,
        turn in 0_usize..7,
    ) {
        let divided = allocate(Pence::computed(amount), &formula);
        let mut turned = formula.clone();
        let by = turn % turned.usage.len();
        turned.usage.rotate_left(by);
        turned.limits.reverse();
        prop_assert_eq!(&allocate(Pence::computed(amount), &turned), &divided);
        let limits = |body: &BodyId| {
            let limit = formula.limit(body);
            let pence = |limit: Option<LimitAmount>| match limit {
                Some(LimitAmount::Amount(amount)) => Some(amount.get()),
                Some(LimitAmount::Share(_)) | None => None,
            };
            let least = pence(limit.and_then(|limit| limit.minimum)).unwrap_or(0);
            (least, pence(limit.and_then(|limit| limit.maximum)))
        };
        let of_all: Vec<(i64, Option<i64>)> = formula.bodies().map(limits).collect();
        let least: i64 = of_all.iter().map(|(least, _)| least).sum();
        // Those that use nothing bear no more than their minimum.
        let most: Option<i64> = formula
            .usage
            .iter()
            .zip(&of_all)
            .map(|(usage, (least, most))| if usage.used.is_zero() { Some(*least) } else { *most })
            .sum();
        match divided {
            Ok(allocation) => {
                let total: i64 = parts(&allocation).iter().sum();
                prop_assert_eq!(total, amount);
                prop_assert_eq!(allocation.not_known, Pence::ZERO);
                for (body, part) in &allocation.parts {
                    let (least, most) = limits(body);
                    prop_assert!(part.get() >= least, "{body}: {part} of {allocation:?}");
                    prop_assert!(most.is_none_or(|most| part.get() <= most));
                }
            }
            Err(AllocationError::MinimumsOver) => prop_assert!(least > amount),
            Err(AllocationError::MaximumsUnder) => {
                prop_assert!(most.is_some_and(|most| most < amount));
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn without_limits_each_part_is_within_a_penny_of_its_share(
        weights in prop::collection::vec(1_u32..1_000, 1..9),
        amount in 0_i64..10_000_000_000,
    ) {
        let used: Vec<String> = weights.iter().map(ToString::to_string).collect();
        let used: Vec<&str> = used.iter().map(String::as_str).collect();
        let found = divided(amount, &by_use(&used)).unwrap();
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (part, weight) in found.iter().zip(&weights) {
            let off = i128::from(*part) * total - i128::from(amount) * i128::from(*weight);
            prop_assert!(off.abs() < total);
        }
    }
}

// ─── At the door ────────────────────────────────────────────────────────────

fn usage(used: &[(&str, &str)]) -> Value {
    let usage = used
        .iter()
        .map(|(body, used)| json!({ "bodyId": body, "used": used }));
    let usage: Vec<Value> = usage.collect();
    let payload = json!({ "financialYear": "2024/25", "serviceId": "dogs", "basis": "Deployments",
                          "usageUnit": "hours", "usage": usage });
    on_x("2024-04-01", "fundingFormulaSet", payload)
}

#[test]
fn rule_7_a_formula_is_by_parties_and_leaves_a_way_to_share() {
    let limited = |limits: Value| {
        let mut event = formula("2024/25", "dogs", &[("a-pcc", 600_000), ("b-pcc", 400_000)]);
        event["fundingFormulaSet"]["limits"] = limits;
        event
    };
    let mut of_c = formula("2024/25", "dogs", &[("a-pcc", 419_800)]);
    of_c["fundingFormulaSet"]["sharesAre"] = "SHARES_ARE_INCOMPLETE".into();
    of_c["fundingFormulaSet"]["remainderToId"] = "fire".into();
    judged(
        &alliance(),
        &[
            ("by use", usage(&[("a-pcc", "10"), ("b-pcc", "0")]), &[]),
            (
                "by the use of no party",
                usage(&[("a-pcc", "10"), ("fire", "1")]),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
            (
                "nothing used",
                usage(&[("a-pcc", "0"), ("b-pcc", "0.000")]),
                &["NOTHING_USED"],
            ),
            (
                "a minimum in pence depends on the amount",
                limited(json!([{ "minimumPence": "100000000" }])),
                &[],
            ),
            (
                "minimums of more than the whole",
                limited(json!([{ "minimumPpm": 500_001 }])),
                &["LIMITS_LEAVE_NO_WAY"],
            ),
            (
                "maximums of less than the whole",
                limited(json!([{ "maximumPpm": 499_999 }])),
                &["LIMITS_LEAVE_NO_WAY"],
            ),
            (
                "one without a maximum bears the rest",
                limited(json!([{ "bodyId": "a-pcc", "maximumPpm": 100_000 }])),
                &[],
            ),
            (
                "a limit, or the remainder, of one whose share is not known is of a party too",
                of_c,
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
        ],
    );
}

#[test]
fn a_formula_is_shown_as_its_document_gives_it() {
    let mut given = alliance();
    let mut event = usage(&[("a-pcc", "10.5"), ("b-pcc", "21")]);
    event["fundingFormulaSet"]["limits"] = json!([{ "minimumPence": "500" }]);
    event["fundingFormulaSet"]["remainderToId"] = "b-pcc".into();
    given.record(&[event]);
    given.record(&[lines("2024/25", &[("dogs", 1_000)])]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    let [shown] = &view.formulas[..] else {
        panic!("{:?}", view.formulas);
    };
    assert_eq!(shown.usage_unit, "hours");
    assert_eq!(shown.remainder_to.as_ref().unwrap().body_id, "b-pcc");
    assert_eq!(shown.limits[0].minimum_pence, Some(500));
    let used: Vec<_> = shown
        .shares
        .iter()
        .map(|one| (one.used.as_str(), one.share_ppm))
        .collect();
    assert_eq!(used, [("10.5", 333_333), ("21", 666_667)]);
    // The minimum of one takes the other below its share.
    let parts: Vec<_> = view.payers.iter().map(|one| one.by_formula_pence).collect();
    assert_eq!(parts, [Some(500), Some(500)]);
    let collaboration =
        views::collaboration::get(&super::at(&given, "2024-05-01"), &"x".parse().unwrap());
    assert_eq!(collaboration.unwrap().formulas, view.formulas);
}
