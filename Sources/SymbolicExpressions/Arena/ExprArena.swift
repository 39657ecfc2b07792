import DenseTables

/// Owns the expressions of one shape environment and stores each distinct one once.
///
/// Not copyable: a handle created by a copy would mean something else in the original.
///
/// **Normal form.** Every builder returns expressions in normal form, so equal expressions have equal handles:
///
/// - An integer expression is a *sum* of terms, sorted by monomial, the constant last; no term is a
///   sum, no two terms have the same monomial, and a sum has at least two terms.
/// - A *term* is a monomial or `scale(coefficient, monomial)`, the coefficient a literal that is
///   neither 0 nor 1.
/// - A *monomial* is a factor or a *product* of at least two factors, sorted by base.
/// - A *factor* is an atom or `power(atom, n)` with a literal `n ≥ 2`.
/// - An *atom* is a symbol or a call that no law rewrites further. Operands of calls are in normal form.
/// - Products are expanded. A product of sums that would have more than ``maxMultipliedTerms`` terms, a longer sum than
///   ``maxExpandedTerms`` times a term, a product beyond ``operandLimit``, and a product created by
///   ``mulUnexpanded(_:_:)`` stay products of sums, which then count as atoms.
/// - A literal that does not fit 64 bits is ``SymExpr/tooLarge``; so is an expression nested deeper
///   than ``maxDepth`` or with more parts than ``maxParts``.
///
/// **Layout.** Each expression has one record of twelve bytes, without references; operands of sums, products and wide
/// calls are in one shared pool. Derived facts are columns beside `records`. Operations on two operands are memoized:
/// repeating one costs one probe.
public struct ExprArena: ~Copyable, Sendable {
  enum Kind: UInt8 {
    /// One of the constants with fixed handles (`true` … `nan`).
    case constant
    /// A 64-bit literal, in `lhs` and `rhs`.
    case integer, float
    /// Symbol number `lhs`.
    case symbol
    /// `pool[lhs ..< lhs + rhs]`.
    case sum, product
    /// `lhs`, a literal, times the monomial `rhs`.
    case scale
    /// The atom `lhs` to the literal power `rhs`.
    case power
    /// A call of `function` with one operand, with two, or with those in `pool[lhs ..< lhs + rhs]`.
    case unary, binary, nary
    /// The ``RelationKind`` `function` of `lhs` and `rhs`.
    case relation
    case and, or, not
  }

  struct Record: Equatable {
    var kind: Kind
    var function: UInt8 = 0
    var flags: Flags = []
    var lhs: UInt32 = 0
    var rhs: UInt32 = 0
  }

  /// Facts about an expression that follow from its record.
  struct Flags: OptionSet {
    let rawValue: UInt16
    static let float = Flags(rawValue: 1)
    static let bool = Flags(rawValue: 2)
    static let hasSymbols = Flags(rawValue: 4)
    static let hasUnbacked = Flags(rawValue: 8)
    /// It contains a product or power of sums.
    static let unexpanded = Flags(rawValue: 16)
    /// It contains a `Max` or `Min`.
    static let hasExtrema = Flags(rawValue: 32)
    /// It contains a floor division or a remainder.
    static let hasQuotients = Flags(rawValue: 64)
    /// It contains `oo`, `-oo` or `nan`.
    static let hasInfinity = Flags(rawValue: 128)
    static let sorts: Flags = [.float, .bool]
    /// The flags that an expression inherits from its operands.
    static let inherited: Flags = [
      .hasSymbols, .hasUnbacked, .hasExtrema, .hasQuotients, .hasInfinity, .unexpanded,
    ]

    /// The flags that a call of `function` gives the expressions that contain it.
    init(calling function: UInt8) {
      switch SymFunction(rawValue: function) {
      case .max, .min: self = .hasExtrema
      case .floorDiv, .cleanDiv, .mod, .pythonMod, .modularIndexing: self = .hasQuotients
      default: self = []
      }
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
  }

  /// The maximum nesting depth of an expression.
  ///
  /// It bounds every recursion.
  public static let maxDepth: UInt16 = 1_000
  /// The maximum number of parts of an expression, each counted as often as it is used.
  ///
  /// It bounds every walk. Without it, an expression in which each part is used twice by the next would take a power of
  /// two of steps.
  public static let maxParts: UInt32 = 1 << 18
  /// The maximum number of terms of a sum that is multiplied by one term.
  public static let maxExpandedTerms = 10_000
  /// The maximum number of terms to which a product or power of sums is expanded.
  ///
  /// Without it, the number of terms doubles with every factor of two terms. PyTorch does not expand such products.
  public static let maxMultipliedTerms = 256
  /// The maximum power of a sum that is expanded.
  public static let maxExpandedPower = 64

  /// Marks the handles of this arena.
  public let mark = ArenaMark.next()
  var records: ContiguousArray<Record> = []
  var pool: ContiguousArray<UInt32> = []
  private var index = HashIndex(for: 1 << 8)
  /// Operands that are being collected for the pool, as a stack.
  var scratch: ContiguousArray<UInt32> = []
  var memo = RequestMemo()
  var symbols = SymbolTable()

  var implications = ImplicationMemo()
  private let passing = PassedByAddress()

  // Columns, one entry per record.
  var depths: ContiguousArray<UInt16> = []
  var partCounts: ContiguousArray<UInt32> = []
  /// The free symbols; several are stored in `symbolSets`.
  var symbolSpans: ContiguousArray<SymbolSpan> = []
  var symbolSets: ContiguousArray<UInt32> = []
  /// The signs derived so far; the highest bit is set if one was derived.
  var signs = Column<UInt8>(nothing: 0)
  /// The parities of nested sums derived so far.
  var parities = Column<UInt8>(nothing: 0)
  var ranges = RangeColumn()
  /// The canonical forms of booleans, `.max` while unknown.
  var canonicalForms = Column<UInt32>(nothing: .max)
  var rebuilt = RebuiltColumn()
  /// The ranges of symbols that `ranges` was derived from.
  var symbolHistory = SymbolHistory()

