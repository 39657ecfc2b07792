import ATenOperators
import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary
import Testing

@testable import ShapePropagation

/// A call of a function or method, and the overload that PyTorch 2.13 dispatches it to.
struct OverloadChoice: CustomTestStringConvertible, Sendable {
  enum Value: Sendable {
    case x, mask, index
    case int(Int), float(Double), ints([Int]), tensors
  }

  var name: String
  var isMethod = false
  var arguments: [Value]
  var keywords: [(String, Value)] = []
  var overload: String

  var testDescription: String { overload }

  /// Recorded with a `TorchDispatchMode`; for composite operators, the overload that is called before it decomposes.
  static let all: [OverloadChoice] = [
    .init(name: "max", arguments: [.x], overload: "aten.max.default"),
    .init(name: "max", arguments: [.x, .int(1)], overload: "aten.max.dim"),
    .init(name: "max", arguments: [.x, .x], overload: "aten.max.other"),
    .init(
      name: "max", isMethod: true, arguments: [.x], keywords: [("dim", .int(0))], overload: "aten.max.dim"),
    .init(name: "sum", isMethod: true, arguments: [.x], overload: "aten.sum.default"),
    .init(name: "sum", isMethod: true, arguments: [.x, .int(1)], overload: "aten.sum.dim_IntList"),
    .init(name: "sum", isMethod: true, arguments: [.x, .ints([0, 1])], overload: "aten.sum.dim_IntList"),
    .init(name: "mean", isMethod: true, arguments: [.x, .int(-1)], overload: "aten.mean.dim"),
    .init(name: "add", arguments: [.x, .int(2)], overload: "aten.add.Tensor"),
    .init(name: "mul", arguments: [.x, .float(2)], overload: "aten.mul.Tensor"),
    .init(name: "div", arguments: [.x, .x], overload: "aten.div.Tensor"),
    .init(name: "eq", arguments: [.x, .int(1)], overload: "aten.eq.Scalar"),
    .init(name: "eq", arguments: [.x, .x], overload: "aten.eq.Tensor"),
    .init(name: "where", arguments: [.mask, .x, .x], overload: "aten.where.self"),
    .init(name: "clamp", arguments: [.x, .int(0), .int(1)], overload: "aten.clamp.default"),
    .init(name: "clamp", arguments: [.x], keywords: [("min", .x)], overload: "aten.clamp.Tensor"),
    .init(name: "view", isMethod: true, arguments: [.x, .int(6), .int(4)], overload: "aten.view.default"),
    .init(
      name: "permute", isMethod: true, arguments: [.x, .int(1), .int(0)], overload: "aten.permute.default"),
    .init(name: "zeros", arguments: [.int(2), .int(3)], overload: "aten.zeros.default"),
    .init(name: "full", arguments: [.ints([2, 3]), .int(1)], overload: "aten.full.default"),
    .init(name: "arange", arguments: [.int(5)], overload: "aten.arange.default"),
    .init(name: "arange", arguments: [.int(1), .int(5)], overload: "aten.arange.start"),
    .init(name: "arange", arguments: [.int(0), .int(6), .int(2)], overload: "aten.arange.start_step"),
    .init(name: "sort", arguments: [.x], overload: "aten.sort.default"),
    .init(name: "topk", arguments: [.x, .int(2)], overload: "aten.topk.default"),
    .init(name: "cat", arguments: [.tensors, .int(1)], overload: "aten.cat.default"),
    .init(name: "bitwise_and", arguments: [.index, .int(1)], overload: "aten.bitwise_and.Scalar"),
    .init(name: "searchsorted", arguments: [.x, .x], overload: "aten.searchsorted.Tensor"),
    .init(
      name: "index_select", isMethod: true, arguments: [.x, .int(0), .index],
      overload: "aten.index_select.default"),
    .init(
      name: "new_zeros", isMethod: true, arguments: [.x, .int(2), .int(3)], overload: "aten.new_zeros.default"
    ),
    .init(name: "flip", isMethod: true, arguments: [.x, .int(0), .int(1)], overload: "aten.flip.default"),
    .init(
      name: "repeat", isMethod: true, arguments: [.x, .int(2), .int(1)], overload: "aten.repeat.default"),
    .init(
      name: "masked_fill", isMethod: true, arguments: [.x, .mask, .float(0)],
      overload: "aten.masked_fill.Scalar"),
    .init(name: "unbind", isMethod: true, arguments: [.x, .int(1)], overload: "aten.unbind.int"),
    .init(name: "any", isMethod: true, arguments: [.x, .int(1)], overload: "aten.any.dim"),
    .init(name: "argmax", isMethod: true, arguments: [.x, .int(1)], overload: "aten.argmax.default"),
  ]
}

@Suite struct OverloadChoiceTests {
  private let mode = FakeTensorMode()

  private func value(_ value: OverloadChoice.Value) -> FakeValue {
    switch value {
    case .x: .tensor(mode.tensor([4, 6]))
    case .mask: .tensor(mode.tensor([4, 6], dtype: .bool))
    case .index: .tensor(mode.tensor([3], dtype: .int64))
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .ints(let values): .tuple(values.map { .int($0) })
    case .tensors: .list([self.value(.x), self.value(.x)])
    }
  }

  @Test(arguments: OverloadChoice.all)
  func choosesAsPyTorchDoes(_ choice: OverloadChoice) throws {
    let overloads = try #require(OverloadSet("aten.\(choice.name)", isMethod: choice.isMethod, .aten))
    let chosen = overloads.choice(
      for: choice.arguments.map(value), choice.keywords.map { (key: $0.0, value: value($0.1)) })
    #expect(chosen?.candidate.schema.name.description == choice.overload)
  }

  /// Every line of the table is a row, and every operator that a row calls exists and has a rule.
  @Test func rowsOfFunctions() throws {
    let counts = FunctionRows.counts
    #expect(counts.rows == counts.lines)
    for row in FunctionRows.all {
      for alternative in row.alternatives {
        let name = String(alternative.target.prefix { $0 != "." })
        #expect(OverloadSet("aten.\(name)", isMethod: false, .aten) != nil, "\(row.name) calls aten.\(name)")
      }
    }
  }
}
