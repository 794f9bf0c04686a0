//! Every answer as a report, and its way onto the screen.

use prost::Name;

use super::{
    Format, approvals, benefits, boards, bodies, breaches, budget, collaboration, collaborations,
    contributions, deadlines, decisions, differences, notices, proposal, recommendations, state,
    virements,
};
use crate::cli::dates;
use crate::cli::failure::Failure;
use crate::cli::screen::Screen;
use crate::cli::sheet::Report;
use crate::wire::proto::{self, AnsweredFrom};

/// An answer that can be written as a table, as CSV or as JSON.
pub trait Answer: Name {
    /// What it speaks for.
    fn answered_from(&self) -> Option<&AnsweredFrom>;
    /// What it says.
    fn report(&self) -> Report;
}

macro_rules! answers {
    ($($answer:ident => |$it:ident| $report:expr;)*) => {$(
        impl Answer for proto::$answer {
            fn answered_from(&self) -> Option<&AnsweredFrom> {
                self.answered_from.as_ref()
            }

            fn report(&self) -> Report {
                let $it = self;
                $report
            }
        }
    )*};
}

answers! {
    ListCollaborationsResponse => |it| collaborations::list(&it.collaborations);
    GetCollaborationResponse => |it| in_full(&it.collaboration, collaboration::in_full);
    ListBodiesResponse => |it| bodies::list(&it.bodies);
    GetBodyResponse => |it| in_full(&it.body, bodies::in_full);
    ListBoardsResponse => |it| boards::list(&it.boards);
    GetBoardResponse => |it| in_full(&it.board, boards::in_full);
    ListDecisionsResponse => |it| decisions::list(&it.decisions);
    GetContributionsResponse => |it| in_full(&it.contributions, contributions::matrix);
    GetBudgetResponse => |it| in_full(&it.budget, budget::by_year);
    ListDeadlinesResponse => |it| deadlines::list(&it.deadlines);
    ListRecommendationsResponse => |it| recommendations::list(&it.items);
    ListBenefitsResponse => |it| benefits::list(&it.benefits, &it.savings);
    ListApprovalsResponse => |it| approvals::list(&it.approvals);
    GetProposalResponse => |it| in_full(&it.proposal, proposal::in_full);
    ListVirementsResponse => |it| virements::list(&it.virements, &it.disposals);
    ListBreachesResponse => |it| breaches::list(&it.breaches);
    ListNoticesResponse => |it| notices::list(&it.notices);
    ListDifferencesResponse => |it| differences::list(&it.differences);
    StateAtResponse => |it| in_full(&it.state, state::in_full);
}

/// A server always sends the view it answers with; one that did not would be
/// reported as nothing at all rather than with a panic.
fn in_full<V>(view: &Option<V>, report: impl Fn(&V) -> Report) -> Report {
    view.as_ref().map_or(Report::Sections(Vec::new()), report)
}

/// Writes an answer.
pub fn write(answer: &impl Answer, format: Format, screen: &mut Screen) -> Result<(), Failure> {
    match format {
        Format::Json => screen.message(answer),
        Format::Csv => Ok(answer.report().write_csv(screen.sink())?),
        Format::Table => {
            let table = answer.report().table(screen.layout());
            let footer = answer.answered_from().map(speaks_for).unwrap_or_default();
            screen.line(&format!("{table}{footer}"))
        }
    }
}

/// What an answer speaks for, in a sentence.
fn speaks_for(from: &AnsweredFrom) -> String {
    let mut parts = vec![format!(
        "As the register stands at position {}",
        from.position
    )];
    if let Some(known_at) = &from.known_at {
        parts.push(format!("as known at {}", dates::local_instant(known_at)));
    }
    if let Some(as_at) = &from.as_at {
        parts.push(format!("as at {}", dates::date(as_at)));
    }
    parts.join(", ") + "."
}
