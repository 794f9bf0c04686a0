//! Two public monitoring tables come back as they were printed, to the pound, each from
//! one call.

use serde_json::Value;

use crate::program::{Serving, monitoring};

fn serving() -> (Serving, tempfile::TempDir) {
    let book = monitoring();
    let dir = tempfile::tempdir().expect("a directory");
    let serving = Serving::on(&dir.path().join("register"));
    serving.record(&[book]);
    (serving, dir)
}

/// As printed, in thousands: to date and budget of expenditure, income and net; variance.
const ISLE_OF_WIGHT: [(&str, [&str; 7]); 13] = [
    (
        "Fire & Rescue",
        [
            "2354.5", "5777.4", "-63.5", "-98.7", "2291.0", "5678.7", "3387.7",
        ],
    ),
    (
        "Emergency Planning",
        ["38.0", "137.7", "0", "-72.2", "38.0", "65.4", "27.4"],
    ),
    (
        "Magistrates levy",
        ["8.7", "0", "0", "0", "8.7", "0", "-8.7"],
    ),
    (
        "Community Safety",
        ["182.8", "316.9", "-94.9", "-175.9", "87.8", "140.9", "53.1"],
    ),
    (
        "CCTV",
        ["92.0", "174.0", "-3.6", "-5.5", "88.4", "168.5", "80.1"],
    ),
    (
        "Cemeteries",
        ["99.8", "306.1", "-58.7", "-199.6", "41.1", "106.4", "65.3"],
    ),
    (
        "Crematorium",
        [
            "108.6", "216.1", "-214.4", "-587.0", "-105.8", "-370.9", "-265.1",
        ],
    ),
    (
        "Coroner",
        ["85.0", "258.8", "0", "0", "85.0", "258.8", "173.8"],
    ),
    (
        "Environmental Health",
        [
            "358.5", "878.1", "-25.4", "-32.9", "333.1", "845.2", "512.1",
        ],
    ),
    (
        "Licensing",
        [
            "53.4", "111.5", "-119.8", "-156.8", "-66.4", "-45.3", "21.1",
        ],
    ),
    (
        "Trading Standards",
        [
            "130.3", "372.2", "-12.1", "-13.9", "118.2", "358.3", "240.1",
        ],
    ),
    (
        "Consumer Protection",
        ["189.4", "494.1", "-0.9", "-0.4", "188.6", "493.7", "305.1"],
    ),
    (
        "",
        [
            "3701.0", "9042.9", "-593.3", "-1343.0", "3107.7", "7699.9", "4592.3",
        ],
    ),
];

/// From thousands with at most one decimal.
fn pence(thousands: &str) -> i64 {
    let (whole, tenths) = thousands.split_once('.').unwrap_or((thousands, "0"));
    format!("{whole}{tenths}").parse::<i64>().unwrap() * 10_000
}

fn number(value: &Value) -> Option<i64> {
    value.as_str().map(|text| text.parse().unwrap())
}

/// The printed totals of a list of figures, by head and kind of line.
fn stated(figures: &Value, head: &str, kind: &str) -> Option<i64> {
    let all = figures.as_array().unwrap().iter();
    let mut all = all.filter(|total| {
        let lines = &total["lines"];
        lines["head"].as_str().unwrap_or_default() == head
            && lines["lineType"].as_str().unwrap_or_default() == kind
    });
    all.next()
        .map(|total| number(&total["statedPence"]).unwrap())
}

#[test]
fn the_isle_of_wight_table_comes_back_from_one_call() {
    let (serving, _dir) = serving();
    let question = [
        "show",
        "budget",
        "bodies/isle-of-wight-council",
        "--year",
        "2004/05",
        "--as-at",
        "2004-09-20",
    ];
    let answer = serving.prints(&[&question[..], &["--format", "json"]].concat());
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let budget = &answer["budget"];
    let to_date = &budget["years"][0]["toDate"][0];
    for (head, printed) in ISLE_OF_WIGHT {
        let printed = printed.map(pence);
        // The parts: a line each of expenditure and income.
        if !head.is_empty() {
            let of = |is_income: bool| {
                let rows = budget["rows"].as_array().unwrap().iter();
                let mut rows = rows.filter(|row| {
                    row["head"] == head
                        && row["isIncome"].as_bool().unwrap_or_default() == is_income
                });
                let row = rows.next().unwrap_or_else(|| panic!("{head}"));
                let amounts = &row["cells"][0]["amounts"];
                [
                    number(&amounts["toDatePence"]),
                    number(&amounts["revisedPence"]),
                ]
            };
            assert_eq!(of(false), [Some(printed[0]), Some(printed[1])], "{head}");
            assert_eq!(of(true), [Some(printed[2]), Some(printed[3])], "{head}");
        } else {
            let totals = |kind| stated(&to_date["stated"], "", kind);
            assert_eq!(totals("LINE_TYPE_EXPENDITURE"), Some(printed[0]));
            assert_eq!(totals("LINE_TYPE_INCOME"), Some(printed[2]));
        }
        // The net and the variance, as printed.
        assert_eq!(
            stated(&to_date["stated"], head, ""),
            Some(printed[4]),
            "{head}"
        );
        let variances = to_date["variances"].as_array().unwrap().iter();
        let mut variances =
            variances.filter(|one| one["lines"]["head"].as_str().unwrap_or_default() == head);
        let variance = variances.next().unwrap();
        assert_eq!(number(&variance["statedPence"]), Some(printed[6]), "{head}");
    }
    // As the paper has it: a row a line, with its columns.
    let csv = serving.prints(&[&question[..], &["--format", "csv"]].concat());
    assert!(csv.starts_with("line,revised,to_date,left\n"), "{csv}");
    for row in [
        "Fire & Rescue,5777400.00,2354500.00,3422900.00\n",
        "Fire & Rescue (income),-98700.00,-63500.00,-35200.00\n",
        "total Fire & Rescue net,5678700.00,2291000.00,3387700.00\n",
        "total,7700000.00,3107700.00,4592300.00\n",
    ] {
        assert!(csv.contains(row), "{row}{csv}");
    }
}

