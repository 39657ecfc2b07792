/// Laws of expressions that not every version of PyTorch has.
public struct ExpressionSemantics: OptionSet, Sendable {
  /// One bit a law.
  public let rawValue: UInt8

  /// Makes the set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `x - x % m` is bounded as `m*(x // m)`.
  public static let boundsRemaindersByQuotients = ExpressionSemantics(rawValue: 1)
  /// `ModularIndexing` drops multiples only from terms that cannot be negative.
  public static let dropsMultiplesOfNonNegatives = ExpressionSemantics(rawValue: 2)
  /// `TruncToInt` of an integer is the integer.
  public static let truncatesIntegersToThemselves = ExpressionSemantics(rawValue: 4)

  /// All laws of the newest version.
  public static let newest: ExpressionSemantics = [
    .boundsRemaindersByQuotients, .dropsMultiplesOfNonNegatives, .truncatesIntegersToThemselves,
  ]
}
