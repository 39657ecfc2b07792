import SymbolicExpressions

/// The statement that `Σ coefficient · variable + constant` is at least 0 or equal to 0, with the premises it rests on.
///
/// Arithmetic is exact; a result that does not fit 64 bits gives no row.
struct LinearRow {
  struct Term: Equatable {
    var variable: Int32
    var coefficient: Int
  }

  /// Sorted by variable, without zeros.
  private(set) var terms: ContiguousArray<Term> = []
  var constant = 0
  var premises = PremiseSet()

  init(constant: Int = 0) { self.constant = constant }

  /// The row of one variable.
  init(variable: Int32, coefficient: Int = 1) { terms = [Term(variable: variable, coefficient: coefficient)] }

  func coefficient(of variable: Int32) -> Int {
    for term in terms where term.variable == variable { return term.coefficient }
    return 0
  }

  /// `a·self + b·other`; nil if a number overflows 64 bits.
  func combined(_ a: Int, _ other: LinearRow, _ b: Int) -> LinearRow? {
    guard let constant = LinearRow.sum(constant, a, other.constant, b) else { return nil }
    var result = LinearRow(constant: constant)
    result.terms.reserveCapacity(terms.count + other.terms.count)
    var (i, j) = (0, 0)
    while i < terms.count || j < other.terms.count {
      let x = i < terms.count ? terms[i] : Term(variable: .max, coefficient: 0)
      let y = j < other.terms.count ? other.terms[j] : Term(variable: .max, coefficient: 0)
      let variable = min(x.variable, y.variable)
      guard
        let coefficient = LinearRow.sum(
          x.variable == variable ? x.coefficient : 0, a, y.variable == variable ? y.coefficient : 0, b)
      else { return nil }
      if coefficient != 0 { result.terms.append(Term(variable: variable, coefficient: coefficient)) }
      if x.variable == variable { i += 1 }
      if y.variable == variable { j += 1 }
    }
    result.premises = premises.union(other.premises)
    return result
  }

  private static func sum(_ x: Int, _ a: Int, _ y: Int, _ b: Int) -> Int? {
    let (p, overflowP) = x.multipliedReportingOverflow(by: a)
    let (q, overflowQ) = y.multipliedReportingOverflow(by: b)
    let (sum, overflow) = p.addingReportingOverflow(q)
    // `Int.min` cannot be negated, which later steps may need.
    return overflowP || overflowQ || overflow || sum == .min ? nil : sum
  }

  /// `self + factor·other`.
  func adding(_ other: LinearRow, times factor: Int = 1) -> LinearRow? { combined(1, other, factor) }

  /// `a·self`.
  func scaled(_ a: Int) -> LinearRow? { combined(a, LinearRow(), 0) }

  /// The greatest common divisor of the coefficients; 0 if there are none.
  var content: Int {
    var content: UInt = 0
    for term in terms {
      content = gcd(content, term.coefficient.magnitude)
      if content == 1 { return 1 }
    }
    // Coefficients are above `Int.min`, so this fits.
    return Int(truncatingIfNeeded: content)
  }

  /// Equal for rows with equal terms, and seldom for others.
  var fingerprint: UInt64 {
    // FNV-1a, a word at a time.
    var print: UInt64 = 0xCBF2_9CE4_8422_2325
    for term in terms {
      print = (print ^ UInt64(UInt32(bitPattern: term.variable))) &* 0x100_0000_01B3
      print = (print ^ UInt64(bitPattern: Int64(term.coefficient))) &* 0x100_0000_01B3
    }
    return print
  }

  /// Reduces `self ≥ 0` to lowest terms: over the integers, `g·x + c ≥ 0` means `x + ⌊c/g⌋ ≥ 0`.
  mutating func tightenInequality() {
    let content = content
    guard content > 1 else { return }
    for index in terms.indices { terms[index].coefficient /= content }
    constant = floorQuotient(constant, content)
  }

  /// Reduces `self = 0` to lowest terms.
  ///
  /// - Returns: false if no integers satisfy it.
  mutating func tightenEquality() -> Bool {
    let content = content
    if content == 0 { return constant == 0 }
    guard constant % content == 0 else { return false }
    for index in terms.indices { terms[index].coefficient /= content }
    constant /= content
    return true
  }
}
