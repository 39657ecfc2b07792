import SymbolicExpressions

/// The lower or the upper bound of a range.
enum RangeSide: CaseIterable {
  case lower, upper

  var sign: String { self == .lower ? ">=" : "<=" }

  func end(of range: IntRange) -> Int { self == .lower ? range.lower : range.upper }

  /// Bounds near the limits of 64 bits mean "no bound".
  func isBounded(_ range: IntRange) -> Bool {
    self == .lower ? range.lower > .min + 8 : range.upper < .max - 8
  }
}
