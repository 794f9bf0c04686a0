//! A file of a pack, opened again: the pack inside, and whether the file is what it gives.

use std::collections::BTreeSet;

use minutebook_paper::html::DATA_ID;

use crate::compose::named_entries;
use crate::files::{self, PackFileError, PackFormat};
use crate::pack::Pack;
use crate::pack_data::{self, PROGRAM, PackDataError};

/// The most bytes of a file that is opened.
pub const FILE_BYTES_MAX: u64 = 256 << 20;

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum PackOpenError {
    #[error(
        "it is no pack: a pack is a file of HTML, PDF or JSON that \"minutebook pack\" wrote, or a workbook beside such a file of JSON"
    )]
    NoPack,
    #[error(
        "a workbook does not carry the data that it is written from: put the file {0:?} of the same pack beside it"
    )]
    NoDataBeside(&'static str),
    #[error(transparent)]
    Data(#[from] PackDataError),
}

/// A file and the pack in it.
#[derive(Debug)]
pub struct OpenedPack {
    pub format: PackFormat,
    pub pack: Pack,
    /// The version of the program that wrote it.
    pub program: String,
}

/// The findings about a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileFindings {
    pub faults: Vec<String>,
    /// Neither right nor wrong: it could not be compared.
    pub unchecked: Vec<String>,
}

/// The name of the file of data that is looked for beside a workbook.
pub const DATA_BESIDE: &str = "pack.json";

/// The format of a file, by its first bytes.
pub fn format_of(bytes: &[u8]) -> Option<PackFormat> {
    let start = bytes.get(..9).unwrap_or(bytes);
    match start {
        _ if start.starts_with(b"%PDF-") => Some(PackFormat::Pdf),
        _ if start.starts_with(b"PK\x03\x04") => Some(PackFormat::Xlsx),
        _ if start.starts_with(b"<!DOCTYPE") => Some(PackFormat::Html),
        _ if start.starts_with(b"{") => Some(PackFormat::Json),
        _ => None,
    }
}

/// Opens a file. A workbook needs the data of the same pack `beside` it.
pub fn open(bytes: &[u8], beside: Option<&[u8]>) -> Result<OpenedPack, PackOpenError> {
    let format = format_of(bytes).ok_or(PackOpenError::NoPack)?;
    let data = match format {
        PackFormat::Json => Some(bytes),
        PackFormat::Html => {
            let start = format!("id=\"{DATA_ID}\">");
            between(bytes, start.as_bytes(), b"</script>")
        }
        PackFormat::Pdf => {
            let start = format!("{{\"format\":\"{}\"", pack_data::FORMAT);
            let from = find(bytes, start.as_bytes());
            let text = from.and_then(|from| bytes.get(from..));
            text.and_then(|text| find(text, b"\nendstream").and_then(|end| text.get(..end)))
        }
        PackFormat::Xlsx => Some(beside.ok_or(PackOpenError::NoDataBeside(DATA_BESIDE))?),
    };
    let text = data.and_then(|data| std::str::from_utf8(data).ok());
    let text = text.ok_or(PackOpenError::NoPack)?.trim_end();
    Ok(OpenedPack {
        format,
        pack: pack_data::read(text)?,
        program: pack_data::program_of(text).unwrap_or_default(),
    })
}

impl OpenedPack {
    /// Holds the file against what its pack gives, the questions against the plan, and the
    /// entries that it names against those that it quotes.
    pub fn check_file(&self, bytes: &[u8]) -> Result<FileFindings, PackFileError> {
        let mut findings = FileFindings::default();
        self.check_questions(&mut findings.faults);
        self.check_quotes(&mut findings.faults);
        let written = files::write(&self.pack, self.format)?;
        if written != bytes {
            let place = first_difference(&written, bytes, self.format);
            if self.program == PROGRAM {
                findings.faults.push(format!(
                    "the file is not the one that its data gives: {place}"
                ));
            } else {
                findings.unchecked.push(format!(
                    "version {} wrote the file, and this version {PROGRAM} would write it otherwise: \
                     check its words and figures with that version ({place})",
                    self.program
                ));
            }
        }
        Ok(findings)
    }

    fn check_questions(&self, faults: &mut Vec<String>) {
        let (plan, answers) = (&self.pack.plan, &self.pack.answers);
        let asked = plan.questions(answers);
        for question in &asked {
            if !answers.has(question) {
                let method = question.method();
                faults.push(format!("a question of such a pack was not asked: {method}"));
            }
        }
        for one in answers.all() {
            let method = one.question.method();
            if !asked.contains(&one.question) {
                faults.push(format!(
                    "a question was asked that is not of such a pack: {method}"
                ));
            }
            let same = |other: &&crate::answers::AnsweredQuestion| other.question == one.question;
            if answers.all().iter().filter(same).count() > 1 {
                faults.push(format!("a question was asked twice: {method}"));
            }
        }
    }

    fn check_quotes(&self, faults: &mut Vec<String>) {
        let quotes = &self.pack.seal.quotes;
        let quoted: BTreeSet<u64> = quotes.iter().map(|quote| quote.position).collect();
        for position in named_entries(&self.pack).difference(&quoted) {
            faults.push(format!("entry {position} is named and not proved"));
        }
        for quote in quotes.iter().filter(|quote| !quote.record.is_empty()) {
            let position = quote.position;
            match quote.entry() {
                Some(entry) if entry.position == position => {}
                Some(entry) => faults.push(format!(
                    "the bytes that are given as entry {position} are those of entry {}",
                    entry.position
                )),
                None => faults.push(format!("the bytes of entry {position} are no entry")),
            }
        }
    }
}

/// Where two files begin to differ, for people.
fn first_difference(written: &[u8], found: &[u8], format: PackFormat) -> String {
    let same = written
        .iter()
        .zip(found)
        .take_while(|(a, b)| a == b)
        .count();
    match format {
        PackFormat::Html | PackFormat::Json => format!(
            "it has “{}” where “{}” should be",
            excerpt(found, same),
            excerpt(written, same)
        ),
        PackFormat::Pdf | PackFormat::Xlsx => format!(
            "they differ from byte {same} on, of {} and {}",
            written.len(),
            found.len()
        ),
    }
}

/// The letters on both sides of a byte.
const EXCERPT: usize = 24;

fn excerpt(bytes: &[u8], at: usize) -> String {
    let from = at.saturating_sub(EXCERPT);
    let to = (at + EXCERPT).min(bytes.len());
    String::from_utf8_lossy(bytes.get(from..to).unwrap_or_default()).into_owned()
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

fn between<'a>(bytes: &'a [u8], start: &[u8], end: &[u8]) -> Option<&'a [u8]> {
    let text = bytes.get(find(bytes, start)? + start.len()..)?;
    text.get(..find(text, end)?)
}
