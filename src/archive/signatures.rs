//! Who signed a checkpoint, and whether those are the ones to trust.

use super::check::{Replaced, signs};
use super::verify::TrustAnchors;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::cosignature;
use crate::audit::key::VerifierKey;
use crate::audit::merkle::Hash;

/// What a checkpoint is held against.
#[derive(Debug)]
pub(super) struct Signatures<'a> {
    /// What was given to trust.
    pub trust: &'a TrustAnchors,
    /// The key at hand, where none was given.
    pub own: Option<VerifierKey>,
    /// The witnesses' keys that lie beside it.
    pub witnesses: Vec<VerifierKey>,
    /// The keys that the entries replace.
    pub replaced: &'a [Replaced],
    /// The root of as many entries as the earlier checkpoint has, if there are so
    /// many.
    pub met: Option<Hash>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct SignatureCheck {
    /// The key by which the checkpoint is verified.
    pub key: Option<VerifierKey>,
    /// Which witnesses signed, and when.
    pub witnessed: Vec<(String, u64)>,
    /// What is wrong.
    pub faults: Vec<String>,
}

impl Signatures<'_> {
    /// The key to trust: the one given, or else the one at hand; of a chain of
    /// replaced keys, whichever of it that is, the one that signs at this size.
    fn trusted(&self, size: u64) -> Option<VerifierKey> {
        let first = self.trust.key.as_ref().or(self.own.as_ref())?;
        let is_of_chain = |one: &Replaced| one.old == *first || one.new == *first;
        match signs(self.replaced, size) {
            Some(signing) if self.replaced.iter().any(is_of_chain) => Some(signing.clone()),
            _ => Some(first.clone()),
        }
    }

    /// Checks who signed.
    pub fn check(&self, signed: &SignedCheckpoint) -> SignatureCheck {
        let checkpoint = &signed.checkpoint;
        let mut faults = Vec::new();
        let trusted = self.trusted(checkpoint.size);
        if trusted.is_none() {
            faults.push(format!(
                "whether {} signed the checkpoint cannot be told without its key: give it with --key",
                checkpoint.origin
            ));
        }
        if let (Some(signing), Some(trusted)) = (signs(self.replaced, checkpoint.size), &trusted)
            && signing != trusted
        {
            faults.push(format!(
                "by its entries the log is signed with {signing}, and the one to trust is {trusted}"
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
        self.earlier(signed, trusted.as_ref(), &mut faults);
        SignatureCheck {
            key: trusted,
            witnessed,
            faults,
        }
    }

    /// The log begins with what an earlier checkpoint says.
    fn earlier(
        &self,
        signed: &SignedCheckpoint,
        trusted: Option<&VerifierKey>,
        faults: &mut Vec<String>,
    ) {
        let Some(since) = &self.trust.since else {
            return;
        };
        let (earlier, later) = (&since.checkpoint, &signed.checkpoint);
        let signing = signs(self.replaced, earlier.size).or(trusted);
        if let Some(key) = signing
            && let Err(error) = since.note.verify(key)
        {
            faults.push(format!("the earlier checkpoint, key {key}: {error}"));
        }
        if earlier.origin != later.origin {
            faults.push(format!(
                "the earlier checkpoint is of {}, and this one of {}",
                earlier.origin, later.origin
            ));
        }
        if earlier.size > later.size {
            faults.push(format!(
                "the earlier checkpoint has {} entries, and this one {}: the end was cut off",
                earlier.size, later.size
            ));
        } else if self.met != Some(earlier.root) {
            faults.push(format!(
                "the first {} entries are not those of the earlier checkpoint: what had been \
                 published was rewritten",
                earlier.size
            ));
        }
    }
}
