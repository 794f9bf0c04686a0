//! The only place that maps between protobuf and the domain.

pub mod proto;
