/// The distinct symbols of an expression, in the order of their creation: up to four stored inline, more in an array.
///
/// Nearly every expression has few symbols, so reading them allocates nothing.
@frozen
public struct FreeSymbols: RandomAccessCollection, Sendable {
  /// How many symbols are stored inline.
  @inlinable static var inlineCapacity: Int { 4 }

  @usableFromInline var inline = InlineArray<4, UInt32>(repeating: 0)
  @usableFromInline var length = 0
  /// All symbols if there are too many to store inline, otherwise empty.
  @usableFromInline var spill: ContiguousArray<UInt32> = []

  init(_ span: SymbolSpan, in sets: borrowing ContiguousArray<UInt32>) {
    let start = Int(span.start)
    length = Int(span.count)
    if length == 1 {
      inline[0] = span.start
    } else if length <= Self.inlineCapacity {
      for position in 0..<length { inline[position] = sets[start + position] }
    } else {
      spill = ContiguousArray(sets[start..<start + length])
    }
  }

  /// The position of the first symbol.
  @inlinable public var startIndex: Int { 0 }
  /// The number of symbols.
  @inlinable public var endIndex: Int { length }

  /// The symbol at a position.
  @inlinable
  public subscript(position: Int) -> SymExpr.Symbol {
    SymExpr.Symbol(index: length <= Self.inlineCapacity ? inline[position] : spill[position])
  }
}
