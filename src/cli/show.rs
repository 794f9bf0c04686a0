//! `minutebook show`: the views of the register, one verb each.
//!
//! Every view is asked for on a day (`--as-at`) and with a knowledge
//! (`--as-known-at`), and every table ends by saying which it speaks for.

mod acts;
mod answer;
#[cfg(test)]
mod approval_tests;
mod approvals;
mod assurance;
mod benefits;
mod boards;
mod bodies;
mod breaches;
mod budget;
mod collaboration;
mod collaborations;
mod contributions;
mod deadlines;
mod decisions;
mod differences;
pub mod faults;
mod figures;
#[cfg(test)]
pub mod fixtures;
mod instruments;
pub mod needs;
mod notices;
mod proposal;
mod recommendations;
pub mod rules;
mod state;
mod view;
mod virements;

use clap::{Args, ValueEnum};

pub use self::answer::write;
use self::view::View;
use super::cell::Cell;
use super::client::{Client, PAGE_SIZE, every_page};
use super::dates;
use super::failure::Failure;
use super::screen::Screen;
use super::sheet::Sheet;
use crate::wire::proto::{
    AsOf, Coming, Date, GetBoardRequest, GetBodyRequest, GetBudgetRequest, GetCollaborationRequest,
    GetContributionsRequest, GetProposalRequest, ListApprovalsRequest, ListBenefitsRequest,
    ListBoardsRequest, ListBodiesRequest, ListBreachesRequest, ListCollaborationsRequest,
    ListDeadlinesRequest, ListDecisionsRequest, ListDifferencesRequest, ListNoticesRequest,
    ListRecommendationsRequest, ListVirementsRequest, as_of::Known,
};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// The server's answer in proto3 JSON, for programs.
    Json,
    /// For spreadsheets: money in pounds, ids instead of names.
    Csv,
}

/// `show` and its views.
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(subcommand)]
    view: View,

    /// As it was in force on this day: 2016, 2016-01 or 2016-01-31 [default: today]
    #[arg(long, global = true, value_name = "DATE", value_parser = dates::parse_date)]
    as_at: Option<Date>,

    /// As the register had been told by then: a position (42), an instant
    /// (2020-10-01T09:30:00Z) or the end of a day (2020-10-01) [default: all that is recorded]
    #[arg(long, global = true, value_name = "POSITION|INSTANT", value_parser = dates::parse_known)]
    as_known_at: Option<Known>,

    /// How to write the answer
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    format: Format,
}

/// Asks for the view and writes the answer.
pub async fn run(args: &ShowArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let as_of = Some(AsOf {
        as_at: args.as_at,
        known: args.as_known_at,
        at_least_position: 0,
    });
    let register = client.register();
    let subject_of = |subject: &Option<String>| subject.clone().unwrap_or_default();

    /// Follows one list to its last page.
    macro_rules! list {
        ($method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {{
            let request = $request {
                as_of,
                page_size: PAGE_SIZE,
                $($field: $value,)*
                ..Default::default()
            };
            let ask = async |page_token| {
                let request = $request { page_token, ..request.clone() };
                Ok(register.clone().$method(request).await?.into_inner())
            };
            write(&every_page(ask).await?, args.format, screen)
        }};
    }
    /// Asks for one thing.
    macro_rules! one {
        ($method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {{
            let request = $request { as_of, $($field: $value,)* };
            let answer = register.clone().$method(request).await?.into_inner();
            write(&answer, args.format, screen)
        }};
    }

    match &args.view {
        View::Collaborations { party, ended } => list!(
            list_collaborations,
            ListCollaborationsRequest {
                party_id: subject_of(party),
                include_ended: *ended,
            }
        ),
        View::Collaboration { id } => one!(
            get_collaboration,
            GetCollaborationRequest {
                collaboration_id: id.clone(),
            }
        ),
        View::Bodies { succeeded } => list!(
            list_bodies,
            ListBodiesRequest {
                include_succeeded: *succeeded,
            }
        ),
        View::Body { id } => one!(
            get_body,
            GetBodyRequest {
                body_id: id.clone(),
            }
        ),
        View::Boards { collaboration } => list!(
            list_boards,
            ListBoardsRequest {
                collaboration_id: subject_of(collaboration),
            }
        ),
        View::Board { id } => one!(
            get_board,
            GetBoardRequest {
                board_id: id.clone(),
            }
        ),
        View::Decisions { subject, pending } => list!(
            list_decisions,
            ListDecisionsRequest {
                subject: subject_of(subject),
                pending_only: *pending,
            }
        ),
        View::Contributions { id, year } => one!(
            get_contributions,
            GetContributionsRequest {
                collaboration_id: id.clone(),
                financial_year: year.clone(),
            }
        ),
        View::Budget { subject, budget } => one!(
            get_budget,
            GetBudgetRequest {
                subject: subject.clone(),
                budget_id: subject_of(budget),
            }
        ),
        View::Deadlines { subject, past } => list!(
            list_deadlines,
            ListDeadlinesRequest {
                subject: subject_of(subject),
                include_past: *past,
            }
        ),
        View::Recommendations { subject, closed } => list!(
            list_recommendations,
            ListRecommendationsRequest {
                subject: subject_of(subject),
                include_closed: *closed,
            }
        ),
        View::Benefits { subject } => list!(
            list_benefits,
            ListBenefitsRequest {
                subject: subject_of(subject),
            }
        ),
        View::Approvals {
            subject,
            outstanding,
            body,
        } => list!(
            list_approvals,
            ListApprovalsRequest {
                subject: subject_of(subject),
                body_id: subject_of(body),
                outstanding_only: *outstanding,
            }
        ),
        View::Proposal { name } => one!(
            get_proposal,
            GetProposalRequest {
                proposal_id: proposal::id_of(name, client).await?,
            }
        ),
        View::Virements { subject } => list!(
            list_virements,
            ListVirementsRequest {
                subject: subject_of(subject),
            }
        ),
        View::Breaches { subject } => list!(
            list_breaches,
            ListBreachesRequest {
                subject: subject_of(subject),
            }
        ),
        View::Notices { subject, all } => list!(
            list_notices,
            ListNoticesRequest {
                subject: subject_of(subject),
                include_past: *all,
            }
        ),
        View::Differences { subject } => list!(
            list_differences,
            ListDifferencesRequest {
                subject: subject_of(subject),
            }
        ),
    }
}

/// What is recorded and not yet in force.
fn coming(coming: &[Coming]) -> Sheet {
    let mut sheet = Sheet::new("coming", "Coming (recorded, not yet in force)").columns([
        ("effective_on", "From"),
        ("summary", "What"),
        ("position", "Position"),
    ]);
    for it in coming {
        sheet.row(vec![
            (&it.effective_on).into(),
            (&it.summary).into(),
            it.position.into(),
        ]);
    }
    sheet
}

/// Several enumeration values in one cell.
fn words(words: impl Iterator<Item = Cell>) -> Cell {
    let cells: Vec<Cell> = words.collect();
    if cells.is_empty() {
        Cell::Empty
    } else {
        Cell::List(cells)
    }
}
