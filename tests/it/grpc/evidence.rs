//! Checkpoints and proofs over a socket, checked without any code of the server.

use minutebook::audit::checkpoint::SignedCheckpoint;
use minutebook::audit::key::VerifierKey;
use minutebook::audit::merkle::{Frontier, Hash, leaf_hash};
use minutebook::audit::proof::{verify_consistency, verify_inclusion};
use minutebook::wire::entry::decode;
use minutebook::wire::proto::export_log_response::Message;
use minutebook::wire::proto::{
    ExportLogRequest, GetCheckpointRequest, GetConsistencyProofRequest, GetInclusionProofRequest,
};
use tonic::Code;

use super::test_server::{TestServer, body, refused};

fn hash(bytes: &[u8]) -> Hash {
    Hash::from_bytes(bytes.try_into().expect("32 bytes"))
}

fn hashes(bytes: &[Vec<u8>]) -> Vec<Hash> {
    bytes.iter().map(|bytes| hash(bytes)).collect()
}

impl TestServer {
    /// A checkpoint that covers a position, verified.
    async fn checkpoint(&mut self, at_least_position: u64) -> SignedCheckpoint {
        let request = GetCheckpointRequest { at_least_position };
        let answer = self.audit.get_checkpoint(request).await.expect("one");
        let answer = answer.into_inner();
        let signed = SignedCheckpoint::parse(&answer.checkpoint).expect("a checkpoint");
        let key: VerifierKey = answer.verifier_key.parse().expect("a key");
        assert_eq!(key, self.running.verifier_key());
        signed.note.verify(&key).expect("signed by that key");
        assert_eq!(signed.checkpoint.origin, key.name());
        assert_eq!(signed.checkpoint.size, answer.tree_size);
        assert_eq!(signed.checkpoint.root, hash(&answer.root));
        assert!(signed.checkpoint.size >= at_least_position);
        signed
    }
}

async fn start_server(entries: u64) -> TestServer {
    let mut server = TestServer::open().await;
    for n in 1..=entries {
        server.record(body(n.into())).await;
    }
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_is_proved_to_be_in_the_log_that_was_signed() {
    let mut server = start_server(21).await;
    let signed = server.checkpoint(21).await;
    for position in 1..=21 {
        for tree_size in [0, position, 21] {
            let request = GetInclusionProofRequest {
                position,
                tree_size,
            };
            let answer = server.audit.get_inclusion_proof(request).await;
            let answer = answer.expect("a proof").into_inner();
            assert_eq!(
                decode(&answer.record).expect("an entry").position.get(),
                position
            );
            let size = if tree_size == 0 { 21 } else { tree_size };
            assert_eq!((answer.tree_size, answer.leaf_index), (size, position - 1));
            assert_eq!(hash(&answer.leaf_hash), leaf_hash(&answer.record));
            verify_inclusion(
                leaf_hash(&answer.record),
                answer.leaf_index,
                answer.tree_size,
                &hashes(&answer.hashes),
                hash(&answer.root),
            )
            .expect("it proves it");
            if size == 21 {
                assert_eq!(hash(&answer.root), signed.checkpoint.root);
                assert_eq!(answer.checkpoint, signed.note.to_string());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_proved_to_have_only_grown() {
    let mut server = start_server(4).await;
    let earlier = server.checkpoint(4).await;
    for n in 5..=19 {
        server.record(body(n)).await;
    }
    let later = server.checkpoint(19).await;
    assert_eq!((earlier.checkpoint.size, later.checkpoint.size), (4, 19));
    let request = GetConsistencyProofRequest {
        from_size: 4,
        to_size: 0,
    };
    let proof = server.audit.get_consistency_proof(request).await;
    let proof = proof.expect("a proof").into_inner();
    assert_eq!(proof.checkpoint, later.note.to_string());
    verify_consistency(
        4,
        earlier.checkpoint.root,
        19,
        later.checkpoint.root,
        &hashes(&proof.hashes),
    )
    .expect("it proves it");
    for (from_size, to_size) in [(0, 19), (7, 7), (1, 2), (16, 17)] {
        let request = GetConsistencyProofRequest { from_size, to_size };
        let proof = server.audit.get_consistency_proof(request).await;
        let proof = proof.expect("a proof").into_inner();
        verify_consistency(
            from_size,
            hash(&proof.from_root),
            to_size,
            hash(&proof.to_root),
            &hashes(&proof.hashes),
        )
        .expect("it proves it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_proof_is_refused_with_a_reason() {
    let mut server = start_server(3).await;
    server.checkpoint(3).await;
    for (position, tree_size) in [(0, 0), (4, 0), (3, 2), (1, 4)] {
        let request = GetInclusionProofRequest {
            position,
            tree_size,
        };
        let answer = server.audit.get_inclusion_proof(request).await;
        let status = refused(answer, Code::InvalidArgument, "INVALID_FIELDS");
        assert!(!status.message().is_empty());
    }
    for (from_size, to_size) in [(3, 2), (0, 4), (4, 0)] {
        let request = GetConsistencyProofRequest { from_size, to_size };
        let answer = server.audit.get_consistency_proof(request).await;
        refused(answer, Code::InvalidArgument, "INVALID_FIELDS");
    }
    let beyond = GetCheckpointRequest {
        at_least_position: 4,
    };
    let answer = server.audit.get_checkpoint(beyond).await;
    refused(answer, Code::Unavailable, "POSITION_NOT_REACHED");
    let beyond = ExportLogRequest { after_position: 4 };
    let answer = server.audit.export_log(beyond).await.map(|_| ());
    refused(answer, Code::InvalidArgument, "INVALID_FIELDS");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_every_entry_and_the_checkpoint_to_verify_it() {
    let mut server = start_server(1_500).await;
    for after in [0, 1_200, 1_500] {
        let request = ExportLogRequest {
            after_position: after,
        };
        let stream = server.audit.export_log(request).await.expect("a stream");
        let mut stream = stream.into_inner();
        let first = stream.message().await.expect("a message").expect("one");
        let Some(Message::Checkpoint(head)) = first.message else {
            panic!("a checkpoint comes first: {first:?}")
        };
        assert_eq!(head.tree_size, 1_500);
        let (mut tree, mut next) = (Frontier::new(), after + 1);
        while let Some(answer) = stream.message().await.expect("a message") {
            let Some(Message::Records(chunk)) = answer.message else {
                panic!("one checkpoint, and then records")
            };
            assert_eq!(chunk.first_position, next);
            for record in &chunk.records {
                assert_eq!(decode(record).expect("an entry").position.get(), next);
                tree.push(leaf_hash(record));
                next += 1;
            }
        }
        assert_eq!(next, 1_501);
        if after == 0 {
            assert_eq!(tree.root(), hash(&head.root));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_entries_has_a_checkpoint_too() {
    let mut server = TestServer::open().await;
    let signed = server.checkpoint(0).await;
    assert_eq!(signed.checkpoint.size, 0);
    assert_eq!(signed.checkpoint.root, Frontier::new().root());
}
