public import ExportedPrograms
public import FX
import FakeTensors
public import ShapePropagation
import TensorVocabulary

/// An exported program with its weights, ready to run.
///
/// ```swift
/// let torch = try TorchLibrary()
/// let program = try RealProgram(path: "model.pt2", library: torch)
/// let results = try program.run(["x": .value(try torch.tensor(values, sizes: [8, 128]))])
/// ```
///
/// Weights are views of the archive's memory; a program that writes to them changes them for later runs, but never the
/// file.
public final class RealProgram {
  /// The program with its predicted shapes.
  public let program: FakeProgram
  /// The library that runs it.
  public let library: TorchLibrary
  private let tensors: ProgramTensors
  private let weights: ProgramTensors.Values
  private let constants: ProgramTensors.Values
  private var made: [String: RealTensor] = [:]

  /// Reads the program and its weights.
  ///
  /// - Throws: `ArchiveError`, `TensorFileError` or `PropagationError` when the archive is damaged, and
  ///   ``LibTorchError/Kind/missingWeight(_:input:)`` when it was saved without weights.
  public convenience init(path: String, model: String? = nil, library: TorchLibrary) throws {
    let exported = try ExportedProgram(path: path, model: model)
    try self.init(try FakeProgram(exported), path: path, model: model, library: library)
  }

  /// Takes a program that has been read from the archive at `path`, and reads its weights.
  public init(_ program: FakeProgram, path: String, model: String? = nil, library: TorchLibrary) throws {
    self.program = program
    self.library = library
    let archive = try ProgramArchive(path: path, isCopiedOnWrite: true)
    tensors = try ProgramTensors(archive, model: model)
    weights = try tensors.weights()
    constants = try tensors.constants()
    for (name, spec, _) in specs { try checkTensor(of: spec, name) }
  }

  /// - Throws: ``LibTorchError/Kind/missingWeight(_:input:)`` when the archive lacks the tensor that an input stands for.
  private func checkTensor(of spec: InputSpec, _ name: String) throws(LibTorchError) {
    switch spec.kind {
    case .parameter, .buffer, .constantTensor:
      let target = spec.target ?? name
      guard case .tensor? = weights[target] ?? constants[target] else {
        throw LibTorchError(.missingWeight(target, input: name))
      }
    case .userInput, .token, .customObject, .unknown: break
    }
  }

  /// The module that runs.
  public var module: GraphModule { program.exported.graphModule }

  /// The names of the inputs that a caller gives, in order.
  public var userInputs: [String] { specs.filter { $0.spec.kind == .userInput }.map(\.name) }

  /// The placeholders with what they stand for.
  private var specs: [(name: String, spec: InputSpec, predicted: FakeValue)] {
    let graph = module.graph
    let names = graph.findNodes(.placeholder).map { graph.name(of: $0) }
    return zip(zip(names, program.exported.signature.inputSpecs), program.inputs).map { ($0.0, $0.1, $1) }
  }

  /// The inputs that the author exported the program with; `nil` when the archive has none.
  ///
  /// - Throws: `TensorFileError` when they are damaged, or are objects that only Python can make.
  public func sampleInputs() throws -> [String: PyTree<RealTensor>]? {
    guard let sample = try tensors.sampleInputs() else { return nil }
    let names = userInputs
    let leaves = sample.leaves
    guard leaves.count == names.count else {
      throw LibTorchError(
        .input("the archive's sample inputs have \(leaves.count) leaves, the program takes \(names.count)"))
    }
    var inputs: [String: PyTree<RealTensor>] = [:]
    for (name, leaf) in zip(names, leaves) { inputs[name] = try value(leaf, name) }
    return inputs
  }

  /// A value of a file as a value of a run.
  ///
  /// - Throws: `TensorFileError` for an object that is neither tensor nor number.
  public func value(_ stored: PickleValue, _ name: String) throws -> PyTree<RealTensor> {
    switch stored {
    case .none: return .constant(.none)
    case .bool(let value): return .constant(.bool(value))
    case .int(let value): return .constant(.int(value))
    case .float(let value): return .constant(.float(value))
    case .string(let text): return .constant(.string(text))
    case .dtype(let dtype): return .constant(.dtype(dtype))
    case .tensor(let tensor): return .value(try library.tensor(tensor))
    case .device(let text):
      guard let device = Device(text) else {
        throw TensorFileError(.refusedObject("device \(text)"), tensor: name)
      }
      return .constant(.device(device))
    case .object(let what): throw TensorFileError(.refusedObject(what), tensor: name)
    case .tuple, .list, .dict: throw TensorFileError(.refusedObject("a container"), tensor: name)
    }
  }

