//! `minutebook show contributions`: all tables of the answer, or one of them.

use clap::ValueEnum;

use super::super::failure::Failure;
use super::super::format::{self, Format};
use super::super::screen::Screen;
use minutebook_grpc::wire::proto::GetContributionsResponse;
use minutebook_present::answer::{Answer as _, answered_from};
use minutebook_present::reports::contributions::{self, ContributionsTable};
use minutebook_present::{csv, table};

/// A table of who pays for a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OneTable {
    /// Each body, with its figures
    Bodies,
    /// Each service, with the part of each body
    Shares,
    /// Each line of the budget, with the part of each body
    Lines,
    /// Each instalment of each invoice
    Invoices,
    /// Each payment
    Payments,
}

/// Writes the answer: as JSON always all of it.
pub(super) fn write(
    answer: &GetContributionsResponse,
    only: Option<OneTable>,
    format: Option<Format>,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let (Some(only), Some(view)) = (only, &answer.contributions) else {
        return format::write(answer, format, screen);
    };
    let report = contributions::only(
        view,
        match only {
            OneTable::Bodies => ContributionsTable::Matrix,
            OneTable::Shares => ContributionsTable::Shares,
            OneTable::Lines => ContributionsTable::Lines,
            OneTable::Invoices => ContributionsTable::Invoices,
            OneTable::Payments => ContributionsTable::Payments,
        },
    );
    match screen.format(format) {
        Format::Json => format::write(answer, format, screen),
        Format::Csv => screen.csv(|sink| csv::write(&report, sink)),
        Format::Table => {
            let footer = answer.answered_from().map(answered_from);
            let table = table::render(&report, screen.layout());
            let footer = footer.unwrap_or_default();
            screen.line(&(table + &table::render_sentences(&footer, screen.layout())))
        }
    }
}
