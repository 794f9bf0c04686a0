//! An independent, naive ledger: it adds up what each head has, day by day, from the
//! events as they were written, and agrees with the views and with the door.
//!
//! `MINUTEBOOK_TEST_LEDGERS` sets the number of histories.

use std::collections::{BTreeMap, BTreeSet};

use minutebook::wire::proto::BudgetAmounts;
use serde_json::{Value, json};

use super::{acknowledged, adjusted, alliance, budget, moved, reversed, view, year};
use crate::deterministic_log::Random;
use crate::given::{Given, on_x};

const HEADS: [&str; 5] = ["dogs/Pay", "dogs/Kit", "cats", "/Other", "+/Fees"];
const DAYS: [&str; 9] = [
    "2018-03-01",
    "2018-04-01",
    "2018-05-01",
    "2018-05-02",
    "2018-07-01",
    "2018-09-30",
    "2018-12-31",
    "2019-02-01",
    "2019-03-31",
];

/// An event as it was taken, at its place in the log.
#[derive(Clone)]
struct Taken {
    position: u64,
    event: Value,
}

fn day_of(event: &Value) -> (u64, u64, u64) {
    let part = |name| event["effectiveOn"][name].as_u64().unwrap();
    (part("year"), part("month"), part("day"))
}

fn number(value: &Value) -> i64 {
    value.as_str().map_or(0, |text| text.parse().unwrap())
}

/// The head of a line or side, as the tests write it.
fn text(head: &Value) -> String {
    let (service, name) = (
        head["serviceId"].as_str().unwrap(),
        head["head"].as_str().unwrap(),
    );
    let income = if head["isIncome"] == true { "+" } else { "" };
    match name {
        "" => format!("{income}{service}"),
        name => format!("{income}{service}/{name}"),
    }
}

type Sums = BTreeMap<(String, String), i64>;

/// The amounts of every head, by cause, after the events in their order.
fn sums(events: &[Taken]) -> (Sums, BTreeSet<String>) {
    let (mut sums, mut budgeted) = (Sums::new(), BTreeSet::new());
    let add = |sums: &mut Sums, head: String, cause: &str, pence: i64| {
        *sums.entry((head, cause.to_owned())).or_default() += pence;
    };
    let first = events
        .iter()
        .position(|taken| taken.event.get("budgetApproved").is_some());
    let mut order: Vec<&Taken> = events.iter().collect();
    if let Some(first) = first {
        let original = order.remove(first);
        order.insert(0, original);
    }
    let virements: BTreeMap<&str, &Value> = events
        .iter()
        .filter_map(|taken| {
            let made = taken.event.get("virementMade")?;
            Some((made["virementId"].as_str().unwrap(), &made["virement"]))
        })
        .collect();
    let move_money = |sums: &mut Sums, virement: &Value, sign: i64| {
        for (sides, cause, sign) in [("sources", "out", -sign), ("targets", "in", sign)] {
            for side in virement[sides].as_array().unwrap() {
                if side.get("head").is_some() {
                    add(
                        sums,
                        text(&side["head"]),
                        cause,
                        sign * number(&side["amountPence"]),
                    );
                }
            }
        }
    };
    let mut is_first = true;
    for taken in order {
        if let Some(set) = taken.event.get("budgetApproved") {
            let lines = set["figures"]["lines"].as_array().unwrap();
            let mut wanted = BTreeMap::<String, i64>::new();
            for line in lines {
                *wanted.entry(text(line)).or_default() += number(&line["amountPence"]);
            }
            budgeted.extend(wanted.keys().cloned());
            let cause = if is_first { "original" } else { "anew" };
            let heads: BTreeSet<String> = sums.keys().map(|(head, _)| head.clone()).collect();
            for head in heads.union(&wanted.keys().cloned().collect()) {
                let has: i64 = HEADS_CAUSES
                    .iter()
                    .filter_map(|c| sums.get(&(head.clone(), (*c).to_owned())))
                    .sum();
                let wants = wanted.get(head).copied().unwrap_or_default();
                if wanted.contains_key(head) || has != wants {
                    *sums.entry((head.clone(), cause.to_owned())).or_default() += wants - has;
                }
            }
            is_first = false;
        } else if let Some(change) = taken.event.get("budgetAdjusted") {
            let cause = change["kind"].as_str().unwrap();
            for line in change["lines"].as_array().unwrap() {
                let key = (text(line), cause.to_owned());
                *sums.entry(key).or_default() += number(&line["amountPence"]);
            }
        } else if let Some(made) = taken.event.get("virementMade") {
            move_money(&mut sums, &made["virement"], 1);
        } else if let Some(undone) = taken.event.get("virementReversed")
            && let Some(virement) = virements.get(undone["virementId"].as_str().unwrap())
        {
            move_money(&mut sums, virement, -1);
        }
    }
    (sums, budgeted)
}

