//! The whole server, as its callers meet it.
