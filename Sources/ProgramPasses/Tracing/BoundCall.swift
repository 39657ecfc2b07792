import FX
import FakeTensors
import OperatorSchemas
import ShapePropagation
import SymbolicShapes
import TensorVocabulary

/// A call of an operator with its arguments in the order of the schema, defaults filled in.
struct BoundCall {
  let schema: FunctionSchema
  var arguments: [FakeValue]

  init(
    _ schema: FunctionSchema, _ args: [FakeValue], _ kwargs: [(key: String, value: FakeValue)],
    _ shapes: ShapeEnv
  ) throws {
    self.schema = schema
    arguments = []
    guard args.count <= schema.arguments.count else {
      throw ProgramPassError("\(schema.name) takes \(schema.arguments.count) arguments, not \(args.count)")
    }
    for (position, argument) in schema.arguments.enumerated() {
      if position < args.count {
        arguments.append(args[position])
      } else if let given = kwargs.first(where: { $0.key == argument.name }) {
        arguments.append(given.value)
      } else {
        arguments.append(argument.defaultValue.map { FakeValue(Node.Argument($0), in: shapes) } ?? .none)
      }
    }
  }

  subscript(name: String) -> FakeValue {
    schema.position(of: name).map { arguments[$0] } ?? .none
  }

  /// The arguments as PyTorch's dispatcher passes them on: positional ones up to the last that is not the default, and
  /// keywords that are not the default.
  func normalized(_ shapes: ShapeEnv) -> (args: [FakeValue], kwargs: [(key: String, value: FakeValue)]) {
    var args: [FakeValue] = []
    var kwargs: [(key: String, value: FakeValue)] = []
    var last = 0
    for (position, argument) in schema.arguments.enumerated() {
      let value = arguments[position]
      let isDefault = argument.defaultValue.map {
        value.isEqual(to: FakeValue(Node.Argument($0), in: shapes))
      }
      if argument.isKeywordOnly {
        if isDefault != true { kwargs.append((argument.name, value)) }
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
