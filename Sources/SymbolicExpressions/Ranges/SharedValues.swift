/// The values of the parts of a large expression, so that each is computed once.
///
/// An expression with few parts is evaluated as a tree, which costs nothing but a counter. Several expressions may share
/// their parts, if symbols have the same values for all of them.
package struct SharedValues {
  /// How many steps are taken before values are noted.
  private static let freeSteps = 256

  private var steps = 0
  private var values: [SymExpr: SymExpr.Number?] = [:]

  /// Creates an empty memory.
  package init() {}

  private var isNoting: Bool { steps > Self.freeSteps }

  /// Counts a step; the value of `e` if it was noted.
  mutating func known(_ e: SymExpr) -> SymExpr.Number?? {
    steps &+= 1
    return isNoting ? values[e] : nil
  }

  /// Notes the value of `e`, if many steps were taken.
  mutating func note(_ value: SymExpr.Number?, of e: SymExpr) {
    if isNoting { values.updateValue(value, forKey: e) }
  }
}
