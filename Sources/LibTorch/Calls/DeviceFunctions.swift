import TensorVocabulary

/// The C functions that the library has for each device besides its dispatcher; numbers go in as doubles.
///
/// - Source: `torch/csrc/inductor/aoti_torch/generated/c_shim_cpu.h`, v2.13.
struct DeviceFunctions {
  typealias Result = UnsafeMutablePointer<TorchHandle?>
  let library: TorchLibrary

  init(_ library: TorchLibrary) { self.library = library }

  typealias Add = @convention(c) (TorchHandle, TorchHandle, Double, Result) -> Int32

  /// `a + alpha * b`.
  func add(_ a: RealTensor, _ b: RealTensor, alpha: Double) throws(LibTorchError) -> RealTensor {
    let placed = try a.rank > 0 ? a : b
    let function: Add
    if let known = library.functions.addOnCPU, try placed.device == .cpu {
      function = known
    } else {
      function = try self.function("add_Tensor", for: placed, as: Add.self)
    }
    var handle: TorchHandle?
    try library.check(function(a.handle, b.handle, alpha, &handle))
    return try library.owned(handle)
  }

  /// `beta * a + alpha * b @ c` of `name`, `addmm_out` or `baddbmm_out`.
  func product(
    _ name: String, _ a: RealTensor, _ b: RealTensor, _ c: RealTensor, beta: Double, alpha: Double
  ) throws(LibTorchError) -> RealTensor {
    typealias Product =
      @convention(c) (TorchHandle, TorchHandle, TorchHandle, TorchHandle, Double, Double) -> Int32
    let function = try function(name, for: b, as: Product.self)
    let result = try library.empty(try b.dtype, sizes: [0], device: try b.device)
    try library.check(function(result.handle, a.handle, b.handle, c.handle, beta, alpha))
    return result
  }

  /// A histogram of `bins` bins.
  func histogram(_ a: RealTensor, bins: Int, min: Double, max: Double) throws(LibTorchError) -> RealTensor {
    typealias Histogram = @convention(c) (TorchHandle, Int64, Double, Double, Result) -> Int32
    let function = try function("histc", for: a, as: Histogram.self)
    var handle: TorchHandle?
    try library.check(function(a.handle, Int64(bins), min, max, &handle))
    return try library.owned(handle)
  }

  private func function<Function>(
    _ name: String, for tensor: RealTensor, as type: Function.Type
  ) throws(LibTorchError) -> Function {
    try library.function("aoti_torch_\(try tensor.device.type.name)_\(name)", as: type)
  }
}
