//! Entries, one a line, as a table of fixed widths, as CSV or as JSON.

use crate::failure::Failure;
use crate::format::Format;
use crate::screen::Screen;
use minutebook_grpc::wire::proto::ReadHistoryResponse;
use minutebook_present::reports::history;
use minutebook_present::table::{self, FixedColumn};
use minutebook_present::{csv, json};

/// Position, instant, effective date, subject and summary.
const WIDTHS: [FixedColumn; 5] = [
    FixedColumn::Right(8),
    FixedColumn::Left(23),
    FixedColumn::Left(10),
    FixedColumn::Left(36),
    FixedColumn::Rest,
];

/// Writes entries as they come.
pub struct Lines<'a> {
    pub format: Format,
    pub screen: &'a mut Screen,
}

impl Lines<'_> {
    /// Writes the titles above the entries.
    pub fn header(&mut self) -> Result<(), Failure> {
        let columns = history::sheet();
        match self.format {
            Format::Json => Ok(()),
            Format::Csv => self.screen.csv(|sink| csv::write_header(&columns, sink)),
            Format::Table => {
                let titles = table::render_titles(&columns, &WIDTHS, self.screen.layout());
                self.screen.line(&titles)
            }
        }
    }

    pub fn entry(&mut self, answer: &ReadHistoryResponse) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.screen.line(&json::render_line(answer)),
            Format::Csv => self
                .screen
                .csv(|sink| csv::write_rows(&history::entry(answer), sink)),
            Format::Table => {
                let rows =
                    table::render_rows(&history::entry(answer), &WIDTHS, self.screen.layout());
                self.screen.text(&rows)
            }
        }
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        self.screen.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_grpc::wire::proto::{Date, Entry, Event};

    fn answer() -> ReadHistoryResponse {
        ReadHistoryResponse {
            entry: Some(Entry {
                position: 7,
                recorded_at: Some(prost_types::Timestamp {
                    seconds: 1_594_800_000,
                    nanos: 0,
                }),
                event: Some(Event {
                    subject: "collaborations/bch".into(),
                    effective_on: Some(Date {
                        year: 2015,
                        month: 10,
                        day: 0,
                    }),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            summary: "A party signs".into(),
            corrected_by_position: 9,
            ..Default::default()
        }
    }

    #[test]
    fn an_entry_is_one_line() {
        let (mut screen, written) = Screen::for_test();
        let mut lines = Lines {
            format: Format::Table,
            screen: &mut screen,
        };
        lines.header().unwrap();
        lines.entry(&answer()).unwrap();
        lines.flush().unwrap();
        assert_eq!(
            written.text(),
            "Position  Recorded                 Effective   Subject                               \
             What\n       \
             7  2020-07-15 09:00:00 BST  2015-10     collaborations/bch                    \
             A party signs [corrected by 9]\n"
        );
    }
}
