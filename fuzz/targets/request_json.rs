//! `minutebook_fuzz::request_json`, under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| minutebook_fuzz::request_json(input));
