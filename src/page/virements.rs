//! Virements: what moved between heads, on whose word, and what of it had no approval.

use maud::{Markup, html};

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::picture::flows::{self, Flow};
use crate::{picture, report, spoken, who};
use minutebook_present::answer::Answer;
use minutebook_wire::proto::{BudgetHead, ListVirementsResponse, VirementSideView, VirementView};

pub fn page(answer: &ListVirementsResponse, address: &Address) -> WebPage {
    let made: Vec<&VirementView> = answer
        .virements
        .iter()
        .filter(|one| one.made_pence > 0)
        .collect();
    let breaches = |view: &&VirementView| view.made.iter().any(|act| act.is_breach);
    let without: Vec<&VirementView> = answer.virements.iter().filter(breaches).collect();
    let total = sum(made.iter().map(|view| view.made_pence));
    WebPage::of_data(PageSection::Virements, "What moved, and on whose word?")
        .over(html! {
            @if let Some(subject) = address.parameter("subject") {
                p { "Of " a href=(address.links().subject(subject)) { (subject) } }
            }
        })
        .lede(html! {
            p { (spoken::capital(&spoken::count(made.len(), "virement was", "virements were"))) " made, of " (spoken::pounds(total)) " in all." }
            @if !without.is_empty() {
                p {
                    (spoken::capital(&spoken::count(without.len(), "of them had", "of them had")))
                    " no approval on record when the money moved."
                }
            }
        })
        .body(html! {
            (moved(&answer.virements))
            (report::body(&answer.report(), address.links()))
        })
}

/// The picture, and for a narrow screen the same as a list.
fn moved(virements: &[VirementView]) -> Markup {
    let flows = together(virements.iter().flat_map(flows_of));
    if flows.is_empty() {
        return Markup::default();
    }
    let total = sum(flows.iter().map(|flow| flow.pence));
    let breach = sum(flows
        .iter()
        .filter(|flow| flow.is_breach)
        .map(|flow| flow.pence));
    let sentence = match breach {
        0 => format!("All {} moved after it was approved.", spoken::pounds(total)),
        breach => format!(
            "Of {} that moved, {} had no approval on record: the hatched bands.",
            spoken::pounds(total),
            spoken::pounds(breach)
        ),
    };
    html! {
        (picture::figure(&sentence, &Markup::default(), |width| {
            if width >= picture::WIDE { flows::drawing(&flows, width) } else { flows::listed(&flows, width) }
        }))
    }
}

/// The flows between the same two heads as one, but for those without approval.
fn together(all: impl Iterator<Item = Flow>) -> Vec<Flow> {
    let mut flows: Vec<Flow> = Vec::new();
    for flow in all {
        let is_same = |other: &&mut Flow| {
            (&other.from, &other.to, other.is_breach) == (&flow.from, &flow.to, flow.is_breach)
        };
        match flows.iter_mut().find(is_same) {
            Some(same) => same.pence = same.pence.saturating_add(flow.pence),
            None => flows.push(flow),
        }
    }
    flows
}

/// Each act that made a virement, from each source to each target in proportion.
fn flows_of(view: &VirementView) -> Vec<Flow> {
    let made = view.made.iter().filter(|act| act.reversed_on.is_none());
    let mut flows = Vec::new();
    for act in made {
        let Some(pence) = act.amount_pence.filter(|pence| *pence > 0) else {
            continue;
        };
        for (from, to, part) in pairs(&view.sources, &view.targets, pence) {
            flows.push(Flow {
                from,
                to,
                pence: part,
                is_breach: act.is_breach,
            });
        }
    }
    flows
}

/// A side of a virement in the picture: its name, and its weight among those of its side.
struct End {
    name: String,
    weight: i64,
}

/// The ends of a side. Where it does not state who gave or got how much, they are one end:
/// a picture must not say what no paper says.
fn ends(sides: &[VirementSideView]) -> Vec<End> {
    let stated: Option<Vec<End>> = sides
        .iter()
        .map(|side| {
            let weight = side.amount_pence.filter(|pence| *pence > 0)?;
            Some(End {
                name: name(side),
                weight,
            })
        })
        .collect();
    let names: Vec<String> = sides.iter().map(name).collect();
    match stated {
        Some(ends) if !ends.is_empty() => ends,
        _ => vec![End {
            name: spoken::list(&names),
            weight: 1,
        }],
    }
}

/// The amount over the pairs of ends, in proportion to what each side states.
fn pairs(
    sources: &[VirementSideView],
    targets: &[VirementSideView],
    pence: i64,
) -> Vec<(String, String, i64)> {
    let (sources, targets) = (ends(sources), ends(targets));
    let whole = |ends: &[End]| i128::from(sum(ends.iter().map(|end| end.weight)).max(1));
    let (of_sources, of_targets) = (whole(&sources), whole(&targets));
    let mut pairs = Vec::new();
    for from in &sources {
        for to in &targets {
            let weight = i128::from(from.weight) * i128::from(to.weight);
            let part = i128::from(pence) * weight / of_sources / of_targets;
            let part = i64::try_from(part).unwrap_or(pence);
            if part > 0 {
                pairs.push((from.name.clone(), to.name.clone(), part));
            }
        }
    }
    pairs
}

fn name(side: &VirementSideView) -> String {
    match (&side.head, &side.returned_to) {
        (_, Some(body)) => format!("To {}", who::name(&body.name, &body.body_id)),
        (Some(head), None) => head_name(head, &side.service_name),
        (None, None) => "not stated".to_owned(),
    }
}

fn head_name(head: &BudgetHead, service_name: &str) -> String {
    let service = who::name(service_name, &head.service_id);
    match (service, head.head.as_str()) {
        ("", head) => head.to_owned(),
        (service, "") => service.to_owned(),
        (service, head) => format!("{service}: {head}"),
    }
}

fn sum(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(0, i64::saturating_add)
}
