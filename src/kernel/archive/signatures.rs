//! The check of the signatures on a checkpoint against the keys to trust.

use super::check::{Replaced, signing_key};
use super::verify::TrustAnchors;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::cosignature;
use crate::audit::key::VerifierKey;
use crate::audit::merkle::Hash;

/// The keys and roots against which a checkpoint is checked.
#[derive(Debug)]
pub(super) struct Signatures<'a> {
    /// The trust anchors that the caller gave.
    pub trust: &'a TrustAnchors,
    /// The key in the archive or store, used where none was given.
    pub own: Option<VerifierKey>,
    /// The keys of witnesses in the archive or store.
    pub witnesses: Vec<VerifierKey>,
    /// The replacements of the key, from the entries.
    pub replaced: &'a [Replaced],
    /// The root of the log at the size of the earlier checkpoint, if it has so many
    /// entries.
    pub met: Option<Hash>,
    /// How many entries the log has; a checkpoint may be older than the last of them.
    pub size: u64,
}

#[derive(Debug, Default)]
pub(super) struct SignatureCheck {
    /// The key by which the checkpoint is verified.
    pub key: Option<VerifierKey>,
    /// Witnesses that signed, and the time of each in seconds since 1970.
    pub witnessed: Vec<(String, u64)>,
    pub faults: Vec<String>,
    /// The checks that could not be made.
    pub unchecked: Vec<String>,
    /// Entries that no signature covers.
    pub remarks: Vec<String>,
}

