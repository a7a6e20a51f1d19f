//! samcheck's side of the comparison with its peers (`README.md` beside this file): one flow, one JSON line.
//!
//! `peers CASE DIGITS [BUDGET [GUARD]]` measures, `peers reference CASE DIGITS` prints the final weights, one a line.
//! `DIGITS` may be `f64`. With no case it does nothing, so that a plain `cargo bench` stays short.

#[path = "../common/mod.rs"]
#[allow(dead_code)] // what criterion needs
mod common;

use rug::{Float, Rational};
use samcheck::arith::{Context, Double, Mpfr, bits_for_digits};
use samcheck::expr::Tape;
use samcheck::ode::Outcome;
use samcheck::predict::two_sam::{Solvers, k_of_layers, weights};
use samcheck::run::{Horizon, Path, Watch};
use samcheck::sam::{Clock, Flow, Layers, Setting};
use std::ffi::c_long;
use std::process::ExitCode;

unsafe extern "C" {
    /// Processor time of the process in microseconds (POSIX): a shared machine does not add to it, as it does to a wall
    /// clock.
    safe fn clock() -> c_long;
}

fn cpu_seconds() -> f64 {
    clock() as f64 / 1e6
}

/// Where `s` ends.
const HORIZON: u32 = 10;
/// From here on the reduction takes longer than a second run of the flow: it is the reference below.
const LONG: u32 = 1000;
/// Digits by which a reference goes beyond what is measured.
const BEYOND: u32 = 40;
/// The largest guard tried.
const MAX_GUARD: u32 = 40;

fn case(name: &str) -> Option<(Setting, Layers)> {
    match name {
        "A" => Some(common::case_a()),
        "B" => Some(common::case_b()),
        _ => None,
    }
}

/// The flow from its definition, its formulas built anew, to the layers at the end.
fn solve<C: Context>(ctx: &C, setting: &Setting, start: &Layers) -> (Path<C>, Vec<C::Num>) {
    let horizon = Horizon::S(Rational::from(HORIZON));
    let mut path = Path::solve(ctx, setting, start, &horizon, Watch { leaders: false, clock: false });
    assert!(matches!(path.outcome, Outcome::Reached), "{:?}", path.outcome);
    let end = path.run.trajectory.end().expect("a flow of some length");
    let observed = path.observe(&end).expect("a state in range").expect("a state at the end");
    let last = observed.layers.into_iter().next_back().expect("two layers");
    (path, last)
}

/// Seconds that finding the formulas takes: what `solve` builds before it integrates.
fn setup(setting: &Setting, start: &Layers) -> f64 {
    let once = || {
        let before = cpu_seconds();
        for _ in 0..100 {
            let flow = Flow::new(setting, start, Clock::Rescaled);
            let mode = flow.first_mode();
            let f = flow.formulas(&mode);
            std::hint::black_box(Tape::new(&f.graph, &f.rates));
        }
        (cpu_seconds() - before) / 100.0
    };
    (0..5).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// The final weights to `digits` digits and a few more, and what they are.
fn reference(name: &str, digits: u32) -> Option<(Vec<Float>, &'static str)> {
    let (setting, start) = case(name)?;
    let bits = bits_for_digits(digits + BEYOND);
    if digits >= LONG {
        let (_, end) = solve(&Mpfr::new(bits), &setting, &start);
        return Some((end, "samcheck at 40 more digits"));
    }
    let mu = setting.z.first()?.clone();
    let layers: [Vec<Rational>; 2] = start.try_into().ok()?;
    let s = Rational::from(HORIZON);
    let k = k_of_layers(&mu, &layers, &setting.rho, std::slice::from_ref(&s), &Solvers::new(bits))?;
    let [_, last] = weights(&mu, &layers, &s, &k[0], bits);
    Some((last.into_iter().map(|w| w.value).collect(), "the reduction"))
}

/// The digits that the worst component has right.
fn achieved(w: &[Float], reference: &[Float]) -> f64 {
    let worst = w.iter().zip(reference).map(|(w, r)| {
        let miss = Float::with_val(r.prec(), w - r) / r;
        // In logarithms: beyond 308 digits the error is no f64.
        -Float::with_val(64, miss.abs_ref()).log10().to_f64()
    });
    worst.fold(f64::INFINITY, f64::min)
}

struct Measured {
    seconds: f64,
    achieved: f64,
    steps: usize,
    order: usize,
}

/// Once for the accuracy; where that is `wanted`, again for the least time, for a second or so within the budget.
fn measure<C: Context>(ctx: &C, name: &str, truth: &[Float], wanted: f64, budget: f64) -> Option<Measured> {
    let (setting, start) = case(name)?;
    let began = cpu_seconds();
    let (path, end) = solve(ctx, &setting, &start);
    let mut seconds = cpu_seconds() - began;
    let bits = truth[0].prec();
    let end: Vec<Float> = end.iter().map(|w| ctx.to_float(w, bits)).collect();
    let achieved = achieved(&end, truth);
    let spent = |began: f64| cpu_seconds() - began;
    while achieved >= wanted && spent(began) + seconds < f64::min(budget, f64::max(1.0, 3.5 * seconds)) {
        let before = cpu_seconds();
        std::hint::black_box(solve(ctx, &setting, &start));
        seconds = seconds.min(spent(before));
    }
    let trajectory = &path.run.trajectory;
    Some(Measured { seconds, achieved, steps: trajectory.steps.len(), order: trajectory.stride - 1 })
}

fn compare(name: &str, digits: &str, budget: f64, guard: u32) -> Option<()> {
    let asked: u32 = if digits == "f64" { 15 } else { digits.parse().ok()? };
    let (truth, source) = reference(name, asked)?;
    let (setting, start) = case(name)?;
    let (m, guard) = if digits == "f64" {
        (measure(&Double, name, &truth, 0.0, budget)?, 0)
    } else {
        // As many digits more as the last attempt fell short by.
        let mut guard = guard;
        loop {
            let m = measure(&Mpfr::with_digits(asked + guard), name, &truth, f64::from(asked), budget)?;
            let short = (f64::from(asked) - m.achieved).ceil();
            if short <= 0.0 {
                break (m, guard);
            }
            guard += short as u32;
            if guard > MAX_GUARD {
                return None;
            }
        }
    };
    let line = serde_json::json!({
        "tool": "samcheck", "case": name, "digits": digits, "seconds": m.seconds, "achieved": m.achieved,
        "guard": guard, "steps": m.steps, "order": m.order,
        "setup": setup(&setting, &start), "reference": source,
    });
    println!("{line}");
    Some(())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |i: usize, default: f64| args.get(i).map_or(Some(default), |a| a.parse().ok());
    let done = match args[..] {
        [] => Some(()),
        ["reference", name, digits] => digits.parse().ok().and_then(|digits: u32| {
            let (truth, _) = reference(name, digits)?;
            truth.iter().for_each(|w| println!("{}", w.to_string_radix(10, Some(digits as usize + 10))));
            Some(())
        }),
        [name, digits, ..] => {
            number(2, 60.0).zip(number(3, 0.0)).and_then(|(budget, guard)| compare(name, digits, budget, guard as u32))
        }
        _ => None,
    };
    if done.is_some() {
        return ExitCode::SUCCESS;
    }
    eprintln!("peers CASE(A|B) DIGITS(number|f64) [BUDGET_SECONDS [FIRST_GUARD]] | peers reference CASE DIGITS");
    ExitCode::FAILURE
}
