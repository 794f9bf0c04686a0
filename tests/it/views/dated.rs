//! Days that a source gives as "about", "by" or "from" are printed so in every view; and
//! terms of office that are over stay in the view of their board.

use minutebook::present::report::Report;
use minutebook::present::{csv, reports, table};
use minutebook::views;
use minutebook::wire::proto::{BoardPlace, BoardView, DateIs};
use serde_json::{Value, json};

use super::ALL;
use crate::decisions::approving::{decision, make, propose, request, stage, virement};
use crate::given::{Given, date, event, on_x};

fn about(mut event: Value, is: &str) -> Value {
    event["effectiveOnIs"] = format!("DATE_IS_{is}").into();
    event
}

fn printed(report: &Report) -> (String, String) {
    let mut bytes = Vec::new();
    csv::write(report, &mut bytes).expect("CSV");
    let csv = String::from_utf8(bytes).expect("text");
    let table = table::render(report, table::Layout::plain(200));
    (csv, table)
}

#[test]
fn inexact_days_are_printed_so_for_decisions_money_and_boards() {
    let mut given = stage();
    let budget = json!({ "figures": { "financialYear": "2021/22",
        "lines": [{ "head": "All", "amountPence": "100" }] } });
    let outturn = json!({ "figures": { "financialYear": "2021/22",
        "lines": [{ "head": "All", "amountPence": "90" }] } });
    let grant = json!({ "grantId": "g", "purpose": "Radios", "amountPence": "500" });
    for event in [
        about(propose("2020-05", 1, json!({ "other": "A matter" })), "BY"),
        about(decision("2020-06", 1, "APPROVED"), "ABOUT"),
        about(request("2020-07", 2, virement("100")), "FROM"),
        about(make("2020-08", 0, "v", virement("100")), "ABOUT"),
        about(on_x("2021-02", "budgetApproved", budget), "ABOUT"),
        about(on_x("2022-05", "outturnReported", outturn), "BY"),
        about(on_x("2020-09", "grantAwarded", grant), "FROM"),
    ] {
        given.record(&[event]);
    }
    let view = given.at("2023-01-01", ALL);
    let x = "collaborations/x".parse().expect("an id");
    let decisions = views::decisions::list(&view, Some(&x), false);
    let shown = printed(&reports::decisions::list(&decisions));
    for text in [&shown.0, &shown.1] {
        assert!(text.contains("about 2020-06"), "{text}");
    }
    let id = crate::decisions::approving::id(1).parse().expect("an id");
    let proposal = views::proposal::get(&view, id).expect("the proposal");
    assert_eq!(proposal.words[0].on_is(), DateIs::About);
    let line = &views::approvals::list(&view, None, None, false)[0];
    assert_eq!(line.proposed_on_is(), DateIs::By);
    let budget = views::budget::get(&view, &x, None).expect("the budget");
    let year = budget
        .years
        .iter()
        .find(|year| year.financial_year == "2021/22");
    let year = year.expect("the year");
    assert_eq!(year.effective_on_is(), DateIs::About);
    assert_eq!(year.outturns[0].reported_on_is(), DateIs::By);
    let shown = printed(&reports::budget::budget_by_year(&budget));
    assert!(shown.1.contains("set about 2021-02"), "{}", shown.1);
    let virements = views::virements::list(&view, None);
    let kinds: Vec<DateIs> = virements.0.iter().map(|line| line.on_is()).collect();
    assert_eq!(kinds, [DateIs::From, DateIs::About]);
    let grants = given.x("2023-01-01").expect("x").grants;
    assert_eq!(grants[0].awarded_on_is(), DateIs::From);
}

fn board(given: &Given, day: &str) -> BoardView {
    let id = "board".parse().expect("an id");
    views::board::get(&given.at(day, ALL), &id).expect("the board")
}

fn terms(given: &Given, day: &str) -> Vec<(BoardPlace, String, Option<i32>, bool)> {
    let terms = board(given, day).terms_of_office.into_iter();
    terms
        .map(|term| {
            let holder = term.holder.clone().unwrap_or_default();
            let body = holder.body.unwrap_or_default().body_id;
            (
                term.place(),
                body,
                term.until_on.map(|day| day.year),
                term.is_past,
            )
        })
        .collect()
}

#[test]
fn a_chair_whose_term_ended_stays_in_the_view_of_its_board() {
    let on_board = |on: &str, kind: &str, payload: Value| event("boards/board", on, kind, payload);
    let mut given = stage();
    for event in [
        on_board(
            "2014",
            "chairAppointed",
            json!({ "bodyId": "a-pcc", "untilOn": date("2015-12-31") }),
        ),
        about(
            on_board("2016-02", "chairAppointed", json!({ "bodyId": "b-pcc" })),
            "ABOUT",
        ),
        on_board(
            "2017",
            "chairAppointed",
            json!({ "bodyId": "a-cc", "vice": true }),
        ),
        on_board(
            "2018",
            "boardMembershipChanged",
            json!({ "left": [{ "bodyId": "b-cc" }] }),
        ),
        on_board(
            "2019",
            "chairAppointed",
            json!({ "bodyId": "a-pcc", "untilOn": date("2022") }),
        ),
    ] {
        given.record(&[event]);
    }
    let a = |until, is_past| (BoardPlace::Chair, "a-pcc".to_owned(), until, is_past);
    let b = |until, is_past| (BoardPlace::Chair, "b-pcc".to_owned(), until, is_past);
    let vice = (BoardPlace::ViceChair, "a-cc".to_owned(), None, false);
    let left = (BoardPlace::Seat, "b-cc".to_owned(), Some(2018), true);
    assert_eq!(terms(&given, "2015-06-01"), [a(Some(2015), false)]);
    // Nobody was in the chair in January, and the one before is not forgotten.
    assert_eq!(terms(&given, "2016-01-15"), [a(Some(2015), true)]);
    let later = [
        left,
        a(Some(2015), true),
        b(Some(2019), true),
        vice,
        a(Some(2022), false),
    ];
    assert_eq!(terms(&given, "2020-01-01"), later);
    assert!(
        terms(&given, "2023-01-01")
            .iter()
            .filter(|term| term.3)
            .count()
            == 4
    );
    let shown = printed(&reports::boards::in_full(&board(&given, "2020-01-01"))).0;
    assert!(shown.contains("about 2016-02"), "{shown}");
}
