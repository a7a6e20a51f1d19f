//! Facts about this build for the `run` block of reports: commit, compiler, libraries, and whether GMP has its assembly.

use std::path::Path;
use std::process::Command;

/// Libraries whose version can change a report.
const LIBRARIES: [&str; 4] = ["rug", "gmp-mpfr-sys", "num-bigfloat", "libm"];

/// First line of what a command prints, if it succeeds.
fn output(program: &str, args: &[&str]) -> Option<String> {
    let out = Command::new(program).args(args).output().ok().filter(|out| out.status.success())?;
    Some(String::from_utf8_lossy(&out.stdout).lines().next().unwrap_or_default().to_owned())
}

/// The commit, `unknown` outside a clone (a package may lie inside somebody else's repository).
fn commit() -> String {
    let ours = output("git", &["ls-files", "--error-unmatch", "build.rs"]).is_some();
    let commit = if ours { output("git", &["rev-parse", "HEAD"]) } else { None };
    commit.unwrap_or_else(|| "unknown".to_owned())
}

/// `rug 1.30.0, ...` as locked.
fn libraries() -> String {
    let lock = std::fs::read_to_string("Cargo.lock").unwrap_or_default();
    let version = |name: &str| {
        let start = format!("name = \"{name}\"\nversion = \"");
        let found = lock.split(start.as_str()).nth(1).and_then(|rest| rest.split('"').next());
        format!("{name} {}", found.unwrap_or("unknown"))
    };
    LIBRARIES.map(version).join(", ")
}

/// Whether the GMP that was linked has its assembly: it then holds functions that have no C version. `DEP_GMP_LIB_DIR`
/// comes from the build script of gmp-mpfr-sys, which may have taken the library from its cache.
fn gmp_has_assembly() -> bool {
    let marker = b"__gmpn_addlsh1_n";
    let library = std::env::var_os("DEP_GMP_LIB_DIR").map(|dir| Path::new(&dir).join("libgmp.a"));
    let bytes = library.and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
    bytes.windows(marker.len()).any(|window| window == marker)
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.lock");
    // `HEAD` changes with the branch, its log with every commit.
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = output("git", &["rev-parse", "--git-path", name]).filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let rustc = output(&rustc, &["--version"]).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=SAMCHECK_COMMIT={}", commit());
    println!("cargo::rustc-env=SAMCHECK_RUSTC={rustc}");
    println!("cargo::rustc-env=SAMCHECK_LIBRARIES={}", libraries());
    println!("cargo::rustc-env=SAMCHECK_ASSEMBLY={}", gmp_has_assembly());
}
