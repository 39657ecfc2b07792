// A compiler pass: fuses `linear` and `silu` into one call of oneDNN, and saves the program as PyTorch loads it.
//
//     $ swift run FuseLinearSilu Examples/moe_routing.pt2 fused.pt2
//     fuse-linear-silu: created 4: _linear_pointwise_default, …
//     $ python -c "import torch; print(torch.export.load('fused.pt2'))"

import GraphPasses
import ProgramPasses
import SwiftFX

let arguments = CommandLine.arguments.dropFirst()
var program = try ExportedProgram(path: arguments.first ?? "Examples/moe_routing.pt2")

let pattern = GraphModule(tracing: "x", "weight", "bias") { x, weight, bias in
  x.call("aten.linear.default", weight, bias).call("aten.silu.default")
}
let fused = GraphModule(tracing: "x", "weight", "bias") { x, weight, bias in
  x.call("mkldnn._linear_pointwise.default", weight, bias, "swish", [Int](), "")
}

// The shape of the new operator: that of the linear layer.
var operators = OperatorTable.aten
let schema =
  "mkldnn::_linear_pointwise(Tensor X, Tensor W, Tensor? B, str attr, Scalar?[] scalars, str? algorithm) -> Tensor Y"
try operators.add(schema: schema) { call in
  let (x, weight) = (try call.tensor(0), try call.tensor(1))
  var sizes = x.sizes
  sizes[x.rank - 1] = weight.sizes[0]
  return .tensor(call.mode.tensor(sizes, dtype: x.dtype, device: x.device))
}

// After the pass the program is propagated again; a symbol that lost its name would be an error.
let pass = ProgramPass(GraphPass("fuse-linear-silu", replacing: pattern, with: fused))
for (name, changes) in try program.apply([pass], operators: operators) { print("\(name): \(changes)") }
if let output = arguments.dropFirst().first { try program.save(to: output) }
