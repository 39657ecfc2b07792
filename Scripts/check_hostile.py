#!/usr/bin/env python3
"""Run every command on programs that ask for a lot, and hold it to its limits.

usage: check_hostile.py BINARY [FOLDER] [--seconds 10] [--megabytes 48] [--factor 200] [--table]

BINARY is a release build of `swiftfx`. FOLDER holds archives and texts: Tests/CommandTests/Fixtures/hostile unless given,
or what large_programs.py writes. Each command must end with exit code 0, 1, 64 or 65 within this processor time and this
resident memory: so many megabytes, and so many bytes for each byte of the file. No program may differ from itself.
Prints a line for each command that fails, then the slowest and the largest, or a table of those of each program; exits
with 1 when a command failed.
"""
import argparse, os, pathlib, resource, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMANDS = [
    "propagate MODEL", "propagate MODEL --keep-going --all", "propagate MODEL --keep-going --json",
    "propagate MODEL --keep-going --sarif", "explain MODEL --all", "explain MODEL --json", "show MODEL", "check MODEL",
    "check MODEL --emit c", "check MODEL --emit python", "check MODEL --emit swift", "show MODEL --constraints dim",
    "show MODEL --constraints jax", "memory MODEL", "memory MODEL --json", "transform MODEL --dry-run",
    "transform MODEL --pass runtime-asserts --pass cse --pass no-ops --force --output OUT",
    "transform MODEL --pass decompose --pass canonicalize --force --output OUT",
    "report MODEL --force --output PAGE", "diff MODEL MODEL",
]


def run(arguments, seconds):
    """The exit code or minus the signal, the seconds of processor time, and the megabytes."""
    process = os.fork()
    if process == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in range(3): os.dup2(quiet, stream)
        os.execv(arguments[0], arguments)
    _, status, used = os.wait4(process, 0)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / unit


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("binary")
    p.add_argument("folder", nargs="?", default=ROOT / "Tests/CommandTests/Fixtures/hostile", type=pathlib.Path)
    p.add_argument("--seconds", type=int, default=10)
    p.add_argument("--megabytes", type=int, default=48)
    p.add_argument("--factor", type=int, default=200)
    p.add_argument("--table", action="store_true")
    a = p.parse_args()
    programs = sorted(f for f in a.folder.iterdir() if f.suffix in (".pt2", ".txt"))
    if not programs: sys.exit(f"{a.folder} holds no programs")
    extremes, failures = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for program in programs:
            size = program.stat().st_size
            slowest, largest = (0, ""), (0, "")
            for command in COMMANDS:
                places = {"MODEL": str(program), "PAGE": f"{scratch}/page.html", "OUT": f"{scratch}/out.pt2"}
                code, seconds, megabytes = run([a.binary, *(places.get(w, w) for w in command.split())], a.seconds)
                name = command.replace(" MODEL", "")
                slowest, largest = max(slowest, (seconds, name)), max(largest, (megabytes, name))
                allowed = (0, 65) if command.startswith("diff") else (0, 1, 64, 65)
                if code not in allowed or seconds > a.seconds or megabytes * 2**20 > a.megabytes * 2**20 + a.factor * size:
                    failures += 1
                    print(f"{program.name} {name}: exit code {code}, {seconds:.1f} s, {megabytes:.0f} MB", flush=True)
            extremes.append((program.stem, size, slowest, largest))
    if a.table:
        for stem, size, slowest, largest in extremes:
            print(f"| `{stem}` | {slowest[0]:.1f} s | `{slowest[1]}` | {largest[0]:.0f} MB | `{largest[1]}` |")
    else:
        slowest = max((s, f"{n} of {stem}") for stem, _, (s, n), _ in extremes)
        largest = max((m, f"{n} of {stem}") for stem, _, _, (m, n) in extremes)
        print(f"{len(programs)} programs, {len(COMMANDS)} commands each: slowest {slowest[0]:.1f} s ({slowest[1]}), "
              f"largest {largest[0]:.0f} MB ({largest[1]})")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
