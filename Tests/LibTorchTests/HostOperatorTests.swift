import TensorVocabulary
import Testing

@testable import LibTorch

/// Python's arithmetic: the right values come from Python 3.
@Suite struct HostOperatorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let arguments: [Scalar]
    let expected: Scalar
    var testDescription: String { "\(name)(\(arguments.map(\.description).joined(separator: ", ")))" }
  }

  private static let cases: [Case] = [
    Case(name: "_operator.floordiv", arguments: [-7, 2], expected: -4),
    Case(name: "_operator.floordiv", arguments: [7, -2], expected: -4),
    Case(name: "_operator.floordiv", arguments: [-7.0, 2], expected: -4.0),
    Case(name: "_operator.mod", arguments: [-7, 3], expected: 2),
    Case(name: "_operator.mod", arguments: [7, -3], expected: -2),
    Case(name: "_operator.mod", arguments: [-7.5, 2], expected: 0.5),
    Case(name: "_operator.truediv", arguments: [7, 2], expected: 3.5),
    Case(name: "_operator.pow", arguments: [2, 62], expected: .int(1 << 62)),
    Case(name: "_operator.pow", arguments: [2, -1], expected: 0.5),
    Case(name: "_operator.pow", arguments: [-1, 1_000_000_007], expected: -1),
    Case(name: "_operator.add", arguments: [true, true], expected: 2),
    Case(name: "_operator.and_", arguments: [true, false], expected: false),
    Case(name: "_operator.and_", arguments: [6, 3], expected: 2),
    Case(name: "_operator.lshift", arguments: [3, 4], expected: 48),
    Case(name: "_operator.rshift", arguments: [-1, 200], expected: -1),
    Case(name: "_operator.eq", arguments: [3, 3.0], expected: true),
    Case(name: "_operator.neg", arguments: [true], expected: -1),
    Case(name: "math.ceil", arguments: [-1.5], expected: -1),
    Case(name: "math.trunc", arguments: [-1.5], expected: -1),
    Case(name: "torch.sym_max", arguments: [3, 2.5], expected: 3.0),
    Case(name: "torch.sym_sum", arguments: [1, 2, 3], expected: 6),
    Case(name: "torch.sym_ite", arguments: [false, 1, 2], expected: 2),
    Case(name: "torch._sym_sqrt", arguments: [16], expected: 4.0),
  ]

  @Test(arguments: cases)
  func isPythons(_ example: Case) throws {
    let row = try #require(HostOperator.named(example.name))
    #expect(try row.apply(example.arguments) == example.expected)
  }

  /// What has no value in Python, or none of 64 bits, is an error and never a trap.
  @Test(arguments: [
    Case(name: "_operator.floordiv", arguments: [1, 0], expected: 0),
    Case(name: "_operator.floordiv", arguments: [.int(.min), -1], expected: 0),
    Case(name: "_operator.mod", arguments: [1, 0], expected: 0),
    Case(name: "_operator.mod", arguments: [1.0, 0], expected: 0),
    Case(name: "_operator.truediv", arguments: [1, 0], expected: 0),
    Case(name: "_operator.add", arguments: [.int(.max), 1], expected: 0),
    Case(name: "_operator.mul", arguments: [.int(.max), 2], expected: 0),
    Case(name: "_operator.neg", arguments: [.int(.min)], expected: 0),
    Case(name: "_operator.abs", arguments: [.int(.min)], expected: 0),
    Case(name: "_operator.pow", arguments: [2, 64], expected: 0),
    Case(name: "_operator.lshift", arguments: [1, 63], expected: 0),
    Case(name: "_operator.lshift", arguments: [1, -1], expected: 0),
    Case(name: "math.floor", arguments: [.float(.infinity)], expected: 0),
    Case(name: "math.sqrt", arguments: [-1], expected: 0),
    Case(name: "_operator.add", arguments: [1], expected: 0),
  ])
  func refuses(_ example: Case) throws {
    let row = try #require(HostOperator.named(example.name))
    #expect(throws: LibTorchError.self) { try row.apply(example.arguments) }
  }
}
