//! Salts: random bytes in entries, drawn by the writer.

use uuid::Uuid;

use minutebook_domain::entry::Salt;

/// Draws a salt from the random numbers of the system: 122 random bits, as a UUID of
/// version 4 has them.
pub fn draw_salt() -> Salt {
    Salt(Uuid::new_v4().into_bytes())
}
