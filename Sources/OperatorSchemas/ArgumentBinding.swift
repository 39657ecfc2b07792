/// Where the value of one argument of a call comes from.
@frozen
public enum ArgumentSource: Hashable, Sendable {
  /// The positional argument with this number.
  case positional(Int)
  /// The keyword argument with this number.
  case keyword(Int)
  /// The schema's default.
  case omitted
}

/// Why the arguments of a call do not fit a schema.
public enum ArgumentMismatch: Error, Hashable, Sendable {
  /// More positional arguments than the operator takes.
  case tooMany(expected: Int, received: Int)
  /// A keyword that is not an argument of the operator.
  case unknown(String)
  /// An argument that is given more than once.
  case repeated(String)
  /// An argument without a default that is not given.
  case missing(String)
}

extension FunctionSchema {
  /// How many arguments can be given by position.
  @inlinable
  public var positionalCount: Int { arguments.prefix { !$0.isKeywordOnly }.count }

  /// Puts the arguments of a call into the order of the schema.
  ///
  /// This is the only place that does so. `body` is called once for each argument of the schema, in order and with its
  /// position, and then with `nil` for each further positional argument of a variadic operator.
  ///
  /// - Parameters:
  ///   - count: the number of positional arguments.
  ///   - names: the names of the keyword arguments.
  ///   - keywordOnly: whether keyword-only arguments may also be given by position, as rules do that call other rules.
  ///   - body: called with each argument.
  /// - Throws: ``ArgumentMismatch`` if there are too many arguments, if one is unknown or given twice, or if one
  ///   without a default is missing.
  @inlinable
  public func bindArguments(
    positional count: Int, keywords names: [String], keywordOnlyByPosition keywordOnly: Bool = false,
    _ body: (ArgumentSource, Int?) -> Void
  ) throws(ArgumentMismatch) {
    let most = keywordOnly ? arguments.count : positionalCount
    guard count <= most || isVariadic else { throw .tooMany(expected: most, received: count) }
    var used = 0
    for position in arguments.indices {
      if position < count {
        body(.positional(position), position)
      } else if used < names.count, let keyword = names.firstIndex(of: arguments[position].name) {
        used += 1
        body(.keyword(keyword), position)
      } else if arguments[position].defaultValue != nil {
        body(.omitted, position)
      } else {
        throw .missing(arguments[position].name)
      }
    }
    if used < names.count { throw mismatch(of: names, afterPositional: count) }
    for position in arguments.count..<Swift.max(count, arguments.count) { body(.positional(position), nil) }
  }

  /// The keyword that is unknown or given twice; there must be one.
  @usableFromInline
  func mismatch(of names: [String], afterPositional count: Int) -> ArgumentMismatch {
    var seen = Set(arguments.prefix(count).map(\.name))
    for name in names {
      if position(of: name) == nil { return .unknown(name) }
      if !seen.insert(name).inserted { return .repeated(name) }
    }
    return .unknown(names.joined(separator: ", "))
  }
}
