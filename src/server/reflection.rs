//! The reflection services, by which any gRPC tool learns what the server offers.

use tonic_reflection::server::{Builder, v1, v1alpha};

use minutebook_grpc::wire::proto::DESCRIPTORS;

/// Reflection, version 1.
pub fn version_1() -> v1::ServerReflectionServer<impl v1::ServerReflection> {
    // The descriptors were compiled with the program, so they are sound.
    descriptors().build_v1().expect("sound descriptors")
}

/// The version before, which older tools ask.
pub fn version_1_alpha() -> v1alpha::ServerReflectionServer<impl v1alpha::ServerReflection> {
    descriptors().build_v1alpha().expect("sound descriptors")
}

fn descriptors() -> Builder<'static> {
    Builder::configure()
        .register_encoded_file_descriptor_set(DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}
