//! Bundles of entries, as C2SP tlog-tiles specifies: for each entry its length in two
//! bytes, big-endian, and then its bytes.

/// Why bytes are not a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry ends after the bundle does.
    #[error("the bundle ends inside its entry {index}")]
    Short {
        /// Which entry of the bundle, counted from 0.
        index: usize,
    },
    /// The bundle has another number of entries than expected.
    #[error("the bundle has {found} entries and should have {expected}")]
    Count { found: usize, expected: usize },
}

/// Adds an entry to a bundle. The log accepts no entry of more than 65,535 bytes.
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) {
    let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
}

/// The entries of a bundle, which must have `expected` of them.
pub fn entries(bundle: &[u8], expected: usize) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::with_capacity(expected);
    let mut rest = bundle;
    while !rest.is_empty() {
        let short = BundleError::Short {
            index: entries.len(),
        };
        let (length, after) = rest.split_at_checked(2).ok_or(short)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let (entry, after) = after.split_at_checked(length).ok_or(short)?;
        entries.push(entry);
        rest = after;
    }
    match entries.len() {
        found if found == expected => Ok(entries),
        found => Err(BundleError::Count { found, expected }),
    }
}
