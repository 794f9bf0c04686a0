//! `minutebook_fuzz::entry`, under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| minutebook_fuzz::entry(input));