  /// In which respects laws and ranges are those of newer versions of PyTorch.
  ///
  /// Set before the first expression is built.
  public var semantics: ExpressionSemantics = .newest

  /// Creates an arena that contains the constants.
  public init() {
    records.reserveCapacity(1 << 7)
    depths.reserveCapacity(1 << 7)
    partCounts.reserveCapacity(1 << 7)
    symbolSpans.reserveCapacity(1 << 7)
    for index in 0..<UInt32(8) {
      let flags: Flags = index < 2 ? .bool : (5...7).contains(index) ? [.float, .hasInfinity] : []
      append(Record(kind: .constant, flags: flags, lhs: index), Extent())
    }
  }

  /// The work done so far, except what the memo counts.
  var counted = ArenaWork()
  /// The number of operands built beyond which sums and products are not expanded any more.
  ///
  /// Products of sums then stay factored, and what only their expansion would show remains unknown.
  public var operandLimit = Int.max
  /// Whether sums and products may still be expanded.
  public var mayExpand: Bool { counted.operands < operandLimit }

  /// The number of distinct expressions, not counting small integers.
  public var count: Int { records.count }
  /// The work done so far.
  public var work: ArenaWork {
    var work = counted
    (work.requests, work.hits) = (memo.asked, memo.found)
    return work
  }
}

// MARK: - Interning

extension ExprArena {
  /// Returns the unique handle of a record without pooled operands, adding it if it is new.
  ///
  /// The caller ensures that it is in normal form.
  mutating func intern(_ kind: Kind, function: UInt8 = 0, _ lhs: UInt32, _ rhs: UInt32 = 0) -> SymExpr {
    let new = Record(kind: kind, function: function, lhs: lhs, rhs: rhs)
    let place = index.find(key(of: new)) { number in
      let record = records[number]
      return record.lhs == lhs && record.rhs == rhs && record.kind == kind && record.function == function
    }
    return place.number.map { handle(ofRecord: $0) } ?? add(new, at: place)
  }

  /// Returns the unique handle of a record with the operands `scratch[start...]`, and removes those.
  mutating func internPooled(_ kind: Kind, function: UInt8 = 0, from start: Int) -> SymExpr {
    defer { scratch.removeSubrange(start...) }
    let count = scratch.count - start
    counted.operands &+= count
    let place = index.find(keyOfScratch(kind, function, from: start)) { number in
      let record = records[number]
      guard record.kind == kind, record.function == function, Int(record.rhs) == count else { return false }
      let base = Int(record.lhs)
      for position in 0..<count where pool[base + position] != scratch[start + position] { return false }
      return true
    }
    if let number = place.number { return handle(ofRecord: number) }
    let base = UInt32(truncatingIfNeeded: pool.count)
    for index in start..<scratch.count { pool.append(scratch[index]) }
    let result = add(
      Record(kind: kind, function: function, lhs: base, rhs: UInt32(truncatingIfNeeded: count)),
      at: place)
    // A refused expression leaves nothing behind: it may be asked for again and again.
    if result == .tooLarge { pool.removeSubrange(Int(base)...) }
    return result
  }

  private mutating func add(_ record: Record, at place: HashIndex.Place) -> SymExpr {
    var record = record
    let extent: Extent
    (record.flags, extent) = derived(from: record)
    guard extent.depth <= Self.maxDepth, extent.parts <= Self.maxParts,
      records.count < Int(SymExpr.smallFlag) - 1
    else { return .tooLarge }
    let handle = handle(ofRecord: records.count)
    index.enter(records.count, at: place)
    append(record, extent)
    if index.isCrowded(by: records.count) {
      // The constants are never looked up.
      index = index.doubled(for: 8..<records.count) { key(of: records[$0]) }
    }
    return handle
  }

  private mutating func append(_ record: Record, _ extent: Extent) {
    records.append(record)
    depths.append(extent.depth)
    partCounts.append(extent.parts)
    symbolSpans.append(.empty)
    if record.flags.contains(.hasSymbols) {
      symbolSpans[records.count - 1] = collectSymbols(of: record)
    }
  }

}

// MARK: - Hashing

extension ExprArena {
  private func key(of record: Record) -> HashKey {
    var hash = Hash(record.kind, record.function)
    if record.isPooled {
      for position in Int(record.lhs)..<Int(record.lhs + record.rhs) { hash.add(pool[position]) }
    } else {
      hash.add(record.lhs)
      hash.add(record.rhs)
    }
    return hash.key
  }

  /// The key of a record whose operands are `scratch[start...]`.
  private func keyOfScratch(_ kind: Kind, _ function: UInt8, from start: Int) -> HashKey {
    var hash = Hash(kind, function)
    for position in start..<scratch.count { hash.add(scratch[position]) }
    return hash.key
  }

  /// Hashes the parts of a record and finds its newest operand.
  private struct Hash {
    private var mixed: WordHash
    private var place: UInt32 = 0

    init(_ kind: Kind, _ function: UInt8) {
      mixed = WordHash(seed: UInt64(kind.rawValue) << 8 | UInt64(function))
    }

    mutating func add(_ operand: UInt32) {
      mixed.add(UInt64(operand))
      place = SymExpr.place(place, operand)
    }

    var key: HashKey { HashKey(mixed, near: place) }
  }
}
