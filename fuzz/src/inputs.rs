//! Checks on untrusted bytes. libFuzzer calls them (`cargo fuzz run NAME`), and so
//! does an ordinary test with the same corpus (`tests/it/inputs.rs`).
//!
//! No check may panic, and bytes that are accepted are written back unchanged.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use hmac::Mac as _;
use jiff::Timestamp;
use minutebook::archive::export::Export;
use minutebook::archive::folder::Folder;
use minutebook::archive::verify::{TrustAnchors, verify};
use minutebook::archive::{EARLIER_INSTRUCTIONS, INSTRUCTIONS};
use minutebook::audit::bundle;
use minutebook::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use minutebook::audit::derived_secret::DerivedSecret;
use minutebook::audit::key::{SigningKey, VerifierKey};
use minutebook::audit::merkle::{Frontier, Hash, leaf_hash};
use minutebook::audit::note::Note;
use minutebook::audit::replacement;
use minutebook::audit::tile::Tile;
use minutebook::audit::witnessing::AddCheckpoint;
use minutebook::cli::book::parse;
use minutebook::domain::admit::{Admission, Context, admit, check};
use minutebook::domain::register::Register;
use minutebook::log::{Position, Record};
use minutebook::projection::{
    RequestIndex, SNAPSHOT_PURPOSE, Snapshot, SnapshotBuilder, SnapshotReplay,
};
use minutebook::sign_in::claims::Claims;
use minutebook::sign_in::key_set::KeySet;
use minutebook::sign_in::settings::{SignInClients, SignInSettings};
use minutebook::sign_in::token::UnverifiedToken;
use minutebook::wire::entry::{EntryEnvelope, decode, encode, message};
use minutebook::wire::{as_of, json, moment, proto, request as requests};
use prost::Message;

pub type Check = fn(&[u8]);

/// Every check, by the name of its input.
pub const INPUTS: [(&str, Check); 10] = [
    ("request", request),
    ("request_json", request_json),
    ("question", question),
    ("entry", entry),
    ("book", book),
    ("note", note),
    ("bundle", bundle),
    ("archive", archive),
    ("snapshot", snapshot),
    ("token", token),
];

/// A token, a set of keys, and claims.
const TOKENS: [&str; 3] = [
    "eyJhbGciOiJFZERTQSIsImtpZCI6ImEifQ.eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZSJ9.AAAA",
    r#"{"keys":[{"kty":"OKP","kid":"a","use":"sig","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#,
    r#"{"azp":"a","idtyp":"app","groups":["a","b"],"roles":"r","_claim_names":{"photo":"s"}}"#,
];

const BOOK: &str = include_str!("../../books/virement-walkthrough.json");

/// A register with the walkthrough, and its records.
fn known() -> &'static (Register, Vec<Vec<u8>>) {
    static KNOWN: OnceLock<(Register, Vec<Vec<u8>>)> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let (mut register, mut records) = (Register::default(), Vec::new());
        let Ok(book) = parse("the book", BOOK) else {
            panic!("the book is read");
        };
        for append in book.appends {
            let admission = admitted(&register, &append).expect("the book is taken");
            for (entry, event) in admission.entries.iter().zip(&append.events) {
                records.push(encode(&EntryEnvelope::of(entry), event));
            }
            register = admission.register;
        }
        (register, records)
    })
}

/// The admission of a request, if it is admitted.
fn admitted(register: &Register, append: &proto::AppendRequest) -> Option<Admission> {
    let command = requests::append_command(append).ok()?;
    let recorded_at: Timestamp = "2026-11-23T10:00:00Z".parse().expect("an instant");
    admit(register, &command, &Context::at(recorded_at)).ok()
}

/// Judges a request. Each admitted entry must read back from its record unchanged.
fn judged(append: &proto::AppendRequest) {
    let Some(admission) = admitted(&known().0, append) else {
        return;
    };
    for (entry, event) in admission.entries.iter().zip(&append.events) {
        let record = encode(&EntryEnvelope::of(entry), event);
        let again = decode(&record).expect("what was taken can be read");
        assert_eq!(&again, entry.as_ref(), "it says what was said");
    }
}

/// An append request as protobuf.
pub fn request(input: &[u8]) {
    if let Ok(append) = proto::AppendRequest::decode(input) {
        judged(&append);
    }
    if let Ok(explain) = proto::ExplainRequest::decode(input) {
        let _ = requests::explained(&explain);
    }
}

/// An append request in proto3 JSON.
pub fn request_json(input: &[u8]) {
    let text = std::str::from_utf8(input).unwrap_or_default();
    let Ok(append) = json::from_str::<proto::AppendRequest>(text) else {
        return;
    };
    let text = json::to_string(&append);
    let again: proto::AppendRequest = json::from_str(&text).expect("and read again");
    assert_eq!(again, append);
    judged(&append);
}

/// The length of a snapshot's head, up to the length of its index.
const SNAPSHOT_HEAD: usize = 54;

