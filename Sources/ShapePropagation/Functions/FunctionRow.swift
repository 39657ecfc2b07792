import FakeTensors
import OperatorSchemas

/// A Python function that calls operators: its parameters, and the call that it makes.
///
///     dropout(input, p=0.5, training=True, inplace=False) -> [inplace] dropout_(input, p, training); dropout(input, p, training)
///
/// Alternatives are separated by semicolons; one with a parameter in brackets counts when that is true. An argument of
/// the call is a parameter, a constant, `name|constant` for a parameter that may be `None`, or `reduction(name)` for the
/// number that ATen has for the name of a reduction.
struct FunctionRow: Sendable {
  struct Parameter: Sendable {
    var name: String
    var defaultValue: Constant?
  }

  /// A constant of Python.
  enum Constant: Sendable {
    case none, bool(Bool), int(Int), float(Double), string(String), emptyList

    init?(_ text: Substring) {
      switch text {
      case "None": self = .none
      case "True": self = .bool(true)
      case "False": self = .bool(false)
      case "[]": self = .emptyList
      default:
        if text.hasPrefix("'"), text.hasSuffix("'"), text.count >= 2 {
          self = .string(String(text.dropFirst().dropLast()))
        } else if let value = Int(text) {
          self = .int(value)
        } else if let value = Double(text) {
          self = .float(value)
        } else {
          return nil
        }
      }
    }

    var value: FakeValue {
      switch self {
      case .none: .none
      case .bool(let value): .bool(value)
      case .int(let value): .int(value)
      case .float(let value): .float(value)
      case .string(let text): .string(text)
      case .emptyList: .list([])
      }
    }
  }

  enum Argument: Sendable {
    case parameter(Int, otherwise: Constant?)
    case constant(Constant)
    case reduction(Int)
  }

  struct Alternative: Sendable {
    /// The parameter that must be true.
    var condition: Int?
    /// The operator, without its namespace.
    var target: String
    var arguments: [(keyword: String?, value: Argument)]
  }

  let name: String
  let parameters: [Parameter]
  let alternatives: [Alternative]

  /// Reads a row; `nil` when it is none.
  init?(_ text: Substring) {
    guard let arrow = text.firstRange(of: " -> ") else { return nil }
    guard let (name, list) = Self.call(text[..<arrow.lowerBound]) else { return nil }
    self.name = name
    var parameters: [Parameter] = []
    for item in list {
      let parts = item.split(separator: "=", maxSplits: 1)
      guard let first = parts.first else { return nil }
      parameters.append(
        Parameter(name: String(first), defaultValue: parts.count > 1 ? Constant(parts[1]) : nil))
    }
    self.parameters = parameters
    let names = parameters.map(\.name)
    var alternatives: [Alternative] = []
    for part in text[arrow.upperBound...].split(separator: ";") {
      guard let alternative = Self.alternative(part, names) else { return nil }
      alternatives.append(alternative)
    }
    self.alternatives = alternatives
  }

