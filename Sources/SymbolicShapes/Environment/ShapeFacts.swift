public import SymbolicExpressions

/// What a symbol stands for; this decides its name.
public enum SymbolKind: UInt8, Sendable {
  /// A size of an input with a hint, `s0`.
  case backedSize
  /// An integer or float input with a hint, `s0` or `zf0`.
  case backedNumber
  /// An unbacked (data-dependent) integer, `u0`.
  case unbackedInt
  /// An unbacked float, `zuf0`.
  case unbackedFloat
}

/// A decision made with hints; the program is valid only for inputs for which it has the same outcome.
public struct Guard: Sendable {
  /// The condition that holds.
  public let expression: SymExpr
  /// The step that caused it.
  public let origin: ShapeEnv.Origin
}

/// A condition on unbacked symbols that is checked at run time.
public struct RuntimeAssert: Sendable {
  /// The condition that must hold.
  public let expression: SymExpr
  /// The error message if it does not hold.
  public let message: String
  /// The step that caused it.
  public let origin: ShapeEnv.Origin
}

/// What was stated about symbols from outside, before any conclusions.
///
/// Proofs build on these facts because PyTorch's conclusions are not all sound: from `Eq(u0, u0*u1)` it concludes
/// `u1 = 1`.
struct GivenFacts {
  /// The range that each symbol was declared with or narrowed to.
  var ranges = SymbolRanges()
  /// The symbols whose range was narrowed after declaration, in that order.
  var constrained: [SymExpr.Symbol] = []
  /// How often a known symbol was declared again, possibly with a wider range.
  var redeclarations = 0
  /// Conditions that a program declares, such as the range of a derived dim.
  var conditions: [SymExpr] = []
  /// Symbols that are another name for an expression, with that expression.
  var definitions: [(symbol: SymExpr.Symbol, value: SymExpr)] = []
}

/// Everything known about the symbols of one environment.
///
/// A value: a copy is a checkpoint, which is taken and restored in constant time. Columns are indexed by symbol.
struct ShapeFacts {
  var kinds: ContiguousArray<SymbolKind> = []
  var ranges = SymbolRanges()
  var hints: ContiguousArray<SymExpr.Number?> = []
  var sizeLike: ContiguousArray<Bool> = []
  var births: ContiguousArray<ShapeEnv.Origin> = []
  /// Each symbol's replacement; its own handle if it has none.
  var replacements: ContiguousArray<SymExpr> = []
  /// The symbols that have a replacement, in the order in which they were replaced.
  var replaced: [SymExpr.Symbol] = []
  var renamings: [SymExpr.Symbol: SymExpr.Symbol] = [:]
  var divisible: Set<SymExpr> = []
  /// Remainders that were made while a sign was unknown, with the number of replacements there were.
  var signedRemainders: [SymExpr: Int] = [:]
  var axioms = Axioms()
  /// The axioms with a division by a division, which can be simplified once both are known to be exact.
  var nestedDivisionAxioms: [SymExpr] = []
  /// Whether a divisibility was learned since these were last simplified.
  var axiomsMayBeSimpler = false
  var guards: [Guard] = []
  /// In the order of learning; `nil` is the key of asserts without an unbacked symbol.
  var runtimeAsserts: [(symbol: SymExpr.Symbol?, assert: RuntimeAssert)] = []
  var unbackedInputs: Set<SymExpr.Symbol> = []
  var pendingFresh: [SymExpr.Symbol] = []
  /// What was learned about symbols, in that order.
  var history: [Learning] = []
  var given = GivenFacts()
  /// Whether a fact contradicted the others or the hints.
  var areContradictory = false
  var nextUnbackedInt = 0
  var nextUnbackedFloat = 0
  /// Changes whenever an answer could change; stamps memos.
  var version: UInt64 = 1
  /// Changes whenever something is learned, but not when only the path to a replacement is shortened.
  var newsVersion: UInt64 = 1
}

extension ShapeFacts {
  /// The sizes of the columns that grow with a program.
  struct Counts {
    var symbols = 0
    var replaced = 0
    var guards = 0
    var runtimeAsserts = 0
    var learnings = 0
    var constrained = 0
    var definitions = 0
  }

  var counts: Counts {
    Counts(
      symbols: kinds.count, replaced: replaced.count, guards: guards.count,
      runtimeAsserts: runtimeAsserts.count, learnings: history.count, constrained: given.constrained.count,
      definitions: given.definitions.count)
  }

  /// Reserves room: columns that grow as they are filled are copied several times.
  mutating func reserveCapacity(_ counts: Counts) {
    kinds.reserve(counts.symbols)
    ranges.ranges.reserve(counts.symbols)
    given.ranges.ranges.reserve(counts.symbols)
    hints.reserve(counts.symbols)
    sizeLike.reserve(counts.symbols)
    births.reserve(counts.symbols)
    replacements.reserve(counts.symbols)
    replaced.reserve(counts.replaced)
    guards.reserve(counts.guards)
    runtimeAsserts.reserve(counts.runtimeAsserts)
    history.reserve(counts.learnings)
    given.constrained.reserve(counts.constrained)
    given.definitions.reserve(counts.definitions)
  }
}

extension RangeReplaceableCollection {
  /// Reserves room for `count` elements if there are fewer.
  ///
  /// Otherwise nothing is copied, even if a checkpoint shares the elements.
  @inline(__always)
  fileprivate mutating func reserve(_ capacity: Int) {
    if capacity > count { reserveCapacity(capacity) }
  }
}
