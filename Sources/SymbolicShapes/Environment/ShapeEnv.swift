public import SymbolicExpressions

/// The symbols of a program and what is known about them.
///
/// Sizes are expressions in one arena. The environment holds each symbol's hint and range, replacements, divisibility,
/// guards and runtime asserts. An environment belongs to one task.
///
/// Building expressions and learning facts are long exclusive accesses, but neither calls back into the environment.
/// Debug builds check that at run time; release builds do not: see `Documentation/tuning.md`. (The compiler ignores the
/// attribute in other modules, hence the accessors.)
///
/// Source: `torch.fx.experimental.symbolic_shapes.ShapeEnv`, 2.13.
public final class ShapeEnv {
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  @usableFromInline var expressions = ExprArena()
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  var facts = ShapeFacts()
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  @usableFromInline var currentOrigin = Origin.input
  /// The reason for the facts that are being learned.
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  var learningFrom: (kind: Learning.Reason.Kind, cause: SymExpr?) = (.declared, nil)
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  var staticMemo = StaticMemo()
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  var layouts = LayoutMemo()
  var proofMemo: ProofMemo?
  /// What the questions of the current run may still cost.
  package internal(set) var runBudget = RunBudget.standard
  /// The operands that the arena had built when the run began.
  var operandsAtStart = 0
  /// Whether a run before the current one has spent a budget.
  var hasSpentEarlierBudget = false
  /// Answers data-dependent questions and records them.
  ///
  /// Without a survey, they are errors.
  public var survey: DecisionSurvey?
  /// Numbers the states of knowledge.
  ///
  /// Unlike the facts, it is never rolled back.
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  var versions = VersionTree()
  /// Whether the facts being learned only shorten the path to a known replacement.
  var isLookingUp = false

  /// Which version of PyTorch the environment answers as.
  ///
  /// Set before the first symbol is made.
  public var profile = SemanticProfile.newest {
    didSet { expressions.semantics = profile.expressions }
  }

  /// The expressions of this environment.
  public var arena: ExprArena {
    @inlinable _read { yield expressions }
    @inlinable _modify { yield &expressions }
  }

  /// The step that new facts are attributed to.
  public var origin: Origin {
    @inlinable _read { yield currentOrigin }
    @inlinable _modify { yield &currentOrigin }
  }

  #if DEBUG
    /// Distinguishes the sizes of this environment from those of others: the number of its arena, never 0.
    @usableFromInline let number: UInt8
  #endif

  /// An environment without symbols.
  public init() {
    #if DEBUG
      number = expressions.mark.number
    #endif
    expressions.operandLimit = runBudget.operands
  }

  // Symbols

  /// Creates a symbol with a hint for an input size, in [2, ∞) unless `range` is given.
  @discardableResult
  public func createBackedSymbol(
    _ name: String, hint: SymExpr.Number?, range: IntRange = IntRange(lower: 2, upper: .max),
    isSize: Bool = true
  ) -> SymExpr {
    let assumptions: SymbolAssumptions = isSize ? [.integer, .positive] : [.integer]
    return declare(
      name, assumptions, kind: isSize ? .backedSize : .backedNumber, range: .int(range), hint: hint)
  }

  /// Creates a symbol with a hint for a float input.
  @discardableResult
  public func createBackedFloat(_ name: String, hint: Double?) -> SymExpr {
    declare(
      name, [.real], kind: .backedNumber, range: .float(.unbounded), hint: hint.map { .float($0) })
  }

  /// Creates a fresh unbacked integer in `range`.
  ///
  /// It is pending until it is found in an operator's result.
  ///
  /// Source: `ShapeEnv.create_unbacked_symint`.
  public func createUnbackedInt(
    range: IntRange = .unbounded, isSizeLike: Bool = false
  ) -> SymInt {
    let name = "u\(facts.nextUnbackedInt)"
    facts.nextUnbackedInt += 1
    let expression = declare(name, [.integer, .unbacked], kind: .unbackedInt, range: .int(range), hint: nil)
    if let symbol = arena.asSymbol(expression) {
      if isSizeLike { noteSizeLike(symbol) }
      facts.pendingFresh.append(symbol)
    }
    return symInt(expression)
  }

  /// Creates a fresh unbacked truth value: `Eq(u, 1)` with `u` in [0, 1].
  ///
  /// Source: `ShapeEnv.create_unbacked_symbool`.
  public func createUnbackedBool() -> SymBool {
    let value = createUnbackedInt(range: IntRange(lower: 0, upper: 1))
    return eq(value, 1)
  }

  /// Creates a fresh unbacked float.
  ///
  /// Source: `ShapeEnv.create_unbacked_symfloat`.
  public func createUnbackedFloat() -> SymFloat {
    let name = "zuf\(facts.nextUnbackedFloat)"
    facts.nextUnbackedFloat += 1
    let expression = declare(
      name, [.real, .unbacked], kind: .unbackedFloat, range: .float(.unbounded), hint: nil)
    if let symbol = arena.asSymbol(expression) { facts.pendingFresh.append(symbol) }
    return SymFloat(expression)
  }

