//! The news since the last meeting, by kind and day.

use minutebook_domain::event::{Kind, event_kinds};
use minutebook_page::spoken;
use minutebook_paper::paper_table::PaperTable;
use minutebook_paper::section::Section;
use minutebook_present::cell::Cell;
use minutebook_present::sheet::Sheet;
use minutebook_wire::entry;
use minutebook_wire::proto::Bringer;

use super::{PackComposer, new_page};

/// The headings under which changes are read, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeGroup {
    Decided,
    Money,
    Corrected,
    Agreements,
    Members,
    Assurance,
    Other,
    /// They are read where their proposals are.
    Votes,
}

impl ChangeGroup {
    const ALL: [Self; 8] = [
        Self::Decided,
        Self::Money,
        Self::Corrected,
        Self::Agreements,
        Self::Members,
        Self::Assurance,
        Self::Other,
        Self::Votes,
    ];

    pub fn heading(self) -> &'static str {
        match self {
            Self::Decided => "Decided",
            Self::Money => "Money",
            Self::Corrected => "Put right",
            Self::Agreements => "Agreements and services",
            Self::Members => "Members and meetings",
            Self::Assurance => "Reviews, risks and recommendations",
            Self::Other => "Other",
            Self::Votes => "Votes",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Decided => "changes_decided",
            Self::Money => "changes_money",
            Self::Corrected => "changes_corrected",
            Self::Agreements => "changes_agreements",
            Self::Members => "changes_members",
            Self::Assurance => "changes_assurance",
            Self::Other => "changes_other",
            Self::Votes => "changes_votes",
        }
    }

    fn of(kind: &Kind) -> Self {
        match (noun(kind), kind) {
            (_, Kind::VoteCast(_)) => Self::Votes,
            (_, Kind::VirementApproved(_)) => Self::Decided,
            ("decisions" | "challenges" | "delegations" | "approval_rules", _) => Self::Decided,
            (
                "virements" | "budgets" | "money" | "savings" | "invoices" | "settlements"
                | "funding_formulas",
                _,
            ) => Self::Money,
            ("corrections", _) => Self::Corrected,
            ("collaborations" | "services" | "instruments" | "publications" | "notices", _) => {
                Self::Agreements
            }
            ("bodies" | "boards" | "meetings", _) => Self::Members,
            ("assurance", _) => Self::Assurance,
            _ => Self::Other,
        }
    }
}

macro_rules! define_noun {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        /// The noun that a kind of event belongs to.
        fn noun(kind: &Kind) -> &'static str {
            match kind {
                $(Kind::$kind(_) => stringify!($noun),)*
            }
        }
    };
}

event_kinds!(define_noun);

impl PackComposer<'_> {
    /// The entries of each group that has some.
    pub fn change_groups(&self) -> Vec<(ChangeGroup, Vec<&Bringer>)> {
        let all: Vec<(ChangeGroup, &Bringer)> = self
            .bringers()
            .into_iter()
            .map(|bringer| (self.group(bringer.position), bringer))
            .collect();
        let groups = ChangeGroup::ALL.iter().map(|group| {
            let of_group = all.iter().filter(|(of, _)| of == group);
            (*group, of_group.map(|(_, bringer)| *bringer).collect())
        });
        groups
            .filter(|(_, bringers): &(_, Vec<_>)| !bringers.is_empty())
            .collect()
    }

    /// Read from the entry itself, where the pack has it.
    fn group(&self, position: u64) -> ChangeGroup {
        let quote = self.pack.seal.quote(position);
        let entry = quote.and_then(|quote| entry::decode(&quote.record).ok());
        entry.map_or(ChangeGroup::Other, |entry| {
            ChangeGroup::of(&entry.event.kind)
        })
    }

    pub fn changes(&self) -> Option<Section> {
        let since = self.plan().since_day(self.answers())?;
        let groups = self.change_groups();
        if groups.is_empty() {
            return None;
        }
        let mut section = new_page(&format!("Changes since {}", spoken::date(&since)));
        for (group, bringers) in groups {
            if group != ChangeGroup::Votes {
                section.table(PaperTable::new(self.change_table(group, &bringers)));
            }
        }
        Some(section)
    }

    fn change_table(&self, group: ChangeGroup, bringers: &[&Bringer]) -> Sheet {
        let mut sheet = Sheet::new(group.key(), group.heading()).columns([
            ("effective_on", "Day"),
            ("what", "What happened"),
            ("subject", "About"),
            ("position", "Entry"),
        ]);
        for bringer in bringers {
            sheet.row(vec![
                (&bringer.effective_on).into(),
                self.names.in_sentence(&bringer.summary).into(),
                self.subject_name(&bringer.subject),
                bringer.position.into(),
            ]);
        }
        sheet
    }

    /// The name of a subject, or the subject itself.
    pub fn subject_name(&self, subject: &str) -> Cell {
        let name = self.names.in_sentence(subject);
        let id = subject.split_once('/').map_or(subject, |(_, id)| id);
        match name == subject {
            true => id.into(),
            false => Cell::named(subject, name),
        }
    }
}
