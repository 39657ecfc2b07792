import ATenOperators
import FakeTensors
import Foundation
import OperatorSchemas
import SymbolicShapes
import TestSupport
import Testing

/// The treatment of symbolic numbers, as recorded by `Scripts/record_symbolic_numbers.py`.
@Suite struct SymbolicNumbersTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let op: String
    let args: [GoldenValue]
    let out: GoldenValue?
    let error: String?
    let guards: [String]
    let asserts: [String]

    var testDescription: String { "\(op) \(args)" }

    static func load() throws -> [Golden] {
      let url = try #require(
        Bundle.module.url(forResource: "Goldens/Symbolic/numbers", withExtension: "json"))
      return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: url))
    }
  }

  @Test(arguments: try Golden.load())
  func decidesWhatPyTorchDecides(_ golden: Golden) throws {
    let mode = FakeTensorMode()
    let shapes = mode.shapes
    _ = mode.size("s93", hint: 3)
    _ = (shapes.createUnbackedInt(), shapes.createUnbackedFloat())
    let reader = GoldenReader(mode)
    let name = try #require(OperatorName(golden.op))
    let resolved = try #require(OperatorTable.aten.resolve(name))
    let call = try resolved.call(golden.args.map(reader.value), in: mode)
    guard let out = golden.out else {
      let refusal = #expect(throws: OperatorError.self) { try resolved.apply(call) }
      let kind = try OperatorErrorKind(#require(refusal))
      // PyTorch cannot make a Python float of an unbacked value; here the error says which value is unknown.
      let isFine =
        try kind == .dataDependent || kind == OperatorErrorKind(pyTorch: try #require(golden.error))
      #expect(isFine, "\(kind) where PyTorch raises \(golden.error ?? "nothing")")
      return
    }
    let result = try resolved.apply(call)
    #expect(try GoldenComparison(reader).difference(out, result, at: "out") == nil)
    #expect(shapes.guards.map { shapes.text(raw: $0.expression) } == golden.guards)
    // PyTorch leaves out the zero of a float.
    let asserts = shapes.runtimeAsserts.map { assert in
      shapes.text(raw: assert.assert.expression).replacing(" - 0.0", with: "")
    }
    #expect(asserts == golden.asserts)
  }
}
