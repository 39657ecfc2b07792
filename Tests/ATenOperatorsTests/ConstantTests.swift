import ATenOperators
import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary
import Testing

/// Tensors of one known element stay known through the operators that propagation can evaluate.
@Suite struct ConstantTests {
  let mode = FakeTensorMode()

  private func constant(_ value: Scalar, _ dtype: ScalarType) -> FakeTensor {
    let tensor = mode.tensor([], dtype: dtype)
    mode.setConstant(TensorConstant([value]), of: tensor)
    return tensor
  }

  private func apply(_ overload: String, _ arguments: FakeValue...) throws -> FakeValue {
    let name = try #require(OperatorName("aten.\(overload)"))
    let resolved = try #require(OperatorTable.aten.resolve(name))
    return try resolved.apply(try resolved.call(arguments, in: mode))
  }

  @Test func itemOfAConstantIsANumber() throws {
    guard case .symInt(let value) = try apply("item.default", .tensor(constant(7, .int64))) else {
      Issue.record("no integer")
      return
    }
    #expect(value.constant == 7)
  }

  @Test(arguments: [
    ("add.Tensor", 7, 3, 10), ("sub.Tensor", 7, 3, 4), ("mul.Tensor", -7, 3, -21),
    ("floor_divide.default", -7, 3, -3),
    ("remainder.Tensor", -7, 3, 2), ("fmod.Tensor", -7, 3, -1), ("maximum.default", 7, 3, 7),
    ("bitwise_and.Tensor", 6, 3, 2),
  ])
  func integersAreComputed(_ overload: String, _ a: Int, _ b: Int, _ expected: Int) throws {
    let value = try apply(overload, .tensor(constant(.int(a), .int64)), .tensor(constant(.int(b), .int64)))
    #expect(value.tensor?.constant?.values == [.int(expected)])
  }

  @Test func comparisonsAreComputed() throws {
    let value = try apply("gt.Scalar", .tensor(constant(0.5, .float32)), .int(0))
    #expect(value.tensor?.constant?.values == [.bool(true)])
  }

  @Test func viewsStayKnown() throws {
    let value = try apply("unsqueeze.default", .tensor(constant(7, .int64)), .int(0))
    #expect(value.tensor?.constant?.values == [.int(7)])
  }

  @Test func writingAnUnknownValueMakesItUnknown() throws {
    let known = constant(7, .int64)
    let view = try #require(try apply("alias.default", .tensor(known)).tensor)
    _ = try apply("add_.Tensor", .tensor(known), .tensor(mode.tensor([], dtype: .int64)))
    #expect(known.constant == nil)
    #expect(view.constant == nil)
  }

  @Test func writingAKnownValueKeepsTheTargetKnown() throws {
    let known = constant(7, .int64)
    _ = try apply("fill_.Scalar", .tensor(known), .int(9))
    #expect(known.constant?.values == [.int(9)])
  }

  @Test func elementsOfNarrowTypesWrap() throws {
    let value = try apply("mul.Tensor", .tensor(constant(100, .int8)), .tensor(constant(2, .int8)))
    #expect(value.tensor?.constant?.values == [.int(-56)])
  }
}
