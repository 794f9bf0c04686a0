//! One proposal in full.

use crate::domain::ids::ProposalId;
use crate::domain::outlook::Outlook;
use crate::wire::proto::ProposalView;

/// The proposal, if it is put up by then.
pub fn get(_outlook: &Outlook, _id: ProposalId) -> Option<ProposalView> {
    None
}
