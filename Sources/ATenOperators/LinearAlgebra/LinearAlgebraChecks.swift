import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// The checks of linear algebra operators on matrices.
///
/// Source: `torch/_meta_registrations.py`, after `aten/src/ATen/native/LinearAlgebraUtils.h`.
extension Matrices {
  func requireMatrix(_ tensor: FakeTensor, _ name: String) throws {
    try call.require(
      tensor.rank >= 2, "\(name): The input tensor must have at least 2 dimensions, got \(tensor.rank)")
  }

  func rows(_ tensor: FakeTensor) -> SymInt { tensor.rank >= 2 ? tensor.sizes[tensor.rank - 2] : 1 }

  func columns(_ tensor: FakeTensor) -> SymInt { tensor.rank >= 1 ? tensor.sizes[tensor.rank - 1] : 1 }

  /// The batch sizes: all but the last two.
  func batch(_ tensor: FakeTensor) -> Sizes { tensor.sizes.leading(droppingLast: Swift.min(2, tensor.rank)) }

  func checkSquare(_ tensor: FakeTensor, _ name: String) throws {
    try requireMatrix(tensor, name)
    try call.check(
      shapes.eq(columns(tensor), rows(tensor)),
      "\(name): A must be batches of square matrices, but they are \(shapes.text(of: rows(tensor))) by "
        + "\(shapes.text(of: columns(tensor))) matrices")
  }

  /// Like ``checkSquare(_:_:)``, but decided immediately, for operators written in C++.
  func requireSquare(_ tensor: FakeTensor, _ name: String) throws {
    try requireMatrix(tensor, name)
    try call.require(
      try call.isEqual(columns(tensor), rows(tensor)), "\(name): A must be batches of square matrices")
  }

  func requireFloating(_ tensor: FakeTensor, _ name: String, lowPrecision: Bool = true) throws {
    let dtype = tensor.dtype
    try call.require(
      dtype.isFloatingPoint || dtype.isComplex,
      "\(name): Expected a floating point or complex tensor as input. Got \(dtype.name)")
    if !lowPrecision {
      try call.require(
        [.float32, .float64, .complex64, .complex128].contains(dtype),
        "\(name): Low precision dtypes not supported. Got \(dtype.name)")
    }
  }

  /// Source: `linearSolveCheckInputs`.
  func checkSystem(_ b: FakeTensor, _ a: FakeTensor, _ name: String) throws {
    try call.require(b.device == a.device, "Expected b and A to be on the same device")
    try call.require(b.dtype == a.dtype, "Expected b and A to have the same dtype")
    try call.require(a.rank >= 2 && b.rank >= 2, "\(name): expected matrices")
    try call.check(shapes.eq(columns(a), rows(a)), "A must be batches of square matrices")
    try call.check(shapes.eq(columns(a), rows(b)), "Incompatible matrix sizes for \(name)")
  }

  /// Source: `checkInputsSolver`.
  func checkSolver(_ a: FakeTensor, _ b: FakeTensor, left: Bool, _ name: String) throws {
    try checkSquare(a, name)
    try requireMatrix(b, name)
    try call.check(
      left ? shapes.eq(rows(a), rows(b)) : shapes.eq(columns(a), columns(b)),
      "\(name): Incompatible shapes of A and B for the equation \(left ? "AX = B" : "XA = B")")
  }

  /// The sizes of `a` and `b` with broadcast batches.
  func broadcastBatches(_ a: FakeTensor, _ b: FakeTensor) throws -> (a: Sizes, b: Sizes) {
    let common = try call.broadcast([batch(a), batch(b)])
    return (common.appending(rows(a), columns(a)), common.appending(rows(b), columns(b)))
  }

  /// Whether two lists of sizes are equal, decided size by size.
  func areEqual(_ a: some Collection<SymInt>, _ b: some Collection<SymInt>) throws -> Bool {
    guard a.count == b.count else { return false }
    for (x, y) in zip(a, b) where try !call.isEqual(x, y) { return false }
    return true
  }

  func real(_ dtype: ScalarType) -> ScalarType { dtype.isComplex ? dtype.toReal : dtype }

  /// `min(m, n)`: the number of singular values.
  func diagonalCount(_ tensor: FakeTensor) -> SymInt { shapes.min(rows(tensor), columns(tensor)) }

  /// The conjugate transpose of matrices.
  func adjointed(_ tensor: FakeTensor) throws -> FakeTensor {
    let result = try call.transposed(tensor, -2, -1)
    if tensor.dtype.isComplex { result.isConjugate.toggle() }
    return result
  }
}
