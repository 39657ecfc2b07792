extension SymExpr {
  /// What is known about the sign of a number.
  public struct Sign: OptionSet, Hashable, Sendable {
    /// One bit for each fact.
    public let rawValue: UInt8

    /// The facts with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It is 0 or above.
    public static let nonNegative = Sign(rawValue: 1)
    /// It is 0 or below.
    public static let nonPositive = Sign(rawValue: 2)
    /// It is not 0.
    public static let nonZero = Sign(rawValue: 4)
    /// It is above 0.
    public static let positive: Sign = [.nonNegative, .nonZero]
    /// It is below 0.
    public static let negative: Sign = [.nonPositive, .nonZero]

    /// What all numbers in `range` have in common.
    init(_ range: IntRange) {
      self = []
      if range.lower >= 0 { insert(.nonNegative) }
      if range.upper <= 0 { insert(.nonPositive) }
      if range.lower > 0 || range.upper < 0 { insert(.nonZero) }
    }

    init(_ value: Int) { self.init(IntRange(value)) }

    var negated: Sign {
      var result = intersection(.nonZero)
      if contains(.nonNegative) { result.insert(.nonPositive) }
      if contains(.nonPositive) { result.insert(.nonNegative) }
      return result
    }

    static func * (a: Sign, b: Sign) -> Sign {
      var result = a.intersection(b).intersection(.nonZero)
      if a.contains(.nonNegative) { result.formUnion(b.subtracting(.nonZero)) }
      if a.contains(.nonPositive) { result.formUnion(b.negated.subtracting(.nonZero)) }
      return result
    }

    /// The sign of a sum of numbers with these signs.
    static func sum(_ signs: [Sign]) -> Sign {
      var result: Sign = []
      for side in [Sign.nonNegative, .nonPositive] where signs.allSatisfy({ $0.contains(side) }) {
        result.insert(side)
        if signs.contains(where: { $0.contains(.nonZero) }) { result.insert(.nonZero) }
      }
      return result
    }

    /// Whether `x kind 0` holds for a number x of this sign; nil if unknown.
    func decides(_ kind: RelationKind) -> Bool? {
      switch kind {
      case .eq: contains(.nonZero) ? false : nil
      case .ne: contains(.nonZero) ? true : nil
      case .lt: isSuperset(of: .negative) ? true : contains(.nonNegative) ? false : nil
      case .gt: isSuperset(of: .positive) ? true : contains(.nonPositive) ? false : nil
      case .le: contains(.nonPositive) ? true : isSuperset(of: .positive) ? false : nil
      case .ge: contains(.nonNegative) ? true : isSuperset(of: .negative) ? false : nil
      }
    }
  }
}
