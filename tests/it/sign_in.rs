//! Sign-in over a real socket, with the tokens of a real provider and forged ones.
//!
//! The provider needs Node and the packages of tests/oidc. Where they are missing, the
//! tests pass and report on standard error what did not run.

mod demo;
mod keys;
mod logins;
pub mod mandated;
mod pages;
mod private_ca;
pub mod test_provider;
mod tokens;
