/// Owns the expressions of one shape environment and stores each distinct one once.
///
/// Not copyable: a handle made by a copy would mean something else in the original.
///
/// **Normal form.** Every builder returns it, so equality of handles is equality of expressions:
///
/// - An integer expression is a *sum* of terms, sorted by monomial, the constant last; no term is a
///   sum, no two terms have the same monomial, and a sum has at least two terms.
/// - A *term* is a monomial or `scale(coefficient, monomial)`, the coefficient a literal that is
///   neither 0 nor 1.
/// - A *monomial* is a factor or a *product* of at least two factors, sorted by base.
/// - A *factor* is an atom or `power(atom, n)` with a literal `n ≥ 2`.
/// - An *atom* is a symbol or a call that no law rewrites further. Operands of calls are in normal form.
/// - Products are expanded. Only one that would have more than ``maxExpandedTerms`` terms, or that
///   ``mulUnexpanded(_:_:)`` made, stays a product of sums, which then count as atoms.
/// - A literal that does not fit 64 bits is ``SymExpr/tooLarge``; so is an expression nested deeper
///   than ``maxDepth``.
///
/// **Layout.** One record of twelve bytes for each expression, without references; operands of sums,
/// products and wide calls lie in one shared pool. What is asked again is a column beside `records`.
/// Requests of two operands are memoised: asked a second time, they cost one probe.
public struct ExprArena: ~Copyable {
  enum Kind: UInt8 {
    /// One of the constants with a fixed place (`true` … `nan`).
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
    /// A call of `function`: with one operand, with two, with those of `pool[lhs ..< lhs + rhs]`.
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

  /// What is known of an expression from its record alone.
  struct Flags: OptionSet {
    let rawValue: UInt16
    static let float = Flags(rawValue: 1)
    static let bool = Flags(rawValue: 2)
    static let hasSymbols = Flags(rawValue: 4)
    static let hasUnbacked = Flags(rawValue: 8)
    /// It holds a product or power of sums.
    static let unexpanded = Flags(rawValue: 16)
    /// It holds a `Max` or `Min`.
    static let hasExtrema = Flags(rawValue: 32)
    /// It holds a division rounded down or a remainder.
    static let hasQuotients = Flags(rawValue: 64)
    static let sorts: Flags = [.float, .bool]
    /// What an expression inherits from each of its operands.
    static let inherited: Flags = [.hasSymbols, .hasUnbacked, .hasExtrema, .hasQuotients, .unexpanded]

    /// What a call of a function says of the expressions that hold it.
    init(calling function: UInt8) {
      switch SymFunction(rawValue: function) {
      case .max, .min: self = .hasExtrema
      case .floorDiv, .cleanDiv, .mod, .pythonMod, .modularIndexing: self = .hasQuotients
      default: self = []
      }
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
  }

  /// The deepest nesting of an expression, which bounds every recursion over one.
  public static let maxDepth: UInt16 = 1_000
  /// The most terms a product is expanded to.
  public static let maxExpandedTerms = 10_000
  /// The highest power a sum is raised to by multiplying out.
  public static let maxExpandedPower = 64

  var records: ContiguousArray<Record> = []
  var pool: ContiguousArray<UInt32> = []
  private var slots = ContiguousArray<UInt32>(repeating: .max, count: 1 << 9)
  /// A stack for operands on their way into the pool.
  var scratch: ContiguousArray<UInt32> = []
  var memo = RequestMemo()
  var symbols = SymbolTable()

  /// What follows from facts, see `impliedFacts`.
  var implications: [UInt32: [(SymExpr, Bool)]] = [:]

  // Columns, one entry a record.
  var depths: ContiguousArray<UInt16> = []
  /// Where the free symbols are in `symbolSets`.
  var symbolSpans: ContiguousArray<SymbolSpan> = []
  var symbolSets: ContiguousArray<UInt32> = []
  /// What is known of signs, with the highest bit where it was derived.
  var signs: ContiguousArray<UInt8> = []
  var ranges = RangeColumn()
  /// The canonical forms of booleans, `.max` while unknown; as long as it was asked for.
  var canonicalForms: ContiguousArray<UInt32> = []
  var rebuilt = RebuiltColumn()
  /// The ranges of symbols that `ranges` was derived from.
  var symbolHistory = SymbolHistory()

  /// Makes an arena that holds the constants.
  public init() {
    for index in 0..<UInt32(8) {
      let flags: Flags = index < 2 ? .bool : (5...7).contains(index) ? .float : []
      append(Record(kind: .constant, flags: flags, lhs: index), depth: 0)
    }
  }

