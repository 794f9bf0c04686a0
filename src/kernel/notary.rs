//! The notary: keeps the Merkle tree of the log, and signs its root.
//!
//! A checkpoint states how many entries the log had, and their root. Its holder can
//! prove later which entries those were, and that none was altered, removed,
//! reordered or inserted: see `audit`. A published checkpoint is a promise, so it is
//! stored, and a log that does not begin with the signed entries is not served.

mod hashes;
pub mod key;
mod key_chain;
pub mod key_command;
mod log_proof;
mod opening;
mod options;
mod published;
mod signer;
pub mod tree;
pub mod witness;

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::key::KeyFiles;
pub use self::key_chain::{KeyChain, KeyChainError};
use self::key_command::KeyCommandError;
pub use self::log_proof::{LogProof, LogProofReader};
pub use self::opening::{NotaryError, ReplayedLog, SnapshotEnd};
use self::opening::{check_roots, open_command, open_key};
pub use self::options::NotaryOptions;
pub use self::published::CheckpointFile;
pub use self::signer::CheckpointSigner;
use self::tree::{Tree, TreeError};
use self::witness::{CosignError, WitnessClient};
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::derived_secret::DerivedSecret;
use crate::audit::key::{SigningKey, VerifierKey};
use crate::log::Reader;

/// How long the tree lets entries gather before it hashes them. No call waits for it,
/// and the writer has the processors meanwhile.
const GATHER: Duration = Duration::from_millis(5);

/// How long to wait before witnesses that dispute the log are asked again.
const DISPUTE_INTERVAL: Duration = Duration::from_secs(10);