/// A snapshot of the walkthrough.
fn walked() -> Vec<u8> {
    let mut builder = SnapshotBuilder::default();
    for (position, record) in (1..).zip(&known().1) {
        let record = Record {
            position: Position::new(position),
            bytes: record.clone().into(),
        };
        builder.add(&record).expect("an entry");
    }
    let mut bytes = Vec::new();
    let root = Hash::from_bytes([7; 32]);
    builder
        .write(root, &snapshot_secret(), &mut bytes)
        .expect("written");
    bytes
}

/// The secret of the register that wrote the snapshots.
fn snapshot_secret() -> DerivedSecret {
    let key = SigningKey::new("register.example/fuzz", [7; 32]).expect("a key");
    key.derive_secret(SNAPSHOT_PURPOSE)
}

/// A snapshot as read from disk. If the bytes after the head begin with the length
/// of an index, also one that is authentic, as a fault of the program could write it.
pub fn snapshot(input: &[u8]) {
    let secret = snapshot_secret();
    let _ = Snapshot::read(input.to_vec(), &secret);
    static HEAD: OnceLock<Vec<u8>> = OnceLock::new();
    let head = HEAD.get_or_init(|| walked()[..SNAPSHOT_HEAD].to_vec());
    let Some((index_len, rest)) = input.split_first_chunk::<8>() else {
        return;
    };
    let code = secret.mac().chain_update(head).chain_update(index_len);
    let code = code.chain_update(rest).finalize().into_bytes();
    let bytes = [head, index_len.as_slice(), &code, rest].concat();
    let Ok(snapshot) = Snapshot::read(bytes, &secret) else {
        return;
    };
    assert!(snapshot.first() <= snapshot.last());
    let (subjects, events) = (snapshot.subjects().count(), snapshot.events().count());
    assert!(subjects <= input.len() && events <= input.len());
    let snapshots = [snapshot];
    let requests = RequestIndex::of(&snapshots);
    let _ = SnapshotReplay::new(&snapshots, requests);
}

/// The dates and positions of a query.
pub fn question(input: &[u8]) {
    if let Ok(asked) = proto::AsOf::decode(input) {
        let _ = as_of::as_of(Some(&asked));
    }
    if let Ok(asked) = proto::DiffRequest::decode(input) {
        let _ = moment::known(asked.known.as_ref());
        let _ = moment::moment("from", asked.from.as_ref());
    }
}

/// A stored record: it reads back byte for byte, and a register can apply it
/// whatever it contains.
pub fn entry(input: &[u8]) {
    if let Ok(read) = message(input) {
        assert_eq!(read.encoded_len(), input.len(), "nothing is left out");
    }
    let Ok(read) = decode(input) else {
        return;
    };
    let read = Arc::new(read);
    let mut register = known().0.clone();
    // A replay applies entries in order, and refuses one with another position.
    if register.tail().get() + 1 != read.position.get() {
        return;
    }
    let _ = check(&register, &read);
    register.apply(read);
}

/// A file that a recorder submits.
pub fn book(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        let _ = parse("a file", text);
    }
}

/// Notes, checkpoints, keys, statements and requests to witnesses: each is written
/// as it was read, so that each has only one form.
pub fn note(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if let Ok(note) = Note::parse(text) {
        assert_eq!(note.to_string(), text);
    }
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
    }
    if let Ok(signed) = SignedCheckpoint::parse(text) {
        assert_eq!(signed.note.to_string(), text);
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = text.parse::<SigningKey>() {
        assert_eq!(key.to_text().trim_end(), text.trim_end());
    }
    if let Ok(tile) = text.parse::<Tile>() {
        assert_eq!(tile.to_string(), text);
    }
    if let Ok(request) = AddCheckpoint::parse(text) {
        assert_eq!(request.to_string(), text);
    }
    let _ = replacement::read(text);
}

/// A bundle of entries, after a byte with the expected number of entries.
pub fn bundle(input: &[u8]) {
    let Some((&expected, input)) = input.split_first() else {
        return;
    };
    if let Ok(entries) = bundle::entries(input, expected.into()) {
        let mut again = Vec::new();
        for entry in entries {
            bundle::push(&mut again, entry);
        }
        assert_eq!(again, input);
    }
}

/// The files of an archive of the walkthrough, with their contents.
fn archived() -> &'static Vec<(String, Vec<u8>)> {
    static FILES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a directory");
        exported(dir.path());
        let folder = Folder::new(dir.path());
        let files = folder.files().expect("its files");
        let bytes = |file: &String| folder.read(file).expect("read").expect("there");
        files
            .iter()
            .map(|file| (file.clone(), bytes(file)))
            .collect()
    })
}

fn exported(into: &Path) {
    let mut tree = Frontier::new();
    let Ok(mut export) = Export::open(Folder::new(into)) else {
        panic!("an export begins");
    };
    for record in &known().1 {
        tree.push(leaf_hash(record));
        export.push(record).expect("it is taken");
    }
    let key = SigningKey::new("register.example/fuzz", [7; 32]).expect("a key");
    let checkpoint = Checkpoint {
        origin: key.name().to_owned(),
        size: known().1.len() as u64,
        root: tree.root(),
        extensions: Vec::new(),
    };
    let note = checkpoint.sign(&key).to_string();
    let signed = SignedCheckpoint::parse(&note).expect("a checkpoint");
    let vkey = key.verifier().to_string();
    export.finish(&signed, &vkey, &[]).expect("an export");
}

