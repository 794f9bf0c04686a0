//! The generated code of `proto/`, included once.
//!
//! Nothing outside `wire`, `grpc` and `cli` names these types; the domain never
//! does.

/// `google.type`: partial dates.
pub mod google {
    /// `google.type`.
    pub mod r#type {
        #![allow(clippy::all, clippy::restriction, reason = "generated")]
        include!(concat!(env!("OUT_DIR"), "/google.r#type.rs"));
    }
}

/// `minutebook`.
pub mod minutebook {
    /// `minutebook.v1`.
    pub mod v1 {
        #![allow(clippy::all, clippy::restriction, reason = "generated")]
        include!(concat!(env!("OUT_DIR"), "/minutebook.v1.rs"));
    }
}

pub use google::r#type::Date;
pub use minutebook::v1::*;

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

/// The descriptors of every file of the package, for reflection and for JSON.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/minutebook.v1.bin"));

/// The same, to look messages up in.
pub fn descriptors() -> &'static DescriptorPool {
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
        // They were compiled with the program, so they are sound.
        DescriptorPool::decode(DESCRIPTORS).expect("sound descriptors")
    });
    &POOL
}
