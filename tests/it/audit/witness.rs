//! Witnesses over HTTP: which checkpoints they sign and refuse, and their answer to
//! a register that was rewritten.

use std::path::Path;
use std::sync::Arc;

use minutebook::audit::checkpoint::SignedCheckpoint;
use minutebook::audit::cosignature;
use minutebook::audit::key::VerifierKey;
use minutebook::audit::merkle::{Frontier, Hash, leaf_hash, node_hash};
use minutebook::audit::note::Signature;
use minutebook::audit::witnessing::AddCheckpoint;
use minutebook::clock::Clock;
use minutebook::log::{Batch, Reader};
use minutebook::notary::{Notary, NotaryOptions, ReplayedLog};
use minutebook::server::{self, ServerOptions, witness};
use minutebook::wire::proto::ListBodiesRequest;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::fixture::{Log, SIZE, key, log, stranger};
use crate::deterministic_log::open_store;
use crate::given::append;
use crate::grpc::test_server::{ANYWHERE, channel, reason, registered};

/// A running witness, its state and its address.
struct Watching {
    url: String,
    key: VerifierKey,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    served: Option<tokio::task::JoinHandle<()>>,
}

impl Watching {
    async fn on(state: &Path) -> Self {
        let witness = witness::WitnessServer::open(witness::WitnessOptions {
            state: state.to_owned(),
            listen: "127.0.0.1:0".parse().expect("an address"),
            tls: None,
            name: Some("witness.example/one".into()),
            logs: vec![key().verifier()],
            clock: Clock::system(),
        });
        let witness = witness.await.expect("a witness");
        let url = format!("http://{}", witness.address().expect("an address"));
        let key = witness.key();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            let until = async move {
                let _ = stopped.await;
            };
            witness.serve(until).await.expect("to serve");
        });
        Self {
            url,
            key,
            stop: Some(stop),
            served: Some(served),
        }
    }

    async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(served) = self.served.take() {
            served.await.expect("to stop");
        }
    }

    fn witness(&self) -> minutebook::notary::witness::WitnessClient {
        format!("{}#{}", self.url, self.key)
            .parse()
            .expect("a witness")
    }

    /// Its answer to a request with this body.
    async fn answers(&self, body: String) -> (u16, String) {
        let url = format!("{}/add-checkpoint", self.url);
        let asked = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .build()
                .into();
            let mut answer = agent.post(url).send(body).expect("an answer");
            let status = answer.status().as_u16();
            (status, answer.body_mut().read_to_string().expect("a body"))
        });
        asked.await.expect("an answer")
    }
}

/// The proof that the first `to` records extend the first `from`, computed the slow
/// way.
fn proof(log: &Log, from: u64, to: u64) -> Vec<Hash> {
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [record] => *record,
            many => {
                let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
                node_hash(&root(left), &root(right))
            }
        }
    }
    fn sub(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if m == leaves.len() {
            return if whole {
                Vec::new()
            } else {
                vec![root(leaves)]
            };
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        if m <= left.len() {
            let mut path = sub(m, left, whole);
            path.push(root(right));
            path
        } else {
            let mut path = sub(m - left.len(), right, false);
            path.push(root(left));
            path
        }
    }
    if from == 0 || from == to {
        return Vec::new();
    }
    let leaves: Vec<Hash> = log.records[..to as usize]
        .iter()
        .map(|r| leaf_hash(r))
        .collect();
    sub(from as usize, &leaves, true)
}

