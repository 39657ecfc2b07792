import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// What reductions share: the reduced dims, and the sizes and strides of the result.
///
/// Source: `reduction_dims`, `compute_reduction_output_shape` (`torch/_prims_common`), `_reduction`
/// (`torch/_refs`).
extension Reducing {
  /// The dims at `position`, counted from the front; all dims for `None` and, with `emptyMeansAll`, for an
  /// empty list.
  func reductionDims(_ position: Int, of tensor: FakeTensor, emptyMeansAll: Bool = true) throws -> [Int] {
    try requireReducible(tensor)
    guard let dims = try call.optionalInts(position), !(emptyMeansAll && dims.isEmpty) else {
      return Array(0..<tensor.rank)
    }
    return try call.wrapped(dims, rank: tensor.rank)
  }

  /// Refuses more than 64 dims: TensorIterator keeps them in a 64-bit mask.
  func requireReducible(_ tensor: FakeTensor) throws {
    try call.require(
      tensor.rank <= 64,
      "Received a tensor with \(tensor.rank) dimensions, but only tensors with up to 64 dims are supported!")
  }

  /// `sizes` without `dims`, or with 1 in their place.
  func reducedSizes(_ sizes: Sizes, _ dims: [Int], keepdim: Bool) -> Sizes {
    var result = Sizes()
    for dim in sizes.indices {
      if !dims.contains(dim) {
        result.append(sizes[dim])
      } else if keepdim {
        result.append(1)
      }
    }
    return result
  }

  /// A contiguous tensor of the reduced sizes.
  func reduced(_ tensor: FakeTensor, _ dims: [Int], keepdim: Bool, dtype: ScalarType) -> FakeTensor {
    mode.tensor(reducedSizes(tensor.sizes, dims, keepdim: keepdim), dtype: dtype, device: tensor.device)
  }

  /// The result of a reduction that removes `dims` and, with `keepdim`, puts them back as a view.
  ///
  /// A restored dim has the stride `size · stride` of the next dim, without the `max(1, …)` of a fresh
  /// allocation.
  ///
  /// - Guards: if dtypes are converted, whether the tensor and the result are dense; whether remaining sizes are 0, and
  ///   with `keepdim` whether they are 1.
  /// - Source: `_reduction` (`torch/_refs`), `_broadcast_in_dim_meta` (`torch/_prims`).
  func reducedByView(
    _ tensor: FakeTensor, _ dims: [Int], keepdim: Bool, dtype: ScalarType, isConverted: Bool = true
  ) -> FakeTensor {
    let removed = reducedSizes(tensor.sizes, dims, keepdim: false)
    let dense = shapes.geometry.contiguousStrides(removed)
    let computing = dtype.computationType
    if computing != tensor.dtype, tensor.sizes.isSymbolic { call.askWhetherDense(tensor) }
    call.askWhetherEmpty(removed)
    var (sizes, strides, next) = (Sizes(), Sizes(), 0)
    if keepdim { call.askWhetherOnes(removed) }
    for dim in tensor.sizes.indices {
      if !dims.contains(dim) {
        sizes.append(removed[next])
        strides.append(dense[next])
        next += 1
      } else if keepdim {
        sizes.append(1)
        strides.append(next < removed.count ? shapes.mul(dense[next], removed[next]) : 1)
      }
    }
    let result = mode.tensor(sizes, strides: strides, dtype: dtype, device: tensor.device)
    if isConverted, computing != dtype, shapes.isOpenWhetherOne(removed) { call.askWhetherDense(result) }
    return result
  }

  /// Refuses to reduce an empty dim if the reduction has no value for it.
  func requireElements(_ tensor: FakeTensor, _ dims: [Int]) throws {
    guard tensor.rank > 0 else { return }
    var condition: SymBool = true
    for dim in dims { condition = shapes.and(condition, shapes.gt(tensor.sizes[dim], 0)) }
    try call.check(condition, "reducing over zero-size dimension for reduction operation without identity")
  }

  /// Whether the overload takes dims, as `sum.dim_IntList` does and `sum` does not.
  var takesDim: Bool { call.schema.arguments.count > 1 && call.schema.arguments[1].name == "dim" }
}

extension ScalarType {
  /// The dtype in which values of this dtype are computed: half precision is widened.
  ///
  /// Source: `get_computation_dtype`, `torch/_prims_common`.
  var computationType: ScalarType {
    switch self {
    case .float16, .bfloat16: .float32
    case .complex32: .complex64
    default: self
    }
  }

  /// The dtype of a sum: integers and bools are summed in 64 bits.
  var widenedInteger: ScalarType { isIntegral || isBool ? .int64 : self }
}
