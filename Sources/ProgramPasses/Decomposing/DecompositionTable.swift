import FX
import FakeTensors
import OperatorSchemas

/// Which operators are decomposed, and how: one row per operator.
///
/// A row is found by the operator's full name or by its name without overload.
public struct DecompositionTable: Sendable {
  /// Decomposes a call; `nil` leaves it unchanged.
  typealias Row = @Sendable (Rewriter, BoundCall) throws -> FakeValue?

  /// Composite operators (`CompositeImplicitAutograd` in PyTorch), decomposed before functionalization.
  let composite: [String: Row]
  /// Operators that are decomposed after functionalization.
  let rows: [String: Row]

  init(composite: [String: Row], rows: [String: Row]) {
    self.composite = composite
    self.rows = rows
  }

  /// Keeps the core ATen operators, as `run_decompositions()` does.
  public static let coreATen = DecompositionTable(
    composite: Self.aliasing.merging(Self.composite) { first, _ in first }, rows: Self.core)

  /// Decomposes only what cannot be functionalized otherwise, as `run_decompositions({})` does.
  public static let none = DecompositionTable(composite: aliasing, rows: [:])

  /// This table without the rows of these operators, by name without overload.
  public func without(_ names: Set<String>) -> DecompositionTable {
    let keeps = { (entry: Dictionary<String, Row>.Element) in
      !names.contains(entry.key) && !names.contains(OperatorName(entry.key)?.packet ?? entry.key)
    }
    return DecompositionTable(composite: composite.filter(keeps), rows: rows.filter(keeps))
  }
}

extension DecompositionTable {
  /// Composite operators whose result may share memory with an argument, or that write to one.
  static let aliasing: [String: Row] = merged(
    Self.aliasingViews, Self.aliasingNames, Self.aliasingNormalization, Self.aliasingShapes,
    Self.otherViewNames)

  static let composite: [String: Row] = merged(
    Self.compositeProducts, Self.compositeViews, Self.compositeConvolutions, Self.compositeNormalization,
    Self.compositeActivations, Self.compositeLosses, Self.compositeClassification, Self.compositeCells,
    Self.compositePooling, Self.compositeTransposedConvolutions, Self.compositeStatistics,
    Self.compositeIndices, Self.compositeShapes, Self.otherNames)

  static let core: [String: Row] = merged(
    Self.coreViews, Self.coreActivations, Self.coreLosses, Self.coreEntropies, Self.coreFactories,
    Self.coreReductions, Self.coreIndices, Self.coreElements)

  private static func merged(_ tables: [String: Row]...) -> [String: Row] {
    tables.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }
}
