/// Constants as Python writes them.
enum PythonText {
  /// Python's `repr` of a float: the shortest digits that parse to the same value, `0.1`, `1e-05`, `1e+16`, `inf`.
  ///
  /// Swift finds the same digits, but uses an exponent from 2⁵³ on, Python from 10¹⁶ on.
  static func float(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value.description }
    let parts = abs(value).description.split(separator: "e")
    let halves = parts[0].split(separator: ".")
    var digits = halves.joined()
    var point = halves[0].count
    if parts.count > 1, let exponent = Int(parts[1]) { point += exponent }
    let zeros = digits.prefix { $0 == "0" }.count
    digits.removeFirst(zeros)
    point -= zeros
    while digits.last == "0" { digits.removeLast() }
    return (value < 0 ? "-" : "") + layOut(digits, point: point)
  }

  /// Digits with a decimal point after the first `point` of them, or with an exponent if that is far away.
  private static func layOut(_ digits: String, point: Int) -> String {
    let zeros = { (count: Int) in String(repeating: "0", count: max(0, count)) }
    switch point {
    case -3...0: return "0." + zeros(-point) + digits
    case 1...16:
      let fraction = digits.dropFirst(point)
      return digits.prefix(point) + zeros(point - digits.count) + "." + (fraction.isEmpty ? "0" : fraction)
    default:
      let exponent = point - 1
      let sign = exponent < 0 ? "-" : "+"
      let magnitude = "\(abs(exponent))"
      let fraction = digits.dropFirst()
      return digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e" + sign
        + zeros(2 - magnitude.count) + magnitude
    }
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

  /// Items with separators, and with the comma that makes a one-element tuple.
  static func tuple(_ items: [String]) -> String {
    items.count == 1 ? "(\(items[0]),)" : "(\(items.joined(separator: ", ")))"
  }
}
