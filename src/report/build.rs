//! The `run` block: everything that differs between two runs with the same evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::{SystemTime, UNIX_EPOCH};

/// Which program ran where, when, for how long. Outside the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunBlock {
    /// `samcheck 0.1.0`.
    pub tool: String,
    /// Of the source, or `unknown`.
    pub commit: String,
    pub rustc: String,
    /// Arithmetic libraries with their versions.
    pub libraries: String,
    /// Whether GMP was built with its assembly.
    pub assembly: bool,
    /// Operating system, architecture, processors.
    pub machine: String,
    pub threads: usize,
    pub argv: Vec<String>,
    /// UTC, RFC 3339.
    pub started: String,
    /// Seconds, in decimal.
    pub wall_s: String,
}

impl RunBlock {
    /// The block of this program on this machine.
    pub fn new(argv: Vec<String>, threads: usize, started: SystemTime, wall_ms: u128) -> Self {
        let processors = std::thread::available_parallelism().map_or("unknown".to_owned(), |n| n.to_string());
        RunBlock {
            tool: concat!("samcheck ", env!("CARGO_PKG_VERSION")).to_owned(),
            commit: env!("SAMCHECK_COMMIT").to_owned(),
            rustc: env!("SAMCHECK_RUSTC").to_owned(),
            libraries: libraries(),
            assembly: env!("SAMCHECK_ASSEMBLY") == "true",
            machine: format!("{} {}, {processors} processors", std::env::consts::OS, std::env::consts::ARCH),
            threads,
            argv,
            started: rfc3339(started),
            wall_s: seconds(wall_ms),
        }
    }
}

/// The locked crates, and the C libraries they brought.
fn libraries() -> String {
    use gmp_mpfr_sys::{gmp, mpfr};
    format!(
        "{}, GMP {}.{}.{}, MPFR {}.{}.{}",
        env!("SAMCHECK_LIBRARIES"),
        gmp::VERSION,
        gmp::VERSION_MINOR,
        gmp::VERSION_PATCHLEVEL,
        mpfr::VERSION_MAJOR,
        mpfr::VERSION_MINOR,
        mpfr::VERSION_PATCHLEVEL,
    )
}

/// Milliseconds as seconds with three decimals.
pub(super) fn seconds(ms: u128) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

/// `2026-03-09T12:00:00Z`; times before 1970 become 1970.
fn rfc3339(time: SystemTime) -> String {
    let total = time.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let (days, second) = (total / 86_400, total % 86_400);
    // Gregorian calendar in eras of 400 years, counted from 1 March of year 0.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn utc_times_agree_with_date() {
        // Expected values from `date -u -d @N +%FT%TZ`.
        for (unix, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(UNIX_EPOCH + Duration::from_secs(unix)), text);
        }
    }

    #[test]
    fn milliseconds_keep_their_zeros() {
        assert_eq!(seconds(310), "0.310");
        assert_eq!(seconds(12_005), "12.005");
    }

    #[test]
    fn the_block_names_every_library() {
        let block = RunBlock::new(vec!["samcheck".to_owned()], 1, UNIX_EPOCH, 0);
        for name in ["rug 1.", "gmp-mpfr-sys 1.", "num-bigfloat 1.", "libm 0.", "GMP 6.", "MPFR 4."] {
            assert!(block.libraries.contains(name), "{name} in {}", block.libraries);
        }
    }
}
