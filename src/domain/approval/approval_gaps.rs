//! The fault of an act on whose day its approval was not in force.

use super::act_check::ActCheck;
use super::carried_period::{ApprovalGap, Interruption};
use super::describe;
use super::resolution::Resolution;
use crate::fault::Fault;

impl ActCheck<'_> {
    /// The fault of an act on whose day no approval was in force.
    pub(super) fn not_in_force(&self, gap: ApprovalGap<'_>) -> Fault {
        let (proposal, on) = (self.id, self.entry.effective_on());
        if let (ApprovalGap::NeverCarried, Some(step)) = (gap, self.status.quashed) {
            return Fault::ApprovalQuashed {
                proposal,
                quashed_on: step.on(),
                position: step.position(),
                on,
            };
        }
        let (cause, since, position) = match gap {
            ApprovalGap::Interrupted(end) => (end.cause.clone(), end.on, end.by.position),
            ApprovalGap::CarriedLater(_) | ApprovalGap::NeverCarried => {
                let then = self.context;
                let then = then.status_before(self.id, self.proposal, self.order);
                // It was called in, or stayed, before it was in force.
                match (then.suspension, gap) {
                    (Some((cause, order)), _) => (cause, order.day.into(), order.position),
                    (None, ApprovalGap::CarriedLater(settled)) => {
                        return Fault::DecidedLater {
                            proposal,
                            carried_on: settled.on,
                            on,
                        };
                    }
                    (None, _) => return self.not_carried(),
                }
            }
        };
        let suspended = |why, way_out| Fault::ApprovalSuspended {
            proposal,
            since,
            position,
            why,
            way_out,
            on,
        };
        let ended = |why| Fault::ApprovalEnded {
            proposal,
            since,
            position,
            why,
            on,
        };
        match &cause {
            Interruption::CalledIn(call_in) => {
                suspended(format!("the call-in {call_in}"), "call_in_settled")
            }
            Interruption::Stayed(challenge) => suspended(
                format!("a stay in the challenge {challenge}"),
                "challenge_step_taken",
            ),
            Interruption::Undertaken(challenge) => suspended(
                format!("an undertaking to the court in the challenge {challenge}"),
                "challenge_step_taken",
            ),
            Interruption::GivenUp => ended("it was given up before it was used".to_owned()),
            Interruption::Quashed(_) => Fault::ApprovalQuashed {
                proposal,
                quashed_on: since,
                position,
                on,
            },
            Interruption::SentBack(call_in) => {
                ended(format!("the call-in {call_in} did not uphold the decision"))
            }
            Interruption::NotAgreed(who) => ended(format!("{who} rejected it")),
        }
    }

    fn not_carried(&self) -> Fault {
        let status = self.context.status(self.id, self.proposal, self.order.day);
        let awaited = describe::awaited(&status);
        let way_out = match status.resolution {
            Resolution::Rejected
            | Resolution::Noted
            | Resolution::Withdrawn
            | Resolution::Lapsed
            | Resolution::NotAgreed
            | Resolution::OutcomeNotKnown => {
                "nothing more is decided on it, so make a new one (matter_proposed, \
                 virement_requested) and have that decided"
                    .to_owned()
            }
            Resolution::Supported => {
                "record the decision_made of the board or body that decides it first".to_owned()
            }
            Resolution::Open
            | Resolution::Carried
            | Resolution::SubjectTo
            | Resolution::CalledIn
            | Resolution::Stayed
            | Resolution::Quashed => format!(
                "record the vote_cast, decision_made or virement_approved of those that are \
                 awaited first ({awaited})"
            ),
        };
        Fault::NotCarried {
            proposal: self.id,
            standing: describe::resolution(status.resolution),
            on: self.entry.effective_on(),
            awaited,
            way_out,
        }
    }
}
