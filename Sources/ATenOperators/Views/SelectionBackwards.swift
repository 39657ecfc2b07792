import FakeTensors
import SymbolicShapes

/// Gradients of selections: zeros of the input's sizes, with the gradient written into them.
///
/// Source: `select_backward`, `slice_backward`, `torch/_decomp/decompositions.py`.
let selectionBackwards: [OperatorRow] = [
  OperatorRow("select_backward") { call in
    let (grad, sizes) = (try call.tensor(0), try call.symInts(1))
    let dim = try call.wrapped(call.int(2), rank: sizes.count)
    try call.require(!sizes.isEmpty, "select() cannot be applied to a 0-dim tensor.")
    var selected = sizes
    selected.remove(at: dim)
    _ = try call.broadcast(selected, grad.sizes)
    return .tensor(try call.newEmpty(grad, sizes))
  },
  OperatorRow("slice_backward") { call in
    let (grad, sizes) = (try call.tensor(0), try call.symInts(1))
    _ = try call.wrapped(call.int(2), rank: sizes.count)
    try call.require(!sizes.isEmpty, "slice() cannot be applied to a 0-dim tensor.")
    try call.check(call.shapes.gt(call.symInt(5), 0), "slice step must be positive")
    return .tensor(try call.newEmpty(grad, sizes))
  },
]
