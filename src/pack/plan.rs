//! The questions of a pack: which follow from the meeting, and which from earlier answers.

use jiff::civil;
use minutebook_domain::date::{FinancialYear, PartialDate};
use minutebook_wire::proto::as_of::Known;
use minutebook_wire::proto::{
    AsOf, AttentionKind, BudgetView, CollaborationRef, Date, DiffRequest, GetAttentionRequest,
    GetBoardRequest, GetBudgetRequest, GetContributionsRequest, GetMeetingRequest,
    GetProposalRequest, ListBreachesRequest, ListChecksRequest, ListDeadlinesRequest,
    ListDifferencesRequest, ListNoticesRequest, ListRecommendationsRequest, ListVirementsRequest,
    MeetingStanding, MeetingView, Moment, diff_request, moment,
};

use crate::answers::PackAnswers;
use crate::question::{PackQuestion, PackRequest};

/// The meeting that a pack is for, and the moment of its answers.
#[derive(Debug, Clone, PartialEq)]
pub struct PackPlan {
    pub board_id: String,
    pub meeting_id: String,
    /// The day after which changes are listed. None: that of the meeting before.
    pub since: Option<Date>,
    /// The day on which the answers are in force.
    pub in_force_on: Date,
    /// The last entry that the answers know.
    pub position: u64,
}

impl PackPlan {
    /// The questions that are still to be asked. After all of them, others may follow.
    pub fn open_questions(&self, answers: &PackAnswers) -> Vec<PackQuestion> {
        let mut questions = self.questions(answers);
        questions.retain(|question| !answers.has(question));
        questions
    }

    /// Every question that the answers so far lead to.
    pub fn questions(&self, answers: &PackAnswers) -> Vec<PackQuestion> {
        let mut questions = vec![
            self.board().into_question(),
            self.meeting().into_question(),
            self.attention().into_question(),
        ];
        questions.extend(self.changes(answers).map(PackRequest::into_question));
        for id in self.proposal_ids(answers) {
            questions.push(self.proposal(&id).into_question());
        }
        questions.extend(self.of_subject(&format!("boards/{}", self.board_id)));
        for collaboration in self.collaborations(answers) {
            let subject = subject(&collaboration);
            questions.push(self.budget(&subject, "").into_question());
            if let Some(year) = self.budget_year(answers, &subject) {
                questions.push(self.budget(&subject, &year).into_question());
            }
            questions.push(self.virements(&subject).into_question());
            questions.push(self.checks(&subject).into_question());
            questions.push(self.contributions(&collaboration).into_question());
            questions.extend(self.of_subject(&subject));
        }
        questions
    }

    /// The questions about a board and about each collaboration that it serves.
    fn of_subject(&self, subject: &str) -> [PackQuestion; 5] {
        [
            self.breaches(subject).into_question(),
            self.recommendations(subject).into_question(),
            self.notices(subject).into_question(),
            self.deadlines(subject).into_question(),
            self.differences(subject).into_question(),
        ]
    }

    fn as_of(&self) -> Option<AsOf> {
        Some(AsOf {
            as_at: Some(self.in_force_on),
            known: Some(Known::AsKnownAtPosition(self.position)),
            ..AsOf::default()
        })
    }

    pub fn board(&self) -> GetBoardRequest {
        GetBoardRequest {
            as_of: self.as_of(),
            board_id: self.board_id.clone(),
        }
    }

    pub fn meeting(&self) -> GetMeetingRequest {
        GetMeetingRequest {
            as_of: self.as_of(),
            board_id: self.board_id.clone(),
            meeting_id: self.meeting_id.clone(),
        }
    }

    pub fn attention(&self) -> GetAttentionRequest {
        GetAttentionRequest {
            as_of: self.as_of(),
            board_id: self.board_id.clone(),
            ..GetAttentionRequest::default()
        }
    }

    /// None where nobody says since when, and no earlier meeting is recorded.
    pub fn changes(&self, answers: &PackAnswers) -> Option<DiffRequest> {
        // The board says which collaborations it serves: until then, the question is not known.
        answers.get(&self.board())?;
        let since = self.since_day(answers)?;
        let moment = |day| {
            Some(Moment {
                moment: Some(moment::Moment::Date(day)),
            })
        };
        let collaborations = self.collaborations(answers);
        let mut subjects: Vec<String> = collaborations.iter().map(subject).collect();
        subjects.push(format!("boards/{}", self.board_id));
        Some(DiffRequest {
            from: moment(since),
            to: moment(self.in_force_on),
            known: Some(diff_request::Known::AsKnownAtPosition(self.position)),
            subjects,
            ..DiffRequest::default()
        })
    }

    pub fn proposal(&self, proposal_id: &str) -> GetProposalRequest {
        GetProposalRequest {
            as_of: self.as_of(),
            proposal_id: proposal_id.to_owned(),
        }
    }

