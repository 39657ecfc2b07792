import FakeTensors
import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Parts and views of complex tensors, and the lazy conjugate and negative bits.
///
/// Rows are in alphabetical order.
let complexNumbers: [OperatorRow] = [
  OperatorRow("_conj", conjugateView),
  OperatorRow("_conj_copy") { call in try copied(call, conjugateView(call)) },
  OperatorRow("_conj_physical", conjugatePhysical),
  OperatorRow("_neg_view", negativeView),
  OperatorRow("_neg_view_copy") { call in try copied(call, negativeView(call)) },
  OperatorRow("angle", angle),
  OperatorRow("conj", conjugate),
  OperatorRow("conj_physical", inplace: .reference, conjugatePhysical),
  OperatorRow("imag", imaginaryPart),
  OperatorRow("is_complex", isComplex),
  OperatorRow("is_conj", isConjugate),
  OperatorRow("is_floating_point", isFloatingPoint),
  OperatorRow("is_neg", isNegative),
  OperatorRow("real", realPart),
  OperatorRow("resolve_conj", resolveConjugate),
  OperatorRow("resolve_neg", resolveNegative),
  OperatorRow("view_as_complex", viewAsComplex),
  OperatorRow("view_as_complex_copy") { call in try copied(call, viewAsComplex(call)) },
  OperatorRow("view_as_real", viewAsReal),
  OperatorRow("view_as_real_copy") { call in try copied(call, viewAsReal(call)) },
]

extension OperatorCall {
  /// An alias: the same memory, sizes and strides.
  fileprivate func sameView(_ input: FakeTensor) -> FakeTensor {
    mode.view(of: input, sizes: input.sizes, strides: input.strides)
  }

  /// The elements of a complex tensor as pairs of reals: `[…] → […, 2]`.
  fileprivate func pairs(_ input: FakeTensor) throws -> FakeTensor {
    try require(input.dtype.isComplex, "\(schema.name.base) is only supported for complex tensors")
    try require(
      !input.isConjugate,
      "view_as_real doesn't work on unresolved conjugated tensors. To resolve the conjugate tensor so you can view "
        + "it as real, use self.resolve_conj()")
    var sizes = input.sizes
    sizes.append(2)
    var strides = Sizes()
    for stride in input.strides { strides.append(shapes.mul(stride, 2)) }
    strides.append(1)
    return mode.view(
      of: input, sizes: sizes, strides: strides, offset: shapes.mul(input.storageOffset, 2),
      dtype: input.dtype.toReal)
  }

  /// The real (0) or imaginary (1) parts.
  fileprivate func part(_ index: SymInt, of input: FakeTensor) throws -> FakeTensor {
    let plain = sameView(input)
    plain.isConjugate = false
    let pairs = try pairs(plain)
    var (sizes, strides) = (pairs.sizes, pairs.strides)
    sizes.remove(at: sizes.count - 1)
    strides.remove(at: strides.count - 1)
    return mode.view(
      of: pairs, sizes: sizes, strides: strides, offset: shapes.add(pairs.storageOffset, index))
  }
}

/// A contiguous copy of a view, for the `…_copy` forms.
private func copied(_ call: OperatorCall, _ view: FakeValue) throws -> FakeValue {
  guard let tensor = view.tensor else { return view }
  return .tensor(try call.clone(tensor, .contiguous))
}

/// `_conj(Tensor(a) self) -> Tensor(a)`: flips the conjugate bit of a complex tensor.
@Sendable
private func conjugateView(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.dtype.isComplex, "Can only set the conjugate bit on complex tensors")
  let view = call.sameView(input)
  view.isConjugate.toggle()
  return .tensor(view)
}

/// `conj(Tensor(a) self) -> Tensor(a)`: a real tensor is its own conjugate.
@Sendable
private func conjugate(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  return input.dtype.isComplex ? try conjugateView(call) : .tensor(input)
}

/// `conj_physical(Tensor self)`: a new tensor; a real tensor is returned unchanged.
///
/// `_conj_physical` respects the conjugate bit and always copies.
@Sendable
private func conjugatePhysical(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let isPlain = call.schema.name.base == "conj_physical" && !input.dtype.isComplex
  return .tensor(isPlain ? input : try call.pointwise(0..<1))
}

