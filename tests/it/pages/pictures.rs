//! Pictures of several things side by side, each with its table and its sentence: the network
//! of bodies, the years of a budget, the years of contributions. And Attention by name.

use serde_json::Value;

use super::{get, on_all_books};
use crate::program::Serving;

fn page(serving: &Serving, path: &str) -> String {
    let answer = get(&format!("{}{path}", serving.url));
    assert_eq!(answer.code, 200, "{path}: {}", answer.text);
    answer.text
}

fn json(serving: &Serving, path: &str) -> Value {
    let answer = get(&format!("{}{path}", serving.url));
    serde_json::from_str(&answer.text).unwrap()
}

/// The part of a page from a heading to the next.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let mark = format!("<h2 id=\"{id}\">");
    let (_, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("no {id}"));
    rest.split("<h2").next().unwrap()
}

#[test]
fn a_network_has_both_drawings_a_sentence_and_the_same_as_a_table() {
    let (serving, _data) = on_all_books();
    let text = page(&serving, "/collaborations");
    let network = section(&text, "network");
    for drawing in [
        "class=\"wide\" role=\"img\"",
        "class=\"narrow\" role=\"img\"",
    ] {
        assert_eq!(network.matches(drawing).count(), 1, "{network}");
    }
    let listed = json(&serving, "/collaborations.json");
    let listed = listed["collaborations"].as_array().unwrap().clone();
    let several = |one: &&Value| one["partyCount"].as_u64().unwrap_or(0) > 1;
    let drawn: Vec<&Value> = listed.iter().filter(several).collect();
    assert!(drawn.len() > 5 && drawn.len() <= 12, "{}", drawn.len());
    let says = format!(
        "Of the {} collaborations of this page, the picture has the",
        listed.len()
    );
    assert!(network.contains(&says), "{network}");
    // Each party of each is in the table, with a link to it.
    let (_, table) = network.split_once("<table").unwrap();
    for one in drawn {
        let id = one["collaborationId"].as_str().unwrap();
        let parties = table
            .matches(&format!("href=\"/collaborations/{id}\""))
            .count();
        assert_eq!(parties as u64, one["partyCount"].as_u64().unwrap(), "{id}");
    }

    let text = page(&serving, "/bodies/cambridgeshire-cc");
    let network = section(&text, "network");
    let body = json(&serving, "/bodies/cambridgeshire-cc.json");
    let party_to = body["body"]["partyTo"].as_array().unwrap().len();
    assert_eq!(party_to, 5);
    assert!(
        network.contains("Chief Constable of Cambridgeshire is in five collaborations with"),
        "{network}"
    );
}

#[test]
fn years_of_a_budget_are_side_by_side_and_none_is_a_helpful_page() {
    let (serving, _data) = on_all_books();
    let text = page(&serving, "/collaborations/bch/budget");
    let years = section(&text, "years");
    let budget = json(&serving, "/collaborations/bch/budget.json");
    for year in budget["budget"]["years"].as_array().unwrap() {
        let name = year["financialYear"].as_str().unwrap();
        let address = name.replace('/', "-");
        let link = format!("href=\"/collaborations/bch/budget/{address}\">{name}</a>");
        assert!(years.contains(&link), "{link}: {years}");
    }
    assert!(
        years.contains("The budget was £37,802,000 in 2017/18 and £40,249,000 in 2021/22"),
        "{years}"
    );
    assert_eq!(
        years.matches("class=\"tick\"").count(),
        2 * 4 + 1,
        "{years}"
    );

    let none = page(&serving, "/collaborations/athena/budget");
    assert!(none.contains("No budget of Athena is recorded."), "{none}");
    let for_programs = get(&format!(
        "{}/collaborations/athena/budget.json",
        serving.url
    ));
    assert_eq!(for_programs.code, 404, "a program gets the refusal");
    let nobody = get(&format!("{}/collaborations/nobody/budget", serving.url));
    assert_eq!(nobody.code, 404);
}

#[test]
fn contributions_of_all_years_lead_to_each_year_in_every_format() {
    let (serving, _data) = on_all_books();
    let root = "/collaborations/east-midlands/contributions";
    let text = page(&serving, root);
    assert!(
        text.contains("All bodies together pay £36,632,705 in 2020/21."),
        "{text}"
    );
    assert!(text.contains(&format!("href=\"{root}/2020-21\"")), "{text}");
    let years = json(&serving, &format!("{root}.json"));
    let one = json(&serving, &format!("{root}/2020-21.json"));
    assert_eq!(years, Value::Array(vec![one["contributions"].clone()]));
    let csv = page(&serving, &format!("{root}.csv"));
    assert!(csv.contains("nottinghamshire-pcc"), "{csv}");
    let none = page(&serving, "/collaborations/athena/contributions");
    assert!(
        none.contains("No contributions of Athena are recorded."),
        "{none}"
    );
}

#[test]
fn attention_is_chosen_by_name_and_says_the_name() {
    let (serving, _data) = on_all_books();
    let all = page(&serving, "/attention");
    let choice =
        "<option value=\"boards/strategic-alliance-summit\">Strategic Alliance Summit</option>";
    assert!(all.contains(choice), "{all}");
    let one = page(&serving, "/attention?for=bodies%2Fcambridgeshire-pcc");
    assert!(
        one.contains("Of <a href=\"/bodies/cambridgeshire-pcc\">Cambridgeshire PCC</a>"),
        "{one}"
    );
    assert!(
        one.contains("<option value=\"bodies/cambridgeshire-pcc\" selected>"),
        "{one}"
    );
    // The form sends an empty value for all.
    page(&serving, "/attention?for=");
}

#[test]
fn a_refusal_calls_a_subject_by_its_name() {
    let (serving, _data) = on_all_books();
    let url = |path: &str| format!("{}{path}", serving.url);
    let answer = get(&url("/collaborations/athena/contributions/2020-21"));
    assert_eq!(answer.code, 404);
    assert!(
        answer
            .text
            .contains("<a href=\"/collaborations/athena\">Athena</a> has no contributions"),
        "{}",
        answer.text
    );
}
