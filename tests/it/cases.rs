//! Inputs of real histories and public documents that once came out wrong, with the
//! right answer. Each is one instance of a kind.

mod amounts;
mod before_the_beginning;
mod capacities;
mod succession;
mod underspends;
