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
    var bytes = text.utf8.makeIterator()
    guard let (major, end) = Self.number(&bytes), end == UInt8(ascii: "."),
      let (minor, _) = Self.number(&bytes)
    else { return nil }
    self.init(major, minor)
  }

  /// The number in the next digits, and the byte that ends it; `nil` if there are no digits or too many.
  private static func number(_ bytes: inout String.UTF8View.Iterator) -> (Int, end: UInt8?)? {
    var number: Int?
    while let byte = bytes.next() {
      guard (0x30...0x39).contains(byte) else { return number.map { ($0, byte) } }
      let (tens, isTooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, overflows) = tens.addingReportingOverflow(Int(byte) - 0x30)
      if isTooLarge || overflows { return nil }
      number = sum
    }
    return number.map { ($0, nil) }
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
