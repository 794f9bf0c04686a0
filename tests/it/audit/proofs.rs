//! Roots and proofs, checked against published vectors, a slow reference tree and
//! an independent verifier; and everything that must not verify.

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use minutebook::audit::merkle::{Frontier, Hash, Subtrees, empty_root, leaf_hash, node_hash};
use minutebook::audit::proof::{
    ProofError, consistency, inclusion, root, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;

const VECTORS: &str = include_str!("../../golden/rfc6962.txt");

/// The Merkle tree hash, as RFC 6962 section 2.1 defines it.
fn slow_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        many => {
            let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
            node_hash(&slow_root(left), &slow_root(right))
        }
    }
}

/// Leaf hashes; hashes of subtrees are computed on request.
struct Leaves(Vec<Hash>);

impl Subtrees for Leaves {
    type Error = ();

    fn subtree(&self, level: u8, index: u64) -> Result<Hash, ()> {
        let (start, width) = ((index << level) as usize, 1 << level);
        let leaves = self.0.get(start..start + width).ok_or(())?;
        Ok(slow_root(leaves))
    }
}

fn entry(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

fn leaves(size: u64) -> Leaves {
    Leaves((0..size).map(|n| leaf_hash(&entry(n))).collect())
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hex"))
        .collect()
}

fn hashes(words: &[&str]) -> Vec<Hash> {
    words
        .iter()
        .map(|word| Hash::from_bytes(unhex(word).try_into().expect("32 bytes")))
        .collect()
}

#[test]
fn the_published_vectors_hold() {
    let lines = || {
        let lines = VECTORS.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split(' ').collect::<Vec<_>>())
    };
    let entries: Vec<Vec<u8>> = lines()
        .filter(|line| line[0] == "entry")
        .map(|line| unhex(line.get(1).copied().unwrap_or_default()))
        .collect();
    assert_eq!(entries.len(), 8);
    let tree = Leaves(entries.iter().map(|entry| leaf_hash(entry)).collect());
    let mut roots = Vec::new();
    let mut frontier = Frontier::new();
    for line in lines().filter(|line| line[0] == "root") {
        let size: u64 = line[1].parse().expect("a size");
        let expected = hashes(&line[2..])[0];
        assert_eq!(frontier.size(), size);
        assert_eq!(frontier.root(), expected);
        assert_eq!(root(size, &tree), Ok(expected));
        roots.push(expected);
        if let Some(leaf) = tree.0.get(size as usize) {
            frontier.push(*leaf);
        }
    }
    assert_eq!(roots.len(), 9);
    let mut proofs = 0;
    for line in lines().filter(|line| matches!(line[0], "inclusion" | "consistency")) {
        let (a, b): (u64, u64) = (line[1].parse().unwrap(), line[2].parse().unwrap());
        let expected = hashes(&line[3..]);
        let root = roots[b as usize];
        if line[0] == "inclusion" {
            assert_eq!(inclusion(a - 1, b, &tree), Ok(expected.clone()), "{line:?}");
            let leaf = tree.0[a as usize - 1];
            verify_inclusion(leaf, a - 1, b, &expected, root).expect("it proves it");
        } else {
            assert_eq!(consistency(a, b, &tree), Ok(expected.clone()), "{line:?}");
            let old = roots[a as usize];
            verify_consistency(a, old, b, root, &expected).expect("it proves it");
        }
        proofs += 1;
    }
    assert_eq!(proofs, 9);
}

#[test]
fn every_proof_of_every_small_tree_verifies_here_and_elsewhere() {
    const MOST: u64 = 70;
    let tree = leaves(MOST);
    let roots: Vec<Hash> = (0..=MOST)
        .map(|size| slow_root(&tree.0[..size as usize]))
        .collect();
    let theirs =
        |size: u64| RootHash::<Sha256>::new((*roots[size as usize].as_bytes()).into(), size);
    for size in 1..=MOST {
        assert_eq!(root(size, &tree), Ok(roots[size as usize]));
        for index in 0..size {
            let proof = inclusion(index, size, &tree).expect("a proof");
            let leaf = tree.0[index as usize];
            verify_inclusion(leaf, index, size, &proof, roots[size as usize]).expect("ours");
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
            let proof = InclusionProof::<Sha256>::try_from_bytes(bytes).expect("a proof");
            theirs(size)
                .verify_inclusion(&entry(index), index, &proof)
                .expect("theirs");
        }
        for from in 1..=size {
            let proof = consistency(from, size, &tree).expect("a proof");
            verify_consistency(
                from,
                roots[from as usize],
                size,
                roots[size as usize],
                &proof,
            )
            .expect("ours");
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
            let proof = ConsistencyProof::<Sha256>::try_from_bytes(bytes).expect("a proof");
            theirs(size)
                .verify_consistency(&theirs(from), &proof)
                .expect("theirs");
        }
    }
}

