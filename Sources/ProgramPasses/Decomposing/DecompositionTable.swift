import FX
import FakeTensors
import OperatorSchemas

/// Which operators are written in terms of others, and how: one row for each.
///
/// A row is found by the operator's full name or by its name without overload.
public struct DecompositionTable: Sendable {
  /// Writes a call in terms of other operators; `nil` leaves it as it is.
  typealias Row = @Sendable (Rewriter, BoundCall) throws -> FakeValue?

  /// Operators that PyTorch itself makes of others (`CompositeImplicitAutograd`), taken apart before writes become
  /// values.
  let composite: [String: Row]
  /// Operators that are taken apart last.
  let rows: [String: Row]

  init(composite: [String: Row], rows: [String: Row]) {
    self.composite = composite
    self.rows = rows
  }

  /// The core operators of ATen are left, as `run_decompositions()` leaves them.
  public static let coreATen = DecompositionTable(
    composite: Self.aliasing.merging(Self.composite) { first, _ in first }, rows: Self.core)

  /// Nothing is taken apart but what cannot be kept without writes, as `run_decompositions({})` does.
  public static let none = DecompositionTable(composite: aliasing, rows: [:])

  /// The rows of this table for all operators but these, by name without overload.
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
    Self.aliasingViews, Self.aliasingNames, Self.aliasingNormalization)

  static let composite: [String: Row] = merged(
    Self.compositeProducts, Self.compositeViews, Self.compositeConvolutions, Self.compositeNormalization,
    Self.compositeActivations, Self.compositeLosses, Self.compositeClassification, Self.compositeCells,
    Self.compositePooling, Self.compositeTransposedConvolutions, Self.compositeStatistics,
    Self.compositeIndices)

  static let core: [String: Row] = merged(
    Self.coreViews, Self.coreActivations, Self.coreLosses, Self.coreEntropies, Self.coreFactories,
    Self.coreReductions, Self.coreIndices)

  private static func merged(_ tables: [String: Row]...) -> [String: Row] {
    tables.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }
}
