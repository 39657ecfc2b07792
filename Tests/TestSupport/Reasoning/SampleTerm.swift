import SymbolicExpressions

/// An integer expression as written, before any law has been applied.
///
/// Its value is computed here by Python's rules, independently of the code under test.
indirect enum SampleTerm: Sendable {
  case symbol(Int)
  case constant(Int)
  case call(Function, SampleTerm, SampleTerm)
  case choice(SampleCondition, SampleTerm, SampleTerm)

  /// Binary functions.
  enum Function: CaseIterable, Sendable {
    case sum, difference, product, floorDiv, mod, pythonMod, cleanDiv, max, min
  }

  /// The value for given values of the symbols; `nil` where it is undefined.
  ///
  /// `Mod` is defined for non-negative operands, `CleanDiv` for exact divisions; PyTorch guarantees nothing else.
  func value(_ symbols: [Int]) -> Int? {
    switch self {
    case .symbol(let index): return symbols[index]
    case .constant(let value): return value
    case .choice(let condition, let a, let b):
      return condition.truth(symbols).flatMap { $0 ? a.value(symbols) : b.value(symbols) }
    case .call(let function, let a, let b):
      guard let x = a.value(symbols), let y = b.value(symbols) else { return nil }
      return function.value(x, y)
    }
  }
}

extension SampleTerm.Function {
  fileprivate func value(_ x: Int, _ y: Int) -> Int? {
    switch self {
    case .sum: checked(x.addingReportingOverflow(y))
    case .difference: checked(x.subtractingReportingOverflow(y))
    case .product: checked(x.multipliedReportingOverflow(by: y))
    case .max: Swift.max(x, y)
    case .min: Swift.min(x, y)
    case .floorDiv: floorDivision(x, y)?.quotient
    case .pythonMod: floorDivision(x, y)?.remainder
    case .mod: x < 0 || y < 0 ? nil : floorDivision(x, y)?.remainder
    case .cleanDiv: floorDivision(x, y).flatMap { $0.remainder == 0 ? $0.quotient : nil }
    }
  }

  private func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
    result.overflow ? nil : result.partialValue
  }

  private func floorDivision(_ x: Int, _ y: Int) -> (quotient: Int, remainder: Int)? {
    guard y != 0, y != -1 || x != .min else { return nil }
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
    let isRoundedUp = remainder != 0 && (remainder < 0) != (y < 0)
    return isRoundedUp ? (quotient - 1, remainder + y) : (quotient, remainder)
  }
}

/// A condition as written.
indirect enum SampleCondition: Sendable {
  case relation(RelationKind, SampleTerm, SampleTerm)
  case and(SampleCondition, SampleCondition)
  case or(SampleCondition, SampleCondition)
  case not(SampleCondition)

  /// The truth for given values of the symbols; `nil` where a part is undefined.
  func truth(_ symbols: [Int]) -> Bool? {
    switch self {
    case .relation(let kind, let a, let b):
      guard let x = a.value(symbols), let y = b.value(symbols) else { return nil }
      return kind.isTrue(x, y)
    case .not(let part): return part.truth(symbols).map { !$0 }
    case .and(let a, let b), .or(let a, let b):
      guard let x = a.truth(symbols), let y = b.truth(symbols) else { return nil }
      if case .and = self { return x && y }
      return x || y
    }
  }
}

extension RelationKind {
  fileprivate func isTrue(_ x: Int, _ y: Int) -> Bool {
    switch self {
    case .eq: x == y
    case .ne: x != y
    case .lt: x < y
    case .le: x <= y
    case .gt: x > y
    case .ge: x >= y
    }
  }
}
