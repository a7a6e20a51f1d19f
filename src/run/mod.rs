//! The observed side: SAM's formulas through the Taylor integrator, read on any clock.
//!
//! [`Path`] is a solved flow; [`Path::log_t`] and its inverse carry the original time as the pair
//! `log t = z + rest`, so that `t` itself is never formed.

mod frame;
mod leaders;
mod limits;
mod locate;
mod log_clock;
mod path;
mod probe;
mod stats;
mod steps;
mod system;
mod watcher;
mod window;

pub use leaders::{HandOver, leader_of};
pub use limits::LimitAsk;
pub use log_clock::LogTime;
pub use path::{Horizon, Observation, Path};
pub use probe::{Ask, At, Probe, describe, ending, log_loss_of_margin};
pub use stats::{ModeStats, Stats};
pub use steps::StepsAsk;
pub use system::Watch;
