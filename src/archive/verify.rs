//! The verification of an archive, without a server.

use std::collections::BTreeSet;

use super::check::{Checker, Problem, explain_unknown};
use super::contents::{Contents, ExpectedFile};
use super::folder::{self, FileError, Folder};
use super::read::{self, EntriesError};
use super::signatures::{SignatureCheck, Signatures};
use super::spelling::ByLetters;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::VerifierKey;
use crate::audit::merkle::{Frontier, Hash, empty_root, leaf_hash};

/// The most faults that are reported before verification stops.
const FAULTS_MAX: usize = 100;

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
}

/// The result of a verification.
#[derive(Debug)]
pub struct VerificationReport {
    /// The checkpoint, if it can be read.
    pub checkpoint: Option<SignedCheckpoint>,
    /// The key by which the checkpoint was verified.
    pub key: Option<VerifierKey>,
    /// Whether that key was given, and not taken from the folder.
    pub is_trusted: bool,
    /// Which witnesses signed, and when, in seconds since 1970.
    pub witnessed: Vec<(String, u64)>,
    pub entries: u64,
    pub root: Hash,
    /// Every fault. Empty means that the log is sound.
    pub faults: Vec<String>,
    /// Entries that the rules of today would refuse, because names are compared in
    /// another way than when they were recorded. They are no faults.
    pub remarks: Vec<String>,
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
        faults: Vec::new(),
        remarks: Vec::new(),
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
    let are_as_signed = check.faults.is_empty()
        && signed.as_ref().is_some_and(|signed| {
            let (tree, checkpoint) = (verification.contents.tree(), &signed.checkpoint);
            (tree.size(), tree.root()) == (checkpoint.size, checkpoint.root)
        });
    explain_unknown(&mut verification.faults, are_as_signed);
    for what in check.faults {
        verification.fault(what);
    }
    Ok(VerificationReport {
        is_trusted: trust.key.is_some(),
        checkpoint: signed,
        key: check.key,
        witnessed: check.witnessed,
        entries: verification.contents.size(),
        root: verification.contents.tree().root(),
        faults: verification.faults,
        remarks: verification.remarks,
    })
}

/// The keys of the witnesses in an archive, **not verified**: for one that was
/// verified before.
pub fn witnesses(folder: &Folder) -> Result<Vec<VerifierKey>, FileError> {
    let bytes = folder.read(folder::WITNESS_KEYS)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter_map(|key| key.parse().ok()).collect())
}

/// Verifies a log that is not in an archive, such as that of a closed store.
/// `records` shows its records in order; its error is a fault of the store itself.
pub fn verify_records(
    trust: &TrustAnchors,
    own: Option<VerifierKey>,
    witnesses: Vec<VerifierKey>,
    signed: Option<SignedCheckpoint>,
    mut records: impl FnMut(&mut dyn FnMut(u64, &[u8])) -> Result<(), String>,
) -> VerificationReport {
    let (mut checker, mut tree) = (Checker::default(), Frontier::new());
    let (mut problems, mut faults) = (Vec::new(), Vec::new());
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
        problems.truncate(FAULTS_MAX);
    });
    faults.extend(read.err());
    if faults.is_empty() {
        checker.finish(&mut problems);
    }
    faults.extend(problems.iter().map(ToString::to_string));
    let doubtful = std::mem::take(&mut checker.doubtful);
    let mut remarks = Vec::new();
    if let Some(last) = doubtful.last() {
        let mut by_letters = ByLetters::default();
        let read = records(&mut |position, record| {
            if position <= last {
                by_letters.judge(position, record);
            }
        });
        faults.extend(read.err().filter(|_| faults.is_empty()));
        let (refused, accepted) = doubtful.settle(&by_letters);
        let refused = refused.iter().take(FAULTS_MAX.saturating_sub(faults.len()));
        faults.extend(refused.map(ToString::to_string));
        remarks = remarks_of(&accepted);
    }
    let mut check = SignatureCheck::default();
    if let Some(signed) = &signed {
        let checkpoint = &signed.checkpoint;
        if checkpoint.size > tree.size() {
            faults.push(format!(
                "a checkpoint of {} entries was published, and the log has {}: the end was cut off",
                checkpoint.size,
                tree.size()
            ));
        } else if root_at_size != Some(checkpoint.root) {
            faults.push(format!(
                "the first {} entries do not have the root of the published checkpoint, {}: entries \
                 were altered, removed, reordered or inserted",
                checkpoint.size, checkpoint.root
            ));
        }
        let signatures = Signatures {
            trust,
            own,
            witnesses: witnesses
                .into_iter()
                .filter(|key| signed.note.signature_by(key).is_some())
                .collect(),
            replaced: checker.keys(),
            met,
        };
        check = signatures.check(signed);
        faults.append(&mut check.faults);
    }
    let are_as_signed = size == Some(tree.size()) && root_at_size == Some(tree.root());
    explain_unknown(&mut faults, are_as_signed);
    VerificationReport {
        is_trusted: trust.key.is_some(),
        checkpoint: signed,
        key: check.key,
        witnessed: check.witnessed,
        entries: tree.size(),
        root: tree.root(),
        faults,
        remarks,
    }
}

