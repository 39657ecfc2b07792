#!/usr/bin/env python3
"""Compare the time and the memory of `swiftfx run` with PyTorch's own Interpreter, on the same graphs and inputs.

usage: compare_run.py [--bin .build/release/swiftfx] [--repeat 200] [--rounds 3] [--memory INPUT=SIZES,SYMBOL=VALUE,...] ARCHIVE.pt2 ...

Needs an installed PyTorch 2.13 or newer, whose library `swiftfx run` opens. Both run the archive's sample inputs on one
thread, in turns; the least and the median of all rounds' runs are told, and what a node takes in each. The time includes
the kernels, which are the same; what PyTorch takes longer is Python's.

With --memory, one archive runs on inputs of these sizes. By how much the resident memory of the process grows at most
during a run is told for PyTorch's Interpreter and for us, beside the bytes of temporaries that `swiftfx memory` predicts;
kernels may need more than their results (Linux). Set MALLOC_MMAP_THRESHOLD_=65536, so that freed memory goes back to the
system at once.
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
    """The bytes of temporaries and results where the program has the most."""
    sets = [a for s in sizes for a in ("--set", s)]
    out = subprocess.run([options.bin, "memory", archive, "--json", *sets], capture_output=True, text=True).stdout
    said = json.loads(out)
    return said["peak"]["value"] - said["parameters_bytes"] - said["inputs_bytes"]


def pytorch_memory(archive, sizes):
    """By how many bytes the resident memory grows at most during a run of PyTorch's Interpreter."""
    import resource, torch
    torch.set_num_threads(1)
    program = torch.export.load(archive)
    metas = {n.name: n.meta["val"] for n in program.graph.nodes if n.op == "placeholder"}
    inputs = []
    for spec in program.graph_signature.input_specs:
        if spec.kind.name == "USER_INPUT":
            value = torch.rand([int(s) for s in sizes[spec.arg.name].split("x")]).to(metas[spec.arg.name].dtype)
        else: value = program.state_dict.get(spec.target, program.constants.get(spec.target))
        inputs.append(value)
    resident = lambda: int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
    with torch.no_grad():
        torch.fx.Interpreter(program.graph_module).run(*inputs)
        interpreter = torch.fx.Interpreter(program.graph_module)
        with open("/proc/self/clear_refs", "w") as file: file.write("5")
        before = resident()
        interpreter.run(*inputs)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before


def memory(archive, options):
    group = options.memory.split(",")
    inputs = [s for s in group if "x" in s.split("=")[1]]
    said = swiftfx(options, archive, *[a for i in inputs for a in ("--input", i)], "--repeat", "2")["repeated"]
    ours = said["resident_bytes_peak"] - said["resident_bytes_before"]
    theirs = pytorch_memory(archive, dict(s.split("=") for s in inputs))
    expected = predicted(archive, [s for s in group if s not in inputs], options)
    print(f"| `{pathlib.Path(archive).stem}` | {expected / 1e6:.1f} MB | {theirs / 1e6:.1f} MB | {ours / 1e6:.1f} MB | {100 * (ours / theirs - 1):+.1f} % |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+")
    parser.add_argument("--bin", default=".build/release/swiftfx")
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", help="sizes of inputs and values of symbols, such as x=8x128,s0=8")
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
