//! Reads the entries of an archive, bundle by bundle.

use super::folder::{FileError, Folder};
use crate::audit::bundle::{self, BundleError};
use crate::audit::tile::{Tile, TileContent, tiles};

#[derive(Debug, thiserror::Error)]
pub enum EntriesError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{file} is missing: entries {first} to {last} were in it")]
    Missing {
        file: String,
        /// The positions of the entries that were in the file.
        first: u64,
        last: u64,
    },
    #[error("{file}, entries {first} to {last}: {source}")]
    Bundle {
        file: String,
        /// The positions of the entries in the file.
        first: u64,
        last: u64,
        source: BundleError,
    },
}

/// The bundles of an archive of `size` entries.
pub fn bundles(size: u64) -> impl Iterator<Item = Tile> {
    tiles(size).take_while(|tile| tile.holds == TileContent::Entries)
}

/// Reads a bundle, and shows its entries in order, with their positions.
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
