//! The log: ordered opaque bytes, and nothing else.
//!
//! The register is folded from it, so this is the one place that has to survive
//! a power cut. It knows positions, batches and durability. It knows no events,
//! no time and no rules, so one test suite runs against every engine, and
//! another engine can take the place of the one in use.
//!
//! [`Engine`] is the contract. [`sled`] keeps a log on a local disk and
//! [`memory`] keeps one for tests. Code outside this module uses the traits, and
//! `server` alone chooses the engine.

mod append_error;
mod batch;
mod engine;
pub mod memory;
mod open_error;
mod position;
mod read_error;
mod record;
pub mod sled;

pub use self::append_error::{AppendError, LogStopped};
pub use self::batch::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch, BatchError, RECORD_BYTES_MAX};
pub use self::engine::{
    Appender, Engine, FoldGroup, HeldLog, OpenLog, ParsedGroup, ReadGroup, Reader,
};
pub use self::open_error::OpenError;
pub use self::position::Position;
pub use self::read_error::ReadError;
pub use self::record::{Limit, Record};
