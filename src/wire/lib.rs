//! The only place that maps between protobuf and the domain.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod answer_limit;
pub mod as_of;
pub mod caller;
pub mod entry;
pub mod entry_header;
pub mod enum_label;
mod enums;
mod event;
mod fields;
pub mod inspect;
pub mod json;
pub mod moment;
pub mod paged;
pub mod proto;
pub mod published;
pub mod reply;
pub mod request;
pub mod summary;
pub mod violation;

pub use event::{EVENT_BYTES_MAX, SOURCES_MAX};
