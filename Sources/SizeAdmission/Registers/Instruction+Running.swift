import SymbolicExpressions

extension Instruction {
  /// Executes a step that writes a register; the arithmetic is that of ``ExprArena/evaluate(_:_:)``.
  ///
  /// There are at least as many registers as the program's ``RegisterProgram/registerCount``. The compiler uses no
  /// higher register number, which bounds every access here.
  @inline(__always)
  func run(
    _ registers: UnsafeMutablePointer<Int>, _ operands: UnsafeBufferPointer<CallOperand>
  ) -> StepOutcome {
    let (x, y) = (registers[Int(a)], registers[Int(b)])
    let result: Int
    switch code {
    case .add:
      let (sum, overflow) = x.addingReportingOverflow(y)
      if overflow { return .overflow }
      result = sum
    case .multiply:
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      if overflow { return .overflow }
      result = product
    case .floorDivide:
      if y == 0 { return .undefined }
      if y == -1, x == .min { return .overflow }
      let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
      result = remainder != 0 && (remainder < 0) != (y < 0) ? quotient &- 1 : quotient
    case .remainder:
      if y == 0 { return .undefined }
      if y == -1, x == .min { return .overflow }
      let remainder = x % y
      result = remainder != 0 && (remainder < 0) != (y < 0) ? remainder &+ y : remainder
    case .minimum: result = Swift.min(x, y)
    case .maximum: result = Swift.max(x, y)
    case .magnitude:
      if x == .min { return .overflow }
      result = abs(x)
    case .bitAnd: result = x & y
    case .bitOr: result = x | y
    case .bitXor: result = x ^ y
    case .toFloat: result = Double(x).register
    case .addFloats: result = (x.float + y.float).register
    case .multiplyFloats: result = (x.float * y.float).register
    case .divideFloats:
      if y.float == 0 { return .undefined }
      result = (x.float / y.float).register
    case .divideIntegers:
      if y == 0 { return .undefined }
      result = (Double(x) / Double(y)).register
    case .equal: result = x == y ? 1 : 0
    case .unequal: result = x != y ? 1 : 0
    case .less: result = x < y ? 1 : 0
    case .lessOrEqual: result = x <= y ? 1 : 0
    case .equalFloats: result = x.float == y.float ? 1 : 0
    case .unequalFloats: result = x.float != y.float ? 1 : 0
    case .lessFloats: result = x.float < y.float ? 1 : 0
    case .lessOrEqualFloats: result = x.float <= y.float ? 1 : 0
    case .and: result = x & y
    // If the first operand decides, the second may be garbage; see the exact path.
    case .or: result = (x | y) & 1
    case .not: result = 1 &- x
    case .select: result = registers[Int(c)] != 0 ? x : y
    case .power, .shiftLeft, .shiftRight, .truncate, .roundDown, .roundUp, .roundHalfToEven, .call:
      return runRarely(registers, operands)
    case .demand, .demandEqual, .demandUnequal, .demandLess, .demandLessOrEqual, .admit, .refuse: return .done
    }
    registers[Int(target)] = result
    return .done
  }

  /// Rare steps, kept out of the loop's code.
  @inline(never)
  private func runRarely(
    _ registers: UnsafeMutablePointer<Int>, _ operands: UnsafeBufferPointer<CallOperand>
  ) -> StepOutcome {
    let (x, y) = (registers[Int(a)], registers[Int(b)])
    let result: Int?
    switch code {
    case .power:
      if y < 0 { return .undefined }
      result = Self.power(x, y)
    case .shiftLeft:
      if y < 0 { return .undefined }
      result = Self.power(2, y).flatMap {
        let (product, overflow) = x.multipliedReportingOverflow(by: $0)
        return overflow ? nil : product
      }
    case .shiftRight:
      if y < 0 { return .undefined }
      // A shift by 63 or more leaves only the sign.
      result = x >> Swift.min(y, 63)
    case .truncate, .roundDown, .roundUp, .roundHalfToEven:
      if x.float.isNaN || x.float.isInfinite { return .undefined }
      result = Int(exactly: x.float.rounded(rounding))
    default:
      guard let function = SymFunction(rawValue: UInt8(truncatingIfNeeded: c)) else { return .undefined }
      let arguments = operands[Int(a)..<Int(a) + Int(b)].map {
        $0.number(registers[Int($0.register)])
      }
      guard let value = function.value(of: arguments) else { return .undefined }
      switch (value, kind) {
      case (.int(let value), .int): result = value
      case (.bool(let value), .bool): result = value ? 1 : 0
      case (.float, .float), (.int, .float): result = value.double.register
      default: return .undefined
      }
    }
    guard let result else { return .overflow }
    registers[Int(target)] = result
    return .done
  }

  private var rounding: FloatingPointRoundingRule {
    switch code {
    case .truncate: .towardZero
    case .roundDown: .down
    case .roundUp: .up
    default: .toNearestOrEven
    }
  }

  /// Whether a demand is met.
  @inline(__always)
  func isMet(_ registers: UnsafeMutablePointer<Int>) -> Bool {
    let (x, y) = (registers[Int(a)], registers[Int(b)])
    switch code {
    case .demand: return x != 0
    case .demandEqual: return x == y
    case .demandUnequal: return x != y
    case .demandLess: return x < y
    case .demandLessOrEqual: return x <= y
    default: return true
    }
  }

  /// `base ** exponent` for a non-negative exponent; `nil` on overflow.
  private static func power(_ base: Int, _ exponent: Int) -> Int? {
    if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
    if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
    guard exponent < Int.bitWidth else { return nil }
    var result = 1
    for _ in 0..<exponent {
      let (product, overflow) = result.multipliedReportingOverflow(by: base)
      if overflow { return nil }
      result = product
    }
    return result
  }
}

extension Instruction.Code {
  /// Whether it decides something instead of writing a register.
  @inline(__always) var isDecision: Bool { rawValue >= Self.demand.rawValue }
}

extension Int {
  /// The float whose bit pattern this is.
  @inline(__always) var float: Double { Double(bitPattern: UInt64(bitPattern: Int64(self))) }
}

extension Double {
  /// The bit pattern as stored in a register.
  @inline(__always) var register: Int { Int(Int64(bitPattern: bitPattern)) }
}
