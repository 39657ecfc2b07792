public import SymbolicExpressions

/// One step of the path from a value to a symbol in it.
///
/// Source: `CallMethodKey`, `SequenceKey`, `MappingKey`, `InnerTensorKey`, `DivideByKey`, `ConvertIntKey`.
public enum BindingKey: Hashable, Sendable {
  /// A method of a tensor.
  public enum Method: UInt8, Sendable { case size, stride, storageOffset }

  case callMethod(Method)
  case sequence(Int)
  case mapping(String)
  case innerTensor(String)
  case divideBy(SymInt)
  case convertInt
}

/// A symbol that a node's value binds, and its place in that value.
public struct UnbackedBinding: Hashable, Sendable {
  /// The symbol that is bound.
  public let symbol: SymExpr.Symbol
  /// The path to it from the value.
  public let path: [BindingKey]

  /// Creates a binding from its symbol and path.
  public init(symbol: SymExpr.Symbol, path: [BindingKey]) {
    self.symbol = symbol
    self.path = path
  }
}

/// A fresh symbol that was found to be one that the graph knows.
public struct Renaming: Hashable, Sendable {
  /// The fresh symbol.
  public let from: SymExpr.Symbol
  /// The symbol that the graph knows.
  public let to: SymExpr.Symbol

  /// Creates a renaming from its symbols.
  public init(from: SymExpr.Symbol, to: SymExpr.Symbol) {
    self.from = from
    self.to = to
  }
}
