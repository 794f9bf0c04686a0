//! The pictures of a pack. Beside each is the table that it is drawn from.

#![allow(
    clippy::cast_precision_loss,
    clippy::float_arithmetic,
    reason = "lengths of bars are fractions of a point; every amount is written beside its bar"
)]

use minutebook_page::{spoken, who};
use minutebook_paper::drawing::{Drawing, DrawnShape, DrawnText, Ink, ShapeStyle, TextAnchor};
use minutebook_present::cell::money;
use minutebook_wire::proto::{
    BudgetHead, BudgetRow, BudgetView, ContributionsView, VirementSideView, VirementView,
};

/// The width of the text of a page, so that letters are not scaled.
const WIDTH: f32 = 496.0;
const LETTER: f32 = 9.5;
const ROW: f32 = 22.0;
const BAR: f32 = 13.0;
/// The width of a letter at most, in parts of its size.
const LETTER_WIDTH: f32 = 0.58;
/// Room for an amount beside its bar.
const AMOUNT: f32 = 78.0;
const DARK: Ink = Ink(0x1d, 0x4f, 0x7c);
const LIGHT: Ink = Ink(0xc3, 0xd8, 0xec);

/// A bar with its name and its amount.
struct Bar {
    name: String,
    pence: i64,
    label: String,
    fill: Ink,
}

/// Bars to the right, or to both sides of a line where some are below zero.
fn bars(sentence: String, bars: &[Bar]) -> Drawing {
    let letters = bars.iter().map(|bar| bar.name.chars().count()).max();
    let names = (letters.unwrap_or(0) as f32 * LETTER * LETTER_WIDTH).min(230.0) + 8.0;
    let has_both = bars.iter().any(|bar| bar.pence < 0);
    let most = bars.iter().map(|bar| bar.pence.saturating_abs()).max();
    let most = most.unwrap_or(0).max(1) as f32;
    let room = WIDTH - names - if has_both { 2.0 * AMOUNT } else { AMOUNT };
    let longest = if has_both { room / 2.0 } else { room };
    let zero = if has_both {
        names + AMOUNT + longest
    } else {
        names
    };
    let mut drawing = Drawing::new(WIDTH, ROW * bars.len() as f32 + 4.0, sentence);
    for (index, bar) in bars.iter().enumerate() {
        let top = ROW * index as f32;
        let baseline = top + BAR - 2.5;
        let length = (bar.pence.saturating_abs() as f32 / most * longest).max(1.0);
        let is_below = bar.pence < 0;
        text(
            &mut drawing,
            (0.0, baseline),
            &cut(&bar.name, names),
            TextAnchor::Start,
            false,
        );
        drawing.shape(DrawnShape::Rectangle {
            x: if is_below { zero - length } else { zero },
            y: top,
            width: length,
            height: BAR,
            style: ShapeStyle {
                fill: Some(bar.fill),
                outline: Some(Ink::BLACK),
            },
        });
        let (x, anchor) = match is_below {
            true => (zero - length - 5.0, TextAnchor::End),
            false => (zero + length + 5.0, TextAnchor::Start),
        };
        text(&mut drawing, (x, baseline), &bar.label, anchor, true);
    }
    drawing.shape(DrawnShape::Line {
        from: (zero, 0.0),
        to: (zero, ROW * bars.len() as f32),
        width: 1.0,
        ink: Ink::BLACK,
    });
    drawing
}

fn text(drawing: &mut Drawing, at: (f32, f32), text: &str, anchor: TextAnchor, is_strong: bool) {
    drawing.shape(DrawnShape::Text(DrawnText {
        at,
        text: text.to_owned(),
        size: LETTER,
        anchor,
        is_strong,
        ink: Ink::BLACK,
    }));
}

