//! A log of some 500 entries that went through admission, and archives of it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use minutebook::archive::export::Export;
use minutebook::archive::folder::Folder;
use minutebook::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use minutebook::audit::key::SigningKey;
use minutebook::audit::merkle::{Frontier, leaf_hash};
use minutebook::domain::admit::{Context, admit};
use minutebook::domain::register::Register;
use minutebook::wire::entry::{EntryEnvelope, encode};
use minutebook::wire::json;
use minutebook::wire::{proto, request};
use serde_json::json;

use crate::given::append;
use crate::program;

pub const ORIGIN: &str = "register.example/north";

pub const SIZE: u64 = 517;

pub fn key() -> SigningKey {
    SigningKey::new(ORIGIN, [7; 32]).expect("a key")
}

/// A stranger's key with the same name.
pub fn stranger() -> SigningKey {
    SigningKey::new(ORIGIN, [8; 32]).expect("a key")
}

#[derive(Default, Clone)]
pub struct Log {
    pub records: Vec<Vec<u8>>,
    pub register: Arc<Register>,
}

impl Log {
    /// Records a request as the writer would.
    pub fn record(&mut self, message: &proto::AppendRequest) {
        let command = request::append_command(message).expect("a command");
        let start: Timestamp = "2026-01-05T09:00:00Z".parse().expect("an instant");
        let recorded_at = start + SignedDuration::from_mins(self.records.len() as i64);
        let admission = admit(&self.register, &command, &Context::at(recorded_at));
        let admission = admission.unwrap_or_else(|refusal| panic!("{refusal:#?}"));
        for (entry, event) in admission.entries.iter().zip(&message.events) {
            let envelope = EntryEnvelope::of(entry);
            self.records.push(encode(&envelope, event));
        }
        self.register = Arc::new(admission.register);
    }

    /// Every book, then aliases of a body up to `SIZE` entries.
    fn of_books() -> Self {
        let mut log = Self::default();
        let mut recorded = std::collections::BTreeSet::new();
        let books = program::books().into_iter().chain([program::walkthrough()]);
        for book in books {
            let text = std::fs::read_to_string(book).expect("a book");
            let book: proto::Book = json::from_str(&text).expect("a book");
            for message in &book.appends {
                // Books share requests.
                if recorded.insert(message.request_id.clone()) {
                    log.record(message);
                }
            }
        }
        let mut tag = 0;
        while (log.records.len() as u64) < SIZE {
            let room = SIZE - log.records.len() as u64;
            let events: Vec<_> = (0..room.min(1 + tag % 3))
                .map(|n| {
                    json!({ "subject": "bodies/leicestershire-pcc",
                        "aliasAdded": { "alias": format!("Alias {tag}.{n}") } })
                })
                .collect();
            tag += 1;
            log.record(&append(u128::from(10_000 + tag), &events));
        }
        log
    }

    /// A signed checkpoint of the first `size` entries.
    pub fn signed(&self, size: u64, key: &SigningKey) -> SignedCheckpoint {
        let mut tree = Frontier::new();
        for record in &self.records[..size as usize] {
            tree.push(leaf_hash(record));
        }
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size,
            root: tree.root(),
            extensions: Vec::new(),
        };
        let note = checkpoint.sign(key);
        SignedCheckpoint { checkpoint, note }
    }

    /// Exports the first `size` entries into a folder.
    pub fn export(&self, folder: &Path, size: u64, key: &SigningKey) {
        let mut export = Export::open(Folder::new(folder)).expect("a folder");
        for record in &self.records[export.size() as usize..size as usize] {
            export.push(record).expect("an entry");
        }
        let signed = self.signed(size, key);
        let vkey = key.verifier().to_string();
        export.finish(&signed, &vkey, &[]).expect("an export");
    }
}

/// The log, made once.
pub fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(Log::of_books)
}
