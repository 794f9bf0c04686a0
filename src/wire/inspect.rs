//! Inspects the encoded bytes of a request before they are decoded.
//!
//! An empty message takes two bytes on the wire and some hundred in memory, so a small
//! request can decode to gigabytes. The limits of single lists are checked only on the
//! decoded request, which is too late. So a pass over the encoded bytes, which allocates
//! next to nothing, first bounds every list and the memory of the whole request, and
//! names the fields that the published language does not have.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::proto::descriptors;
use super::violation::{FieldViolation, LISTED_MAX};

/// The most items that any list of a request may have; most lists have smaller limits
/// of their own.
pub const LIST_ITEMS_MAX: usize = 2_000;

/// The most bytes that a request may take in memory. Requests within all other limits
/// take less: their events have at most 1 MiB together.
pub const DECODED_BYTES_MAX: usize = 16 << 20;

/// Messages inside messages, beyond which decoding refuses them anyway.
const DEPTH_MAX: usize = 100;

/// The size of a `String`, of a `Vec`, and of an item that is a number.
const TEXT_BYTES: usize = 24;
const LIST_BYTES: usize = 24;
const NUMBER_BYTES: usize = 8;

/// Refuses a message with an unknown field, with a list that is too long, or that would
/// take too much memory. Bytes that are no message pass: decoding refuses those.
pub fn inspect(full_name: &str, bytes: &[u8]) -> Result<(), Vec<FieldViolation>> {
    let Some(descriptor) = descriptors().get_message_by_name(full_name) else {
        return Ok(());
    };
    let mut inspector = Inspector::default();
    // It breaks off at a fault that says enough.
    let _ = inspector.message(&descriptor, bytes, None, 0);
    inspector.finish()
}

/// A place in the message, written out only for a fault.
#[derive(Clone, Copy)]
struct Place<'a> {
    around: Option<&'a Self>,
    field: &'a str,
    /// For an item of a list.
    index: Option<usize>,
}

impl Place<'_> {
    fn write(&self, path: &mut String) {
        if let Some(around) = self.around {
            around.write(path);
            path.push('.');
        }
        path.push_str(self.field);
        if let Some(index) = self.index {
            // Writing to a string cannot fail.
            let _ = write!(path, "[{index}]");
        }
    }
}

fn path(place: Option<&Place<'_>>) -> String {
    let mut path = String::new();
    if let Some(place) = place {
        place.write(&mut path);
    }
    path
}

#[derive(Default)]
struct Inspector {
    /// The memory of everything inspected so far.
    decoded_bytes: usize,
    faults: Vec<FieldViolation>,
    unlisted: usize,
}

impl Inspector {
    fn message(
        &mut self,
        descriptor: &MessageDescriptor,
        mut bytes: &[u8],
        place: Option<&Place<'_>>,
        depth: usize,
    ) -> ControlFlow<()> {
        self.take(memory_of(descriptor), place)?;
        let mut counts = BTreeMap::<u32, usize>::new();
        while !bytes.is_empty() {
            let Some((number, wire_type, content)) = next_field(&mut bytes) else {
                return ControlFlow::Continue(());
            };
            let Some(field) = descriptor.get_field(number) else {
                self.unknown_field(place, number, descriptor);
                continue;
            };
            let mut here = Place {
                around: place,
                field: field.name(),
                index: None,
            };
            let mut items = 1;
            if field.is_list() {
                items = count_items(&field, wire_type, content);
                let count = counts.entry(number).or_default();
                if *count + items > LIST_ITEMS_MAX {
                    self.fault(
                        Some(&here),
                        format!(
                            "no list of a request has more than {LIST_ITEMS_MAX} items, and this \
                             one does: split it over several requests"
                        ),
                    );
                    return ControlFlow::Break(());
                }
                here.index = Some(*count);
                *count += items;
            }
            match field.kind() {
                Kind::Message(inner)
                    if wire_type == WireType::LengthDelimited && depth < DEPTH_MAX =>
                {
                    self.message(&inner, content, Some(&here), depth + 1)?;
                }
                Kind::String | Kind::Bytes => self.take(TEXT_BYTES + content.len(), Some(&here))?,
                _ if field.is_list() => self.take(NUMBER_BYTES * items, Some(&here))?,
                _ => {}
            }
        }
        ControlFlow::Continue(())
    }

