import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Random tensors, and filling with random numbers.
///
/// The rules differ only in how they check parameters. Rows are in alphabetical order.
let randomNumbers: [OperatorRow] = [
  .filling("_standard_gamma"),
  .filling("bernoulli", isContiguous: true),
  OperatorRow("bernoulli.Tensor") { call in .tensor(try call.clone(try call.tensor(0))) },
  OperatorRow("binomial", binomial),
  .filling("cauchy", refuses: [.bool, .integer, .complex], positive: 2),
  .filling("exponential", refuses: [.bool, .integer, .complex], positive: 1),
  OperatorRow("geometric", inplace: .copied, geometric),
  .filling("log_normal", refuses: [.bool, .integer, .complex], positive: 2),
  OperatorRow("normal.Tensor_Tensor", normalOfTensors),
  OperatorRow("normal.Tensor_float", normalAroundTensor),
  OperatorRow("normal.float_Tensor", { call in .tensor(try call.pointwise(1..<2, .intToFloat)) }),
  OperatorRow("normal.float_float", normalOfSizes),
  OperatorRow("normal_", normalInplace),
  .filling("normal_functional", refuses: [.bool, .integer], nonNegative: 2),
  .filling("poisson"),
  .sized("rand.default", options: 1),
  .sized("rand.generator", options: 2),
  .like("rand_like.default", options: 1),
  .like("rand_like.generator", options: 2),
  OperatorRow("randint.default", { call in try randint(call, low: nil, high: 0, sizes: 1, options: 2) }),
  OperatorRow("randint.generator", { call in try randint(call, low: nil, high: 0, sizes: 1, options: 3) }),
  OperatorRow("randint.low", { call in try randint(call, low: 0, high: 1, sizes: 2, options: 3) }),
  OperatorRow("randint.low_generator", { call in try randint(call, low: 0, high: 1, sizes: 2, options: 4) }),
  .like("randint_like.Tensor", options: 2),
  .like("randint_like.Tensor_generator", options: 3),
  .like("randint_like.default", options: 2),
  .like("randint_like.generator", options: 3),
  .like("randint_like.low_dtype", options: 3),
  .like("randint_like.low_generator_dtype", options: 4),
  OperatorRow("randn.default", { call in try randn(call, options: 1) }),
  OperatorRow("randn.generator", { call in try randn(call, options: 2) }),
  .like("randn_like.default", options: 1, refuses: [.bool, .integer]),
  .like("randn_like.generator", options: 2, refuses: [.bool, .integer]),
  OperatorRow("random", inplace: .copied) { call in .tensor(try call.clone(try call.tensor(0))) },
  OperatorRow("randperm.default", { call in try randperm(call, options: 1) }),
  OperatorRow("randperm.generator", { call in try randperm(call, options: 2) }),
  OperatorRow("uniform", inplace: .copied, uniform),
]

extension OperatorRow {
  /// Random numbers with the layout of `self`; in place, `self` itself.
  ///
  /// `positive` and `nonNegative` are the positions of parameters that must be positive or non-negative.
  fileprivate static func filling(
    _ name: String, refuses: DtypeCategories = [], positive: Int? = nil, nonNegative: Int? = nil,
    isContiguous: Bool = false
  ) -> OperatorRow {
    OperatorRow(name, inplace: .copied) { call in
      let input = try call.tensor(0)
      try call.require(input.dtype, isNotIn: refuses)
      if let positive {
        let value = try call.double(positive)
        try call.require(
          value > 0,
          "\(call.schema.name.base) expects \(call.schema.arguments[positive].name) > 0.0, but found \(value)"
        )
      }
      if let nonNegative { try requireDeviation(call, nonNegative) }
      guard isContiguous else { return .tensor(call.emptyLike(input)) }
      return .tensor(
        call.isInplace ? call.newTensor(input.sizes, like: input) : try call.clone(input, .contiguous))
    }
  }
}

/// `uniform(Tensor self, float from=0, float to=1)`: keeps the strides.
///
/// Source: `uniform`, `torch/_decomp`.
@Sendable
private func uniform(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  return .tensor(
    call.mode.tensor(input.sizes, strides: input.strides, dtype: input.dtype, device: input.device))
}

private func requireDeviation(_ call: OperatorCall, _ position: Int) throws {
  let deviation = try call.double(position)
  try call.require(deviation >= 0, "normal expects std >= 0.0, but found std \(deviation)")
}

