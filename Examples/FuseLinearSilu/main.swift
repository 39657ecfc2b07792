// A compiler pass: fuses `linear` and `silu` into one call of oneDNN, with the symbols of the program kept.
//
//     $ swift run FuseLinearSilu
//     fuse-linear-silu: created 4: _linear_pointwise_default, …
//     u0 is still the number of rows of _linear_pointwise_default: f32[u0, 32]

import GraphPasses
import ProgramPasses
import SwiftFX

let path = CommandLine.arguments.dropFirst().first ?? "Examples/moe_routing.pt2"
let program = try ExportedProgram(path: path)

let pattern = GraphModule(tracing: "x", "weight", "bias") { x, weight, bias in
  x.call("aten.linear.default", weight, bias).call("aten.silu.default")
}
let fused = GraphModule(tracing: "x", "weight", "bias") { x, weight, bias in
  x.call("mkldnn._linear_pointwise.default", weight, bias, "swish", [Int](), "")
}
let pass = GraphPass(
  "fuse-linear-silu",
  reporting: { module, replaced in
    for place in try module.replacePattern(pattern, with: fused) {
      for node in place.standIns.nodes { replaced[node] = place.standIns[node] }
    }
  })

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
var module = program.graphModule
var manager = PassManager([pass])
manager.checks.append(ProgramCheck(program, operators: operators).callAsFunction)
for (name, changes) in try manager(&module) { print("\(name): \(changes)") }
