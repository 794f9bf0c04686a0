//! The checks of a notary that opens: its key, its log and its checkpoint are held
//! against each other.

use std::io;
use std::path::{Path, PathBuf};

use super::key::{KeyFileError, KeyFiles, own_name};
use super::key_chain::{KeyChain, KeyChainError};
use super::key_command::{KeyCommand, KeyCommandError};
use super::tree::{Tree, TreeError};
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::Hash;
use crate::log::Reader;

/// A log that was replayed, as a notary needs it.
#[derive(Debug, Clone, Default)]
pub struct ReplayedLog {
    /// The keys that the entries of the log name.
    pub keys: KeyChain,
    /// The snapshots of which the log was not read; `None` if all of it was.
    pub snapshots: Option<SnapshotEnd>,
    /// The leaf hashes of the entries that were read, up to the tail. The notary reads
    /// what is missing.
    pub leaves: Vec<Hash>,
}

/// The end of the snapshots from which a start began.
#[derive(Debug, Clone, Copy)]
pub struct SnapshotEnd {
    /// How many entries they have.
    pub size: u64,
    /// The root of these entries, as the register wrote it.
    pub root: Hash,
}

#[derive(Debug, thiserror::Error)]
pub enum NotaryError {
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The program that has the key names none, or does not sign.
    #[error(transparent)]
    KeyCommand(#[from] KeyCommandError),
    /// The program has another key than the register.
    #[error(
        "the key command {program} signs as {key}, and the key of this register is {named}: name the \
         program that has that key, or replace the key with `minutebook audit rotate-key \
         --new-key-command`",
        program = program.display()
    )]
    OtherCommandKey {
        program: PathBuf,
        named: String,
        key: String,
    },
    /// Nothing says what the register is called.
    #[error(
        "the log has {tail} entries, and no checkpoint or key says what this register is called: give \
         its name with --origin"
    )]
    NoName { tail: u64 },
    #[error(transparent)]
    KeyChain(#[from] KeyChainError),
    /// There is no key, and the log has entries or a checkpoint that one signed.
    #[error(
        "the key of this register is missing: {path} does not exist, and {signed}; put the key back \
         (mode 600) or give it with --key; if it is lost for good, record that with \
         `minutebook audit rotate-key --lost-key VERIFIER_KEY`",
        path = path.display()
    )]
    NoKey { path: PathBuf, signed: String },
    /// The key did not sign the checkpoint.
    #[error(
        "the checkpoint in {path} is not signed by {key}, nor by an earlier key of this log: another \
         register's key was put here, or the log or the checkpoint was exchanged; give the right key \
         with --key, or restore the log from an export with `minutebook audit restore`",
        path = path.display()
    )]
    NotSigned { path: PathBuf, key: String },
    /// The snapshots are not of this log.
    #[error("the snapshots are not of this log")]
    OtherSnapshots,
    /// The log names another key.
    #[error(
        "the key file holds {key}, and the log names {named} as the key of its checkpoints: give that \
         key with --key"
    )]
    OtherKey { named: String, key: String },
    #[error("the notary's directory {dir}", dir = dir.display())]
    Directory { dir: PathBuf, source: io::Error },
    /// The published checkpoint cannot be read.
    #[error(
        "the checkpoint in {path} cannot be read, and the log cannot be compared with it ({what}): \
         put one in its place that somebody kept, or, if `minutebook audit verify --data` finds \
         nothing else wrong, move the file away",
        path = path.display()
    )]
    Checkpoint { path: PathBuf, what: String },
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The log is not the one that was signed.
    #[error(
        "the log is not the one whose checkpoint was published: {what}; entries that were promised \
         were altered or lost. Restore the log from an export with `minutebook audit restore`; the \
         checkpoint is in {path}",
        path = path.display()
    )]
    Broken { what: String, path: PathBuf },
}

