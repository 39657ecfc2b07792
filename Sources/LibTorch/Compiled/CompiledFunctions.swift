#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The C functions of a library that AOTInductor compiled.
///
/// - Source: `torch/csrc/inductor/aoti_runtime/interface.h`, v2.13.
struct CompiledFunctions {
  typealias Code = Int32
  typealias Result<Value> = UnsafeMutablePointer<Value>
  /// The models of a library with their weights.
  typealias Container = OpaquePointer
  typealias Count = @convention(c) (Container, Result<Int>) -> Code
  typealias Name = @convention(c) (Container, Int, Result<UnsafePointer<CChar>?>) -> Code

  let create: @convention(c) (Result<Container?>, Int, UnsafePointer<CChar>, UnsafePointer<CChar>?) -> Code
  let delete: @convention(c) (Container) -> Code
  /// Takes over the inputs; the outputs belong to the caller.
  ///
  /// The last two arguments are a stream and the executor in C++.
  let run:
    @convention(c) (
      Container, UnsafeMutablePointer<TorchHandle?>, Int, UnsafeMutablePointer<TorchHandle?>, Int,
      OpaquePointer?, OpaquePointer?
    ) -> Code
  let inputCount: Count
  let inputName: Name
  let outputCount: Count
  let constantCount: Count
  let isFolded: @convention(c) (Container, Int, Result<Bool>) -> Code
  let weightsSize: @convention(c) (Container, Result<UInt64>) -> Code
  /// Whether the library has weights among its own data; otherwise they may follow it in its file.
  let holdsWeights: Bool
  /// The text of the last error, which older libraries only print.
  let lastError: (@convention(c) (Result<UnsafePointer<CChar>?>) -> Code)?

  /// - Throws: ``LibTorchError/Kind/missingFunction(_:path:)``.
  init(_ symbols: TorchSymbols) throws(LibTorchError) {
    func find<Function>(_ name: String) throws(LibTorchError) -> Function {
      try symbols.function("AOTInductor\(name)", as: Function.self)
    }
    create = try find("ModelContainerCreateWithDevice")
    delete = try find("ModelContainerDelete")
    run = try find("ModelContainerRun")
    inputCount = try find("ModelContainerGetNumInputs")
    inputName = try find("ModelContainerGetInputName")
    outputCount = try find("ModelContainerGetNumOutputs")
    constantCount = try find("ModelContainerGetNumConstants")
    isFolded = try find("ModelContainerGetConstantFromFolded")
    weightsSize = try find("ModelContainerGetConstantsBlobSize")
    let weights = ["start", "end"].map { dlsym(symbols.handle, "_binary_constants_bin_\($0)") }
    // One byte stands for no weights.
    if let start = weights[0], let end = weights[1] {
      holdsWeights = end - start > 1
    } else {
      holdsWeights = false
    }
    lastError = try? find("GetLastError")
  }
}
