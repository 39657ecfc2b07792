import ExportedPrograms
import FX
import FakeTensors
import SymbolicExpressions
import SymbolicShapes

extension FakeProgram {
  /// Learns that no recorded size of an input is negative: PyTorch makes a tensor of it when it loads a program.
  ///
  /// ```
  /// %x : f32[u0, 4]         0 <= u0
  /// %y : f32[u0 - 1, 4]     1 <= u0
  /// ```
  ///
  /// PyTorch makes tensors of the values of all other nodes, too, and so takes for granted what a call is about to ask.
  /// Here the call asks; see `Documentation/known-differences.md`.
  ///
  /// In most archives, this follows from the declared ranges; then no value is looked at.
  ///
  /// - Source: `GraphModuleDeserializer.deserialize_tensor_meta`, `torch/_export/serde/serialize.py`; `empty_strided` checks
  ///   its sizes.
  func learnThatSizesAreNotNegative() {
    var isOpen = ContiguousArray(
      expressions.map { expression in
        shapes.arena.hasUnbacked(expression)
          && !shapes.staticallyKnownTrue(shapes.ge(shapes.symInt(expression), 0))
      })
    guard isOpen.contains(true) else { return }
    exported.graphModule.forEachModule { path, module in
      guard let recorded = exported.recordedValues[path] else { return }
      for node in module.graph.nodes where module.graph.op(of: node) == .placeholder {
        if path.isEmpty { shapes.origin = ShapeEnv.Origin(step: node.index) }
        recorded.value(of: node, in: module.graph)?.forEachSize { size in
          guard let id = size.expression, isOpen[Int(id.index)] else { return }
          isOpen[Int(id.index)] = false
          _ = shapes.check(shapes.ge(shapes.symInt(expressions[Int(id.index)]), 0))
        }
      }
      shapes.origin = .input
    }
  }
}

extension RecordedValue {
  /// Calls `body` for the sizes of the value's tensors.
  func forEachSize(_ body: (RecordedInt) -> Void) {
    switch self {
    case .tensor(let tensor): tensor.sizes.forEach(body)
    case .tuple(let items): for case let item? in items { item.forEachSize(body) }
    default: return
    }
  }
}
