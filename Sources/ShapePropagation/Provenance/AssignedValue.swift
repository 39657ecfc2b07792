/// What a source line assigns: `n = x.item() + 1` assigns what it computes to `n`.
struct AssignedValue {
  /// How the assigned value relates to the nodes of the line.
  enum Kind {
    /// The value of the last node: `x.nonzero()`.
    case call
    /// The numbers of the line's last call, which returns a list of them: `x.tolist()`.
    case elements
    /// The result of arithmetic on the values of nodes: `x.item() + 1`, `min(a, b)`.
    case computed
  }

  /// The names on the left of the sign.
  let targets: [String]
  let kind: Kind

  /// `nil` for anything but an assignment to names of a value that a node holds.
  init?(_ code: String) {
    let bytes = Array(code.utf8)
    guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign > 0, sign + 1 < bytes.count,
      bytes[sign + 1] != UInt8(ascii: "="),
      !"!<>+-*/%&|^:@".utf8.contains(bytes[sign - 1])
    else { return nil }
    let value = String(decoding: bytes[(sign + 1)...].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
    guard let kind = Self.kind(of: value) else { return nil }
    self.kind = kind
    var left = String(decoding: bytes[..<sign], as: UTF8.self)
    if let colon = left.firstIndex(of: ":") { left = String(left[..<colon]) }
    targets = left.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined(separator: " ")
    }
    guard targets.allSatisfy(Self.isName) else { return nil }
  }

  /// Functions of Python that compute a number from numbers.
  private static let computing: Set<Substring> = [
    "abs", "len", "max", "min", "pow", "round", "sum", "sym_max", "sym_min", "sym_sum", "torch.sym_max",
    "torch.sym_min", "torch.sym_sum",
  ]
  /// Words that make a value something else than the result of one call.
  private static let deciding: Set<Substring> = [
    "and", "else", "for", "if", "in", "is", "lambda", "not", "or",
  ]

  private static func kind(of value: String) -> Kind? {
    // A list, tuple or dict display holds many values; the last one created has no name.
    guard let first = value.utf8.first, !"[({".utf8.contains(first) else { return nil }
    let outer = outerText(of: value)
    let words = outer.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }
    if words.contains(where: deciding.contains) { return nil }
    let operators = outer.filter { "+-*/%<>=!&|^@~,".contains($0) }
    if operators.contains(where: { "<>=!&|^~,".contains($0) }) { return nil }
    if !operators.isEmpty { return .computed }
    if let function = words.first, words.count == 1, computing.contains(function) { return .computed }
    return value.hasSuffix(".tolist()") ? .elements : .call
  }

  /// `value` without what stands in brackets or quotes.
  private static func outerText(of value: String) -> String {
    var (text, depth, quote) = ("", 0, Character?.none)
    for character in value {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if "([{".contains(character) {
        depth += 1
      } else if ")]}".contains(character) {
        depth -= 1
      } else if character == "#", depth == 0 {
        break
      } else if depth == 0 {
        text.append(character)
      }
    }
    return text
  }

  /// Whether `text` is a dotted name, such as `self.count`.
  private static func isName(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return !parts.isEmpty
      && parts.allSatisfy { part in
        guard let first = part.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else {
          return false
        }
        return part.unicodeScalars.allSatisfy {
          $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
      }
  }
}
