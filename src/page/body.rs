//! A body: what it is in, what it pays, and where it sits.

use maud::html;

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::picture::{self, bars};
use crate::{network, report, spoken, who};
use maud::Markup;
use minutebook_present::answer::Answer;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{BodyView, CollaborationView, GetBodyResponse};

/// The facts that the heading says already.
const IN_HEADING: &[&str] = &["body", "id", "name", "kind"];

/// `party_to` has the collaborations that it is a party to, as [`shared`] names them.
pub fn page(
    answer: &GetBodyResponse,
    party_to: &[CollaborationView],
    address: &Address,
) -> WebPage {
    let links = address.links();
    let Some(view) = &answer.body else {
        return WebPage::new(PageSection::Bodies, "Body");
    };
    let summary = view.summary.clone().unwrap_or_default();
    let body = summary.body.clone().unwrap_or_default();
    let subject = format!("bodies/{}", body.body_id);
    let calendar = format!("/{subject}/calendar.ics");
    let report = answer.report().without(&[], IN_HEADING);
    WebPage::of_data(PageSection::Bodies, who::name(&body.name, &body.body_id))
        .over(html! { p { (spoken::capital(&summary.kind().label())) } })
        .lede(html! {
            @if let Some(successor) = &summary.successor {
                p { "It is no more. Followed by " a href=(links.body(successor)) { (successor.name) } "." }
            }
            p { (sentence(view)) }
        })
        .calendar(calendar.clone(), format!("Calendar of {}", body.name))
        .body(html! {
            nav aria-label="Of this body" {
                ul {
                    li { a href=(links.to_with("/attention", &[("for", &subject)])) { "What waits for it" } }
                    li { a href=(links.to_with("/collaborations", &[("party", &body.body_id)])) { "Its collaborations" } }
                    li { a href=(links.to_with("/history", &[("subject", &subject)])) { "History" } }
                    li { a href=(calendar) { "Calendar to subscribe to" } }
                }
            }
            (pays(view))
            (report::body(&report, links))
            (network::of_body(&body, party_to, links))
        })
}

/// The collaborations whose parties the picture of a body needs, by id.
pub fn shared(view: &BodyView) -> Vec<String> {
    let now = view.party_to.iter().filter(|one| one.left_on.is_none());
    now.filter_map(|one| Some(one.collaboration.as_ref()?.collaboration_id.clone()))
        .take(network::COLLABORATIONS_MAX)
        .collect()
}

/// `Party to six collaborations, pays £8,798,580 in 2020/21, sits on four boards.`
fn sentence(view: &BodyView) -> String {
    let party = spoken::count(view.party_to.len(), "collaboration", "collaborations");
    let mut parts = vec![format!("party to {party}")];
    if let Some(latest) = view.pays.iter().max_by_key(|one| &one.financial_year) {
        let of_year = view
            .pays
            .iter()
            .filter(|one| one.financial_year == latest.financial_year);
        let total = of_year
            .map(|one| one.total_pence)
            .fold(0, i64::saturating_add);
        parts.push(format!(
            "pays {} in {}",
            spoken::pounds(total),
            latest.financial_year
        ));
    }
    if !view.seats.is_empty() {
        parts.push(format!(
            "sits on {}",
            spoken::count(view.seats.len(), "board", "boards")
        ));
    }
    format!("{}.", spoken::capital(&parts.join(", ")))
}

/// Its payments, a bar for each collaboration and year.
fn pays(view: &BodyView) -> Markup {
    let drawn: Vec<bars::Bar> = view
        .pays
        .iter()
        .filter(|one| one.total_pence > 0)
        .map(|one| {
            let collaboration = one.collaboration.clone().unwrap_or_default();
            bars::Bar {
                name: format!("{} {}", one.financial_year, collaboration.name),
                parts: vec![one.total_pence],
            }
        })
        .collect();
    if drawn.len() < 2 {
        return Markup::default();
    }
    let sentence = format!(
        "What it pays, by year and collaboration: {}.",
        spoken::count(drawn.len(), "payment", "payments")
    );
    picture::figure(&sentence, &Markup::default(), |width| {
        bars::drawing(&drawn, width)
    })
}
