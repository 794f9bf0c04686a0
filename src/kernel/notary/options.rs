//! The settings of a notary.

use std::path::PathBuf;

use super::key::KeyFiles;
use super::witness::WitnessClient;

#[derive(Debug, Clone)]
pub struct NotaryOptions {
    /// The directory of the notary's files; made when it is missing.
    pub dir: PathBuf,
    /// The key file, if it is not in that directory.
    pub key: Option<PathBuf>,
    /// The program that has the key, if it is in no file.
    pub key_command: Option<PathBuf>,
    /// The name of the register. Default: the name of the key.
    pub origin: Option<String>,
    /// The witnesses that sign beside the register.
    pub witnesses: Vec<WitnessClient>,
}

impl NotaryOptions {
    /// The files of the key from which secrets of this machine are derived: that of the
    /// checkpoints, or, where a program has that, one of its own.
    pub fn secret_files(&self) -> KeyFiles {
        match &self.key_command {
            None => KeyFiles::new(&self.dir, self.key.clone()),
            Some(_) => KeyFiles::local(&self.dir),
        }
    }
}
