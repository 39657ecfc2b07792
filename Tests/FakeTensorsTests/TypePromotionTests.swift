import FakeTensors
import SymbolicShapes
import TensorVocabulary
import Testing

@Suite struct TypePromotionTests {
  /// PyTorch 2.13: `torch.result_type`.
  @Test func lowerRanksRaiseTheCategoryOnly() {
    #expect(result([(.uint8, 1), (.int64, 0)]) == .uint8)
    #expect(result([(.bool, 1), (.int64, 0)]) == .int64)
    #expect(result([(.int64, 1), (.float64, 0)]) == .float64)
    #expect(result([(.float16, 1), (.complex128, 0)]) == .complex32)
    #expect(result([(.float32, 2), (.float64, 1)]) == .float64)
  }

  @Test func numbersHaveTheLowestPriority() {
    #expect(result([(.int32, 1)], .float) == .float32)
    #expect(result([(.bfloat16, 0)], .float) == .bfloat16)
    #expect(result([(.bool, 0)], .int) == .int64)
    #expect(result([(.float64, 1)], .complex) == .complex128)
  }

  @Test func kindsChangeTheResult() {
    var integers = TypePromotion(.newest)
    integers.add(.int32, rank: 1)
    #expect(integers.result(.intToFloat) == .float32)
    #expect(integers.result(.alwaysBool) == .bool)
    var complex = TypePromotion(.newest)
    complex.add(.complex64, rank: 1)
    #expect(complex.result(.complexToFloat) == .float32)
    var truth = TypePromotion(.newest)
    truth.add(.bool, rank: 1)
    #expect(truth.result(.boolToLong) == .int64)
  }

  private func result(_ tensors: [(ScalarType, Int)], _ number: ScalarCategory? = nil) -> ScalarType {
    var promotion = TypePromotion(.newest)
    for (dtype, rank) in tensors { promotion.add(dtype, rank: rank) }
    if let number { promotion.add(number) }
    return promotion.result
  }
}
