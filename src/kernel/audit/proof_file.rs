//! The proof of an entry as a file: C2SP tlog-proof, which tools not written here read too.

use super::merkle::Hash;

/// The lines of the file. `checkpoint` is the signed note, with its line feeds.
pub fn proof_file(index: u64, hashes: &[Hash], checkpoint: &str) -> String {
    let mut text = format!("c2sp.org/tlog-proof@v1\nindex {index}\n");
    for hash in hashes {
        text.push_str(&format!("{hash}\n"));
    }
    text.push('\n');
    text.push_str(checkpoint);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_stand_between_the_index_and_the_checkpoint() {
        let hash = Hash::from_bytes([0; 32]);
        assert_eq!(
            proof_file(7, &[hash], "origin\n8\n"),
            format!("c2sp.org/tlog-proof@v1\nindex 7\n{hash}\n\norigin\n8\n")
        );
    }
}