    /// Takes note of memory, and breaks off beyond the limit.
    fn take(&mut self, bytes: usize, place: Option<&Place<'_>>) -> ControlFlow<()> {
        self.decoded_bytes = self.decoded_bytes.saturating_add(bytes);
        if self.decoded_bytes <= DECODED_BYTES_MAX {
            return ControlFlow::Continue(());
        }
        self.fault(
            place,
            format!(
                "a request takes at most {DECODED_BYTES_MAX} bytes in memory, and this one has \
                 reached that here: send its parts in several requests"
            ),
        );
        ControlFlow::Break(())
    }

    fn unknown_field(
        &mut self,
        place: Option<&Place<'_>>,
        number: u32,
        descriptor: &MessageDescriptor,
    ) {
        if self.faults.len() >= LISTED_MAX {
            self.unlisted += 1;
            return;
        }
        self.fault(
            place,
            format!(
                "field number {number} of {} is not known to this server, which may be older than \
                 the client: leave it out, or update the server",
                descriptor.full_name(),
            ),
        );
    }

    fn fault(&mut self, place: Option<&Place<'_>>, description: String) {
        self.faults.push(FieldViolation {
            field: path(place),
            description,
        });
    }

    fn finish(mut self) -> Result<(), Vec<FieldViolation>> {
        if self.faults.is_empty() {
            return Ok(());
        }
        if self.unlisted > 0 {
            let description = format!(
                "{} more faults are not listed; mend these first",
                self.unlisted
            );
            self.fault(None, description);
        }
        Err(self.faults)
    }
}

/// Takes the next field off the bytes: its number, its wire type and, if it has a length,
/// its content. `None` for bytes that are no field.
fn next_field<'a>(bytes: &mut &'a [u8]) -> Option<(u32, WireType, &'a [u8])> {
    let (number, wire_type) = decode_key(bytes).ok()?;
    if wire_type != WireType::LengthDelimited {
        skip_field(wire_type, number, bytes, DecodeContext::default()).ok()?;
        return Some((number, wire_type, &[]));
    }
    let length = usize::try_from(decode_varint(bytes).ok()?).ok()?;
    let (content, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some((number, wire_type, content))
}

/// The number of items in one occurrence of a list: several if they are packed.
fn count_items(field: &FieldDescriptor, wire_type: WireType, content: &[u8]) -> usize {
    if wire_type != WireType::LengthDelimited {
        return 1;
    }
    match field.kind() {
        Kind::Message(_) | Kind::String | Kind::Bytes => 1,
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => content.len() / 8,
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => content.len() / 4,
        // The last byte of each has no continuation bit.
        _ => content.iter().filter(|byte| **byte < 0x80).count(),
    }
}

/// The memory that a decoded message takes, without its texts and the items of its lists.
fn memory_of(descriptor: &MessageDescriptor) -> usize {
    static SIZES: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
        let sized = |message: MessageDescriptor| {
            let size = size(&message, &mut Vec::new());
            (message.full_name().to_owned(), size)
        };
        descriptors().all_messages().map(sized).collect()
    });
    SIZES
        .get(descriptor.full_name())
        .copied()
        .unwrap_or_default()
}