  /// How many distinct expressions exist; small integers do not count.
  public var count: Int { records.count }
}

// MARK: - Interning

extension ExprArena {
  /// Returns the one handle of a record without pooled operands, adding it when it is new.
  ///
  /// The caller vouches for the normal form.
  mutating func intern(_ kind: Kind, function: UInt8 = 0, _ lhs: UInt32, _ rhs: UInt32 = 0) -> SymExpr {
    let hash = Self.hash(kind, function, lhs, rhs)
    var slot = hash & (slots.count &- 1)
    while slots[slot] != .max {
      let record = records[Int(slots[slot])]
      if record.lhs == lhs, record.rhs == rhs, record.kind == kind, record.function == function {
        return SymExpr(bits: slots[slot])
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return add(Record(kind: kind, function: function, lhs: lhs, rhs: rhs), at: slot)
  }

  /// Returns the one handle of a record whose operands are `scratch[start...]`, which it removes.
  mutating func internPooled(_ kind: Kind, function: UInt8 = 0, from start: Int) -> SymExpr {
    defer { scratch.removeSubrange(start...) }
    let count = scratch.count - start
    var slot = hashOfScratch(kind, function, from: start) & (slots.count &- 1)
    while slots[slot] != .max {
      let record = records[Int(slots[slot])]
      if record.kind == kind, record.function == function, Int(record.rhs) == count {
        let base = Int(record.lhs)
        var index = 0
        while index < count, pool[base + index] == scratch[start + index] { index += 1 }
        if index == count { return SymExpr(bits: slots[slot]) }
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    let base = UInt32(truncatingIfNeeded: pool.count)
    for index in start..<scratch.count { pool.append(scratch[index]) }
    return add(
      Record(kind: kind, function: function, lhs: base, rhs: UInt32(truncatingIfNeeded: count)), at: slot)
  }

  private mutating func add(_ record: Record, at slot: Int) -> SymExpr {
    var depth: UInt16 = 0
    var record = record
    (record.flags, depth) = derived(from: record)
    guard depth <= Self.maxDepth, records.count < Int(SymExpr.smallFlag) - 1 else { return .tooLarge }
    let handle = SymExpr(bits: UInt32(truncatingIfNeeded: records.count))
    slots[slot] = handle.bits
    append(record, depth: depth)
    if records.count * 2 > slots.count { growSlots() }
    return handle
  }

  private mutating func append(_ record: Record, depth: UInt16) {
    records.append(record)
    depths.append(depth)
    symbolSpans.append(SymbolSpan(start: 0, count: 0))
    if record.flags.contains(.hasSymbols) {
      symbolSpans[records.count - 1] = collectSymbols(of: record)
    }
  }

  private mutating func growSlots() {
    slots = ContiguousArray(repeating: .max, count: slots.count * 2)
    let mask = slots.count &- 1
    for index in 8..<records.count {
      let record = records[index]
      var slot = hash(of: record) & mask
      while slots[slot] != .max { slot = (slot &+ 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: index)
    }
  }
}

// MARK: - Hashing

extension ExprArena {
  private static func hash(_ kind: Kind, _ function: UInt8, _ lhs: UInt32, _ rhs: UInt32) -> Int {
    var hash = UInt64(lhs) | UInt64(rhs) << 32
    hash ^= (UInt64(kind.rawValue) << 8 | UInt64(function)) &* 0xD6E8_FEB8_6659_FD93
    hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: hash ^ hash >> 29)
  }

  private static func combine(_ hash: UInt64, _ operand: UInt32) -> UInt64 {
    let mixed = (hash ^ UInt64(operand)) &* 0x9E37_79B9_7F4A_7C15
    return mixed ^ mixed >> 29
  }

  private func hashOfScratch(_ kind: Kind, _ function: UInt8, from start: Int) -> Int {
    var hash = UInt64(kind.rawValue) << 8 | UInt64(function)
    for index in start..<scratch.count { hash = Self.combine(hash, scratch[index]) }
    return Int(truncatingIfNeeded: hash)
  }

  private func hash(of record: Record) -> Int {
    guard record.isPooled else { return Self.hash(record.kind, record.function, record.lhs, record.rhs) }
    var hash = UInt64(record.kind.rawValue) << 8 | UInt64(record.function)
    for index in Int(record.lhs)..<Int(record.lhs + record.rhs) { hash = Self.combine(hash, pool[index]) }
    return Int(truncatingIfNeeded: hash)
  }
}

extension ExprArena.Record {
  /// Whether the operands lie in the pool.
  var isPooled: Bool {
    switch kind {
    case .sum, .product, .nary, .and, .or: true
    default: false
    }
  }

  var isCall: Bool { kind == .unary || kind == .binary || kind == .nary }

  var operandCount: Int {
    switch kind {
    case .constant, .integer, .float, .symbol: 0
    case .unary, .not: 1
    case .scale, .power, .binary, .relation: 2
    case .sum, .product, .nary, .and, .or: Int(rhs)
    }
  }
}
