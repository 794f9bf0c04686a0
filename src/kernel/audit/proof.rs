//! Proofs about a Merkle tree: made as RFC 6962 §2.1.1 and §2.1.2 specify, verified as
//! RFC 9162 §2.1.3.2 and §2.1.4.2 specify.
//!
//! A verification needs no server, no key and no trust in the register: only roots,
//! sizes and a list of hashes.

use super::merkle::{Hash, Subtrees, empty_root, node_hash};

/// Why a proof cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    #[error("a tree of {size} entries has no entry of index {index}")]
    Beyond {
        /// The entry, counted from 0.
        index: u64,
        size: u64,
    },
    /// The earlier tree is larger than the later one.
    #[error("a tree of {to} entries does not begin with one of {from}")]
    Backward { from: u64, to: u64 },
    #[error("a hash of the tree cannot be read")]
    Subtree(E),
}

/// Why a proof is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The index or the sizes are impossible.
    #[error("no such proof: the entry or the earlier tree is beyond the end of the tree")]
    Beyond,
    /// The proof has too many or too few hashes.
    #[error("the proof has another length than it must have")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// The largest power of two below a number above 1.
const fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The root over the entries from `start`, `size` of them; `start` is a multiple
/// of a power of two no smaller than `size`.
fn range<S: Subtrees>(start: u64, size: u64, subtrees: &S) -> Result<Hash, ProofError<S::Error>> {
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        // Less than 64.
        let level_of = u8::try_from(level).unwrap_or(u8::MAX);
        return subtrees
            .subtree(level_of, start >> level)
            .map_err(ProofError::Subtree);
    }
    let left = split(size);
    let (a, b) = (
        range(start, left, subtrees)?,
        range(start + left, size - left, subtrees)?,
    );
    Ok(node_hash(&a, &b))
}

/// The root of the first `size` entries.
pub fn root<S: Subtrees>(size: u64, subtrees: &S) -> Result<Hash, ProofError<S::Error>> {
    match size {
        0 => Ok(empty_root()),
        size => range(0, size, subtrees),
    }
}

/// The proof that the entry of an index, counted from 0, is in the tree of a size.
pub fn inclusion<S: Subtrees>(
    index: u64,
    size: u64,
    subtrees: &S,
) -> Result<Vec<Hash>, ProofError<S::Error>> {
    if index >= size {
        return Err(ProofError::Beyond { index, size });
    }
    let (mut start, mut size) = (0, size);
    let mut path = Vec::new();
    while size > 1 {
        let left = split(size);
        if index - start < left {
            path.push(range(start + left, size - left, subtrees)?);
            size = left;
        } else {
            path.push(range(start, left, subtrees)?);
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
    subtrees: &S,
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
            path.push(range(start + left, size - left, subtrees)?);
            size = left;
        } else {
            path.push(range(start, left, subtrees)?);
            start += left;
            size -= left;
            old -= left;
            known = false;
        }
    }
    if !known {
        path.push(range(start, size, subtrees)?);
    }
    path.reverse();
    Ok(path)
}

/// Proves that an entry is in the tree of `size` entries with this root. `index` counts
/// from 0.
///
/// # Examples
///
/// ```
/// use minutebook_kernel::audit::merkle::{Frontier, leaf_hash};
/// use minutebook_kernel::audit::proof::{VerifyError, verify_inclusion};
///
/// let (first, second) = (leaf_hash(b"first entry"), leaf_hash(b"second entry"));
/// let mut tree = Frontier::new();
/// tree.push(first);
/// tree.push(second);
///
/// // In a tree of two entries, each proves the other.
/// assert_eq!(verify_inclusion(first, 0, 2, &[second], tree.root()), Ok(()));
///
/// let altered = leaf_hash(b"first entry, altered");
/// let refused = verify_inclusion(altered, 0, 2, &[second], tree.root());
/// assert_eq!(refused, Err(VerifyError::Root));
/// ```
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

/// Proves that the tree of `to` entries extends the tree of `from` entries without
/// rewriting it.
///
/// An empty proof is valid only when both sizes are equal and both roots match, or
/// when `from` is 0 and its root is that of an empty tree.
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
