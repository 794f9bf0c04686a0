//! Compiles the messages of `proto/` into Rust, and writes the descriptor set that
//! reflection and proto3 JSON use. protox does it without `protoc`. The services are
//! made from the same files by the build script of the package that serves them.

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../../proto");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let services = ["record", "register", "audit", "caller"]
        .map(|s| format!("minutebook/v1/{s}_service.proto"));
    let mut files: Vec<String> = services.to_vec();
    files.push("minutebook/v1/book.proto".into());
    files.push("minutebook/v1/state.proto".into());
    let mut compiler = protox::Compiler::new(["../../proto"])?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(&files)?;
    let descriptors = compiler.file_descriptor_set();
    let encoded = compiler.encode_file_descriptor_set();
    std::fs::write(out.join("minutebook.v1.bin"), encoded)?;
    prost_build::Config::new()
        .enable_type_names()
        .extern_path(".google.rpc", "::tonic_types::pb")
        // The two recursive fields; and one variant far larger than the others.
        .boxed(".minutebook.v1.EntryCorrected.replacement")
        .compile_fds(descriptors)?;
    Ok(())
}