  private static func alternative(_ text: Substring, _ names: [String]) -> Alternative? {
    var text = text.drop { $0 == " " }
    var condition: Int?
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]"),
        let index = names.firstIndex(of: String(text.dropFirst().prefix { $0 != "]" }))
      else { return nil }
      condition = index
      text = text[text.index(after: end)...].drop { $0 == " " }
    }
    guard let (target, list) = call(text) else { return nil }
    var arguments: [(keyword: String?, value: Argument)] = []
    for item in list {
      let parts = item.split(separator: "=", maxSplits: 1)
      guard let last = parts.last, let value = argument(last, names) else { return nil }
      arguments.append((parts.count > 1 ? String(parts[0]) : nil, value))
    }
    return Alternative(condition: condition, target: target, arguments: arguments)
  }

  private static func argument(_ text: Substring, _ names: [String]) -> Argument? {
    if let constant = Constant(text) { return .constant(constant) }
    if let (function, list) = call(text), function == "reduction", let first = list.first {
      return names.firstIndex(of: String(first)).map { .reduction($0) }
    }
    let parts = text.split(separator: "|", maxSplits: 1)
    guard let first = parts.first, let index = names.firstIndex(of: String(first)) else { return nil }
    return .parameter(index, otherwise: parts.count > 1 ? Constant(parts[1]) : nil)
  }

  /// `name(a, b)` as its name and the texts between commas.
  private static func call(_ text: Substring) -> (name: String, list: [Substring])? {
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else {
      return nil
    }
    var list: [Substring] = []
    var start = text.index(after: open)
    var depth = 0
    var index = start
    while index < close {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth == 0:
        list.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
      index = text.index(after: index)
    }
    list.append(text[start..<close])
    let trimmed = list.map { item in
      var item = item.drop { $0 == " " }
      while item.last == " " { item.removeLast() }
      return item
    }
    return (String(text[..<open]), trimmed.filter { !$0.isEmpty })
  }
}

extension FunctionRow {
  /// The call that the function makes for these arguments.
  ///
  /// - Throws: ``OperatorError`` when the arguments do not fit the parameters.
  func call(
    _ positional: [FakeValue], _ keywords: [(key: String, value: FakeValue)]
  ) throws(OperatorError) -> (
    target: String, positional: [FakeValue], keywords: [(key: String, value: FakeValue)]
  ) {
    let values = try bind(positional, keywords)
    let chosen = alternatives.first { alternative in
      guard let condition = alternative.condition else { return true }
      if case .bool(true) = values[condition] { return true }
      return false
    }
    guard let chosen else { throw OperatorError(.noRule, operator: name) }
    var args: [FakeValue] = []
    var kwargs: [(key: String, value: FakeValue)] = []
    for (keyword, argument) in chosen.arguments {
      let value = try self.value(argument, values)
      if let keyword { kwargs.append((keyword, value)) } else { args.append(value) }
    }
    return (chosen.target, args, kwargs)
  }

  /// A value for each parameter.
  func bind(
    _ positional: [FakeValue], _ keywords: [(key: String, value: FakeValue)]
  ) throws(OperatorError) -> [FakeValue] {
    guard positional.count <= parameters.count else {
      throw refusal("takes \(parameters.count) arguments, \(positional.count) were given")
    }
    var values: [FakeValue?] = positional + Array(repeating: nil, count: parameters.count - positional.count)
    for (key, value) in keywords {
      guard let index = parameters.firstIndex(where: { $0.name == key }) else {
        // Changes no shape, and is no parameter of some versions.
        if key == "_stacklevel" || key == "size_average" || key == "reduce" { continue }
        throw refusal("does not take '\(key)'")
      }
      guard values[index] == nil else { throw refusal("got several values for its argument '\(key)'") }
      values[index] = value
    }
    var bound: [FakeValue] = []
    for (value, parameter) in zip(values, parameters) {
      guard let value = value ?? parameter.defaultValue?.value else {
        throw refusal("is missing its argument '\(parameter.name)'")
      }
      bound.append(value)
    }
    return bound
  }

  private func refusal(_ reason: String) -> OperatorError {
    OperatorError(.refused("\(name) \(reason)"), operator: name)
  }

  private func value(_ argument: Argument, _ values: [FakeValue]) throws(OperatorError) -> FakeValue {
    switch argument {
    case .constant(let constant): return constant.value
    case .parameter(let index, let otherwise):
      if values[index].isNone, let otherwise { return otherwise.value }
      return values[index]
    case .reduction(let index):
      switch values[index] {
      case .string("none"): return .int(0)
      case .string("mean"), .string("elementwise_mean"): return .int(1)
      // The sum, divided by the number of rows.
      case .string("sum"), .string("batchmean"): return .int(2)
      default: throw refusal("has no such reduction")
      }
    }
  }
}
