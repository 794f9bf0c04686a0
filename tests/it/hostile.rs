//! Hostile or broken clients: the resources they hold are bounded and reclaimed in
//! time, and everyone else is served meanwhile.

mod answers;
mod cost;
mod crowd;
mod patience;
mod quotas;
pub mod raw;
