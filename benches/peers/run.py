#!/usr/bin/env python3
"""Measures samcheck and its peers side by side and writes the tables of README.md to standard output.

What it needs beyond the standard library goes to a scratch directory: a virtual environment with mpmath, gmpy2 and
heyoka from PyPI, and the C programs. A tool that cannot be had is named, and left out.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLUMNS = ["f64", "15", "30", "50", "100", "300", "1000", "3000"]
PACKAGES = ["mpmath", "gmpy2", "heyoka"]
# A cell that takes longer than this many seconds is measured once: the noise matters less, and the rounds end.
ONCE = 5
C_PROGRAMS = ["taylor_mpfr", "taylor_mpn"]


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def output(command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def build_samcheck():
    """The bench's executable, and where cargo put the GMP and MPFR it links."""
    command = ["cargo", "build", "-j1", "--release", "--bench", "peers", "--message-format=json"]
    executable, libraries = None, None
    for line in output(command, cwd=ROOT).splitlines():
        message = json.loads(line)
        target = message.get("target", {}).get("name")
        if message.get("executable") and target == "peers":
            executable = message["executable"]
        if message["reason"] == "build-script-executed" and "gmp-mpfr-sys" in message["package_id"]:
            libraries = pathlib.Path(message["out_dir"])
    return executable, libraries


def build_c(scratch, libraries):
    """name -> executable, linked to the library that samcheck uses, or else to the system's."""
    lib, include = libraries / "lib", libraries / "include"
    if (lib / "libmpfr.a").exists():
        link, origin = [f"-I{include}", lib / "libmpfr.a", lib / "libgmp.a"], "the GMP and MPFR that samcheck links"
    else:
        link, origin = ["-lmpfr", "-lgmp"], "the system's GMP and MPFR"
    built = {}
    for name in C_PROGRAMS:
        to = scratch / name
        command = ["cc", "-O3", "-march=native", "-std=gnu11", HERE / f"{name}.c", "-o", to, *link, "-lm"]
        try:
            output(command)
            built[name] = to
        except (OSError, subprocess.CalledProcessError) as error:
            say(f"{name}: not built ({error})")
    return built, origin


def install(scratch):
    """The virtual environment's Python, and package -> version for what could be installed."""
    python = scratch / "venv" / "bin" / "python"
    if not python.exists():
        output([sys.executable, "-m", "venv", scratch / "venv"])
    for package in PACKAGES:
        quiet = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:"]
        try:
            output([python, *quiet, package])
        except subprocess.CalledProcessError:
            say(f"{package}: not installed")
    listed = json.loads(output([python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]))
    return python, {p["name"]: p["version"] for p in listed if p["name"] in PACKAGES}


def has_assembly(libraries):
    """Whether GMP has its own assembly (a fat build has a table of processors)."""
    archive = libraries / "lib" / "libgmp.a"
    return b"__gmpn_cpuvec" in archive.read_bytes() if archive.exists() else None


class Bench:
    def __init__(self, tools, samcheck, scratch, budget):
        self.tools, self.samcheck, self.scratch, self.budget = tools, samcheck, scratch, budget
        self.best, self.failed, self.references = {}, set(), set()

    def reference(self, case, digits):
        asked = "15" if digits == "f64" else digits
        path = self.scratch / f"reference-{case}-{asked}"
        if path not in self.references:
            path.write_text(output([self.samcheck, "reference", case, asked]))
            self.references.add(path)
        return path

    def is_hopeless(self, tool, case, digits):
        """What failed with fewer digits fails with more; from 100 on the work grows at least with their square."""
        for fewer in COLUMNS[1 : COLUMNS.index(digits) + 1]:
            if (tool, case, fewer) in self.failed:
                return True
            known = self.best.get((tool, case, fewer))
            growth = (int(digits) / int(fewer)) ** 2 if int(fewer) >= 100 else 1
            if known and known["seconds"] * growth > self.budget and fewer != digits:
                return True
        return False

    def run(self, tool, case, digits):
        key = (tool, case, digits)
        if digits != "f64" and self.is_hopeless(tool, case, digits):
            return
        before = self.best.get(key)
        if before and before["seconds"] > ONCE:
            return
        guard = str(before["guard"] if before else 0)
        command, with_reference = self.tools[tool]
        where = [self.reference(case, digits)] if with_reference else []
        command = [*command, case, digits, *where, str(self.budget), guard]
        try:
            # Beside the run that counts: another for the guard, compiling, samcheck's own reference, other work.
            answer = json.loads(output(command, timeout=6 * self.budget + 30))
        except (subprocess.SubprocessError, ValueError) as error:
            say(f"{tool} {case} {digits}: {type(error).__name__}")
            answer = None
        if answer is None:
            self.failed.add(key)
            return
        say(f"{tool} {case} {digits}: {answer['seconds']:.3g} s, {answer['achieved']:.1f} digits, guard {answer['guard']}")
        if before is None or answer["seconds"] < before["seconds"]:
            self.best[key] = answer