/// The folder of the notary's files, in the directory of a store.
pub const DIRECTORY: &str = "notary";

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The checkpoint cannot be stored, and is therefore not published.
    #[error("the checkpoint cannot be stored, and is therefore not published: {0}")]
    Io(#[from] io::Error),
    /// The program that has the key did not sign.
    #[error("the checkpoint is not signed, and is therefore not published: {0}")]
    Sign(#[from] KeyCommandError),
    /// The log is still being compared with its hashes.
    #[error("the log is still being compared with its hashes since the start; ask again soon")]
    Unproven,
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
    signer: CheckpointSigner,
    /// From which secrets of this machine are derived.
    secrets: SigningKey,
    published: CheckpointFile,
    latest: RwLock<Option<Arc<SignedCheckpoint>>>,
    /// Held while a checkpoint is published, so that published sizes never decrease.
    publishing: tokio::sync::Mutex<()>,
    witnesses: Vec<WitnessClient>,
    /// The keys of all witnesses that this register ever used.
    known: Vec<VerifierKey>,
    /// How many entries the start did not read.
    unread: u64,
    proof: watch::Sender<LogProof>,
}

impl Notary {
    /// Opens the notary of a log: reads its key, makes one for a log that is empty;
    /// makes the tree, from the log and, where a start began with snapshots, from
    /// the hashes of earlier runs; and compares it with the checkpoint that was
    /// published last, which the key or an earlier key of the log must have signed.
    ///
    /// [`Notary::prove`] compares the entries that the start did not read.
    pub fn open(
        options: NotaryOptions,
        log: &ReplayedLog,
        reader: &dyn Reader,
    ) -> Result<Self, NotaryError> {
        let secret_files = options.secret_files();
        let NotaryOptions {
            dir,
            key,
            key_command,
            origin,
            witnesses,
        } = options;
        let unusable = |source| NotaryError::Directory {
            dir: dir.clone(),
            source,
        };
        std::fs::create_dir_all(&dir).map_err(unusable)?;
        let published = CheckpointFile::new(&dir);
        let latest = published.read().map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => NotaryError::Checkpoint {
                path: published.path().to_owned(),
                what: error.to_string(),
            },
            _ => unusable(error),
        })?;
        let tail = reader.tail().get();
        let origin = origin.as_deref();
        let (signer, secrets) = match &key_command {
            None => {
                let files = KeyFiles::new(&dir, key);
                let key = open_key(&files, origin, &log.keys, tail, latest.as_ref())?;
                (CheckpointSigner::Key(key.clone()), key)
            }
            Some(program) => {
                let stored = published.verifier().map_err(unusable)?;
                let known = (stored, latest.as_ref());
                let command = open_command(program, origin, &log.keys, tail, known)?;
                let secrets = secret_files.open(None)?;
                (CheckpointSigner::Command(command), secrets)
            }
        };
        let verifier = signer.verifier();
        if let Some(signed) = &latest
            && !log.keys.has_signed(&verifier, signed)
        {
            return Err(NotaryError::NotSigned {
                path: published.path().to_owned(),
                key: verifier.to_string(),
            });
        }
        let unread = log.snapshots.map_or(0, |end| end.size);
        let tree = Tree::open(&dir.join("hashes"), unread)?;
        tree.catch_up(reader, unread)?;
        tree.grow(&log.leaves)?;
        tree.catch_up(reader, tail)?;
        let keys: Vec<VerifierKey> = witnesses.iter().map(|w| w.key().clone()).collect();
        published.add_witnesses(&keys).map_err(unusable)?;
        let known = published.witnesses().map_err(unusable)?;
        check_roots(&tree, reader, log, latest.as_ref(), published.path())?;
        let proof = match (unread, witnesses.is_empty()) {
            (0, true) => LogProof::Proven,
            (0, false) => LogProof::AskingWitnesses,
            _ => LogProof::Comparing,
        };
        if let Err(error) = published.store_verifier(&verifier) {
            tracing::warn!(%error, "the verifier key is not kept: audit verify needs --key");
        }
        if key_command.is_some() {
            // A program that cannot sign is found now, and not when a checkpoint is due.
            let (size, root) = tree.head();
            signer.checkpoint(size, root)?;
        }
        Ok(Self(Arc::new(Inner {
            tree,
            signer,
            secrets,
            published,
            latest: RwLock::new(latest.map(Arc::new)),
            publishing: tokio::sync::Mutex::new(()),
            witnesses,
            known,
            unread,
            proof: watch::Sender::new(proof),
        })))
    }

    /// The proof of the log, which [`Notary::prove`] completes.
    pub fn proof(&self) -> LogProofReader {
        LogProofReader::new(self.0.proof.subscribe())
    }

    /// The keys of the witnesses that signed a checkpoint.
    pub fn witnesses_of(&self, signed: &SignedCheckpoint) -> Vec<VerifierKey> {
        let known = self.0.known.iter();
        known
            .filter(|key| signed.note.signature_by(key).is_some())
            .cloned()
            .collect()
    }

    /// Who signs checkpoints.
    pub fn signer(&self) -> &CheckpointSigner {
        &self.0.signer
    }

    /// A secret for one purpose, which stays the same on this machine.
    pub fn derive_secret(&self, purpose: &str) -> DerivedSecret {
        self.0.secrets.derive_secret(purpose)
    }

    pub fn tree(&self) -> &Tree {
        &self.0.tree
    }

    /// A checkpoint of the present tree: the published one, with the signatures of its
    /// witnesses, if it is of that tree; otherwise one that is signed now and not published.
    pub fn head_checkpoint(&self) -> Result<SignedCheckpoint, KeyCommandError> {
        let (size, root) = self.0.tree.head();
        match self.published_of(size) {
            Some(published) => Ok(Arc::unwrap_or_clone(published)),
            None => self.0.signer.checkpoint(size, root),
        }
    }

    /// The checkpoint that was published last, if it is of so many entries and the present
    /// key signed it. The log begins with its entries.
    fn published_of(&self, size: u64) -> Option<Arc<SignedCheckpoint>> {
        self.latest().filter(|latest| {
            latest.checkpoint.size == size && latest.note.verify(&self.verifier()).is_ok()
        })
    }

    /// The key by which checkpoints are verified.
    pub fn verifier(&self) -> VerifierKey {
        self.0.signer.verifier()
    }

    /// The name of the register.
    pub fn origin(&self) -> String {
        self.verifier().name().to_owned()
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
        match &*self.0.proof.borrow() {
            LogProof::Comparing => return Err(PublishError::Unproven),
            LogProof::Altered(altered) => return Err(PublishError::Altered(altered.clone())),
            LogProof::AskingWitnesses | LogProof::Proven | LogProof::Disputed(_) => {}
        }
        let _publishing = self.0.publishing.lock().await;
        let (size, root) = self.0.tree.head();
        if let Some(latest) = self.published_of(size) {
            return Ok(latest);
        }
        let mut signed = self.0.signer.checkpoint_aside(size, root).await?;
        self.store(&signed).await?;
        if !self.0.witnesses.is_empty() {
            self.cosign(&mut signed).await;
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

    /// Adds the signatures of the witnesses that answer in time. Returns the dispute of
    /// one that has signed another log, or a longer one.
    async fn cosign(&self, signed: &mut SignedCheckpoint) -> Option<String> {
        let requests = self
            .0
            .witnesses
            .iter()
            .map(|witness| witness.cosign(&self.0.tree, signed));
        let answers = futures::future::join_all(requests).await;
        let mut dispute = None;
        for (witness, answer) in self.0.witnesses.iter().zip(answers) {
            match answer {
                Ok(signature) => signed.note.add(signature),
                Err(error) => {
                    tracing::warn!(witness = %witness.name(), %error, "a witness did not sign");
                    if let CosignError::Disputed(why) = error {
                        dispute = Some(format!("the witness {} {why}", witness.name()));
                    }
                }
            }
        }
        dispute
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
        mut tail: watch::Receiver<minutebook_domain::ids::Position>,
        mut stops: watch::Receiver<bool>,
        interval: Duration,
    ) -> JoinHandle<()> {
        let notary = self.clone();
        tokio::spawn(async move {
            let mut publish = tokio::time::interval(interval);
            publish.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    changed = tail.changed() => if changed.is_err() { break },
                    _ = publish.tick() => {
                        if notary.0.tree.size() > 0
                            && notary.0.proof.borrow().is_compared()
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

    /// Completes the proof of the log: compares what the start did not read with its
    /// hashes, then asks the witnesses what they signed last.
    pub fn prove(
        &self,
        reader: Arc<dyn Reader>,
        mut stops: watch::Receiver<bool>,
    ) -> JoinHandle<()> {
        let notary = self.clone();
        tokio::spawn(async move {
            let proof = &notary.0.proof;
            if !proof.borrow().is_compared() {
                let (tree, unread) = (notary.0.tree.clone(), notary.0.unread);
                let stops = stops.clone();
                let compared = tokio::task::spawn_blocking(move || {
                    tree.check(&*reader, unread, || !*stops.borrow())
                });
                match compared.await {
                    Ok(Ok(true)) => proof.send_replace(LogProof::AskingWitnesses),
                    // The server stops, or the panic was logged already.
                    Ok(Ok(false)) | Err(_) => return,
                    Ok(Err(error)) => {
                        tracing::error!(%error, "the log is not the one that was recorded");
                        proof.send_replace(LogProof::Altered(error));
                        return;
                    }
                };
            }
            if proof.borrow().is_proven() {
                return;
            }
            // A witness can be wrong, or restored itself: it is asked again.
            loop {
                match notary.ask_witnesses().await {
                    Ok(None) => break,
                    Ok(Some(dispute)) => {
                        tracing::error!(%dispute, "nothing is recorded");
                        proof.send_replace(LogProof::Disputed(dispute.into()));
                    }
                    // Without a signature no witness can be asked, and they could know more.
                    Err(error) => tracing::error!(%error, "nothing is recorded yet"),
                }
                tokio::select! {
                    () = tokio::time::sleep(DISPUTE_INTERVAL) => {}
                    () = stopped(&mut stops) => return,
                }
            }
            proof.send_replace(LogProof::Proven);
        })
    }

    /// Asks each witness to sign the present log once more. A witness answers with the
    /// size that it signed last, so a store that was put back to an earlier state is
    /// noticed. Returns the dispute, if there is one.
    async fn ask_witnesses(&self) -> Result<Option<String>, PublishError> {
        let (size, root) = self.0.tree.head();
        if self.0.witnesses.is_empty() || size == 0 {
            return Ok(None);
        }
        let _publishing = self.0.publishing.lock().await;
        let mut signed = self.0.signer.checkpoint_aside(size, root).await?;
        Ok(self.cosign(&mut signed).await)
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
