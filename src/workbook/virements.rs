//! Virements, requested or made: a row for each amount that moves from one head to another.

use std::collections::BTreeMap;

use minutebook_domain::ids::Slug;
use minutebook_wire::proto::{
    AcknowledgedBreach, Authority, BudgetHead, Event, FundType, Permanence, UnderspendBasis,
    Virement, VirementMade, VirementRequested, VirementSide, authority, event, virement_side,
};
use prost::Message as _;

use crate::amount::MoneyUnit;
use crate::budget::FUNDS;
use crate::derived_id::{derived_id, derived_uuid};
use crate::directory::KnownProposal;
use crate::grid::CellPlace;
use crate::lines;
use crate::matching::NamedThing;
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow, SheetSubject};
use crate::votes::proposal;

/// The columns.
pub const COLUMNS: &[SheetField] = &[
    SheetField::Step,
    SheetField::Reference,
    SheetField::Title,
    SheetField::FromService,
    SheetField::FromHead,
    SheetField::ToService,
    SheetField::ToHead,
    SheetField::ReturnedTo,
    SheetField::Amount,
    SheetField::Fund,
    SheetField::Permanence,
    SheetField::Underspend,
    SheetField::InForceFrom,
    SheetField::Body,
    SheetField::Office,
    SheetField::Reason,
    SheetField::Board,
    SheetField::Proposal,
    SheetField::NoApproval,
    SheetField::Year,
    SheetField::Collaboration,
    SheetField::Source,
    SheetField::Place,
    SheetField::Note,
];

/// A step of a virement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VirementStep {
    Requested,
    Made,
}

pub const STEPS: &[(&[&str], VirementStep)] = &[
    (
        &["requested", "request", "proposed"],
        VirementStep::Requested,
    ),
    (&["made", "moved"], VirementStep::Made),
];

pub const PERMANENCES: &[(&[&str], Permanence)] = &[
    (&["one off", "this year"], Permanence::OneOff),
    (&["permanent", "for good"], Permanence::Permanent),
];

pub const UNDERSPENDS: &[(&[&str], UnderspendBasis)] = &[
    (&["actual"], UnderspendBasis::Actual),
    (&["projected"], UnderspendBasis::Projected),
    (&["none", "no"], UnderspendBasis::Unspecified),
];

/// The rows of one virement, the first of which has what they share.
type Group = Vec<SheetRow>;

/// Reads the virements. Requests become proposals that later rows and sheets may name.
pub fn read(
    reader: &SheetReader<'_>,
    proposals: &mut Vec<KnownProposal>,
) -> Vec<(CellPlace, Event)> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_reference: BTreeMap<(String, Option<VirementStep>), usize> = BTreeMap::new();
    for row in lines::rows(reader, COLUMNS) {
        let step = reader.choice(&row, SheetField::Step, STEPS);
        match reader.line(&row, SheetField::Reference) {
            None => groups.push(vec![row]),
            Some(reference) => {
                let index = *by_reference
                    .entry((reference, step))
                    .or_insert(groups.len());
                match groups.get_mut(index) {
                    Some(group) => group.push(row),
                    None => groups.push(vec![row]),
                }
            }
        }
    }
    groups
        .iter()
        .filter_map(|group| {
            let first = group.first()?;
            Some((first.at, virement(reader, group, proposals)?))
        })
        .collect()
}

fn virement(
    reader: &SheetReader<'_>,
    group: &Group,
    proposals: &mut Vec<KnownProposal>,
) -> Option<Event> {
    let row = group.first()?;
    if reader.is_empty(row, SheetField::Step) {
        reader.missing(row, SheetField::Step);
    }
    let step = reader.choice(row, SheetField::Step, STEPS);
    let subject = reader.subject(row);
    let year = reader.year(row);
    let subject = subject?;
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for row in group {
        add_sides(reader, row, &subject, &mut sources, &mut targets);
    }
    let virement = Virement {
        financial_year: year?.to_string(),
        sources,
        targets,
        basis: reader
            .choice(row, SheetField::Underspend, UNDERSPENDS)
            .unwrap_or_default()
            .into(),
        permanence: reader
            .choice(row, SheetField::Permanence, PERMANENCES)
            .unwrap_or_default()
            .into(),
        ..Virement::default()
    };
    match step? {
        VirementStep::Requested => requested(reader, row, &subject, virement, proposals),
        VirementStep::Made => made(reader, row, &subject, virement, proposals),
    }
}

fn requested(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    subject: &SheetSubject<'_>,
    virement: Virement,
    proposals: &mut Vec<KnownProposal>,
) -> Option<Event> {
    let parties = subject.names.map_or(&[][..], |names| &names.parties);
    let acted_by = reader.actor(row, SheetField::Body, parties);
    if acted_by.is_none() {
        reader.missing(row, SheetField::Body);
    }
    if reader.is_empty(row, SheetField::Reason) {
        reader.missing(row, SheetField::Reason);
    }
    let title = reader.line(row, SheetField::Title).unwrap_or_default();
    let board_id = reader.board(row).unwrap_or_default();
    let request = VirementRequested {
        virement: Some(virement),
        reason: reader.text(row, SheetField::Reason).unwrap_or_default(),
        board_id: board_id.clone(),
        title: title.clone(),
        ..VirementRequested::default()
    };
    let kind = event::Kind::VirementRequested(request);
    let mut event = reader.event(row, &subject.subject, kind);
    event.acted_by = acted_by;
    let id = derived_uuid("proposal", &event.encode_to_vec());
    if let Some(event::Kind::VirementRequested(request)) = &mut event.kind {
        request.proposal_id.clone_from(&id);
    }
    let reference = reader.line(row, SheetField::Reference);
    let also: Vec<String> = reference.into_iter().collect();
    if !proposals.iter().any(|known| known.thing.id == id) {
        proposals.push(KnownProposal {
            subject: subject.subject.clone(),
            thing: NamedThing::new(&id, &title, &also),
            is_virement: true,
            board_id,
            is_open: true,
        });
    }
    Some(event)
}

