// Defines the shape rule of a custom operator and calls it.
//
//     $ swift run CustomOperator
//     mylib.first_rows.default(f32[s0, 16], 3) is f32[3, 16]

import SwiftFX

var table = OperatorTable.aten
try table.add(schema: "mylib::first_rows(Tensor x, SymInt n) -> Tensor") { call in
  let x = try call.tensor(0)
  var sizes = x.sizes
  try call.require(!sizes.isEmpty, "x must have a dim")
  let rows = try call.symInt(1)
  try call.check(call.shapes.le(rows, sizes[0]), "x must have at least n rows")
  sizes[0] = rows
  return .tensor(call.mode.tensor(sizes, dtype: x.dtype, device: x.device))
}

let mode = FakeTensorMode()
let x = mode.tensor([mode.size("s0", hint: 8), 16])
if let name = OperatorName("mylib.first_rows.default"), let resolved = table.resolve(name) {
  let result = try resolved.apply(try resolved.call([.tensor(x), .int(3)], in: mode))
  print("\(name)(\(x), 3) is \(result)")
}