#[test]
fn only_existing_leaves_and_trees_have_proofs() {
    let tree = leaves(5);
    assert_eq!(
        inclusion(5, 5, &tree),
        Err(ProofError::Beyond { index: 5, size: 5 })
    );
    assert_eq!(
        consistency(4, 3, &tree),
        Err(ProofError::Backward { from: 4, to: 3 })
    );
    assert_eq!(inclusion(0, 9, &tree), Err(ProofError::Subtree(())));
    assert_eq!(consistency(0, 5, &tree), Ok(Vec::new()));
    verify_consistency(0, empty_root(), 5, slow_root(&tree.0), &[])
        .expect("it begins with nothing");
    assert!(verify_consistency(0, leaf_hash(b""), 5, slow_root(&tree.0), &[]).is_err());
    assert!(verify_consistency(5, slow_root(&tree.0), 5, leaf_hash(b""), &[]).is_err());
}

/// A hash with one bit flipped.
fn flipped(hash: Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_frontier_is_the_tree(size in 0_u64..600) {
        let tree = leaves(size);
        let mut frontier = Frontier::new();
        let mut finished = Vec::new();
        for leaf in &tree.0 {
            frontier.push_with(*leaf, &mut |level, index, hash| finished.push((level, index, hash)));
        }
        prop_assert_eq!(frontier.root(), slow_root(&tree.0));
        let again = Frontier::of(size, &tree).expect("all of it is there");
        prop_assert_eq!(again.root(), frontier.root());
        // Every complete subtree was visited once.
        let complete: u64 = (0..64).map(|level| size >> level).sum();
        prop_assert_eq!(finished.len() as u64, complete);
        for (level, index, hash) in finished {
            prop_assert_eq!(tree.subtree(level, index), Ok(hash));
        }
    }

    #[test]
    fn a_proof_of_anything_else_proves_nothing(
        size in 2_u64..300,
        at in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        bit in 0_usize..256,
    ) {
        let tree = leaves(size);
        let root = slow_root(&tree.0);
        let index = at.index(size as usize) as u64;
        let leaf = tree.0[index as usize];
        let proof = inclusion(index, size, &tree).expect("a proof");
        let ok = |leaf, index, size, proof: &[Hash], root| {
            verify_inclusion(leaf, index, size, proof, root).is_ok()
        };
        prop_assert!(ok(leaf, index, size, &proof, root));
        prop_assert!(!ok(flipped(leaf, bit), index, size, &proof, root));
        prop_assert!(!ok(leaf, index, size, &proof, flipped(root, bit)));
        let elsewhere = other.index(size as usize) as u64;
        prop_assert!(elsewhere == index || !ok(leaf, elsewhere, size, &proof, root));
        for step in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[step] = flipped(wrong[step], bit);
            prop_assert!(!ok(leaf, index, size, &wrong, root));
            wrong.remove(step);
            prop_assert!(!ok(leaf, index, size, &wrong, root));
        }
        let longer = [&proof[..], &[leaf]].concat();
        prop_assert!(!ok(leaf, index, size, &longer, root));

        let from = 1 + other.index(size as usize - 1) as u64;
        let old = slow_root(&tree.0[..from as usize]);
        let proof = consistency(from, size, &tree).expect("a proof");
        let ok = |from, old, size, root, proof: &[Hash]| {
            verify_consistency(from, old, size, root, proof).is_ok()
        };
        prop_assert!(ok(from, old, size, root, &proof));
        prop_assert!(!ok(from, flipped(old, bit), size, root, &proof));
        prop_assert!(!ok(from, old, size, flipped(root, bit), &proof));
        for step in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[step] = flipped(wrong[step], bit);
            prop_assert!(!ok(from, old, size, root, &wrong));
            wrong.remove(step);
            prop_assert!(!ok(from, old, size, root, &wrong));
        }
        let longer = [&proof[..], &[leaf]].concat();
        prop_assert!(!ok(from, old, size, root, &longer));
    }

    #[test]
    fn whatever_is_sent_as_a_proof_is_answered(
        numbers in any::<[u64; 2]>(),
        bytes in proptest::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let proof: Vec<Hash> = bytes.into_iter().map(Hash::from_bytes).collect();
        let [a, b] = numbers;
        let hash = leaf_hash(b"");
        prop_assert!(verify_inclusion(hash, a, b, &proof, node_hash(&hash, &hash)).is_err());
        let _ = verify_consistency(a, hash, b, hash, &proof);
    }
}