/// At least the size of the Rust type: the sum of the fields, and the largest field of
/// each oneof. `around` has the messages that this one is part of: prost boxes those.
fn size(message: &MessageDescriptor, around: &mut Vec<String>) -> usize {
    around.push(message.full_name().to_owned());
    let mut sum = 0;
    let mut largest = BTreeMap::<String, usize>::new();
    for field in message.fields() {
        let size = if field.is_list() || field.is_map() {
            LIST_BYTES
        } else {
            match field.kind() {
                Kind::Message(inner) if around.iter().any(|name| name == inner.full_name()) => {
                    NUMBER_BYTES
                }
                Kind::Message(inner) => size(&inner, around) + NUMBER_BYTES,
                Kind::String | Kind::Bytes => TEXT_BYTES,
                _ => NUMBER_BYTES,
            }
        };
        match field.containing_oneof() {
            Some(oneof) => {
                let largest = largest.entry(oneof.name().to_owned()).or_default();
                *largest = (*largest).max(size + NUMBER_BYTES);
            }
            None => sum += size,
        }
    }
    around.pop();
    sum + largest.values().sum::<usize>()
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::proto;

    const APPEND: &str = "minutebook.v1.AppendRequest";

    /// `count` times an empty message in field `number`.
    fn empty(number: u32, count: usize) -> Vec<u8> {
        let mut one = Vec::new();
        prost::encoding::bytes::encode(number, &Vec::<u8>::new(), &mut one);
        one.repeat(count)
    }

    fn inside(number: u32, content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        prost::encoding::bytes::encode(number, &content.to_vec(), &mut bytes);
        bytes
    }

    fn only_fault(name: &str, bytes: &[u8]) -> FieldViolation {
        let mut faults = inspect(name, bytes).expect_err("a fault");
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.remove(0)
    }

    #[test]
    fn a_list_is_as_long_as_the_longest_and_no_longer() {
        assert_eq!(inspect(APPEND, &empty(2, LIST_ITEMS_MAX)), Ok(()));
        let fault = only_fault(APPEND, &empty(2, LIST_ITEMS_MAX + 1));
        assert_eq!(fault.field, "events");
        assert!(fault.description.contains("2000 items"), "{fault}");
        // At any depth: an event, its budget, its lines.
        let deep = inside(2, &inside(6, &empty(1, 7)));
        assert_eq!(inspect(APPEND, &deep.repeat(3)), Ok(()));
        let sources = inside(2, &empty(6, LIST_ITEMS_MAX + 1));
        assert_eq!(only_fault(APPEND, &sources).field, "events[0].sources");
    }

    #[test]
    fn a_request_is_as_large_as_its_memory_and_not_as_its_bytes() {
        // Each event within the limits of lists, and all of them 40,000 sources.
        let event = inside(2, &empty(6, 1_000));
        let fault = only_fault(APPEND, &event.repeat(400));
        assert!(fault.field.starts_with("events["), "{fault}");
        assert!(fault.description.contains("in memory"), "{fault}");
    }

    #[test]
    fn packed_numbers_are_items_too() {
        // MatterKinds of an approval rule are packed enums.
        let name = "minutebook.v1.ApprovalRule.Conditions";
        let descriptor = descriptors().all_messages().find(|message| {
            message.full_name().starts_with("minutebook.v1.")
                && message
                    .fields()
                    .any(|field| field.name() == "matter_kinds" && field.is_list())
        });
        let descriptor = descriptor.unwrap_or_else(|| panic!("{name} was renamed"));
        let field = descriptor.get_field_by_name("matter_kinds").unwrap();
        let packed = inside(field.number(), &[1; LIST_ITEMS_MAX + 1]);
        let fault = only_fault(descriptor.full_name(), &packed);
        assert_eq!(fault.field, "matter_kinds");
    }

    #[test]
    fn sizes_are_never_too_small() {
        macro_rules! check {
            ($($Message:ident)*) => {$(
                let name = concat!("minutebook.v1.", stringify!($Message));
                let descriptor = descriptors().get_message_by_name(name).expect(name);
                let (stated, real) = (memory_of(&descriptor), size_of::<proto::$Message>());
                assert!(stated >= real, "{name}: {stated} for {real}");
                assert!(stated <= 4 * real, "{name}: {stated} for {real}");
            )*};
        }
        check!(AppendRequest ExplainRequest Event Source Identifier BoardMember Provision
            ApprovalRule Requirement Share BudgetLine Contribution StatedTotal
            VirementSide ExpectedRevision EntryFilter DiffRequest
            BudgetApproved AgreementSigned);
    }

    #[test]
    fn unknown_fields_are_named_at_any_depth_and_a_hundred_of_them_at_most() {
        let unknown = empty(999, 3_000);
        let faults = inspect(APPEND, &inside(2, &unknown)).expect_err("faults");
        assert_eq!(faults.len(), LISTED_MAX + 1);
        assert_eq!(faults[0].field, "events[0]");
        assert!(faults[0].description.contains("999"), "{}", faults[0]);
        let last = faults[LISTED_MAX].to_string();
        assert!(last.contains("2900 more faults"), "{last}");
    }

    #[test]
    fn bytes_that_are_no_message_are_left_to_decoding() {
        let event = proto::Event {
            subject: "bodies/a".into(),
            ..proto::Event::default()
        };
        let bytes = inside(2, &event.encode_to_vec());
        for end in 0..bytes.len() {
            assert_eq!(inspect(APPEND, &bytes[..end]), Ok(()));
        }
        assert_eq!(inspect(APPEND, &[0xff; 64]), Ok(()));
    }
}
