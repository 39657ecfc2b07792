import FX
import OperatorSchemas
import TensorVocabulary

/// How an operator is called that the library's stable interface does not take: one with `Scalar` arguments, or one of
/// `prims`, which only Python knows.
///
/// Each operator is a row that says which other overload, function or composition serves. In-place operators and those
/// with `out=` follow from the functional ones: their result is copied to its place.
struct ScalarAdapter: Sendable {
  /// The operator, as schemas write it, without the namespace `aten`.
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
      numbersAsTensors, sums, products, activations, gradients, creation, spacings, reductions, matrixNorms,
      scattering, lists, primitives,
    ] {
      for row in family { table[row.name] = row }
    }
    return table
  }()

  /// The operators that have a row, in alphabetical order.
  static var names: [String] { table.keys.sorted() }

  /// The row for an operator, or `nil` when none is needed or there is none.
  static func adapter(for schema: FunctionSchema) -> ScalarAdapter? {
    if let row = table[key(schema.name.base, schema.name)] { return row }
    if schema.isOut {
      guard let functional = SchemaTable.schema(for: schema.functionalName), !functional.isOut else {
        return nil
      }
      return adapter(for: functional)?.writingOut(schema, functional)
    }
    return functionalBase(of: schema).flatMap { table[key($0, schema.name)] }?.inplace
  }

  private static func key(_ base: String, _ name: OperatorName) -> String {
    let namespace = name.namespace == "aten" ? "" : "\(name.namespace)::"
    return namespace + base + (name.overload == "default" ? "" : ".\(name.overload)")
  }

  /// `add` of `add_`, `__and__` of `__iand__`.
  private static func functionalBase(of schema: FunctionSchema) -> String? {
    let base = schema.name.base
    if base.hasPrefix("__i"), base.hasSuffix("__") { return "__\(base.dropFirst(3))" }
    return schema.isInplace ? String(base.dropLast()) : nil
  }

  /// Whether a schema has an argument that the interface cannot pass.
  static func isNeeded(by schema: FunctionSchema) -> Bool {
    schema.arguments.contains { $0.type.containsScalar } || schema.returns.contains { $0.type.containsScalar }
  }

  /// The same operator, writing its result to the first argument; lists element by element.
  private var inplace: ScalarAdapter {
    ScalarAdapter(results: name + "_") { [run] (call) throws(LibTorchError) in
      let result = try run(call)
      if case .list(let results) = result, let targets = call[0].elements, targets.count == results.count {
        for (target, result) in zip(targets, results) { try call.write(result, to: target, resizing: false) }
      } else {
        try call.write(result, to: call[0], resizing: false)
      }
      return call[0]
    }
  }

  /// The same operator, writing its results to the tensors given by `out=`, which take the results' sizes.
  private func writingOut(_ schema: FunctionSchema, _ functional: FunctionSchema) -> ScalarAdapter {
    ScalarAdapter(results: "\(schema.name)") { [run] (call) throws(LibTorchError) in
      let inputs = call.arguments.indices.filter { !schema.arguments[$0].takesResult }
      guard let called = call.dispatcher.resolve(functional.name) else {
        throw LibTorchError(.unsupported("its schema is not known"), operator: "\(functional.name)")
      }
      let result = try run(
        AdaptedCall(dispatcher: call.dispatcher, called: called, arguments: inputs.map { call[$0] }))
      let targets = schema.outArguments.map { call[$0] }
      for (target, result) in zip(targets, result.value == nil ? result.elements ?? [] : [result]) {
        try call.write(result, to: target, resizing: true)
      }
      return targets.count == 1 ? targets[0] : .tuple(targets)
    }
  }
}

extension AdaptedCall {
  /// Copies a result to the tensor that the caller gave for it.
  fileprivate func write(
    _ result: PyTree<RealTensor>, to target: PyTree<RealTensor>, resizing: Bool
  ) throws(LibTorchError) {
    guard case .value(let result) = result, case .value(let target) = target else {
      throw LibTorchError(.raised("no tensor came back"))
    }
    let sizes = try result.sizes
    if try sizes != target.sizes {
      guard resizing else {
        throw LibTorchError(
          .raised("output with shape \(try target.sizes) doesn't match the broadcast shape \(sizes)"))
      }
      _ = try call("resize_", .value(target), .list(sizes.map { .constant(.int($0)) }))
    }
    if let from = try result.dtype.category, let to = try target.dtype.category, from > to {
      throw LibTorchError(
        .raised(
          "result type \(try result.dtype) can't be cast to the desired output type \(try target.dtype)"))
    }
    _ = try call("copy_", .value(target), .value(result))
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
