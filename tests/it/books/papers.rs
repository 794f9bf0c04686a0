//! The books of the three papers: what a paper does not give is not given, in no view.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{json, server_with};
use crate::program::{Serving, books};

fn named<'a>(list: &'a Value, name: &str, id: &str) -> &'a Value {
    let mut items = list.as_array().expect("a list").iter();
    let found = items.find(|item| item[name] == id);
    found.unwrap_or_else(|| panic!("no {name} {id} in {list}"))
}

fn collaboration(serving: &Serving, id: &str) -> Value {
    json(serving, &["show", "collaboration", id])["collaboration"].clone()
}

/// ¶6.3 of the Cambridgeshire paper: six corporations sole "have signed" a memorandum,
/// which was on line by December 2013.
#[test]
fn the_memorandum_is_signed_by_all_on_days_that_are_not_given() {
    let (serving, _dir) = server_with(&books());
    let bch = collaboration(&serving, "bch");
    assert_eq!(bch["legalBasis"], "Police Act 1996 ss.22A to 23A");
    let memorandum = named(&bch["instruments"], "instrumentId", "mou-shared-services");
    let signatures = memorandum["signatures"].as_array().expect("signatures");
    assert_eq!(signatures.len(), 6);
    for signature in signatures {
        assert_eq!(signature["signedOnIs"], "DATE_IS_BY");
        assert_eq!(signature["signedOn"]["month"], 12);
    }
    let published = &memorandum["publications"][0];
    assert_eq!(published["body"]["bodyId"], "cambridgeshire-pcc");
    // Nobody knows who was to sign the business case, so nobody is awaited.
    let case = named(&bch["instruments"], "instrumentId", "hr-business-case");
    assert_eq!(case["signatoriesUnknown"], true);
    assert_eq!(case.get("signatures"), None);
    // ¶11.2: one memorandum of three services, all in December 2017.
    let services = collaboration(&serving, "cambridgeshire-emergency-services");
    let signed = services["instruments"][0]["signatures"].as_array();
    assert_eq!(signed.map(Vec::len), Some(3));
    assert_eq!(services.get("legalBasis"), None, "none is stated");
}

/// ¶6.13 and ¶21: savings whose amount the paper does not give are no savings of £0.
#[test]
fn savings_and_grants_without_an_amount_are_not_given() {
    let (serving, _dir) = server_with(&books());
    let benefits = json(&serving, &["show", "benefits"]);
    for id in ["mtfs-change-team", "fraud-and-financial-investigation"] {
        let line = named(&benefits["savings"], "savingsId", id);
        assert_eq!(line["plannedIs"], "AMOUNT_IS_NOT_GIVEN", "{line}");
        assert_eq!(line.get("plannedPence"), None, "{line}");
    }
    let east = collaboration(&serving, "east-midlands");
    let uplift = named(&east["grants"], "grantId", "emsou-soc-uplift");
    assert_eq!(uplift["amountIs"], "AMOUNT_IS_NOT_GIVEN");
    assert_eq!(uplift.get("amountPence"), None);
    assert_eq!(east.get("legalBasis"), None, "none is stated");
    // The heading of Annex A: with that grant the budget of EMSOU SOC is £27.5m.
    let budget = json(&serving, &["show", "budget", "east-midlands"]);
    assert_eq!(budget["budget"]["otherBudgetIds"][0], "emsou-soc-in-year");
    let in_year = [
        "show",
        "budget",
        "east-midlands",
        "--budget",
        "emsou-soc-in-year",
    ];
    let in_year = json(&serving, &in_year);
    let cell = &in_year["budget"]["rows"][0]["cells"][0];
    assert_eq!(cell["amountPence"], "2750000000");
}

/// ¶10.11 to ¶10.13: the board met in October 2017 and in January 2018, and agreed an
/// action at the second meeting.
#[test]
fn the_meetings_that_the_papers_report_were_held() {
    const BOARD: &str = "countywide-community-safety-strategic-board";
    let (serving, _dir) = server_with(&books());
    for (meeting, what) in [
        ("2017-10", vec!["partnership-landscape"]),
        ("2018-01", vec!["partnership-landscape-2", "review-csps"]),
    ] {
        let view = json(&serving, &["show", "meeting", BOARD, meeting]);
        let view = &view["meeting"];
        let standing = &view["meeting"]["standing"];
        assert_eq!(*standing, "MEETING_STANDING_HELD");
        let items = view["lines"].as_array().expect("business").iter();
        let items: Vec<&str> = items.filter_map(|item| item["itemId"].as_str()).collect();
        assert_eq!(items, what);
    }
}

/// Each panel was asked to note a report. No paper says that it did.
#[test]
fn the_outcome_that_no_paper_gives_is_not_known() {
    let (serving, _dir) = server_with(&books());
    let decisions = json(&serving, &["show", "decisions"]);
    let decisions = decisions["decisions"].as_array().expect("decisions");
    let not_known: BTreeSet<&str> = decisions
        .iter()
        .filter(|line| line["standing"] == "DECISION_STANDING_OUTCOME_NOT_KNOWN")
        .map(|line| line["subject"].as_str().expect("a subject"))
        .collect();
    assert_eq!(
        not_known,
        BTreeSet::from([
            "boards/cambridgeshire-pcp-meetings",
            "boards/leicestershire-pcp-meetings",
        ])
    );
    // A chair is asked for the meetings of which no paper says that they were held and for
    // actions without a day, and never for a decision on a report.
    let attention = json(&serving, &["show", "attention"]);
    let lines = attention["lines"].as_array().expect("lines");
    let of = |board: &str| {
        let lines = lines.iter().filter(|line| line["subject"] == board);
        lines.map(|line| line["itemId"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        of("boards/leicestershire-pcp-meetings"),
        ["2013-12-13", "2020-10-01"]
    );
    assert_eq!(
        of("boards/countywide-community-safety-strategic-board"),
        ["living-well-partnerships", "review-csps"]
    );
}

/// The paper of 2013 has the Commissioner in the chair of the regional board. It does not
/// say who chairs the partnership board, or who sits on it; that of 2020 does.
#[test]
fn nobody_has_a_chair_before_a_paper_says_so() {
    const PARTNERSHIP: &str = "llr-strategic-partnership-board";
    let (serving, _dir) = server_with(&books());
    let board = |id: &str, day: &str| {
        let view = json(&serving, &["show", "board", id, "--as-at", day]);
        view["board"].clone()
    };
    let then = board(PARTNERSHIP, "2019-12-31");
    assert_eq!(then["summary"].get("chair"), None);
    assert_eq!(then.get("seats"), None);
    let now = board(PARTNERSHIP, "2020-10-01");
    assert_eq!(
        now["summary"]["chair"]["body"]["bodyId"],
        "leicestershire-pcc"
    );
    assert_eq!(now["seats"].as_array().map(Vec::len), Some(2));
    let regional = board("east-midlands-regional-collaboration-board", "2013-12-13");
    assert_eq!(
        regional["summary"]["chair"]["body"]["bodyId"],
        "leicestershire-pcc"
    );
}

/// Every note, source and date of the books can be read in the sources.
#[test]
fn every_entry_of_the_papers_names_its_place() {
    let (serving, _dir) = server_with(&books());
    let sources = json(&serving, &["show", "sources"]);
    let lines = sources["sources"].as_array().expect("lines");
    assert!(lines.len() > 300, "{}", lines.len());
    for line in lines {
        let sources = line["sources"].as_array().map_or(0, Vec::len);
        assert!(sources > 0, "{line}");
    }
}