/// `_neg_view(Tensor(a) self) -> Tensor(a)`: flips the negative bit.
@Sendable
private func negativeView(_ call: OperatorCall) throws -> FakeValue {
  let view = call.sameView(try call.tensor(0))
  view.isNegative.toggle()
  return .tensor(view)
}

/// `angle(Tensor self)`: real, with the layout of `self`.
///
/// Source: `meta_angle`, `torch/_meta_registrations.py`.
@Sendable
private func angle(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let isNumber = input.dtype.isComplex || input.dtype.isFloatingPoint
  return .tensor(call.emptyLike(input, dtype: isNumber ? input.dtype.toReal : .float32))
}

/// `real(Tensor(a) self) -> Tensor(a)`.
@Sendable
private func realPart(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  return .tensor(input.dtype.isComplex ? try call.part(0, of: input) : input)
}

/// `imag(Tensor(a) self) -> Tensor(a)`: complex tensors only; for a lazy conjugate, the negative bit is set.
@Sendable
private func imaginaryPart(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  try call.require(input.dtype.isComplex, "imag is not implemented for tensors with non-complex dtypes.")
  let part = try call.part(1, of: input)
  part.isConjugate = false
  if input.isConjugate { part.isNegative.toggle() }
  return .tensor(part)
}

/// `resolve_conj(Tensor(a) self) -> Tensor(a)`: a copy if the conjugate bit is set.
@Sendable
private func resolveConjugate(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  return .tensor(input.isConjugate ? call.emptyLike(input) : input)
}

/// `resolve_neg(Tensor(a) self) -> Tensor(a)`: a copy if the negative bit is set.
@Sendable
private func resolveNegative(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  return .tensor(input.isNegative ? call.emptyLike(input) : input)
}

/// `view_as_real(Tensor(a) self) -> Tensor(a)`: `[…]` becomes `[…, 2]`.
@Sendable
private func viewAsReal(_ call: OperatorCall) throws -> FakeValue {
  let view = try call.pairs(try call.tensor(0))
  return .tensor(view)
}

/// `view_as_complex(Tensor(a) self) -> Tensor(a)`: `[…, 2]` becomes `[…]`.
///
/// - Throws: a refusal unless the last dim is a dense pair and all strides and the offset are even.
/// - Source: `view_as_complex`, `aten/src/ATen/native/ComplexHelper.h`.
@Sendable
private func viewAsComplex(_ call: OperatorCall) throws -> FakeValue {
  let input = try call.tensor(0)
  let shapes = call.shapes
  guard input.dtype == .float16 || input.dtype == .float32 || input.dtype == .float64,
    let dtype = input.dtype.toComplex
  else {
    throw call.refusal(
      "view_as_complex is only supported for half, float and double tensors, but got \(input.dtype.name)")
  }
  try call.require(input.rank > 0, "Input tensor must have one or more dimensions")
  let last = input.rank - 1
  try call.check(shapes.eq(input.sizes[last], 2), "Tensor must have a last dimension of size 2")
  try call.check(shapes.eq(input.strides[last], 1), "Tensor must have a last dimension with stride 1")
  var (sizes, strides) = (Sizes(), Sizes())
  for dim in 0..<last {
    try call.check(
      shapes.eq(shapes.mod(input.strides[dim], 2), 0),
      "Tensor must have a stride divisible by 2 for all but last dimension")
    sizes.append(input.sizes[dim])
    strides.append(shapes.floorDiv(input.strides[dim], 2))
  }
  try call.check(
    shapes.eq(shapes.mod(input.storageOffset, 2), 0), "Tensor must have a storage_offset divisible by 2")
  return .tensor(
    call.mode.view(
      of: input, sizes: sizes, strides: strides, offset: shapes.floorDiv(input.storageOffset, 2), dtype: dtype
    ))
}

@Sendable
private func isComplex(_ call: OperatorCall) throws -> FakeValue { .bool(try call.tensor(0).dtype.isComplex) }

@Sendable
private func isFloatingPoint(_ call: OperatorCall) throws -> FakeValue {
  .bool(try call.tensor(0).dtype.isFloatingPoint)
}

@Sendable
private func isConjugate(_ call: OperatorCall) throws -> FakeValue { .bool(try call.tensor(0).isConjugate) }

@Sendable
private func isNegative(_ call: OperatorCall) throws -> FakeValue { .bool(try call.tensor(0).isNegative) }
