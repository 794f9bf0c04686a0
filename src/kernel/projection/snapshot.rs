//! A snapshot: a copy of a range of the log, in the order in which a start needs it.
//!
//! A start needs every request and every subject, and almost nothing of their
//! contents. So a snapshot has the stored entries by subject, and the position where
//! each request begins. The register folds a subject when it is first used, from the
//! bytes of the log, with the code that folds all entries.
//!
//! It is a cache. A snapshot that is torn, altered, of another version of the program
//! or of another log is not used, and is made again from the log. It is authenticated
//! by a secret of the register, since a start admits entries on it before the log
//! before it was read again.
//!
//! ```text
//! bytes  what
//!    22  "minutebook snapshot 3\n"
//!    32  SHA-256 of the program's version and the published language it knows:
//!        the program that reads the entries must know all that the writer knew
//!     8  length of the index in bytes, big-endian
//!    32  HMAC-SHA256 of all that is before and after, by the register's secret
//!     …  the index (see [`Index`]), as protobuf
//!     …  for each subject its entries, each after its length
//! ```

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::LazyLock;

use bytes::{Buf as _, Bytes};
use hmac::Mac as _;
use jiff::Timestamp;
use prost::Message as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::request_index::{RequestIndex, RequestLocation};
use crate::audit::derived_secret::DerivedSecret;
use crate::audit::merkle::Hash;
use crate::log::Record;
use minutebook_domain::entry::RequestPart;
use minutebook_domain::ids::{EventId, Position, ProposalId, RequestId, SubjectId};
use minutebook_wire::entry::EntryDecodeError;
use minutebook_wire::entry_header::entry_header;
use minutebook_wire::proto::DESCRIPTORS;

const MAGIC: &[u8] = b"minutebook snapshot 3\n";
const FINGERPRINT_BYTES: usize = 32;
const UUID_BYTES: usize = 16;
const MAC_BYTES: usize = 32;

/// The purpose of the secret that authenticates snapshots.
pub const SNAPSHOT_PURPOSE: &str = "minutebook snapshot 3";

/// Everything in a snapshot except the entries. Lists that belong together have the
/// same length.
#[derive(Clone, PartialEq, prost::Message)]
struct Index {
    /// The first position, and how many follow it.
    #[prost(uint64, tag = "1")]
    first: u64,
    #[prost(uint64, tag = "2")]
    count: u64,
    /// When the last entry was recorded, in microseconds since 1970.
    #[prost(int64, tag = "3")]
    recorded_at: i64,
    /// The SHA-256 of the last entry, which identifies the log.
    #[prost(bytes = "bytes", tag = "4")]
    last: Bytes,
    /// The subjects, and how many bytes the entries of each have.
    #[prost(string, repeated, tag = "5")]
    subjects: Vec<String>,
    #[prost(uint64, repeated, tag = "6")]
    bytes: Vec<u64>,
    /// The requests, 16 bytes each; how far from the first position each begins;
    /// and how many entries it brought.
    #[prost(bytes = "bytes", tag = "7")]
    requests: Bytes,
    #[prost(uint64, repeated, tag = "8")]
    request_firsts: Vec<u64>,
    #[prost(uint32, repeated, tag = "9")]
    request_counts: Vec<u32>,
    /// The ids of events, 16 bytes each, and how far from the first position each is.
    #[prost(bytes = "bytes", tag = "10")]
    events: Bytes,
    #[prost(uint64, repeated, tag = "11")]
    event_positions: Vec<u64>,
    /// The ids of the proposals made, 16 bytes each, and the subject of each.
    #[prost(bytes = "bytes", tag = "12")]
    proposals: Bytes,
    #[prost(uint32, repeated, tag = "13")]
    proposal_subjects: Vec<u32>,
    /// Which subjects decide an index by their fold: those with corrections, and bodies
    /// that others have followed.
    #[prost(uint32, repeated, tag = "14")]
    folded_first: Vec<u32>,
    /// The Merkle root of the log up to the last entry.
    #[prost(bytes = "bytes", tag = "15")]
    root: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It has another format or version.
    #[error("another version of the program wrote it")]
    OtherVersion,
    #[error("it is torn or altered, or another register wrote it")]
    Damaged,
    /// It is of another log, or out of sequence.
    #[error("it does not match the log")]
    OtherLog,
}

/// A snapshot that was read, and that this register wrote.
#[derive(Debug)]
pub struct Snapshot {
    index: Index,
    subjects: Vec<SubjectId>,
    entries: Bytes,
}

