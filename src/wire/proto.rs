//! The generated code of `proto/`, included once.
//!
//! The domain never names these types.

pub mod google {
    pub mod r#type {
        #![allow(clippy::all, clippy::restriction, reason = "generated")]
        include!(concat!(env!("OUT_DIR"), "/google.r#type.rs"));
    }
}

pub mod minutebook {
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

/// The descriptors as a pool, in which messages can be looked up.
pub fn descriptors() -> &'static DescriptorPool {
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
        // The build made these bytes, so they can be decoded.
        DescriptorPool::decode(DESCRIPTORS).expect("sound descriptors")
    });
    &POOL
}