#[test]
fn the_true_differences_of_the_tables_are_kept_and_no_others() {
    let (serving, _dir) = serving();
    let differences = |subject: &str| {
        let csv = serving.prints(&["show", "differences", subject, "--format", "csv"]);
        csv.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let found = differences("bodies/isle-of-wight-council");
    let of = |words: &str| found.iter().filter(|line| line.contains(words)).count();
    // Five cells of the net are a tenth off, and two of the committee's totals.
    assert_eq!(of("net, budget") + of("net, to date"), 6, "{found:#?}");
    assert_eq!(of("Committee Total"), 2, "{found:#?}");
    // The variances of these rows were made from other figures than those printed.
    let variances = found.iter().filter(|line| line.starts_with("variance,"));
    let rows: Vec<_> = variances
        .filter_map(|line| line.split('"').nth(1)?.split(':').next())
        .collect();
    assert_eq!(
        rows,
        ["Emergency Planning", "Cemeteries", "Consumer Protection"]
    );
    assert_eq!(found.len(), 10, "{found:#?}");
    let surrey = differences("bodies/surrey-pcc");
    assert_eq!(surrey.len(), 1, "{surrey:#?}");
    assert!(surrey[0].contains("259"), "{surrey:#?}");
}

#[test]
fn a_grant_is_shown_beside_the_service_that_it_belongs_to() {
    let dir = tempfile::tempdir().expect("a directory");
    let serving = Serving::on(&dir.path().join("register"));
    serving.record(&crate::program::books());
    let answer = serving.prints(&[
        "show",
        "budget",
        "east-midlands",
        "--year",
        "2020/21",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let year = &answer["budget"]["years"][0];
    // The paper gives no amount of the grant, and the budget of the service with it.
    let grants = year["grants"].as_array().unwrap();
    let grant = grants
        .iter()
        .find(|grant| grant["serviceId"] == "emsou-soc")
        .expect("the grant");
    assert_eq!(grant["amountIs"], "AMOUNT_IS_NOT_GIVEN");
    let beside = year["beside"].as_array().unwrap();
    let beside: Vec<_> = beside
        .iter()
        .map(|one| {
            (
                one["service"]["serviceId"].as_str().unwrap(),
                number(&one["amountPence"]),
            )
        })
        .collect();
    assert_eq!(beside, [("emsou-soc", Some(2_750_000_000))]);
}

#[test]
fn the_surrey_tables_come_back_from_one_call() {
    let (serving, _dir) = serving();
    let answer = serving.prints(&[
        "show",
        "budget",
        "bodies/surrey-pcc",
        "--year",
        "2021/22",
        "--as-at",
        "2022-06-30",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let year = &answer["budget"]["years"][0];
    let million = |text: &str| pence(text) * 1_000;
    let forecasts = year["forecasts"].as_array().unwrap();
    let found: Vec<_> = forecasts
        .iter()
        .map(|one| {
            (
                number(&one["figurePence"]),
                number(&one["againstBudgetPence"]),
                number(&one["variances"][0]["statedPence"]),
            )
        })
        .collect();
    let expected = [("260.4", "-1.3"), ("259.8", "-1.9"), ("259.6", "-2.1")];
    let expected = expected.map(|(figure, variance)| {
        let variance = Some(million(variance));
        (Some(million(figure)), variance, variance)
    });
    assert_eq!(found, expected);
    let amounts = &year["amounts"];
    for (field, printed) in [
        ("originalPence", "261.7"),
        ("outturnPence", "260.0"),
        ("variancePence", "-1.7"),
    ] {
        assert_eq!(number(&amounts[field]), Some(million(printed)), "{field}");
    }
    assert_eq!(number(&amounts["variancePpm"]), Some(-6_496), "0.65 %");
    let csv = serving.prints(&[
        "show",
        "budget",
        "bodies/surrey-pcc",
        "--year",
        "2021/22",
        "--as-at",
        "2022-06-30",
        "--format",
        "csv",
    ]);
    assert_eq!(
        csv,
        "line,revised,forecast,outturn,variance,variance_percent\n\
         PCC,2800000.00,,2600000.00,-200000.00,-7.1429\n\
         Force,258900000.00,,257400000.00,-1500000.00,-0.5794\n\
         total,261700000.00,259600000.00,260000000.00,-1700000.00,-0.6496\n"
    );
}
