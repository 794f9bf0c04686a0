//! Standard output: its width, its style, and the writing of answers.
//!
//! Every line of an answer passes through a [`Screen`], so a reader that goes away, as
//! `head` does, ends the command quietly instead of with a panic. With `--out` it is a
//! file.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::failure::Failure;
use super::format::Format;
use minutebook_present::invisible::sanitise_for_terminal;
use minutebook_present::table::Layout;

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
    /// The form that is written where the command names none.
    format: Format,
    is_terminal: bool,
    /// Whether CSV begins with a byte order mark, and it is still to be written.
    needs_mark: bool,
}

/// A file that is made when something is written, so that a command which fails before
/// leaves the old one.
struct OutFile {
    path: PathBuf,
    file: Option<io::BufWriter<File>>,
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = File::create(&self.path).map_err(|error| {
                    io::Error::new(error.kind(), format!("{}: {error}", self.path.display()))
                })?;
                self.file.insert(io::BufWriter::new(file))
            }
        };
        file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// Passes text on to a terminal without what could steer it.
struct Sanitiser<'s>(&'s mut dyn Write);

impl Write for Sanitiser<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Only the end of what is written may be half a character.
        let len = match std::str::from_utf8(bytes) {
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                error.valid_up_to()
            }
            _ => bytes.len(),
        };
        let text = String::from_utf8_lossy(&bytes[..len]);
        self.0.write_all(sanitise_for_terminal(&text).as_bytes())?;
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// With it Excel reads a CSV file as UTF-8 and not in the code page of the machine.
const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Screen {
    pub fn stdout() -> Self {
        Self {
            sink: Box::new(io::BufWriter::new(io::stdout())),
            layout: layout_of_stdout(),
            format: Format::default(),
            is_terminal: io::stdout().is_terminal(),
            needs_mark: false,
        }
    }

    /// Writes to a file, by default in the form that its name ends in.
    pub fn file(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        Self {
            sink: Box::new(OutFile {
                path: path.to_owned(),
                file: None,
            }),
            layout: Layout::plain(WIDTH_WITHOUT_TERMINAL),
            format: match extension.to_str() {
                Some("csv") => Format::Csv,
                Some("json") => Format::Json,
                _ => Format::default(),
            },
            is_terminal: false,
            needs_mark: true,
        }
    }

    /// The form to write in: the one that the command names, or the usual one here.
    pub fn format(&self, named: Option<Format>) -> Format {
        named.unwrap_or(self.format)
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

    /// Writes a file that is no text.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.sink.write_all(bytes)?;
        self.flush()
    }

    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes a text that programs read: unchanged, but to a terminal without what could
    /// steer it.
    pub fn verbatim(&mut self, text: &str) -> Result<(), Failure> {
        match self.is_terminal {
            true => self.text(&sanitise_for_terminal(text)),
            false => self.text(text),
        }
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

    /// Writes CSV: to a file with a byte order mark, to a terminal without what could
    /// steer it, and to a pipe as it is.
    pub fn csv(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        if std::mem::take(&mut self.needs_mark) {
            self.text(BYTE_ORDER_MARK)?;
        }
        if self.is_terminal {
            write(&mut Sanitiser(&mut *self.sink))?;
        } else {
            write(&mut *self.sink)?;
        }
        Ok(())
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
            format: Format::default(),
            is_terminal: true,
            needs_mark: false,
        };
        (screen, written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_cannot_steer_a_terminal_and_a_pipe_gets_it_as_it_is() {
        let row = "a,\u{1b}[2J\u{2028}é\n";
        let (mut screen, written) = Screen::for_test();
        // As many writes as bytes: characters are put together again or replaced.
        screen.csv(|sink| sink.write_all(row.as_bytes())).unwrap();
        assert_eq!(written.text(), "a,\u{fffd}[2J\u{fffd}é\n");
        let (mut screen, written) = Screen::for_test();
        screen.is_terminal = false;
        screen.csv(|sink| sink.write_all(row.as_bytes())).unwrap();
        assert_eq!(written.text(), row);
    }

    #[test]
    fn a_file_has_a_mark_before_csv_alone_and_is_not_made_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.CSV");
        let mut screen = Screen::file(&path);
        screen.flush().unwrap();
        assert!(!path.exists());
        assert_eq!(screen.format(None), Format::Csv);
        assert_eq!(screen.format(Some(Format::Json)), Format::Json);
        for row in ["a\n", "b\n"] {
            screen.csv(|sink| sink.write_all(row.as_bytes())).unwrap();
        }
        screen.flush().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "\u{feff}a\nb\n");
        let mut screen = Screen::file(&folder.path().join("answer.json"));
        assert_eq!(screen.format(None), Format::Json);
        screen.line("{}").unwrap();
        let read = std::fs::read_to_string(folder.path().join("answer.json"));
        assert_eq!(read.unwrap(), "{}\n");
    }
}
