//! `minutebook show`: the views of the register, one verb each.
//!
//! Every view is asked for on a day (`--as-at`) and with a knowledge
//! (`--as-known-at`), and every table ends by saying which it speaks for.

mod answer;
mod assurance;
mod benefits;
mod boards;
mod bodies;
mod budget;
mod collaboration;
mod collaborations;
mod contributions;
mod deadlines;
mod decisions;
mod differences;
mod figures;
mod instruments;
mod recommendations;

use clap::{Args, Subcommand, ValueEnum};

use self::answer::write;
use super::cell::Cell;
use super::client::{Client, PAGE_SIZE, every_page};
use super::dates;
use super::failure::Failure;
use super::id;
use super::screen::Screen;
use super::sheet::Sheet;
use crate::wire::proto::{
    AsOf, Coming, Date, GetBoardRequest, GetBodyRequest, GetBudgetRequest, GetCollaborationRequest,
    GetContributionsRequest, ListBenefitsRequest, ListBoardsRequest, ListBodiesRequest,
    ListCollaborationsRequest, ListDeadlinesRequest, ListDecisionsRequest, ListDifferencesRequest,
    ListRecommendationsRequest, as_of::Known,
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

#[derive(Debug, Subcommand)]
enum View {
    /// The register of collaborations: their form, lead, parties, services and instruments
    #[command(after_help = "Example:\n  \
        minutebook show collaborations --party bodies/leics-pcc --as-at 2016")]
    Collaborations {
        /// Only those this body is party to
        #[arg(long, value_name = "BODY", value_parser = id::parse_body)]
        party: Option<String>,
        /// Also those that have ended
        #[arg(long)]
        ended: bool,
    },
    /// One collaboration in full: parties, services, instruments with signatures and versions,
    /// boards, notices, dependencies, and what is to come
    #[command(after_help = "Example:\n  minutebook show collaboration bch --as-at 2018-03")]
    Collaboration {
        /// The collaboration, such as bch or collaborations/bch
        #[arg(value_name = "ID", value_parser = id::parse_collaboration)]
        id: String,
    },
    /// The bodies: policing bodies, chief officers, fire authorities, councils and others
    #[command(after_help = "Example:\n  minutebook show bodies --succeeded --format csv")]
    Bodies {
        /// Also those that others have succeeded
        #[arg(long)]
        succeeded: bool,
    },
    /// One body: everything it is party to, leads and pays, and what awaits its signature
    #[command(after_help = "Example:\n  minutebook show body leics-pcc --as-at 2020-10-01")]
    Body {
        /// The body, such as leics-pcc or bodies/leics-pcc
        #[arg(value_name = "ID", value_parser = id::parse_body)]
        id: String,
    },
    /// The boards: what they can do, who chairs them
    #[command(after_help = "Example:\n  minutebook show boards --collaboration bch")]
    Boards {
        /// Only those that serve this collaboration
        #[arg(long, value_name = "ID", value_parser = id::parse_collaboration)]
        collaboration: Option<String>,
    },
    /// One board: its seats, quorum, voting rule, meetings
    #[command(after_help = "Example:\n  minutebook show board bch-summit")]
    Board {
        /// The board, such as bch-summit or boards/bch-summit
        #[arg(value_name = "ID", value_parser = id::parse_board)]
        id: String,
    },
    /// The decision log, oldest first, with what awaits decision, from whom and for how long
    #[command(after_help = "Examples:\n  minutebook show decisions --pending\n  \
        minutebook show decisions --subject bch --as-at 2018-03-14 --format csv")]
    Decisions {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Only what awaits decision
        #[arg(long)]
        pending: bool,
    },
    /// Who pays what for which service in a financial year, beside the totals as printed
    #[command(after_help = "Example:\n  \
        minutebook show contributions east-midlands --year 2020/21 --format csv")]
    Contributions {
        /// The collaboration
        #[arg(value_name = "ID", value_parser = id::parse_collaboration)]
        id: String,
        /// The financial year, such as 2020/21
        #[arg(long, value_parser = dates::parse_year)]
        year: String,
    },
    /// Budgets by line and year, beside totals as printed, forecasts and outturns
    #[command(after_help = "Examples:\n  minutebook show budget bch\n  \
        minutebook show budget bodies/leics-pcc --format csv")]
    Budget {
        /// Whose: a collaboration, or bodies/…, boards/…, collaborations/…
        #[arg(value_name = "SUBJECT", value_parser = id::parse_subject)]
        subject: String,
        /// Which budget, where the subject has several [default: the main one]
        #[arg(long, value_name = "ID")]
        budget: Option<String>,
    },
    /// What falls due: notices, reviews, expiries, actions, meetings; soonest first
    #[command(after_help = "Example:\n  minutebook show deadlines --subject bch --past")]
    Deadlines {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Also what is past (what is still to be done is always listed: actions,
        /// recommendations and reviews that are overdue)
        #[arg(long)]
        past: bool,
    },
    /// Recommendations, actions and commissioned reviews that are open, oldest first
    #[command(after_help = "Example:\n  minutebook show recommendations --closed")]
    Recommendations {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
        /// Also those that are closed
        #[arg(long)]
        closed: bool,
    },
    /// Benefits and savings: what was expected beside what was measured or made
    #[command(after_help = "Example:\n  minutebook show benefits --subject bch")]
    Benefits {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
    },
    /// Where documents contradict themselves or one another: totals that do not add up
    #[command(after_help = "Example:\n  minutebook show differences --subject east-midlands")]
    Differences {
        /// Only of this subject: bodies/…, boards/… or collaborations/…
        #[arg(long, value_parser = id::parse_subject)]
        subject: Option<String>,
    },
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
