//! A collaboration: what its parties have agreed, and who runs it.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::picture::timeline::{Look, SpanGroup, TimeSpan};
use crate::picture::{self, timeline};
use crate::reader::PageReader;
use crate::{act, report, spoken, who};
use minutebook_present::answer::Answer;
use minutebook_present::report::Report;
use minutebook_present::sheet::Sheet;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    CollaborationView, Date, GetCollaborationResponse, InstrumentView, Standing,
};

/// The page of a reader, with buttons for what that reader may sign.
pub fn page(answer: &GetCollaborationResponse, reader: &PageReader, address: &Address) -> WebPage {
    let links = address.links();
    let Some(view) = &answer.collaboration else {
        return WebPage::new(PageSection::Collaborations, "Collaboration");
    };
    let summary = view.summary.clone().unwrap_or_default();
    let today = answer.answered_from.as_ref().and_then(|from| from.as_at);
    WebPage::of_data(
        PageSection::Collaborations,
        who::name(&summary.name, &summary.collaboration_id),
    )
    .over(html! { p { "Collaboration" } })
    .lede(
        html! { p { (sentence(view)) } @if !view.purpose.is_empty() { p.soft { (view.purpose) } } },
    )
    .body(html! {
        (ways(&summary.collaboration_id, links))
        (act::of_instruments(&summary.collaboration_id, &view.instruments, reader, links))
        (years(view, today.as_ref()))
        (tables(answer.report(), links))
    })
}

/// The facts that the heading says already.
const IN_HEADING: &[&str] = &["collaboration", "id", "purpose"];

/// The tables; those that few people ask for are folded away.
fn tables(report: Report, links: Links<'_>) -> Markup {
    let Report::Sections(sheets) = report else {
        return report::body(&report, links);
    };
    let is_rare =
        |sheet: &Sheet| ["inexact_dates", "versions", "publications"].contains(&sheet.key());
    let (rare, others): (Vec<Sheet>, Vec<Sheet>) = sheets.into_iter().partition(is_rare);
    let others = others
        .into_iter()
        .map(|sheet| sheet.without_facts(IN_HEADING));
    html! {
        (report::body(&Report::Sections(others.collect()), links))
        details.more {
            summary { "Versions, publications, and days that are not known" }
            (report::body(&Report::Sections(rare), links))
        }
    }
}

/// `Six parties share three services under "…".`
fn sentence(view: &CollaborationView) -> String {
    let parties = spoken::count(view.parties.len(), "party shares", "parties share");
    let services = spoken::count(view.services.len(), "service", "services");
    let in_force: Vec<&InstrumentView> = view
        .instruments
        .iter()
        .filter(|instrument| instrument.standing() == Standing::InForce)
        .collect();
    let under = match in_force.as_slice() {
        [] => "; no agreement in force is recorded".to_owned(),
        [one] => format!(" under “{}”", one.title),
        several => format!(
            " under {}",
            spoken::count(several.len(), "instrument", "instruments in force")
        ),
    };
    format!("{} {services}{under}.", spoken::capital(&parties))
}

/// The questions that are asked of a collaboration.
fn ways(id: &str, links: Links<'_>) -> Markup {
    let subject = format!("collaborations/{id}");
    let of = |path: &str| links.to_with(path, &[("subject", &subject)]);
    html! {
        nav aria-label="Of this collaboration" {
            ul {
                li { a href=(links.to(&format!("/{subject}/budget"))) { "Budget" } }
                li { a href=(links.to(&format!("/{subject}/contributions"))) { "Contributions" } }
                li { a href=(of("/virements")) { "Virements" } }
                li { a href=(of("/proposals")) { "Proposals" } }
                li { a href=(of("/breaches")) { "Breaches" } }
                li { a href=(of("/deadlines")) { "Deadlines" } }
                li { a href=(of("/differences")) { "Differences" } }
                li { a href=(of("/sources")) { "Sources" } }
                li { a href=(of("/history")) { "History" } }
            }
        }
    }
}

/// Years of instruments, leads, parties and notices.
fn years(view: &CollaborationView, today: Option<&Date>) -> Markup {
    let Some(today) = today else {
        return Markup::default();
    };
    let groups = [
        SpanGroup {
            heading: "Instruments",
            spans: view.instruments.iter().map(instrument).collect(),
        },
        SpanGroup {
            heading: "Services",
            spans: view
                .services
                .iter()
                .chain(&view.former_services)
                .map(|service| TimeSpan {
                    name: service.service.clone().unwrap_or_default().name,
                    from: service.added_on,
                    until: service.removed_on,
                    look: Look::Lasting,
                })
                .collect(),
        },
        SpanGroup {
            heading: "Parties",
            spans: view
                .parties
                .iter()
                .chain(&view.former_parties)
                .map(|party| TimeSpan {
                    name: party.body.clone().unwrap_or_default().name,
                    from: party.joined_on,
                    until: party.left_on,
                    look: Look::Lasting,
                })
                .collect(),
        },
        SpanGroup {
            heading: "Notices",
            spans: view
                .notices
                .iter()
                .map(|notice| TimeSpan {
                    name: notice.body.clone().unwrap_or_default().name,
                    from: notice.given_on,
                    until: notice.takes_effect_on,
                    look: Look::Notice,
                })
                .collect(),
        },
    ];
    if timeline::rows(&groups) == 0 {
        return Markup::default();
    }
    let sentence = format!(
        "{}, {} and {} over the years. The line is the day of this page.",
        spoken::capital(&spoken::count(
            view.instruments.len(),
            "instrument",
            "instruments"
        )),
        spoken::count(
            view.services.len() + view.former_services.len(),
            "service",
            "services"
        ),
        spoken::count(
            view.parties.len() + view.former_parties.len(),
            "party",
            "parties"
        ),
    );
    picture::figure(&sentence, &Markup::default(), |width| {
        timeline::drawing(&groups, today, width)
    })
}

fn instrument(view: &InstrumentView) -> TimeSpan {
    let look = match view.standing() {
        Standing::AwaitingSignature | Standing::NotYetCommenced => Look::Coming,
        Standing::InForce
        | Standing::Expired
        | Standing::Superseded
        | Standing::Ended
        | Standing::Unspecified => Look::Lasting,
    };
    let name = match view.title.as_str() {
        "" => view.kind().label(),
        title => title.to_owned(),
    };
    TimeSpan {
        name,
        from: view.in_force_on,
        until: view.ends_on,
        look,
    }
}
