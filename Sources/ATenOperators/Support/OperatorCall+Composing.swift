import FakeTensors
import OperatorSchemas
import SymbolicShapes
import Synchronization
import TensorVocabulary

/// Building results, and calling other operators from composite ones.
extension OperatorCall {
  /// A contiguous tensor like `tensor`, with other sizes.
  ///
  /// Source: `Tensor.new_empty`.
  func newTensor(_ sizes: Sizes, like tensor: FakeTensor, dtype: ScalarType? = nil) -> FakeTensor {
    mode.tensor(sizes, dtype: dtype ?? tensor.dtype, device: tensor.device)
  }

  /// A tensor like `tensor` with column-major matrices.
  func newColumnMajor(_ sizes: Sizes, like tensor: FakeTensor) -> FakeTensor {
    mode.tensor(
      sizes, strides: shapes.geometry.columnMajorStrides(sizes), dtype: tensor.dtype, device: tensor.device)
  }

  /// The size of `tensor` at `dim`, which may count from the back.
  func size(_ tensor: FakeTensor, _ dim: Int) throws -> SymInt {
    try require(tensor.rank > 0, "Dimension specified as \(dim) but tensor has no dimensions")
    return tensor.sizes[try wrapped(dim, rank: tensor.rank)]
  }

  /// The result of another ATen overload, such as `reshape.default`, on positional arguments.
  ///
  /// - Throws: what its rule throws; an error of kind `unsupported` if it has none.
  func aten(
    _ overload: String, _ positional: FakeValue..., named keywords: [String: FakeValue] = [:]
  ) throws -> FakeValue {
    try apply(overload, positional, keywords)
  }

  /// Like `aten`, for operators that return one tensor.
  func atenTensor(
    _ overload: String, _ positional: FakeValue..., named keywords: [String: FakeValue] = [:]
  ) throws -> FakeTensor {
    guard case .tensor(let result) = try apply(overload, positional, keywords) else {
      throw unsupported("aten.\(overload) does not return a tensor")
    }
    return result
  }

  private func apply(
    _ overload: String, _ positional: [FakeValue], _ keywords: [String: FakeValue]
  ) throws -> FakeValue {
    guard let resolved = ComposedOperators.resolve(overload) else {
      throw unsupported("needs aten.\(overload), which has no shape rule")
    }
    return try resolved.apply(try resolved.call(positional, keywords, in: mode))
  }

  /// The equality of two shapes, as one condition.
  func equalSizes(_ a: Sizes, _ b: Sizes) -> SymBool {
    guard a.count == b.count else { return false }
    var condition: SymBool = true
    for dim in a.indices { condition = shapes.and(condition, shapes.eq(a[dim], b[dim])) }
    return condition
  }

  /// `tensor.expand(sizes)`; the tensor itself if it already has these sizes.
  func expanded(_ tensor: FakeTensor, to sizes: Sizes) throws -> FakeTensor {
    guard tensor.sizes == sizes else {
      return try atenTensor("expand.default", .tensor(tensor), .sizes(sizes))
    }
    askWhetherOnes(sizes)
    return tensor
  }

  func reshaped(_ tensor: FakeTensor, to sizes: Sizes) throws -> FakeTensor {
    try atenTensor("reshape.default", .tensor(tensor), .sizes(sizes))
  }

  func permuted(_ tensor: FakeTensor, by dims: [Int]) throws -> FakeTensor {
    var (sizes, strides) = (Sizes(), Sizes())
    for dim in dims {
      let dim = try wrapped(dim, rank: tensor.rank)
      sizes.append(tensor.sizes[dim])
      strides.append(tensor.strides[dim])
    }
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }

