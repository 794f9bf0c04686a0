//! Reading the entries of an archive, bundle by bundle.

use super::folder::{FileError, Folder};
use crate::audit::bundle::{self, BundleError};
use crate::audit::tile::{Holds, Tile, tiles};

/// Why the entries cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EntriesError {
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is not there.
    #[error("{file} is missing: entries {first} to {last} were in it")]
    Missing {
        /// The file.
        file: String,
        /// The position of the first entry that was in it.
        first: u64,
        /// That of the last.
        last: u64,
    },
    /// A file is damaged.
    #[error("{file}, entries {first} to {last}: {source}")]
    Bundle {
        /// The file.
        file: String,
        /// The position of the first entry in it.
        first: u64,
        /// That of the last.
        last: u64,
        /// What is wrong.
        source: BundleError,
    },
}

/// The bundles of an archive of a size.
pub fn bundles(size: u64) -> impl Iterator<Item = Tile> {
    tiles(size).take_while(|tile| tile.holds == Holds::Entries)
}

/// Reads a bundle, and shows its entries in order with their positions.
pub fn entries(
    folder: &Folder,
    tile: &Tile,
    mut visit: impl FnMut(u64, &[u8]),
) -> Result<(), EntriesError> {
    let file = tile.to_string();
    let first = tile.first() + 1;
    let last = tile.first() + u64::from(tile.width);
    let Some(bytes) = folder.read(&file)? else {
        return Err(EntriesError::Missing { file, first, last });
    };
    let entries = bundle::entries(&bytes, usize::from(tile.width));
    let entries = entries.map_err(|source| EntriesError::Bundle {
        file,
        first,
        last,
        source,
    })?;
    for (position, entry) in (first..).zip(entries) {
        visit(position, entry);
    }
    Ok(())
}
