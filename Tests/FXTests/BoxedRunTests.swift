import FX
import Testing

/// An object whose deallocation can be observed.
private final class Token {}

private final class Tracker: Interpreter<Token> {
  weak var first: Token?
  weak var second: Token?
  var aliveAtStart: [Bool] = []
  var aliveAtEnd: [Bool] = []
  var callerWasEmpty: (() -> Bool)?

  override func callFunction(
    _ target: Node.Target, _ args: [PyTree<Token>], _ kwargs: [Named<PyTree<Token>>]
  ) throws -> PyTree<Token> {
    if target == "begin" { aliveAtStart = [first != nil, second != nil] }
    if target == "end" { aliveAtEnd = [first != nil, second != nil] }
    return .value(Token())
  }
}

@Suite struct BoxedRunTests {
  private func graph() -> Graph {
    var graph = Graph()
    let x = graph.placeholder("x")
    let y = graph.placeholder("y")
    let begin = graph.callFunction("begin", [.node(x), .node(y)])
    let end = graph.callFunction("end", [.node(begin), .node(y)])
    graph.output(.node(end))
    return graph
  }

  @Test func releasesEachInputAtItsLastUse() throws {
    let tracker = Tracker(GraphModule(graph()))
    var inputs = [Token(), Token()]
    tracker.first = inputs[0]
    tracker.second = inputs[1]
    try tracker.boxedRun(&inputs)
    #expect(inputs.isEmpty)
    #expect(tracker.aliveAtStart == [true, true])
    #expect(tracker.aliveAtEnd == [false, true])
    #expect(tracker.second == nil)
  }

  @Test func computesWhatRunComputes() throws {
    let calculator = Calculator(GraphModule(Chain().graph))
    var inputs = [3.0, 4.0]
    #expect(try calculator.boxedRun(&inputs) == calculator.run([3.0, 4.0]))
    #expect(inputs.isEmpty)
  }

  @Test(arguments: [1, 3])
  func refusesAnotherNumberOfInputs(_ count: Int) {
    let calculator = Calculator(GraphModule(Chain().graph))
    var inputs = [Double](repeating: 1, count: count)
    let error = #expect(throws: InterpreterError.self) { try calculator.boxedRun(&inputs) }
    let kind: InterpreterError.Kind =
      count < 2 ? .tooFewArguments(expected: 2, received: 1) : .tooManyArguments(expected: 2, received: 3)
    #expect(error?.kind == kind)
    #expect(inputs.count == count)
  }
}
