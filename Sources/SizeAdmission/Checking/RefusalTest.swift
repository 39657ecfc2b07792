import ExportedPrograms
import FX
import FakeTensors
import ShapePropagation

/// Distinguishes errors that rule out sizes from errors that only stop propagation.
struct RefusalTest {
  private let module: GraphModule
  /// Where the exporter's own run stops; if another run stops there, that says nothing about its sizes.
  private let stop: PropagationError?

  init(_ program: FakeProgram, stop: PropagationError?) {
    module = program.exported.graphModule
    self.stop = stop
  }

  /// Whether an actual PyTorch run fails too, whatever the values of its tensors.
  ///
  /// A data-dependent decision, an operator without a rule, or a malformed graph say nothing about sizes. Nor does an
  /// error that occurs only in tracing, or one in a branch that a run need not take.
  func isRefusal(_ error: PropagationError) -> Bool {
    guard case .operatorFailed(let failure) = error.kind else { return false }
    switch failure.kind {
    case .refused, .wrongArgument: break
    case .refusedWhenTraced, .dataDependent, .dynamicOutputShape, .dataDependentOutput, .unsupported, .noRule,
      .foreignTensor, .wrongResult, .ruleFailed:
      return false
    }
    if let place = error.provenance {
      if place.qualifiedName == stop?.provenance?.qualifiedName { return false }
      return isAlwaysRun(place)
    }
    return stop == nil
  }

  /// Whether every run reaches this node; true for facts of the program itself.
  func isAlwaysRun(_ place: Provenance?) -> Bool { place.map { module.alwaysRuns($0.modulePath) } ?? true }
}

extension GraphModule {
  /// Whether every run passes through the module at this dotted path.
  func alwaysRuns(_ path: String) -> Bool {
    let modules = Dictionary(
      namedModules.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    var place = ""
    for name in path.split(separator: ".").map(String.init) {
      guard let graph = modules[place]?.graph else { return false }
      let callers = graph.findNodes(.getAttr).filter { graph.target(of: $0).text == name }
        .flatMap { graph.users(of: $0) }
      guard callers.contains(where: { Self.wrappers.contains(graph.operatorName(of: $0)) }) else {
        return false
      }
      place = place.isEmpty ? name : "\(place).\(name)"
    }
    return true
  }

  /// Operators that run their subgraph once, whatever their operands are.
  private static let wrappers: Set<String> = Set(
    [
      "hints_wrapper", "invoke_subgraph", "run_const_graph", "strict_mode", "tag_activation_checkpoint",
      "wrap",
      "wrap_activation_checkpoint", "wrap_with_autocast", "wrap_with_set_grad_enabled",
    ].map { "higher_order.\($0)" })
}
