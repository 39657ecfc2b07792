import ATenOperators
import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary
import Testing

@Suite struct PointwiseTernaryTests {
  /// Only the weight may be a 0-dim tensor of another dtype.
  ///
  /// PyTorch, when one tensor is both: "expected dtype torch.float32 for `end`, but got dtype torch.float64".
  @Test func checksTheDtypeOfAnEndThatIsAlsoTheWeight() throws {
    let mode = FakeTensorMode()
    let start = FakeValue.tensor(mode.tensor([3], dtype: .float32))
    let scalar = FakeValue.tensor(mode.tensor([], dtype: .float64))
    let lerp = try #require(
      OperatorTable.aten.resolve(OperatorName(namespace: "aten", base: "lerp", overload: "Tensor")))
    _ = try lerp.apply(lerp.call([start, start, scalar], in: mode))
    #expect(throws: OperatorError.self) { try lerp.apply(lerp.call([start, scalar, scalar], in: mode)) }
  }
}
