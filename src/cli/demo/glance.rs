//! The first screenful of the demo: where to look, and a few answers in a sentence each,
//! computed like any other answer, with the page that has the rest.

use minutebook_grpc::wire::proto::{
    AttentionKind, GetAttentionRequest, GetBodyRequest, GetContributionsRequest,
    ListDifferencesRequest, ListVirementsRequest,
};
use minutebook_present::cell::Cell;
use minutebook_present::dates;

use crate::client::Client;
use crate::demo_identities::logins_beside;
use crate::failure::Failure;
use crate::sign_in::Server;

/// The most lines of a list that are asked for; no book has as many.
const LINES_MAX: i32 = 1_000;

/// The longest name of this program that leaves room for an address beside it.
const PROGRAM_MAX: usize = 24;

/// An answer, and the page that has the rest of it.
struct Glance {
    says: String,
    page: String,
}

/// The text for a terminal of 80 columns and 24 lines.
pub async fn screenful(urls: &[String; 3], can_sign_in: bool) -> Result<String, Failure> {
    let [papers, councils, fiction] = urls;
    let mut text = format!(
        "Open one of these registers in a browser:\n\n  \
         {papers}  three real committee papers\n  \
         {councils}  councils that shared services, and were merged\n  \
         {fiction}  fiction: how prior approval works\n\n"
    );
    let mut glances = of_papers(papers).await?;
    glances.push(of_councils(councils).await?);
    glances.push(of_fiction(fiction).await?);
    for Glance { says, page } in glances {
        text.push_str(&format!("{says}\n  {page}\n"));
    }
    let program = program();
    text.push_str(&format!(
        "\nOr ask from another terminal:\n  {program} --server {papers} show attention\n"
    ));
    if can_sign_in {
        text.push_str(&format!(
            "To record in the fiction, sign in on its page, without a password, or by\n  \
             {program} login --server {fiction} --as secretary\n  or as {}\n",
            logins_beside("secretary")
        ));
    }
    text.push_str("Ctrl-C ends the demo and removes its registers.\n");
    Ok(text)
}

/// The name by which it was started, since it need not be on the path.
fn program() -> String {
    let name = std::env::args().next().unwrap_or_default();
    match name.len() {
        1..=PROGRAM_MAX => name,
        _ => "minutebook".to_owned(),
    }
}

async fn of_papers(url: &str) -> Result<Vec<Glance>, Failure> {
    let client = Client::connect(&Server::private(url)).await?;
    let request = GetContributionsRequest {
        collaboration_id: "east-midlands".to_owned(),
        financial_year: "2020/21".to_owned(),
        ..GetContributionsRequest::default()
    };
    let answer = client.register().get_contributions(request).await?;
    let paid = answer.into_inner().contributions.unwrap_or_default();
    let request = ListDifferencesRequest {
        page_size: LINES_MAX,
        ..ListDifferencesRequest::default()
    };
    let answer = client.register().list_differences(request).await?;
    let differences = answer.into_inner().differences;
    let largest = differences.iter().map(|one| one.difference_pence.abs());
    let answer = client
        .register()
        .get_attention(GetAttentionRequest::default())
        .await?;
    let lines = answer.into_inner().lines;
    let waiting: Vec<_> = lines
        .iter()
        .filter(|line| line.kind() == AttentionKind::AwaitsDecision)
        .collect();
    let since = waiting
        .iter()
        .filter_map(|line| line.since_on.as_ref())
        .map(dates::date)
        .min();
    Ok(vec![
        Glance {
            says: format!(
                "In the East Midlands, {} bodies pay {} for {} services in {}.",
                paid.rows.len(),
                pounds(paid.total_pence),
                paid.columns.len(),
                paid.financial_year
            ),
            page: format!("{url}/collaborations/east-midlands/contributions/2020-21"),
        },
        Glance {
            says: format!(
                "The papers contradict themselves {} times, by up to {}.",
                differences.len(),
                pounds(largest.max().unwrap_or_default())
            ),
            page: format!("{url}/differences"),
        },
        Glance {
            says: format!(
                "Decisions that still wait: {}, the oldest since {}.",
                waiting.len(),
                since.unwrap_or_default()
            ),
            page: format!("{url}/attention"),
        },
    ])
}

async fn of_councils(url: &str) -> Result<Glance, Failure> {
    let client = Client::connect(&Server::private(url)).await?;
    let request = GetBodyRequest {
        body_id: "dorset-county-council".to_owned(),
        ..GetBodyRequest::default()
    };
    let answer = client.register().get_body(request).await?;
    let body = answer.into_inner().body.unwrap_or_default();
    let summary = body.summary.unwrap_or_default();
    let heirs = summary.successor.iter().chain(&summary.other_successors);
    Ok(Glance {
        says: format!(
            "Dorset County Council was followed by {} councils in {}: by which, and where?",
            heirs.count(),
            summary.succeeded_on.map_or(0, |on| on.year)
        ),
        page: format!("{url}/bodies/dorset-county-council"),
    })
}

async fn of_fiction(url: &str) -> Result<Glance, Failure> {
    let client = Client::connect(&Server::private(url)).await?;
    let request = ListVirementsRequest {
        page_size: LINES_MAX,
        ..ListVirementsRequest::default()
    };
    let answer = client.register().list_virements(request).await?;
    let virements = answer.into_inner().virements;
    let sum = |is_breach: bool| {
        let acts = virements.iter().filter(|one| {
            one.made.iter().any(|act| act.is_breach) == is_breach && one.made_pence > 0
        });
        acts.map(|one| one.made_pence).fold(0, i64::saturating_add)
    };
    let (approved, without) = (sum(false), sum(true));
    Ok(Glance {
        says: format!(
            "In the fiction, {} was moved, {} of it without prior approval.",
            pounds(approved.saturating_add(without)),
            pounds(without)
        ),
        page: format!("{url}/virements"),
    })
}

fn pounds(pence: i64) -> String {
    Cell::Pence(pence).for_people()
}
