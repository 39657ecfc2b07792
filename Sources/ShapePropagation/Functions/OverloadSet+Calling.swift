import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Choosing an overload by the values of a call.
extension OverloadSet {
  /// Applies the first overload that takes these arguments.
  ///
  /// - Throws: ``OperatorError`` that lists the overloads when none does.
  func apply(
    _ positional: [FakeValue], _ keywords: [(key: String, value: FakeValue)], in mode: FakeTensorMode
  ) throws -> FakeValue {
    if let chosen = choice(for: positional, keywords) {
      guard let resolved = chosen.candidate.resolved else {
        throw OperatorError(.noRule, operator: chosen.candidate.schema.name.description)
      }
      return try resolved.apply(try resolved.call(chosen.positional, chosen.keywords, in: mode))
    }
    let given =
      (positional.map { mode.shapes.shortText(of: $0) ?? "None" }
      + keywords.map { "\($0.key)=\(mode.shapes.shortText(of: $0.value) ?? "None")" }).joined(separator: ", ")
    throw OperatorError(
      .refused(
        "\(name) has no overload that takes (\(given)); there are:"
          + candidates.map { "\n    \($0.schema)" }.joined()),
      operator: name)
  }

  /// An overload, and the arguments as it wants them.
  typealias Choice = (
    candidate: Candidate, positional: [FakeValue], keywords: [(key: String, value: FakeValue)]
  )

  /// The first overload that takes these arguments.
  func choice(for positional: [FakeValue], _ keywords: [(key: String, value: FakeValue)]) -> Choice? {
    let keywords = keywords.filter { !Self.isDropped($0.key, $0.value) }
    for candidate in candidates {
      if let arguments = binding(of: candidate.schema, positional, keywords) {
        return (candidate, arguments.positional, arguments.keywords)
      }
    }
    return nil
  }

  /// Arguments of Python's that change no shape and are in no schema.
  private static func isDropped(_ name: String, _ value: FakeValue) -> Bool {
    switch name {
    case "requires_grad", "_stacklevel": true
    case "names": value.isNone
    default: false
    }
  }

  private typealias Binding = (positional: [FakeValue], keywords: [(key: String, value: FakeValue)])

  /// The arguments as `schema` wants them; `nil` when it does not take them.
  private func binding(
    of schema: FunctionSchema, _ given: [FakeValue], _ keywords: [(key: String, value: FakeValue)]
  ) -> Binding? {
    let positional = collectingIntegers(given, schema)
    guard positional.count <= schema.positionalCount else { return nil }
    var isGiven = Array(repeating: false, count: schema.arguments.count)
    var first: [FakeValue] = []
    for (index, value) in positional.enumerated() {
      guard let fitted = value.fitting(schema.arguments[index].type, of: schema) else { return nil }
      first.append(fitted)
      isGiven[index] = true
    }
    var named: [(key: String, value: FakeValue)] = []
    for (key, value) in keywords {
      guard let index = schema.position(ofPythonName: key), !isGiven[index],
        let fitted = value.fitting(schema.arguments[index].type, of: schema)
      else { return nil }
      isGiven[index] = true
      named.append((schema.arguments[index].name, fitted))
    }
    for (index, argument) in schema.arguments.enumerated()
    where !isGiven[index] && argument.defaultValue == nil {
      return nil
    }
    return (first, named)
  }

  /// `x.view(2, 3)` as `x.view([2, 3])`: a lone list of integers may be spelt out.
  private func collectingIntegers(_ given: [FakeValue], _ schema: FunctionSchema) -> [FakeValue] {
    let start = isMethod ? 1 : 0
    guard schema.positionalCount == start + 1, schema.arguments[start].type.isIntegers, given.count > start,
      given[start...].allSatisfy({ if case .symInt = $0 { true } else { false } })
    else { return given }
    return given[..<start] + [.list(Array(given[start...]))]
  }
}

extension FunctionSchema {
  /// The position of the argument that Python calls `name`.
  ///
  /// - Source: `numpy_compatibility_arg_names` in `python_arg_parser.cpp`.
  fileprivate func position(ofPythonName name: String) -> Int? {
    if let position = position(of: name) { return position }
    switch name {
    case "input", "x", "a", "x1": return position(of: "self")
    case "axis": return position(of: "dim")
    case "keepdims": return position(of: "keepdim")
    case "x2": return position(of: "other")
    default: return nil
    }
  }

  /// Whether a number may be given for a tensor.
  ///
  /// - Source: `should_allow_numbers_as_tensors` in `python_arg_parser.cpp`.
  fileprivate var takesNumbersAsTensors: Bool { Self.numericNames.contains(name.base) }

  private static let numericNames: Set<String> = [
    "add", "add_", "sub", "sub_", "subtract", "subtract_", "mul", "mul_", "multiply", "multiply_", "div",
    "div_",
    "divide", "divide_", "true_divide", "true_divide_", "floor_divide", "floor_divide_", "_conj", "fmod",
    "remainder",
    "copy_", "copy", "where", "lerp", "pow", "rsub", "to", "_to_copy",
  ]
}

extension FakeValue {
  /// The value as Python's parser hands it to an argument of `type`; `nil` when it refuses it.
  fileprivate func fitting(_ type: ArgumentType, of schema: FunctionSchema) -> FakeValue? {
    if case .optional(let wrapped) = type { return isNone ? self : fitting(wrapped, of: schema) }
    switch (type, self) {
    case (.tensor, .tensor): return self
    case (.tensor, _): return schema.takesNumbersAsTensors && scalarCategory != nil ? self : nil
    case (.int, .symInt), (.symInt, .symInt): return self
    case (.float, .symInt(let value)): return value.constant.map { .float(Double($0)) } ?? self
    case (.float, .float), (.float, .symFloat), (.symFloat, .float), (.symFloat, .symFloat),
      (.symFloat, .symInt):
      return self
    case (.bool, .bool), (.bool, .symBool), (.symBool, .bool), (.symBool, .symBool): return self
    case (.scalar, _): return scalarCategory != nil ? self : nil
    case (.string, .string), (.dtype, .dtype), (.layout, .layout), (.device, .device),
      (.memoryFormat, .memoryFormat):
      return self
    case (.device, .string(let name)): return Device(name).map { .device($0) }
    case (.device, .symInt(let index)):
      return index.constant.flatMap { Int16(exactly: $0) }.map { .device(Device(.cuda, index: $0)) }
    case (.list(let element, let size), _):
      if let items = elements {
        var fitted: [FakeValue] = []
        for item in items {
          guard let value = item.fitting(element, of: schema) else { return nil }
          fitted.append(value)
        }
        return .list(fitted)
      }
      // `int[2]` takes one integer for both.
      return size != nil ? fitting(element, of: schema) : nil
    case (.generator, .none), (.generator, .opaque): return self
    case (.other, _), (.variable, _): return self
    default: return nil
    }
  }
}