/// A snapshot in the making.
#[derive(Debug, Default)]
pub struct SnapshotBuilder {
    index: Index,
    /// The entries of each subject, each after its length.
    parts: Vec<Vec<u8>>,
    known: HashMap<String, u32>,
    requests: Vec<u8>,
    events: Vec<u8>,
    proposals: Vec<u8>,
    last: Bytes,
}

impl SnapshotBuilder {
    pub fn add(&mut self, record: &Record) -> Result<(), EntryDecodeError> {
        let header = entry_header(&record.bytes)?;
        let index = &mut self.index;
        if index.count == 0 {
            index.first = record.position.get();
        }
        let at = index.count;
        let next = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let subject = *self.known.entry(header.subject).or_insert_with_key(|name| {
            index.subjects.push(name.clone());
            self.parts.push(Vec::new());
            next
        });
        if let Some(part) = self.parts.get_mut(subject as usize) {
            // Writing to a vector never fails.
            let _ = prost::encode_length_delimiter(record.bytes.len(), part);
            part.extend_from_slice(&record.bytes);
        }
        if let RequestPart { index: 0, count } = header.request_part {
            self.requests
                .extend_from_slice(header.request.uuid().as_bytes());
            index.request_firsts.push(at);
            index.request_counts.push(count);
        }
        if let Some(event) = header.event {
            self.events.extend_from_slice(event.uuid().as_bytes());
            index.event_positions.push(at);
        }
        if let Some(proposal) = header.proposal {
            self.proposals.extend_from_slice(proposal.uuid().as_bytes());
            index.proposal_subjects.push(subject);
        }
        if header.folds_first && index.folded_first.last() != Some(&subject) {
            index.folded_first.push(subject);
        }
        index.count += 1;
        index.recorded_at = header.recorded_at.as_microsecond();
        self.last = record.bytes.clone();
        Ok(())
    }

    pub const fn count(&self) -> u64 {
        self.index.count
    }

    /// Writes the snapshot. `root` is the Merkle root of the log up to its last entry.
    pub fn write(self, root: Hash, secret: &DerivedSecret, mut to: impl Write) -> io::Result<()> {
        let Self {
            mut index,
            parts,
            requests,
            events,
            proposals,
            last,
            known: _,
        } = self;
        index.last = Bytes::copy_from_slice(&Sha256::digest(&last));
        index.root = Bytes::copy_from_slice(root.as_bytes());
        index.bytes = parts.iter().map(|part| part.len() as u64).collect();
        (index.requests, index.events, index.proposals) =
            (requests.into(), events.into(), proposals.into());
        let index = index.encode_to_vec();
        let index_len = (index.len() as u64).to_be_bytes();
        let mut mac = secret.mac();
        for part in [MAGIC, &*FINGERPRINT, &index_len, &index] {
            mac.update(part);
        }
        for part in &parts {
            mac.update(part);
        }
        to.write_all(MAGIC)?;
        to.write_all(&*FINGERPRINT)?;
        to.write_all(&index_len)?;
        to.write_all(&mac.finalize().into_bytes())?;
        to.write_all(&index)?;
        for part in parts {
            to.write_all(&part)?;
        }
        to.flush()
    }
}

impl Snapshot {
    /// Reads a snapshot. One that was not written with this secret is refused.
    pub fn read(bytes: Vec<u8>, secret: &DerivedSecret) -> Result<Self, SnapshotError> {
        let mut rest = Bytes::from(bytes);
        if rest.len() < MAGIC.len() + FINGERPRINT_BYTES {
            return Err(SnapshotError::Damaged);
        }
        let magic = rest.split_to(MAGIC.len());
        if magic != MAGIC || rest.split_to(FINGERPRINT_BYTES) != FINGERPRINT.as_slice() {
            return Err(SnapshotError::OtherVersion);
        }
        let index_len = rest.try_get_u64().map_err(|_| SnapshotError::Damaged)?;
        if rest.len() < MAC_BYTES {
            return Err(SnapshotError::Damaged);
        }
        let expected = rest.split_to(MAC_BYTES);
        let mut mac = secret.mac();
        for part in [MAGIC, &*FINGERPRINT, &index_len.to_be_bytes(), &rest] {
            mac.update(part);
        }
        mac.verify_slice(&expected)
            .map_err(|_| SnapshotError::Damaged)?;
        let index_len = usize::try_from(index_len).map_err(|_| SnapshotError::Damaged)?;
        if index_len > rest.len() {
            return Err(SnapshotError::Damaged);
        }
        let index = rest.split_to(index_len);
        let index = Index::decode(index).map_err(|_| SnapshotError::Damaged)?;
        let subjects: Option<Vec<SubjectId>> =
            index.subjects.iter().map(|id| id.parse().ok()).collect();
        let snapshot = Self {
            subjects: subjects.ok_or(SnapshotError::Damaged)?,
            index,
            entries: rest,
        };
        if snapshot.is_consistent() {
            Ok(snapshot)
        } else {
            Err(SnapshotError::Damaged)
        }
    }

