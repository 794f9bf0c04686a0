//! A log of some 500 entries, made by the door itself, and archives of it.

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

/// How many entries the log has.
pub const SIZE: u64 = 517;

/// The key of the register.
pub fn key() -> SigningKey {
    SigningKey::new(ORIGIN, [7; 32]).expect("a key")
}

/// A key of somebody else, who takes the same name.
pub fn stranger() -> SigningKey {
    SigningKey::new(ORIGIN, [8; 32]).expect("a key")
}

/// A log, record by record.
#[derive(Default, Clone)]
pub struct Log {
    pub records: Vec<Vec<u8>>,
    pub register: Arc<Register>,
}

impl Log {
    /// Records a request as the writer would.
    pub fn tell(&mut self, message: &proto::AppendRequest) {
        let draft = request::append_command(message).expect("a draft");
        let start: Timestamp = "2026-01-05T09:00:00Z".parse().expect("an instant");
        let recorded_at = start + SignedDuration::from_mins(self.records.len() as i64);
        let admission = admit(&self.register, &draft, &Context { recorded_at });
        let admission = admission.unwrap_or_else(|refusal| panic!("{refusal:#?}"));
        for (entry, event) in admission.entries.iter().zip(&message.events) {
            let stamp = EntryEnvelope::of(entry);
            self.records.push(encode(&stamp, event));
        }
        self.register = Arc::new(admission.register);
    }

    /// Every book, and then other names of a body to fill it up.
    fn of_books() -> Self {
        let mut log = Self::default();
        let mut told = std::collections::BTreeSet::new();
        let books = program::books().into_iter().chain([program::walkthrough()]);
        for book in books {
            let text = std::fs::read_to_string(book).expect("a book");
            let book: proto::Book = json::from_str(&text).expect("a book");
            for message in &book.appends {
                // Books share what they are about.
                if told.insert(message.request_id.clone()) {
                    log.tell(message);
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
            log.tell(&append(u128::from(10_000 + tag), &events));
        }
        log
    }

    /// A checkpoint of its first entries, signed.
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

    /// Exports its first entries into a folder.
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
