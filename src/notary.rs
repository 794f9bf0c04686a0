//! The notary: keeps the Merkle tree of the log, and signs its root.
//!
//! A checkpoint says that the log had so many entries and this root. Whoever has
//! one can prove later what the log held, and that nothing of it was altered,
//! removed, reordered or slipped in: see `audit`. A checkpoint once published is
//! a promise, so it is kept, and a log that does not begin with what was signed
//! is not served.

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

/// How long the tree lets entries gather before it hashes them: nobody waits for
/// it, and the writer has the machine to itself meanwhile.
const GATHER: Duration = Duration::from_millis(5);

/// Where the notary's files are, in the directory of a store.
pub const DIRECTORY: &str = "notary";

/// How a register is notarised.
#[derive(Debug, Clone)]
pub struct NotaryOptions {
    /// The directory of the notary's files; made when it is missing.
    pub dir: PathBuf,
    /// The key file, where it is not in that directory.
    pub key: Option<PathBuf>,
    /// The name of the register. Default: that of the key.
    pub origin: Option<String>,
    /// Who signs beside the register.
    pub witnesses: Vec<WitnessClient>,
}

/// Why a log is not notarised.
#[derive(Debug, thiserror::Error)]
pub enum NotaryError {
    /// There is no key to sign with.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The log says that another key signs.
    #[error(
        "the key at hand is {key}, and the log says that {named} signs its checkpoints: give that \
         key with --key"
    )]
    OtherKey {
        /// The key in the log.
        named: String,
        /// The key that is there.
        key: String,
    },
    /// The notary's directory cannot be used.
    #[error("the notary's directory {dir}", dir = dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What was published cannot be read.
    #[error(
        "the checkpoint in {path} cannot be read, and the log cannot be held against it ({what}): \
         put one in its place that somebody kept, or, if `minutebook audit verify --data` finds \
         nothing else wrong, move the file away",
        path = path.display()
    )]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The tree cannot be kept.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The log is not the one that was signed.
    #[error(
        "the log is not the one whose checkpoint was published: {what}; entries that were promised \
         were altered or lost. Restore the log from an export with `minutebook audit restore`; the \
         checkpoint is in {path}",
        path = path.display()
    )]
    Broken {
        /// What does not fit.
        what: String,
        /// The checkpoint that was published.
        path: PathBuf,
    },
}

/// Why no checkpoint is published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It cannot be kept, and is therefore not shown.
    #[error("a checkpoint is shown once it is kept, and it cannot be: {0}")]
    Io(#[from] io::Error),
    /// The log is not what was recorded.
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
    /// One at a time: what is published grows.
    publishing: tokio::sync::Mutex<()>,
    witnesses: Vec<WitnessClient>,
    /// The keys of all witnesses that were ever asked.
    known: Vec<VerifierKey>,
    /// Why nothing more is signed, once something was found to be altered.
    altered: OnceLock<TreeError>,
}

impl Notary {
    /// Opens the notary of a log: finds its key, or makes one; reads the tree and
    /// brings it up to the log's tail; and holds the log against the checkpoint
    /// that was published last. May take as long as the log is long.
    ///
    /// `named` is the key that the log says signs now, if it says so.
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
            // The replacement of a key is recorded before its file takes its place.
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
        let asked: Vec<VerifierKey> = witnesses.iter().map(|w| w.key().clone()).collect();
        published.ask(&asked).map_err(unusable)?;
        let known = published.witnesses().map_err(unusable)?;
        if let Some(signed) = &latest {
            check_extends_checkpoint(&tree, reader, &signed.checkpoint, published.path())?;
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

    /// The tree.
    pub fn tree(&self) -> &Tree {
        &self.0.tree
    }

    /// The key by which checkpoints are verified.
    pub fn verifier(&self) -> VerifierKey {
        self.0.key.verifier()
    }

    /// The checkpoint that was published last.
    pub fn latest(&self) -> Option<Arc<SignedCheckpoint>> {
        let latest = self.0.latest.read();
        latest.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Publishes a checkpoint of the tree as it is, unless that was done; asks the
    /// witnesses to sign it too, and does not wait for those who are not there.
    ///
    /// Nothing is published of a log that was found to be altered.
    pub async fn publish(&self) -> Result<Arc<SignedCheckpoint>, PublishError> {
        if let Some(altered) = self.0.altered.get() {
            return Err(PublishError::Altered(altered.clone()));
        }
        let _one_at_a_time = self.0.publishing.lock().await;
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
            let asked = self
                .0
                .witnesses
                .iter()
                .map(|w| w.cosign(&self.0.tree, &signed));
            let answers = futures::future::join_all(asked).await;
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
        let (this, signed) = (self.clone(), signed.clone());
        let stored = tokio::task::spawn_blocking(move || this.0.published.store(&signed));
        Ok(stored.await.map_err(io::Error::other)??)
    }

    /// Follows the log until `stops` says so.
    pub fn follow(
        &self,
        reader: Arc<dyn Reader>,
        mut tail: watch::Receiver<crate::domain::ids::Position>,
        mut stops: watch::Receiver<bool>,
        interval: Duration,
    ) -> JoinHandle<()> {
        let this = self.clone();
        this.check(Arc::clone(&reader), stops.clone());
        tokio::spawn(async move {
            let mut publish = tokio::time::interval(interval);
            publish.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    changed = tail.changed() => if changed.is_err() { break },
                    _ = publish.tick() => {
                        if this.0.tree.size() > 0
                            && let Err(error) = this.publish().await
                        {
                            tracing::error!(%error, "the checkpoint cannot be kept");
                        }
                        continue;
                    }
                    () = stopped(&mut stops) => break,
                }
                tokio::time::sleep(GATHER).await;
                let until = tail.borrow_and_update().get();
                if !this.catch_up(&reader, until).await {
                    break;
                }
            }
        })
    }

    /// Holds the log against the hashes of earlier runs, while the server serves:
    /// they are trusted at a start, so that it is quick.
    fn check(&self, reader: Arc<dyn Reader>, stops: watch::Receiver<bool>) {
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            let checked = this.0.tree.check(&*reader, || !*stops.borrow());
            drop(reader);
            if let Err(error) = checked {
                tracing::error!(%error, "nothing more is signed");
                let _ = this.0.altered.set(error);
            }
        });
    }

    /// Whether the tree could be brought up to `tail`.
    async fn catch_up(&self, reader: &Arc<dyn Reader>, tail: u64) -> bool {
        let (this, reader) = (self.clone(), Arc::clone(reader));
        let grown = tokio::task::spawn_blocking(move || this.0.tree.catch_up(&*reader, tail));
        match grown.await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "the tree of the log is no longer kept up");
                false
            }
            Err(error) => {
                tracing::error!(%error, "the tree of the log is no longer kept up");
                false
            }
        }
    }
}

async fn stopped(stops: &mut watch::Receiver<bool>) {
    // An error means that nobody is left to say so.
    let _ = stops.wait_for(|stopping| *stopping).await;
}

/// Demands that the log begins with what was signed. Hashes kept from an earlier
/// run may be at fault: before the log is blamed, they are made again.
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
    tree.forget()?;
    tree.catch_up(reader, tail.get())?;
    if tree.root(signed.size)? == signed.root {
        return Ok(());
    }
    Err(broken(format!(
        "its first {} entries have another root than was signed",
        signed.size
    )))
}
