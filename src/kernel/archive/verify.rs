//! The verification of an archive, without a server.

use std::collections::BTreeSet;

use super::check::{Checker, Problem};
use super::contents::{Contents, ExpectedFile};
use super::findings::Findings;
pub use super::findings::VerificationReport;
use super::folder::{FileError, Folder};
use super::names::{self, is_content_of};
use super::read::{self, EntriesError};
use super::signatures::{SignatureCheck, Signatures};
use super::spelling::ByLetters;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::VerifierKey;
use crate::audit::merkle::{Frontier, Hash, empty_root, leaf_hash};

/// The keys and checkpoints that the caller trusts, independently of the archive.
#[derive(Debug, Default)]
pub struct TrustAnchors {
    /// The trusted key. Without one, the key in the folder is used, which proves only
    /// that the folder is consistent.
    pub key: Option<VerifierKey>,
    /// An earlier checkpoint: the log must begin with its entries.
    pub since: Option<SignedCheckpoint>,
    /// The witnesses that must have signed.
    pub witnesses: Vec<VerifierKey>,
    /// Entries whose faults are known: they break a rule, are recorded all the same,
    /// and the log goes on. Their faults are reported apart.
    pub known_faults: BTreeSet<u64>,
}

/// Verifies an archive. `progress` receives the number of entries that were checked.
pub fn verify(
    folder: &Folder,
    trust: &TrustAnchors,
    mut progress: impl FnMut(u64),
) -> Result<VerificationReport, FileError> {
    let mut verification = Verification {
        folder,
        trust,
        checker: Checker::default(),
        contents: Contents::default(),
        findings: Findings::default(),
        met: trust
            .since
            .as_ref()
            .filter(|since| since.checkpoint.size == 0)
            .map(|_| empty_root()),
    };
    let signed = verification.read_checkpoint()?;
    if let Some(signed) = &signed {
        verification.check_entries(signed, &mut progress)?;
        verification.settle_names(signed)?;
    }
    let check = match &signed {
        Some(signed) => verification.check_signatures(signed)?,
        None => SignatureCheck::default(),
    };
    let Verification {
        findings, contents, ..
    } = verification;
    Ok(findings.into_report(trust, signed, check, contents.tree()))
}

/// The keys of the witnesses in an archive, **not verified**: for one that was
/// verified before.
pub fn witnesses(folder: &Folder) -> Result<Vec<VerifierKey>, FileError> {
    let bytes = folder.read(names::WITNESS_KEYS)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter_map(|key| key.parse().ok()).collect())
}

/// The keys and the checkpoint that are kept beside a log that is not in an archive.
#[derive(Debug, Default)]
pub struct StoredTrust {
    /// The key of the register, used where the caller gives none.
    pub key: Option<VerifierKey>,
    /// The keys of the witnesses that it ever used.
    pub witnesses: Vec<VerifierKey>,
    pub checkpoint: Option<SignedCheckpoint>,
    /// Files of these that were read, and do not hold what they should.
    pub faults: Vec<String>,
}

/// Verifies a log that is not in an archive, such as that of a closed store.
/// `records` shows its records in order; its error is a fault of the store itself.
pub fn verify_records(
    trust: &TrustAnchors,
    stored: StoredTrust,
    mut records: impl FnMut(&mut dyn FnMut(u64, &[u8])) -> Result<(), String>,
) -> VerificationReport {
    let StoredTrust {
        key: own,
        witnesses,
        checkpoint: signed,
        faults,
    } = stored;
    let (mut checker, mut tree) = (Checker::default(), Frontier::new());
    let (mut problems, mut findings) = (Vec::new(), Findings::default());
    let empty = |size: u64| (size == 0).then(empty_root);
    let size = signed.as_ref().map(|signed| signed.checkpoint.size);
    let since = trust.since.as_ref().map(|since| since.checkpoint.size);
    let (mut root_at_size, mut met) = (size.and_then(empty), since.and_then(empty));
    let read = records(&mut |position, record| {
        checker.check(position, record, || tree.root(), &mut problems);
        tree.push(leaf_hash(record));
        if size == Some(position) {
            root_at_size = Some(tree.root());
        }
        if since == Some(position) {
            met = Some(tree.root());
        }
        findings.report(std::mem::take(&mut problems), trust);
    });
    let is_whole = read.is_ok();
    for what in read.err().into_iter().chain(faults) {
        findings.fault(what);
    }
    if is_whole {
        checker.finish(&mut problems);
    }
    findings.report(problems, trust);
    let doubtful = std::mem::take(&mut checker.doubtful);
    if let Some(last) = doubtful.last() {
        let mut by_letters = ByLetters::default();
        let read = records(&mut |position, record| {
            if position <= last {
                by_letters.judge(position, record);
            }
        });
        // Where the first reading failed, that is said already.
        if let Some(what) = read.err().filter(|_| is_whole) {
            findings.fault(what);
        }
        findings.settle(doubtful, &by_letters, trust);
    }
    if let Some(signed) = &signed {
        let checkpoint = &signed.checkpoint;
        if checkpoint.size > tree.size() {
            // Where reading ended early, this is not known.
            if is_whole {
                findings.fault(format!(
                    "a checkpoint of {} entries was published, and the log has {}: the end was cut off",
                    checkpoint.size,
                    tree.size()
                ));
            }
        } else if root_at_size != Some(checkpoint.root) {
            findings.fault(format!(
                "the first {} entries do not have the root of the published checkpoint, {}: entries \
                 were altered, removed, reordered or inserted",
                checkpoint.size, checkpoint.root
            ));
        }
    }
    let has_signed = |key: &VerifierKey| {
        let signed = signed.as_ref();
        signed.is_some_and(|signed| signed.note.signature_by(key).is_some())
    };
    let signatures = Signatures {
        trust,
        own,
        witnesses: witnesses.into_iter().filter(has_signed).collect(),
        replaced: checker.keys(),
        met,
        size: tree.size(),
    };
    let check = match &signed {
        Some(signed) => signatures.check(signed),
        None => signatures.check_without(),
    };
    findings.into_report(trust, signed, check, &tree)
}

