//! `minutebook show`: the views of the register, one verb each.
//!
//! Every view is of a day (`--as-at`) and of the entries known at some moment
//! (`--as-known-at`). Every table ends with a sentence that names both.

mod proposal;
mod view;

use clap::Args;

use self::view::View;
use super::client::{Client, PAGE_SIZE, every_page};
use super::dates;
use super::failure::Failure;
use super::format::{Format, write};
use super::screen::Screen;
use crate::wire::proto::{
    AsOf, Date, GetBoardRequest, GetBodyRequest, GetBudgetRequest, GetCollaborationRequest,
    GetContributionsRequest, GetMeetingRequest, GetProposalRequest, ListApprovalsRequest,
    ListBenefitsRequest, ListBoardsRequest, ListBodiesRequest, ListBreachesRequest,
    ListCollaborationsRequest, ListDeadlinesRequest, ListDecisionsRequest, ListDifferencesRequest,
    ListNoticesRequest, ListRecommendationsRequest, ListSourcesRequest, ListVirementsRequest,
    as_of::Known,
};

#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(subcommand)]
    view: View,

    /// As it was in force on this day: 2016, 2016-01 or 2016-01-31 [default: today]
    #[arg(long, global = true, value_name = "DATE", value_parser = dates::parse_date)]
    as_at: Option<Date>,

    /// As known by then: the end of a date (2020, 2020-10 or 2020-10-01), an instant
    /// (2020-10-01T09:30:00Z) or a position ('#42') [default: everything recorded]
    #[arg(
        long,
        global = true,
        value_name = "DATE|INSTANT|#POSITION",
        value_parser = dates::parse_known
    )]
    as_known_at: Option<Known>,

    /// How to write the answer [default: table]
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

pub async fn run(args: &ShowArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let as_of = Some(AsOf {
        as_at: args.as_at,
        known: args.as_known_at,
        at_least_position: 0,
    });
    let register = client.register();
    let or_all = |id: &Option<String>| id.clone().unwrap_or_default();

    // Futures on the heap: otherwise this one holds, and compiles, all of them.
    /// Follows one list to its last page.
    macro_rules! list {
        ($method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {
            Box::pin(async {
                let request = $request {
                    as_of,
                    page_size: PAGE_SIZE,
                    $($field: $value,)*
                    ..Default::default()
                };
                let fetch = async |page_token| {
                    let request = $request { page_token, ..request.clone() };
                    Ok(register.clone().$method(request).await?.into_inner())
                };
                write(&every_page(fetch).await?, args.format, screen)
            })
            .await
        };
    }
    /// Asks for one thing.
    macro_rules! one {
        ($method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {
            Box::pin(async {
                let request = $request { as_of, $($field: $value,)* };
                let answer = register.clone().$method(request).await?.into_inner();
                write(&answer, args.format, screen)
            })
            .await
        };
    }

    match &args.view {
        View::Collaborations { party, ended } => list!(
            list_collaborations,
            ListCollaborationsRequest {
                party_id: or_all(party),
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
                collaboration_id: or_all(collaboration),
            }
        ),
        View::Board { id } => one!(
            get_board,
            GetBoardRequest {
                board_id: id.clone(),
            }
        ),
        View::Meeting { board, meeting } => one!(
            get_meeting,
            GetMeetingRequest {
                board_id: board.clone(),
                meeting_id: meeting.clone(),
            }
        ),
        View::Decisions { subject, pending } => list!(
            list_decisions,
            ListDecisionsRequest {
                subject: or_all(subject),
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
                budget_id: or_all(budget),
            }
        ),
        View::Deadlines { subject, past } => list!(
            list_deadlines,
            ListDeadlinesRequest {
                subject: or_all(subject),
                include_past: *past,
            }
        ),
        View::Recommendations { subject, closed } => list!(
            list_recommendations,
            ListRecommendationsRequest {
                subject: or_all(subject),
                include_closed: *closed,
            }
        ),
        View::Sources { subject, without } => list!(
            list_sources,
            ListSourcesRequest {
                subject: or_all(subject),
                only_without: *without,
            }
        ),
        View::Benefits { subject } => list!(
            list_benefits,
            ListBenefitsRequest {
                subject: or_all(subject),
            }
        ),
        View::Approvals {
            subject,
            outstanding,
            body,
        } => list!(
            list_approvals,
            ListApprovalsRequest {
                subject: or_all(subject),
                body_id: or_all(body),
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
                subject: or_all(subject),
            }
        ),
        View::Breaches { subject } => list!(
            list_breaches,
            ListBreachesRequest {
                subject: or_all(subject),
            }
        ),
        View::Notices { subject, all } => list!(
            list_notices,
            ListNoticesRequest {
                subject: or_all(subject),
                include_past: *all,
            }
        ),
        View::Differences { subject } => list!(
            list_differences,
            ListDifferencesRequest {
                subject: or_all(subject),
            }
        ),
    }
}