fn request(log: &Log, from: u64, to: u64) -> AddCheckpoint {
    AddCheckpoint {
        old: from,
        proof: proof(log, from, to),
        checkpoint: log.signed(to, &key()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_signs_only_a_log_that_grows() {
    let state = tempfile::tempdir().expect("a directory");
    let watching = Watching::on(state.path()).await;
    let good = request(log(), 0, 100);
    let (status, line) = watching.answers(good.to_string()).await;
    assert_eq!(status, 200, "{line}");
    let mut note = good.checkpoint.note.clone();
    note.add(Signature::parse(line.trim_end()).expect("a signature"));
    let checked = cosignature::verify(&note, &watching.key).expect("its signature");
    assert!(checked > 1_700_000_000, "{checked}");

    let mut rewritten = log().clone();
    rewritten.records[50].push(0);
    let with = |change: &dyn Fn(&mut AddCheckpoint)| {
        let mut request = request(log(), 100, 200);
        change(&mut request);
        request.to_string()
    };
    let by = |key: &minutebook::audit::key::SigningKey, origin: &str| {
        let mut checkpoint = log().signed(200, key).checkpoint;
        checkpoint.origin = origin.to_owned();
        let note = checkpoint.sign(key);
        SignedCheckpoint { checkpoint, note }
    };
    let origin = key().name().to_owned();
    let table = [
        ("nothing", String::new(), 400),
        (
            "no size",
            with(&|_| {}).replacen("old 100", "old 0100", 1),
            400,
        ),
        ("no hash", with(&|_| {}).replacen('\n', "\nx\n", 1), 400),
        (
            "signed by a stranger",
            with(&|r| r.checkpoint = by(&stranger(), &origin)),
            403,
        ),
        (
            "another log",
            with(&|r| r.checkpoint = by(&key(), "register.example/x")),
            404,
        ),
        (
            "from where it was",
            request(log(), 40, 200).to_string(),
            409,
        ),
        (
            "from where it is not yet",
            request(log(), 150, 200).to_string(),
            409,
        ),
        ("older than it was", request(log(), 50, 60).to_string(), 409),
        (
            "backward",
            request(log(), 100, 100)
                .to_string()
                .replacen("old 100", "old 101", 1),
            400,
        ),
        ("rewritten", request(&rewritten, 100, 200).to_string(), 422),
        (
            "rewritten, as long",
            request(&rewritten, 100, 100).to_string(),
            409,
        ),
        ("without proof", with(&|r| r.proof.clear()), 422),
        ("once more", request(log(), 100, 100).to_string(), 200),
        ("grown", request(log(), 100, 200).to_string(), 200),
        ("grown again", request(log(), 200, SIZE).to_string(), 200),
    ];
    for (case, body, expected) in table {
        let (status, answer) = watching.answers(body).await;
        assert_eq!(status, expected, "{case}: {answer}");
        if status == 409 {
            assert_eq!(answer, "100\n", "{case}");
        }
    }
    // It remembers what it signed.
    watching.stop().await;
    let again = Watching::on(state.path()).await;
    let (status, answer) = again.answers(request(log(), 0, SIZE).to_string()).await;
    assert_eq!((status, answer), (409, format!("{SIZE}\n")));
    again.stop().await;
}

/// A notary over these records, with a witness.
fn notary(data: &Path, records: &[Vec<u8>], watching: &Watching) -> (Notary, Arc<dyn Reader>) {
    let (mut appender, reader) = open_store(data).expect("a store");
    let tail = appender.tail().get() as usize;
    for records in records[tail..].chunks(100) {
        let tail = appender.tail();
        let batch = Batch::new(records.to_vec()).expect("a batch");
        appender.append(&batch, tail).expect("appended");
    }
    let given = data.with_extension("key");
    std::fs::write(&given, key().to_text()).expect("written");
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&given, std::fs::Permissions::from_mode(0o600)).expect("set");
    let options = NotaryOptions {
        dir: data.join("notary"),
        key: Some(given),
        key_command: None,
        origin: None,
        witnesses: vec![watching.witness()],
    };
    (
        Notary::open(options, &ReplayedLog::default(), &*reader).expect("a notary"),
        reader,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_cannot_be_rewritten_without_its_witness_noticing() {
    let parent = tempfile::tempdir().expect("a directory");
    let watching = Watching::on(&parent.path().join("witness")).await;
    let data = parent.path().join("store");
    let (honest, reader) = notary(&data, &log().records[..300], &watching);
    let signed = honest.publish().await.expect("a checkpoint");
    assert_eq!(signed.note.signatures().len(), 2);
    cosignature::verify(&signed.note, &watching.key).expect("witnessed");
    assert_eq!(honest.witnesses_of(&signed), vec![watching.key.clone()]);
    drop((honest, reader));
    // The log grows, and the new notary does not know the witness's last size.
    let (honest, reader) = notary(&data, &log().records, &watching);
    let signed = honest.publish().await.expect("a checkpoint");
    assert_eq!(signed.checkpoint.size, SIZE);
    cosignature::verify(&signed.note, &watching.key).expect("witnessed");
    drop((honest, reader));
    // The same register, rewritten: the same key, but another entry 10.
    let mut records = log().records.clone();
    records[9].push(0);
    records.push(b"one more".to_vec());
    let mut tree = Frontier::new();
    for record in &records {
        tree.push(leaf_hash(record));
    }
    let (forged, _reader) = notary(&parent.path().join("forged"), &records, &watching);
    let signed = forged.publish().await.expect("a checkpoint");
    assert_eq!(signed.checkpoint.root, tree.root());
    assert_eq!(
        signed.note.signatures().len(),
        1,
        "the witness does not sign it"
    );
    watching.stop().await;
    // An unavailable witness delays nothing.
    let signed = forged.publish().await.expect("a checkpoint");
    assert_eq!(signed.note.signatures().len(), 1);
}

/// A whole store is put back to an earlier state: log, key, checkpoint and all. Only its
/// witness knows better.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_put_back_records_nothing() {
    let parent = tempfile::tempdir().expect("a directory");
    let watching = Watching::on(&parent.path().join("witness")).await;
    let (data, earlier) = (parent.path().join("store"), parent.path().join("earlier"));
    let (honest, reader) = notary(&data, &log().records[..300], &watching);
    honest.publish().await.expect("a checkpoint");
    drop((honest, reader));
    crate::deterministic_log::copy(&data, &earlier);
    let (honest, reader) = notary(&data, &log().records, &watching);
    honest.publish().await.expect("a checkpoint");
    drop((honest, reader));

    let options = |data: &Path| {
        let mut options = ServerOptions::new(data, ANYWHERE);
        options.key = Some(parent.path().join("store.key"));
        options.witnesses = vec![watching.witness()];
        options
    };
    let running = server::start(options(&earlier)).await.expect("it starts");
    let channel = channel(running.address()).await;
    let mut record = RecordServiceClient::new(channel.clone());
    let registered = append(900_000, &[registered("body-new")]);
    let refused = record.append(registered.clone()).await;
    let refused = refused.expect_err("refused");
    assert_eq!(reason(&refused), "LOG_DISPUTED", "{refused}");
    assert!(
        refused
            .message()
            .contains(&format!("has signed {SIZE} entries")),
        "{refused}"
    );
    let mut health = HealthClient::new(channel.clone());
    for (service, status) in [
        ("", 2),
        ("minutebook.v1.RecordService", 2),
        ("minutebook.v1.RegisterService", 1),
    ] {
        let request = HealthCheckRequest {
            service: service.into(),
        };
        let answer = health.check(request).await.expect("an answer").into_inner();
        assert_eq!(answer.status, status, "{service:?}");
    }
    let mut register = RegisterServiceClient::new(channel);
    let listed = register.list_bodies(ListBodiesRequest::default()).await;
    assert!(!listed.expect("a list").into_inner().bodies.is_empty());
    running.stop().await.expect("to stop");

    // The present store records, and it does so while its witness is away.
    let present = options(&data);
    watching.stop().await;
    let running = server::start(present).await.expect("it starts");
    let mut record = RecordServiceClient::new(self::channel(running.address()).await);
    record.append(registered).await.expect("recorded");
    running.stop().await.expect("to stop");
}
