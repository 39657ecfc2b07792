import FX
import GraphPasses
import ShapePropagation

extension ProgramPass {
  /// Decomposes the operators of a table and turns writes into values, as `run_decompositions()` does.
  public static func decompose(_ table: DecompositionTable = .coreATen) -> ProgramPass {
    ProgramPass("decompose") { program, operators in
      try program.exported.decomposed(program, with: table, operators: operators)
    }
  }

  /// Turns writes into values, as `run_decompositions({})` does.
  public static var functionalize: ProgramPass {
    ProgramPass("functionalize") { program, operators in
      try program.exported.decomposed(program, with: .none, operators: operators)
    }
  }

  /// Removes views of what they view, such as double transposes, and copies that nobody needs.
  public static var removeNoOps: ProgramPass {
    ProgramPass("no-ops") { module, known, replaced in
      let copies = try module.removeNoOps(values: known.values, known.shapes)
      let views = try module.removeIdentityViews(values: known.values, known.shapes)
      for (node, standIn) in copies.pairs + views.pairs { replaced[node] = standIn }
      let before = module
      try module.eliminateDeadCode { _, node in before.hasEffect(node) }
    }
  }

  /// Writes numbers that are the same for all inputs in place of the calls that compute them.
  public static var foldNumbers: ProgramPass {
    ProgramPass("fold-numbers") { module, known, _ in
      try module.graph.foldNumbers(values: known.values)
    }
  }

  /// Erases asserts that follow from the others.
  public static var dropImpliedAsserts: ProgramPass {
    ProgramPass("implied-asserts") { module, known, _ in
      try module.graph.dropImpliedAsserts(values: known.values, known.shapes)
    }
  }

  /// Writes the facts that propagation leaves to run time as asserts of the graph.
  public static var insertRuntimeAsserts: ProgramPass {
    ProgramPass("runtime-asserts") { module, known, _ in
      try module.graph.stateRuntimeAsserts(
        values: known.values, bindings: { known.bindings(of: $0) }, shapes: known.shapes)
    }
  }
}

extension NodeMap<Node> {
  fileprivate var pairs: [(Node, Node)] { nodes.compactMap { node in self[node].map { (node, $0) } } }
}
