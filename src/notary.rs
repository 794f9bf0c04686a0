//! The notary: keeps the Merkle tree of the log, and signs its root.
//!
//! A checkpoint states how many entries the log had, and their root. Its holder can
//! prove later which entries those were, and that none was altered, removed,
//! reordered or inserted: see `audit`. A published checkpoint is a promise, so it is
//! stored, and a log that does not begin with the signed entries is not served.

mod hashes;
pub mod key;
mod published;
pub mod tree;
pub mod witness;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::key::{KeyFileError, KeyFiles};
pub use self::published::CheckpointFile;
use self::tree::{Tree, TreeError};
use self::witness::WitnessClient;
use crate::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::audit::key::{SigningKey, VerifierKey};
use crate::log::Reader;

/// How long the tree lets entries gather before it hashes them. No call waits for it,
/// and the writer has the processors meanwhile.
const GATHER: Duration = Duration::from_millis(5);

/// The folder of the notary's files, in the directory of a store.
pub const DIRECTORY: &str = "notary";

#[derive(Debug, Clone)]
pub struct NotaryOptions {
    /// The directory of the notary's files; made when it is missing.
    pub dir: PathBuf,
    /// The key file, if it is not in that directory.
    pub key: Option<PathBuf>,
    /// The name of the register. Default: the name of the key.
    pub origin: Option<String>,
    /// The witnesses that sign beside the register.
    pub witnesses: Vec<WitnessClient>,
}

#[derive(Debug, thiserror::Error)]
pub enum NotaryError {
    #[error(transparent)]
    Key(#[from] KeyFileError),
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

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The checkpoint cannot be stored, and is therefore not published.
    #[error("the checkpoint cannot be stored, and is therefore not published: {0}")]
    Io(#[from] io::Error),
    /// The log was altered.
    #[error(transparent)]
    Altered(TreeError),
}

/// The notary. Clones share it.
#[derive(Debug, Clone)]
pub struct Notary(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tree: Tree,
    key: SigningKey,
    published: CheckpointFile,
    latest: RwLock<Option<Arc<SignedCheckpoint>>>,
    /// Held while a checkpoint is published, so that published sizes never decrease.
    publishing: tokio::sync::Mutex<()>,
    witnesses: Vec<WitnessClient>,
    /// The keys of all witnesses that this register ever used.
    known: Vec<VerifierKey>,
    /// Set when an entry was found to be altered: nothing more is signed.
    altered: OnceLock<TreeError>,
}

impl Notary {
    /// Opens the notary of a log: reads its key, or makes one; reads the tree and
    /// extends it to the log's tail; and compares the log with the checkpoint that was
    /// published last. May have to read the whole log.
    ///
    /// `named` is the key that the entries of the log name last, if they name one.
    pub fn open(
        options: NotaryOptions,
        named: Option<&str>,
        reader: &dyn Reader,
    ) -> Result<Self, NotaryError> {
        let NotaryOptions {
            dir,
            key,
            origin,
            witnesses,
        } = options;
        let unusable = |source| NotaryError::Directory {
            dir: dir.clone(),
            source,
        };
        std::fs::create_dir_all(&dir).map_err(unusable)?;
        let files = KeyFiles::new(&dir, key);
        let mut key = files.open(origin.as_deref())?;
        if let Some(named) = named.filter(|named| key.verifier().to_string() != **named) {
            // A replacement is recorded before the file of the key is replaced.
            match files.prepared()? {
                Some(next) if next.verifier().to_string() == named => {
                    files.replace()?;
                    key = next;
                }
                _ => {
                    return Err(NotaryError::OtherKey {
                        named: named.to_owned(),
                        key: key.verifier().to_string(),
                    });
                }
            }
        }
        let tail = reader.tail().get();
        let tree = Tree::open(&dir.join("hashes"), tail)?;
        tree.catch_up(reader, tail)?;
        let published = CheckpointFile::new(&dir);
        let latest = published.read().map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => NotaryError::Checkpoint {
                path: published.path().to_owned(),
                what: error.to_string(),
            },
            _ => unusable(error),
        })?;
        let keys: Vec<VerifierKey> = witnesses.iter().map(|w| w.key().clone()).collect();
        published.add_witnesses(&keys).map_err(unusable)?;
        let known = published.witnesses().map_err(unusable)?;
        if let Some(signed) = &latest {
            check_extends_checkpoint(&tree, reader, &signed.checkpoint, published.path())?;
        }
        if let Err(error) = published.store_verifier(&key.verifier()) {
            tracing::warn!(%error, "the verifier key is not kept: audit verify needs --key");
        }
        Ok(Self(Arc::new(Inner {
            tree,
            key,
            published,
            latest: RwLock::new(latest.map(Arc::new)),
            publishing: tokio::sync::Mutex::new(()),
            witnesses,
            known,
            altered: OnceLock::new(),
        })))
    }

    /// The keys of the witnesses that signed a checkpoint.
    pub fn witnesses_of(&self, signed: &SignedCheckpoint) -> Vec<VerifierKey> {
        let known = self.0.known.iter();
        known
            .filter(|key| signed.note.signature_by(key).is_some())
            .cloned()
            .collect()
    }

    pub fn tree(&self) -> &Tree {
        &self.0.tree
    }

    /// The key by which checkpoints are verified.
    pub fn verifier(&self) -> VerifierKey {
        self.0.key.verifier()
    }

