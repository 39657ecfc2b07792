public import SymbolicExpressions

#if DEBUG
  import Synchronization
#endif

/// The symbols of a program and what is known about them.
///
/// Sizes are expressions in one arena; the environment holds each symbol's hint and range, equalities found
/// (replacements), divisibility, the guards that were taken and the asserts that a run must make. One
/// environment belongs to one task.
///
/// Builders of the arena and learning of facts are long accesses, but neither calls back into the environment.
/// Debug builds check that at run time; release builds do not: see `Documentation/tuning.md`. (The compiler ignores
/// the attribute in other modules, hence the accessors.)
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
  /// What the facts that are learnt at the moment follow from.
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
  /// Answers questions that only a run can answer, and notes them; without one they are errors.
  public var survey: DecisionSurvey?
  /// Names what is known; unlike the facts, it never goes back.
  #if !DEBUG
    @exclusivity(unchecked)
  #endif
  var versions = VersionTree()
  /// Whether what is learnt at the moment only shortens the way to what was known.
  var isLookingUp = false

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
    /// Told apart from that of the other environments by the sizes of this one; never 0.
    @usableFromInline let number = environmentCount.wrappingAdd(1, ordering: .relaxed).newValue % 255 + 1
  #endif

  /// An environment without symbols.
  public init() {}

  // Symbols

  /// A symbol for an input size with an example value, in [2, ∞) unless `range` says otherwise.
  @discardableResult
  public func createBackedSymbol(
    _ name: String, hint: SymExpr.Number?, range: IntRange = IntRange(lower: 2, upper: .max),
    isSize: Bool = true
  ) -> SymExpr {
    let assumptions: SymbolAssumptions = isSize ? [.integer, .positive] : [.integer]
    return declare(
      name, assumptions, kind: isSize ? .backedSize : .backedNumber, range: .int(range), hint: hint)
  }

  /// A symbol for a float input with an example value.
  @discardableResult
  public func createBackedFloat(_ name: String, hint: Double?) -> SymExpr {
    declare(
      name, [.real], kind: .backedNumber, range: .float(.unbounded), hint: hint.map { .float($0) })
  }

  /// A fresh integer that only a run knows, in `range`; it waits to be found in an operator's result.
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

  /// A fresh truth value that only a run knows: `Eq(u, 1)` with `u` in [0, 1].
  ///
  /// Source: `ShapeEnv.create_unbacked_symbool`.
  public func createUnbackedBool() -> SymBool {
    let value = createUnbackedInt(range: IntRange(lower: 0, upper: 1))
    return eq(value, 1)
  }

  /// A fresh float that only a run knows.
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

  /// Declares a symbol under a given name, or returns it when it is known already.
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

  /// Proofs have looked at the range that `symbol` has had until now.
  private func noteRedeclaration(_ symbol: SymExpr.Symbol, _ range: ValueRange) {
    if case .int(let new) = range, case .int(let old) = facts.given.ranges.ranges[Int(symbol.index)],
      new.isSubset(of: old)
    {
      facts.given.constrained.append(symbol)
    } else {
      facts.given.redeclarations += 1
    }
  }

  /// Makes columns for every symbol up to `symbol`; the arena may know symbols that were only parsed.
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

  /// Gives what is known after `change` its name.
  func changed(_ change: KnowledgeChange) {
    facts.version = versions.version(
      after: facts.version, change, learningFrom, origin, isNews: !isLookingUp)
    if !isLookingUp { facts.newsVersion = facts.version }
  }

  /// Gives what is known a name of its own, after a change that no run makes.
  func changedFromOutside() {
    facts.version = versions.unique()
    facts.newsVersion = facts.version
  }

  // Checkpoints

  /// All that is known at one moment.
  public struct Checkpoint {
    fileprivate let facts: ShapeFacts
  }

  /// Remembers what is known now.
  ///
  /// Constant time.
  public func checkpoint() -> Checkpoint { Checkpoint(facts: facts) }

  /// Forgets everything learnt since `checkpoint`.
  ///
  /// Symbols made since then may be made again by name. The version is that of the checkpoint, so answers that
  /// were found from these very facts are not sought again.
  public func restore(_ checkpoint: Checkpoint) {
    restore(checkpoint, room: ShapeFacts.Counts())
  }

  private func restore(_ checkpoint: Checkpoint, room: ShapeFacts.Counts) {
    facts = checkpoint.facts
    facts.reserveCapacity(room)
    if proofMemo?.version != facts.version { proofMemo = nil }
    // Symbols the arena has met since keep their place in the columns.
    if arena.symbolCount > 0 {
      reserveColumns(through: SymExpr.Symbol(index: UInt32(arena.symbolCount - 1)), born: .forgotten)
    }
  }

  /// Forgets everything learnt since `checkpoint`, to learn about as much once more: there is room for it at once.
  public func rewind(to checkpoint: Checkpoint) { restore(checkpoint, room: facts.counts) }

  /// Names what is known now: equal numbers are equal facts.
  public var version: UInt64 { facts.version }

  /// Names what has been said and concluded; looking at expressions, as printing does, leaves it as it is.
  public var newsVersion: UInt64 { facts.newsVersion }
}

#if DEBUG
  /// How many environments were made.
  private let environmentCount = Atomic<UInt8>(0)
#endif
