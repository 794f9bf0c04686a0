//! The drop-downs of a template: lists of names on a sheet of their own.

use std::collections::BTreeMap;

use minutebook_domain::same_name::check_name;
use minutebook_domain::text::Name;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Formula, Worksheet, XlsxError};

use crate::directory::NameDirectory;
use crate::matching::{NamedThing, name_key};
use crate::sheet_field::SheetField;
use crate::{budget, decisions, formula, virements, votes};

/// The most names of a list. Others are typed.
const NAMES_MAX: usize = 2_000;

/// The name of the sheet with the lists.
const LISTS: &str = "Lists";

/// A list of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NameList {
    Bodies,
    Parties,
    Boards,
    Collaborations,
    Services,
    Heads,
    Instruments,
    Proposals,
}

/// The drop-downs of one template.
pub struct DropDowns<'d> {
    directory: &'d NameDirectory,
    of: Option<&'d NamedThing>,
    /// The lists that are used, with their columns.
    lists: BTreeMap<NameList, (u16, Vec<String>)>,
}

/// The help in filling in a field.
enum Help {
    Names(NameList),
    Words(Vec<&'static str>),
    Nothing,
}

impl<'d> DropDowns<'d> {
    pub fn new(directory: &'d NameDirectory, of: Option<&'d NamedThing>) -> Self {
        Self {
            directory,
            of,
            lists: BTreeMap::new(),
        }
    }

    /// The text by which a collaboration is written into a cell.
    pub fn label(&self, of: &NamedThing) -> String {
        label(of, &self.directory.collaborations)
    }

    /// Adds the drop-down of a field, and its hint, to the rows of a column.
    pub fn add_validation(
        &mut self,
        sheet: &mut Worksheet,
        field: SheetField,
        rows: (u32, u32),
        column: u16,
    ) -> Result<(), XlsxError> {
        let validation = match self.help(field) {
            Help::Words(words) => DataValidation::new().allow_list_strings(&words)?,
            Help::Names(list) => match self.range_of(list) {
                Some(range) => DataValidation::new().allow_list_formula(Formula::new(range)),
                None => DataValidation::new().allow_any_value(),
            },
            Help::Nothing => DataValidation::new().allow_any_value(),
        };
        // Ids and parts of names are read too, so that another text is only warned of.
        let validation = validation
            .set_input_title(field.label().chars().take(32).collect::<String>())?
            .set_input_message(field.hint().chars().take(255).collect::<String>())?
            .set_error_style(DataValidationErrorStyle::Information)
            .set_error_message("This is not in the list. The register may know it by its id.")?;
        sheet.add_data_validation(rows.0, column, rows.1, column, &validation)?;
        Ok(())
    }

    fn help(&self, field: SheetField) -> Help {
        let parties = match self.of {
            Some(_) => NameList::Parties,
            None => NameList::Bodies,
        };
        match field {
            SheetField::Collaboration => Help::Names(NameList::Collaborations),
            SheetField::Service | SheetField::FromService | SheetField::ToService => {
                Help::Names(NameList::Services)
            }
            SheetField::Head | SheetField::FromHead | SheetField::ToHead => {
                Help::Names(NameList::Heads)
            }
            SheetField::Body | SheetField::ReturnedTo => Help::Names(parties),
            SheetField::Voter | SheetField::DecidedBy => Help::Names(NameList::Bodies),
            SheetField::Board => Help::Names(NameList::Boards),
            SheetField::Proposal => Help::Names(NameList::Proposals),
            SheetField::Instrument => Help::Names(NameList::Instruments),
            SheetField::Unit => Help::Words(vec!["£", "£'000", "£m", "pence"]),
            SheetField::Fund => Help::Words(first_words(budget::FUNDS)),
            SheetField::IncomeOrCost => Help::Words(vec!["expenditure", "income"]),
            SheetField::SharesAre => Help::Words(first_words(formula::SHARES_ARE)),
            SheetField::Step => Help::Words(first_words(virements::STEPS)),
            SheetField::Permanence => Help::Words(first_words(virements::PERMANENCES)),
            SheetField::Underspend => Help::Words(first_words(virements::UNDERSPENDS)),
            SheetField::Choice => Help::Words(first_words(votes::CHOICES)),
            SheetField::Outcome => Help::Words(first_words(decisions::OUTCOMES)),
            SheetField::SeatOnly | SheetField::Unanimous | SheetField::AllowsProjected => {
                Help::Words(vec!["yes", "no"])
            }
            SheetField::What
            | SheetField::Subject
            | SheetField::Year
            | SheetField::InForceFrom
            | SheetField::DecidedOn
            | SheetField::Title
            | SheetField::BudgetId
            | SheetField::Source
            | SheetField::Place
            | SheetField::Link
            | SheetField::Note
            | SheetField::RecordedBy
            | SheetField::Office
            | SheetField::Amount
            | SheetField::Share
            | SheetField::Basis
            | SheetField::Reference
            | SheetField::Reason
            | SheetField::Meeting
            | SheetField::NoApproval
            | SheetField::Conflict
            | SheetField::Conditions
            | SheetField::Present
            | SheetField::VotesFor
            | SheetField::VotesAgainst
            | SheetField::Abstentions => Help::Nothing,
        }
    }

