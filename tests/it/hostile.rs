//! Callers who mean harm, or are broken: what they hold is bounded, it is taken
//! from them in time, and everybody else is served meanwhile.

mod crowd;
mod patience;
mod raw;