/// A file of an archive, read.
enum Content {
    Bytes(Vec<u8>),
    Missing,
    /// Something else has its name, which is reported.
    NotPlain,
}

struct Verification<'a> {
    folder: &'a Folder,
    trust: &'a TrustAnchors,
    checker: Checker,
    contents: Contents,
    findings: Findings,
    /// The root of the log at the size of the earlier checkpoint.
    met: Option<Hash>,
}

impl Verification<'_> {
    fn fault(&mut self, what: impl Into<String>) {
        self.findings.fault(what);
    }

    /// Reads a file. A link or a pipe in its place is a fault of the archive.
    fn read(&mut self, file: &str) -> Result<Content, FileError> {
        match self.folder.read(file) {
            Ok(Some(bytes)) => Ok(Content::Bytes(bytes)),
            Ok(None) => Ok(Content::Missing),
            Err(error @ FileError::NotPlain { .. }) => {
                self.fault(error.to_string());
                Ok(Content::NotPlain)
            }
            Err(error @ FileError::Io { .. }) => Err(error),
        }
    }

    fn read_checkpoint(&mut self) -> Result<Option<SignedCheckpoint>, FileError> {
        let bytes = match self.read(names::CHECKPOINT)? {
            Content::Bytes(bytes) => bytes,
            Content::NotPlain => return Ok(None),
            Content::Missing => {
                self.fault("there is no checkpoint: this is no archive, or its export did not end");
                return Ok(None);
            }
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => {
                self.fault("checkpoint: it is not text: it was altered");
                return Ok(None);
            }
        };
        match SignedCheckpoint::parse(&text) {
            Ok(signed) => {
                if signed.note.to_string() != text {
                    self.fault("checkpoint: it is not in canonical form");
                }
                Ok(Some(signed))
            }
            Err(error) => {
                self.fault(format!("checkpoint: {error}"));
                Ok(None)
            }
        }
    }

    fn check_entries(
        &mut self,
        signed: &SignedCheckpoint,
        progress: &mut impl FnMut(u64),
    ) -> Result<(), FileError> {
        let checkpoint = &signed.checkpoint;
        for tile in read::bundles(checkpoint.size) {
            let mut files: Vec<ExpectedFile> = Vec::new();
            let mut problems = Vec::new();
            let (checker, contents) = (&mut self.checker, &mut self.contents);
            let (since, met) = (&self.trust.since, &mut self.met);
            let read = read::entries(self.folder, &tile, |position, record| {
                let root = || contents.tree().root();
                let sent = checker.check(position, record, root, &mut problems);
                files.extend(contents.push(record, &sent.unwrap_or_default()));
                if since
                    .as_ref()
                    .is_some_and(|s| s.checkpoint.size == position)
                {
                    *met = Some(contents.tree().root());
                }
            });
            self.report(problems);
            match read {
                Ok(()) => {}
                Err(EntriesError::File(error @ FileError::Io { .. })) => return Err(error),
                Err(error) => {
                    self.fault(error.to_string());
                    return Ok(());
                }
            }
            for expected in files {
                self.compare(&expected)?;
            }
            progress(self.contents.size());
            if self.findings.are_full() {
                return Ok(());
            }
        }
        let rest = self.contents.rest();
        for expected in rest {
            self.compare(&expected)?;
        }
        let mut problems = Vec::new();
        self.checker.finish(&mut problems);
        self.report(problems);
        if self.contents.tree().root() != checkpoint.root {
            self.fault(format!(
                "the {} entries have the root {}, and the checkpoint says {}: entries were altered, \
                 removed, reordered or inserted",
                checkpoint.size,
                self.contents.tree().root(),
                checkpoint.root
            ));
        }
        self.check_other_files(checkpoint.size)
    }

    fn report(&mut self, problems: Vec<Problem>) {
        self.findings.report(problems, self.trust);
    }

    /// Judges refusals that may be due to how names are compared by their letters.
    fn settle_names(&mut self, signed: &SignedCheckpoint) -> Result<(), FileError> {
        let doubtful = std::mem::take(&mut self.checker.doubtful);
        let Some(last) = doubtful.last() else {
            return Ok(());
        };
        let mut by_letters = ByLetters::default();
        let bundles = read::bundles(signed.checkpoint.size);
        for tile in bundles.take_while(|tile| tile.first() < last) {
            let read = read::entries(self.folder, &tile, |position, record| {
                by_letters.judge(position, record);
            });
            match read {
                Ok(()) => {}
                Err(EntriesError::File(error)) => return Err(error),
                // It was readable before.
                Err(error) => self.fault(error.to_string()),
            }
        }
        self.findings.settle(doubtful, &by_letters, self.trust);
        Ok(())
    }

    /// Requires that a file has the expected bytes.
    fn compare(&mut self, expected: &ExpectedFile) -> Result<(), FileError> {
        match self.read(&expected.file)? {
            Content::Missing => self.fault(format!("{} is missing", expected.file)),
            Content::NotPlain => {}
            Content::Bytes(bytes) if bytes == expected.bytes => {}
            Content::Bytes(bytes) => {
                let at = bytes
                    .iter()
                    .zip(&expected.bytes)
                    .position(|(is, should)| is != should)
                    .unwrap_or_else(|| bytes.len().min(expected.bytes.len()));
                self.fault(format!(
                    "{}: it differs from the entries from byte {at} on",
                    expected.file
                ));
            }
        }
        Ok(())
    }

    /// Requires that every other file belongs to the archive and has a known text.
    fn check_other_files(&mut self, size: u64) -> Result<(), FileError> {
        for file in self.folder.files()? {
            if names::TEXTS.contains(&file.as_str()) || is_content_of(size, &file) {
                continue;
            }
            self.fault(format!(
                "{file} is not part of the archive: it was added by hand, or an interrupted export left \
                 it: export again, or remove it"
            ));
        }
        if let Ok(Some(text)) = self.folder.read(names::README)
            && super::instructions().any(|known| text == known.as_bytes())
        {
            return Ok(());
        }
        let readme = ExpectedFile {
            file: names::README.to_owned(),
            bytes: super::INSTRUCTIONS.as_bytes().to_vec(),
        };
        self.compare(&readme)
    }

    /// Reads the keys in a file, one a line.
    fn read_keys(&mut self, file: &str) -> Result<Vec<VerifierKey>, FileError> {
        let Content::Bytes(bytes) = self.read(file)? else {
            return Ok(Vec::new());
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let parsed: Result<Vec<VerifierKey>, _> = text.lines().map(str::parse).collect();
        match parsed {
            Ok(keys) => {
                let written: String = keys.iter().map(|key| format!("{key}\n")).collect();
                if written != text {
                    self.fault(format!("{file}: it is not in canonical form"));
                }
                Ok(keys)
            }
            Err(error) => {
                self.fault(format!("{file}: {error}"));
                Ok(Vec::new())
            }
        }
    }

    fn check_signatures(&mut self, signed: &SignedCheckpoint) -> Result<SignatureCheck, FileError> {
        let own = self.read_keys(names::VERIFIER_KEY)?;
        if own.len() != 1 {
            self.fault("verifier-key: it should hold one key");
        }
        let signatures = Signatures {
            trust: self.trust,
            own: own.first().cloned(),
            witnesses: self.read_keys(names::WITNESS_KEYS)?,
            replaced: self.checker.keys(),
            met: self.met,
            size: signed.checkpoint.size,
        };
        let mut check = signatures.check(signed);
        if let (Some(own), Some(key)) = (own.first(), &check.key)
            && own != key
        {
            let what =
                format!("verifier-key: it holds {own}, and the checkpoint is signed by {key}");
            check.faults.push(what);
        }
        Ok(check)
    }
}
