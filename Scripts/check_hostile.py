#!/usr/bin/env python3
"""Run every command on small archives that ask for a lot, and hold it to its limits.

usage: check_hostile.py BINARY [FOLDER] [--seconds 10] [--megabytes 1000]

BINARY is a release build of `swiftfx`; FOLDER holds archives, and is Tests/CommandTests/Fixtures/hostile unless given.
Each command must end with exit code 0, 1, 64 or 65 within this processor time and resident memory, and no archive may
differ from itself. Prints the slowest and the largest, and exits with 1 after a line for each command that fails.
"""
import argparse, os, pathlib, resource, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMANDS = [
    "propagate MODEL", "propagate MODEL --keep-going --all", "propagate MODEL --keep-going --json",
    "propagate MODEL --keep-going --sarif", "explain MODEL --all", "explain MODEL --json", "show MODEL", "check MODEL",
    "check MODEL --emit c", "check MODEL --emit python", "check MODEL --emit swift", "show MODEL --constraints dim",
    "show MODEL --constraints jax", "memory MODEL", "memory MODEL --json", "transform MODEL --dry-run",
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
    p.add_argument("--megabytes", type=int, default=1000)
    a = p.parse_args()
    archives = sorted(a.folder.glob("*.pt2"))
    if not archives: sys.exit(f"{a.folder} holds no archives")
    slowest, largest, failures = (0, ""), (0, ""), 0
    with tempfile.TemporaryDirectory() as scratch:
        for archive in archives:
            for command in COMMANDS:
                places = {"MODEL": str(archive), "PAGE": f"{scratch}/page.html"}
                code, seconds, megabytes = run([a.binary, *(places.get(w, w) for w in command.split())], a.seconds)
                name = f"{command.replace('MODEL', archive.name)}"
                slowest, largest = max(slowest, (seconds, name)), max(largest, (megabytes, name))
                allowed = (0, 65) if command.startswith("diff") else (0, 1, 64, 65)
                if code not in allowed or seconds > a.seconds or megabytes > a.megabytes:
                    failures += 1
                    print(f"{name}: exit code {code}, {seconds:.1f} s, {megabytes:.0f} MB")
    print(f"{len(archives)} archives, {len(COMMANDS)} commands each: slowest {slowest[0]:.1f} s ({slowest[1]}), "
          f"largest {largest[0]:.0f} MB ({largest[1]})")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