    /// The cells of a list; `None` if it is empty.
    fn range_of(&mut self, list: NameList) -> Option<String> {
        if !self.lists.contains_key(&list) {
            let names = self.names(list);
            let column = u16::try_from(self.lists.len()).unwrap_or(u16::MAX);
            self.lists.insert(list, (column, names));
        }
        let (column, names) = self.lists.get(&list)?;
        if names.is_empty() {
            return None;
        }
        let letters = crate::grid::column_name(u32::from(*column));
        let last = names.len() + 1;
        Some(format!("={LISTS}!${letters}$2:${letters}${last}"))
    }

    fn names(&self, list: NameList) -> Vec<String> {
        let directory = self.directory;
        let within = || {
            let of = self.of.map(|of| format!("collaborations/{}", of.id));
            directory
                .subjects()
                .filter(move |(subject, _)| of.as_ref().is_none_or(|of| of == *subject))
                .map(|(_, names)| names)
        };
        let things: Vec<NamedThing> = match list {
            NameList::Bodies => directory.bodies.clone(),
            NameList::Boards => directory.boards.clone(),
            NameList::Collaborations => directory.collaborations.clone(),
            NameList::Parties => within().flat_map(|names| names.parties.clone()).collect(),
            NameList::Services => within().flat_map(|names| names.services.clone()).collect(),
            NameList::Instruments => within()
                .flat_map(|names| names.instruments.clone())
                .collect(),
            NameList::Proposals => {
                let of = self.of.map(|of| format!("collaborations/{}", of.id));
                let proposals = directory.proposals.iter().filter(|proposal| {
                    proposal.is_open && of.as_ref().is_none_or(|of| *of == proposal.subject)
                });
                proposals.map(|proposal| proposal.thing.clone()).collect()
            }
            NameList::Heads => {
                let heads = within().flat_map(|names| &names.heads);
                let names: Vec<String> = heads.map(|head| plain(&head.name)).collect();
                return sorted(names);
            }
        };
        // A list is compared with itself only as far as it is written.
        let things = things.get(..NAMES_MAX).unwrap_or(&things);
        sorted(labels(things))
    }

    /// The sheet with the lists, which is hidden.
    pub fn into_sheet(self) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(LISTS)?;
        sheet.set_hidden(true);
        for (list, (column, names)) in self.lists {
            sheet.write_string(0, column, format!("{list:?}"))?;
            for (row, name) in (1_u32..).zip(names) {
                sheet.write_string(row, column, name)?;
            }
        }
        Ok(sheet)
    }
}

fn first_words<T>(choices: &[(&[&'static str], T)]) -> Vec<&'static str> {
    choices
        .iter()
        .filter_map(|(words, _)| words.first().copied())
        .collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| !name.is_empty());
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup();
    names.truncate(NAMES_MAX);
    names
}

/// A name as it is offered: with its id where another has the same name, and the id alone
/// where the name could be taken for a formula, or does not show what it says.
pub fn label(thing: &NamedThing, among: &[NamedThing]) -> String {
    let is_shared = among
        .iter()
        .any(|other| other.id != thing.id && name_key(&other.name) == name_key(&thing.name));
    written(thing, is_shared)
}

fn written(thing: &NamedThing, is_shared: bool) -> String {
    match (is_harmless(&thing.name), is_shared) {
        (false, _) => thing.id.clone(),
        (true, true) => format!("{} [{}]", thing.name, thing.id),
        (true, false) => thing.name.clone(),
    }
}

/// The labels of all things of a list.
fn labels(things: &[NamedThing]) -> Vec<String> {
    let mut ids: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for thing in things {
        ids.entry(name_key(&thing.name))
            .or_default()
            .push(&thing.id);
    }
    let is_shared = |thing: &NamedThing| {
        let ids = ids.get(&name_key(&thing.name));
        ids.is_some_and(|ids| ids.iter().any(|id| *id != thing.id))
    };
    things
        .iter()
        .map(|thing| written(thing, is_shared(thing)))
        .collect()
}

/// A name without an id, such as that of a head; empty if it is not harmless.
pub fn plain(name: &str) -> String {
    if is_harmless(name) {
        name.to_owned()
    } else {
        String::new()
    }
}

fn is_harmless(name: &str) -> bool {
    let begins_like_a_formula = name
        .trim_start()
        .starts_with(['=', '+', '-', '@', '|', '%']);
    let shows = Name::new(name).is_ok() && check_name(name).is_ok();
    !begins_like_a_formula && shows
}