const HEADS_CAUSES: [&str; 9] = [
    "original",
    "anew",
    "ADJUSTMENT_KIND_SUPPLEMENTARY",
    "ADJUSTMENT_KIND_FROM_RESERVE",
    "ADJUSTMENT_KIND_TO_RESERVE",
    "ADJUSTMENT_KIND_GRANT",
    "ADJUSTMENT_KIND_BROUGHT_FORWARD",
    "in",
    "out",
];

fn has(sums: &Sums, is_counted: impl Fn(&str) -> bool) -> i64 {
    let counted = sums.iter().filter(|((head, _), _)| is_counted(head));
    counted.map(|(_, pence)| pence).sum()
}

/// The events that hold by a day, in the order in which they hold.
fn by_day(taken: &[Taken], day: (u64, u64, u64)) -> Vec<Taken> {
    let mut by: Vec<Taken> = taken
        .iter()
        .filter(|one| day_of(&one.event) <= day)
        .cloned()
        .collect();
    by.sort_by_key(|one| (day_of(&one.event), one.position));
    by
}

/// Whether the door should take an event: from its own place on, every head that it takes
/// from has as much as it takes.
fn should_be_taken(taken: &[Taken], event: &Value) -> bool {
    if event.get("authority").is_some() {
        return true;
    }
    let mut takes = BTreeMap::<String, i64>::new();
    let mut takes_from = BTreeSet::new();
    let mut note = |takes: &mut BTreeMap<String, i64>, head: String, pence: i64| {
        *takes.entry(head.clone()).or_default() += pence;
        if pence > 0 && !head.starts_with('+') {
            takes_from.insert(head);
        }
    };
    let mut sides = |takes: &mut BTreeMap<String, i64>, virement: &Value, sign: i64| {
        for (name, sign) in [("sources", sign), ("targets", -sign)] {
            for side in virement[name].as_array().unwrap() {
                if side.get("head").is_some() {
                    note(
                        takes,
                        text(&side["head"]),
                        sign * number(&side["amountPence"]),
                    );
                }
            }
        }
    };
    let own = (day_of(event), u64::MAX);
    if let Some(made) = event.get("virementMade") {
        sides(&mut takes, &made["virement"], 1);
    } else if let Some(undone) = event.get("virementReversed") {
        let made = taken.iter().find(|one| {
            one.event
                .get("virementMade")
                .is_some_and(|made| made["virementId"] == undone["virementId"])
        });
        let Some(made) = made.filter(|made| day_of(&made.event) <= own.0) else {
            return true;
        };
        sides(&mut takes, &made.event["virementMade"]["virement"], -1);
    } else if let Some(change) = event.get("budgetAdjusted") {
        for line in change["lines"].as_array().unwrap() {
            note(&mut takes, text(line), -number(&line["amountPence"]));
        }
    } else {
        return true;
    }
    let mut order: Vec<Taken> = by_day(taken, (9_999, 1, 1));
    let (_, budgeted) = sums(&order);
    if budgeted.is_empty() {
        return true;
    }
    if let Some(made) = event.get("virementMade") {
        let sources = made["virement"]["sources"].as_array().unwrap();
        let heads = sources.iter().map(|side| text(&side["head"]));
        let mut income = heads.filter(|head| head.starts_with('+'));
        if income.any(|head| !is_expected(taken, &budgeted, &head)) {
            return false;
        }
    }
    // The moments after which the head must have enough: its own, and each later entry.
    let before = order
        .iter()
        .filter(|one| (day_of(&one.event), one.position) < own)
        .count();
    let first = order
        .iter()
        .position(|one| one.event.get("budgetApproved").is_some());
    if let Some(first) = first.filter(|first| *first >= before) {
        let original = order.remove(first);
        order.insert(0, original);
    }
    let before = before + usize::from(first.is_some_and(|first| first >= before));
    // A later budget sets every head anew, whatever left it before.
    let later = order.iter().skip(before);
    let mut later = later.map(|one| one.event.get("budgetApproved").is_some());
    let set_anew = later
        .position(|is_set| is_set)
        .map_or(order.len(), |at| before + at);
    for head in takes_from {
        // A service by its name is the sum of its heads; a head that got money is one.
        let is_exact = budgeted.contains(&head);
        let part = format!("{head}/");
        let is_wide = !is_exact && budgeted.iter().any(|other| other.starts_with(&part));
        let is_counted = |other: &str| other == head || is_wide && other.starts_with(&part);
        let is_known = is_exact || is_wide || got_money(&order[..before], &head);
        if !is_known && event.get("virementReversed").is_none() {
            return false;
        }
        if !is_known {
            continue;
        }
        let taken_from: i64 = takes
            .iter()
            .filter(|(other, _)| is_counted(other))
            .map(|(_, pence)| pence)
            .sum();
        if taken_from <= 0 {
            continue;
        }
        for until in before..=set_anew {
            if has(&sums(&order[..until]).0, is_counted) < taken_from {
                return false;
            }
        }
    }
    // Nor does a service lose more than all of its lines have.
    let services: BTreeSet<&str> = takes
        .iter()
        .filter(|(head, pence)| **pence > 0 && !head.starts_with('+'))
        .filter_map(|(head, _)| head.split('/').next().filter(|service| !service.is_empty()))
        .collect();
    for service in services {
        let part = format!("{service}/");
        let is_counted = |other: &str| other == service || other.starts_with(&part);
        let is_budgeted = budgeted.iter().any(|head| is_counted(head));
        let lost = takes.iter().filter(|(head, _)| is_counted(head));
        let lost: i64 = lost.map(|(_, pence)| pence).sum();
        let mut moments = before..=set_anew;
        let is_over = |until: usize| has(&sums(&order[..until]).0, is_counted) < lost;
        if is_budgeted && lost > 0 && moments.any(is_over) {
            return false;
        }
    }
    true
}

