public import OperatorSchemas
import Synchronization
import TensorVocabulary
import ZipArchives

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// PyTorch's library, opened in this process.
///
/// Only functions of its stable C interface are used, by name; nothing is compiled against it. It stays open until the
/// process ends, as PyTorch demands.
///
/// ```swift
/// let torch = try TorchLibrary()
/// let x = try torch.tensor([1, 2, 3] as [Float], sizes: [3])
/// ```
///
/// - Source: `torch/csrc/stable/c/shim.h`, `torch/csrc/inductor/aoti_torch/c/shim.h`, v2.13.
public final class TorchLibrary: Sendable {
  /// The file.
  public let path: String
  /// The version: major and minor number.
  public let version: (major: Int, minor: Int)
  let functions: TorchFunctions
  let codes: TorchCodes
  // Sound without isolation: a handle of the system's loader, which may be used by any thread.
  private nonisolated(unsafe) let handle: UnsafeMutableRawPointer
  /// The operators of loaded libraries.
  private let loaded = Mutex<[OperatorName: FunctionSchema]>([:])

  /// The oldest version that has every function used here.
  static let oldest = (major: 2, minor: 13)

  /// Opens the library.
  ///
  /// - Parameter folder: the folder `torch/lib` of an installation, one above it, or the library itself; otherwise the
  ///   usual places are searched.
  /// - Throws: ``LibTorchError``, which says where it looked, why the library cannot be opened, or that it is too old.
  public init(folder: String? = nil) throws(LibTorchError) {
    path = try LibraryLocation.find(folder)
    // PyTorch writes each error to standard error before it returns it; here errors are told by whoever calls.
    setenv("TORCH_CPP_LOG_LEVEL", "FATAL", 0)
    handle = try Self.open(path, RTLD_NOW | RTLD_LOCAL)
    guard let abi = dlsym(handle, "aoti_torch_abi_version") else {
      throw LibTorchError(.tooOld(path: path, version: nil))
    }
    typealias Version = @convention(c) () -> UInt64
    let number = unsafeBitCast(abi, to: Version.self)()
    version = (Int(number >> 56), Int(number >> 48 & 0xFF))
    guard version >= Self.oldest else {
      throw LibTorchError(.tooOld(path: path, version: "\(version.major).\(version.minor)"))
    }
    let symbols = TorchSymbols(handle: handle, path: path)
    functions = try TorchFunctions(symbols)
    codes = try TorchCodes(symbols)
  }

  /// Opens a library that registers operators, such as one of custom kernels.
  ///
  /// - Parameters:
  ///   - path: the library.
  ///   - operators: the schemas of its operators that programs call; PyTorch's interface cannot tell them.
  /// - Throws: ``LibTorchError/Kind/cannotOpen(path:reason:)``.
  public func load(_ path: String, operators: [FunctionSchema] = []) throws(LibTorchError) {
    _ = try Self.open(path, RTLD_NOW | RTLD_GLOBAL)
    loaded.withLock { loaded in
      for schema in operators { loaded[schema.name] = schema }
    }
  }

  /// The schema of an operator of PyTorch or of a loaded library.
  func schema(for name: OperatorName) -> FunctionSchema? {
    SchemaTable.schema(for: name) ?? loaded.withLock { $0[name] }
  }

  /// Whether a loaded library has the operator.
  func isLoaded(_ name: OperatorName) -> Bool { loaded.withLock { $0[name] != nil } }

  /// What the system's loader says of the last library that it did not open.
  static var loaderError: String { dlerror().map { String(cString: $0) } ?? "no reason given" }

  private static func open(_ given: String, _ mode: Int32) throws(LibTorchError) -> UnsafeMutableRawPointer {
    // The loader looks for a name without a folder elsewhere.
    let path = given.contains("/") ? given : "./\(given)"
    // A pipe without a writer would be waited for.
    do throws(ZipError) { _ = try MappedFile(path: path) } catch {
      if case .notARegularFile = error.kind {
        throw LibTorchError(.cannotOpen(path: path, reason: "it is not a regular file"))
      }
    }
    if let other = Machine.other(of: path) {
      throw LibTorchError(
        .cannotOpen(path: path, reason: "it is made for \(other), this machine is \(Machine.current.machine)")
      )
    }
    guard let handle = dlopen(path, mode) else {
      // The loader repeats the path.
      var reason = loaderError
      if reason.hasPrefix("\(path): ") { reason.removeFirst(path.count + 2) }
      throw LibTorchError(.cannotOpen(path: path, reason: reason))
    }
    return handle
  }

  /// Why tensors cannot be on a device; `nil` when they can: PyTorch is asked for an empty one.
  func obstacle(to device: Device) -> String? {
    if device.type == .cpu || device.type == .meta { return nil }
    do throws(LibTorchError) { _ = try empty(.float32, sizes: [0], device: device) } catch {
      guard case .raised(let text) = error.kind else { return "\(error)" }
      // The first sentence; those after it list what PyTorch was built with.
      let reason = text.split(separator: "\n").first?.split(separator: ". ").first ?? "no reason given"
      return "this library or this machine does not have it; PyTorch: \(reason)"
    }
    return nil
  }

  /// The function called `name`.
  ///
  /// - Throws: ``LibTorchError/Kind/missingFunction(_:path:)``.
  func function<Function>(_ name: String, as type: Function.Type) throws(LibTorchError) -> Function {
    try TorchSymbols(handle: handle, path: path).function(name, as: type)
  }

  /// - Throws: ``LibTorchError/Kind/raised(_:)`` with PyTorch's text, unless `code` is zero.
  func check(_ code: Int32) throws(LibTorchError) {
    guard code != 0 else { return }
    let text = functions.whatHappened().map { String(cString: $0) } ?? ""
    // The first line is the reason; the rest says where in PyTorch's own sources.
    let reason = text.split(separator: "\nException raised from").first.map { String($0) } ?? text
    throw LibTorchError(.raised(reason.isEmpty ? "no reason given" : reason))
  }

  /// Runs `body` without gradients being recorded, as every run of an interpreter does.
  func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = functions.isGradEnabled()
    functions.setGradEnabled(false)
    defer { functions.setGradEnabled(before) }
    return try body()
  }
}
