//! The published language, mapped to the domain and back, and its services.

pub use minutebook_wire::*;

/// The messages of `proto/`, and the clients and servers of its services.
pub mod proto {
    pub use minutebook_wire::proto::*;
    pub use services::*;

    mod services {
        #![allow(clippy::all, clippy::restriction, reason = "generated")]
        include!(concat!(env!("OUT_DIR"), "/minutebook.v1.rs"));
    }
}
