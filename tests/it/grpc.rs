//! The whole server over a real socket, as its clients use it.

mod clock;
pub mod dry_runs;
mod evidence;
mod explaining;
mod following;
mod grouping;
pub mod limits;
mod lists;
mod other_log;
mod reading;
mod recording;
mod replaying;
mod running;
mod stopping;
mod streaming;
pub mod test_server;
