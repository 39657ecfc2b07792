/// A release of PyTorch, such as 2.13.
public struct PyTorchVersion: Comparable, Hashable, Sendable {
  /// The number before the dot.
  public let major: Int
  /// The number behind the dot.
  public let minor: Int

  /// The version `major.minor`.
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The version in texts such as `2.15`, `2.15.0` or `2.13.0+cpu`; `nil` for others.
  public init?(_ text: String) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    let bytes = text.utf8
    let major = bytes.prefix(while: isDigit)
    guard major.endIndex < bytes.endIndex, bytes[major.endIndex] == UInt8(ascii: ".") else { return nil }
    let minor = bytes[bytes.index(after: major.endIndex)...].prefix(while: isDigit)
    guard let major = Int(Substring(major)), let minor = Int(Substring(minor)) else { return nil }
    self.init(major, minor)
  }

  /// Whether the first is older.
  public static func < (a: PyTorchVersion, b: PyTorchVersion) -> Bool {
    (a.major, a.minor) < (b.major, b.minor)
  }
}

extension PyTorchVersion: CustomStringConvertible {
  /// `2.13`.
  public var description: String { "\(major).\(minor)" }
}
