import LibTorch
import SwiftFX

/// Makes inputs of given sizes.
struct InputMaker {
  /// What the elements are.
  enum Fill: String, CaseIterable {
    case random, ones, zeros
  }

  private let program: RealProgram
  private let fill: Fill
  private let seed: UInt64

  init(_ program: RealProgram, fill: Fill, seed: UInt64) {
    self.program = program
    self.fill = fill
    self.seed = seed
  }

  /// One input for each pattern; sizes must be numbers.
  func inputs(_ patterns: [SizePattern]) throws -> [String: PyTree<RealTensor>] {
    var elements = Elements(fill, seed: seed)
    var inputs: [String: PyTree<RealTensor>] = [:]
    for pattern in patterns {
      let sizes = try Self.sizes(pattern)
      inputs[pattern.input] = try program.input(
        pattern.input, sizes: sizes, number: sizes.first
      ) { elements.next(isFloat: $0) }
    }
    return inputs
  }

  /// What the arguments of `--input` say.
  ///
  /// - Throws: `SizeError` for one that cannot be read, or for an input that is given twice.
  static func patterns(_ texts: [String]) throws(SizeError) -> [SizePattern] {
    var patterns: [SizePattern] = []
    for text in texts {
      let pattern = try SizePattern(text)
      if patterns.contains(where: { $0.input == pattern.input }) { throw .repeatedInput(name: pattern.input) }
      patterns.append(pattern)
    }
    return patterns
  }

  /// - Throws: ``LibTorchError/Kind/input(_:)`` unless all sizes are numbers.
  static func sizes(_ pattern: SizePattern) throws -> [Int] {
    try pattern.dims.map { dim in
      guard case .range(let lower, let upper, _) = dim, lower == upper else {
        throw LibTorchError(.input("'\(pattern.input)=\(pattern.text)' leaves a size open"))
      }
      return lower
    }
  }

  /// The elements of tensors, one after the other.
  struct Elements {
    private let fill: Fill
    private var random: SplitMix

    init(_ fill: Fill, seed: UInt64) {
      self.fill = fill
      random = SplitMix(state: seed)
    }

    mutating func next(isFloat: Bool) -> Double {
      switch fill {
      case .ones: 1
      case .zeros: 0
      // Whole numbers are often indices, of which 0 and 1 exist most likely.
      case .random: isFloat ? random.unit() : Double(random.next() & 1)
      }
    }
  }
}

/// The generator SplitMix64, the same numbers on every system.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
