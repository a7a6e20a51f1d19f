//! What to run and where to look: clocks, horizons, rows.

use super::raw::{Number, Run};
use super::source::{ConfigError, Source};
use super::{Clock, RunSpec};
use rug::{Integer, Rational};
use toml::Spanned;

/// Most rows of one run.
const MAX_ROWS: usize = 100_000;
/// Most steps of the algorithm.
const MAX_STEPS: u64 = 1_000_000_000;

/// The `[run]` table without `digits`.
pub(super) fn run_spec(source: &Source, run: &Run) -> Result<RunSpec, ConfigError> {
    match run.kind.get_ref().as_str() {
        "flow" => flow(source, run),
        "algorithm" => algorithm(source, run),
        _ => Err(source.refuse("run.kind", run.kind.span(), "must be \"flow\" or \"algorithm\"")),
    }
}

fn flow(source: &Source, run: &Run) -> Result<RunSpec, ConfigError> {
    if let Some(eta) = &run.eta {
        return Err(source.refuse("run.eta", eta.span(), "a flow has no step size: only kind = \"algorithm\" has"));
    }
    let Some(name) = &run.clock else {
        return Err(source.missing("run.clock", "a flow needs one of \"s\", \"t\", \"log_t\""));
    };
    let clock = match name.get_ref().as_str() {
        "s" => Clock::S,
        "t" => Clock::T,
        "log_t" => Clock::LogT,
        _ => return Err(source.refuse("run.clock", name.span(), "the clock of a flow is \"s\", \"t\" or \"log_t\"")),
    };
    let until = source.positive("run.until", &run.until)?;
    let at = rows(source, run, &until, clock == Clock::LogT)?;
    Ok(RunSpec::Flow { clock, until, at })
}

fn algorithm(source: &Source, run: &Run) -> Result<RunSpec, ConfigError> {
    if let Some(clock) = &run.clock
        && clock.get_ref() != "steps"
    {
        return Err(source.refuse("run.clock", clock.span(), "the clock of the algorithm is \"steps\""));
    }
    let Some(eta) = &run.eta else {
        return Err(source.missing("run.eta", "the algorithm needs its step size, such as eta = \"1/100\""));
    };
    let eta = source.positive("run.eta", eta)?;
    let steps = source.integer("run.until", &run.until, 1, MAX_STEPS)?;
    if let Some(every) = &run.every {
        source.integer("run.every", every, 1, MAX_STEPS)?;
    }
    let listed = run.at.iter().flat_map(|at| at.get_ref()).enumerate();
    for (i, n) in listed {
        source.integer(&format!("run.at[{}]", i + 1), n, 0, steps)?;
    }
    let at = rows(source, run, &Rational::from(steps), false)?;
    Ok(RunSpec::Algorithm { eta, steps, at: at.iter().filter_map(|k| k.numer().to_u64()).collect() })
}

/// The rows asked for, ascending, each once. Below 0 only where the clock is a logarithm.
fn rows(source: &Source, run: &Run, until: &Rational, logarithm: bool) -> Result<Vec<Rational>, ConfigError> {
    if let Some(from) = &run.from {
        if !logarithm {
            return Err(source.refuse(
                "run.from",
                from.span(),
                "only clock = \"log_t\" has a `from`: others start at 0",
            ));
        }
        if run.every.is_none() {
            return Err(source.refuse("run.from", from.span(), "run.every is missing: `from` is where its rows begin"));
        }
    }
    match (&run.at, &run.every) {
        (None, None) => Ok(vec![until.clone()]),
        (Some(_), Some(every)) => {
            Err(source.refuse("run.every", every.span(), "run.at is given too: give one of them, or none"))
        }
        (Some(at), None) => listed(source, run, at, until, logarithm),
        (None, Some(every)) => regular(source, run, every, until),
    }
}

fn listed(
    source: &Source,
    run: &Run,
    at: &Spanned<Vec<Number>>,
    until: &Rational,
    logarithm: bool,
) -> Result<Vec<Rational>, ConfigError> {
    if at.get_ref().len() > MAX_ROWS {
        return Err(source.refuse("run.at", at.span(), format!("more than {MAX_ROWS} rows")));
    }
    let mut rows = source.list("run.at", at)?;
    for (i, (row, n)) in rows.iter().zip(at.get_ref()).enumerate() {
        let key = format!("run.at[{}]", i + 1);
        if row > until {
            return Err(source.refuse(&key, n.span(), format!("is beyond run.until = {}", source.written(&run.until))));
        }
        if *row < 0 && !logarithm {
            return Err(source.refuse(&key, n.span(), "is before the start, 0; only log_t can be negative"));
        }
    }
    rows.sort();
    rows.dedup();
    Ok(rows)
}

fn regular(source: &Source, run: &Run, every: &Number, until: &Rational) -> Result<Vec<Rational>, ConfigError> {
    let step = source.positive("run.every", every)?;
    let first = match &run.from {
        None => Rational::new(),
        Some(from) => {
            let first = source.number("run.from", from)?;
            if first > *until {
                return Err(source.refuse(
                    "run.from",
                    from.span(),
                    format!("is beyond run.until = {}", source.written(&run.until)),
                ));
            }
            first
        }
    };
    let last = (Rational::from(until - &first) / &step).floor();
    match last.numer().to_usize() {
        Some(last) if last < MAX_ROWS => {
            Ok((0..=last).map(|k| Rational::from(&step * &Integer::from(k)) + &first).collect())
        }
        _ => {
            let why = format!("gives more than {MAX_ROWS} rows up to run.until = {}", source.written(&run.until));
            Err(source.refuse("run.every", every.span(), why))
        }
    }
}