    /// The budget of a subject; of one year with every column, or of all years.
    pub fn budget(&self, subject: &str, financial_year: &str) -> GetBudgetRequest {
        GetBudgetRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            financial_year: financial_year.to_owned(),
            ..GetBudgetRequest::default()
        }
    }

    pub fn virements(&self, subject: &str) -> ListVirementsRequest {
        ListVirementsRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            ..ListVirementsRequest::default()
        }
    }

    pub fn checks(&self, subject: &str) -> ListChecksRequest {
        ListChecksRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            ..ListChecksRequest::default()
        }
    }

    pub fn contributions(&self, collaboration: &CollaborationRef) -> GetContributionsRequest {
        GetContributionsRequest {
            as_of: self.as_of(),
            collaboration_id: collaboration.collaboration_id.clone(),
            financial_year: self.financial_year(),
        }
    }

    pub fn breaches(&self, subject: &str) -> ListBreachesRequest {
        ListBreachesRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            ..ListBreachesRequest::default()
        }
    }

    pub fn recommendations(&self, subject: &str) -> ListRecommendationsRequest {
        ListRecommendationsRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            ..ListRecommendationsRequest::default()
        }
    }

    pub fn notices(&self, subject: &str) -> ListNoticesRequest {
        ListNoticesRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            ..ListNoticesRequest::default()
        }
    }

    pub fn deadlines(&self, subject: &str) -> ListDeadlinesRequest {
        ListDeadlinesRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            ..ListDeadlinesRequest::default()
        }
    }

    pub fn differences(&self, subject: &str) -> ListDifferencesRequest {
        ListDifferencesRequest {
            as_of: self.as_of(),
            subject: subject.to_owned(),
            ..ListDifferencesRequest::default()
        }
    }

    /// The collaborations that the board serves.
    pub fn collaborations(&self, answers: &PackAnswers) -> Vec<CollaborationRef> {
        let board = answers
            .get(&self.board())
            .and_then(|answer| answer.board.as_ref());
        board.map_or_else(Vec::new, |board| board.collaborations.clone())
    }

    /// The day after which changes are listed.
    pub fn since_day(&self, answers: &PackAnswers) -> Option<Date> {
        if self.since.is_some() {
            return self.since;
        }
        let board = answers.get(&self.board())?.board.as_ref()?;
        let meetings = board.meetings.iter();
        let this = meetings
            .clone()
            .find(|one| one.meeting_id == self.meeting_id)?;
        let before = meetings
            .filter(|one| one.standing() != MeetingStanding::Cancelled)
            .filter_map(meeting_day)
            .filter(|day| order(day) < meeting_day(this).as_ref().map_or((0, 0, 0), order));
        before.max_by_key(order)
    }

    /// The proposals that the meeting considers, those that wait for the board or for the
    /// parties of what it serves, each once.
    pub fn proposal_ids(&self, answers: &PackAnswers) -> Vec<String> {
        let meeting = answers
            .get(&self.meeting())
            .and_then(|answer| answer.meeting.as_ref());
        let lines = meeting.iter().flat_map(|meeting| &meeting.lines);
        let of_meeting = lines.map(|line| &line.proposal_id);
        let attention = answers.get(&self.attention());
        let lines = attention.iter().flat_map(|answer| &answer.lines);
        let waiting = lines
            .filter(|line| line.kind() == AttentionKind::AwaitsDecision)
            .map(|line| &line.item_id);
        let mut ids: Vec<String> = Vec::new();
        for id in of_meeting.chain(waiting) {
            // A matter without a proposal has an id of its own.
            if id.len() == UUID_LETTERS && !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        ids
    }

    /// The financial year of the day in force.
    pub fn financial_year(&self) -> String {
        self.day()
            .map_or_else(String::new, |day| FinancialYear::of(day).to_string())
    }

    /// The year of a budget that a meeting on that day looks at: the one that has the day, else
    /// the last one before, else the first.
    pub fn budget_year(&self, answers: &PackAnswers, subject: &str) -> Option<String> {
        let budget: &BudgetView = answers.get(&self.budget(subject, ""))?.budget.as_ref()?;
        let day = self.day()?;
        let years = budget.years.iter().map(|year| year.financial_year.as_str());
        let read: Vec<(&str, Option<FinancialYear>)> =
            years.map(|text| (text, text.parse().ok())).collect();
        let with_day = read
            .iter()
            .find(|(_, year)| year.is_some_and(|year| year.contains(day)));
        let today = FinancialYear::of(day).to_string();
        let before = read.iter().rev().find(|(text, _)| **text < *today);
        let found = with_day.or(before).or(read.first());
        found.map(|(text, _)| (*text).to_owned())
    }

    fn day(&self) -> Option<civil::Date> {
        let Date { year, month, day } = self.in_force_on;
        PartialDate::new(year, month, day)
            .ok()
            .map(PartialDate::first_day)
    }
}

/// The letters of the id of a proposal.
const UUID_LETTERS: usize = 36;

/// The subject that a collaboration is.
pub fn subject(collaboration: &CollaborationRef) -> String {
    format!("collaborations/{}", collaboration.collaboration_id)
}

/// The day of a meeting: on which it was held, or for which it was called.
pub fn meeting_day(meeting: &MeetingView) -> Option<Date> {
    meeting.held_on.or(meeting.called_for_on)
}

/// Days in their order.
pub fn order(day: &Date) -> (i32, i32, i32) {
    (day.year, day.month, day.day)
}
