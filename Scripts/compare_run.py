#!/usr/bin/env python3
"""Compare the time and the memory of `swiftfx run` with PyTorch's own Interpreter, on the same graphs and inputs.

usage: compare_run.py [--bin .build/release/swiftfx] [--repeat 200] [--rounds 3] [--memory INPUT=SIZES,... --small ...] ARCHIVE.pt2 ...

Needs an installed PyTorch 2.13 or newer, whose library `swiftfx run` opens. Both run the archive's sample inputs on one
thread, in turns; the least and the median of all rounds' runs are told, and what a node takes in each. The time includes
the kernels, which are the same; what PyTorch takes longer is Python's.

With --memory, one archive runs on inputs of these sizes and on those of --small, each in a process of its own. The
difference of the peaks of resident memory is compared with that of the peaks that `swiftfx memory` predicts.
"""
import argparse, json, os, pathlib, statistics, subprocess, time

ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def swiftfx(options, *arguments):
    import torch
    library = str(pathlib.Path(torch.__file__).parent / "lib")
    run = subprocess.run([options.bin, "run", *arguments, "--libtorch", library, "--json"], capture_output=True, text=True, env=ENVIRONMENT)
    if run.returncode not in (0, 1) or not run.stdout: raise RuntimeError(run.stderr.strip()[-200:])
    return json.loads(run.stdout)


def pytorch(archive, repeat):
    """Times of runs of PyTorch's Interpreter, in seconds, and the number of nodes."""
    import torch
    torch.set_num_threads(1)
    program = torch.export.load(archive)
    args, kwargs = program.example_inputs
    flat = program._get_flat_args_with_check(args, kwargs)[0]
    user, inputs = iter(flat), []
    for spec in program.graph_signature.input_specs:
        kind = spec.kind.name
        value = next(user) if kind == "USER_INPUT" else torch.empty(0) if kind == "TOKEN" else program.state_dict.get(spec.target, program.constants.get(spec.target))
        inputs.append(value.detach().clone() if isinstance(value, torch.Tensor) else value)
    interpreter = torch.fx.Interpreter(program.graph_module)
    times = []
    with torch.no_grad():
        interpreter.run(*inputs)
        for _ in range(repeat):
            start = time.perf_counter()
            interpreter.run(*inputs)
            times.append(time.perf_counter() - start)
    return times, len(program.graph_module.graph.nodes)


def row(archive, options):
    theirs, ours = [], []
    for _ in range(options.rounds):
        times, nodes = pytorch(archive, options.repeat)
        theirs += times
        repeated = swiftfx(options, archive, "--repeat", str(options.repeat))["repeated"]
        ours.append((repeated["least_seconds"], repeated["median_seconds"]))
    least = (min(theirs), min(o[0] for o in ours))
    median = (statistics.median(theirs), statistics.median(o[1] for o in ours))
    return nodes, least, median


def predicted(archive, sizes, options):
    sets = [a for s in sizes for a in ("--set", s)]
    out = subprocess.run([options.bin, "memory", archive, "--json", *sets], capture_output=True, text=True).stdout
    return json.loads(out)["peak"]["value"]


def resident(archive, inputs, options):
    import torch
    library = str(pathlib.Path(torch.__file__).parent / "lib")
    command = [options.bin, "run", archive, "--libtorch", library, "--json"] + [a for i in inputs for a in ("--input", i)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    if status: raise RuntimeError(f"{command}: {status}")
    return usage.ru_maxrss * 1024


def memory(archive, options):
    large, small = ([group.split(",") for group in (options.memory, options.small)])
    inputs = [[s for s in group if "x" in s.split("=")[1]] for group in (large, small)]
    symbols = [[s for s in group if s not in i] for group, i in zip((large, small), inputs)]
    real = resident(archive, inputs[0], options) - resident(archive, inputs[1], options)
    expected = predicted(archive, symbols[0], options) - predicted(archive, symbols[1], options)
    print(f"{pathlib.Path(archive).stem}: peak {real / 1e6:.1f} MB, predicted {expected / 1e6:.1f} MB, {100 * (real / expected - 1):+.1f} %")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+")
    parser.add_argument("--bin", default=".build/release/swiftfx")
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", help="sizes of inputs and values of symbols, such as x=8x128,s0=8")
    parser.add_argument("--small", help="the same for the run without much memory")
    options = parser.parse_args()
    if options.memory:
        for archive in options.archives: memory(archive, options)
        return
    print("| archive | nodes | PyTorch, µs/node | swiftfx, µs/node | least, × | median, × |\n|---|--:|--:|--:|--:|--:|")
    for archive in options.archives:
        try: nodes, least, median = row(archive, options)
        except Exception as error:
            print(f"{pathlib.Path(archive).stem}: {type(error).__name__}: {error}")
            continue
        each = [1e6 * t / nodes for t in least]
        print(f"| `{pathlib.Path(archive).stem}` | {nodes} | {each[0]:.2f} | {each[1]:.2f} | {least[0] / least[1]:.2f} | {median[0] / median[1]:.2f} |", flush=True)


if __name__ == "__main__": main()
