//! Where a command's answer goes, and how wide it may be.
//!
//! Every line of an answer passes through a [`Screen`], so a reader that goes
//! away, as `head` does, ends the command quietly instead of with a panic.

use std::io::{self, IsTerminal, Write};

use prost::Name;
use serde::Serialize;

use super::failure::Failure;
use crate::wire::json;

/// Tables that nobody sees on a terminal are this wide, unless `COLUMNS` says
/// otherwise.
const WIDTH_WITHOUT_TERMINAL: u16 = 120;

/// How a table is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// How many characters wide it may be.
    pub width: u16,
    /// Whether headings may be set in bold.
    pub styled: bool,
}

impl Layout {
    /// A layout without escape codes.
    pub const fn plain(width: u16) -> Self {
        Self {
            width,
            styled: false,
        }
    }

    /// Fits standard output: the terminal's width and style, or none.
    fn of_stdout() -> Self {
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|text| text.parse().ok())
            .filter(|width| *width >= 20);
        if !io::stdout().is_terminal() {
            return Self::plain(columns.unwrap_or(WIDTH_WITHOUT_TERMINAL));
        }
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self {
            width: comfy_table::Table::new()
                .width()
                .or(columns)
                .unwrap_or(WIDTH_WITHOUT_TERMINAL),
            styled: !no_colour && !dumb,
        }
    }

    /// `text` in bold where the layout allows it.
    pub fn bold(self, text: &str) -> String {
        if self.styled {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Where an answer is written.
pub struct Screen {
    sink: Box<dyn Write>,
    layout: Layout,
}

impl Screen {
    /// Standard output.
    pub fn stdout() -> Self {
        Self {
            sink: Box::new(io::BufWriter::new(io::stdout())),
            layout: Layout::of_stdout(),
        }
    }

    /// How tables are laid out.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Writes `text` and a line feed, and sends both on.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.sink, "{text}")?;
        self.flush()
    }

    /// Writes `text` as it is; it is sent on when there is enough of it, or by
    /// [`Screen::flush`].
    pub fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.sink.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Sends on what was written.
    pub fn flush(&mut self) -> Result<(), Failure> {
        self.sink.flush()?;
        Ok(())
    }

    /// Writes a message as proto3 JSON: over several lines, for people too.
    pub fn message(&mut self, message: &impl Name) -> Result<(), Failure> {
        self.line(&json::to_string_pretty(message))
    }

    /// Writes a message as proto3 JSON on one line.
    pub fn message_line(&mut self, message: &impl Name) -> Result<(), Failure> {
        self.line(&json::to_string(message))
    }

    /// Writes a report of the command's own as JSON, over several lines.
    pub fn json(&mut self, report: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(report).map_err(not_json)?;
        self.line(&text)
    }

    /// Where to write bytes as they are.
    pub fn sink(&mut self) -> &mut dyn Write {
        &mut *self.sink
    }
}

fn not_json(error: serde_json::Error) -> Failure {
    Failure::Broken(format!("The answer cannot be written as JSON: {error}"))
}

/// What a test's screen was given.
#[cfg(test)]
#[derive(Clone, Default)]
pub struct Written(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(test)]
impl Written {
    /// All of it.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[cfg(test)]
impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
impl Screen {
    /// A screen that keeps what it is given.
    pub fn for_test() -> (Self, Written) {
        let written = Written::default();
        let screen = Self {
            sink: Box::new(written.clone()),
            layout: Layout::plain(120),
        };
        (screen, written)
    }
}