/// Reads the key of a register. One is made only for a log that is empty and was never
/// signed: a key made beside entries would sign as another register.
pub(super) fn open_key(
    files: &KeyFiles,
    origin: Option<&str>,
    chain: &KeyChain,
    tail: u64,
    latest: Option<&SignedCheckpoint>,
) -> Result<SigningKey, NotaryError> {
    let named = chain.last();
    let is_named = |key: &SigningKey| named.is_none_or(|named| key.verifier() == *named);
    // A replacement is recorded before the file of the key is replaced.
    if named.is_some()
        && !files.read()?.as_ref().is_some_and(is_named)
        && files.prepared()?.as_ref().is_some_and(is_named)
    {
        files.replace()?;
    }
    if files.read()?.is_none() && !files.is_given() && (tail > 0 || latest.is_some()) {
        return Err(NotaryError::NoKey {
            path: files.path().to_owned(),
            signed: match latest {
                Some(signed) => {
                    format!("a checkpoint was published as {}", signed.checkpoint.origin)
                }
                None => format!("the log has {tail} entries"),
            },
        });
    }
    let key = files.open(origin)?;
    match named.filter(|_| !is_named(&key)) {
        None => Ok(key),
        Some(named) => Err(NotaryError::OtherKey {
            named: named.to_string(),
            key: key.verifier().to_string(),
        }),
    }
}

/// Opens the key that a program has. `known` has the verifier key that the store keeps, and
/// the checkpoint that was published last: they name the register, and a program cannot
/// bring in another key unnoticed.
pub(super) fn open_command(
    program: &Path,
    origin: Option<&str>,
    chain: &KeyChain,
    tail: u64,
    known: (Option<VerifierKey>, Option<&SignedCheckpoint>),
) -> Result<KeyCommand, NotaryError> {
    let (stored, latest) = known;
    let named = chain.last().cloned();
    let named = named.or_else(|| stored.filter(|_| tail > 0 || latest.is_some()));
    let name = named.as_ref().map(|key| key.name().to_owned());
    let name = name.or_else(|| latest.map(|signed| signed.checkpoint.origin.clone()));
    let name = match (name, origin) {
        (Some(name), Some(asked)) if name != asked => {
            return Err(NotaryError::Key(KeyFileError::OtherOrigin {
                path: program.to_owned(),
                origin: name,
                asked: asked.to_owned(),
            }));
        }
        (Some(name), _) => name,
        (None, Some(asked)) => asked.to_owned(),
        (None, None) if tail > 0 => return Err(NotaryError::NoName { tail }),
        (None, None) => format!("minutebook/{}", own_name()?),
    };
    let command = KeyCommand::open(program, &name)?;
    match named.filter(|named| named != command.verifier()) {
        None => Ok(command),
        Some(named) => Err(NotaryError::OtherCommandKey {
            program: program.to_owned(),
            named: named.to_string(),
            key: command.verifier().to_string(),
        }),
    }
}

/// Requires that the log begins with the entries of the snapshots, with the signed
/// entries, and with those that the replacements of its key state. The hashes of earlier
/// runs may be wrong: all are made again from the log before it is refused.
pub(super) fn check_roots(
    tree: &Tree,
    reader: &dyn Reader,
    log: &ReplayedLog,
    latest: Option<&SignedCheckpoint>,
    path: &Path,
) -> Result<(), NotaryError> {
    let broken = |what: String| NotaryError::Broken {
        what,
        path: path.to_owned(),
    };
    let tail = reader.tail().get();
    let signed = latest.map(|latest| &latest.checkpoint);
    if let Some(signed) = signed
        && signed.size > tail
    {
        return Err(broken(format!(
            "it was signed with {} entries, and the log has {tail}",
            signed.size
        )));
    }
    let has_root = |size: u64, root: Hash| Ok::<bool, TreeError>(tree.root(size)? == root);
    let is_of_snapshots = || {
        let end = log.snapshots;
        end.map_or(Ok(true), |end| has_root(end.size, end.root))
    };
    let is_signed = || signed.map_or(Ok(true), |signed| has_root(signed.size, signed.root));
    let unlike_stated = || {
        for stated in log.keys.stated_roots() {
            if stated.size >= tail || !has_root(stated.size, stated.root)? {
                return Ok::<_, TreeError>(Some(stated.size));
            }
        }
        Ok(None)
    };
    if is_of_snapshots()? && is_signed()? && unlike_stated()?.is_none() {
        return Ok(());
    }
    tree.clear()?;
    tree.catch_up(reader, tail)?;
    if !is_signed()? {
        let size = signed.map_or(0, |signed| signed.size);
        return Err(broken(format!(
            "its first {size} entries have another root than was signed"
        )));
    }
    if !is_of_snapshots()? {
        return Err(NotaryError::OtherSnapshots);
    }
    match unlike_stated()? {
        None => Ok(()),
        Some(size) => Err(broken(format!(
            "the statement of the key's replacement after {size} entries is about another log"
        ))),
    }
}
