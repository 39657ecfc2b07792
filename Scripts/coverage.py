#!/usr/bin/env python3
"""Write the table of operators: where the rule of each comes from, and how many recorded PyTorch cases it passes.

usage: coverage.py CONFORMANCE_DIR JUDGE.py --bin .build/release/fx-conformance > Documentation/operator-coverage.md

The overloads are those of the schema table, which is generated from the newest PyTorch. For one without a rule the table
says why: REASONS has a pattern for each kind.
CONFORMANCE_DIR holds schemas.tsv and {concrete,backed,unbacked}.jsonl.gz; JUDGE.py is compare_conformance.py.
The family of an operator is the file under Sources/ATenOperators whose table has its row; a variant (`add_`,
`add.out`) belongs to the family of the functional form, an alias to that of its target.
"""
import argparse, collections, json, pathlib, re, subprocess, sys, tempfile

FILES = ("concrete", "backed", "unbacked")

# Why an overload has no rule, by pattern of its schema; the first one that matches counts.
REASONS = [
    (r"::(_foobar|_test_\w+|_print|_inductor_test)", "a test of PyTorch"),
    (r"Dict\(|\bt\[\]|\(t\)|AnyEnumType|Any\b|t\(|\bt \w+|Future\(|RRef\(|Await\(", "TorchScript only"),
    (r"::(_?sparse|_?to_sparse|to_dense|_to_dense|hspmm|sspaddmm|smm\b|_?coalesce|_?indices|_?values|_dim[IV]\b|dense_dim"
     r"|\w*(coo|csr|csc|bsr|bsc|ccol|crow|col_indices|row_indices)|resize_as_sparse|_validate_(sparse|compressed)|\w*_sparse"
     r"|is_coalesced|_spsolve|_cslt|_nnz|copy_sparse|_spdiags|s_?addmm)", "sparse storage, which fake tensors do not have"),
    (r"::\w*(_?nested|jagged|ragged)\w*", "nested storage, which fake tensors do not have"),
    (r"::(_?quantized|_?quantize_|q_|qscheme|int_repr|dequantize|_make_per_|fbgemm_|_empty_(affine|per_channel)|"
     r"_choose_qparams|\w*quantized\w*)|^quantized::|^_quantized::", "quantized dtypes, which fake tensors do not have"),
    (r"PackedParams|CellParams|__torch__\.", "packed weights, which are opaque objects"),
    (r"::\w*mkldnn|^mkldnn::|^mkl::|^onednn::|_reorder_", "the storage of oneDNN, which fake tensors do not have"),
    (r"::\w*mps\w*", "kernels of Apple GPUs"),
    (r"::\w*miopen\w*", "kernels of ROCm"),
    (r"::\w*vulkan\w*", "kernels of Vulkan"),
    (r"::(_?backward\b|set_data|\w*retains?_grad\w*|is_leaf|output_nr|_version|requires_grad_|_fw_primal|_make_dual\w*|_unpack_dual"
     r"|_new_zeros_with_same_feature_meta|_has_same_storage_numel|data\b|grad\b|\w*_same_storage\w*)", "the state of autograd"),
    (r"symm_mem::.*SymmetricMemory|symm_mem::", "the processes of a group, which no argument counts"),
]

# The same by the operator's name without its overload.
NAMES = [
    (r"Bool|Complex|Float|Int|__\w+|as_tensor|tensor|count|cpu|cuda|len|remove|sorted|_list_to_tensor|_no_grad_\w+|_ncf_\w+|_pack_sequence"
     r"|_propagate_xla_data|get_gradients", "TorchScript only"),
    (r"_?is_\w+|get_device|element_size|cudnn_is_acceptable|_has_compatible\w*|_debug_has\w*|_use_cudnn\w*|_fused_sdp_choice"
     r"|record_stream", "answers Python, which no graph records"),
    (r"_shape_as_tensor|_pad_packed_sequence|_pack_padded_sequence_backward|_sobol\w*|_saturate_weight\w*|_rowwise_prune"
     r"|choose_qparams\w*|from_file|_?pin_memory|_resize_output_|_nnpack_\w*|shallow_copy_data_|_fill_mem_eff\w*|_wrapped_linear\w*",
     "needs data or memory, which fake tensors do not have"),
    (r"\w*_differentiable\w*|cumprod_backward|cummaxmin_backward|masked_select_backward|matrix_exp_backward|conv_tbc_backward"
     r"|_convolution_double_backward|_batch_norm_impl_index_backward|_grad_sum_to_size|_autocast_to_\w+|_to_cpu|_dim_arange"
     r"|flatten_dense_tensors|_add_batch_dim|_remove_batch_dim", "a formula of autograd or a wrapper, recorded by its parts"),
    (r"_aminmax|_compute_linear_combination|_conv_depthwise2d|conv_depthwise3d|_copy_from\w*|_cudnn_attention\w*|_cudnn_ctc_loss"
     r"|_cum(max|min)_helper|_dirichlet_grad|_fake_quantize_learnable\w*|_logcumsumexp|_masked_softmax\w*|_mixed_dtypes_linear"
     r"|_slow_conv2d\w*|slow_conv3d_forward|slow_conv_dilated[23]d|slow_conv_transpose3d|_standard_gamma_grad|_triton\w*"
     r"|_transform_bias\w*|batch_norm_(backward_reduce|gather_stats\w*|stats|update_stats)|cudnn_(affine|convolution|grid)\w*"
     r"|dist_backward|glu_backward_jvp|matmul_backward|max_pool2d_backward|native_norm|convolution_backward_overrideable",
     "PyTorch's fake tensors have no rule either"),
]

