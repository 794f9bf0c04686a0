//! A pack as a paper: first a page to decide from, then what is behind it.
//!
//! A section that has nothing to show is a line on the first page, which says what was
//! looked for.

mod breaches;
mod changes;
mod contributions;
mod decisions;
mod differences;
mod front_page;
mod money;
mod outcome;
mod proofs;
mod tasks;

use std::collections::BTreeSet;

use minutebook_page::spoken;
use minutebook_paper::paper::{Paper, SubjectLine};
use minutebook_paper::section::{Block, Section, Span};
use minutebook_present::dates;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    AnsweredFrom, BoardView, Bringer, CollaborationRef, DiffResponse, MeetingInFullView,
    ProposalView,
};

use crate::answers::PackAnswers;
use crate::known_names::KnownNames;
use crate::pack::Pack;
use crate::plan::{self, PackPlan};
use crate::question::PackRequest;

/// The paper of a pack, without the pack inside.
pub fn compose(pack: &Pack) -> Paper {
    PackComposer::new(pack).paper()
}

/// The entries that the pack of some answers will name: they are quoted in its seal.
pub fn named_entries(pack: &Pack) -> BTreeSet<u64> {
    PackComposer::new(pack).paper().entries()
}

/// The answers and the names in them, while the sections are composed.
struct PackComposer<'a> {
    pack: &'a Pack,
    names: KnownNames,
}

impl<'a> PackComposer<'a> {
    fn new(pack: &'a Pack) -> Self {
        Self {
            pack,
            names: KnownNames::of(&pack.answers),
        }
    }

    fn plan(&self) -> &'a PackPlan {
        &self.pack.plan
    }

    fn answers(&self) -> &'a PackAnswers {
        &self.pack.answers
    }

    fn get<R: PackRequest + 'a>(&self, request: &R) -> Option<&'a R::Response> {
        self.pack.answers.get(request)
    }

    fn paper(&self) -> Paper {
        let mut missing = Vec::new();
        let mut sections = Vec::new();
        for (name, section) in [
            ("decisions", self.decisions()),
            ("changes", self.changes()),
            ("budgets and virements", self.money()),
            ("contributions of this year", self.contributions()),
            ("acts without prior approval", self.breaches()),
            ("actions, notices and deadlines", self.tasks()),
            ("new differences between documents", self.differences()),
        ] {
            match section {
                Some(section) => sections.push(section),
                None => missing.push(name),
            }
        }
        sections.insert(0, self.front_page(&missing));
        let board = self.board_name();
        let day = self.meeting_day();
        // The day stays on one line.
        let day_together = day.replace(' ', "\u{a0}");
        let title = format!("{board}: pack for the meeting of {day_together}");
        let mut paper = Paper::new(title, format!("{board}, {day}"), self.pack.made_at());
        paper.subject = self.subject();
        paper.sections = sections;
        paper.entry_links.clone_from(&self.pack.register);
        // Last: it describes the entries that the others name.
        let named = paper.entries();
        let proofs = self.proofs(&named);
        paper.sections.push(proofs);
        paper
    }

    fn subject(&self) -> Vec<SubjectLine> {
        let plan = self.plan();
        let standing = self.meeting().and_then(|view| view.meeting.as_ref());
        let standing = standing.map_or_else(String::new, |meeting| meeting.standing().label());
        let mut meeting = self.meeting_day();
        if !standing.is_empty() {
            meeting = format!("{meeting}, {standing}");
        }
        let mut lines = vec![
            SubjectLine::new("Board", self.board_name()),
            SubjectLine::new("Meeting", meeting),
            SubjectLine::new("In force on", spoken::date(&plan.in_force_on)),
            SubjectLine::new("Known", self.known()),
        ];
        if let Some((origin, size, _)) = self.pack.seal.lines() {
            let sealed = format!("with the first {size} entries of {origin}; see the last section");
            lines.push(SubjectLine::new("Sealed", sealed));
        }
        if self.from().is_some_and(|from| from.withheld) {
            let sentence = "Entries that the maker of this pack may not read";
            lines.push(SubjectLine::new("Left out", sentence));
        }
        lines
    }

    fn known(&self) -> String {
        let position = format!("everything up to entry {}", self.plan().position);
        match self.from().and_then(|from| from.known_at.as_ref()) {
            Some(at) => {
                let day = dates::london_day(at);
                format!("{position}, recorded {}", spoken::optional(&day))
            }
            None => position,
        }
    }

    fn from(&self) -> Option<&'a AnsweredFrom> {
        self.get(&self.plan().board())?.answered_from.as_ref()
    }

    fn board(&self) -> Option<&'a BoardView> {
        self.get(&self.plan().board())?.board.as_ref()
    }

    fn board_name(&self) -> String {
        let summary = self.board().and_then(|board| board.summary.as_ref());
        match summary.and_then(|summary| summary.board.as_ref()) {
            Some(board) if !board.name.is_empty() => board.name.clone(),
            _ => self.plan().board_id.clone(),
        }
    }

    fn meeting(&self) -> Option<&'a MeetingInFullView> {
        self.get(&self.plan().meeting())?.meeting.as_ref()
    }

    fn meeting_day(&self) -> String {
        let meeting = self.meeting().and_then(|view| view.meeting.as_ref());
        let day = meeting.and_then(plan::meeting_day);
        day.map_or_else(|| self.plan().meeting_id.clone(), |day| spoken::date(&day))
    }

    fn collaborations(&self) -> Vec<CollaborationRef> {
        self.plan().collaborations(self.answers())
    }

    /// The board and the collaborations that it serves, as subjects.
    fn subjects(&self) -> Vec<String> {
        let board = format!("boards/{}", self.plan().board_id);
        let collaborations = self.collaborations();
        std::iter::once(board)
            .chain(collaborations.iter().map(plan::subject))
            .collect()
    }

    fn proposals(&self) -> Vec<&'a ProposalView> {
        let ids = self.plan().proposal_ids(self.answers());
        let answers = ids.iter().map(|id| self.get(&self.plan().proposal(id)));
        answers
            .filter_map(|answer| answer?.proposal.as_ref())
            .collect()
    }

    fn difference(&self) -> Option<&'a DiffResponse> {
        let request = self.plan().changes(self.answers())?;
        self.get(&request)
    }

    /// The entries that changed something since the last meeting, by day and position.
    fn bringers(&self) -> Vec<&'a Bringer> {
        let differences = self
            .difference()
            .map(|answer| answer.differences.as_slice());
        let differences = differences.unwrap_or_default().iter();
        let mut bringers: Vec<&Bringer> = differences
            .flat_map(|one| one.entries.iter().chain(&one.other_entries))
            .collect();
        let day = |one: &Bringer| one.effective_on.as_ref().map_or((0, 0, 0), plan::order);
        bringers.sort_by_key(|one| (day(one), one.position));
        bringers.dedup_by_key(|one| one.position);
        bringers
    }
}

/// `(entry 35)` after a sentence; nothing where there is no entry.
fn in_brackets(position: u64) -> Vec<Span> {
    match position {
        0 => Vec::new(),
        position => vec![Span::plain(" ("), Span::entry(position), Span::plain(")")],
    }
}

/// A section that begins a page.
fn new_page(heading: &str) -> Section {
    let mut section = Section::new(heading);
    section.blocks.push(Block::PageBreak);
    section
}

/// Whether a section shows anything below its heading.
fn has_content(section: &Section) -> bool {
    let is_break = |block: &Block| matches!(block, Block::PageBreak);
    !section.blocks.iter().all(is_break) || !section.parts.is_empty()
}
