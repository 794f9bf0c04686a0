//! The largest answer: what every client accepts, and how a client asks for more.

/// The metadata in which a client gives the largest answer that it accepts, in bytes.
pub const ANSWER_BYTES_KEY: &str = "minutebook-answer-bytes-max";

/// The largest answer to a client that gives none: the limit that gRPC clients have by
/// default.
pub const ANSWER_BYTES_DEFAULT: usize = 4 << 20;