/// Whether an income is in the budget, by itself or in its service, or was added.
fn is_expected(events: &[Taken], budgeted: &BTreeSet<String>, head: &str) -> bool {
    let service = head.split('/').next().unwrap_or_default();
    let adjusted = events
        .iter()
        .filter_map(|one| one.event.get("budgetAdjusted"));
    let mut added = adjusted.flat_map(|change| change["lines"].as_array().unwrap());
    budgeted.contains(head)
        || budgeted.contains(service)
        || added.any(|line| text(line) == head || text(line) == service)
}

fn got_money(events: &[Taken], head: &str) -> bool {
    events.iter().any(|one| {
        let in_lines = |lines: &Value| {
            let lines = lines.as_array();
            lines.is_some_and(|lines| {
                lines
                    .iter()
                    .any(|line| text(line) == head && number(&line["amountPence"]) > 0)
            })
        };
        let in_sides = |virement: &Value, sides: &str| {
            let sides = virement[sides].as_array();
            sides.is_some_and(|sides| {
                sides
                    .iter()
                    .any(|side| side.get("head").is_some_and(|h| text(h) == head))
            })
        };
        if let Some(change) = one.event.get("budgetAdjusted") {
            in_lines(&change["lines"])
        } else if let Some(made) = one.event.get("virementMade") {
            in_sides(&made["virement"], "targets")
        } else {
            false
        }
    })
}

