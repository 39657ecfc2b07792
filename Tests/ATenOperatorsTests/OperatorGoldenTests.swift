import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

/// Calls recorded from PyTorch: one test case for each file of `Goldens`.
@Suite struct OperatorGoldenTests {
  static let files = Result { try OperatorGoldenFile.all(in: .module) }

  @Test(arguments: try files.get())
  func agreesWithPyTorch(_ file: OperatorGoldenFile) throws {
    let calls = try file.calls()
    #expect(!calls.isEmpty, "\(file) holds no calls")
    for golden in calls {
      let mismatch = try golden.mismatch(with: .aten)
      #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
    }
  }

  @Test func thereAreFiles() throws { #expect(try !Self.files.get().isEmpty) }

  /// PyTorch raises a `RuntimeError` here: the sizes of the matrices do not match.
  @Test(arguments: [
    ("RuntimeError", true), ("IndexError", true), ("GuardOnDataDependentSymNode", false),
    ("DynamicOutputShapeException", false), ("DataDependentOutputException", false),
  ])
  func anErrorOfAnotherKindIsAMismatch(_ error: String, _ isRight: Bool) throws {
    let line =
      #"{"id": "0", "op": "aten.mm.default", "args": ["f32[2, 3]", "f32[4, 5]"], "error": "\#(error)"}"#
    let golden = try JSONDecoder().decode(OperatorGolden.self, from: Data(line.utf8))
    #expect(try (golden.mismatch(with: .aten) == nil) == isRight)
  }

  @Test func anUnknownErrorIsNoKind() {
    #expect(throws: GoldenError.self) { try OperatorErrorKind(pyTorch: "KeyboardInterrupt") }
  }
}
