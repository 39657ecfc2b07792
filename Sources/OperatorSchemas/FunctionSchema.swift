/// The schema of an operator overload: its arguments and results.
///
/// ```swift
/// let schema = try FunctionSchema("mylib::scale(Tensor x, float factor=0.5) -> Tensor")
/// schema.arguments[1].defaultValue  // .float(0.5)
/// ```
public struct FunctionSchema: Hashable, Sendable {
  /// The overload that the schema describes.
  public var name: OperatorName
  /// The arguments in order, keyword-only ones last.
  public var arguments: [Argument]
  /// The results in order.
  public var returns: [Return]
  /// Whether further arguments of any type may follow: `...`.
  public var isVariadic = false
  /// Whether the results are unspecified: `-> ...`.
  public var returnsVariadic = false

  /// One argument of a schema: `Tensor(a!) self`, `int dim=-1`.
  public struct Argument: Hashable, Sendable {
    /// The name, which calls may use as a keyword.
    public var name: String
    /// The type, without alias annotations.
    public var type: ArgumentType
    /// The default value; `nil` if the argument is required.
    public var defaultValue: DefaultValue?
    /// Whether the argument follows `*` and must be passed by name.
    public var isKeywordOnly: Bool
    /// The alias annotation of the argument.
    public var alias: AliasAnnotation?

    /// Whether the operator writes to the argument: `(a!)`.
    public var isMutated: Bool { alias?.isWrite ?? false }
    /// Whether the argument is an `out` argument: it is keyword-only and written to.
    public var takesResult: Bool { isKeywordOnly && isMutated }
    /// The alias sets of the argument before the call, such as `["a"]`.
    public var aliasSet: [String] { alias?.before ?? [] }
  }

  /// One result of a schema: `Tensor`, `Tensor(a!) out`.
  public struct Return: Hashable, Sendable {
    /// The name, if the schema gives one.
    public var name: String?
    /// The type, without alias annotations.
    public var type: ArgumentType
    /// The alias annotation of the result.
    public var alias: AliasAnnotation?

    /// Whether the result is an argument that the operator wrote to.
    public var isMutated: Bool { alias?.isWrite ?? false }
    /// The alias sets of the result, such as `["a"]`.
    public var aliasSet: [String] { alias?.after ?? [] }
  }
}

extension FunctionSchema {
  /// Whether the operator writes to one of its arguments.
  public var isMutable: Bool { arguments.contains(where: \.isMutated) }

  /// Whether the operator writes to its first argument and is named accordingly: `add_`, `__iand__`.
  public var isInplace: Bool {
    name.base.hasSuffix("_") && (arguments.first.map { $0.isMutated } ?? false)
  }

  /// Whether the operator writes its results to `out` arguments, as `add.out` does.
  public var isOut: Bool { arguments.contains(where: \.takesResult) }

  /// The positions of the `out` arguments.
  public var outArguments: [Int] { arguments.indices.filter { arguments[$0].takesResult } }

  /// Whether results alias arguments and nothing is written.
  ///
  /// Source: `OpOverload.is_view`, `torch/_ops.py`, v2.13.
  public var isView: Bool { !isMutable && arguments.contains { $0.alias != nil } }

  /// The number of results; a list counts as one.
  public var numberOfReturns: Int { returns.count }

  /// Whether the only result is a list.
  public var returnsList: Bool { returns.count == 1 && returns[0].type.element != nil }

  /// The position of the argument called `name`.
  ///
  /// - Complexity: O(number of arguments).
  public func position(of name: String) -> Int? {
    arguments.firstIndex { $0.name == name }
  }
}

extension FunctionSchema: CustomStringConvertible {
  /// The schema in PyTorch's language; parses to an equal schema.
  public var description: String {
    var inputs: [String] = []
    var isKeywordOnly = false
    for argument in arguments {
      if argument.isKeywordOnly, !isKeywordOnly { inputs.append("*") }
      isKeywordOnly = argument.isKeywordOnly
      inputs.append(argument.description)
    }
    if isVariadic { inputs.append("...") }
    var outputs = returns.map(\.description).joined(separator: ", ")
    if returnsVariadic {
      outputs = "..."
    } else if returns.count != 1 || outputs.hasPrefix("(") {
      // A single result has no parentheses unless it is a tuple, which would otherwise parse as several results.
      outputs = "(\(outputs))"
    }
    return "\(name.schemaName)(\(inputs.joined(separator: ", "))) -> \(outputs)"
  }
}

extension FunctionSchema.Argument: CustomStringConvertible {
  /// The argument in PyTorch's language: `Tensor(a!) self`, `int dim=-1`.
  public var description: String {
    let typed = "\(type.text(annotation: alias.map { ($0.description, $0.depth) })) \(name)"
    switch (defaultValue, type) {
    case (nil, _): return typed
    case (.intList(let values), .list(.int, let size))
    where values.count > 1 && values.count == size && values.allSatisfy { $0 == values[0] }:
      // As PyTorch prints `int[2] padding=[0, 0]`, though not `SymInt[2] padding=[0, 0]`.
      return "\(typed)=\(values[0])"
    case (let value?, _): return "\(typed)=\(value)"
    }
  }
}

extension FunctionSchema.Return: CustomStringConvertible {
  /// The result in PyTorch's language: `Tensor`, `Tensor(a!) out`.
  public var description: String {
    let type = type.text(annotation: alias.map { ($0.description, $0.depth) })
    return name.map { "\(type) \($0)" } ?? type
  }
}