/// A sentence for each entry that was accepted by the letters of its names.
fn remarks_of(accepted: &[Problem]) -> Vec<String> {
    let more = accepted.len().saturating_sub(FAULTS_MAX);
    let listed = accepted.iter().take(FAULTS_MAX).map(|problem| {
        format!("{problem}; it was accepted by the letters of its names, as versions before did")
    });
    let rest = (more > 0).then(|| format!("and {more} more such entries"));
    listed.chain(rest).collect()
}

struct Verification<'a> {
    folder: &'a Folder,
    trust: &'a TrustAnchors,
    checker: Checker,
    contents: Contents,
    faults: Vec<String>,
    remarks: Vec<String>,
    /// The root of the log at the size of the earlier checkpoint.
    met: Option<Hash>,
}

impl Verification<'_> {
    fn fault(&mut self, what: impl Into<String>) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(what.into());
        }
    }

    fn read_checkpoint(&mut self) -> Result<Option<SignedCheckpoint>, FileError> {
        let Some(bytes) = self.folder.read(folder::CHECKPOINT)? else {
            self.fault("there is no checkpoint: this is no archive, or its export did not end");
            return Ok(None);
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
                Err(EntriesError::File(error)) => return Err(error),
                Err(error) => {
                    self.fault(error.to_string());
                    return Ok(());
                }
            }
            for expected in files {
                self.compare(&expected)?;
            }
            progress(self.contents.size());
            if self.faults.len() >= FAULTS_MAX {
                self.fault("and more: verification stops here");
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
        for problem in problems {
            self.fault(problem.to_string());
        }
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
        let (refused, accepted) = doubtful.settle(&by_letters);
        self.report(refused);
        self.remarks = remarks_of(&accepted);
        Ok(())
    }

    /// Requires that a file has the expected bytes.
    fn compare(&mut self, expected: &ExpectedFile) -> Result<(), FileError> {
        match self.folder.read(&expected.file)? {
            None => self.fault(format!("{} is missing", expected.file)),
            Some(bytes) if bytes == expected.bytes => {}
            Some(bytes) => {
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
        let mut expected: BTreeSet<String> = Contents::files(size);
        for file in [
            folder::CHECKPOINT,
            folder::README,
            folder::VERIFIER_KEY,
            folder::WITNESS_KEYS,
        ] {
            expected.insert(file.to_owned());
        }
        for file in self.folder.files()?.difference(&expected) {
            self.fault(format!(
                "{file} is not part of the archive: it was added by hand, or an interrupted export left \
                 it: export again, or remove it"
            ));
        }
        let text = self.folder.read(folder::README)?;
        if super::instructions().any(|known| text.as_deref() == Some(known.as_bytes())) {
            return Ok(());
        }
        let readme = ExpectedFile {
            file: folder::README.to_owned(),
            bytes: super::INSTRUCTIONS.as_bytes().to_vec(),
        };
        self.compare(&readme)
    }

    /// Reads the keys in a file, one a line.
    fn read_keys(&mut self, file: &str) -> Result<Vec<VerifierKey>, FileError> {
        let Some(bytes) = self.folder.read(file)? else {
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
        let own = self.read_keys(folder::VERIFIER_KEY)?;
        if own.len() != 1 {
            self.fault("verifier-key: it should hold one key");
        }
        let signatures = Signatures {
            trust: self.trust,
            own: own.first().cloned(),
            witnesses: self.read_keys(folder::WITNESS_KEYS)?,
            replaced: self.checker.keys(),
            met: self.met,
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
