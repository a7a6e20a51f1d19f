//! `samcheck verify`.

use super::{ArithName, Failure, ProfileName, read, unknown};
use clap::Parser;
use rayon::prelude::*;
use samcheck::check::{Arithmetic, Plan, TheoremResult};
use samcheck::config;
use samcheck::report::schema::{Report, Summary, SummaryRow};
use samcheck::report::{RunBlock, exit, schema, table, write};
use samcheck::theorems::{self, Prepared, Profile, Scope, Theorem};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Instant, SystemTime};

#[derive(Parser)]
pub struct Args {
    /// Theorems of `samcheck list`; all without one.
    ids: Vec<String>,
    /// Verify the theorems that apply on the user's own data (TOML: `[data]`, `[start]`, `[sam] rho`).
    #[arg(long, value_name = "FILE.toml")]
    data: Option<PathBuf>,
    /// Decimal digits asked (5 to 100000; mpfr 50, bigfloat 30, f64 12 by default, which for the last two is also the most).
    #[arg(long)]
    digits: Option<u32>,
    /// How many instances.
    #[arg(long, value_enum, default_value = "paper")]
    profile: ProfileName,
    /// Arithmetic of the observed side.
    #[arg(long, value_enum, default_value = "mpfr")]
    arith: ArithName,
    /// Threads; as many as processors without it. The evidence does not depend on it.
    #[arg(long)]
    jobs: Option<usize>,
    /// Directory of the reports.
    #[arg(long, default_value = "results/latest")]
    out: PathBuf,
    /// Only this instance of each theorem, as its number in a report says.
    #[arg(long)]
    instance: Option<usize>,
}

/// The run as it was planned.
struct Planned {
    scope: Scope,
    theorems: Vec<Prepared>,
    /// Theorems the user's data do not meet, with the hypothesis.
    skipped: Vec<(&'static Theorem, String)>,
}

fn plan(args: &Args) -> Result<Planned, Failure> {
    let arithmetic = match args.arith {
        ArithName::Mpfr => Arithmetic::Mpfr,
        ArithName::Bigfloat => Arithmetic::BigFloat,
        ArithName::F64 => Arithmetic::Double,
    };
    let digits = args.digits.unwrap_or(arithmetic.default_digits());
    if digits < 5 || digits > arithmetic.max_digits() {
        let (name, most) = (arithmetic.name(), arithmetic.max_digits());
        return Err(Failure::Usage(format!("--digits {digits}: {name} takes 5 to {most}")));
    }
    let user = match &args.data {
        Some(file) => Some(config::parse_data(&read(file)?, &file.display().to_string())?),
        None => None,
    };
    let scope = Scope {
        plan: Plan { digits, arithmetic, amplification: 0, forced: None },
        profile: match args.profile {
            ProfileName::Quick => Profile::Quick,
            ProfileName::Paper => Profile::Paper,
            ProfileName::Long => Profile::Long,
        },
        instance: args.instance,
        user,
    };
    let mut asked: Vec<&'static Theorem> = if args.ids.is_empty() {
        theorems::ALL.iter().collect()
    } else {
        args.ids.iter().map(|id| theorems::find(id).ok_or_else(|| unknown(id))).collect::<Result<_, _>>()?
    };
    let mut seen = std::collections::BTreeSet::new();
    asked.retain(|t| seen.insert(t.id));
    let (mut theorems, mut skipped) = (Vec::new(), Vec::new());
    let prepared: Vec<_> = asked.into_par_iter().with_max_len(1).map(|t| (t, t.prepare(&scope))).collect();
    for (t, prepared) in prepared {
        match prepared {
            Err(missing) => skipped.push((t, missing)),
            Ok(prepared) => match (args.instance, prepared.instances()) {
                (Some(k), count) if k == 0 || k > count => {
                    return Err(Failure::Usage(format!("--instance {k}: {} has instances 1 to {count}", t.id)));
                }
                _ => theorems.push(prepared),
            },
        }
    }
    if theorems.is_empty() {
        let why: Vec<String> = skipped.iter().map(|(t, why)| format!("{}: {why}", t.id)).collect();
        return Err(Failure::Usage(format!("no theorem asked for applies to these data. {}", why.join(". "))));
    }
    Ok(Planned { scope, theorems, skipped })
}

/// What a repetition of this run needs on its command line.
fn options(args: &Args, scope: &Scope) -> String {
    let mut out = format!("--digits {} --profile {}", scope.plan.digits, scope.profile.name());
    if scope.plan.arithmetic != Arithmetic::Mpfr {
        out += &format!(" --arith {}", scope.plan.arithmetic.name());
    }
    if let Some(file) = &args.data {
        out += &format!(" --data {}", file.display());
    }
    out
}