    /// The name of the register.
    pub fn origin(&self) -> &str {
        self.0.key.name()
    }

    pub fn latest(&self) -> Option<Arc<SignedCheckpoint>> {
        let latest = self.0.latest.read();
        latest.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Publishes a checkpoint of the current tree, if there is none yet; asks the
    /// witnesses to sign it too, and goes on without those that do not answer in time.
    ///
    /// An error if the log was found to be altered: nothing is published then.
    pub async fn publish(&self) -> Result<Arc<SignedCheckpoint>, PublishError> {
        if let Some(altered) = self.0.altered.get() {
            return Err(PublishError::Altered(altered.clone()));
        }
        let _publishing = self.0.publishing.lock().await;
        let (size, root) = self.0.tree.head();
        if let Some(latest) = self.latest()
            && latest.checkpoint.size == size
            && latest.note.verify(&self.verifier()).is_ok()
        {
            return Ok(latest);
        }
        let checkpoint = Checkpoint {
            origin: self.0.key.name().to_owned(),
            size,
            root,
            extensions: Vec::new(),
        };
        let note = checkpoint.sign(&self.0.key);
        let mut signed = SignedCheckpoint { checkpoint, note };
        self.store(&signed).await?;
        if !self.0.witnesses.is_empty() {
            let requests = self
                .0
                .witnesses
                .iter()
                .map(|witness| witness.cosign(&self.0.tree, &signed));
            let answers = futures::future::join_all(requests).await;
            for (witness, answer) in self.0.witnesses.iter().zip(answers) {
                match answer {
                    Ok(signature) => signed.note.add(signature),
                    Err(error) => {
                        tracing::warn!(witness = %witness.name(), %error, "a witness did not sign");
                    }
                }
            }
            self.store(&signed).await?;
        }
        let signed = Arc::new(signed);
        let mut latest = self
            .0
            .latest
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *latest = Some(Arc::clone(&signed));
        Ok(signed)
    }

    async fn store(&self, signed: &SignedCheckpoint) -> io::Result<()> {
        let (notary, signed) = (self.clone(), signed.clone());
        let stored = tokio::task::spawn_blocking(move || notary.0.published.store(&signed));
        Ok(stored.await.map_err(io::Error::other)??)
    }

    /// Extends the tree as the log grows, and publishes checkpoints, until `stops` is
    /// true.
    pub fn follow(
        &self,
        reader: Arc<dyn Reader>,
        mut tail: watch::Receiver<crate::domain::ids::Position>,
        mut stops: watch::Receiver<bool>,
        interval: Duration,
    ) -> JoinHandle<()> {
        let notary = self.clone();
        notary.check(Arc::clone(&reader), stops.clone());
        tokio::spawn(async move {
            let mut publish = tokio::time::interval(interval);
            publish.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    changed = tail.changed() => if changed.is_err() { break },
                    _ = publish.tick() => {
                        if notary.0.tree.size() > 0
                            && let Err(error) = notary.publish().await
                        {
                            tracing::error!(%error, "no checkpoint was published");
                        }
                        continue;
                    }
                    () = stopped(&mut stops) => break,
                }
                tokio::time::sleep(GATHER).await;
                let until = tail.borrow_and_update().get();
                if !notary.catch_up(&reader, until).await {
                    break;
                }
            }
        })
    }

    /// Compares the log with the hashes of earlier runs, while the server serves. A
    /// start trusts them, so that it is quick.
    fn check(&self, reader: Arc<dyn Reader>, stops: watch::Receiver<bool>) {
        let notary = self.clone();
        tokio::task::spawn_blocking(move || {
            let checked = notary.0.tree.check(&*reader, || !*stops.borrow());
            drop(reader);
            if let Err(error) = checked {
                tracing::error!(%error, "nothing more is signed");
                let _ = notary.0.altered.set(error);
            }
        });
    }

    /// Extends the tree to `tail`; false if that failed.
    async fn catch_up(&self, reader: &Arc<dyn Reader>, tail: u64) -> bool {
        let (notary, reader) = (self.clone(), Arc::clone(reader));
        let grown = tokio::task::spawn_blocking(move || notary.0.tree.catch_up(&*reader, tail));
        match grown.await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "the tree of the log no longer follows it");
                false
            }
            Err(error) => {
                tracing::error!(%error, "the tree of the log no longer follows it");
                false
            }
        }
    }
}

async fn stopped(stops: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is a stop too.
    let _ = stops.wait_for(|stopping| *stopping).await;
}

/// Requires that the log begins with the signed entries. The stored hashes of an
/// earlier run may be wrong: they are made again before the log is refused.
fn check_extends_checkpoint(
    tree: &Tree,
    reader: &dyn Reader,
    signed: &Checkpoint,
    path: &Path,
) -> Result<(), NotaryError> {
    let broken = |what: String| NotaryError::Broken {
        what,
        path: path.to_owned(),
    };
    let tail = reader.tail();
    if signed.size > tail.get() {
        return Err(broken(format!(
            "it was signed with {} entries, and the log has {tail}",
            signed.size
        )));
    }
    if tree.root(signed.size)? == signed.root {
        return Ok(());
    }
    tree.clear()?;
    tree.catch_up(reader, tail.get())?;
    if tree.root(signed.size)? == signed.root {
        return Ok(());
    }
    Err(broken(format!(
        "its first {} entries have another root than was signed",
        signed.size
    )))
}
