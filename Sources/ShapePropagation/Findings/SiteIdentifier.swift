import FX
import SymbolicExpressions
import SymbolicShapes

/// Identifies a place in a program independently of numbering: a hash of the kind of finding, the operator, the
/// expression with each symbol written as the value that binds it, and the author's source line (without its number)
/// or, if that is unknown, the node's name without its number.
struct SiteIdentifier {
  private var seen: [String: Int] = [:]

  /// The identifier of the next finding of this kind at this place; repeated places are counted.
  mutating func identifier(_ kind: Finding.Kind, _ provenance: Provenance?, _ expression: String) -> String {
    var parts = [kind.rawValue, provenance?.operatorName ?? "", expression]
    if let frame = provenance?.frame {
      parts += [frame.fileName, frame.function, frame.code]
    } else if let provenance {
      parts += [provenance.modulePath, Self.withoutNumber(provenance.nodeName)]
    }
    let key = parts.joined(separator: "\u{1F}")
    let count = seen[key, default: 0]
    seen[key] = count + 1
    return Self.hexadecimal(Self.hash(count == 0 ? key : "\(key)\u{1F}\(count)"))
  }

  /// `expand` of `expand_3`.
  private static func withoutNumber(_ name: String) -> String {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
    let rest = name.dropLast(digits)
    return digits > 0 && rest.last == "_" && rest.count > 1 ? String(rest.dropLast()) : name
  }

  /// FNV-1a.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The text of an expression, independent of how symbols are numbered: operands of commutative functions
  /// are sorted by their text.
  static func normalForm(
    of expression: SymExpr, _ shapes: ShapeEnv, name: (SymExpr.Symbol) -> String
  ) -> String {
    func form(_ e: SymExpr) -> String { normalForm(of: e, shapes, name: name) }
    func call(_ name: String, _ parts: [SymExpr], isOrdered: Bool = false) -> String {
      let texts = parts.map(form)
      return "\(name)(\((isOrdered ? texts : texts.sorted()).joined(separator: ",")))"
    }
    switch shapes.arena.view(of: expression) {
    case .symbol(let symbol): return name(symbol)
    case .add(let parts): return call("add", parts)
    case .mul(let parts): return call("mul", parts)
    case .pow(let base, let exponent): return "pow(\(form(base)),\(exponent))"
    case .call(let function, let parts):
      return call(function.name, parts, isOrdered: function != .max && function != .min)
    case .relation(let kind, let lhs, let rhs):
      switch kind {
      case .eq, .ne: return call(kind.symbol, [lhs, rhs])
      case .lt, .le: return call(kind.symbol, [lhs, rhs], isOrdered: true)
      case .gt, .ge: return call(kind.mirrored.symbol, [rhs, lhs], isOrdered: true)
      }
    case .and(let parts): return call("and", parts)
    case .or(let parts): return call("or", parts)
    case .not(let part): return call("not", [part])
    default: return shapes.text(raw: expression)
    }
  }
}