  /// The value of each placeholder: the caller's inputs, and the program's own tensors.
  ///
  /// A tensor whose strides are not those that the program was exported for is copied to them: files have no strides.
  ///
  /// - Throws: ``LibTorchError/Kind/input(_:)`` for an input that is missing or that there is not, and for a wrong dtype,
  ///   rank or size.
  public func arguments(_ user: [String: PyTree<RealTensor>]) throws -> [PyTree<RealTensor>] {
    let specs = specs
    let known = Set(userInputs)
    if let stray = user.keys.sorted().first(where: { !known.contains($0) }) {
      throw LibTorchError(
        .input("there is no input '\(stray)': the program has \(userInputs.joined(separator: ", "))"))
    }
    let fitting = InputFitting(program)
    var arguments: [PyTree<RealTensor>] = []
    for (name, spec, predicted) in specs {
      var value = try self.value(of: spec, name, user)
      if spec.kind == .userInput { value = try fitting.checked(value, name, predicted) }
      if case .tensor(let expected) = predicted { value = try moved(value, to: expected.device) }
      arguments.append(value)
    }
    for (position, entry) in specs.enumerated() where entry.spec.kind == .userInput {
      arguments[position] = try fitting.laidOut(arguments[position], entry.predicted, library)
    }
    return arguments
  }

  /// A tensor on the device on which the program has it: files hold those of the CPU.
  private func moved(
    _ value: PyTree<RealTensor>, to device: Device
  ) throws -> PyTree<RealTensor> {
    guard case .value(let tensor) = value, try tensor.device.type != device.type else { return value }
    return try Dispatcher(library).call(
      "aten::to.device", [value, .constant(.device(device)), .constant(.dtype(try tensor.dtype))])
  }

  private func value(
    of spec: InputSpec, _ name: String, _ user: [String: PyTree<RealTensor>]
  ) throws -> PyTree<RealTensor> {
    switch spec.kind {
    case .userInput:
      if case .constant(_, let fixed) = spec.argument {
        // The value is part of the program; dtypes and devices have no form in a file.
        return .constant(fixed)
      }
      guard let value = user[name] else { throw LibTorchError(.input("input '\(name)' is missing")) }
      return value
    case .token: return .value(try library.tensor([Float](), sizes: [0]))
    case .parameter, .buffer, .constantTensor:
      let target = spec.target ?? name
      if let tensor = made[target] { return .value(tensor) }
      guard case .tensor(let stored)? = weights[target] ?? constants[target] else {
        throw LibTorchError(.missingWeight(target, input: name))
      }
      let tensor = try library.tensor(stored)
      made[target] = tensor
      return .value(tensor)
    case .customObject, .unknown:
      throw LibTorchError(
        .unsupported("input '\(name)' is an object of a class that only the author's libraries know"))
    }
  }

  /// The operators and devices that a run needs and that there are not, each with the reason; empty when it can run, as
  /// far as can be known before.
  public var obstacles: [(target: String, reason: String)] {
    var reasons: [String: String] = [:]
    var devices: Set<Device> = []
    for case .tensor(let tensor) in program.inputs { devices.insert(tensor.device) }
    module.forEachModule { _, module in
      for node in module.graph.nodes where module.graph.op(of: node) == .callFunction {
        var targets = [module.graph.target(of: node)]
        for argument in module.graph.args(of: node) + module.graph.kwargs(of: node).map(\.value) {
          switch argument {
          // Higher-order operators are given others.
          case .operator(let inner): targets.append(inner)
          case .device(let device): devices.insert(device)
          default: break
          }
        }
        for target in targets where reasons[target.text] == nil {
          reasons[target.text] = RealInterpreter.obstacle(to: target, in: library)
        }
      }
    }
    for device in devices { reasons["device \(device)"] = library.obstacle(to: device) }
    return reasons.sorted { $0.key < $1.key }.map { (target: $0.key, reason: $0.value) }
  }

  /// Runs the program on inputs by placeholder name, and returns the leaves of the graph's result: mutated buffers first,
  /// as the signature says.
  ///
  /// - Throws: ``LibTorchError`` for inputs that do not fit; `InterpreterError`, which names the node that failed.
  public func run(_ user: [String: PyTree<RealTensor>]) throws -> [PyTree<RealTensor>] {
    let interpreter = RealInterpreter(module, library: library)
    return try interpreter.run(try arguments(user), enableIOProcessing: false).flattened().leaves
  }
}

extension RealProgram {
  /// An input of the program with these sizes, of the dtype that it takes; for an integer, `number`.
  ///
  /// `element` makes one element; its argument says whether they are floats.
  public func input(
    _ name: String, sizes: [Int], number: Int?, element: (Bool) -> Double
  ) throws -> PyTree<RealTensor> {
    guard let (_, _, predicted) = specs.first(where: { $0.name == name && $0.spec.kind == .userInput }) else {
      throw LibTorchError(
        .input("there is no input '\(name)': the program has \(userInputs.joined(separator: ", "))"))
    }
    switch predicted {
    case .tensor(let expected):
      guard StoredTensor.elementCount(sizes) != nil else {
        throw LibTorchError(.input("no tensor has the sizes \(sizes)"))
      }
      let isFloat = expected.dtype.isFloatingPoint || expected.dtype.isComplex
      let tensor = try library.tensor(sizes: sizes) { _ in element(isFloat) }
      return try Dispatcher(library).call(
        "aten::to.dtype", [.value(tensor), .constant(.dtype(expected.dtype))])
    case .symInt:
      guard let number, sizes.count == 1 else {
        throw LibTorchError(.input("input '\(name)' is one integer"))
      }
      return .constant(.int(number))
    default:
      throw LibTorchError(.input("input '\(name)' is neither a tensor nor an integer: give it in a file"))
    }
  }
}
