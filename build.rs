//! Compiles the services of `proto/` into Rust, for `src/grpc`: clients and servers. Their messages are
//! compiled by the package of the published language, `src/wire`. protox does it
//! without `protoc`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../../proto");
    let services = ["record", "register", "audit", "caller"]
        .map(|s| format!("minutebook/v1/{s}_service.proto"));
    let descriptors = protox::compile(services, ["../../proto"])?;
    tonic_prost_build::configure()
        .extern_path(".minutebook.v1", "::minutebook_wire::proto")
        // Requests are read without losing what this version does not know.
        .codec_path("crate::strict::Codec")
        .compile_fds(descriptors)?;
    Ok(())
}
