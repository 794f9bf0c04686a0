//! The whole server over a real socket, as its callers meet it.

mod evidence;
mod explaining;
mod following;
mod grouping;
pub mod house;
mod reading;
mod recording;
mod replaying;
mod running;
mod stopping;
mod streaming;
