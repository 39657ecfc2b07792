import ExportedPrograms
import FX
import SymbolicExpressions
import SymbolicShapes

/// The expressions that occur in the annotations of one program, each read once.
///
/// A text seldom says how its symbols were made. What it does not say follows from PyTorch's names: `s0` is a size of
/// an input, at least 2 where it stands alone as one; `u0` is an unbacked (data-dependent) integer.
final class SymbolTexts {
  /// What an expression stands for.
  enum Kind { case integer, float, boolean }

  private struct Entry {
    var kind: Kind
    /// The name, when the expression is one symbol.
    var symbol: String?
  }

  private(set) var expressions = RecordedExpressions()
  private var entries: [Entry] = []
  private var arena = ExprArena()
  /// In the order of their first use.
  private(set) var symbols: [String] = []
  /// What the text states about symbols and expressions, in its order.
  private(set) var stated: [RangeConstraint] = []
  private var inputSizes: Set<String> = []
  private var sizes: Set<String> = []

  /// The number and the kind of the expression at a place.
  ///
  /// - Throws: ``TextError`` at the byte that cannot be read.
  func intern(
    _ text: SourceText, _ bytes: Range<Int>, line: Int
  ) throws(TextError) -> (id: RecordedExpressionID, kind: Kind) {
    do throws(ExpressionParseError) {
      return try intern(text.bytes[bytes])
    } catch {
      let spot = Spot(line: line, offset: min(bytes.lowerBound + error.offset, bytes.upperBound))
      throw TextError(
        .badExpression(error.excerpt(of: text.text(bytes)), reason: "\(error)"), at: text.position(of: spot))
    }
  }

  /// The number and the kind of an expression.
  func intern(
    _ bytes: some Collection<UInt8>, hint: RecordedExpressions.Hint? = nil
  ) throws(ExpressionParseError) -> (id: RecordedExpressionID, kind: Kind) {
    let id = ContiguousArray(bytes).withUnsafeBufferPointer { expressions.intern($0, hint: hint) }
    if Int(id.index) == entries.count {
      do throws(ExpressionParseError) {
        entries.append(try read(String(decoding: bytes, as: UTF8.self)))
      } catch {
        entries.append(Entry(kind: .integer, symbol: nil))
        throw error
      }
    }
    return (id, entries[Int(id.index)].kind)
  }

  /// Notes that a dim of a tensor has this size.
  func noteSize(_ size: RecordedInt, ofInput isInput: Bool) {
    guard let id = size.expression, let symbol = entries[Int(id.index)].symbol else { return }
    sizes.insert(symbol)
    if isInput { inputSizes.insert(symbol) }
  }

  /// Notes the bounds of a symbol or expression; later ones count.
  func state(_ constraint: RangeConstraint) {
    if let known = stated.firstIndex(where: { $0.text == constraint.text }) {
      stated[known] = constraint
    } else {
      stated.append(constraint)
    }
  }

  /// The range of every symbol, and what is stated about expressions.
  var constraints: [RangeConstraint] {
    let known = Set(stated.map(\.text))
    return stated
      + symbols.filter { !known.contains($0) }.map { name in
        let lower = inputSizes.contains(name) ? (name.hasPrefix("s") ? 2 : 0) : sizes.contains(name) ? 0 : nil
        return RangeConstraint(text: name, lower: lower, upper: nil)
      }
  }

  /// Reads an expression, and notes its symbols.
  private func read(_ text: String) throws(ExpressionParseError) -> Entry {
    for word in text.utf8.split(whereSeparator: { !$0.continuesName }) {
      guard let name = String(word), let kind = SymbolKind(symbolName: name), arena.symbol(named: name) == nil
      else { continue }
      _ = arena.symbol(name, kind.assumptions)
      symbols.append(name)
    }
    let expression = try arena.parse(text)
    let symbol = arena.asSymbol(expression).map { arena.name(of: $0) }
    switch arena.sort(of: expression) {
    case .int: return Entry(kind: .integer, symbol: symbol)
    case .float: return Entry(kind: .float, symbol: symbol)
    case .bool: return Entry(kind: .boolean, symbol: symbol)
    }
  }
}

extension SymbolKind {
  /// What is assumed of such a symbol when it is declared.
  fileprivate var assumptions: SymbolAssumptions {
    switch self {
    case .backedSize: .integer
    case .backedNumber: .real
    case .unbackedInt: [.integer, .unbacked]
    case .unbackedFloat: [.real, .unbacked]
    }
  }
}