fn between(random: &mut Random, from: i64, to: i64) -> i64 {
    from + random.below((to - from).unsigned_abs()) as i64
}

fn percent(random: &mut Random, percent: u64) -> bool {
    random.below(100) < percent
}

fn pick<'a>(random: &mut Random, from: &[&'a str]) -> &'a str {
    from[random.below(from.len() as u64) as usize]
}

fn random_event(random: &mut Random, number: usize, virements: &[String]) -> Value {
    let day = pick(random, &DAYS);
    let heads = |random: &mut Random| pick(random, &HEADS);
    let amount = |random: &mut Random, head: &str| {
        let pence = between(random, 1, 600);
        if head.starts_with('+') { -pence } else { pence }
    };
    let event = match between(random, 0, 12) {
        0 | 1 => {
            let mut lines: Vec<(&str, i64)> = Vec::new();
            for head in HEADS {
                if percent(random, 70) {
                    lines.push((head, amount(random, head)));
                }
            }
            lines.push(("cats", 5));
            return budget(day, &lines);
        }
        2..=4 => {
            let kind = pick(
                random,
                &[
                    "SUPPLEMENTARY",
                    "FROM_RESERVE",
                    "TO_RESERVE",
                    "GRANT",
                    "BROUGHT_FORWARD",
                ],
            );
            let head = heads(random);
            let pence = between(random, 1, 400);
            let pence = match kind {
                "TO_RESERVE" => -pence,
                "SUPPLEMENTARY" | "BROUGHT_FORWARD" if percent(random, 40) => -pence,
                _ => pence,
            };
            adjusted(day, &format!("a{number}"), kind, &[(head, pence)])
        }
        5 if !virements.is_empty() => {
            return reversed(
                day,
                &virements[random.below(virements.len() as u64) as usize],
            );
        }
        _ => {
            let from = if percent(random, 15) {
                "dogs"
            } else {
                heads(random)
            };
            let to = pick(random, &["dogs/Pay", "cats", "/Other", "/New", "@a-pcc"]);
            if from == to {
                return moved(day, &format!("v{number}"), "cats", "dogs/Pay", 10);
            }
            moved(
                day,
                &format!("v{number}"),
                from,
                to,
                between(random, 1, 500),
            )
        }
    };
    if percent(random, 10) {
        acknowledged(event)
    } else {
        event
    }
}

fn check_views(given: &Given, taken: &[Taken]) {
    for day in DAYS {
        let mut parts = day.split('-').map(|part| part.parse::<u64>().unwrap());
        let date = (
            parts.next().unwrap(),
            parts.next().unwrap(),
            parts.next().unwrap(),
        );
        let by = by_day(taken, date);
        let is_about = |kind: &&str| by.iter().any(|one| one.event.get(*kind).is_some());
        if !["budgetApproved", "budgetAdjusted"].iter().any(is_about) {
            continue;
        }
        let (expected, _) = sums(&by);
        let view = view(given, day);
        let mut total = 0;
        for row in &view.rows {
            let service = row
                .service
                .as_ref()
                .map_or("", |service| service.service_id.as_str());
            let head =
                text(&json!({ "serviceId": service, "head": row.head, "isIncome": row.is_income }));
            let amounts = row.cells[0].amounts.clone().unwrap();
            let found: Vec<Option<i64>> = by_cause(&amounts).to_vec();
            let naive: Vec<Option<i64>> = HEADS_CAUSES
                .iter()
                .map(|cause| expected.get(&(head.clone(), (*cause).to_owned())).copied())
                .collect();
            assert_eq!(found, naive, "{head} on {day}: {}", dump(taken));
            let sum: i64 = found.iter().flatten().sum();
            assert_eq!(amounts.revised_pence, Some(sum), "{head} on {day}");
            total += sum;
        }
        let heads: BTreeSet<&String> = expected.keys().map(|(head, _)| head).collect();
        assert_eq!(view.rows.len(), heads.len(), "on {day}: {}", dump(taken));
        let year = year(given, day);
        assert_eq!(
            year.amounts.unwrap().revised_pence,
            Some(total),
            "the parts total the whole"
        );
    }
}

