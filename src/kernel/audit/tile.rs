//! Tiles: the hashes of a tree in pieces of 256, and its entries in bundles of 256,
//! named as C2SP tlog-tiles specifies.

use std::fmt;
use std::str::FromStr;

/// How many hashes or entries a full tile has.
pub const WIDTH: u64 = 256;

/// How many levels of the tree a tile spans.
pub const HEIGHT: u8 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileContent {
    Entries,
    /// Hashes: of entries at level 0, of full tiles of the level below at other levels.
    Hashes {
        level: u8,
    },
}

impl TileContent {
    /// How many entries or hashes the row of a tree of a size has.
    fn count(self, size: u64) -> u64 {
        match self {
            Self::Entries => size,
            Self::Hashes { level } => size
                .checked_shr(u32::from(level) * u32::from(HEIGHT))
                .unwrap_or(0),
        }
    }
}

/// A tile or a bundle, full or part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    pub holds: TileContent,
    /// The number of the tile in its row, counted from 0.
    pub index: u64,
    /// How many hashes or entries it has: 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Whether the tile is full and will never change.
    pub const fn is_full(&self) -> bool {
        self.width as u64 == WIDTH
    }

    /// Whether it is one of the tiles of a tree of a size.
    pub fn is_of(&self, size: u64) -> bool {
        let count = self.holds.count(size);
        self.index < count.div_ceil(WIDTH)
            && u64::from(self.width) == (count - self.index * WIDTH).min(WIDTH)
    }

    /// The tile of a tree of a size that has the same number in the same row.
    pub fn grown_to(&self, size: u64) -> Option<Self> {
        let count = self.holds.count(size);
        let left = count.checked_sub(self.index.checked_mul(WIDTH)?)?;
        let width = u16::try_from(left.min(WIDTH))
            .ok()
            .filter(|width| *width > 0)?;
        Some(Self { width, ..*self })
    }

    /// The first entry or hash in it, counted from 0.
    pub const fn first(&self) -> u64 {
        self.index * WIDTH
    }
}

/// Every tile of a tree of a size: the bundles of entries, then the tiles of
/// hashes, level by level.
pub fn tiles(size: u64) -> impl Iterator<Item = Tile> {
    let row = move |holds: TileContent| {
        let count = holds.count(size);
        (0..count.div_ceil(WIDTH)).map(move |index| Tile {
            holds,
            index,
            // At most 256.
            width: u16::try_from((count - index * WIDTH).min(WIDTH)).unwrap_or(u16::MAX),
        })
    };
    let hashes = (0..HEIGHT).flat_map(move |level| row(TileContent::Hashes { level }));
    row(TileContent::Entries).chain(hashes)
}

/// The tiles of a tree of a size that are not full: one of each row at most. They are
/// as few for a size that somebody only claims.
pub fn partial_tiles(size: u64) -> impl Iterator<Item = Tile> {
    let hashes = (0..HEIGHT).map(|level| TileContent::Hashes { level });
    std::iter::once(TileContent::Entries)
        .chain(hashes)
        .filter_map(move |holds| {
            let count = holds.count(size);
            let width = u16::try_from(count % WIDTH).unwrap_or(0);
            (width > 0).then_some(Tile {
                holds,
                index: count / WIDTH,
                width,
            })
        })
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.holds {
            TileContent::Entries => f.write_str("tile/entries")?,
            TileContent::Hashes { level } => write!(f, "tile/{level}")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups[1..].iter().rev() {
            write!(f, "/x{group:03}")?;
        }
        write!(f, "/{:03}", groups[0])?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a tile is at tile/LEVEL/NNN, with x before all but the last three digits, and .p/WIDTH for a part"
)]
pub struct TileError;

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        let rest = path.strip_prefix("tile/").ok_or(TileError)?;
        let (holds, rest) = rest.split_once('/').ok_or(TileError)?;
        let holds = match holds {
            "entries" => TileContent::Entries,
            level => TileContent::Hashes {
                level: level.parse().map_err(|_| TileError)?,
            },
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().map_err(|_| TileError)?),
            None => (rest, 256),
        };
        let digits: String = number
            .split('/')
            .map(|group| group.strip_prefix('x').unwrap_or(group))
            .collect();
        let tile = Self {
            holds,
            index: digits.parse().map_err(|_| TileError)?,
            width,
        };
        // A tile has one path: any other way to write it is refused.
        if tile.width >= 1 && u64::from(tile.width) <= WIDTH && tile.to_string() == path {
            Ok(tile)
        } else {
            Err(TileError)
        }
    }
}
