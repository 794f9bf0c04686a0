//! Stores of many entries, judged and encoded as the writer does.

use std::path::Path;

use minutebook::domain::admit::{Context, admit};
use minutebook::domain::register::Register;
use minutebook::log::sled::{self, SledAppender};
use minutebook::log::{Appender, Batch};
use minutebook::wire::entry::{Stamp, encode};
use minutebook::wire::{proto, request};

use crate::actions::{action, append, stage};

/// How many records are made durable together.
const GROUP: usize = 64;

/// A store of so many entries and what holds it open.
pub fn fill(data: &Path, entries: u64) -> (SledAppender, Register) {
    let (mut appender, _reader) = sled::open(data).expect("a store");
    let register = made(entries, |records| {
        let batch = Batch::new(records).expect("a batch");
        let tail = appender.tail();
        appender.append(&batch, tail).expect("appended");
    });
    (appender, register)
}

/// A register of so many entries; shows the records of each group.
pub fn made(entries: u64, mut keep: impl FnMut(Vec<Vec<u8>>)) -> Register {
    let mut register = Register::default();
    let mut records = Vec::new();
    let recorded_at = "2026-11-23T10:00:00Z".parse().expect("an instant");
    let mut tell = |message: &proto::AppendRequest, records: &mut Vec<Vec<u8>>| {
        let draft = request::draft(message).expect("a draft");
        let admission = admit(&register, &draft, &Context { recorded_at }).expect("admitted");
        for (entry, event) in admission.entries.iter().zip(&message.events) {
            records.push(encode(&Stamp::of(entry), event));
        }
        register = admission.register;
        register.tail().get()
    };
    let mut keep = |records: &mut Vec<Vec<u8>>| {
        if !records.is_empty() {
            keep(std::mem::take(records));
        }
    };
    for events in stage().chunks(100) {
        tell(&append(events.to_vec()), &mut records);
        keep(&mut records);
    }
    for n in 0.. {
        if tell(&action(n), &mut records) >= entries {
            break;
        }
        if records.len() >= GROUP {
            keep(&mut records);
        }
    }
    keep(&mut records);
    register
}