  /// `tensor` with two dims swapped.
  func transposed(_ tensor: FakeTensor, _ a: Int, _ b: Int) throws -> FakeTensor {
    let (a, b) = (try wrapped(a, rank: tensor.rank), try wrapped(b, rank: tensor.rank))
    var (sizes, strides) = (tensor.sizes, tensor.strides)
    guard a != b, a < sizes.count, b < sizes.count else { return tensor }
    (sizes[a], sizes[b]) = (sizes[b], sizes[a])
    (strides[a], strides[b]) = (strides[b], strides[a])
    return mode.view(of: tensor, sizes: sizes, strides: strides)
  }
}

/// The ATen overloads used by composite rules, each looked up once.
private enum ComposedOperators {
  private static let known = Mutex<[String: ResolvedOperator]>([:])

  static func resolve(_ overload: String) -> ResolvedOperator? {
    known.withLock { known in
      if let resolved = known[overload] { return resolved }
      let resolved = OperatorName("aten.\(overload)").flatMap(OperatorTable.aten.resolve)
      known[overload] = resolved
      return resolved
    }
  }
}

/// Memory formats as C++ decides them; undecidable comparisons are errors.
extension OperatorCall {
  /// Whether strides grow in the order channels, width, …, batch.
  ///
  /// - Guards: the sizes and strides it reads.
  /// - Source: `is_channels_last_strides_2d_s4`, `c10/core/MemoryFormat.h`.
  func hasDecidedChannelsLast(_ sizes: Sizes, _ strides: Sizes) throws -> Bool {
    guard sizes.count == 4 || sizes.count == 5, strides.count == sizes.count else { return false }
    if try isEqual(strides[1], 0) { return false }
    var least: SymInt = 0
    for dim in [1] + (2..<sizes.count).reversed() + [0] {
      if try isEqual(sizes[dim], 0) { return false }
      if try evaluate(shapes.lt(strides[dim], least)) { return false }
      if dim == 0, try isEqual(least, strides[1]) { return false }
      least = strides[dim]
      if try evaluate(shapes.gt(sizes[dim], 1)) { least = shapes.mul(least, sizes[dim]) }
    }
    return true
  }

  /// Decides what `to(memory_format=…)` decides about the sizes of a fresh tensor.
  func requireDecidedFormat(_ sizes: Sizes) throws {
    _ = try hasDecidedChannelsLast(sizes, shapes.geometry.contiguousStrides(sizes))
  }

  /// The same, unless a size depends on data.
  func askForFormat(_ sizes: Sizes) throws {
    guard sizes.isSymbolic, !sizes.contains(where: shapes.isUnbacked) else { return }
    if sizes.count == 5 {
      _ = shapes.geometry.isChannelsLastContiguous(sizes, shapes.geometry.contiguousStrides(sizes))
    }
    try requireDecidedFormat(sizes)
  }
}

extension FakeValue {
  /// Several tensors, as returned by operators with more than one result.
  static func tensors(_ tensors: FakeTensor...) -> FakeValue { .tuple(tensors.map { .tensor($0) }) }

  static func ints(_ values: [Int]) -> FakeValue { .sizes(Sizes(values.map { SymInt($0) })) }
}

extension TensorGeometry {
  /// The strides of a batch of column-major matrices, as LAPACK expects them.
  ///
  /// Source: `make_contiguous_strides_for(row_major=False)`, `torch/_prims_common`.
  func columnMajorStrides(_ sizes: Sizes) -> Sizes {
    var strides = contiguousStrides(sizes)
    guard sizes.count >= 2 else { return strides }
    strides[sizes.count - 2] = 1
    strides[sizes.count - 1] = atLeastOne(sizes[sizes.count - 2])
    return strides
  }
}

extension Sizes {
  /// The sizes without the last `count`.
  func leading(droppingLast count: Int) -> Sizes { Sizes(self.dropLast(count)) }

  func appending(_ others: SymInt...) -> Sizes { appending(contentsOf: others) }

  func appending(contentsOf others: some Sequence<SymInt>) -> Sizes {
    var result = self
    for other in others { result.append(other) }
    return result
  }
}
