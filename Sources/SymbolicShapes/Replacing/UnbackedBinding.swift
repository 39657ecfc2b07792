public import SymbolicExpressions

/// One step from a value to the place of a symbol in it.
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

/// A symbol that a node's value binds, and where it is found there.
public struct UnbackedBinding: Hashable, Sendable {
  /// The symbol that is bound.
  public let symbol: SymExpr.Symbol
  /// The way to it from the value.
  public let path: [BindingKey]

  /// Makes it from its parts.
  public init(symbol: SymExpr.Symbol, path: [BindingKey]) {
    self.symbol = symbol
    self.path = path
  }
}

/// A fresh symbol that was found to be one the graph knows.
public struct Renaming: Hashable, Sendable {
  /// The fresh symbol.
  public let from: SymExpr.Symbol
  /// The symbol that the graph knows.
  public let to: SymExpr.Symbol

  /// Makes it from its parts.
  public init(from: SymExpr.Symbol, to: SymExpr.Symbol) {
    self.from = from
    self.to = to
  }
}
