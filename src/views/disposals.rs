//! One disposal of an underspend: its parts, who has confirmed it, and how it compares with
//! the underspend on record.

use super::acts::{ActStanding, act};

use super::names;
use super::proposal_cache::ProposalCache;
use super::totals::Totals;
use minutebook_domain::budget::YearBudget;
use minutebook_domain::budget::latest_report::LatestReport;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::{Dossier, MadeDisposal};
use minutebook_domain::event::{Authority, DisposalConfirmed, Figures, Scope};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::ServiceId;
use minutebook_domain::known_amount::KnownAmount;
use minutebook_domain::money::Pence;
use minutebook_wire::proto::DisposalView;
use minutebook_wire::proto::disposal_view::{ConfirmationView, PartView};
use minutebook_wire::reply;

pub(super) fn view(
    cache: &ProposalCache<'_>,
    made: &MadeDisposal,
    standing: ActStanding,
) -> DisposalView {
    let (register_view, subject) = (cache.register_view, cache.subject);
    let fact = &made.disposed;
    let disposal = &fact.disposal;
    let proposal = match &fact.source.entry.event.authority {
        Some(Authority::Proposal(id)) => Some(id),
        _ => None,
    };
    let day = register_view.as_at();
    let dossier = &subject.dossier;
    let (net_pence, net_is) = reply::known_amount(disposal.net());
    let underspend = on_record(cache, disposal.year, disposal.service.as_ref());
    let used = disposed_of(dossier, disposal.year, disposal.service.as_ref());
    DisposalView {
        currency: reply::currency(dossier.currency),
        subject: cache.id.to_string(),
        subject_name: subject.name().unwrap_or_default().to_owned(),
        disposal_id: fact.id.to_string(),
        financial_year: disposal.year.to_string(),
        service: disposal
            .service
            .as_ref()
            .map(|service| names::service(register_view, cache.id, service)),
        act: Some(act(dossier, &fact.source.entry, standing)),
        proposal_id: reply::optional(proposal),
        parts: disposal
            .parts
            .iter()
            .map(|part| {
                let body = part.body.as_ref();
                let confirmed = body.and_then(|body| made.confirmation_of(subject, body, day));
                let (confirmed_pence, confirmed_is) = confirmed_amount(confirmed);
                PartView {
                    destination: reply::disposal_destination(part.destination),
                    body: body.map(|id| names::body(register_view, id)),
                    amount_pence: reply::optional_pence(part.amount),
                    amount_is: reply::amount_is(part.amount_is),
                    confirmed_on: reply::optional_date(confirmed.map(Fact::on)),
                    confirmed_pence,
                    confirmed_is,
                }
            })
            .collect(),
        confirmations: made
            .confirmed
            .iter()
            .filter(|(body, _)| !made.has_part(subject, body, day))
            .map(|(body, confirmed)| {
                let (confirmed_pence, confirmed_is) = confirmed_amount(Some(confirmed));
                ConfirmationView {
                    body: Some(names::body(register_view, body)),
                    confirmed_on: Some(reply::date(confirmed.on())),
                    confirmed_pence,
                    confirmed_is,
                }
            })
            .collect(),
        unconfirmed: names::bodies(register_view, &made.unconfirmed(subject, day)),
        gross_underspend_pence: disposal.gross_underspend.map(reply::pence),
        gross_overspend_pence: disposal.gross_overspend.map(reply::pence),
        net_pence,
        net_is,
        basis: disposal.basis.map_or(0, reply::underspend_basis),
        split_not_given: disposal.is_split_open(),
        underspend_pence: underspend.map(reply::pence),
        over_underspend_pence: underspend
            .zip(used.exactly())
            .map(|(underspend, used)| reply::pence(used - underspend)),
    }
}

fn confirmed_amount(confirmed: Option<&Fact<DisposalConfirmed>>) -> (i64, i32) {
    let amount = reply::optional_pence(confirmed.and_then(|confirmed| confirmed.amount));
    let is = confirmed.and_then(|confirmed| confirmed.amount_is);
    (amount, reply::amount_is(is))
}

/// All that was disposed of a year and service; for the whole, of the year.
fn disposed_of(dossier: &Dossier, year: FinancialYear, service: Option<&ServiceId>) -> KnownAmount {
    let disposals = dossier.disposals.values();
    let disposals = disposals.map(|made| &made.disposed.disposal);
    let same = disposals.filter(|other| {
        let is_of_service = service.is_none() || other.service.as_ref() == service;
        other.year == year && is_of_service
    });
    same.map(|disposal| disposal.net()).collect()
}

/// The main budget of a year as it is now less its outturn, of the whole or of a service,
/// where both cover the same; below zero for an overspend.
fn on_record(
    cache: &ProposalCache<'_>,
    year: FinancialYear,
    service: Option<&ServiceId>,
) -> Option<Pence> {
    let dossier = &cache.subject.dossier;
    let budget = YearBudget::of(dossier, None, year);
    let outturn = LatestReport::outturn(dossier, &budget, year, cache.register_view.as_at())?;
    let outturn = &outturn.figures;
    match service {
        Some(service) => {
            let of_budget = budget.sum(|row| row.head.service.as_ref() == Some(service));
            Some(of_budget.revised()? - of_service(outturn, service)?)
        }
        None => {
            let comparison = budget.compare(outturn);
            let overspend = comparison.variance().filter(|_| comparison.is_whole)?;
            Some(-overspend)
        }
    }
}

/// The figures of a service; where there are none to add up, the total as printed.
fn of_service(figures: &Figures, service: &ServiceId) -> Option<Pence> {
    let scope = Scope::Service(service.clone());
    let printed = || {
        let mut stated = figures.stated.iter();
        Some(stated.find(|stated| stated.scope == scope)?.amount)
    };
    let computed = Totals::of(figures).services.get(service).copied();
    computed.or_else(printed)
}