/// An archive with one changed file: the first byte chooses the file, the rest
/// replaces its contents. Every change must be reported.
pub fn archive(input: &[u8]) {
    let Some((&which, bytes)) = input.split_first() else {
        return;
    };
    let files = archived();
    let which = usize::from(which) % files.len();
    let dir = tempfile::tempdir().expect("a directory");
    let folder = Folder::new(dir.path());
    for (n, (file, before)) in files.iter().enumerate() {
        let written = if n == which { bytes } else { before };
        drop(folder.write(file, written).expect("written"));
    }
    let report = verify(&folder, &TrustAnchors::default(), |_| {}).expect("it can be read");
    let (file, before) = &files[which];
    // The instructions may be those that an earlier version wrote.
    let is_earlier = before == INSTRUCTIONS.as_bytes()
        && EARLIER_INSTRUCTIONS
            .iter()
            .any(|earlier| earlier.as_bytes() == bytes);
    assert_eq!(
        report.faults.is_empty(),
        before == bytes || is_earlier,
        "{file}: {:?}",
        report.faults
    );
}

/// A bearer token, the keys of an issuer, and the claims of a verified token.
pub fn token(input: &[u8]) {
    let _ = KeySet::read(input);
    if let Ok(text) = std::str::from_utf8(input) {
        let _ = UnverifiedToken::read(text);
    }
    let settings = SignInSettings::one("https://a.example", "register", SignInClients::default());
    let (Ok(settings), Ok(all)) = (settings, serde_json::from_slice(input)) else {
        return;
    };
    let claims = Claims {
        subject: "s".to_owned(),
        expires_at: Timestamp::MAX,
        all,
    };
    let issuer = &settings.issuers[0];
    if let Ok(principals) = claims.principals(issuer) {
        assert!((1..=500).contains(&principals.len()));
        assert!(
            principals
                .iter()
                .all(|one| one.issuer.as_str() == issuer.issuer)
        );
    }
}

/// Valid inputs of each kind, as seeds.
pub fn seeds(name: &str) -> Vec<Vec<u8>> {
    let Ok(read) = parse("the book", BOOK) else {
        panic!("the book is read");
    };
    let appends = read.appends;
    let records = &known().1;
    let asked = proto::AsOf {
        as_at: Some(proto::Date {
            year: 2026,
            month: 11,
            day: 0,
        }),
        known: Some(proto::as_of::Known::AsKnownAtPosition(12)),
        at_least_position: 3,
    };
    match name {
        "request" => appends.iter().map(Message::encode_to_vec).collect(),
        "request_json" => appends
            .iter()
            .map(|append| json::to_string(append).into_bytes())
            .collect(),
        "question" => vec![asked.encode_to_vec()],
        "entry" => records.iter().cloned().chain(next()).collect(),
        "book" => vec![br#"{"title":"A","about":"B","appends":[{"requestId":"a","events":[{"subject":"bodies/x"}]}]}{"requestId":"b"}"#.to_vec()],
        "note" => notes(),
        "bundle" => {
            let mut bundle = vec![3];
            for record in &records[..3] {
                bundle::push(&mut bundle, record);
            }
            vec![bundle]
        }
        "token" => TOKENS.iter().map(|text| text.as_bytes().to_vec()).collect(),
        "archive" => archived()
            .iter()
            .zip(0_u8..)
            .map(|((_, bytes), which)| [&[which], bytes.as_slice()].concat())
            .collect(),
        "snapshot" => {
            let whole = walked();
            // Without the checksum, which the check computes again.
            let (index_len, rest) = whole[SNAPSHOT_HEAD..].split_at(8);
            vec![whole.clone(), [index_len, &rest[4..]].concat()]
        }
        _ => Vec::new(),
    }
}

/// Records of every event of the book, each at the next position.
fn next() -> Vec<Vec<u8>> {
    let place = |record: &Vec<u8>| {
        let mut entry = message(record).expect("a record");
        entry.position = known().0.tail().get() + 1;
        entry.encode_to_vec()
    };
    known().1.iter().map(place).collect()
}

fn notes() -> Vec<Vec<u8>> {
    let [old, new] =
        [7, 8].map(|seed| SigningKey::new("register.example/fuzz", [seed; 32]).expect("a key"));
    let hash = leaf_hash(b"an entry");
    let statement = replacement::statement(&old, &new, 1, hash);
    let add = format!("old 0\n{hash}\n\n{statement}");
    vec![
        old.to_text().into_bytes(),
        old.verifier().to_string().into_bytes(),
        statement.into_bytes(),
        add.into_bytes(),
        b"tile/0/x001/067.p/8".to_vec(),
    ]
}
