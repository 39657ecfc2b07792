/// A human-readable number of bytes or operations.
public struct ByteCount: Sendable {
  /// The number.
  public let value: Int

  /// A number of bytes.
  public init(_ value: Int) { self.value = value }

  /// `12,345,678`.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (offset, digit) in digits.enumerated() {
      if offset > 0, (digits.count - offset) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `512 B`, `1.5 MB`: powers of 1000.
  public var short: String { Self.scaled(value, ["B", "kB", "MB", "GB", "TB", "PB", "EB"]) }

  /// `1.5 G` for a number of operations.
  public static func operations(_ value: Int) -> String { scaled(value, ["", "k", "M", "G", "T", "P", "E"]) }

  private static func scaled(_ value: Int, _ units: [String]) -> String {
    var (number, unit) = (Double(value), 0)
    while number >= 999.95, unit < units.count - 1 {
      number /= 1000
      unit += 1
    }
    if unit == 0 { return units[0].isEmpty ? "\(value)" : "\(value) \(units[0])" }
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
