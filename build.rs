//! Compiles `proto/` into Rust: messages, services, and the descriptor set that
//! reflection and proto3 JSON use. protox does it without `protoc`.

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let services = ["record", "register", "audit", "caller"]
        .map(|s| format!("minutebook/v1/{s}_service.proto"));
    let mut files: Vec<String> = services.to_vec();
    files.push("minutebook/v1/book.proto".into());
    files.push("minutebook/v1/state.proto".into());
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(&files)?;
    let descriptors = compiler.file_descriptor_set();
    let encoded = compiler.encode_file_descriptor_set();
    std::fs::write(out.join("minutebook.v1.bin"), encoded)?;
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    config.extern_path(".google.rpc", "::tonic_types::pb");
    tonic_prost_build::configure()
        // The two recursive fields; and one variant far larger than the others.
        .boxed(".minutebook.v1.EntryCorrected.replacement")
        // Requests are read without losing what this version does not know.
        .codec_path("crate::grpc::strict::Codec")
        .compile_fds_with_config(descriptors, config)?;
    Ok(())
}
