//! Readings: who has read the log as a whole, or exported it.
//!
//! They are kept in a file beside the log, and are no part of it: nothing proves them. What
//! one caller reads on one day in one way is one [`Reading`], however often it happens, so
//! that nobody can push out the readings of others by reading more. Where there are
//! too many, those of the oldest day go first.

mod line;

pub use self::line::parse_pseudonym;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::durable_file::{self, AppendedFile, DurableFileError};
use crate::error_chain::describe_chain;
use minutebook_domain::caller::{Principal, Pseudonym};
use minutebook_domain::date::day_of;
use minutebook_domain::ids::Position;

/// The file, in the data folder.
pub const FILE: &str = "minutebook.readings";

/// The most readings that are kept.
const KEPT_MAX: usize = 10_000;

/// The most bytes of the file.
const BYTES_MAX: u64 = 128 << 20;

/// After so many lines, or twice as many as there are readings, the file is written anew.
const LINES_BEFORE_REWRITE: usize = 2_000;

/// The most principals, and mandates, of a caller that a reading names.
pub const PRINCIPALS_MAX: usize = 5;
pub const MANDATES_MAX: usize = 10;

#[derive(Debug, thiserror::Error)]
pub enum ReadingsError {
    #[error("the record of readings in {path} cannot be read", path = path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("the record of readings cannot be written")]
    Write(#[from] DurableFileError),
}

/// How somebody reads the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadingSort {
    /// The stored bytes, as a copy that proves itself.
    Export,
    /// Entries, of all subjects and kinds.
    History,
    /// The same, and then new entries as they are recorded.
    Subscription,
}

impl ReadingSort {
    pub const ALL: [Self; 3] = [Self::Export, Self::History, Self::Subscription];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::History => "history",
            Self::Subscription => "subscription",
        }
    }
}

/// The caller who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingCaller {
    pub pseudonym: Pseudonym,
    /// The first few of those that its issuers vouch for.
    pub principals: Vec<Principal>,
    /// The mandates in force, by the entries that grant them.
    pub mandates: Vec<Position>,
}

/// The part of the log that one caller has read on one day, in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub sort: ReadingSort,
    /// `None` where nobody was signed in.
    pub reader: Option<ReadingCaller>,
    /// When the first one began, and when the last one began or ended.
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// How many were begun, and how many were sent to their end.
    pub begun: u64,
    pub finished: u64,
    /// The first position that was asked for, and the last that was sent; zero for none.
    pub from: Position,
    pub to: Position,
}

/// The day, the way and the caller: another of these is another reading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadingKey {
    pub day: Date,
    pub sort: ReadingSort,
    pub pseudonym: Option<Pseudonym>,
}

impl Reading {
    pub fn key(&self) -> ReadingKey {
        ReadingKey {
            day: day_of(self.first_at),
            sort: self.sort,
            pseudonym: self.reader.as_ref().map(|reader| reader.pseudonym),
        }
    }

    /// Adds what was read later.
    fn add(&mut self, later: Self) {
        self.first_at = self.first_at.min(later.first_at);
        self.last_at = self.last_at.max(later.last_at);
        self.begun += later.begun;
        self.finished += later.finished;
        self.from = self.from.min(later.from);
        self.to = self.to.max(later.to);
        // As the issuer says now.
        self.reader = later.reader.or(self.reader.take());
    }
}

/// The record of readings. Clones share it.
#[derive(Debug, Clone)]
pub struct Readings(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    path: PathBuf,
    readings: BTreeMap<ReadingKey, Reading>,
    /// `None` until something is noted.
    file: Option<AppendedFile>,
    lines: usize,
}

/// Reads the record of a data folder; an empty one where there is none.
pub fn read(data: &Path) -> Result<Vec<Reading>, ReadingsError> {
    let (readings, _) = load(&data.join(FILE))?;
    Ok(readings.into_values().collect())
}

fn load(path: &Path) -> Result<(BTreeMap<ReadingKey, Reading>, usize), ReadingsError> {
    let bytes = match durable_file::read_up_to(path, BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(source) => {
            let path = path.to_owned();
            return Err(ReadingsError::Read { path, source });
        }
    };
    let (mut readings, mut lines, mut unreadable) = (BTreeMap::new(), 0, 0_u64);
    for text in bytes.split(|byte| *byte == b'\n') {
        if text.is_empty() {
            continue;
        }
        lines += 1;
        match line::parse(text) {
            Some(reading) => add(&mut readings, reading),
            // A power cut can leave half a line.
            None => unreadable += 1,
        }
    }
    if unreadable > 0 {
        let path = path.display();
        tracing::warn!(%path, unreadable, "lines of the record of readings cannot be read");
    }
    Ok((readings, lines))
}

/// Adds a reading, and drops the oldest where there are too many.
fn add(readings: &mut BTreeMap<ReadingKey, Reading>, reading: Reading) {
    match readings.get_mut(&reading.key()) {
        Some(before) => before.add(reading),
        None => {
            readings.insert(reading.key(), reading);
            if readings.len() > KEPT_MAX {
                readings.pop_first();
            }
        }
    }
}