    fn is_consistent(&self) -> bool {
        let index = &self.index;
        let uuids = |bytes: &Bytes, of: usize| bytes.len() == of * UUID_BYTES;
        let named = |subjects: &[u32]| subjects.iter().all(|i| (*i as usize) < self.subjects.len());
        index.root.len() == size_of::<Hash>()
            && index.first > 0
            && index.count > 0
            && index.bytes.len() == self.subjects.len()
            && index
                .bytes
                .iter()
                .try_fold(0_u64, |sum, len| sum.checked_add(*len))
                == Some(self.entries.len() as u64)
            && uuids(&index.requests, index.request_firsts.len())
            && index.request_firsts.len() == index.request_counts.len()
            && uuids(&index.events, index.event_positions.len())
            && uuids(&index.proposals, index.proposal_subjects.len())
            && named(&index.proposal_subjects)
            && named(&index.folded_first)
    }

    pub fn first(&self) -> Position {
        Position::new(self.index.first)
    }

    pub fn last(&self) -> Position {
        self.at(self.index.count - 1)
    }

    fn at(&self, from_first: u64) -> Position {
        Position::new(self.index.first.saturating_add(from_first))
    }

    /// The Merkle root of the log up to its last entry.
    pub fn root(&self) -> Option<Hash> {
        Some(Hash::from_bytes(self.index.root.as_ref().try_into().ok()?))
    }

    pub fn recorded_at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.index.recorded_at).ok()
    }

    /// Whether its last entry is this record.
    pub fn ends_with(&self, record: &Record) -> bool {
        record.position.get() == self.last().get()
            && Sha256::digest(&record.bytes).as_slice() == self.index.last
    }

    pub fn note_requests(&self, requests: &mut RequestIndex) {
        let begin = self.index.request_firsts.iter();
        let begin = begin.zip(&self.index.request_counts);
        for (id, (first, count)) in uuids(&self.index.requests).zip(begin) {
            let (first, count) = (self.at(*first), *count);
            requests.insert(RequestId::new(id), RequestLocation { first, count });
        }
    }

    pub fn requests(&self) -> usize {
        self.index.request_firsts.len()
    }

    /// The ids of its events, and their positions.
    pub fn events(&self) -> impl Iterator<Item = (EventId, Position)> {
        let positions = self.index.event_positions.iter();
        uuids(&self.index.events)
            .zip(positions)
            .map(|(id, from_first)| (EventId::new(id), self.at(*from_first)))
    }

    /// The proposals made in it, and the subject of each.
    pub fn proposals(&self) -> impl Iterator<Item = (ProposalId, &SubjectId)> {
        let subjects = self.index.proposal_subjects.iter();
        uuids(&self.index.proposals)
            .zip(subjects)
            .filter_map(|(id, i)| Some((ProposalId::new(id), self.subjects.get(*i as usize)?)))
    }

    /// The subjects in it that decide an index by their fold.
    pub fn folded_first(&self) -> impl Iterator<Item = &SubjectId> {
        let folded_first = self.index.folded_first.iter();
        folded_first.filter_map(|i| self.subjects.get(*i as usize))
    }

    /// Its subjects, each with its stored entries: see `entries`.
    pub fn subjects(&self) -> impl Iterator<Item = (&SubjectId, Bytes)> {
        let mut rest = self.entries.clone();
        let lens = self.index.bytes.iter();
        self.subjects.iter().zip(lens).map(move |(id, len)| {
            // `is_consistent` checked the sum of the lengths.
            let len = usize::try_from(*len).unwrap_or(0).min(rest.len());
            (id, rest.split_to(len))
        })
    }
}

/// The stored entries of a subject in a snapshot, in order.
pub fn entries(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        let len = prost::decode_length_delimiter(&mut bytes).ok()?;
        (len <= bytes.len()).then(|| bytes.split_to(len))
    })
}

fn uuids(bytes: &Bytes) -> impl Iterator<Item = Uuid> {
    bytes
        .chunks_exact(UUID_BYTES)
        .filter_map(|id| Uuid::from_slice(id).ok())
}

/// A hash of the program's version and published language: a snapshot is only read by a
/// program with the same.
static FINGERPRINT: LazyLock<[u8; FINGERPRINT_BYTES]> = LazyLock::new(|| {
    Sha256::new()
        .chain_update(env!("CARGO_PKG_VERSION"))
        .chain_update(DESCRIPTORS)
        .finalize()
        .into()
});
