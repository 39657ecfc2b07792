import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicShapes
import TensorVocabulary

/// What a row of a decomposition builds its graph with.
struct Rewriter {
  let mode: FakeTensorMode
  let tracer: GraphTracer
  let operators: TracedOperators
  /// Applies an operator in the layer of the row.
  let apply: (BoundCall) throws -> FakeValue
  /// The result of a call, without a node.
  let value: (Node.Target, [FakeValue], [(key: String, value: FakeValue)]) throws -> FakeValue

  var shapes: ShapeEnv { mode.shapes }

  /// Calls an operator; `nil` is `None`.
  func call(
    _ name: String, _ args: [(any RewriterOperand)?],
    _ kwargs: KeyValuePairs<String, (any RewriterOperand)?> = [:]
  ) throws -> FakeValue {
    try apply(
      try bound(
        name, args.map { $0?.fakeValue ?? .none }, kwargs.map { ($0.key, $0.value?.fakeValue ?? .none) }))
  }

  /// A call of an operator with its arguments in order.
  func bound(
    _ name: String, _ args: [FakeValue], _ kwargs: [(key: String, value: FakeValue)]
  ) throws -> BoundCall {
    guard let callee = operators.named(name) else {
      throw ProgramPassError("there is no schema of \(name)")
    }
    return try BoundCall(callee, args, kwargs)
  }

  /// Calls an operator that returns one tensor.
  func op(
    _ name: String, _ args: (any RewriterOperand)?...,
    kwargs: KeyValuePairs<String, (any RewriterOperand)?> = [:]
  ) throws -> FakeTensor {
    guard let tensor = try call(name, args, kwargs).tensor else {
      throw ProgramPassError("\(name) gives no tensor")
    }
    return tensor
  }

  /// Calls an operator that returns several tensors.
  func ops(
    _ name: String, _ args: (any RewriterOperand)?...,
    kwargs: KeyValuePairs<String, (any RewriterOperand)?> = [:]
  ) throws -> [FakeTensor] {
    (try call(name, args, kwargs).elements ?? []).compactMap(\.tensor)
  }

  /// The product of two sizes, as a node if it is not constant.
  func mul(_ one: SymInt, _ other: SymInt) throws -> SymInt {
    try number("_operator.mul", one, other, shapes.mul(one, other))
  }

  /// The sum of two sizes, as a node if it is not constant.
  func add(_ one: SymInt, _ other: SymInt) throws -> SymInt {
    try number("_operator.add", one, other, shapes.add(one, other))
  }

  /// The product of sizes in their order.
  func product(_ sizes: [SymInt]) throws -> SymInt {
    try sizes.dropFirst().reduce(sizes.first ?? SymInt(1)) { try mul($0, $1) }
  }

  private func number(
    _ target: Node.Target, _ one: SymInt, _ other: SymInt, _ result: SymInt
  ) throws -> SymInt {
    guard let expression = result.symbolicExpression, tracer.knownNode(of: expression) == nil else {
      return result
    }
    _ = tracer.record(
      .callFunction, target, [try tracer.argument(one), try tracer.argument(other)], [],
      value: .symInt(result))
    return result
  }

  /// Whether two sizes are statically known to be equal.
  func isSame(_ one: SymInt, _ other: SymInt) -> Bool {
    one == other || shapes.staticallyKnownTrue(shapes.eq(one, other))
  }
}

/// What can be passed to an operator in a row.
protocol RewriterOperand {
  var fakeValue: FakeValue { get }
  /// A list of operands; a requirement, so that it is compiled for each type of them.
  static func fakeList(_ items: [Self]) -> FakeValue
}

extension RewriterOperand {
  static func fakeList(_ items: [Self]) -> FakeValue { .list(items.map { $0.fakeValue }) }
}

extension FakeValue: RewriterOperand { var fakeValue: FakeValue { self } }
extension FakeTensor: RewriterOperand { var fakeValue: FakeValue { .tensor(self) } }
extension Int: RewriterOperand { var fakeValue: FakeValue { .symInt(SymInt(self)) } }
extension SymInt: RewriterOperand { var fakeValue: FakeValue { .symInt(self) } }
extension Double: RewriterOperand { var fakeValue: FakeValue { .float(self) } }
extension Bool: RewriterOperand { var fakeValue: FakeValue { .bool(self) } }
extension String: RewriterOperand { var fakeValue: FakeValue { .string(self) } }
extension ScalarType: RewriterOperand { var fakeValue: FakeValue { .dtype(self) } }
extension Layout: RewriterOperand { var fakeValue: FakeValue { .layout(self) } }
extension Device: RewriterOperand { var fakeValue: FakeValue { .device(self) } }
extension MemoryFormat: RewriterOperand { var fakeValue: FakeValue { .memoryFormat(self) } }
extension Array: RewriterOperand where Element: RewriterOperand {
  var fakeValue: FakeValue { Element.fakeList(self) }
}
extension Optional: RewriterOperand where Wrapped: RewriterOperand {
  var fakeValue: FakeValue { self?.fakeValue ?? FakeValue.none }
}