/// A name cut to its place, with an ellipsis.
fn cut(name: &str, width: f32) -> String {
    let of_letters = |count: usize| count as f32 * LETTER * LETTER_WIDTH;
    if of_letters(name.chars().count()) <= width {
        return name.to_owned();
    }
    let mut kept = String::new();
    for c in name.chars() {
        if of_letters(kept.chars().count() + 2) > width {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// The gain or loss of each head within the year: a gain is not good, nor a loss bad.
pub fn changes_by_head(budget: &BudgetView) -> Option<Drawing> {
    let change = |row: &BudgetRow| {
        let amounts = row.cells.first()?.amounts.as_ref()?;
        let change = amounts
            .revised_pence?
            .saturating_sub(amounts.original_pence?);
        (change != 0).then_some(change)
    };
    let bars_of: Vec<Bar> = budget
        .rows
        .iter()
        .filter_map(|row| {
            let pence = change(row)?;
            Some(Bar {
                name: head_of(row),
                pence,
                label: signed(pence, &budget.currency),
                fill: if pence < 0 { LIGHT } else { DARK },
            })
        })
        .collect();
    if bars_of.is_empty() {
        return None;
    }
    let sum = |is_gain: bool| {
        let of_side = bars_of.iter().filter(|bar| (bar.pence > 0) == is_gain);
        let sum = of_side.fold(0_i64, |sum, bar| sum.saturating_add(bar.pence));
        money(sum.saturating_abs(), &budget.currency)
    };
    let sentence = format!(
        "What each head gained or lost within the year: {} gained, {} lost.",
        sum(true),
        sum(false)
    );
    Some(bars(sentence, &bars_of))
}

/// The money moved between heads, darker where an approval was on record before.
pub fn virements(views: &[VirementView]) -> Option<Drawing> {
    let mut bars_of = Vec::new();
    let (mut total, mut without) = (0_i64, 0_i64);
    for view in views {
        for act in view.made.iter().filter(|act| act.reversed_on.is_none()) {
            let Some(pence) = act.amount_pence.filter(|pence| *pence > 0) else {
                continue;
            };
            total = total.saturating_add(pence);
            let mut label = money(pence, &view.currency).to_string();
            if act.is_breach {
                without = without.saturating_add(pence);
                label.push('*');
            }
            bars_of.push(Bar {
                name: format!("{} → {}", sides(&view.sources), sides(&view.targets)),
                pence,
                label,
                fill: if act.is_breach { LIGHT } else { DARK },
            });
        }
    }
    // Amounts of several currencies are not added up.
    let currency = &views.first()?.currency;
    if bars_of.is_empty() || views.iter().any(|view| view.currency != *currency) {
        return None;
    }
    let (total, asked) = (money(total, currency), money(without, currency));
    let sentence = match without {
        0 => format!("{total} moved, all of it after it was approved."),
        _ => format!(
            "{total} moved. Of that, {asked} had no approval on record: the bars with a star."
        ),
    };
    Some(bars(sentence, &bars_of))
}

/// Who pays how much, the most first.
pub fn paid_by_body(view: &ContributionsView) -> Drawing {
    let mut rows: Vec<_> = view.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.total_pence));
    let bars_of: Vec<Bar> = rows
        .iter()
        .map(|row| {
            let body = row.body.clone().unwrap_or_default();
            Bar {
                name: who::name(&body.name, &body.body_id).to_owned(),
                pence: row.total_pence,
                label: money(row.total_pence, &view.currency).to_string(),
                fill: DARK,
            }
        })
        .collect();
    let most = bars_of.first();
    let most = most.map_or_else(String::new, |bar| {
        format!(" {} pays most, {}.", bar.name, bar.label)
    });
    bars(
        format!("Who pays how much in {}.{most}", view.financial_year),
        &bars_of,
    )
}

fn signed(pence: i64, currency: &str) -> String {
    let amount = money(pence, currency).to_string();
    if pence > 0 {
        format!("+{amount}")
    } else {
        amount
    }
}

fn head_of(row: &BudgetRow) -> String {
    let service = row.service.as_ref();
    let service = service.map_or("", |one| who::name(&one.name, &one.service_id));
    named(service, &row.head)
}

fn sides(sides: &[VirementSideView]) -> String {
    let names: Vec<String> = sides.iter().map(side).collect();
    match names.as_slice() {
        [] => "not stated".to_owned(),
        [one] => one.clone(),
        [_, others @ ..] if others.len() > 1 => format!("{} places", names.len()),
        _ => spoken::list(&names),
    }
}

fn side(side: &VirementSideView) -> String {
    match (&side.head, &side.returned_to) {
        (_, Some(body)) => who::name(&body.name, &body.body_id).to_owned(),
        (
            Some(BudgetHead {
                service_id, head, ..
            }),
            None,
        ) => named(who::name(&side.service_name, service_id), head),
        (None, None) => "not stated".to_owned(),
    }
}

fn named(service: &str, head: &str) -> String {
    match (service, head) {
        ("", head) => head.to_owned(),
        (service, "") => service.to_owned(),
        (service, head) => format!("{service}: {head}"),
    }
}
