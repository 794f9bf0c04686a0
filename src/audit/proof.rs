//! Proofs about a Merkle tree, made and verified: RFC 6962 §2.1.1 and §2.1.2,
//! verified as RFC 9162 §2.1.3.2 and §2.1.4.2 have it.

use super::merkle::{Hash, Subtrees, empty_root, node_hash};

/// Why there is no such proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    /// The entry is not in the tree.
    #[error("a tree of {size} entries has no entry of index {index}")]
    Beyond {
        /// The entry, counted from 0.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tree does not grow backward.
    #[error("a tree of {to} entries does not begin with one of {from}")]
    Backward {
        /// The size of the earlier tree.
        from: u64,
        /// The size of the later one.
        to: u64,
    },
    /// A hash cannot be had.
    #[error("a hash of the tree cannot be read")]
    Subtree(E),
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The numbers cannot be.
    #[error("no such proof: the entry or the earlier tree lies beyond the tree")]
    Beyond,
    /// It has more or fewer hashes than such a proof has.
    #[error("the proof has another length than it must have")]
    Length,
    /// It leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// The largest power of two below a number above 1.
const fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The root over the entries from `start`, `size` of them; `start` is a multiple
/// of a power of two no smaller than `size`.
fn range<S: Subtrees>(start: u64, size: u64, of: &S) -> Result<Hash, ProofError<S::Error>> {
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        // Less than 64.
        let level_of = u8::try_from(level).unwrap_or(u8::MAX);
        return of
            .subtree(level_of, start >> level)
            .map_err(ProofError::Subtree);
    }
    let left = split(size);
    let (a, b) = (
        range(start, left, of)?,
        range(start + left, size - left, of)?,
    );
    Ok(node_hash(&a, &b))
}

/// The root of the first `size` entries.
pub fn root<S: Subtrees>(size: u64, of: &S) -> Result<Hash, ProofError<S::Error>> {
    match size {
        0 => Ok(empty_root()),
        size => range(0, size, of),
    }
}

/// The proof that the entry of an index, counted from 0, is in the tree of a size.
pub fn inclusion<S: Subtrees>(
    index: u64,
    size: u64,
    of: &S,
) -> Result<Vec<Hash>, ProofError<S::Error>> {
    if index >= size {
        return Err(ProofError::Beyond { index, size });
    }
    let (mut start, mut size) = (0, size);
    let mut path = Vec::new();
    while size > 1 {
        let left = split(size);
        if index - start < left {
            path.push(range(start + left, size - left, of)?);
            size = left;
        } else {
            path.push(range(start, left, of)?);
            start += left;
            size -= left;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of one size begins with that of an earlier one.
pub fn consistency<S: Subtrees>(
    from: u64,
    to: u64,
    of: &S,
) -> Result<Vec<Hash>, ProofError<S::Error>> {
    if from > to {
        return Err(ProofError::Backward { from, to });
    }
    let mut path = Vec::new();
    if from == 0 || from == to {
        return Ok(path);
    }
    let (mut start, mut size, mut known) = (0, to, true);
    let mut old = from;
    while old != size {
        let left = split(size);
        if old <= left {
            path.push(range(start + left, size - left, of)?);
            size = left;
        } else {
            path.push(range(start, left, of)?);
            start += left;
            size -= left;
            old -= left;
            known = false;
        }
    }
    if !known {
        path.push(range(start, size, of)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that an entry is in the tree with a root.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Hash,
) -> Result<(), VerifyError> {
    if index >= size {
        return Err(VerifyError::Beyond);
    }
    let (mut f, mut s, mut hash) = (index, size - 1, leaf);
    for step in proof {
        if s == 0 {
            return Err(VerifyError::Length);
        }
        if f & 1 == 1 || f == s {
            hash = node_hash(step, &hash);
            while f & 1 == 0 && f != 0 {
                f >>= 1;
                s >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        f >>= 1;
        s >>= 1;
    }
    if s != 0 {
        return Err(VerifyError::Length);
    }
    if hash == root {
        Ok(())
    } else {
        Err(VerifyError::Root)
    }
}

/// Checks that a tree begins with an earlier one.
pub fn verify_consistency(
    from: u64,
    from_root: Hash,
    to: u64,
    to_root: Hash,
    proof: &[Hash],
) -> Result<(), VerifyError> {
    if from > to {
        return Err(VerifyError::Beyond);
    }
    if from == to || from == 0 {
        let fits = from_root == if from == 0 { empty_root() } else { to_root };
        return match (proof.is_empty(), fits) {
            (false, _) => Err(VerifyError::Length),
            (true, false) => Err(VerifyError::Root),
            (true, true) => Ok(()),
        };
    }
    let mut steps = proof.iter();
    let (mut f, mut s) = (from - 1, to - 1);
    while f & 1 == 1 {
        f >>= 1;
        s >>= 1;
    }
    let first = if from.is_power_of_two() {
        from_root
    } else {
        *steps.next().ok_or(VerifyError::Length)?
    };
    let (mut old, mut new) = (first, first);
    for step in steps {
        if s == 0 {
            return Err(VerifyError::Length);
        }
        if f & 1 == 1 || f == s {
            old = node_hash(step, &old);
            new = node_hash(step, &new);
            while f & 1 == 0 && f != 0 {
                f >>= 1;
                s >>= 1;
            }
        } else {
            new = node_hash(&new, step);
        }
        f >>= 1;
        s >>= 1;
    }
    if s != 0 {
        return Err(VerifyError::Length);
    }
    if old == from_root && new == to_root {
        Ok(())
    } else {
        Err(VerifyError::Root)
    }
}
