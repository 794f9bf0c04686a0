//! The budget of a year as its entries make it.

use minutebook::wire::proto::BudgetAmounts;
use serde_json::json;

use super::{
    adjusted, alliance, amounts, budget, forecast, moved, outturn, reversed, row, view, year,
};
use crate::given::{judged, on_x};

#[test]
fn every_change_is_in_the_revised_budget_and_leads_to_its_entry() {
    let mut given = alliance();
    let tail = given.register.tail().get();
    for event in [
        budget(
            "2018-04-01",
            &[("dogs/Pay", 1_000), ("dogs/Kit", 300), ("cats", 500)],
        ),
        adjusted("2018-05-01", "s", "SUPPLEMENTARY", &[("dogs/Pay", 50)]),
        adjusted("2018-06-01", "r", "FROM_RESERVE", &[("dogs/Kit", 20)]),
        adjusted("2018-06-02", "t", "TO_RESERVE", &[("cats", -10)]),
        adjusted("2018-06-03", "g", "GRANT", &[("cats", 70)]),
        adjusted("2018-06-04", "b", "BROUGHT_FORWARD", &[("cats", 4)]),
        moved("2018-07-01", "v", "dogs/Pay", "dogs/Kit", 200),
        moved("2018-08-01", "w", "cats", "@a-pcc", 60),
    ] {
        given.record(&[event]);
    }
    let pay = amounts(&given, "2018-12-31", "dogs/Pay");
    assert_eq!(
        pay,
        BudgetAmounts {
            original_pence: Some(1_000),
            supplementary_pence: Some(50),
            virements_out_pence: Some(-200),
            revised_pence: Some(850),
            left_pence: Some(850),
            positions: vec![tail + 1, tail + 2, tail + 7],
            ..BudgetAmounts::default()
        }
    );
    let kit = amounts(&given, "2018-12-31", "dogs/Kit");
    assert_eq!(
        (
            kit.from_reserves_pence,
            kit.virements_in_pence,
            kit.revised_pence
        ),
        (Some(20), Some(200), Some(520))
    );
    let cats = amounts(&given, "2018-12-31", "cats");
    assert_eq!(
        (
            cats.to_reserves_pence,
            cats.grants_pence,
            cats.brought_forward_pence
        ),
        (Some(-10), Some(70), Some(4))
    );
    assert_eq!(cats.revised_pence, Some(504));
    // The whole lost only the money that left it.
    let whole = year(&given, "2018-12-31");
    assert_eq!(whole.total_pence, Some(1_874));
    assert_eq!(whole.amounts.as_ref().unwrap().original_pence, Some(1_800));
    assert_eq!(whole.changes.len(), 8);
    // As at a day before them, nothing had changed.
    assert_eq!(
        amounts(&given, "2018-04-30", "dogs/Pay").revised_pence,
        Some(1_000)
    );
    assert_eq!(year(&given, "2018-05-31").total_pence, Some(1_850));
}

#[test]
fn reversing_a_virement_restores_every_figure() {
    let mut given = alliance();
    given.record(&[budget("2018-04-01", &[("dogs", 1_000), ("cats", 500)])]);
    let before = (
        amounts(&given, "2018-12-31", "dogs"),
        amounts(&given, "2018-12-31", "cats"),
    );
    given.record(&[moved("2018-07-01", "v", "dogs", "cats", 200)]);
    given.record(&[reversed("2018-09-01", "v")]);
    let known = |amounts: BudgetAmounts| BudgetAmounts {
        virements_in_pence: amounts.virements_in_pence.filter(|pence| *pence != 0),
        virements_out_pence: amounts.virements_out_pence.filter(|pence| *pence != 0),
        positions: amounts.positions[..1].to_vec(),
        ..amounts
    };
    let after = (
        known(amounts(&given, "2018-12-31", "dogs")),
        known(amounts(&given, "2018-12-31", "cats")),
    );
    assert_eq!(after, before);
    assert_eq!(
        amounts(&given, "2018-08-31", "cats").revised_pence,
        Some(700)
    );
}