/// `geometric_(Tensor(a!) self, float p)`: `0 < p < 1`.
@Sendable
private func geometric(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let probability = try call.double(1)
  try call.require(
    probability > 0 && probability < 1, "geometric_ expects p to be in (0, 1), but got p=\(probability)")
  try call.require(input.dtype, isNotIn: [.bool, .complex])
  return .tensor(call.emptyLike(input))
}

/// `normal.Tensor_float(Tensor mean, float std=1.)`: contiguous.
///
/// Source: `normal`, `torch/_refs/__init__.py`.
@Sendable
private func normalAroundTensor(_ call: OperatorCall) throws -> FakeValue {
  let mean = try call.tensor(0)
  try requireDeviation(call, 1)
  try call.require(mean.dtype, isNotIn: [.bool, .integer])
  return .tensor(call.mode.tensor(mean.sizes, dtype: mean.dtype, device: mean.device))
}

/// `binomial(Tensor count, Tensor prob, Generator? generator=None)`: contiguous; both have the same float dtype.
@Sendable
private func binomial(_ call: OperatorCall) throws -> FakeValue {
  let (count, probability) = (try call.tensor(0), try call.tensor(1))
  try call.require(count.dtype, isNotIn: [.bool, .integer, .complex])
  try call.require(
    count.dtype == probability.dtype, "Found dtype \(probability.dtype.name) but expected \(count.dtype.name)"
  )
  return .tensor(try call.clone(count, .contiguous))
}

/// `normal_(Tensor(a!) self, float mean=0, float std=1)`.
@Sendable
private func normalInplace(_ call: OperatorCall) throws -> FakeValue {
  let target = try call.tensor(0)
  try requireDeviation(call, 2)
  try call.require(target.dtype, isNotIn: [.bool, .integer])
  try call.requireWritable(target)
  call.mode.noteMutation(of: target)
  // `std * samples + mean`, copied into the target.
  call.ask(.onesAndLayout, of: call.newTensor(target.sizes, like: target))
  return .tensor(target)
}

/// `normal.Tensor_Tensor(Tensor mean, Tensor std)`: `std * samples + mean`, with contiguous samples.
///
/// Source: `normal`, `torch/_refs/__init__.py`.
@Sendable
private func normalOfTensors(_ call: OperatorCall) throws -> FakeValue {
  let result = try call.pointwise(0..<2, refuses: [.bool, .integer])
  let (mean, deviation) = (try call.tensor(0), try call.tensor(1))
  let samples = call.mode.tensor(result.sizes, dtype: result.dtype, device: result.device)
  let scaled = try call.combined([deviation, samples], dtype: result.dtype)
  return .tensor(try call.combined([scaled, mean], dtype: result.dtype))
}

/// `normal.float_float(float mean, float std, SymInt[] size, *, Generator? generator=None, …)`.
@Sendable
private func normalOfSizes(_ call: OperatorCall) throws -> FakeValue {
  try requireDeviation(call, 1)
  let result = try call.fresh(try call.sizesArgument(2), options: 4)
  try call.require(result.dtype, isNotIn: [.bool, .integer])
  return .tensor(result)
}

/// `randn(SymInt[] size, *, …)`: float or complex.
private func randn(_ call: OperatorCall, options: Int) throws -> FakeValue {
  let result = try call.fresh(try call.sizesArgument(0), options: options)
  try call.require(result.dtype, isNotIn: [.bool, .integer])
  return .tensor(result)
}

/// `randint(SymInt high, SymInt[] size, *, ScalarType? dtype=long, …)`: `low < high`.
private func randint(
  _ call: OperatorCall, low: Int?, high: Int, sizes: Int, options: Int
) throws -> FakeValue {
  let bottom = try low.map { try call.symInt($0) } ?? 0
  let top = try call.symInt(high)
  try call.check(
    call.shapes.lt(bottom, top),
    "random_ expects 'from' to be less than 'to', but got from=\(call.shapes.text(of: bottom)) >= to="
      + call.shapes.text(of: top))
  let dtype: ScalarType = call.isNone(options) ? .float32 : .int64
  return .tensor(try call.fresh(try call.sizesArgument(sizes), options: options, dtype: dtype))
}

/// `randperm(SymInt n, *, ScalarType? dtype=long, …)`: `[n]`.
private func randperm(_ call: OperatorCall, options: Int) throws -> FakeValue {
  let count = try call.symInt(0)
  let dtype: ScalarType = call.isNone(options) ? .float32 : .int64
  try call.check(call.shapes.ge(count, 0), "n must be non-negative, got \(call.shapes.text(of: count))")
  return .tensor(try call.fresh([count], options: options, dtype: dtype))
}
