public import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Where the value of one argument of a call comes from.
@usableFromInline
package enum ArgumentSource {
  /// The positional argument with this number.
  case positional(Int)
  /// The keyword argument with this number.
  case keyword(Int)
  /// The schema's default.
  case omitted(FakeValue)
}

extension FunctionSchema {
  /// Puts the arguments of a call into the order of the schema.
  ///
  /// This is the only place that does so. `body` is called once for each argument of the schema, in order, and then
  /// for each further positional argument of a variadic operator, whose type is `nil`.
  ///
  /// - Throws: ``OperatorError`` when there are too many arguments, one is unknown or given twice, or one without a
  ///   default is missing.
  @inlinable
  package func bindArguments(
    positional count: Int, keywords names: [String], _ body: (ArgumentSource, ArgumentType?) -> Void
  ) throws(OperatorError) {
    guard count <= arguments.count || isVariadic else {
      throw refusal("takes \(arguments.count) arguments, \(count) were given")
    }
    var used = 0
    for position in arguments.indices {
      if position < count {
        body(.positional(position), arguments[position].type)
      } else if used < names.count, let keyword = names.firstIndex(of: arguments[position].name) {
        used += 1
        body(.keyword(keyword - names.startIndex), arguments[position].type)
      } else if let value = arguments[position].defaultFakeValue {
        body(.omitted(value), arguments[position].type)
      } else {
        throw refusal("is missing its argument '\(arguments[position].name)'")
      }
    }
    if used < names.count { throw misplaced(names, afterPositional: count) }
    for position in arguments.count..<Swift.max(count, arguments.count) { body(.positional(position), nil) }
  }

  /// Says which keyword argument is unknown or given twice, one of which is.
  @usableFromInline
  func misplaced(_ names: [String], afterPositional count: Int) -> OperatorError {
    var seen = Set(arguments.prefix(count).map(\.name))
    for name in names where !seen.insert(name).inserted {
      return refusal("got several values for its argument '\(name)'")
    }
    let unknown = names.filter { position(of: $0) == nil }
    return refusal("does not take '\(unknown.joined(separator: "', '"))'")
  }

  @usableFromInline
  func refusal(_ reason: String) -> OperatorError {
    OperatorError(.refused("\(name) \(reason)"), operator: name.description)
  }
}

extension ResolvedOperator {
  /// A call with `positional` and `keywords` in the order of the schema and defaults filled in.
  ///
  /// - Throws: ``OperatorError`` when there are too many arguments, one is unknown or given twice, or one
  ///   without a default is missing.
  public func call(
    _ positional: [FakeValue], _ keywords: some Collection<(key: String, value: FakeValue)> = [:],
    in mode: FakeTensorMode
  ) throws(OperatorError) -> OperatorCall {
    var arguments: ContiguousArray<FakeValue> = []
    arguments.reserveCapacity(schema.arguments.count)
    let named = Array(keywords)
    try schema.bindArguments(positional: positional.count, keywords: named.map(\.key)) { source, type in
      switch source {
      case .positional(let position): arguments.append(positional[position].fitted(to: type))
      case .keyword(let position): arguments.append(named[position].value.fitted(to: type))
      case .omitted(let value): arguments.append(value)
      }
    }
    return OperatorCall(schema, arguments, in: mode)
  }
}

extension ArgumentType {
  /// Whether this is a list of integers, optional or not.
  package var isIntegers: Bool {
    switch element {
    case .int, .symInt: true
    default: false
    }
  }
}

extension FakeValue {
  /// The value as an argument of `type`: a list for `int[]` or `SymInt[]` becomes a list of sizes.
  func fitted(to type: ArgumentType?) -> FakeValue {
    guard let type, type.isIntegers else { return self }
    switch self {
    case .list(let items), .tuple(let items): return FakeValue(integers: items)
    default: return self
    }
  }

  /// A list of integers, in which truth values count as 1 and 0.
  ///
  /// It stays a plain list when it holds anything else, such as a tensor that stands for its one element: the rule
  /// says what to do with that.
  package init(integers items: some Sequence<FakeValue>) {
    var sizes = Sizes()
    for item in items {
      switch item {
      case .symInt(let size): sizes.append(size)
      case .bool(let flag): sizes.append(flag ? 1 : 0)
      default:
        self = .list(Array(items))
        return
      }
    }
    self = .sizes(sizes)
  }
}