impl Readings {
    /// Opens the record in a data folder. It is made when something is noted.
    pub fn open(data: &Path) -> Result<Self, ReadingsError> {
        let path = data.join(FILE);
        let (readings, lines) = load(&path)?;
        Ok(Self(Arc::new(Mutex::new(Kept {
            path,
            readings,
            file: None,
            lines,
        }))))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Whole readings are put in, so a panic leaves none half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a reading, durably. May wait for the disk. A disk that is full must not keep
    /// anybody from making a backup, so a failure is logged and no more.
    pub fn note(&self, reading: Reading) {
        if let Err(error) = self.kept().note(reading) {
            let error = describe_chain(&error);
            tracing::error!(error, "who reads the log could not be noted");
        }
    }

    /// Those after `after`, in the order of their days, `most` at most.
    pub fn list(&self, after: Option<&ReadingKey>, most: usize) -> Vec<Reading> {
        let kept = self.kept();
        let later = |key: &ReadingKey| after.is_none_or(|after| key > after);
        let listed = kept.readings.iter().filter(|(key, _)| later(key));
        listed
            .map(|(_, reading)| reading.clone())
            .take(most)
            .collect()
    }
}

impl Kept {
    fn note(&mut self, reading: Reading) -> Result<(), ReadingsError> {
        let text = line::write(&reading);
        add(&mut self.readings, reading);
        self.lines += 1;
        if self.lines > LINES_BEFORE_REWRITE.max(2 * self.readings.len()) {
            return self.rewrite();
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let mut file = AppendedFile::open(&self.path)?;
                // The last line may be half of one.
                if !file.is_empty() {
                    file.append(b"\n")?;
                }
                self.file.insert(file)
            }
        };
        file.append(text.as_bytes())?;
        Ok(file.sync()?)
    }

    /// Replaces the file by one that has a line for each reading.
    fn rewrite(&mut self) -> Result<(), ReadingsError> {
        let text: String = self.readings.values().map(line::write).collect();
        self.file = None;
        durable_file::replace(&self.path, text.as_bytes())?;
        self.lines = self.readings.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use minutebook_domain::caller::PrincipalKind;

    fn reading(at: &str, number: u8, begun: u64, finished: u64) -> Reading {
        let issuer = "https://login.example.gov.uk";
        let auditors = Principal::new(issuer, PrincipalKind::Group, "auditors").unwrap();
        Reading {
            sort: ReadingSort::Export,
            reader: (number > 0).then(|| ReadingCaller {
                pseudonym: Pseudonym([number; 16]),
                principals: vec![auditors],
                mandates: vec![Position::new(3)],
            }),
            first_at: at.parse().unwrap(),
            last_at: at.parse().unwrap(),
            begun,
            finished,
            from: Position::new(1),
            to: Position::new(finished * 57),
        }
    }

    #[test]
    fn what_was_noted_is_there_at_the_next_start_also_after_a_torn_line() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(FILE);
        let readings = Readings::open(data.path()).unwrap();
        assert!(!path.exists());
        readings.note(reading("2026-11-29T09:00:00Z", 1, 1, 0));
        readings.note(reading("2026-11-29T09:00:05Z", 1, 0, 1));
        readings.note(reading("2026-11-29T10:00:00Z", 0, 1, 0));
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend(b"{\"sort\":\"exp");
        fs::write(&path, bytes).unwrap();

        let again = Readings::open(data.path()).unwrap();
        again.note(reading("2026-11-30T09:00:00Z", 1, 1, 0));
        let found = read(data.path()).unwrap();
        assert_eq!(found, again.list(None, 10));
        let seen: Vec<_> = found.iter().map(|r| (r.begun, r.finished)).collect();
        assert_eq!(seen, [(1, 0), (1, 1), (1, 0)]);
        assert_eq!(found[1].to, Position::new(57));
        assert_eq!(
            found[1].reader,
            reading("2026-11-29T09:00:00Z", 1, 1, 0).reader
        );
        assert_eq!(again.list(Some(&found[0].key()), 1), found[1..2]);
    }

    #[test]
    fn the_file_and_the_readings_are_bounded_and_one_caller_pushes_out_nobody() {
        let data = tempfile::tempdir().unwrap();
        let readings = Readings::open(data.path()).unwrap();
        readings.note(reading("2026-11-28T09:00:00Z", 2, 1, 1));
        let mut kept = readings.kept();
        kept.lines = LINES_BEFORE_REWRITE - 1;
        for _ in 0..5 {
            kept.note(reading("2026-11-29T09:00:00Z", 1, 1, 0)).unwrap();
        }
        drop(kept);
        let text = fs::read_to_string(data.path().join(FILE)).unwrap();
        assert!(text.lines().count() < 8, "{text}");
        let found = read(data.path()).unwrap();
        let seen: Vec<_> = found.iter().map(|r| (r.begun, r.finished)).collect();
        assert_eq!(seen, [(1, 1), (5, 0)]);

        let mut many = BTreeMap::new();
        for number in 0..KEPT_MAX as u32 + 10 {
            let mut one = reading("2026-11-29T09:00:00Z", 1, 1, 0);
            let reader = one.reader.as_mut().unwrap();
            reader.pseudonym.0[..4].copy_from_slice(&number.to_be_bytes());
            add(&mut many, one);
        }
        assert_eq!(many.len(), KEPT_MAX);
    }
}
