/// Constants as Python writes them.
enum PythonText {
  /// Python's `repr` of a string: single quotes unless it holds some and no double quotes.
  static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = String(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case quote: result += "\\\(quote)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    result.unicodeScalars.append(quote)
    return result
  }

  /// Python's `repr` of a float: the shortest digits that read back, `1e-05`, `1e+16`, `inf`.
  ///
  /// Swift finds the same digits; the two differ in where they go over to an exponent, which Python does from
  /// 1e16 on and Swift from 2⁵⁴ on.
  static func float(_ value: Double) -> String {
    let text = value.description
    guard value.isFinite, abs(value) >= 1e16, !text.contains("e") else { return text }
    let sign = value < 0 ? "-" : ""
    let digits = text.prefix { $0 != "." }.drop { $0 == "-" }
    var fraction = digits.dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    let exponent = digits.count - 1
    return "\(sign)\(digits.prefix(1))\(fraction.isEmpty ? "" : ".")\(fraction)e+\(exponent)"
  }

  /// Python's `repr` of a complex number: `2j`, `(1+2j)`, `(1.5-0j)`.
  static func complex(_ real: Double, _ imaginary: Double) -> String {
    let tail = withoutZeroFraction(imaginary)
    if real == 0, real.sign == .plus { return tail + "j" }
    let sign = tail.hasPrefix("-") ? "" : "+"
    return "(\(withoutZeroFraction(real))\(sign)\(tail)j)"
  }

  private static func withoutZeroFraction(_ value: Double) -> String {
    let text = float(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Python's `True` or `False`.
  static func bool(_ value: Bool) -> String { value ? "True" : "False" }

  /// Items with separators and the comma that makes a tuple of one.
  static func tuple(_ items: [String]) -> String {
    items.count == 1 ? "(\(items[0]),)" : "(\(items.joined(separator: ", ")))"
  }
}