fn made(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    subject: &SheetSubject<'_>,
    virement: Virement,
    proposals: &[KnownProposal],
) -> Option<Event> {
    let rests_on = match reader.is_empty(row, SheetField::Proposal) {
        true => None,
        false => Some(proposal(reader, row, proposals)?.thing.id.clone()),
    };
    let breach = reader.text(row, SheetField::NoApproval);
    let basis = match (rests_on, breach) {
        (proposal_id, Some(reason)) => {
            let proposal_id = proposal_id.unwrap_or_default();
            let breach = AcknowledgedBreach {
                reason,
                proposal_id,
            };
            Some(authority::Basis::AcknowledgedBreach(breach))
        }
        (Some(proposal_id), None) => Some(authority::Basis::ProposalId(proposal_id)),
        (None, None) => None,
    };
    let parties = subject.names.map_or(&[][..], |names| &names.parties);
    let acted_by = reader.actor(row, SheetField::Body, parties);
    let made = VirementMade {
        virement: Some(virement),
        ..VirementMade::default()
    };
    let mut event = reader.event(row, &subject.subject, event::Kind::VirementMade(made));
    event.acted_by = acted_by;
    event.authority = basis.map(|basis| Authority { basis: Some(basis) });
    let reference = reader.line(row, SheetField::Reference).unwrap_or_default();
    let id = match reference.to_lowercase().parse::<Slug>() {
        Ok(slug) => slug.to_string(),
        Err(_) => derived_id("virement", std::slice::from_ref(&event)),
    };
    if let Some(event::Kind::VirementMade(made)) = &mut event.kind {
        made.virement_id = id;
    }
    Some(event)
}

/// Adds the head that a row takes from, and the head or body that it gives to.
fn add_sides(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    subject: &SheetSubject<'_>,
    sources: &mut Vec<VirementSide>,
    targets: &mut Vec<VirementSide>,
) {
    if reader.is_empty(row, SheetField::Amount) && reader.is_empty(row, SheetField::NoApproval) {
        reader.missing(row, SheetField::Amount);
    }
    let pence = reader.amount(row, SheetField::Amount, MoneyUnit::Pounds);
    if pence.is_some_and(|pence| pence <= 0) {
        reader.fault(
            row.at,
            "the amount of a virement is above zero: swap the heads",
        );
    }
    // Only of an acknowledged breach may it be unknown, which 0 says.
    let pence = pence.unwrap_or(0);
    let fund = reader
        .choice(row, SheetField::Fund, FUNDS)
        .unwrap_or_default();
    let from = head(
        reader,
        row,
        subject,
        (SheetField::FromService, SheetField::FromHead),
        fund,
    );
    match from {
        Some(head) => add(sources, virement_side::Place::Head(head), pence),
        None => reader.missing(row, SheetField::FromService),
    }
    let parties = subject.names.map_or(&[][..], |names| &names.parties);
    let to = head(
        reader,
        row,
        subject,
        (SheetField::ToService, SheetField::ToHead),
        fund,
    );
    let returned = reader.body(row, SheetField::ReturnedTo, parties);
    match (to, returned) {
        (Some(_), Some(_)) => reader.fault(
            row.at,
            "money goes to a head, or is returned to a body: leave one of them out",
        ),
        (Some(head), None) => add(targets, virement_side::Place::Head(head), pence),
        (None, Some(body)) => add(targets, virement_side::Place::ReturnedToId(body), pence),
        (None, None) => reader.missing(row, SheetField::ToService),
    }
}

fn head(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    subject: &SheetSubject<'_>,
    (service, head): (SheetField, SheetField),
    fund: FundType,
) -> Option<BudgetHead> {
    let service_id = reader.service(row, service, subject);
    let is_fault = service_id.is_none() && !reader.is_empty(row, service);
    let head = reader.line(row, head);
    (service_id.is_some() || head.is_some() || is_fault).then(|| BudgetHead {
        service_id: service_id.unwrap_or_default(),
        head: head.unwrap_or_default(),
        fund: fund.into(),
        ..BudgetHead::default()
    })
}

/// Adds to the amount of a place that another row has named.
fn add(sides: &mut Vec<VirementSide>, place: virement_side::Place, pence: i64) {
    let place = Some(place);
    match sides.iter_mut().find(|side| side.place == place) {
        Some(side) => side.amount_pence = side.amount_pence.saturating_add(pence),
        None => sides.push(VirementSide {
            place,
            amount_pence: pence,
        }),
    }
}
