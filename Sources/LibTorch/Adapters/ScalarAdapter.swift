import FX
import OperatorSchemas
import TensorVocabulary

/// How an operator with `Scalar` arguments is called: the library's stable interface cannot pass them.
///
/// Each operator is a row that says which other overload, function or composition serves. In-place operators follow
/// from the functional ones: their result is copied into the first argument.
struct ScalarAdapter: Sendable {
  /// The operator, as schemas write it without the namespace.
  let name: String
  let run: @Sendable (AdaptedCall) throws(LibTorchError) -> PyTree<RealTensor>

  /// A row whose operator returns one tensor.
  init(_ name: String, _ run: @escaping @Sendable (AdaptedCall) throws(LibTorchError) -> RealTensor) {
    self.name = name
    self.run = { (call) throws(LibTorchError) in .value(try run(call)) }
  }

  init(
    results name: String, _ run: @escaping @Sendable (AdaptedCall) throws(LibTorchError) -> PyTree<RealTensor>
  ) {
    self.name = name
    self.run = run
  }

  /// All rows, by name.
  private static let table: [String: ScalarAdapter] = {
    var table: [String: ScalarAdapter] = [:]
    for family in [
      numbersAsTensors, sums, products, activations, gradients, creation, spacings, reductions, scattering,
    ] {
      for row in family { table[row.name] = row }
    }
    return table
  }()

  /// The operators that have a row, in alphabetical order.
  static var names: [String] { table.keys.sorted() }

  /// The row for an operator, or `nil` when none is needed or there is none.
  static func adapter(for schema: FunctionSchema) -> ScalarAdapter? {
    guard schema.name.namespace == "aten" else { return nil }
    let name = schema.name
    let overload = name.overload == "default" ? "" : ".\(name.overload)"
    if let row = table[name.base + overload] { return row }
    guard schema.isInplace, let functional = table[String(name.base.dropLast()) + overload] else {
      return nil
    }
    return functional.inplace
  }

  /// Whether a schema has an argument that the interface cannot pass.
  static func isNeeded(by schema: FunctionSchema) -> Bool {
    schema.arguments.contains { $0.type.containsScalar } || schema.returns.contains { $0.type.containsScalar }
  }

  /// The same operator, writing its result to the first argument.
  private var inplace: ScalarAdapter {
    ScalarAdapter(name + "_") { [run] (call) throws(LibTorchError) in
      let target = try call.tensor(0)
      guard case .value(let result) = try run(call) else {
        throw LibTorchError(.raised("no tensor came back"))
      }
      guard try result.sizes == target.sizes else {
        throw LibTorchError(
          .argument(
            "output with sizes \(try target.sizes) doesn't match the broadcast sizes \(try result.sizes)"))
      }
      if let from = try result.dtype.category, let to = try target.dtype.category, from > to {
        throw LibTorchError(
          .argument(
            "result type \(try result.dtype) can't be cast to the desired output type \(try target.dtype)"))
      }
      return try call.call("copy_", .value(target), .value(result))
    }
  }
}

extension ArgumentType {
  /// Whether the type is, or contains, one that is any number.
  var containsScalar: Bool {
    switch self {
    case .scalar, .complex: true
    case .optional(let wrapped): wrapped.containsScalar
    case .list(let element, _): element.containsScalar
    default: false
    }
  }
}