fn by_cause(amounts: &BudgetAmounts) -> [Option<i64>; 9] {
    [
        amounts.original_pence,
        amounts.set_anew_pence,
        amounts.supplementary_pence,
        amounts.from_reserves_pence,
        amounts.to_reserves_pence,
        amounts.grants_pence,
        amounts.brought_forward_pence,
        amounts.virements_in_pence,
        amounts.virements_out_pence,
    ]
}

fn dump(taken: &[Taken]) -> String {
    let events: Vec<String> = taken
        .iter()
        .map(|one| format!("{} {}", one.position, one.event))
        .collect();
    events.join("\n")
}

/// One history: what was refused, by whether the ledger expected it.
fn history(seed: u64) -> (usize, usize, usize) {
    let random = &mut Random::new(seed);
    let mut given = alliance();
    let mut taken: Vec<Taken> = Vec::new();
    let (mut refused, mut corrected) = (0, 0);
    for number in 0..14 {
        if number > 3 && percent(random, 15) {
            corrected += usize::from(correct(random, &mut given, &mut taken));
            continue;
        }
        let virements: Vec<String> = taken
            .iter()
            .filter_map(|one| {
                Some(
                    one.event.get("virementMade")?["virementId"]
                        .as_str()?
                        .to_owned(),
                )
            })
            .collect();
        let event = random_event(random, number, &virements);
        let faults = given.faults(std::slice::from_ref(&event));
        let is_about_heads = |reason: &str| reason.starts_with("HEAD_");
        if faults.iter().any(|(_, reason)| !is_about_heads(reason)) {
            continue;
        }
        let expected = should_be_taken(&taken, &event);
        assert_eq!(
            faults.is_empty(),
            expected,
            "seed {seed}: {faults:?}\n{event}\nafter\n{}",
            dump(&taken)
        );
        if faults.is_empty() {
            given.record(std::slice::from_ref(&event));
            taken.push(Taken {
                position: given.register.tail().get(),
                event,
            });
        } else {
            refused += 1;
        }
    }
    check_views(&given, &taken);
    (taken.len(), refused, corrected)
}

/// Voids an entry, or puts another in its place.
fn correct(random: &mut Random, given: &mut Given, taken: &mut Vec<Taken>) -> bool {
    let at = random.below(taken.len().max(1) as u64) as usize;
    let Some(wrong) = taken.get(at).cloned() else {
        return false;
    };
    // An entry that was replaced is known by its own position no more.
    let kind_is = |name: &str| wrong.event.get(name).is_some();
    let replacement = (kind_is("budgetApproved") && percent(random, 70)).then(|| {
        let lines: Vec<(&str, i64)> = vec![
            ("dogs/Pay", 700),
            ("cats", between(random, 1, 900)),
            ("+/Fees", -20),
        ];
        budget(pick(random, &DAYS), &lines)
    });
    let mut payload = json!({ "position": wrong.position.to_string(), "reason": "Misread." });
    if let Some(replacement) = &replacement {
        payload["replacement"] = replacement.clone();
    }
    let correction = on_x("", "entryCorrected", payload);
    if !given.faults(std::slice::from_ref(&correction)).is_empty() {
        return false;
    }
    given.record(&[correction]);
    match replacement {
        // It is corrected once: whatever comes later in this history leaves it alone.
        Some(event) => taken[at].event = event,
        None => {
            taken.remove(at);
        }
    }
    true
}

#[test]
fn a_naive_ledger_agrees() {
    let histories: u64 = std::env::var("MINUTEBOOK_TEST_LEDGERS")
        .ok()
        .map_or(150, |text| text.parse().expect("a number"));
    let mut seeds = Random::seeded("a naive ledger");
    let (mut events, mut refused, mut corrected) = (0, 0, 0);
    for _ in 0..histories {
        let (one, two, three) = history(seeds.next());
        events += one;
        refused += two;
        corrected += three;
    }
    assert!(
        events > 0 && refused > 0 && corrected > 0,
        "{events} {refused} {corrected}"
    );
}
