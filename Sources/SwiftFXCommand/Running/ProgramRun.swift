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

  /// The times of runs without comparison, in seconds, the least first; empty without such runs.
  private(set) var measured: [Double] = []
  /// The resident memory of the process before and after these runs, in bytes: the same unless something leaks.
  private(set) var memory = (before: 0, after: 0)

  /// Runs the program `count` times as a server would: nothing is watched, and inputs are made ready once.
  func measure(_ given: [String: PyTree<RealTensor>], _ count: Int) throws {
    guard count > 0 else { return }
    let arguments = try program.arguments(given)
    let plain = RealInterpreter(program.module, library: program.library)
    memory.before = System.residentBytes
    for _ in 0..<count {
      let start = ContinuousClock.now
      _ = try plain.run(arguments, enableIOProcessing: false)
      measured.append(start.duration(to: .now).seconds)
    }
    memory.after = System.residentBytes
    measured.sort()
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
