//! The command line.

/// `println!` that minds no reader who has gone (`samcheck list | head -1`).
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

mod verify;

use clap::{Parser, Subcommand, ValueEnum};
use samcheck::config;
use samcheck::report::{diff, exit, schema, write};
use samcheck::{simulate, theorems};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks, in arbitrary precision, the theorems about where Sharpness-Aware Minimization takes a linear diagonal network.
#[derive(Parser)]
#[command(name = "samcheck", version = concat!(env!("CARGO_PKG_VERSION"), " (", env!("SAMCHECK_COMMIT"), ")"))]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Verify theorems: a line and a JSON report for each, and summary.json.
    ///
    /// Exit: 0 all PASS, 1 a FAIL, 2 bad usage or input, 3 INCONCLUSIVE or incomplete, 4 a control did not fire.
    Verify(verify::Args),
    /// List the theorems.
    List,
    /// Say what is checked of a theorem, under which hypotheses, and where it is derived.
    Explain {
        /// A theorem of `samcheck list`.
        id: String,
    },
    /// Follow a flow or the algorithm, as an experiment file says; JSON to stdout or to a file.
    Simulate {
        /// The experiment (TOML; see the README).
        experiment: PathBuf,
        /// Write the JSON here instead of to stdout.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Also write the rows as CSV.
        #[arg(long)]
        csv: Option<PathBuf>,
        /// Say on stderr what it took: steps, order, convolutions a Taylor coefficient.
        #[arg(long)]
        stats: bool,
    },
    /// Compare the evidence of two runs of `verify`; exit 1 when it differs.
    Diff { run_a: PathBuf, run_b: PathBuf },
    /// Print the JSON Schema of everything this program writes.
    Schema,
}

/// How much to run.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ProfileName {
    Quick,
    Paper,
    Long,
}

/// Arithmetic of the observed side.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ArithName {
    Mpfr,
    Bigfloat,
    F64,
}

/// What went wrong before or beside the mathematics, for people.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    #[error(transparent)]
    Write(#[from] write::WriteError),
    #[error(transparent)]
    Diff(#[from] diff::DiffError),
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Usage(String),
}

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Verify(args) => verify::run(&args),
        Command::List => {
            list();
            Ok(exit::PASS)
        }
        Command::Explain { id } => explain(&id),
        Command::Simulate { experiment, out, csv, stats } => {
            run_experiment(&experiment, out.as_deref(), csv.as_deref(), stats)
        }
        Command::Diff { run_a, run_b } => diff::diff(&run_a, &run_b).map_err(Failure::from).map(|d| {
            print!("{d}");
            if d.is_empty() { exit::PASS } else { exit::FAIL }
        }),
        Command::Schema => print_json(&schema::json_schema()),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("samcheck: {failure}");
            ExitCode::from(exit::USAGE)
        }
    }
}

fn print_json<T: serde::Serialize>(value: &T) -> Result<u8, Failure> {
    say!("{}", serde_json::to_string_pretty(value)?);
    Ok(exit::PASS)
}

fn list() {
    for t in theorems::ALL {
        say!("{:10}  {}  [{:?}, {}]", t.id, t.title, t.basis, t.page);
    }
}

fn unknown(id: &str) -> Failure {
    let names: Vec<&str> = theorems::ALL.iter().map(|t| t.id).collect();
    Failure::Usage(format!("no theorem is called \"{id}\"; there are {}", names.join(", ")))
}

fn explain(id: &str) -> Result<u8, Failure> {
    let t = theorems::find(id).ok_or_else(|| unknown(id))?;
    say!("{}: {}\n\n{}\n\nHypotheses:", t.id, t.title, t.statement);
    for h in t.hypotheses {
        say!("  - {h}");
    }
    say!("\nBasis: {:?}. Derivation, remainder bounds, and what is not checked: {}", t.basis, t.page);
    match t.prediction_proof() {
        Some(proof) => say!("Machine-checked (how much: proofs/README.md): {proof}"),
        None => say!("Machine-checked: nothing of this page"),
    }
    Ok(exit::PASS)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|source| Failure::Read { path: path.to_owned(), source })
}

fn run_experiment(file: &Path, out: Option<&Path>, csv: Option<&Path>, stats: bool) -> Result<u8, Failure> {
    let experiment = config::parse_experiment(&read(file)?, &file.display().to_string())?;
    let (simulation, taken) = simulate::simulate_with_stats(&experiment);
    if stats {
        taken.iter().for_each(|run| eprint!("{run}"));
    }
    if let Some(path) = csv {
        write::atomically(path, |w| simulation.write_csv(w))?;
    }
    match out {
        Some(path) => {
            write::json(path, &simulation)?;
            Ok(exit::PASS)
        }
        None if csv.is_some() => Ok(exit::PASS),
        None => print_json(&simulation),
    }
}
