import SymbolicExpressions

/// What is excluded from the samples because PyTorch is wrong there and its answers are reproduced.
public enum SoundnessRule: String, CaseIterable, Sendable {
  /// A nested division, except by a positive number: `(n//c)//d` becomes `n//(c*d)`, which differs for a
  /// negative `d`.
  case foldedDivision
  /// A fact that equates something with a product of symbols: PyTorch concludes `u1 == 1` from `u0 == u0*u1`,
  /// although `u0` may be 0.
  case cancelledFactor

  var isAboutFacts: Bool { self == .cancelledFactor }

  func leavesOut(_ condition: SampleCondition) -> Bool {
    switch condition {
    case .and(let a, let b), .or(let a, let b): return leavesOut(a) || leavesOut(b)
    case .not(let part): return leavesOut(part)
    case .relation(let kind, let a, let b):
      if leavesOut(a) || leavesOut(b) { return true }
      // The negation of `!=` becomes a fact when the hints contradict it.
      guard self == .cancelledFactor, kind == .eq || kind == .ne else { return false }
      return a.contains(where: \.isProductOfTerms) || b.contains(where: \.isProductOfTerms)
    }
  }

  func leavesOut(_ term: SampleTerm) -> Bool {
    term.contains { part in
      switch part {
      case .choice(let condition, _, _): leavesOut(condition)
      case .call(_, let a, let b) where part.isDivision && self == .foldedDivision:
        !b.isPositiveNumber && a.contains(where: \.isDivision)
      default: false
      }
    }
  }
}

extension SampleTerm {
  /// Whether the term or a part of it satisfies `predicate`.
  fileprivate func contains(where predicate: (SampleTerm) -> Bool) -> Bool {
    if predicate(self) { return true }
    switch self {
    case .symbol, .constant: return false
    case .call(_, let a, let b): return a.contains(where: predicate) || b.contains(where: predicate)
    case .choice(_, let a, let b): return a.contains(where: predicate) || b.contains(where: predicate)
    }
  }

  fileprivate var isDivision: Bool {
    switch self {
    case .call(.floorDiv, _, _), .call(.cleanDiv, _, _): true
    default: false
    }
  }

  fileprivate var isProductOfTerms: Bool {
    guard case .call(.product, let a, let b) = self else { return false }
    if case .constant = a { return false }
    if case .constant = b { return false }
    return true
  }

  fileprivate var isPositiveNumber: Bool {
    if case .constant(let value) = self { return value > 0 }
    return false
  }
}
