//! The `minutebook` binary.

fn main() {}
