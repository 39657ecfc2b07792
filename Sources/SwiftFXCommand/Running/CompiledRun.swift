import LibTorch
import SwiftFX

/// A run of the code in a package of AOTInductor.
struct CompiledRun {
  private let program: CompiledProgram
  private let library: TorchLibrary
  /// The package.
  let name: String

  /// - Throws: `ArchiveError` for a file without such code; ``LibTorchError`` for code that cannot be run here.
  init(_ path: String, model: String?, _ library: TorchLibrary) throws {
    let archive = try ProgramArchive(path: FileNames.path(of: path))
    program = try CompiledProgram(try CompiledPackage(archive, model: model), library: library)
    self.library = library
    name = path
  }

  /// The inputs of a file, or tensors of floats that are made: compiled code does not tell what it takes.
  func inputs(
    inputFile: String?, made: [String], fill: InputMaker.Fill, seed: UInt64
  ) throws -> [String: RealTensor] {
    var inputs: [String: RealTensor] = [:]
    if let inputFile {
      for (name, tensor) in try SafetensorsFile(path: FileNames.path(of: inputFile)).tensors {
        inputs[name] = try library.tensor(tensor)
      }
    } else if made.isEmpty, let first = program.inputNames.first {
      throw LibTorchError(
        .input(
          "a package has no sample inputs: give --inputs with \(program.inputNames.joined(separator: ", ")), "
            + "or sizes such as --input \(first)=8x128"))
    }
    var elements = InputMaker.Elements(fill, seed: seed)
    for pattern in try InputMaker.patterns(made) {
      let sizes = try InputMaker.sizes(pattern)
      let tensor: RealTensor = try library.tensor(sizes: sizes) { Float(elements.next(isFloat: true)) }
      inputs[pattern.input] = tensor
    }
    return inputs
  }

  func execute(_ given: [String: RealTensor], repetitions: Int) throws -> FinishedRun {
    let arguments = try program.arguments(given)
    var finished = FinishedRun()
    let start = ContinuousClock.now
    finished.results = try program.run(arguments).map { .value($0) }
    finished.seconds = start.duration(to: .now).seconds
    try finished.measure(repetitions) { _ = try program.run(arguments) }
    return finished
  }

  /// Where the results differ from those of the program that the code was compiled from; `nil` if nowhere.
  ///
  /// Compiled code takes the program's inputs that are tensors, in their order.
  func difference(
    from original: RealProgram, _ given: [String: PyTree<RealTensor>]
  ) throws -> ValueComparison.Difference? {
    var inputs: [RealTensor] = []
    // A program may write to its inputs.
    for name in original.userInputs {
      if case .value(let tensor)? = try given[name]?.copied() { inputs.append(tensor) }
    }
    let results = PyTree<RealTensor>.list(try program.run(inputs).map { .value($0) })
    return try ValueComparison().difference(.list(try original.run(given)), results)
  }

  /// The outcome of a comparison, for people.
  func text(_ difference: ValueComparison.Difference?, _ original: String) -> String {
    guard let difference else { return "\(original) and \(name) agree   compiled code: the results compared" }
    var table = TextTable(limits: [14, 60])
    table.add("at", "[\(difference.place.map { "\($0)" }.joined(separator: ", "))]")
    table.add(difference, (original, name))
    return "\(original) and \(name) differ   compiled code: the results compared\n\n"
      + table.lines().joined(separator: "\n")
  }

  /// The outcome of a comparison, as JSON.
  func json(_ difference: ValueComparison.Difference?) -> [UInt8] {
    ComparedRun.json(pairs: 0, compared: 0, difference.map { ("output", "output", "the results", $0) })
  }
}
