//! The published protobuf language, compared with the descriptors of every release.
//!
//! `tests/golden/proto-{release}.binpb` is the descriptor set of a release and is
//! never edited; a release adds its own:
//! `buf build --exclude-source-info -o tests/golden/proto-{release}.binpb`.
//! Everything in it must still exist unchanged: names, numbers, types, and which
//! side sends a stream. Additions are allowed. `buf breaking` checks the same and
//! more where it is installed; this test needs no tool.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use minutebook::wire::proto;
use prost_reflect::prost_types::field_descriptor_proto::{Label, Type};
use prost_reflect::prost_types::{
    EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, ServiceDescriptorProto,
};
use prost_reflect::{
    Cardinality, DescriptorPool, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor,
    ServiceDescriptor,
};

fn releases() -> Vec<PathBuf> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut releases: Vec<PathBuf> = fs::read_dir(golden)
        .expect("the golden files")
        .map(|entry| entry.expect("a golden file").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "binpb"))
        .collect();
    releases.sort();
    releases
}

fn decode(path: &Path) -> DescriptorPool {
    let bytes = fs::read(path).expect("a golden file");
    DescriptorPool::decode(bytes.as_slice()).expect("sound descriptors")
}

/// Everything that a client can rely on, one line each.
fn statements(pool: &DescriptorPool) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for message in pool.all_messages().filter(|m| is_ours(m.package_name())) {
        lines.insert(format!("message {}", message.full_name()));
        lines.extend(message.fields().map(|field| describe(&message, &field)));
    }
    for list in pool.all_enums().filter(|list| is_ours(list.package_name())) {
        lines.insert(format!("enum {}", list.full_name()));
        lines.extend(enum_values(&list));
    }
    for service in pool.services().filter(|s| is_ours(s.package_name())) {
        lines.insert(format!("service {}", service.full_name()));
        lines.extend(methods(&service));
    }
    lines
}

/// Google keeps the well-known types.
fn is_ours(package: &str) -> bool {
    package != "google.protobuf"
}

fn describe(message: &MessageDescriptor, field: &FieldDescriptor) -> String {
    let kind = match field.kind() {
        Kind::Message(kind) => kind.full_name().to_owned(),
        Kind::Enum(kind) => kind.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    };
    let cardinality = match field.cardinality() {
        Cardinality::Repeated => "repeated",
        Cardinality::Required => "required",
        Cardinality::Optional if field.supports_presence() => "with presence",
        Cardinality::Optional => "without presence",
    };
    let oneof = field
        .containing_oneof()
        .map_or_else(String::new, |oneof| format!(" in oneof {}", oneof.name()));
    format!(
        "field {}.{} = {} (JSON {}): {kind}, {cardinality}{oneof}",
        message.full_name(),
        field.name(),
        field.number(),
        field.json_name()
    )
}

fn enum_values(list: &EnumDescriptor) -> impl Iterator<Item = String> {
    list.values()
        .map(|value| format!("value {} = {}", value.full_name(), value.number()))
}

fn methods(service: &ServiceDescriptor) -> impl Iterator<Item = String> {
    let stream = |is_stream: bool| if is_stream { "stream of " } else { "" };
    service.methods().map(move |method| {
        format!(
            "rpc {}: {}{} -> {}{}",
            method.full_name(),
            stream(method.is_client_streaming()),
            method.input().full_name(),
            stream(method.is_server_streaming()),
            method.output().full_name()
        )
    })
}

#[test]
fn whatever_a_release_published_is_still_published() {
    let today = statements(proto::descriptors());
    let releases = releases();
    assert!(!releases.is_empty(), "no release is kept in tests/golden");
    for release in releases {
        let published = statements(&decode(&release));
        assert!(published.len() > 1_000, "{release:?} holds little");
        let gone: Vec<&String> = published.difference(&today).collect();
        assert!(
            gone.is_empty(),
            "published in {release:?} and gone or changed since: {gone:#?}"
        );
    }
}

/// Today's statements that are missing after `alter` changes `file`.
fn gone_after(file: &str, alter: impl Fn(&mut FileDescriptorProto)) -> Vec<String> {
    let today = proto::descriptors();
    let mut files: Vec<_> = today.file_descriptor_protos().cloned().collect();
    let found = files.iter_mut().find(|each| each.name() == file);
    alter(found.expect("the file"));
    let mut pool = DescriptorPool::new();
    pool.add_file_descriptor_protos(files).expect("sound");
    let gone = statements(today);
    gone.difference(&statements(&pool)).cloned().collect()
}

#[test]
fn an_alteration_is_seen_and_an_addition_allowed() {
    // AppendRequest.recorded_by, the fourth field of the first message.
    let field = |alter: fn(&mut FieldDescriptorProto)| {
        gone_after("minutebook/v1/record_service.proto", |file| {
            alter(&mut file.message_type[0].field[3]);
        })
    };
    let recorded_by = "field minutebook.v1.AppendRequest.recorded_by = 4 (JSON recordedBy): \
                       string, without presence";
    assert!(field(|_| ()).is_empty());
    assert_eq!(
        field(|changed| changed.set_type(Type::Bytes)),
        [recorded_by]
    );
    assert_eq!(
        field(|changed| changed.set_label(Label::Repeated)),
        [recorded_by]
    );
    assert_eq!(field(|changed| changed.number = Some(7)), [recorded_by]);
    assert_eq!(
        field(|changed| changed.name = Some("by".to_owned())),
        [recorded_by]
    );
    assert_eq!(
        field(|changed| changed.json_name = Some("by".to_owned())),
        [recorded_by]
    );

    let service = |alter: fn(&mut ServiceDescriptorProto)| {
        gone_after("minutebook/v1/record_service.proto", |file| {
            alter(&mut file.service[0]);
        })
    };
    let explain = "rpc minutebook.v1.RecordService.Explain: \
                   minutebook.v1.ExplainRequest -> minutebook.v1.ExplainResponse";
    let removed = service(|changed| drop(changed.method.remove(2)));
    assert_eq!(removed, [explain]);
    let streams = service(|changed| changed.method[2].server_streaming = Some(true));
    assert_eq!(streams, [explain]);

    let lists = |alter: fn(&mut EnumDescriptorProto)| {
        gone_after("minutebook/v1/event.proto", |file| {
            alter(&mut file.enum_type[0]);
        })
    };
    let renumbered = lists(|changed| changed.value[1].number = Some(99));
    assert_eq!(renumbered.len(), 1, "{renumbered:?}");
    assert!(renumbered[0].starts_with("value minutebook.v1."));

    let added = gone_after("minutebook/v1/record_service.proto", |file| {
        let mut message = file.message_type[0].clone();
        message.name = Some("Added".to_owned());
        file.message_type.push(message);
    });
    assert!(added.is_empty(), "{added:?}");
}