def families(root):
    """Row name -> family, from the tables; alias -> target, from OperatorAliases."""
    rows, aliases = {}, {}
    for path in sorted((root / "Sources/ATenOperators").rglob("*.swift")):
        text = path.read_text()
        for table in re.findall(r"let \w+: \[OperatorRow\] =\s*(.*?)\n\]", text, re.S):
            for name in re.findall(r'(?:OperatorRow|\.\w+)\(\s*"([\w.]+)"', table):
                rows.setdefault(name, path.stem)
        aliases.update(re.findall(r'OperatorAlias\("([\w.]+)", of: "([\w.]+)"\)', text))
    return rows, aliases


def family(name, rows, aliases):
    namespace, base, overload = (name.split(".") + ["default"])[:3]
    prefix = "" if namespace == "aten" else namespace + "."
    functional = base[:-1] if base.endswith("_") and not base.endswith("__") else base
    for candidate in (base, functional):
        for target in (candidate, aliases.get(candidate, ""), re.sub("_copy$", "", candidate)):
            for key in (f"{prefix}{target}.{overload}", f"{prefix}{target}"):
                if key in rows:
                    return rows[key]
        for key, stem in rows.items():
            if key.startswith(f"{prefix}{candidate}."):
                return stem
    return "–"


def schemas(root):
    """Overload -> schema, from the schema tables."""
    found = {}
    for path in sorted((root / "Sources/OperatorSchemas").rglob("SchemaTable+*.swift")):
        for line in path.read_text().split("\n"):
            if match := re.match(r"(\w+)::([\w.]+)\(", line):
                base, _, overload = match[2].partition(".")
                found[f"{match[1]}.{base}.{overload or 'default'}"] = line
    return found


def reason(schema):
    if schema is None: return "not in the newest PyTorch"
    name = schema[: schema.index("(")]
    for pattern, why in REASONS[:1]:
        if re.search(pattern, name): return why
    if "Tensor" not in schema: return "no tensors: TorchScript only"
    for pattern, why in NAMES:
        if re.fullmatch(pattern, name.split("::")[1].split(".")[0]): return why
    for pattern, why in REASONS[1:]:
        if re.search(pattern, schema): return why
    return "no rule yet"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("judge")
    parser.add_argument("--bin", required=True)
    arguments = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    rows, aliases = families(root)
    counts = {}
    for name in FILES:
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "report.json"
            subprocess.run([sys.executable, arguments.judge, str(arguments.cases / f"{name}.jsonl.gz"), "--bin",
                            arguments.bin, "--failures", "0", "--json", str(out)], stdout=subprocess.DEVNULL)
            for operator, classes in json.loads(out.read_text())["by_op"].items():
                counts.setdefault(operator, {})[name] = (classes.get("passed", 0), sum(classes.values()))
    listing = subprocess.run([arguments.bin, "operators"], capture_output=True, text=True, check=True).stdout
    origins = dict(line.split("\t") for line in listing.splitlines())
    texts = schemas(root)
    operators = sorted(set(origins) | set(counts))
    tally = collections.Counter(origins.values())
    whys = collections.Counter(reason(texts.get(o)) for o, origin in origins.items() if origin == "none")
    total = {name: [sum(c.get(name, (0, 0))[i] for c in counts.values()) for i in (0, 1)] for name in FILES}
    print("# Operator coverage\n")
    print("Generated by `Scripts/coverage.py`. Each cell is passed / recorded cases; an empty cell has no recorded case.\n")
    print("Total: " + ", ".join(f"{n} {total[n][0]} / {total[n][1]}" for n in FILES) + ".\n")
    print(f"Of {len(origins)} overloads {tally['rule']} have a rule, {tally['derived']} are derived (in-place and `out=`"
          f" forms), {tally['none']} have none:\n")
    print("| why not | overloads |\n|---|---|")
    for why, count in whys.most_common(): print(f"| {why} | {count} |")
    print()
    print("| operator | rule | concrete | backed | unbacked |\n|---|---|---|---|---|")
    for operator in operators:
        cells = [f"{c[0]} / {c[1]}" if (c := counts.get(operator, {}).get(name)) else "" for name in FILES]
        origin = origins.get(operator, "none")
        known = family(operator, rows, aliases)
        source = reason(texts.get(operator)) if origin == "none" else known if known != "–" else origin
        print(f"| `{operator}` | {source}{' (derived)' if origin == 'derived' else ''} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