def pretty(seconds):
    for unit, name in [(1, "s"), (1e-3, "ms"), (1e-6, "µs")]:
        if seconds >= unit or name == "µs":
            return f"{seconds / unit:.3g} {name}" if seconds / unit < 1000 else f"{seconds / unit:.0f} {name}"


def table(bench, tools, cases, columns, cell):
    lines = ["| case | tool | " + " | ".join(columns) + " |", "|---|---|" + "--:|" * len(columns)]
    for case in cases:
        for tool in tools:
            cells = [cell(bench.best, tool, case, digits) for digits in columns]
            lines.append(f"| {case} | {tool} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def seconds(best, tool, case, digits):
    answer = best.get((tool, case, digits))
    return pretty(answer["seconds"]) if answer else "-"


def ratio(best, tool, case, digits):
    answer, own = best.get((tool, case, digits)), best.get(("samcheck", case, digits))
    return f"{answer['seconds'] / own['seconds']:.2g}" if answer and own else "-"


def detail(best, tool, case, digits):
    answer = best.get((tool, case, digits))
    if not answer:
        return "-"
    steps = f", {answer['steps']} × {answer['order']}" if answer["steps"] else ""
    return f"{int(answer['achieved'] * 10) / 10}{steps}"


def setup(best, tool, case, digits):
    answer = best.get((tool, case, digits))
    return pretty(answer["setup"]) if answer and "setup" in answer else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scratch", type=pathlib.Path, default=pathlib.Path("/tmp/samcheck-peers"))
    parser.add_argument("--budget", type=float, default=60, help="seconds of processor that one integration may take")
    parser.add_argument("--rounds", type=int, default=2, help="how often each cell is measured; the least time counts")
    parser.add_argument("--digits", nargs="+", choices=COLUMNS, default=COLUMNS)
    parser.add_argument("--cases", nargs="+", choices=["A", "B"], default=["A", "B"])
    options = parser.parse_args()
    options.scratch.mkdir(parents=True, exist_ok=True)
    samcheck, libraries = build_samcheck()
    python, versions = install(options.scratch)
    programs, origin = build_c(options.scratch, libraries)
    tools = {"samcheck": ([samcheck], False)}
    if "taylor_mpfr" in programs:
        tools["C + MPFR"] = ([programs["taylor_mpfr"]], True)
    if "taylor_mpn" in programs:
        tools["C + mpn"] = ([programs["taylor_mpn"]], True)
    if {"heyoka", "mpmath"} <= versions.keys():
        tools["heyoka"] = ([python, "-B", HERE / "heyoka_real.py"], True)
    if "mpmath" in versions:
        tools["mpmath odefun"] = ([python, "-B", HERE / "mpmath_odefun.py"], True)
    bench = Bench(tools, samcheck, options.scratch, options.budget)
    columns = [d for d in COLUMNS if d in options.digits]
    for _ in range(options.rounds):
        for digits in columns:
            for case in options.cases:
                for tool in tools:
                    alone = digits == "3000" and tool != "samcheck"
                    without = digits == "f64" and tool not in ("samcheck", "heyoka")
                    if not (alone or without):
                        bench.run(tool, case, digits)
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    load = "/".join(f"{x:.1f}" for x in os.getloadavg())
    commit = output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT).strip()
    assembly = {True: "with", False: "without", None: "of unknown build, perhaps without"}[has_assembly(libraries)]
    print(f"{time.strftime('%Y-%m-%d')}, commit {commit}; {model[0] if model else platform.machine()}, "
          f"{os.cpu_count()} cores, load at the end {load}; {output(['rustc', '--version']).strip()}; "
          f"samcheck's GMP {assembly} assembly; C: {output(['cc', '--version']).splitlines()[0]}, {origin}; "
          f"Python {platform.python_version()}: {', '.join(f'{n} {v}' for n, v in versions.items())}.")
    missing = [p for p in PACKAGES if p not in versions] + [p for p in C_PROGRAMS if p not in programs]
    if missing:
        print(f"Not to be had: {', '.join(missing)}.")
    for title, cell in [("Seconds of processor", seconds), ("Time over samcheck's", ratio),
                        ("Digits achieved, steps × order", detail),
                        ("Set-up: heyoka's compiling, not counted above, and samcheck's search for the formulas, which is", setup)]:
        shown = ["samcheck", "heyoka"] if cell is setup else list(tools)
        print(f"\n{title}:\n\n" + table(bench, [t for t in shown if t in tools], options.cases, columns, cell))


if __name__ == "__main__":
    main()