  /// Declares a symbol with a given name, or returns it if it is already known.
  ///
  /// Fresh unbacked symbols are numbered after the largest declared one.
  @discardableResult
  public func declare(
    _ name: String, _ assumptions: SymbolAssumptions, kind: SymbolKind, range: ValueRange,
    hint: SymExpr.Number?
  ) -> SymExpr {
    let expression = arena.symbol(name, assumptions)
    guard let symbol = arena.asSymbol(expression) else { return expression }
    let index = Int(symbol.index)
    let isKnown = index < facts.kinds.count && facts.births[index] != .forgotten
    reserveColumns(through: symbol)
    if isKnown { noteRedeclaration(symbol, range) }
    facts.kinds[index] = kind
    facts.ranges.ranges[index] = range
    facts.given.ranges.ranges[index] = range
    facts.hints[index] = hint
    facts.births[index] = origin
    if case .int(let range) = range, range != .unbounded {
      learning(.declared, from: nil) { note(.range(symbol, range)) }
    }
    noteNumber(of: name, kind)
    changed(.declaration(expression, kind, range, hint: hint, isKnown: isKnown))
    return expression
  }

  /// Records that proofs may have used the old range of `symbol`.
  private func noteRedeclaration(_ symbol: SymExpr.Symbol, _ range: ValueRange) {
    if case .int(let new) = range, case .int(let old) = facts.given.ranges.ranges[Int(symbol.index)],
      new.isSubset(of: old)
    {
      facts.given.constrained.append(symbol)
    } else {
      facts.given.redeclarations += 1
    }
  }

  /// Adds columns for every symbol up to `symbol`; the arena may know symbols that were only parsed.
  func reserveColumns(through symbol: SymExpr.Symbol, born birth: Origin = .input) {
    while facts.kinds.count <= Int(symbol.index) {
      let next = SymExpr.Symbol(index: UInt32(facts.kinds.count))
      let assumptions = arena.assumptions(of: next)
      let unbacked = assumptions.contains(.unbacked)
      facts.kinds.append(unbacked ? .unbackedInt : .backedNumber)
      let range: ValueRange =
        assumptions.contains(.integer)
        ? .int(assumptions.contains(.positive) ? IntRange(lower: 1, upper: .max) : .unbounded)
        : .float(.unbounded)
      facts.ranges.ranges.append(range)
      facts.given.ranges.ranges.append(range)
      facts.hints.append(nil)
      facts.sizeLike.append(false)
      facts.births.append(birth)
      facts.replacements.append(arena.handle(of: next))
    }
  }

  /// Keeps the counters of fresh symbols ahead of declared names such as `u7`.
  func noteNumber(of name: String, _ kind: SymbolKind) {
    if kind == .unbackedInt, let number = number(in: name, after: "u"), number < Int.max {
      facts.nextUnbackedInt = Swift.max(facts.nextUnbackedInt, number + 1)
    } else if kind == .unbackedFloat, let number = number(in: name, after: "zuf"), number < Int.max {
      facts.nextUnbackedFloat = Swift.max(facts.nextUnbackedFloat, number + 1)
    }
  }

  private func number(in name: String, after prefix: String) -> Int? {
    name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
  }

  /// Updates the version after `change`.
  func changed(_ change: KnowledgeChange) {
    facts.version = versions.version(
      after: facts.version, change, learningFrom, origin, isNews: !isLookingUp)
    if !isLookingUp { facts.newsVersion = facts.version }
  }

  /// Sets a new, unique version after a change that no run makes.
  func changedFromOutside() {
    facts.version = versions.unique()
    facts.newsVersion = facts.version
  }

  // Checkpoints

  /// Everything known at one moment.
  public struct Checkpoint {
    fileprivate let facts: ShapeFacts
  }

  /// Takes a checkpoint of what is known now.
  ///
  /// - Complexity: O(1).
  public func checkpoint() -> Checkpoint { Checkpoint(facts: facts) }

  /// Forgets everything learned since `checkpoint`.
  ///
  /// Symbols created since then may be created again under the same names. The version is that of the checkpoint, so
  /// answers found from the same facts are reused.
  public func restore(_ checkpoint: Checkpoint) {
    restore(checkpoint, room: ShapeFacts.Counts())
  }

  private func restore(_ checkpoint: Checkpoint, room: ShapeFacts.Counts) {
    facts = checkpoint.facts
    facts.reserveCapacity(room)
    if proofMemo?.version != facts.version { proofMemo = nil }
    // Symbols that the arena has met since keep their place in the columns.
    if arena.symbolCount > 0 {
      reserveColumns(through: SymExpr.Symbol(index: UInt32(arena.symbolCount - 1)), born: .forgotten)
    }
  }

  /// Forgets everything learned since `checkpoint` and reserves room to learn as much again.
  public func rewind(to checkpoint: Checkpoint) { restore(checkpoint, room: facts.counts) }

  /// The version of what is known now: equal versions mean equal facts.
  public var version: UInt64 { facts.version }

  /// The version of what has been stated and concluded.
  ///
  /// Reading expressions, as printing does, does not change it.
  public var newsVersion: UInt64 { facts.newsVersion }
}
