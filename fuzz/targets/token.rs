//! `minutebook_fuzz::token`, under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| minutebook_fuzz::token(input));
