/// What a symbol stands for; this decides its name.
public enum SymbolKind: UInt8, Sendable {
  /// A size of an input with a hint, `s0`.
  case backedSize
  /// An integer or float input with a hint, `s0` or `zf0`.
  case backedNumber
  /// An unbacked (data-dependent) integer, `u0`.
  case unbackedInt
  /// An unbacked float, `zuf0`.
  case unbackedFloat
}

extension SymbolKind {
  /// The kind of a symbol by its name in PyTorch: `s0`, `u0`, `zf0`, `zuf0`; `nil` for anything else.
  public init?(symbolName name: String) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    let letters = name.utf8.prefix { !isDigit($0) }
    let number = name.utf8[letters.endIndex...]
    guard !number.isEmpty, number.allSatisfy(isDigit) else { return nil }
    switch Substring(letters) {
    case "s": self = .backedSize
    case "u": self = .unbackedInt
    case "zf": self = .backedNumber
    case "zuf": self = .unbackedFloat
    default: return nil
    }
  }
}
