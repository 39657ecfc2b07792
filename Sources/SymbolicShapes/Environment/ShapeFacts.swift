public import SymbolicExpressions

/// What a symbol stands for, which decides its name.
public enum SymbolKind: UInt8, Sendable {
  /// A size of an input with a known example, `s0`.
  case backedSize
  /// An integer or float input with a known example, `s0` or `zf0`.
  case backedNumber
  /// An integer that only a run knows, `u0`.
  case unbackedInt
  /// A float that only a run knows, `zuf0`.
  case unbackedFloat
}

/// A decision that was made with the hints, and holds only where it comes out the same.
public struct Guard: Sendable {
  /// What holds.
  public let expression: SymExpr
  /// The step that caused it.
  public let origin: ShapeEnv.Origin
}

/// A fact that a run must check, because it speaks of values that only the run knows.
public struct RuntimeAssert: Sendable {
  /// What holds.
  public let expression: SymExpr
  /// What a run says when it does not hold.
  public let message: String
  /// The step that caused it.
  public let origin: ShapeEnv.Origin
}

/// What was said about symbols from outside, before anything was concluded from it.
///
/// Proofs build on it, for PyTorch's conclusions are not all sound: `Eq(u0, u0*u1)` makes it take `u1 = 1`.
struct GivenFacts {
  /// The range that each symbol was declared with or was narrowed to.
  var ranges = SymbolRanges()
  /// The symbols whose range was narrowed after it was declared, in that order.
  var constrained: [SymExpr.Symbol] = []
  /// How often a known symbol was declared again, perhaps with a wider range.
  var redeclarations = 0
  /// Conditions that a program declares, such as the range of a derived dim.
  var conditions: [SymExpr] = []
  /// Symbols that are another name of something, with what they are.
  var definitions: [(symbol: SymExpr.Symbol, value: SymExpr)] = []
}

/// Everything that is known about the symbols of one environment.
///
/// A value: a copy is a checkpoint, taken and restored in constant time. Columns are indexed by symbol.
struct ShapeFacts {
  var kinds: ContiguousArray<SymbolKind> = []
  var ranges = SymbolRanges()
  var hints: ContiguousArray<SymExpr.Number?> = []
  var sizeLike: ContiguousArray<Bool> = []
  var births: ContiguousArray<ShapeEnv.Origin> = []
  /// Each symbol's replacement; its own handle while it has none.
  var replacements: ContiguousArray<SymExpr> = []
  /// The symbols that have a replacement, in the order in which they got it.
  var replaced: [SymExpr.Symbol] = []
  var renamings: [SymExpr.Symbol: SymExpr.Symbol] = [:]
  var divisible: Set<SymExpr> = []
  var axioms = Axioms()
  /// The axioms with a division by a division, which becomes simpler when both are found to be exact.
  var nestedDivisionAxioms: [SymExpr] = []
  /// Whether a divisibility was learnt since these were simplified.
  var axiomsMayBeSimpler = false
  var guards: [Guard] = []
  /// In the order of learning; `nil` collects asserts without an unbacked symbol.
  var runtimeAsserts: [(symbol: SymExpr.Symbol?, assert: RuntimeAssert)] = []
  var unbackedInputs: Set<SymExpr.Symbol> = []
  var pendingFresh: [SymExpr.Symbol] = []
  /// What was learnt about symbols, in that order.
  var history: [Learning] = []
  var given = GivenFacts()
  /// Whether a fact was met that cannot hold beside the others or the example values.
  var areContradictory = false
  var nextUnbackedInt = 0
  var nextUnbackedFloat = 0
  /// Changes with everything that can alter an answer; stamps memos.
  var version: UInt64 = 1
  /// Changes with everything that is learnt; not when only the way to a replacement is shortened.
  var newsVersion: UInt64 = 1
}

extension ShapeFacts {
  /// How much there is of what grows with a program.
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

  /// Makes room: columns that grow as they are filled are copied several times.
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
  /// Makes room for as many elements, if there are not so many; nothing is copied otherwise, even where a checkpoint
  /// shares the elements.
  @inline(__always)
  fileprivate mutating func reserve(_ capacity: Int) {
    if capacity > count { reserveCapacity(capacity) }
  }
}