#[test]
fn a_later_budget_takes_the_place_of_what_there_was() {
    let mut given = alliance();
    given.record(&[budget("2018-04-01", &[("dogs", 1_000), ("cats", 500)])]);
    given.record(&[moved("2018-07-01", "v", "dogs", "cats", 200)]);
    given.record(&[budget("2018-10-01", &[("dogs", 900)])]);
    given.record(&[moved("2018-11-01", "w", "dogs", "cats", 100)]);
    let dogs = amounts(&given, "2018-12-31", "dogs");
    assert_eq!(dogs.original_pence, Some(1_000));
    assert_eq!(dogs.virements_out_pence, Some(-300));
    assert_eq!(dogs.set_anew_pence, Some(100));
    assert_eq!(dogs.revised_pence, Some(800));
    assert_eq!(
        amounts(&given, "2018-12-31", "cats").revised_pence,
        Some(100)
    );
    assert_eq!(year(&given, "2018-12-31").earlier_positions.len(), 1);
}

#[test]
fn capital_slips_to_a_later_year_and_the_total_of_both_is_unchanged() {
    let mut given = alliance();
    let later = json!({ "figures": {
        "financialYear": "2019/20", "lines": [{ "head": "Kennels", "fund": "FUND_TYPE_CAPITAL", "amountPence": "100" }],
    } });
    given.record(&[
        budget("2018-04-01", &[("*/Kennels", 900), ("dogs", 50)]),
        on_x("2019-04-01", "budgetApproved", later),
    ]);
    let mut slips = adjusted("2018-12-01", "k", "SLIPPAGE", &[("*/Kennels", -400)]);
    slips["budgetAdjusted"]["toYear"] = "2019/20".into();
    given.record(&[slips]);
    let view = view(&given, "2019-06-01");
    let slipped: Vec<_> = row(&view, "*/Kennels")
        .cells
        .iter()
        .map(|cell| cell.amounts.as_ref().unwrap())
        .map(|amounts| (amounts.slipped_pence, amounts.revised_pence))
        .collect();
    assert_eq!(slipped, [(Some(-400), Some(500)), (Some(400), Some(500))]);
    // Revenue and capital are totalled apart.
    let groups: Vec<_> = view.years[0]
        .groups
        .iter()
        .map(|group| group.lines.as_ref().unwrap().fund)
        .collect();
    assert!(groups.is_empty(), "each fund has one line: {groups:?}");
}

#[test]
fn a_scheme_over_several_years_has_its_total() {
    let mut given = alliance();
    let of_year = |year: &str, pence: &str| {
        let lines =
            json!([{ "head": "Kennels", "fund": "FUND_TYPE_CAPITAL", "amountPence": pence }]);
        let figures = json!({ "financialYear": year, "lines": lines });
        on_x(
            "2018-02-01",
            "budgetApproved",
            json!({ "figures": figures, "budgetId": "kennels" }),
        )
    };
    given.record(&[of_year("2018/19", "900"), of_year("2019/20", "600")]);
    let mut slips = adjusted("2018-12-01", "k", "SLIPPAGE", &[("*/Kennels", -400)]);
    slips["budgetAdjusted"]["toYear"] = "2020/21".into();
    slips["budgetAdjusted"]["budgetId"] = "kennels".into();
    given.record(&[slips]);
    let x = "collaborations/x".parse().unwrap();
    let scheme = "kennels".parse().unwrap();
    let view = minutebook::views::budget::get(&super::at(&given, "2019-01-01"), &x, Some(&scheme));
    let view = view.expect("the scheme");
    let totals: Vec<_> = view
        .years
        .iter()
        .map(|year| year.amounts.as_ref().unwrap().revised_pence)
        .collect();
    assert_eq!(totals, [Some(500), Some(600), Some(400)]);
    assert_eq!(
        view.all_years_pence,
        Some(1_500),
        "slippage leaves the total as it was"
    );
}

