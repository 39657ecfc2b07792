/// A kind of input, and what is done with it.
///
/// The function takes any bytes: a fuzzer that searches for coverage, such as libFuzzer, calls it as well as a generator
/// of random numbers. It returns for every input; a trap, an endless loop or memory beyond the limit is a finding.
public struct FuzzKind: Sendable {
  /// The name on the command line.
  public let name: String
  /// What is tried.
  public let summary: String
  private let body: @Sendable (inout FuzzBytes) -> Int

  /// A kind whose function returns how many bytes the input has that it makes: those of an archive, say.
  init(_ name: String, _ summary: String, _ body: @escaping @Sendable (inout FuzzBytes) -> Int) {
    self.name = name
    self.summary = summary
    self.body = body
  }

  /// Tries the input that `bytes` describe.
  ///
  /// - Returns: the size of the input in bytes.
  @discardableResult
  public func callAsFunction(_ bytes: [UInt8]) -> Int {
    var choices = FuzzBytes(bytes)
    return max(body(&choices), bytes.count)
  }

  /// The bytes of the input with this number.
  public static func bytes(seed: UInt64, number: UInt64) -> [UInt8] {
    var numbers = FuzzBytes(
      (0..<8).map { UInt8(truncatingIfNeeded: (seed &* 0x1_0000_0001 ^ number) >> ($0 * 8)) }
        + (0..<8).map { UInt8(truncatingIfNeeded: seed >> ($0 * 8)) })
    _ = (numbers.next(), numbers.next())
    return (0..<(16 + numbers.below(240))).map { _ in UInt8(truncatingIfNeeded: numbers.next() >> 24) }
  }
}

extension FuzzKind {
  /// All kinds.
  public static let all: [FuzzKind] =
    [
      zip, program, expressions, operators, graphs, edits, texts, schemas, sizes, patterns, tensors, parallel,
      command,
    ]
    + ProgramUse.all.map(FuzzKind.init)
}
