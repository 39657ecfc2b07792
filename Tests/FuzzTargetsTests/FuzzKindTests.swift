import Testing

@testable import FuzzTargets

/// The fuzzers themselves: long runs are `swiftfx-fuzz`.
@Suite struct FuzzKindTests {
  /// The kinds whose inputs are small; `.ci/run` tries all kinds in a process of their own.
  static let small = ["expressions", "texts", "zip", "json"].filter { FuzzKind.all.map(\.name).contains($0) }

  /// Numbers that once were a finding are tried first, then a few of each kind.
  private static let findings: [String: [UInt64]] = [
    "expressions": [8_593], "texts": [2_323],
  ]

  @Test(arguments: small) func everyInputIsAnswered(_ name: String) throws {
    let kind = try #require(FuzzKind.all.first { $0.name == name })
    for number in (Self.findings[name] ?? []) + Array(0..<5) {
      #expect(kind(FuzzKind.bytes(seed: 1, number: number)) > 0)
    }
  }

  /// Inputs of the larger kinds that once took minutes.
  @Test(arguments: [("rewriting", 1, 86)] as [(String, UInt64, UInt64)])
  func longInputsEnd(_ name: String, _ seed: UInt64, _ number: UInt64) throws {
    let kind = try #require(FuzzKind.all.first { $0.name == name })
    let start = ContinuousClock.now
    #expect(kind(FuzzKind.bytes(seed: seed, number: number)) > 0)
    // A debug build on a machine that does other work, too.
    #expect(start.duration(to: .now) < .seconds(120))
  }

  @Test func equalSeedsGiveEqualInputs() {
    #expect(FuzzKind.bytes(seed: 7, number: 3) == FuzzKind.bytes(seed: 7, number: 3))
    #expect(FuzzKind.bytes(seed: 7, number: 3) != FuzzKind.bytes(seed: 7, number: 4))
    #expect(FuzzKind.bytes(seed: 7, number: 3) != FuzzKind.bytes(seed: 8, number: 3))
  }

  /// Choices go on when the bytes are used up, and none of them is endless.
  @Test(arguments: [[], [0], [UInt8](repeating: 0, count: 64), [UInt8](repeating: 255, count: 64)])
  func anyBytesAreAnInput(_ bytes: [UInt8]) throws {
    for name in ["program", "expressions", "operators", "graphs", "texts"] {
      let kind = try #require(FuzzKind.all.first { $0.name == name })
      kind(bytes)
    }
  }

  @Test func jsonIsWrittenAsItWasRead() throws {
    let text = Array(#"{"a":[1,-2.5e3,null,{"b":"x\"y","c":{}}],"d":[]}"#.utf8)
    let tree = try #require(JSONTree(text))
    #expect(tree.text == text)
    #expect(tree.count == 9)
    #expect(JSONTree(Array("{\"a\":".utf8)) == nil)
    var changed = tree
    var number = 3
    changed.change(&number) { $0 = .word(Array("7".utf8)) }
    #expect(String(decoding: changed.text, as: UTF8.self) == #"{"a":[1,7,null,{"b":"x\"y","c":{}}],"d":[]}"#)
  }

  @Test func samplesAreThere() {
    #expect(FuzzSamples.archives.count > 8)
    #expect(FuzzSamples.hostile.count > 8)
    #expect(FuzzSamples.texts.count > 8)
  }
}