#[test]
fn income_and_cost_have_their_totals_and_a_net() {
    let mut given = alliance();
    let lines = [
        ("dogs/Training", 900),
        ("+dogs/Training", -300),
        ("cats", 100),
        ("+/Fees", -50),
    ];
    given.record(&[budget("2018-04-01", &lines)]);
    given.record(&[outturn(
        "2019-05-01",
        &[
            ("dogs/Training", 950),
            ("+dogs/Training", -320),
            ("cats", 90),
            ("+/Fees", -60),
        ],
    )]);
    let year = year(&given, "2019-06-01");
    assert_eq!(year.total_pence, Some(650));
    let groups: Vec<_> = year
        .groups
        .iter()
        .map(|group| {
            let (lines, amounts) = (group.lines.clone().unwrap(), group.amounts.clone().unwrap());
            let kind = lines.line_type().as_str_name().replace("LINE_TYPE_", "");
            let name = format!(
                "{}{}",
                lines.head,
                lines.service.unwrap_or_default().service_id
            );
            (name, kind, amounts.revised_pence, amounts.variance_pence)
        })
        .collect();
    let expected = [
        ("Trainingdogs", "UNSPECIFIED", Some(600), Some(30)),
        ("dogs", "UNSPECIFIED", Some(600), Some(30)),
        ("", "EXPENDITURE", Some(1_000), Some(40)),
        ("", "INCOME", Some(-350), Some(-30)),
    ];
    let expected = expected.map(|(name, kind, revised, variance)| {
        (name.to_owned(), kind.to_owned(), revised, variance)
    });
    assert_eq!(groups, expected);
    let amounts = year.amounts.unwrap();
    assert_eq!(
        (amounts.outturn_pence, amounts.variance_pence),
        (Some(660), Some(10))
    );
    assert_eq!(amounts.variance_ppm, Some(15_385));
}

#[test]
fn a_head_that_only_changes_name_is_shown_as_not_budgeted() {
    let mut given = alliance();
    given.record(&[budget("2018-04-01", &[("dogs", 1_000)])]);
    given.record(&[moved("2018-07-01", "v", "dogs", "cats/Food", 200)]);
    given.record(&[forecast("2018-08-01", &[("cats/Litter", 10)])]);
    let view = view(&given, "2018-12-31");
    let budgeted: Vec<_> = view
        .rows
        .iter()
        .map(|row| row.cells[0].is_budgeted)
        .collect();
    assert_eq!(budgeted, [true, false, false]);
    let food = amounts(&given, "2018-12-31", "cats/Food");
    assert_eq!((food.original_pence, food.revised_pence), (None, Some(200)));
    let litter = amounts(&given, "2018-12-31", "cats/Litter");
    assert_eq!(
        (litter.revised_pence, litter.forecast_pence),
        (None, Some(10))
    );
}

#[test]
fn a_virement_that_a_later_budget_undid_is_not_undone_again() {
    let mut given = alliance();
    given.record(&[
        budget("2018-04-01", &[("dogs", 1_000), ("cats", 500)]),
        moved("2018-05-01", "v", "dogs", "cats", 200),
        moved("2018-05-01", "w", "cats", "dogs", 50),
        budget("2018-08-01", &[("dogs", 1_000), ("cats", 500)]),
        moved("2018-09-01", "x", "dogs", "cats", 100),
    ]);
    judged(
        &given,
        &[
            ("undone by it", reversed("2018-10-01", "v"), &["ALREADY_SO"]),
            ("before it", reversed("2018-06-01", "v"), &[]),
            ("made after it", reversed("2018-10-01", "x"), &[]),
        ],
    );
    // A budget that has the virement in it leaves it to be reversed.
    let mut given = alliance();
    given.record(&[
        budget("2018-04-01", &[("dogs", 1_000), ("cats", 500)]),
        moved("2018-05-01", "v", "dogs", "cats", 200),
        budget("2018-08-01", &[("dogs", 800), ("cats", 700)]),
    ]);
    judged(&given, &[("still in it", reversed("2018-10-01", "v"), &[])]);
}
