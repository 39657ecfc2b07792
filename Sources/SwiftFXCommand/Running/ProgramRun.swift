import LibTorch
import SwiftFX

/// One run of a program, with all that is told of it.
final class ProgramRun {
  let loaded: LoadedProgram
  private let program: RealProgram
  private let interpreter: WatchedInterpreter
  private let check: PredictionCheck
  private let watchesNumbers: Bool
  private(set) var results: [PyTree<RealTensor>] = []
  private(set) var seconds = 0.0
  /// The time by operator, and how often each ran.
  private(set) var times: [String: (seconds: Double, count: Int)] = [:]

  init(_ loaded: LoadedProgram, _ program: RealProgram, watchesNumbers: Bool) {
    self.loaded = loaded
    self.program = program
    self.watchesNumbers = watchesNumbers
    check = PredictionCheck(loaded.program, loaded.context)
    interpreter = WatchedInterpreter(program.module, library: program.library)
  }

  var mismatches: [PredictionCheck.Mismatch] { check.mismatches }
  var symbolValues: [(name: String, value: SymExpr.Number)] { check.symbolValues }
  var nodeCount: Int { program.module.graph.nodes.count }
  /// How many nodes ran, those of nested graphs included.
  var ranCount: Int { interpreter.nodeCount }

  /// - Throws: ``LibTorchError`` for inputs that do not fit; ``InterpreterError`` at the node that fails.
  func execute(_ given: [String: PyTree<RealTensor>]) throws {
    let arguments = try program.arguments(given)
    let graph = program.module.graph
    var numbers = NonFiniteSearch(graph)
    var started = ContinuousClock.now
    interpreter.willRun = { _ in started = .now }
    interpreter.didRun = { [unowned self] node, value in
      let took = started.duration(to: .now).seconds
      if graph.op(of: node) == .callFunction {
        let entry = self.times[graph.target(of: node).text] ?? (0, 0)
        self.times[graph.target(of: node).text] = (entry.seconds + took, entry.count + 1)
      }
      self.check.note(node, value)
      if self.watchesNumbers { try numbers.note(node, value) }
    }
    let start = ContinuousClock.now
    results = try interpreter.run(arguments, enableIOProcessing: false).flattened().leaves
    seconds = start.duration(to: .now).seconds
    check.finish()
  }

  /// Writes the leaves of the result by position: tensors as such, all else as JSON text in the metadata.
  func write(to path: String) throws {
    var writer = SafetensorsWriter()
    for (position, leaf) in results.enumerated() {
      switch leaf {
      case .value(let tensor): writer.add("\(position)", tensor)
      default: writer.add("\(position)", text: RunJSON.text(of: leaf))
      }
    }
    try writer.write(to: path)
  }
}
