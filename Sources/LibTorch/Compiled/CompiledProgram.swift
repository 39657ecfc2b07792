public import ExportedPrograms
import TensorVocabulary

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A program that AOTInductor compiled, ready to run.
///
/// The code in the package is opened and executed in this process, with all that the process may do: only for packages
/// whose author is trusted. Only functions of its C interface are called.
///
/// ```swift
/// let package = try CompiledPackage(try ProgramArchive(path: "model.pt2"))
/// let program = try CompiledProgram(package, library: try TorchLibrary())
/// let results = try program.run([x])
/// ```
///
/// There is no graph: inputs are called what the compiler called them, and nothing is predicted.
///
/// - Source: `torch/csrc/inductor/aoti_runner/model_container_runner.cpp`, v2.13.
public final class CompiledProgram {
  /// PyTorch's library, whose tensors the program takes and returns.
  public let library: TorchLibrary
  /// The name of the program in its package.
  public let name: String
  /// What the compiler calls the inputs, all of which are tensors, in order.
  public let inputNames: [String]
  /// How many tensors a run returns.
  public let resultCount: Int
  private let functions: CompiledFunctions
  private let container: CompiledFunctions.Container

  /// Opens the library of a package.
  ///
  /// - Throws: ``LibTorchError`` for a package of another machine or device, for calls that need PyTorch's executor in
  ///   C++, for weights outside of the library, and when the library cannot be opened.
  public init(_ package: CompiledPackage, library: TorchLibrary) throws {
    try Self.checkFit(package)
    // Without it, compiled code reads inputs of wrong sizes beyond their ends.
    setenv("AOTI_RUNTIME_CHECK_INPUTS", "1", 1)
    let functions: CompiledFunctions
    var opened: CompiledFunctions.Container?
    do {
      let file = try LibraryFile.make(package.library, named: "\(package.name).so")
      guard let handle = dlopen(file.path, RTLD_NOW | RTLD_LOCAL) else {
        throw LibTorchError(
          .cannotOpen(path: "the library of '\(package.name)'", reason: TorchLibrary.loaderError))
      }
      functions = try CompiledFunctions(
        TorchSymbols(handle: handle, path: "the library of '\(package.name)'"))
      // Some libraries read their weights from their own file when they are asked for a model.
      try functions.check("cpu".withCString { functions.create(&opened, 1, $0, nil) }, opened)
    }
    guard let container = opened else { throw LibTorchError(.raised("no model came back")) }
    do {
      try functions.checkWeights(container)
      inputNames = try functions.inputNames(container)
      resultCount = try functions.count(functions.outputCount, container)
    } catch {
      _ = functions.delete(container)
      throw error
    }
    self.library = library
    self.functions = functions
    self.container = container
    name = package.name
  }

  deinit { _ = functions.delete(container) }

  /// Runs the program on its inputs, in order.
  ///
  /// - Throws: ``LibTorchError`` for another number of inputs, and with the library's text for what it refuses.
  public func run(_ inputs: [RealTensor]) throws(LibTorchError) -> [RealTensor] {
    guard inputs.count == inputNames.count else {
      throw LibTorchError(
        .input("\(inputs.count) inputs are given, the program takes \(inputNames.joined(separator: ", "))"))
    }
    var handles: [TorchHandle?] = []
    for input in inputs { handles.append(try input.newHandle()) }
    var results = [TorchHandle?](repeating: nil, count: resultCount)
    let code = functions.run(container, &handles, handles.count, &results, results.count, nil, nil)
    // After an error nobody knows whether the inputs were taken over: freeing them twice is worse than keeping them.
    try functions.check(code, container)
    var tensors: [RealTensor] = []
    for result in results { tensors.append(try library.owned(result)) }
    return tensors
  }

  /// The inputs in order, given by what the compiler calls them, or by their positions.
  ///
  /// - Throws: ``LibTorchError/Kind/input(_:)`` for an input that is missing or that there is not.
  public func arguments(_ given: [String: RealTensor]) throws(LibTorchError) -> [RealTensor] {
    var rest = given
    var arguments: [RealTensor] = []
    for (position, name) in inputNames.enumerated() {
      guard let tensor = rest.removeValue(forKey: name) ?? rest.removeValue(forKey: "\(position)") else {
        throw LibTorchError(.input("input '\(name)' is missing; it may be called '\(position)', too"))
      }
      arguments.append(tensor)
    }
    if let stray = rest.keys.sorted().first {
      throw LibTorchError(
        .input("there is no input '\(stray)': the program has \(inputNames.joined(separator: ", "))"))
    }
    return arguments
  }

  private static func checkFit(_ package: CompiledPackage) throws(LibTorchError) {
    if !package.externalCalls.isEmpty {
      throw LibTorchError(
        .unsupported(
          "the compiled code calls \(package.externalCalls.joined(separator: ", ")) through PyTorch's executor in "
            + "C++; run the exported program instead"))
    }
    if !package.holdsWeights {
      throw LibTorchError(
        .unsupported("its weights are beside the compiled code; compile it with them inside"))
    }
    if let device = package.properties["AOTI_DEVICE_KEY"], device != "cpu" {
      throw LibTorchError(.unsupported("it is compiled for the device '\(device)'; only 'cpu' is run"))
    }
    let here = Machine.current
    if let machine = package.properties["AOTI_MACHINE"], machine != here.machine {
      throw LibTorchError(.unsupported("it is compiled for '\(machine)'; this machine is '\(here.machine)'"))
    }
    if let system = package.properties["AOTI_PLATFORM"], system != here.system {
      throw LibTorchError(.unsupported("it is compiled for '\(system)'; this system is '\(here.system)'"))
    }
  }
}

extension CompiledFunctions {
  /// - Throws: ``LibTorchError/Kind/raised(_:)`` with the library's text, unless `code` is zero.
  func check(_ code: Code, _ container: Container?) throws(LibTorchError) {
    guard code != 0 else { return }
    var text: UnsafePointer<CChar>?
    if let lastError { _ = lastError(&text) }
    let reason = text.map { String(cString: $0) } ?? ""
    let line = reason.split(separator: "\n").first.map { String($0) }
    throw LibTorchError(.raised(line ?? "the compiled code failed and gave no reason"))
  }

  func count(_ function: Count, _ container: Container) throws(LibTorchError) -> Int {
    var count = 0
    try check(function(container, &count), container)
    return count
  }

  func inputNames(_ container: Container) throws(LibTorchError) -> [String] {
    var names: [String] = []
    for index in 0..<(try count(inputCount, container)) {
      var name: UnsafePointer<CChar>?
      try check(inputName(container, index, &name), container)
      names.append(name.map { String(cString: $0) } ?? "\(index)")
    }
    return names
  }

  /// - Throws: ``LibTorchError/Kind/unsupported(_:)`` when the program has weights that its library does not hold.
  func checkWeights(_ container: Container) throws(LibTorchError) {
    if holdsWeights { return }
    var needsWeights = false
    for index in 0..<(try count(constantCount, container)) where !needsWeights {
      var isComputed = false
      try check(isFolded(container, index, &isComputed), container)
      needsWeights = !isComputed
    }
    var size: UInt64 = 0
    if needsWeights, weightsSize(container, &size) != 0 || size == 0 {
      throw LibTorchError(
        .unsupported("its weights are not in the compiled code; compile it with them inside"))
    }
  }
}
