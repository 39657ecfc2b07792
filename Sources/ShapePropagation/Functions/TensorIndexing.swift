import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// `x[…]` and `x[…] = value` of tensors: numbers and slices make views, tensors gather.
///
/// - Source: `torch/csrc/autograd/python_variable_indexing.cpp`, `aten/src/ATen/TensorIndexing.h`, v2.13.
struct TensorIndexing {
  private let call: HigherOrderCall

  init(_ call: HigherOrderCall) { self.call = call }

  /// The tensor that `key` selects.
  func get(_ key: FakeValue) throws -> FakeValue {
    let tensor = try call.tensor(0)
    let (view, indices) = try applied(key, to: tensor)
    if indices.isEmpty { return .tensor(view === tensor ? try call.view(of: tensor) : view) }
    return try call.apply("aten.index.Tensor", .tensor(view), .list(indices))
  }

  /// Writes the third argument to what the second selects.
  func set() throws -> FakeValue {
    guard call.arguments.count == 3 else { throw call.refusal("setitem takes a value") }
    let (view, indices) = try applied(call.arguments[1], to: try call.tensor(0))
    let value = call.arguments[2].tensor ?? call.mode.tensor([], dtype: view.dtype, device: view.device)
    if indices.isEmpty {
      _ = try call.apply("aten.copy_.default", .tensor(view), .tensor(try fitting(value, view)))
    } else {
      // Indexed writes convert nothing, but assignment does.
      let converted =
        value.dtype == view.dtype
        ? FakeValue.tensor(value) : try call.apply("aten.to.dtype", .tensor(value), .dtype(view.dtype))
      _ = try call.apply("aten.index_put_.default", .tensor(view), .list(indices), converted)
    }
    return .none
  }

  /// `value` without the leading ones that assignment ignores.
  private func fitting(_ value: FakeTensor, _ target: FakeTensor) throws -> FakeTensor {
    var value = value
    while value.rank > target.rank, value.sizes[0] == 1,
      let inner = try call.apply("aten.select.int", .tensor(value), .int(0), .int(0)).tensor
    {
      value = inner
    }
    return value
  }

  /// The view that numbers, slices and `None` make, and an index for each dim up to the last tensor.
  private func applied(
    _ key: FakeValue, to tensor: FakeTensor
  ) throws -> (view: FakeTensor, indices: [FakeValue]) {
    let items: [FakeValue] = if case .tuple(let items) = key { items } else { [key] }
    var view = tensor
    var indices: [FakeValue] = []
    var dim = 0
    let consumed = items.reduce(0) { $0 + self.consumed($1) }
    for item in items {
      switch item {
      case .symInt:
        view = try made(call.apply("aten.select.int", .tensor(view), .int(dim), item))
      case .slice(let bounds) where bounds.count == 3:
        if !bounds.allSatisfy(\.isNone) {
          view = try made(
            call.apply(
              "aten.slice.Tensor", .tensor(view), .int(dim), bounds[0], bounds[1],
              bounds[2].isNone ? .int(1) : bounds[2]))
        }
        dim += 1
      case .none:
        view = try made(call.apply("aten.unsqueeze.default", .tensor(view), .int(dim)))
        dim += 1
      case .opaque("Ellipsis"):
        dim += max(0, tensor.rank - consumed)
      case .tensor(let index)
      where index.rank == 0 && index.dtype.isIntegral && index.dtype != .bool && index.dtype != .uint8:
        let position = try call.apply("aten.item.default", item)
        view = try made(call.apply("aten.select.int", .tensor(view), .int(dim), position))
      case .tensor(let index):
        while indices.count < dim { indices.append(.none) }
        indices.append(item)
        dim += index.dtype == .bool || index.dtype == .uint8 ? index.rank : 1
        while indices.count < dim, index.dtype != .bool, index.dtype != .uint8 { indices.append(.none) }
      case .list(let list):
        while indices.count < dim { indices.append(.none) }
        indices.append(.tensor(try indexTensor(list)))
        dim += 1
      case .sizes(let sizes):
        while indices.count < dim { indices.append(.none) }
        indices.append(.tensor(call.mode.tensor([SymInt(sizes.count)], dtype: .int64)))
        dim += 1
      default:
        throw PropagationError(
          .malformed("a tensor cannot be indexed with \(call.mode.shapes.shortText(of: item) ?? "this")"))
      }
    }
    return (view, indices)
  }

  /// How many dims of the tensor an item takes.
  private func consumed(_ item: FakeValue) -> Int {
    switch item {
    case .none, .bool, .opaque: 0
    case .tensor(let index): index.dtype == .bool || index.dtype == .uint8 ? index.rank : 1
    default: 1
    }
  }

  private func indexTensor(_ items: [FakeValue]) throws -> FakeTensor {
    let isBoolean = items.allSatisfy { if case .bool = $0 { true } else { false } } && !items.isEmpty
    return call.mode.tensor([SymInt(items.count)], dtype: isBoolean ? .bool : .int64)
  }

  private func made(_ value: FakeValue) throws -> FakeTensor {
    guard let tensor = value.tensor else { throw call.refusal("an index does not make a tensor") }
    return tensor
  }
}
