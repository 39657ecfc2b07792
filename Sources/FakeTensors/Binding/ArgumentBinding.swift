package import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

extension ResolvedOperator {
  /// Binds arguments to the schema: in its order, with defaults filled in.
  ///
  /// - Parameters:
  ///   - positional: the positional arguments.
  ///   - keywords: the keyword arguments.
  ///   - mode: the mode of the tensors.
  ///   - keywordOnly: whether keyword-only arguments may also be given by position, as rules do that call other rules.
  /// - Returns: the call, ready for the operator's rule.
  /// - Throws: ``OperatorError`` if there are too many arguments, if one is unknown or given twice, or if one without a
  ///   default is missing.
  public func call(
    _ positional: [FakeValue], _ keywords: some Collection<(key: String, value: FakeValue)> = [:],
    in mode: FakeTensorMode, keywordOnlyByPosition keywordOnly: Bool = true
  ) throws(OperatorError) -> OperatorCall {
    var arguments: ContiguousArray<FakeValue> = []
    arguments.reserveCapacity(schema.arguments.count)
    let named = Array(keywords)
    do {
      try schema.bindArguments(
        positional: positional.count, keywords: named.map(\.key), keywordOnlyByPosition: keywordOnly
      ) { source, place in
        let argument = place.map { schema.arguments[$0] }
        switch source {
        case .positional(let position): arguments.append(positional[position].fitted(to: argument?.type))
        case .keyword(let position): arguments.append(named[position].value.fitted(to: argument?.type))
        case .omitted: if let value = argument?.defaultFakeValue { arguments.append(value) }
        }
      }
    } catch { throw OperatorError(error, of: schema) }
    return OperatorCall(schema, arguments, in: mode)
  }
}

extension OperatorError {
  /// Arguments that do not fit the operator's schema.
  package init(_ mismatch: ArgumentMismatch, of schema: FunctionSchema) {
    let name = schema.name.description
    let reason =
      switch mismatch {
      case .tooMany(let expected, let received): "takes \(expected) arguments, \(received) were given"
      case .unknown(let argument): "does not take '\(argument)'"
      case .repeated(let argument): "got several values for its argument '\(argument)'"
      case .missing(let argument): "is missing its argument '\(argument)'"
      }
    self.init(.refused("\(name) \(reason)"), operator: name)
  }
}

extension ArgumentType {
  /// Whether this is a list of integers, possibly optional.
  package var isIntegers: Bool {
    switch element {
    case .int, .symInt: true
    default: false
    }
  }
}

extension FakeValue {
  /// The value as an argument of `type`: for `int[]` and `SymInt[]`, a list becomes a list of sizes.
  func fitted(to type: ArgumentType?) -> FakeValue {
    guard let type, type.isIntegers else { return self }
    switch self {
    case .list(let items), .tuple(let items): return FakeValue(integers: items)
    default: return self
    }
  }

  /// A list of integers, in which booleans count as 1 and 0.
  ///
  /// It stays a plain list if it contains anything else, such as a tensor in place of an integer: the rule handles
  /// that.
  package init(integers items: [FakeValue]) {
    var sizes = Sizes()
    for item in items {
      switch item {
      case .symInt(let size): sizes.append(size)
      case .bool(let flag): sizes.append(flag ? 1 : 0)
      default:
        self = .list(items)
        return
      }
    }
    self = .sizes(sizes)
  }
}
