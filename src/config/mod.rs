//! Experiment files (`samcheck simulate`) and data files (`samcheck verify --data`): TOML in, exact rationals out.
//!
//! Numbers are TOML strings (`"0.6"`, `"1/3"`, `"2.5e-3"`) or integers. A TOML float is refused: its reader has already rounded
//! it. Whatever else is wrong is refused too, with file, line, key and value, before anything runs.
//!
//! | key | default | meaning |
//! |---|---|---|
//! | `data.mu`, or `data.z`, or `data.x` and `data.y` | | the samples; `mu` is one of them with positive entries, in any order |
//! | `network.depth` | | `L`, 1 to 64 |
//! | `sam.norm` | | `none`, `l2`, `linf`, `l2-unnormalised` |
//! | `sam.rho` | 0 where the norm is `none` | at least 0 |
//! | `start.uniform`, or `start.balanced`, or `start.layers` | | the start |
//! | `run.kind` | | `flow` or `algorithm` |
//! | `run.clock` | `steps` for the algorithm | `s`, `t`, `log_t` for the flow |
//! | `run.until` | | horizon, positive: on the clock, or a number of steps |
//! | `run.at`, or `run.every` | `until` alone | the rows: a list, or `from`, `from + every`, ... up to `until` |
//! | `run.from` | 0 | first row of `every`; `log_t` only, where it can be negative |
//! | `run.eta` | | step size of the algorithm |
//! | `run.digits` | 50 | 5 to 100000 |
//!
//! Lists count from 1 in messages, like coordinates in the paper.

mod data;
mod raw;
mod run;
mod source;

pub use source::ConfigError;

use crate::sam::{Layers, Norm, Setting};
use data::Balanced;
use rug::Rational;
use serde_json::{Value, json};
use source::Source;

/// Digits where the file does not say.
pub const DEFAULT_DIGITS: u32 = 50;
/// Fewest digits that can be asked for.
pub const MIN_DIGITS: u32 = 5;
/// Most digits that can be asked for.
pub const MAX_DIGITS: u32 = 100_000;

/// Largest `L`.
const MAX_DEPTH: u64 = 64;

/// The clock of a flow; all of them start at `t = 0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// Rescaled.
    S,
    /// The flow's own.
    T,
    /// `log t`, from minus infinity.
    LogT,
}

impl Clock {
    /// The name used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Clock::S => "s",
            Clock::T => "t",
            Clock::LogT => "log_t",
        }
    }
}

/// What to run, and the rows to report: ascending, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunSpec {
    /// Rows in `[0, until]`; on [`Clock::LogT`] also below 0.
    Flow { clock: Clock, until: Rational, at: Vec<Rational> },
    /// Rows in `0..=steps`.
    Algorithm { eta: Rational, steps: u64, at: Vec<u64> },
}

/// An experiment file, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    pub setting: Setting,
    pub start: Layers,
    pub run: RunSpec,
    pub digits: u32,
}

impl Experiment {
    /// The experiment as it was understood: every number exact, every default said. Layers instead of `uniform` and
    /// `balanced`, `z` instead of `mu` or `x` and `y`, `at` instead of `every`.
    pub fn echo(&self) -> Value {
        let run = match &self.run {
            RunSpec::Flow { clock, until, at } => json!({
                "kind": "flow", "clock": clock.name(), "until": until.to_string(), "digits": self.digits, "at": texts(at),
            }),
            RunSpec::Algorithm { eta, steps, at } => json!({
                "kind": "algorithm", "clock": "steps", "eta": eta.to_string(), "until": steps, "digits": self.digits, "at": at,
            }),
        };
        let grid = |rows: &[Vec<Rational>]| rows.iter().map(|row| texts(row)).collect::<Vec<_>>();
        json!({
            "data": { "z": grid(&self.setting.z) },
            "network": { "depth": self.setting.depth },
            "sam": { "norm": self.setting.norm.name(), "rho": self.setting.rho.to_string() },
            "start": { "layers": grid(&self.start) },
            "run": run,
        })
    }
}

fn texts(row: &[Rational]) -> Vec<String> {
    row.iter().map(Rational::to_string).collect()
}

