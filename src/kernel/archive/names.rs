//! The names of the files of an archive. A file with another name is not its own.

use crate::audit::tile::{Tile, TileContent};

pub const CHECKPOINT: &str = "checkpoint";
pub const VERIFIER_KEY: &str = "verifier-key";
pub const WITNESS_KEYS: &str = "witness-keys";
pub const README: &str = "README.txt";

const TILES: &str = "tile";
const LINES: &str = "entries";

/// The files that every archive has once, beside its entries.
pub const TEXTS: [&str; 4] = [CHECKPOINT, VERIFIER_KEY, WITNESS_KEYS, README];

/// The file with the lines of a bundle. That of a full tile never changes again; the
/// last one does.
pub fn lines_of(bundle: &Tile) -> String {
    let full = Tile {
        holds: TileContent::Entries,
        width: 256,
        ..*bundle
    };
    let path = full.to_string();
    let number = path.strip_prefix("tile/entries").unwrap_or(&path);
    format!("{LINES}{number}.jsonl")
}

/// The full bundle whose lines are in a file.
fn bundle_of(file: &str) -> Option<Tile> {
    let number = file.strip_prefix(LINES)?.strip_suffix(".jsonl")?;
    let bundle: Tile = format!("{TILES}/{LINES}{number}").parse().ok()?;
    bundle.is_full().then_some(bundle)
}

/// Whether a file is one of the tiles or lines of an archive of a size. Takes no
/// longer for a size that somebody only claims.
pub fn is_content_of(size: u64, file: &str) -> bool {
    match (file.parse::<Tile>(), bundle_of(file)) {
        (Ok(tile), _) => tile.is_of(size),
        (Err(_), Some(bundle)) => bundle.grown_to(size).is_some(),
        (Err(_), None) => false,
    }
}

/// Whether an export of any log can write a file of this name.
pub fn is_of_archive(file: &str) -> bool {
    TEXTS.contains(&file) || file.parse::<Tile>().is_ok() || bundle_of(file).is_some()
}

/// Whether a name in the folder of an archive can be one of its files or folders.
pub fn is_top_of_archive(name: &str) -> bool {
    let file = unstaged(name);
    let file = file.as_deref().unwrap_or(name);
    TEXTS.contains(&file) || [TILES, LINES].contains(&name)
}

/// The staged name of a file: it is renamed to `file` at the end of an export.
pub fn staged(file: &str) -> String {
    match file.rsplit_once('/') {
        Some((dir, name)) => format!("{dir}/.{name}.new"),
        None => format!(".{file}.new"),
    }
}

/// The file whose staged name this is, if it is one of a file of an archive.
pub fn unstaged(staged: &str) -> Option<String> {
    let (dir, name) = match staged.rsplit_once('/') {
        Some((dir, name)) => (format!("{dir}/"), name),
        None => (String::new(), staged),
    };
    let name = name.strip_prefix('.')?.strip_suffix(".new")?;
    Some(format!("{dir}{name}")).filter(|file| is_of_archive(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_the_archive_or_foreign() {
        let size = 300;
        for own in [
            "tile/entries/000",
            "tile/entries/001.p/44",
            "tile/0/000",
            "tile/1/000.p/1",
            "entries/001.jsonl",
        ] {
            assert!(is_content_of(size, own), "{own}");
            assert_eq!(unstaged(&staged(own)).as_deref(), Some(own));
        }
        for other in [
            "tile/entries/001",
            "tile/entries/001.p/43",
            "tile/entries/002.p/1",
            "tile/9/000",
            "entries/002.jsonl",
            "entries/1.jsonl",
            "entries/notes.jsonl",
            "entries-of-mine/000.jsonl",
        ] {
            assert!(!is_content_of(size, other), "{other}");
        }
        assert_eq!(unstaged(".letter.new"), None);
        assert!(!is_of_archive("tile/grass.png"));
        // A claimed size costs nothing.
        assert!(is_content_of(1 << 62, "tile/7/000.p/64"));
    }
}
