//! The golden files of kinds and fields that came after the first file: each slice of the
//! language has a file of its own, made from the JSON beside it and never made again.

use std::sync::Arc;

use minutebook::domain::caller::Pseudonym;
use minutebook::domain::entry::{MandatedCaller, RecordedCaller};
use minutebook::domain::ids::{Position, RequestId, Revision};
use minutebook::wire::entry::{EntryEnvelope, decode, encode, message};
use minutebook::wire::proto;
use minutebook::wire::request::append_command;
use prost::Message;
use serde_json::Value;
use uuid::Uuid;

use super::golden::split_records;

/// A golden file, and how the envelopes of its entries were made.
struct Slice {
    json: &'static str,
    bin: &'static str,
    /// The instant of the first entry.
    seconds: i64,
    nanos: i32,
    /// Whether each entry was recorded a second after the one before.
    ticks: bool,
    /// The end of the id of the first request.
    request: u128,
    /// Whether all entries are of one request; otherwise each has its own.
    is_one_request: bool,
    /// Whether a caller was signed in.
    is_mandated: bool,
}

macro_rules! file {
    ($name:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/", $name)
    };
}

const SLICES: [Slice; 13] = [
    Slice {
        json: include_str!("../../golden/entry-v1-bodies.json"),
        bin: file!("entry-v1-bodies.bin"),
        seconds: 1_795_000_000,
        nanos: 0,
        ticks: true,
        request: 0x2000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-instruments.json"),
        bin: file!("entry-v1-instruments.bin"),
        seconds: 1_795_800_000,
        nanos: 123_456_000,
        ticks: false,
        request: 0x1000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-meetings.json"),
        bin: file!("entry-v1-meetings.bin"),
        seconds: 1_795_000_000,
        nanos: 0,
        ticks: true,
        request: 0x1000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-course-v1.json"),
        bin: file!("entry-course-v1.bin"),
        seconds: 1_795_000_000,
        nanos: 5_000,
        ticks: false,
        request: 2,
        is_one_request: true,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-not-given.json"),
        bin: file!("entry-v1-not-given.bin"),
        seconds: 1_795_900_000,
        nanos: 0,
        ticks: true,
        request: 0x3000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-boards.json"),
        bin: file!("entry-v1-boards.bin"),
        seconds: 1_796_000_000,
        nanos: 0,
        ticks: true,
        request: 0x4000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-heirs.json"),
        bin: file!("entry-v1-heirs.bin"),
        seconds: 1_796_000_000,
        nanos: 0,
        ticks: true,
        request: 0x4000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-services.json"),
        bin: file!("entry-v1-services.bin"),
        seconds: 1_796_000_000,
        nanos: 0,
        ticks: true,
        request: 0x4000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-serving.json"),
        bin: file!("entry-v1-serving.bin"),
        seconds: 1_796_000_000,
        nanos: 0,
        ticks: true,
        request: 0x5000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-budgets.json"),
        bin: file!("entry-v1-budgets.bin"),
        seconds: 1_797_000_000,
        nanos: 0,
        ticks: true,
        request: 0x6000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-payers.json"),
        bin: file!("entry-v1-payers.bin"),
        seconds: 1_796_000_000,
        nanos: 0,
        ticks: true,
        request: 0x6000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-settlements.json"),
        bin: file!("entry-v1-settlements.bin"),
        seconds: 1_796_100_000,
        nanos: 0,
        ticks: true,
        request: 0x6000,
        is_one_request: false,
        is_mandated: false,
    },
    Slice {
        json: include_str!("../../golden/entry-v1-mandates.json"),
        bin: file!("entry-v1-mandates.bin"),
        seconds: 1_796_200_000,
        nanos: 0,
        ticks: true,
        request: 0x7000,
        is_one_request: false,
        is_mandated: true,
    },
];

impl Slice {
    fn events(&self) -> Vec<Value> {
        serde_json::from_str(self.json).unwrap()
    }

    fn messages(&self) -> Vec<proto::Event> {
        self.events().into_iter().map(super::event).collect()
    }

    fn records(&self) -> Vec<Vec<u8>> {
        split_records(&std::fs::read(self.bin).unwrap())
    }

    /// The first entry is recorded at the store, and each other under its mandate.
    fn caller(&self, index: usize) -> RecordedCaller {
        match (self.is_mandated, index) {
            (false, _) => RecordedCaller::Local,
            (true, 0) => RecordedCaller::Store,
            (true, _) => RecordedCaller::Mandated(Arc::new(MandatedCaller {
                mandates: vec![Position::new(1)],
                pseudonym: Pseudonym([index as u8; 16]),
            })),
        }
    }

    fn envelope<'a>(&self, index: usize, caller: &'a RecordedCaller) -> EntryEnvelope<'a> {
        let number = index as u64;
        let seconds = self.seconds + if self.ticks { index as i64 } else { 0 };
        let (request, request_index, request_size) = if self.is_one_request {
            (self.request, index as u32, self.events().len() as u32)
        } else {
            (self.request + u128::from(number), 0, 1)
        };
        let request = 0x0190_a000_0000_7000_8000_0000_0000_0000 + request;
        EntryEnvelope {
            salt: None,
            position: Position::new(number + 1),
            revision: Revision::new(number + 1),
            recorded_at: jiff::Timestamp::new(seconds, self.nanos).unwrap(),
            recorded_by: "Register office",
            request: RequestId::new(Uuid::from_u128(request)),
            request_index,
            request_size,
            caller,
        }
    }
}

/// The events that the files were made from.
pub fn events() -> Vec<Value> {
    SLICES.iter().flat_map(Slice::events).collect()
}

/// The kinds of event in the files.
pub fn kinds() -> Vec<String> {
    let records = SLICES.iter().flat_map(Slice::records);
    let kinds = records.map(|record| decode(&record).unwrap().event.kind.name().to_owned());
    kinds.collect()
}

#[test]
#[ignore = "makes the golden file of a new slice, once"]
fn make_the_golden_file_of_a_new_slice() {
    let new = SLICES
        .iter()
        .find(|slice| !std::fs::exists(slice.bin).unwrap());
    let slice = new.expect("a golden file is never made again");
    let mut bytes = Vec::new();
    for (index, event) in slice.messages().iter().enumerate() {
        let record = encode(&slice.envelope(index, &slice.caller(index)), event);
        prost::encode_length_delimiter(record.len(), &mut bytes).unwrap();
        bytes.extend(record);
    }
    std::fs::write(slice.bin, bytes).unwrap();
}

#[test]
fn each_slice_is_read_and_written_as_before() {
    for slice in &SLICES {
        let (messages, records) = (slice.messages(), slice.records());
        assert_eq!(messages.len(), records.len(), "{}", slice.bin);
        for (index, (sent, record)) in messages.iter().zip(&records).enumerate() {
            let caller = slice.caller(index);
            assert_eq!(&encode(&slice.envelope(index, &caller), sent), record);
            assert_eq!(decode(record).unwrap().caller, caller);
            assert_eq!(message(record).unwrap().encode_to_vec(), *record);
            assert_eq!(message(record).unwrap().event.as_ref(), Some(sent));
            let read = append_command(&super::request(vec![sent.clone()])).unwrap();
            assert_eq!(decode(record).unwrap().event, read.events[0]);
        }
    }
}
