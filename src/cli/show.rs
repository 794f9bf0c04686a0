//! `minutebook show`: the views of the register, one verb each.
//!
//! Every view is of a day (`--as-at`) and of the entries known at some moment
//! (`--as-known-at`). Every table ends with a sentence that names both.

mod contributions;
mod proposal;
pub mod subject_name;
mod view;

use clap::Args;

use self::subject_name::LookedUp;
use self::view::View;
use super::client::{Client, PAGE_SIZE, every_page};
use super::dates;
use super::failure::Failure;
use super::format::{Format, write};
use super::screen::Screen;
use minutebook_grpc::wire::proto::{
    AsOf, Date, GetAttentionRequest, GetBoardRequest, GetBodyRequest, GetBudgetRequest,
    GetCollaborationRequest, GetContributionsRequest, GetMeetingRequest, GetProposalRequest,
    ListApprovalsRequest, ListBenefitsRequest, ListBoardsRequest, ListBodiesRequest,
    ListBreachesRequest, ListChecksRequest, ListCollaborationsRequest, ListDeadlinesRequest,
    ListDecisionsRequest, ListDifferencesRequest, ListMandatesRequest, ListNoticesRequest,
    ListRecommendationsRequest, ListSettlementsRequest, ListSourcesRequest, ListVirementsRequest,
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
    let mut view = args.view.clone();
    // An id is asked for as it is; only if the register does not have it, it is looked up.
    let filters_by_name = view.filters_by_name();
    for (wanted, text) in view.names_mut() {
        let is_id = subject_name::is_id(text);
        if is_id && !filters_by_name {
            continue;
        }
        match Box::pin(subject_name::look_up(wanted, text, as_of, client)).await? {
            LookedUp::Taken(taken) => *text = taken,
            LookedUp::Unknown(_) if is_id => {}
            LookedUp::Unknown(offered) => {
                return Err(subject_name::unknown(wanted, text, &offered));
            }
        }
    }
    let mut sentence = match Box::pin(ask(&view, as_of, args.format, client, screen)).await {
        Err(Failure::Refused(sentence)) => sentence,
        done => return done,
    };
    let mut is_another = false;
    for (wanted, text) in view.names_mut() {
        match Box::pin(subject_name::look_up(wanted, text, as_of, client)).await {
            Ok(LookedUp::Taken(taken)) if taken != *text => {
                *text = taken;
                is_another = true;
            }
            Ok(LookedUp::Taken(_)) => {}
            Ok(LookedUp::Unknown(offered)) => {
                sentence = subject_name::with_offers(sentence, text, &offered);
            }
            Err(Failure::Refused(several)) => return Err(Failure::Refused(several)),
            Err(_) => return Err(Failure::Refused(sentence)),
        }
    }
    if !is_another {
        return Err(Failure::Refused(sentence));
    }
    Box::pin(ask(&view, as_of, args.format, client, screen)).await
}

/// Asks the question of a view, and writes the answer.
async fn ask(
    view: &View,
    as_of: Option<AsOf>,
    format: Option<Format>,
    client: &Client,
    screen: &mut Screen,
) -> Result<(), Failure> {
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
                write(&every_page(fetch).await?, format, screen)
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
                write(&answer, format, screen)
            })
            .await
        };
    }

    match view {
        View::Collaborations { party, all } => list!(
            list_collaborations,
            ListCollaborationsRequest {
                party_id: or_all(party),
                include_ended: *all,
            }
        ),
        View::Collaboration { id } => one!(
            get_collaboration,
            GetCollaborationRequest {
                collaboration_id: id.clone(),
            }
        ),
        View::Bodies { all } => list!(
            list_bodies,
            ListBodiesRequest {
                include_succeeded: *all,
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
        View::Decisions {
            subject, pending, ..
        } => list!(
            list_decisions,
            ListDecisionsRequest {
                subject: subject.or_all(),
                pending_only: *pending,
            }
        ),
        View::Contributions { id, year, table } => {
            let request = GetContributionsRequest {
                as_of,
                collaboration_id: id.clone(),
                financial_year: year.clone(),
            };
            let answer = register.clone().get_contributions(request).await?;
            contributions::write(&answer.into_inner(), *table, format, screen)
        }
        View::Budget {
            subject,
            budget,
            year,
            service,
        } => one!(
            get_budget,
            GetBudgetRequest {
                subject: subject.clone(),
                budget_id: or_all(budget),
                financial_year: or_all(year),
                service_id: or_all(service),
            }
        ),
        View::Deadlines {
            subject,
            all,
            until,
        } => list!(
            list_deadlines,
            ListDeadlinesRequest {
                subject: subject.or_all(),
                include_past: *all,
                until_on: *until,
            }
        ),
        View::Attention { board, body, until } => list!(
            get_attention,
            GetAttentionRequest {
                board_id: or_all(board),
                body_id: or_all(body),
                until_on: *until,
            }
        ),
        View::Recommendations { subject, all } => list!(
            list_recommendations,
            ListRecommendationsRequest {
                subject: subject.or_all(),
                include_closed: *all,
            }
        ),
        View::Sources { subject, without } => list!(
            list_sources,
            ListSourcesRequest {
                subject: subject.or_all(),
                only_without: *without,
            }
        ),
        View::Benefits { subject } => list!(
            list_benefits,
            ListBenefitsRequest {
                subject: subject.or_all(),
            }
        ),
        View::Approvals {
            subject,
            outstanding,
            body,
            ..
        } => list!(
            list_approvals,
            ListApprovalsRequest {
                subject: subject.or_all(),
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
                subject: subject.or_all(),
            }
        ),
        View::Settlements { subject, body } => list!(
            list_settlements,
            ListSettlementsRequest {
                subject: subject.or_all(),
                body_id: or_all(body),
            }
        ),
        View::Mandates { subject, all } => list!(
            list_mandates,
            ListMandatesRequest {
                subject: subject.or_all(),
                include_past: *all,
            }
        ),
        View::Breaches { subject } => list!(
            list_breaches,
            ListBreachesRequest {
                subject: subject.or_all(),
            }
        ),
        View::Notices { subject, all } => list!(
            list_notices,
            ListNoticesRequest {
                subject: subject.or_all(),
                include_past: *all,
            }
        ),
        View::Checks {
            subject,
            year,
            months,
        } => list!(
            list_checks,
            ListChecksRequest {
                subject: subject.or_all(),
                financial_year: or_all(year),
                outturn_months: months.unwrap_or_default(),
            }
        ),
        View::Differences { subject } => list!(
            list_differences,
            ListDifferencesRequest {
                subject: subject.or_all(),
            }
        ),
    }
}
