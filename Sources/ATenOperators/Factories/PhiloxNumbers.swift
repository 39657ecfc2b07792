import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Random numbers from explicit keys, which are `[*batch, 2]`, uint64.
///
/// The functional forms are derived from those that fill a tensor. Rows are in alphabetical order.
///
/// Source: `meta_philox_…`, `torch/_meta_registrations.py`.
let philoxNumbers: [OperatorRow] = [
  OperatorRow("_philox_key_fold_in") { call in
    let key = try call.philoxKey(0)
    if case .tensor(let data) = call[1] {
      try call.require(data.dtype == .uint64, "_philox_key_fold_in: data must have dtype uint64")
      try call.check(
        call.shapes.eq(call.shapes.geometry.numel(data), 1),
        "_philox_key_fold_in: data must be a single value")
    }
    return .tensor(call.emptyLike(key))
  },
  OperatorRow("_philox_key_split") { call in
    let (key, count) = (try call.philoxKey(0), try call.int(1))
    try call.require(count > 0, "_philox_key_split: num_splits must be positive, got \(count)")
    return .tensor(call.newTensor(Sizes([SymInt(count)] + Array(key.sizes)), like: key))
  },
  .philox("_philox_normal", takesFloats: true),
  .philox("_philox_randint", takesFloats: false),
  .philox("_philox_uniform", takesFloats: true),
]

extension OperatorRow {
  /// Numbers in a tensor like `self`, whose leading sizes are those of the keys or 1.
  fileprivate static func philox(_ name: String, takesFloats: Bool) -> OperatorRow {
    OperatorRow(name) { call in
      let (tensor, key) = (try call.tensor(0), try call.philoxKey(1))
      try call.require(
        takesFloats ? tensor.dtype.isFloatingPoint : tensor.dtype.isIntegral,
        "\(name)_: self must have \(takesFloats ? "a floating point" : "an integer") dtype, got \(tensor.dtype.name)"
      )
      try call.require(tensor.device == key.device, "\(name)_: self and key must be on the same device")
      return .tensor(call.emptyLike(tensor))
    }
  }
}

extension OperatorCall {
  /// The key at a position.
  fileprivate func philoxKey(_ position: Int) throws -> FakeTensor {
    let key = try tensor(position)
    try require(
      key.rank >= 1 && key.sizes[key.rank - 1].isKnown { $0 == 2 },
      "\(schema.name.base): key must have shape (*batch, 2), got \(shapes.shortText(of: key.sizes))")
    try require(
      key.dtype == .uint64, "\(schema.name.base): key must have dtype uint64, got \(key.dtype.name)")
    return key
  }
}
