//! A small register, made by hand, for the tests of this package.

#![allow(
    clippy::needless_update,
    reason = "one macro fills answers with one field and with several"
)]

use minutebook_wire::proto::{
    AnsweredFrom, ApprovalView, AttentionKind, AttentionView, BoardRef, BoardSummary, BoardView,
    Bringer, BudgetAmounts, BudgetView, BudgetYear, CollaborationRef, Date, DecisionStanding,
    DiffResponse, Entry, Event, GetAttentionResponse, GetBoardResponse, GetBudgetResponse,
    GetMeetingResponse, GetProposalResponse, ListVirementsResponse, MeetingHeld, MeetingInFullView,
    MeetingLineView, MeetingStanding, MeetingView, NeedState, NeedView, ProposalView, RuleRef,
    SubjectDifference, VirementView, event,
};
use prost::Message;
use prost_types::Timestamp;

use crate::answers::PackAnswers;
use crate::compose::named_entries;
use crate::pack::Pack;
use crate::plan::PackPlan;
use crate::question::{PackAnswer, PackQuestion};
use crate::seal::{PackSeal, QuotedEntry};

pub const PROPOSAL: &str = "0193aaaa-0000-7000-8000-000000000001";

pub fn day(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

pub fn plan() -> PackPlan {
    PackPlan {
        board_id: "three-shires-board".into(),
        meeting_id: "2024-06-17".into(),
        since: None,
        in_force_on: day(2024, 6, 17),
        position: 9,
    }
}

fn board() -> BoardView {
    let meeting = |id: &str, on, standing: MeetingStanding| MeetingView {
        meeting_id: id.into(),
        held_on: Some(on),
        standing: standing.into(),
        agenda: "Kennels".into(),
        position: 3,
        ..MeetingView::default()
    };
    BoardView {
        summary: Some(BoardSummary {
            board: Some(BoardRef {
                board_id: "three-shires-board".into(),
                name: "Fictional Three Shires Board".into(),
            }),
            ..BoardSummary::default()
        }),
        collaborations: vec![CollaborationRef {
            collaboration_id: "three-shires".into(),
            name: "Fictional Three Shires".into(),
        }],
        meetings: vec![
            meeting("2024-03-18", day(2024, 3, 18), MeetingStanding::Held),
            meeting("2024-05-20", day(2024, 5, 20), MeetingStanding::Cancelled),
            meeting("2024-06-17", day(2024, 6, 17), MeetingStanding::Called),
            meeting("2024-09-16", day(2024, 9, 16), MeetingStanding::Called),
        ],
        ..BoardView::default()
    }
}

fn proposal() -> ProposalView {
    ProposalView {
        approval: Some(ApprovalView {
            subject: "collaborations/three-shires".into(),
            subject_name: "Fictional Three Shires".into(),
            proposal_id: PROPOSAL.into(),
            title: "Kennels from the laboratory budget".into(),
            matter: "virement 2024/25: £60,000 from forensics to dogs".into(),
            standing: DecisionStanding::Pending.into(),
            age_days: 14,
            rule: Some(RuleRef {
                title: "Any other virement: the board, by majority".into(),
                ..RuleRef::default()
            }),
            amount_pence: 6_000_000,
            position: 5,
            ..ApprovalView::default()
        }),
        need: Some(NeedView {
            what: "boards/three-shires-board by majority".into(),
            state: NeedState::Open.into(),
            ..NeedView::default()
        }),
        ..ProposalView::default()
    }
}

/// The answer of that register to a question; none where it has no such thing.
pub fn answer(question: &PackQuestion) -> Option<PackAnswer> {
    let from = Some(AnsweredFrom {
        position: 9,
        as_at: Some(day(2024, 6, 17)),
        known_at: Some(Timestamp {
            seconds: 1_718_000_000,
            nanos: 0,
        }),
        withheld: false,
    });
    macro_rules! answer {
        ($Kind:ident $Response:ident { $($field:ident: $value:expr),* $(,)? }) => {
            Some(PackAnswer::$Kind(Box::new($Response {
                answered_from: from,
                $($field: $value,)*
                ..$Response::default()
            })))
        };
    }
    match question {
        PackQuestion::GetBoard(_) => answer!(GetBoard GetBoardResponse { board: Some(board()) }),
        PackQuestion::GetMeeting(_) => answer!(GetMeeting GetMeetingResponse {
            meeting: Some(MeetingInFullView {
                meeting: board().meetings.get(2).cloned(),
                lines: vec![MeetingLineView {
                    agenda_item: "3".into(),
                    proposal_id: PROPOSAL.into(),
                    ..MeetingLineView::default()
                }],
                ..MeetingInFullView::default()
            })
        }),
        PackQuestion::GetAttention(_) => answer!(GetAttention GetAttentionResponse {
            lines: vec![
                AttentionView {
                    kind: AttentionKind::AwaitsDecision.into(),
                    item_id: PROPOSAL.into(),
                    ..AttentionView::default()
                },
                AttentionView {
                    kind: AttentionKind::Overdue.into(),
                    what: "review of the agreement".into(),
                    due_on: Some(day(2024, 4, 1)),
                    position: 2,
                    ..AttentionView::default()
                },
            ]
        }),
        PackQuestion::GetProposal(_) => answer!(GetProposal GetProposalResponse {
            proposal: Some(proposal())
        }),
        PackQuestion::GetBudget(request) => answer!(GetBudget GetBudgetResponse {
            budget: Some(BudgetView {
                subject_name: "Fictional Three Shires".into(),
                only_year: request.financial_year.clone(),
                years: ["2023/24", "2024/25"]
                    .iter()
                    .filter(|year| request.financial_year.is_empty()
                        || **year == request.financial_year)
                    .map(|year| BudgetYear {
                        financial_year: (*year).to_owned(),
                        total_pence: Some(201_000_000),
                        position: 4,
                        amounts: Some(BudgetAmounts {
                            original_pence: Some(210_000_000),
                            revised_pence: Some(201_000_000),
                            outturn_pence: Some(195_000_000),
                            ..BudgetAmounts::default()
                        }),
                        ..BudgetYear::default()
                    })
                    .collect(),
                ..BudgetView::default()
            })
        }),
        PackQuestion::ListVirements(_) => answer!(ListVirements ListVirementsResponse {
            virements: vec![VirementView {
                title: "Kennels from the laboratory budget".into(),
                requested_pence: 6_000_000,
                position: 5,
                ..VirementView::default()
            }]
        }),
        PackQuestion::Diff(_) => Some(PackAnswer::Diff(Box::new(DiffResponse {
            from,
            to: from,
            differences: vec![SubjectDifference {
                subject: "boards/three-shires-board".into(),
                entries: vec![Bringer {
                    position: 7,
                    subject: "boards/three-shires-board".into(),
                    effective_on: Some(day(2024, 3, 18)),
                    summary: "meeting 2024-03-18 held".into(),
                    came_into_force: true,
                }],
                ..SubjectDifference::default()
            }],
            next_page_token: String::new(),
        }))),
        _ => None,
    }
}

/// Every question, answered.
pub fn answers() -> PackAnswers {
    answers_to(&plan())
}

pub fn answers_to(plan: &PackPlan) -> PackAnswers {
    let mut answers = PackAnswers::default();
    loop {
        let questions = plan.open_questions(&answers);
        if questions.is_empty() {
            return answers;
        }
        for question in questions {
            let answer = answer(&question);
            answers.add(question, answer);
        }
    }
}

fn record(position: u64) -> Vec<u8> {
    let kind = event::Kind::MeetingHeld(MeetingHeld::default());
    Entry {
        position,
        event: Some(Event {
            subject: "boards/three-shires-board".into(),
            kind: Some(kind),
            ..Event::default()
        }),
        ..Entry::default()
    }
    .encode_to_vec()
}

/// A pack whose entries have bytes, and proofs that nobody here checks.
pub fn pack() -> Pack {
    let mut pack = Pack {
        plan: plan(),
        answers: answers(),
        seal: PackSeal {
            checkpoint: "register.example/north\n9\nAAAA\n\n— register.example/north BBBB\n".into(),
            verifier_key: "register.example/north+00000000+CCCC".into(),
            ..PackSeal::default()
        },
        register: None,
    };
    for position in named_entries(&pack) {
        pack.seal.quotes.push(QuotedEntry {
            position,
            record: record(position),
            leaf_hash: vec![7; 32],
            proof: vec![vec![8; 32]],
        });
    }
    pack
}
