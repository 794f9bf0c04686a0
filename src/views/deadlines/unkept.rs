//! Duties that were not done, as far as the register says.

use super::super::approvals::deciding_board;
use super::super::proposal_cache::{self, DecisionLogStatus, ProposalCache};
use super::super::{names, sittings};
use minutebook_domain::approval::Resolution;
use minutebook_domain::budget::YearBudget;
use minutebook_domain::date::{FinancialYear, PartialDate};
use minutebook_domain::dossier::{AgreedSettlement, Dossier, is_outturn};
use minutebook_domain::event::{AmountIs, Place, UnderspendBasis};
use minutebook_domain::ids::{BodyId, ProposalId};
use minutebook_domain::known_amount::KnownAmount;
use minutebook_domain::money::Pence;
use minutebook_domain::settlement::OpenInstalment;

/// The open proposals whose board has met since they were made, or last deferred: each
/// with its title, and the day of the first such meeting.
pub(super) fn passed_over(cache: &ProposalCache<'_>) -> Vec<(ProposalId, String, PartialDate)> {
    let day = cache.register_view.as_at();
    let mut passed_over = Vec::new();
    for (id, proposal) in &cache.subject.dossier.proposals {
        let status = cache.status(*id, proposal);
        let DecisionLogStatus::Open(open) = proposal_cache::state(&status) else {
            continue;
        };
        // Approved, and the rest is not for the board.
        if status.resolution == Resolution::SubjectTo {
            continue;
        }
        let board = deciding_board(cache.register_view, &status, proposal);
        // A board that has decided has not passed the matter over.
        let ballots = status.requirement.iter().flat_map(|need| need.ballots());
        let mut ballots = ballots.filter(|ballot| Some(&ballot.board) == board.as_ref());
        if ballots.any(|ballot| ballot.decided.is_some()) {
            continue;
        }
        let board = board.and_then(|board| cache.register_view.board(&board));
        let met = board.and_then(|board| sittings::first_between(&board, open.since, day));
        if let Some(met) = met {
            passed_over.push((*id, proposal_cache::title(proposal), met));
        }
    }
    passed_over
}

/// An instalment that is not paid in full, in words.
pub(super) fn instalment(
    cache: &ProposalCache<'_>,
    settlement: &AgreedSettlement,
    open: &OpenInstalment<'_>,
) -> String {
    let name = |body: &BodyId| names::body(cache.register_view, body).name;
    let agreed = &settlement.agreed;
    let others = || "the other parties".to_owned();
    let payer = agreed.payer.as_ref().map_or_else(others, name);
    let payees: Vec<String> = agreed.payees.iter().map(name).collect();
    let payees = match payees.is_empty() {
        true => others(),
        false => payees.join(", "),
    };
    let of = match open.left == open.agreed.amount {
        true => String::new(),
        false => format!(" of {}", open.agreed.amount),
    };
    format!(
        "{}{of} of settlement {}, from {payer} to {payees}",
        open.left, agreed.id
    )
}

/// An underspend of which a part is left over.
pub(super) struct Undisposed {
    pub year: FinancialYear,
    pub underspend: Pence,
    /// The part that is left over.
    pub amount: Pence,
    pub reported_on: PartialDate,
}

/// The underspends of years that are over, by their last outturn, of which a part was
/// neither disposed of nor returned to bodies. A virement of an amount that is not stated
/// may be all of it, so its year is left out.
pub(super) fn undisposed(cache: &ProposalCache<'_>) -> Vec<Undisposed> {
    let day = cache.register_view.as_at();
    let dossier = &cache.subject.dossier;
    let mut undisposed = Vec::new();
    for (year, reported) in &dossier.outturns {
        let outturn = reported.by(day).rfind(|fact| is_outturn(fact));
        let Some(outturn) = outturn else {
            continue;
        };
        // Money that was returned to bodies is in the budget no more.
        let budget = YearBudget::of(dossier, None, *year);
        let Some(overspend) = budget.compare(&outturn.figures).variance() else {
            continue;
        };
        let underspend = -overspend;
        let Some(used) = used(dossier, *year) else {
            continue;
        };
        let amount = underspend - used;
        if amount > Pence::ZERO {
            undisposed.push(Undisposed {
                year: *year,
                underspend,
                amount,
                reported_on: outturn.on(),
            });
        }
    }
    undisposed
}

/// An amount that is known about, or at most.
fn rounded(known: KnownAmount) -> Option<Pence> {
    let is_enough = matches!(known.is, Some(AmountIs::About | AmountIs::AtMost));
    known.amount.filter(|_| is_enough)
}

/// The part of a year's underspend that was disposed of, or moved by virements on it to
/// other heads; `None` if an amount is not stated.
fn used(dossier: &Dossier, year: FinancialYear) -> Option<Pence> {
    let mut used = Pence::ZERO;
    for made in dossier.disposals.values() {
        let disposal = &made.disposed.disposal;
        if disposal.year == year {
            let net = disposal.net();
            // A part that is not given, or a bound, may be all of it.
            used += net.exactly().or_else(|| rounded(net))?;
        }
    }
    for made in dossier.virements.values() {
        let virement = &made.made.virement;
        if virement.year != year || made.reversed.latest().is_some() {
            continue;
        }
        let mut returned = Pence::ZERO;
        for target in &virement.targets {
            if let Place::ReturnedTo(_) = target.place {
                returned += target.amount?;
            }
        }
        if virement.basis == Some(UnderspendBasis::Actual) {
            used += virement.amount()? - returned;
        }
    }
    Some(used)
}
