import SymbolicShapes

/// Sizes for some of a program's inputs, matched with the program's inputs.
public struct SizeRequest: Sendable {
  /// A fixed input that was given a different value.
  public struct Mismatch: Equatable, Sendable {
    /// The input's name.
    public let input: String
    /// The value that it was fixed to.
    public let expected: String
    /// The value that was given.
    public let given: String
  }

  /// The sizes given for each input, by position in ``SizeRules/inputs``; `nil` for an input that is not named.
  public private(set) var dims: [[SizePattern.Dim]?]
  /// Fixed inputs that were given a different value.
  public private(set) var mismatches: [Mismatch] = []

  /// Whether any size has several values.
  public var isSweep: Bool {
    dims.contains { dims in
      dims?.contains { dim in
        if case .range(let lower, let upper, _) = dim { return lower < upper }
        return false
      } ?? false
    }
  }

  /// The pattern for one size; `nil` if its input is not named.
  func dim(of parameter: SizeRules.Parameter) -> SizePattern.Dim? {
    guard let dims = dims[parameter.input] else { return nil }
    // An integer has one pattern.
    return dims[parameter.dim ?? 0]
  }

  /// Matches patterns with inputs, by placeholder name or by path.
  ///
  /// - Throws: ``SizeError`` for unknown names, a wrong number of sizes, and negative sizes.
  public init(_ patterns: [SizePattern], _ rules: SizeRules) throws(SizeError) {
    dims = Array(repeating: nil, count: rules.inputs.count)
    for pattern in patterns {
      guard let position = rules.input(named: pattern.input) else {
        throw .unknownInput(name: pattern.input, known: Self.names(rules.inputs))
      }
      let input = rules.inputs[position]
      guard dims[position] == nil else { throw .repeatedInput(name: pattern.input) }
      switch input.kind {
      case .tensor(let sizes):
        try Self.checkSizes(pattern, sizes.map { rules.shapes.text(raw: $0) })
        dims[position] = pattern.dims
      case .integer:
        guard pattern.dims.count == 1 else {
          throw .wrongRank(input: pattern.input, expected: ["an integer"], given: pattern.dims.count)
        }
        dims[position] = pattern.dims
      case .fixed(let expected):
        dims[position] = []
        if pattern.text != expected {
          mismatches.append(Mismatch(input: input.name, expected: expected, given: pattern.text))
        }
      case .other(let what): throw .noSizes(input: pattern.input, what: what)
      }
    }
  }

  private static func checkSizes(_ pattern: SizePattern, _ expected: [String]) throws(SizeError) {
    guard pattern.dims.count == expected.count else {
      throw .wrongRank(input: pattern.input, expected: expected, given: pattern.dims.count)
    }
    for case .range(let lower, _, _) in pattern.dims where lower < 0 {
      throw .negativeSize(input: pattern.input, size: lower)
    }
  }

  /// `x, mask, batch_ids (batch.ids)`.
  private static func names(_ inputs: [ProgramInput]) -> [String] {
    inputs.map { $0.path == $0.name ? $0.name : "\($0.name) (\($0.path))" }
  }
}
