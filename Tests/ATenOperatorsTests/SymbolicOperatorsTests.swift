import ATenOperators
import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import Testing

/// The results of Python and of PyTorch's `SymInt`, `SymFloat` and `SymBool`, as text.
@Suite struct SymbolicOperatorsTests {
  @Test(arguments: [
    ("_operator.add", [3, 4], "7"), ("_operator.sub", [3, 4], "-1"), ("_operator.mul", [3, 4], "12"),
    ("_operator.floordiv", [-7, 2], "-4"), ("_operator.mod", [-7, 2], "1"),
    ("_operator.truediv", [7, 2], "3.5"),
    ("_operator.pow", [2, 10], "1024"), ("_operator.neg", [5], "-5"), ("_operator.lshift", [3, 2], "12"),
    ("_operator.rshift", [12, 2], "3"), ("_operator.and_", [12, 10], "8"), ("_operator.or_", [12, 10], "14"),
    ("_operator.xor", [12, 10], "6"), ("_operator.ge", [3, 3], "True"), ("_operator.ne", [3, 3], "False"),
    ("math.trunc", [3], "3"), ("torch.sym_max", [3, 4], "4"), ("torch.sym_min", [3, 4], "3"),
    ("torch.sym_not", [1], "False"), ("torch.sym_float", [2], "2.0"), ("torch.sym_ite", [1, 5, 6], "5"),
  ])
  func computesAsPythonDoes(_ target: String, _ arguments: [Int], _ expected: String) throws {
    let mode = FakeTensorMode()
    #expect(try text(of: target, arguments.map { .int($0) }, in: mode) == expected)
  }

  @Test(arguments: [
    ("_operator.add", "u0 + 3"), ("_operator.mul", "3*u0"), ("_operator.floordiv", "(u0//3)"),
    ("_operator.mod", "PythonMod(u0, 3)"), ("_operator.eq", "Eq(u0, 3)"), ("_operator.ge", "u0 >= 3"),
    ("torch.sym_max", "Max(3, u0)"), ("_operator.truediv", "IntTrueDiv(u0, 3)"),
  ])
  func keepsSymbols(_ target: String, _ expected: String) throws {
    let mode = FakeTensorMode()
    let size = FakeValue.symInt(mode.shapes.createUnbackedInt())
    #expect(try text(of: target, [size, .int(3)], in: mode) == expected)
  }

  @Test func choosesModForSizes() throws {
    let mode = FakeTensorMode()
    let size = mode.shapes.createUnbackedInt(range: IntRange(lower: 0, upper: .max))
    #expect(try text(of: "_operator.mod", [.symInt(size), .int(3)], in: mode) == "Mod(u0, 3)")
  }

  @Test(arguments: ["_operator.floordiv", "_operator.truediv", "_operator.mod"])
  func refusesDivisionByZero(_ target: String) throws {
    #expect(throws: OperatorError.self) { try text(of: target, [.int(1), .int(0)], in: FakeTensorMode()) }
  }

  @Test(arguments: ["_operator.add", "_operator.lshift", "math.sqrt", "torch.sym_ite", "torch.sym_sum"])
  func refusesNonNumbers(_ target: String) throws {
    let arguments = [FakeValue.string("x"), .none, .list([.none])]
    #expect(throws: OperatorError.self) {
      let count = try resolved(target).schema.arguments.count
      _ = try text(of: target, Array(arguments.prefix(count)), in: FakeTensorMode())
    }
  }

  @Test func sumsLists() throws {
    let mode = FakeTensorMode()
    let size = FakeValue.symInt(mode.shapes.createUnbackedInt())
    #expect(try text(of: "torch.sym_sum", [.list([size, .int(2), size])], in: mode) == "2*u0 + 2")
  }

  private func resolved(_ target: String) throws -> ResolvedOperator {
    let parts = target.split(separator: ".").map(String.init)
    let name = OperatorName(namespace: parts[0], base: parts[1])
    return try #require(OperatorTable.aten.resolve(name))
  }

  private func text(of target: String, _ arguments: [FakeValue], in mode: FakeTensorMode) throws -> String {
    let operation = try resolved(target)
    return mode.shapes.shortText(of: try operation.apply(operation.call(arguments, in: mode))) ?? "None"
  }
}
