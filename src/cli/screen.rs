//! Standard output: its width, its style, and the writing of answers.
//!
//! Every line of an answer passes through a [`Screen`], so a reader that goes away, as
//! `head` does, ends the command quietly instead of with a panic.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::failure::Failure;
use crate::present::table::Layout;

/// The width of tables without a terminal, unless `COLUMNS` sets another.
const WIDTH_WITHOUT_TERMINAL: u16 = 120;

/// The terminal's width and style, or none.
fn layout_of_stdout() -> Layout {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .filter(|width| *width >= 20);
    if !io::stdout().is_terminal() {
        return Layout::plain(columns.unwrap_or(WIDTH_WITHOUT_TERMINAL));
    }
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    Layout {
        width: comfy_table::Table::new()
            .width()
            .or(columns)
            .unwrap_or(WIDTH_WITHOUT_TERMINAL),
        styled: !no_colour && !dumb,
    }
}

pub struct Screen {
    sink: Box<dyn Write>,
    layout: Layout,
}

impl Screen {
    pub fn stdout() -> Self {
        Self {
            sink: Box::new(io::BufWriter::new(io::stdout())),
            layout: layout_of_stdout(),
        }
    }

    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Writes `text` and a line feed, and flushes.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.sink, "{text}")?;
        self.flush()
    }

    /// Writes `text` unchanged, into a buffer that [`Screen::flush`] empties.
    pub fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.sink.write_all(text.as_bytes())?;
        Ok(())
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        self.sink.flush()?;
        Ok(())
    }

    /// Writes a result that is no published message as JSON, over several lines.
    pub fn json(&mut self, report: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(report).map_err(not_json)?;
        self.line(&text)
    }

    /// The sink, for writing bytes.
    pub fn sink(&mut self) -> &mut dyn Write {
        &mut *self.sink
    }
}

fn not_json(error: serde_json::Error) -> Failure {
    Failure::Broken(format!("The answer cannot be written as JSON: {error}"))
}

/// The output of a test's screen.
#[cfg(test)]
#[derive(Clone, Default)]
pub struct Written(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(test)]
impl Written {
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
    /// A screen that keeps its output.
    pub fn for_test() -> (Self, Written) {
        let written = Written::default();
        let screen = Self {
            sink: Box::new(written.clone()),
            layout: Layout::plain(120),
        };
        (screen, written)
    }
}
