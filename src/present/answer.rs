//! The answers that can be written: each with its report and its footer.

use prost::Name;

use super::dates;
use super::report::Report;
use super::reports::{
    approvals, attention, benefits, boards, bodies, breaches, budget, caller, checks,
    collaboration, collaborations, contributions, deadlines, decisions, differences, mandates,
    meeting, notices, proposal, recommendations, settlements, sources, state, subjects, virements,
};
use minutebook_wire::proto::{self, AnsweredFrom};

/// An answer that can be written as a table, as CSV or as JSON.
pub trait Answer: Name {
    /// The day and the position that it holds for.
    fn answered_from(&self) -> Option<&AnsweredFrom>;

    fn report(&self) -> Report;
}

macro_rules! answers {
    ($($Answer:ident => |$answer:ident| $report:expr;)*) => {$(
        impl Answer for proto::$Answer {
            fn answered_from(&self) -> Option<&AnsweredFrom> {
                self.answered_from.as_ref()
            }

            fn report(&self) -> Report {
                let $answer = self;
                $report
            }
        }
    )*};
}

answers! {
    ListCollaborationsResponse => |answer| collaborations::list(&answer.collaborations);
    GetCollaborationResponse => |answer| in_full(&answer.collaboration, collaboration::in_full);
    ListBodiesResponse => |answer| bodies::list(&answer.bodies);
    GetBodyResponse => |answer| in_full(&answer.body, bodies::in_full);
    ListBoardsResponse => |answer| boards::list(&answer.boards);
    GetBoardResponse => |answer| in_full(&answer.board, boards::in_full);
    GetMeetingResponse => |answer| in_full(&answer.meeting, meeting::in_full);
    ListDecisionsResponse => |answer| decisions::list(&answer.decisions);
    GetContributionsResponse => |answer| in_full(&answer.contributions, contributions::matrix);
    GetBudgetResponse => |answer| in_full(&answer.budget, budget::budget_by_year);
    ListDeadlinesResponse => |answer| deadlines::list(&answer.deadlines);
    GetAttentionResponse => |answer| attention::list(&answer.lines);
    FindSubjectsResponse => |answer| subjects::list(&answer.subjects);
    ListRecommendationsResponse => |answer| recommendations::list(&answer.items);
    ListBenefitsResponse => |answer| benefits::list(&answer.benefits, &answer.savings, &answer.totals);
    ListApprovalsResponse => |answer| approvals::list(&answer.approvals);
    GetProposalResponse => |answer| in_full(&answer.proposal, proposal::in_full);
    ListVirementsResponse => |answer| virements::list(&answer.virements, &answer.disposals, &answer.totals);
    ListBreachesResponse => |answer| breaches::list(&answer.breaches);
    ListNoticesResponse => |answer| notices::list(&answer.notices);
    ListChecksResponse => |answer| checks::list(&answer.checks);
    ListDifferencesResponse => |answer| differences::list(&answer.differences);
    ListSettlementsResponse => |answer| settlements::list(&answer.settlements);
    ListMandatesResponse => |answer| mandates::list(&answer.mandates);
    ListSourcesResponse => |answer| sources::list(&answer.sources);
    StateAtResponse => |answer| in_full(&answer.state, state::in_full);
}

impl Answer for proto::WhoAmIResponse {
    /// It is of the call, not of the register.
    fn answered_from(&self) -> Option<&AnsweredFrom> {
        None
    }

    fn report(&self) -> Report {
        caller::in_full(self)
    }
}

/// The report of one view. A server always sends it; without one, the report is
/// empty.
fn in_full<V>(view: &Option<V>, report: impl Fn(&V) -> Report) -> Report {
    view.as_ref().map_or(Report::Sections(Vec::new()), report)
}

/// Says that an answer is without what its reader may not read.
pub const LEFT_OUT: &str = "Entries that you may not read are left out.";

/// The day and the position that an answer holds for, in a sentence.
pub fn answered_from(from: &AnsweredFrom) -> String {
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
    let mut sentence = parts.join(", ") + ".";
    if from.withheld {
        sentence.push(' ');
        sentence.push_str(LEFT_OUT);
    }
    sentence
}
