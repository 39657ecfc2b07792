import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicShapes
import TensorVocabulary

/// A call of an operator with its arguments in the order of the schema, defaults filled in.
struct BoundCall {
  let callee: TracedOperator
  var arguments: [FakeValue]

  var schema: FunctionSchema { callee.schema }

  init(
    _ callee: TracedOperator, _ args: [FakeValue], _ kwargs: [(key: String, value: FakeValue)]
  ) throws {
    self.callee = callee
    let parameters = callee.parameters
    arguments = []
    guard args.count <= parameters.count else {
      throw ProgramPassError("\(schema.name) takes \(parameters.count) arguments, not \(args.count)")
    }
    arguments.reserveCapacity(parameters.count)
    for (position, parameter) in parameters.enumerated() {
      if position < args.count {
        arguments.append(args[position])
      } else if let given = kwargs.first(where: { $0.key == parameter.name }) {
        arguments.append(given.value)
      } else {
        arguments.append(parameter.defaultValue ?? .none)
      }
    }
  }

  subscript(name: String) -> FakeValue {
    callee.position(of: name).map { arguments[$0] } ?? .none
  }

  /// The arguments as PyTorch's dispatcher passes them on: positional ones up to the last that is not the default, and
  /// keywords that are not the default.
  func normalized() -> (args: [FakeValue], kwargs: [(key: String, value: FakeValue)]) {
    var args: [FakeValue] = []
    var kwargs: [(key: String, value: FakeValue)] = []
    var last = 0
    for (position, parameter) in callee.parameters.enumerated() {
      let value = arguments[position]
      let isDefault = parameter.defaultValue.map { value.isEqual(to: $0) }
      if parameter.isKeywordOnly {
        if isDefault != true { kwargs.append((parameter.name, value)) }
      } else {
        args.append(value)
        if isDefault != true { last = args.count }
      }
    }
    return (Array(args.prefix(last)), kwargs)
  }
}

/// Typed arguments, for the rows of decompositions.
extension BoundCall {
  func tensor(_ name: String) throws -> FakeTensor {
    guard let tensor = self[name].tensor else {
      throw ProgramPassError("argument '\(name)' of \(schema.name) is no tensor")
    }
    return tensor
  }

  /// A tensor, or `nil` for `None`.
  func optionalTensor(_ name: String) -> FakeTensor? { self[name].tensor }

  func int(_ name: String) throws -> Int {
    guard case .symInt(let number) = self[name], let value = number.constant else {
      throw ProgramPassError("argument '\(name)' of \(schema.name) is not a constant integer")
    }
    return value
  }

  /// A number, or `nil` for anything else.
  func double(_ name: String) -> Double? {
    switch self[name] {
    case .float(let value): value
    case .symInt(let number): number.constant.map(Double.init)
    default: nil
    }
  }

  func bool(_ name: String) -> Bool { if case .bool(true) = self[name] { true } else { false } }

  func dtype(_ name: String) -> ScalarType? { if case .dtype(let dtype) = self[name] { dtype } else { nil } }

  func string(_ name: String) -> String { if case .string(let text) = self[name] { text } else { "" } }

  func tensors(_ name: String) -> [FakeTensor] { (self[name].elements ?? []).compactMap(\.tensor) }

  /// Sizes, or `nil` for `None`.
  func sizes(_ name: String) -> [SymInt]? {
    switch self[name] {
    case .symInt(let size): [size]
    case let value:
      value.elements.map { items in
        items.compactMap { if case .symInt(let size) = $0 { size } else { nil } }
      }
    }
  }

  /// Constant integers, or `nil` for anything else.
  func ints(_ name: String) -> [Int]? {
    guard let sizes = sizes(name) else { return nil }
    let values = sizes.compactMap(\.constant)
    return values.count == sizes.count ? values : nil
  }
}

extension FakeValue {
  /// Whether both are the same constant.
  func isEqual(to other: FakeValue) -> Bool {
    switch (self, other) {
    case (.none, .none): return true
    case (.bool(let one), .bool(let two)): return one == two
    case (.float(let one), .float(let two)): return one == two
    case (.symInt(let one), .symInt(let two)): return one.constant != nil && one.constant == two.constant
    case (.string(let one), .string(let two)): return one == two
    case (.dtype(let one), .dtype(let two)): return one == two
    case (.device(let one), .device(let two)): return one == two
    case (.layout(let one), .layout(let two)): return one == two
    case (.memoryFormat(let one), .memoryFormat(let two)): return one == two
    default:
      // The default of a list of given length is written as one number.
      if let items = elements, case .symInt = other {
        return !items.isEmpty && items.allSatisfy { $0.isEqual(to: other) }
      }
      guard let one = elements, let two = other.elements, one.count == two.count else { return false }
      return zip(one, two).allSatisfy { $0.isEqual(to: $1) }
    }
  }
}
