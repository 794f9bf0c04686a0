//! The questions of a pack to the register, and their answers: the published messages.

use minutebook_present::answer::Answer;
use minutebook_present::report::Report;
use minutebook_present::reports::diff;
use minutebook_wire::json;
use minutebook_wire::proto;
use prost::{Message, Name};
use serde_json::Value;

/// A question that is one message, and whose answer is another.
pub trait PackRequest: Message + Name + Default + Clone + PartialEq {
    type Response: Message + Name + Default + Clone + PartialEq;

    fn into_question(self) -> PackQuestion;

    /// The question as this message, if it is one.
    fn of_question(question: &PackQuestion) -> Option<&Self>;

    fn into_answer(response: Self::Response) -> PackAnswer;

    /// The answer as that message, if it is one.
    fn of_answer(answer: &PackAnswer) -> Option<&Self::Response>;
}

macro_rules! questions {
    ($($Kind:ident: $Request:ident => $Response:ident, $report:expr, $withheld:expr;)*) => {
        /// A question to the register. Its name is that of the method.
        #[derive(Debug, Clone, PartialEq)]
        pub enum PackQuestion {
            $($Kind(proto::$Request),)*
        }

        /// The whole answer, with the pages of a list joined.
        #[derive(Debug, Clone, PartialEq)]
        pub enum PackAnswer {
            $($Kind(Box<proto::$Response>),)*
        }

        $(impl PackRequest for proto::$Request {
            type Response = proto::$Response;

            fn into_question(self) -> PackQuestion {
                PackQuestion::$Kind(self)
            }

            fn of_question(question: &PackQuestion) -> Option<&Self> {
                match question {
                    PackQuestion::$Kind(request) => Some(request),
                    _ => None,
                }
            }

            fn into_answer(response: Self::Response) -> PackAnswer {
                PackAnswer::$Kind(Box::new(response))
            }

            fn of_answer(answer: &PackAnswer) -> Option<&Self::Response> {
                match answer {
                    PackAnswer::$Kind(response) => Some(response),
                    _ => None,
                }
            }
        })*

        impl PackQuestion {
            /// The method of the services that answers it.
            pub fn method(&self) -> &'static str {
                match self {
                    $(Self::$Kind(_) => stringify!($Kind),)*
                }
            }

            pub fn to_json(&self) -> Value {
                match self {
                    $(Self::$Kind(request) => json::to_value(request),)*
                }
            }

            /// Reads a question of a method; none if there is no such method or it does not
            /// take such a message.
            pub fn of_json(method: &str, request: Value) -> Option<Self> {
                match method {
                    $(stringify!($Kind) => json::from_value(request).ok().map(Self::$Kind),)*
                    _ => None,
                }
            }

            /// Reads an answer to this question.
            pub fn answer_of_json(&self, answer: Value) -> Option<PackAnswer> {
                match self {
                    $(Self::$Kind(_) => {
                        let answer = json::from_value(answer).ok()?;
                        Some(PackAnswer::$Kind(Box::new(answer)))
                    })*
                }
            }
        }

        impl PackAnswer {
            pub fn to_json(&self) -> Value {
                match self {
                    $(Self::$Kind(answer) => json::to_value(answer.as_ref()),)*
                }
            }

            /// Whether it is without entries that its reader may not read.
            pub fn is_withheld(&self) -> bool {
                match self {
                    $(Self::$Kind(answer) => $withheld(answer.as_ref()),)*
                }
            }

            /// The report that the command line writes of it.
            pub fn report(&self) -> Report {
                match self {
                    $(Self::$Kind(answer) => $report(answer.as_ref()),)*
                }
            }
        }
    };
}

questions! {
    GetBoard: GetBoardRequest => GetBoardResponse, Answer::report, is_withheld;
    GetMeeting: GetMeetingRequest => GetMeetingResponse, Answer::report, is_withheld;
    GetAttention: GetAttentionRequest => GetAttentionResponse, Answer::report, is_withheld;
    Diff: DiffRequest => DiffResponse, (|answer| diff::report(answer, false)), is_difference_withheld;
    GetProposal: GetProposalRequest => GetProposalResponse, Answer::report, is_withheld;
    GetBudget: GetBudgetRequest => GetBudgetResponse, Answer::report, is_withheld;
    ListVirements: ListVirementsRequest => ListVirementsResponse, Answer::report, is_withheld;
    ListChecks: ListChecksRequest => ListChecksResponse, Answer::report, is_withheld;
    GetContributions: GetContributionsRequest => GetContributionsResponse, Answer::report, is_withheld;
    ListBreaches: ListBreachesRequest => ListBreachesResponse, Answer::report, is_withheld;
    ListRecommendations: ListRecommendationsRequest => ListRecommendationsResponse, Answer::report, is_withheld;
    ListNotices: ListNoticesRequest => ListNoticesResponse, Answer::report, is_withheld;
    ListDeadlines: ListDeadlinesRequest => ListDeadlinesResponse, Answer::report, is_withheld;
    ListDifferences: ListDifferencesRequest => ListDifferencesResponse, Answer::report, is_withheld;
}

fn is_withheld(answer: &impl Answer) -> bool {
    answer.answered_from().is_some_and(|from| from.withheld)
}

fn is_difference_withheld(answer: &proto::DiffResponse) -> bool {
    answer.to.as_ref().is_some_and(|to| to.withheld)
}
