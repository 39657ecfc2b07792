import LibTorch
import SwiftFX

/// One run of a program, with all that is told of it.
final class ProgramRun {
  let loaded: LoadedProgram
  private let program: RealProgram
  private let interpreter: WatchedInterpreter
  private let check: PredictionCheck
  private let watchesNumbers: Bool
  private(set) var finished = FinishedRun()
  /// The time by operator, and how often each ran.
  private(set) var times: [String: (seconds: Double, count: Int)] = [:]

  init(_ loaded: LoadedProgram, _ program: RealProgram, watchesNumbers: Bool) {
    self.loaded = loaded
    self.program = program
    self.watchesNumbers = watchesNumbers
    check = PredictionCheck(loaded.program, loaded.context)
    interpreter = WatchedInterpreter(program.module, library: program.library)
  }

  var results: [PyTree<RealTensor>] { finished.results }
  var seconds: Double { finished.seconds }
  var measured: [Double] { finished.measured }
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
    finished.results = try interpreter.run(arguments, enableIOProcessing: false).flattened().leaves
    finished.seconds = start.duration(to: .now).seconds
    check.finish()
  }

  /// Runs the program `count` times as a server would: nothing is watched, and inputs are made ready once.
  func measure(_ given: [String: PyTree<RealTensor>], _ count: Int) throws {
    guard count > 0 else { return }
    let arguments = try program.arguments(given)
    let plain = RealInterpreter(program.module, library: program.library)
    try finished.measure(count) { _ = try plain.run(arguments, enableIOProcessing: false) }
  }
}
