//! Writes valid inputs of each kind into `corpus/`, as seeds for libFuzzer.

use std::path::Path;

fn main() -> std::io::Result<()> {
    for (name, _) in minutebook_fuzz::INPUTS {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(name);
        std::fs::create_dir_all(&dir)?;
        for (n, seed) in minutebook_fuzz::seeds(name).into_iter().enumerate() {
            std::fs::write(dir.join(format!("seed-{n}")), seed)?;
        }
    }
    Ok(())
}
