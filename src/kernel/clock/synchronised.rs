//! The system's own word on its clock.

/// Whether the system keeps its clock in step with other clocks, as `adjtimex` says;
/// `None` where it does not say, such as in some containers.
#[cfg(target_os = "linux")]
pub(super) fn is_synchronised() -> Option<bool> {
    /// The answer of a clock that is not synchronised.
    const TIME_ERROR: i32 = 5;
    /// The bit of a clock that is not synchronised.
    const STA_UNSYNC: i32 = 0x40;
    let mut state = rtime_clock::adjtime::Timex::new();
    let answer = rtime_clock::adjtime::adjtimex(&mut state).ok()?;
    Some(answer != TIME_ERROR && state.0.status & STA_UNSYNC == 0)
}

#[cfg(not(target_os = "linux"))]
pub(super) const fn is_synchronised() -> Option<bool> {
    None
}