/// Reads an experiment file; `file_name` is only for messages.
///
/// # Errors
/// Everything that is not an experiment which can be run, see the module.
pub fn parse_experiment(text: &str, file_name: &str) -> Result<Experiment, ConfigError> {
    let source = Source { text, file: file_name };
    let file: raw::ExperimentFile = source.read()?;
    let z = data::rows(&source, &file.data)?;
    let d = z.first().map_or(0, Vec::len);
    let depth = source.integer("network.depth", &file.network.depth, 1, MAX_DEPTH)?;
    let depth = usize::try_from(depth)
        .map_err(|_| source.refuse("network.depth", file.network.depth.span(), "is too large"))?;
    let (norm, rho) = perturbation(&source, &file.sam)?;
    let setting = Setting { z, depth, norm, rho };

    let (start, key, span) = match (&file.start.uniform, &file.start.balanced, &file.start.layers) {
        (uniform, balanced, None) => {
            let (key, span) = match (uniform, balanced) {
                (Some(n), _) => ("start.uniform", n.span()),
                (_, Some(row)) => ("start.balanced", row.span()),
                _ => ("start", 0..0),
            };
            let alpha = match data::balanced(&source, uniform.as_ref(), balanced.as_ref(), d)? {
                Some(Balanced::Uniform(value)) => vec![value; d],
                Some(Balanced::Each(values)) => values,
                None => return Err(source.missing("start", "give exactly one of uniform, balanced, layers")),
            };
            (setting.balanced(&alpha), key, span)
        }
        (None, None, Some(rows)) => (data::layers(&source, rows, depth, d)?, "start.layers", rows.span()),
        (_, _, Some(rows)) => {
            let why = "not the only start: give exactly one of uniform, balanced, layers";
            return Err(source.refuse("start.layers", rows.span(), why));
        }
    };
    if setting.gradient_vanishes(&start) {
        return Err(source.refuse(key, span, "the gradient at the start is zero: nothing would ever move"));
    }
    let run = run::run_spec(&source, &file.run)?;
    let digits = match &file.run.digits {
        None => DEFAULT_DIGITS,
        Some(n) => {
            let value = source.integer("run.digits", n, MIN_DIGITS.into(), MAX_DIGITS.into())?;
            u32::try_from(value).map_err(|_| source.refuse("run.digits", n.span(), "is too large"))?
        }
    };
    Ok(Experiment { setting, start, run, digits })
}

fn perturbation(source: &Source, sam: &raw::Sam) -> Result<(Norm, Rational), ConfigError> {
    let names = [Norm::None, Norm::L2, Norm::Linf, Norm::L2Unnormalised];
    let Some(norm) = names.into_iter().find(|norm| norm.name() == sam.norm.get_ref()) else {
        let why = "must be \"none\", \"l2\", \"linf\" or \"l2-unnormalised\"";
        return Err(source.refuse("sam.norm", sam.norm.span(), why));
    };
    let rho = match &sam.rho {
        Some(n) => source.not_negative("sam.rho", n)?,
        None if norm == Norm::None => Rational::new(),
        None => return Err(source.missing("sam.rho", format!("norm = \"{}\" needs its radius", norm.name()))),
    };
    Ok((norm, rho))
}

/// A start of `verify --data`: positive, every layer the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserStart {
    Uniform(Rational),
    Balanced(Vec<Rational>),
}

impl UserStart {
    /// `alpha`, for `d` coordinates.
    pub fn alpha(&self, d: usize) -> Vec<Rational> {
        match self {
            UserStart::Uniform(value) => vec![value.clone(); d],
            UserStart::Balanced(values) => values.clone(),
        }
    }
}

/// A data file, checked: the user's own data for the theorems that apply to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserData {
    /// `z_n`, separable.
    pub z: Vec<Vec<Rational>>,
    /// Whether there is one sample only, given as `mu` or as a `z` of one row (whose entries need not be positive).
    pub single: bool,
    /// Where given, `rho >= 0`.
    pub rho: Option<Rational>,
    pub start: Option<UserStart>,
}

/// Reads a data file: `[data]` as in an experiment, and optionally `[start]` with `uniform` or `balanced`, `[sam]` with `rho`.
///
/// # Errors
/// What [`parse_experiment`] refuses of these tables, and a start that is not positive.
pub fn parse_data(text: &str, file_name: &str) -> Result<UserData, ConfigError> {
    let source = Source { text, file: file_name };
    let file: raw::DataFile = source.read()?;
    let z = data::rows(&source, &file.data)?;
    let d = z.first().map_or(0, Vec::len);
    let rho = file.sam.and_then(|sam| sam.rho).map(|n| source.not_negative("sam.rho", &n)).transpose()?;
    let start = match &file.start {
        None => None,
        Some(table) => match data::balanced(&source, table.uniform.as_ref(), table.balanced.as_ref(), d)? {
            None => return Err(source.missing("start", "give uniform or balanced, or leave [start] out")),
            Some(start) => {
                let uniform = table.uniform.iter().map(|n| ("start.uniform".to_owned(), n));
                let each = table.balanced.iter().flat_map(|row| row.get_ref().iter().enumerate());
                let each = each.map(|(j, n)| (format!("start.balanced[{}]", j + 1), n));
                for (key, n) in uniform.chain(each) {
                    source.positive(&key, n)?;
                }
                Some(match start {
                    Balanced::Uniform(value) => UserStart::Uniform(value),
                    Balanced::Each(values) => UserStart::Balanced(values),
                })
            }
        },
    };
    Ok(UserData { single: z.len() == 1, z, rho, start })
}