impl Signatures<'_> {
    /// The key to trust: the given one, or else the one in the archive or store. If it
    /// is any key in a chain of replacements, the key of the chain that signs at this
    /// size.
    fn trusted(&self, size: u64) -> Option<VerifierKey> {
        let first = self.trust.key.as_ref().or(self.own.as_ref())?;
        let is_of_chain = |replaced: &Replaced| replaced.old == *first || replaced.new == *first;
        match signing_key(self.replaced, size) {
            // Only the new key vouches for itself.
            Some(_) if self.lost_after(first, size).is_some() => Some(first.clone()),
            Some(signing) if self.replaced.iter().any(is_of_chain) => Some(signing.clone()),
            _ => Some(first.clone()),
        }
    }

    /// The replacement by which this key, or a later one, was declared lost.
    fn lost_after(&self, key: &VerifierKey, size: u64) -> Option<&Replaced> {
        let from = self
            .replaced
            .iter()
            .skip_while(|replaced| replaced.old != *key);
        let mut by_then = from.take_while(|replaced| replaced.position <= size);
        by_then.find(|replaced| replaced.is_lost)
    }

    /// The fault of a log that declares the key to trust lost.
    fn lost_key(&self) -> Option<String> {
        let key = self.trust.key.as_ref().or(self.own.as_ref())?;
        let lost = self.lost_after(key, self.size)?;
        Some(format!(
            "entry {} says that the key {} is lost, and only the new key signed that: ask the \
             register for its new key by another way, and give it with --key",
            lost.position, lost.old
        ))
    }

    pub fn check(&self, signed: &SignedCheckpoint) -> SignatureCheck {
        let checkpoint = &signed.checkpoint;
        let (mut faults, mut unchecked) = (Vec::new(), Vec::new());
        faults.extend(self.lost_key());
        let trusted = self.trusted(checkpoint.size);
        if trusted.is_none() {
            unchecked.push(format!(
                "the signature of {} on the checkpoint cannot be checked without its key: give it with --key",
                checkpoint.origin
            ));
        }
        if let (Some(signing), Some(trusted)) =
            (signing_key(self.replaced, checkpoint.size), &trusted)
            && signing != trusted
        {
            faults.push(format!(
                "the entries name {signing} as the key of the log, and the key to trust is {trusted}"
            ));
        }
        if let Some(trusted) = &trusted {
            if trusted.name() != checkpoint.origin {
                faults.push(format!(
                    "the checkpoint is of {}, and the key is of {}",
                    checkpoint.origin,
                    trusted.name()
                ));
            }
            if let Err(error) = signed.note.verify(trusted) {
                faults.push(format!("checkpoint, key {trusted}: {error}"));
            }
        }
        let mut witnesses = self.trust.witnesses.clone();
        witnesses.extend(self.witnesses.iter().cloned());
        witnesses.dedup();
        let mut witnessed: Vec<(String, u64)> = Vec::new();
        for (index, witness) in witnesses.iter().enumerate() {
            if witnesses[..index].contains(witness) {
                continue;
            }
            match cosignature::verify(&signed.note, witness) {
                Ok(time) => witnessed.push((witness.name().to_owned(), time)),
                Err(error) => faults.push(format!("witness {witness}: {error}")),
            }
        }
        for signature in signed.note.signatures() {
            let mut known = trusted.iter().chain(&witnesses);
            if trusted.is_some()
                && !known.any(|key| key.name() == signature.name && key.id() == signature.key)
            {
                faults.push(format!(
                    "the checkpoint has a signature by {}, whose key is not known",
                    signature.name
                ));
            }
        }
        self.check_earlier(Some(signed), trusted.as_ref(), &mut faults);
        SignatureCheck {
            key: trusted,
            witnessed,
            faults,
            unchecked,
            remarks: self.not_covered(checkpoint.size),
        }
    }

    /// The check of a log without a checkpoint: only one that the caller kept can say
    /// something of it.
    pub fn check_without(&self) -> SignatureCheck {
        let (mut faults, mut unchecked) = (Vec::new(), Vec::new());
        let trusted = self.trusted(self.size);
        faults.extend(self.lost_key());
        self.check_earlier(None, trusted.as_ref(), &mut faults);
        let covered = self.trust.since.as_ref().map(|since| since.checkpoint.size);
        if covered.is_none() && (self.size > 0 || self.trust.key.is_some()) {
            unchecked.push(
                "there is no checkpoint, so no signature says what the log was: give one that you kept, \
                 with --since; a server publishes one some seconds after it starts"
                    .to_owned(),
            );
        }
        if covered.is_some() && trusted.is_none() {
            unchecked.push(
                "the signature on the earlier checkpoint cannot be checked without the register's key: \
                 give it with --key"
                    .to_owned(),
            );
        }
        for witness in &self.trust.witnesses {
            unchecked.push(format!(
                "witness {witness}: there is no checkpoint that it could have signed"
            ));
        }
        SignatureCheck {
            key: trusted,
            witnessed: Vec::new(),
            faults,
            unchecked,
            remarks: covered.map_or(Vec::new(), |covered| self.not_covered(covered)),
        }
    }

    /// Names the entries after those that a checkpoint covers.
    fn not_covered(&self, covered: u64) -> Vec<String> {
        let sentence = match self.size.saturating_sub(covered) {
            0 => return Vec::new(),
            1 => format!(
                "entry {} came after it, and no signature covers it yet",
                self.size
            ),
            _ => format!(
                "the entries {} to {} came after it, and no signature covers them yet",
                covered + 1,
                self.size
            ),
        };
        vec![format!(
            "the last checkpoint is of {covered} entries: {sentence}"
        )]
    }

    /// Requires that the log begins with the entries of an earlier checkpoint.
    fn check_earlier(
        &self,
        signed: Option<&SignedCheckpoint>,
        trusted: Option<&VerifierKey>,
        faults: &mut Vec<String>,
    ) {
        let Some(since) = &self.trust.since else {
            return;
        };
        let earlier = &since.checkpoint;
        let signing = signing_key(self.replaced, earlier.size).or(trusted);
        if let Some(key) = signing
            && let Err(error) = since.note.verify(key)
        {
            faults.push(format!("the earlier checkpoint, key {key}: {error}"));
        }
        if let Some(later) = signed.map(|signed| &signed.checkpoint)
            && earlier.origin != later.origin
        {
            faults.push(format!(
                "the earlier checkpoint is of {}, and this one of {}",
                earlier.origin, later.origin
            ));
        }
        if earlier.size > self.size {
            faults.push(format!(
                "the earlier checkpoint has {} entries, and the log {}: the end was cut off",
                earlier.size, self.size
            ));
        } else if self.met != Some(earlier.root) {
            faults.push(format!(
                "the first {} entries are not those of the earlier checkpoint: published entries \
                 were rewritten",
                earlier.size
            ));
        }
    }
}
