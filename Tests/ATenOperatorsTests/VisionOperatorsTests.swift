import ATenOperators
import FakeTensors
import OperatorSchemas
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary
import Testing

@Suite struct VisionOperatorsTests {
  let mode = FakeTensorMode()

  private func apply(_ name: String, _ arguments: FakeValue...) throws -> FakeValue {
    let name = try #require(OperatorName("torchvision.\(name).default"))
    let resolved = try #require(OperatorTable.aten.resolve(name))
    return try resolved.apply(try resolved.call(arguments, in: mode))
  }

  private func tensor(_ sizes: Sizes) -> FakeValue { .tensor(mode.tensor(sizes, dtype: .float32)) }

  @Test func nmsReturnsAnUnbackedNumberOfBoxes() throws {
    let kept = try #require(try apply("nms", tensor([10, 4]), tensor([10]), .float(0.5)).tensor)
    #expect(kept.dtype == .int64)
    #expect(mode.shapes.bound(of: kept.sizes[0]).lower == 2)
    #expect(throws: OperatorError.self) { try apply("nms", tensor([10, 5]), tensor([10]), .float(0.5)) }
    #expect(throws: OperatorError.self) { try apply("nms", tensor([10, 4]), tensor([9]), .float(0.5)) }
  }

  @Test func regionsBecomeTheBatch() throws {
    let pooled = try apply(
      "roi_align", tensor([2, 8, 32, 32]), tensor([5, 5]), .float(1), .int(7), .int(6), .int(2), .bool(true))
    #expect(pooled.tensor?.sizes == [5, 8, 7, 6])
    let both = try apply("roi_pool", tensor([2, 8, 32, 32]), tensor([5, 5]), .float(1), .int(7), .int(6))
    #expect(both.elements?.map { $0.tensor?.sizes } == [[5, 8, 7, 6], [5, 8, 7, 6]])
    #expect(both.elements?.last?.tensor?.dtype == .int32)
  }

  @Test func positionSensitivePoolingDividesTheChannels() throws {
    let pooled = try apply(
      "ps_roi_pool", tensor([2, 18, 32, 32]), tensor([5, 5]), .float(1), .int(3), .int(3))
    #expect(pooled.elements?.first?.tensor?.sizes == [5, 2, 3, 3])
    #expect(throws: OperatorError.self) {
      try apply("ps_roi_pool", tensor([2, 17, 32, 32]), tensor([5, 5]), .float(1), .int(3), .int(3))
    }
  }
}
