//! The names that a register knows, from its published answers.

use std::collections::BTreeMap;

use minutebook_wire::proto::{
    ApprovalView, BoardSummary, BodySummary, BudgetView, CollaborationSummary, CollaborationView,
    FundType, MatterKind,
};

use crate::matching::NamedThing;

/// The names of a subject's parties, services, heads and instruments.
#[derive(Debug, Clone, Default)]
pub struct SubjectNames {
    /// The bodies that are parties of a collaboration.
    pub parties: Vec<NamedThing>,
    pub services: Vec<NamedThing>,
    pub instruments: Vec<NamedThing>,
    /// Heads that a budget or a definition names, each with its service's id, if it has one.
    pub heads: Vec<KnownHead>,
}

/// A head of a subject's budgets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHead {
    /// Empty for a head without a service.
    pub service_id: String,
    pub name: String,
    pub is_capital: bool,
    pub is_income: bool,
}

/// A proposal, and the subject that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProposal {
    pub subject: String,
    /// By its id and its title.
    pub thing: NamedThing,
    pub is_virement: bool,
    /// The id of the board that is to decide; empty if there is none.
    pub board_id: String,
    pub is_open: bool,
}

/// The names that a register knows: what a workbook may name.
#[derive(Debug, Clone, Default)]
pub struct NameDirectory {
    pub(crate) bodies: Vec<NamedThing>,
    pub(crate) boards: Vec<NamedThing>,
    pub(crate) collaborations: Vec<NamedThing>,
    pub(crate) proposals: Vec<KnownProposal>,
    subjects: BTreeMap<String, SubjectNames>,
}

impl NameDirectory {
    pub fn add_bodies(&mut self, bodies: &[BodySummary]) {
        for summary in bodies {
            if let Some(body) = &summary.body {
                let thing = NamedThing::new(&body.body_id, &body.name, &summary.formerly);
                self.bodies.push(thing);
            }
        }
    }

    pub fn add_boards(&mut self, boards: &[BoardSummary]) {
        for board in boards.iter().filter_map(|summary| summary.board.as_ref()) {
            let thing = NamedThing::new(&board.board_id, &board.name, &[]);
            self.boards.push(thing);
        }
    }

    pub fn add_collaborations(&mut self, collaborations: &[CollaborationSummary]) {
        for summary in collaborations {
            let thing = NamedThing::new(&summary.collaboration_id, &summary.name, &[]);
            self.collaborations.push(thing);
        }
    }

    /// Adds another name of a subject, such as one that the register found it by.
    pub fn add_alias(&mut self, subject: &str, alias: &str) {
        let Some((noun, id)) = subject.split_once('/') else {
            return;
        };
        let things = match noun {
            "bodies" => &mut self.bodies,
            "boards" => &mut self.boards,
            "collaborations" => &mut self.collaborations,
            _ => return,
        };
        if let Some(thing) = things.iter_mut().find(|thing| thing.id == id) {
            thing.also.push(alias.to_owned());
        }
    }

    pub fn add_collaboration(&mut self, view: &CollaborationView) {
        let Some(summary) = &view.summary else {
            return;
        };
        let subject = format!("collaborations/{}", summary.collaboration_id);
        for alias in &view.aliases {
            self.add_alias(&subject, alias);
        }
        let former = view.former_parties.iter();
        let parties = view.parties.iter().chain(former).filter_map(|party| {
            let body = party.body.as_ref()?;
            let known = self.bodies.iter().find(|thing| thing.id == body.body_id);
            let also = known.map_or(&[][..], |thing| &thing.also);
            Some(NamedThing::new(&body.body_id, &body.name, also))
        });
        let parties = parties.collect();
        let former = view.former_services.iter();
        let services = view.services.iter().chain(former).filter_map(|service| {
            let named = service.service.as_ref()?;
            Some(NamedThing::new(
                &named.service_id,
                &named.name,
                &service.aliases,
            ))
        });
        let services = services.collect();
        let instruments = view
            .instruments
            .iter()
            .map(|instrument| NamedThing::new(&instrument.instrument_id, &instrument.title, &[]));
        let instruments = instruments.collect();
        let names = self.subjects.entry(subject).or_default();
        names.parties = parties;
        names.services = services;
        names.instruments = instruments;
    }

    pub fn add_budget(&mut self, view: &BudgetView) {
        let names = self.subjects.entry(view.subject.clone()).or_default();
        for row in view.rows.iter().filter(|row| !row.head.is_empty()) {
            let service = row.service.as_ref();
            names.heads.push(KnownHead {
                service_id: service.map_or_else(String::new, |service| service.service_id.clone()),
                name: row.head.clone(),
                is_capital: row.fund == i32::from(FundType::Capital),
                is_income: row.is_income,
            });
        }
    }

    pub fn add_approvals(&mut self, approvals: &[ApprovalView]) {
        for view in approvals {
            let board = view.board.as_ref();
            self.proposals.push(KnownProposal {
                subject: view.subject.clone(),
                thing: NamedThing::new(&view.proposal_id, &view.title, &[]),
                is_virement: view.matter_kind == i32::from(MatterKind::MakeVirement),
                board_id: board.map_or_else(String::new, |board| board.board_id.clone()),
                is_open: view.settled_on.is_none(),
            });
        }
    }

    pub fn bodies(&self) -> &[NamedThing] {
        &self.bodies
    }

    pub fn boards(&self) -> &[NamedThing] {
        &self.boards
    }

    pub fn collaborations(&self) -> &[NamedThing] {
        &self.collaborations
    }

    /// Each proposal, by its id and title, with the subject that it is of.
    pub fn proposals(&self) -> impl Iterator<Item = (&str, &NamedThing)> {
        let proposals = self.proposals.iter();
        proposals.map(|proposal| (proposal.subject.as_str(), &proposal.thing))
    }

    /// The ids of all collaborations.
    pub fn collaboration_ids(&self) -> impl Iterator<Item = &str> {
        self.collaborations.iter().map(|thing| thing.id.as_str())
    }

    /// The names within a subject; `None` if nothing was asked about it.
    pub fn names_of(&self, subject: &str) -> Option<&SubjectNames> {
        self.subjects.get(subject)
    }

    pub(crate) fn subjects(&self) -> impl Iterator<Item = (&String, &SubjectNames)> {
        self.subjects.iter()
    }
}
