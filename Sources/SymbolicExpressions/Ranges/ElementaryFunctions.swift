#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The C library's functions of one float, as called by Python's `math`.
enum ElementaryFunctions {
  /// `f(x)`, or nil where Python raises a domain error.
  static func value(_ function: SymFunction, _ x: Double) -> Double? {
    let y: Double
    switch function {
    case .sqrt: y = x.squareRoot()
    case .cos: y = cos(x)
    case .cosh: y = cosh(x)
    case .sin: y = sin(x)
    case .sinh: y = sinh(x)
    case .tan: y = tan(x)
    case .tanh: y = tanh(x)
    case .asin: y = asin(x)
    case .acos: y = acos(x)
    case .atan: y = atan(x)
    case .exp: y = exp(x)
    case .log: y = log(x)
    case .asinh: y = asinh(x)
    case .log2: y = log2(x)
    default: return nil
    }
    return y.isNaN ? nil : y
  }

  static func pow(_ x: Double, _ y: Double) -> Double {
    #if canImport(Darwin)
      Darwin.pow(x, y)
    #elseif canImport(Glibc)
      Glibc.pow(x, y)
    #elseif canImport(Musl)
      Musl.pow(x, y)
    #endif
  }

  /// `round(x, digits)`: rounds half to even, by scaling, which is exact for the few digits that occur.
  static func round(_ x: Double, digits: Int) -> Double {
    guard digits > -300, digits < 300, x.isFinite else { return x }
    let scale = pow(10, Double(digits.magnitude))
    let scaled = digits < 0 ? x / scale : x * scale
    guard scaled.isFinite else { return x }
    let rounded = scaled.rounded(.toNearestOrEven)
    return digits < 0 ? rounded * scale : rounded / scale
  }
}
