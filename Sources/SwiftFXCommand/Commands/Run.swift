import ArgumentParser
import LibTorch
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx run`: runs a program on real tensors, and holds its sizes against the predicted ones.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run",
      abstract: "Run a program with the PyTorch library that is installed, without Python.",
      discussion: """
        Inputs are taken from a safetensors file by placeholder name, made of sizes with --input, or are the archive's own
        samples. Sizes that PyTorch refuses are refused before the run, as 'swiftfx check' does. Every value is compared
        with the predicted dtype, sizes and strides; with --compare, with those of another program.

        Example: swiftfx run model.pt2 --inputs in.safetensors --output out.safetensors
                 swiftfx run Examples/moe_routing.pt2 --input x=8x128x16
                 swiftfx run model.pt2 --compare optimized.pt2
                 swiftfx run package.pt2 --compiled --inputs in.safetensors

        Exits with 1 when a value is not as predicted, when the program cannot be run, or when it raises an error; with 64
        when the arguments are wrong; with 65 when a file or the library cannot be read.
        """)

    @Argument(help: "The .pt2 archive.", completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(help: "The program in an archive that holds several.")
    var model: String?

    @Option(
      name: .customLong("inputs"), help: "A safetensors file with the inputs by placeholder name.",
      completion: .file(extensions: ["safetensors"]))
    var inputFile: String?

    @Option(
      name: .customLong("input"), parsing: .singleValue,
      help: ArgumentHelp(
        "Sizes of an input to be made, such as x=8x128, or its number, k=5.", valueName: "NAME=SIZES"))
    var made: [String] = []

    @Option(help: "How to fill the inputs of --input: random, ones or zeros.")
    var fill: InputMaker.Fill = .random

    @Option(help: "The seed of random inputs.")
    var seed: UInt64 = 0

    @Option(
      help: "The safetensors file to write the results to.", completion: .file(extensions: ["safetensors"]))
    var output: String?

    @Option(
      help: "The folder of PyTorch's libraries; else SWIFTFX_LIBTORCH or the usual places.",
      completion: .directory)
    var libtorch: String?

    @Option(
      name: .customLong("load-library"), parsing: .singleValue,
      help: "A library that registers further operators.", completion: .file())
    var libraries: [String] = []

    @Option(
      name: .customLong("operator"), parsing: .singleValue,
      help: ArgumentHelp(
        "An operator of these libraries, such as 'mine::twice(Tensor x) -> Tensor'.", valueName: "SCHEMA"))
    var operators: [String] = []

    @Option(
      name: .customLong("compare"),
      help: "Another program to run on the same inputs, to find the first node that differs.",
      completion: .file(extensions: ["pt2"]))
    var other: String?

    @Option(
      name: .customLong("repeat"),
      help: "Run so often again, without comparing, and tell the least and the median time.")
    var repetitions = 0

    @Flag(
      help: ArgumentHelp(
        "Execute the code of a package that AOTInductor compiled, which may do all that you may.",
        discussion:
          "With --compare, the other file is the package. Use it for packages whose author you trust."))
    var compiled = false

    @Flag(help: "Print the time that each operator took.")
    var profile = false

    @Flag(help: "Stop at the first node that produces NaN or infinity from finite inputs.")
    var nan = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
      if inputFile != nil, !made.isEmpty { throw ValidationError("choose one of --inputs and --input") }
      if !operators.isEmpty, libraries.isEmpty {
        throw ValidationError("--operator says what a library of --load-library has")
      }
      if repetitions < 0 { throw ValidationError("--repeat takes a number of runs") }
      if other != nil, output != nil || nan || profile || repetitions > 0 {
        throw ValidationError("--compare goes without --output, --nan, --profile and --repeat")
      }
      if compiled, nan || profile {
        throw ValidationError("compiled code has no nodes: --compiled goes without --nan and --profile")
      }
    }

    func run() throws {
      if compiled, other == nil { return try runCompiled(try openLibrary()) }
      let loaded = try LoadedProgram.read(archive, model: model)
      let library = try openLibrary()
      let program = try ready(loaded, archive, library)
      let given = try reporting(made.isEmpty ? ExitStatus.badInput : ExitStatus.wrongUsage) {
        try inputs(program)
      }
      let refusal = try reporting(ExitStatus.badInput) { try SizeRefusal.text(loaded, given) }
      if let refusal {
        System.Stream.errors.writeLine(refusal)
        throw ExitStatus.finding
      }
      if let other, compiled { return try compare(program, compiled: other, library, given) }
      if let other { return try compare(loaded, program, other, library, given) }
      let run = ProgramRun(loaded, program, watchesNumbers: nan)
      // Inputs that do not fit are refused before the run, as `check` refuses sizes.
      try reporting(ExitStatus.finding) {
        try run.execute(given)
        try run.measure(given, repetitions)
      }
      if let output { try reporting(ExitStatus.badInput) { try run.finished.write(to: output) } }
      if json {
        System.Stream.output.write(RunJSON.bytes(run))
      } else {
        System.Stream.output.writeLine(RunReport(run, showsTimes: profile).text)
      }
      if !run.mismatches.isEmpty { throw ExitStatus.finding }
    }

    private func openLibrary() throws -> TorchLibrary {
      let schemas = try reporting(ExitStatus.wrongUsage) { try operators.map { try FunctionSchema($0) } }
      return try reporting(ExitStatus.badInput) {
        let library = try TorchLibrary(folder: libtorch)
        for path in libraries { try library.load(path, operators: schemas) }
        return library
      }
    }

    private func runCompiled(_ library: TorchLibrary) throws {
      let run = try reporting(ExitStatus.badInput) { try CompiledRun(archive, model: model, library) }
      let given = try reporting(made.isEmpty ? ExitStatus.badInput : ExitStatus.wrongUsage) {
        try run.inputs(inputFile: inputFile, made: made, fill: fill, seed: seed)
      }
      let done = try reporting(ExitStatus.finding) { try run.execute(given, repetitions: repetitions) }
      if let output { try reporting(ExitStatus.badInput) { try done.write(to: output) } }
      if json {
        System.Stream.output.write(RunJSON.bytes(done))
      } else {
        System.Stream.output.writeLine(RunReport.text(of: done, name: run.name))
      }
    }

    /// Runs the program and the code that was compiled from it, and compares the results.
    private func compare(
      _ program: RealProgram, compiled path: String, _ library: TorchLibrary,
      _ given: [String: PyTree<RealTensor>]
    ) throws {
      let run = try reporting(ExitStatus.badInput, path) { try CompiledRun(path, model: model, library) }
      let difference = try reporting(ExitStatus.finding) { try run.difference(from: program, given) }
      if json {
        System.Stream.output.write(run.json(difference))
      } else {
        System.Stream.output.writeLine(run.text(difference, archive))
      }
      if difference != nil { throw ExitStatus.finding }
    }

    /// The program with its weights, when every operator of it can be run.
    private func ready(_ loaded: LoadedProgram, _ path: String, _ library: TorchLibrary) throws -> RealProgram
    {
      let program = try reporting(ExitStatus.badInput, path) {
        try RealProgram(loaded.program, path: path, model: path == archive ? model : nil, library: library)
      }
      let obstacles = program.obstacles
      if !obstacles.isEmpty { try refuse(obstacles, loaded, path) }
      return program
    }

    private func compare(
      _ loaded: LoadedProgram, _ program: RealProgram, _ path: String, _ library: TorchLibrary,
      _ given: [String: PyTree<RealTensor>]
    ) throws {
      let other = try LoadedProgram.read(path)
      let run = try ComparedRun(program, try ready(other, path, library))
      try reporting(ExitStatus.finding) { try run.execute(given) }
      if json {
        System.Stream.output.write(run.json)
      } else {
        let names = loaded.name == other.name ? (archive, path) : (loaded.name, other.name)
        System.Stream.output.writeLine(run.text(names))
      }
      if run.first != nil { throw ExitStatus.finding }
    }

    /// The inputs by placeholder name, from the one source that is given.
    private func inputs(_ program: RealProgram) throws -> [String: PyTree<RealTensor>] {
      if let inputFile { return try InputFile.read(inputFile, for: program) }
      if !made.isEmpty {
        return try InputMaker(program, fill: fill, seed: seed).inputs(try InputMaker.patterns(made))
      }
      if let sample = try program.sampleInputs() { return sample }
      if program.userInputs.isEmpty { return [:] }
      throw LibTorchError(.input("the archive has no sample inputs: give --inputs or --input"))
    }

    private func refuse(
      _ obstacles: [(target: String, reason: String)], _ loaded: LoadedProgram, _ path: String
    ) throws {
      if json {
        System.Stream.output.write(RunJSON.bytes(unsupported: obstacles, loaded))
      } else {
        for obstacle in obstacles {
          reportError("\(Escaped.line(path)): \(obstacle.target): \(obstacle.reason)")
        }
      }
      throw ExitStatus.finding
    }

    /// What `body` returns; an error is told and becomes `status`.
    private func reporting<Result>(
      _ status: ExitCode, _ path: String? = nil, _ body: () throws -> Result
    ) throws -> Result {
      do { return try body() } catch let error as InterpreterError {
        // Its text begins as that of every error does.
        reportError(
          "\(Escaped.line(path ?? archive)): \("\(error)".replacing("error: ", with: "", maxReplacements: 1))"
        )
        throw status
      } catch {
        reportError("\(Escaped.line(path ?? archive)): \(error)")
        throw status
      }
    }
  }
}

extension InputMaker.Fill: ExpressibleByArgument {}
