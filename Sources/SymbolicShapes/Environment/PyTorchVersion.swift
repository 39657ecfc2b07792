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
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let major = Int(parts[0]),
      let minor = Int(parts[1].prefix { $0.isASCII && $0.isNumber }), major >= 0
    else { return nil }
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