/// A theorem's result as it comes from the threads.
struct Verified {
    number: usize,
    result: TheoremResult,
    /// From its first instance to its last; other theorems may have shared the threads.
    wall_ms: u128,
}

/// Verifies theorems side by side, so that no thread waits for the last instance of one of them, and hands the results
/// over as they come. After an interruption, or a failure of `report`, no further theorem is begun.
fn each_verified(
    theorems: Vec<Prepared>,
    scope: &Scope,
    interrupted: &AtomicBool,
    mut report: impl FnMut(Verified) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let failed = AtomicBool::new(false);
    let verify = |sender: &mut mpsc::Sender<Verified>, (number, prepared): (usize, Prepared)| {
        if interrupted.load(Ordering::SeqCst) || failed.load(Ordering::SeqCst) {
            return;
        }
        let start = Instant::now();
        let result = prepared.verify(scope);
        // The receiver outlives the threads.
        let _ = sender.send(Verified { number, result, wall_ms: start.elapsed().as_millis() });
    };
    let (sender, receiver) = mpsc::channel();
    let mut outcome = Ok(());
    std::thread::scope(|threads| {
        threads.spawn(|| theorems.into_par_iter().enumerate().with_max_len(1).for_each_with(sender, verify));
        for verified in receiver {
            if outcome.is_ok() {
                outcome = report(verified);
                failed.store(outcome.is_err(), Ordering::SeqCst);
            }
        }
    });
    outcome
}

pub fn run(args: &Args) -> Result<u8, Failure> {
    let started = SystemTime::now();
    let clock = Instant::now();
    if args.jobs == Some(0) {
        return Err(Failure::Usage("--jobs 0: at least 1".into()));
    }
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build_global()
        .map_err(|e| Failure::Usage(format!("--jobs {jobs}: {e}")))?;
    let Planned { scope, theorems, skipped } = plan(args)?;
    // Before the long work: a place that cannot be written is found out now.
    write::directory(&args.out)?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = interrupted.clone();
    ctrlc::set_handler(move || {
        // The second Ctrl-C does not wait for the theorems in work.
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(exit::INCONCLUSIVE));
        }
    })
    .map_err(|e| Failure::Usage(format!("cannot watch for Ctrl-C: {e}")))?;

    let block = |wall_ms| RunBlock::new(std::env::args().collect(), jobs, started, wall_ms);
    if !block(0).assembly {
        eprintln!("samcheck: GMP was built without assembly (no m4): slower, same results; install m4 and rebuild");
    }
    let columns = table::Columns::for_all(theorems.iter().map(|t| (t.theorem.id, t.theorem.title)));
    let options = options(args, &scope);
    let show_progress = std::io::stderr().is_terminal();
    for (t, why) in &skipped {
        say!("skip  {}: does not apply to these data: {why}", t.id);
    }
    let count = theorems.len();
    // Reports are written as they come, lines are printed in the order of the theorems.
    let mut results: Vec<TheoremResult> = Vec::new();
    let mut waiting: BTreeMap<usize, (String, TheoremResult)> = BTreeMap::new();
    each_verified(theorems, &scope, &interrupted, |Verified { number, result, wall_ms }| {
        write::json(&args.out.join(format!("{}.json", result.id)), &Report::from_result(&result, block(wall_ms)))?;
        if show_progress {
            eprint!("\r\x1b[K");
        }
        waiting.insert(number, (table::theorem(&result, wall_ms, columns, &options), result));
        while let Some((line, result)) = waiting.remove(&results.len()) {
            say!("{line}");
            results.push(result);
        }
        if show_progress {
            eprint!("\r\x1b[K{}/{count} ...", results.len() + waiting.len());
        }
        Ok(())
    })?;
    if show_progress {
        eprint!("\r\x1b[K");
    }
    // After an interruption: those that finished out of turn.
    for (line, result) in waiting.into_values() {
        say!("{line}");
        results.push(result);
    }
    let stopped = interrupted.load(Ordering::SeqCst);
    let complete = results.len() == count;
    let code = exit::code(&results, complete, stopped);
    let summary = Summary {
        schema: schema::SUMMARY.into(),
        complete,
        interrupted: stopped,
        digits: scope.plan.digits,
        profile: scope.profile.name().into(),
        arithmetic: scope.plan.arithmetic.name().into(),
        theorems: results.iter().map(SummaryRow::of).collect(),
        exit_code: code,
        run: block(clock.elapsed().as_millis()),
    };
    write::json(&args.out.join("summary.json"), &summary)?;
    let findings = table::findings(&results);
    if !findings.is_empty() {
        say!("{findings}");
    }
    say!("{}", table::totals(&results));
    Ok(code)
}
