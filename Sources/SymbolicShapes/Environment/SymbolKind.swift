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
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0 else { return nil }
    switch name.dropLast(digits) {
    case "s": self = .backedSize
    case "u": self = .unbackedInt
    case "zf": self = .backedNumber
    case "zuf": self = .unbackedFloat
    default: return nil
    }
  }
}
