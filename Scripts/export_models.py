#!/usr/bin/env python3
"""Export small Hugging Face models with every dim of their inputs dynamic, and write what PyTorch says about them.

usage: export_models.py FOLDER NAME[,NAME...]

NAME is a model type of transformers, such as `mixtral`. Each model is shrunk to two layers of width 32, exported, and
exported again after `run_decompositions`. Beside each NAME.pt2 is a NAME.golden.json.gz with the values, bindings and facts
of a propagation, for compare_corpus.py and compare_facts.py. Where a kernel fixes a size or fails, it is that under the
Python dispatcher. Models that cannot be made so small, exported or loaded are told and left out.
"""
import gzip, inspect, json, pathlib, sys, warnings

import torch
import transformers
from torch._dispatch.python import enable_python_dispatcher
from torch.export import Dim
from torch.fx.experimental.symbolic_shapes import PropagateUnbackedSymInts
from transformers import CONFIG_MAPPING, AutoModel

SMALL = {
    32: "hidden_size n_embd d_model dim embed_dim embedding_size image_size projection_dim moe_intermediate_size word_embed_proj_dim emb_dim",
    64: "hidden_dim intermediate_size ffn_dim encoder_ffn_dim decoder_ffn_dim d_ff d_inner ffn_hidden_size max_position_embeddings n_positions"
        " max_source_positions max_target_positions",
    2: "num_hidden_layers n_layer num_layers n_layers encoder_layers decoder_layers num_encoder_layers num_decoder_layers num_key_value_heads"
       " num_experts_per_tok expand eos_token_id",
    4: "num_attention_heads n_head n_heads num_heads encoder_attention_heads decoder_attention_heads num_experts num_local_experts n_routed_experts",
    8: "patch_size head_dim d_kv state_size", 16: "num_mel_bins", 128: "vocab_size", 1: "bos_token_id decoder_start_token_id", 0: "pad_token_id",
}
BATCH, LENGTH, MOST_PARAMETERS = 3, 9, 6_000_000


def shrink(config, depth=0):
    for value, names in SMALL.items():
        for name in names.split():
            old = getattr(config, name, None)
            if isinstance(old, int) and not isinstance(old, bool): setattr(config, name, value)
    if isinstance(layers := getattr(config, "layer_types", None), list) and len(layers) > 2:
        config.layer_types = [layers[0], layers[-1]]
    config.use_cache = False
    for name in [name for name in vars(config) if name.endswith("_config")] if depth < 2 else []:
        if hasattr(inner := getattr(config, name), "to_dict"): shrink(inner, depth + 1)
    return config


def inputs(model, config):
    parameters, made = inspect.signature(model.forward).parameters, {}
    if "input_ids" in parameters:
        made["input_ids"] = torch.randint(3, 100, (BATCH, LENGTH))
        if "attention_mask" in parameters: made["attention_mask"] = torch.ones(BATCH, LENGTH, dtype=torch.long)
    if "decoder_input_ids" in parameters: made["decoder_input_ids"] = torch.randint(3, 100, (BATCH, 7))
    if model.main_input_name == "pixel_values": made["pixel_values"] = torch.randn(BATCH, 3, 32, 32)
    if model.main_input_name == "input_values": made["input_values"] = torch.randn(BATCH, 2000)
    if model.main_input_name == "input_features": made["input_features"] = torch.randn(BATCH, 16, 128)
    return made


def number(x):
    expression = x.node.expr if hasattr(x, "node") else x
    return int(expression) if isinstance(expression, int) or expression.is_Integer else {"expr": str(expression)}


def value(v):
    if isinstance(v, torch.Tensor):
        return dict(kind="tensor", dtype=str(v.dtype)[6:], sizes=[number(s) for s in v.shape], strides=[number(s) for s in v.stride()],
                    storage_offset=number(v.storage_offset()), device=str(v.device), layout=str(v.layout)[6:], requires_grad=v.requires_grad)
    if isinstance(v, (list, tuple)): return dict(kind=type(v).__name__, items=[value(x) for x in v])
    if hasattr(v, "node"): return dict(kind=type(v).__name__.lower(), expr=str(v.node.expr))
    if v is None: return dict(kind="none")
    return dict(kind=type(v).__name__, value=v) if isinstance(v, (bool, int, float, str)) else dict(kind="other")


def facts(env):
    bound = lambda b: int(b) if getattr(b, "is_Integer", False) else str(b)
    return dict(var_to_range={str(s): dict(lower=bound(r.lower), upper=bound(r.upper)) for s, r in env.var_to_range.items()},
                replacements={str(s): {"expr": str(e)} for s, e in env.replacements.items()}, guards=[str(g.expr) for g in env.guards],
                deferred_runtime_asserts={str(s): [str(a.expr) for a in found] for s, found in env.deferred_runtime_asserts.items()})


def golden(path, under_dispatcher):
    program = torch.export.load(path)
    graph = program.graph_module.graph
    inputs = [node for node in graph.nodes if node.op == "placeholder"]
    mode = torch._guards.detect_fake_mode([node.meta.get("val") for node in inputs])
    found = dict(name=path.stem, targets={}, placeholders=[dict(name=node.name) for node in inputs], before=facts(mode.shape_env), error=None,
                 range_constraints={str(s): {} for s in program.range_constraints},
                 bindings={node.name: {str(s): [] for s in bound} for node in graph.nodes if (bound := node.meta.get("unbacked_bindings"))})
    with mode:
        mode.epoch += 1
        interpreter = PropagateUnbackedSymInts(program.graph_module, garbage_collect_values=False)
        try:
            arguments = [node.meta["val"] for node in inputs]
            if under_dispatcher:
                with enable_python_dispatcher(): interpreter.run(*arguments)
            else: interpreter.run(*arguments)
        except Exception as error: found["error"] = dict(type=type(error).__name__, message=str(error)[:300])
    return found | dict(values={node.name: value(v) for node, v in interpreter.env.items()}) | facts(mode.shape_env)


def main():
    warnings.filterwarnings("ignore")
    transformers.logging.set_verbosity_error()
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2].split(","):
        try:
            torch.manual_seed(0)
            config = shrink(CONFIG_MAPPING[name]())
            model = AutoModel.from_config(config).eval()
            if sum(p.numel() for p in model.parameters()) > MOST_PARAMETERS: raise ValueError("the model stays large")
            made = inputs(model, config)
            dynamic = {key: {dim: Dim.AUTO for dim in range(tensor.dim())} for key, tensor in made.items()}
            program = torch.export.export(model, (), made, dynamic_shapes=dynamic, strict=False)
            for suffix, changed in (("", program), ("_decomp", program.run_decompositions())):
                path = folder / f"{name}{suffix}.pt2"
                torch.export.save(changed, path)
                result = golden(path, False)
                if result["error"] or len(result["replacements"]) > len(result["before"]["replacements"]): result = golden(path, True)
                path.with_suffix(".golden.json.gz").write_bytes(gzip.compress(json.dumps(result).encode()))
            print("done", name)
        except Exception as error: print("left out", name, type(error).__name__, str(error)[:100].replace("\n", " "))


if __name__ == "__main__":
    main()
