public import FX
public import FakeTensors
import SymbolicExpressions
public import SymbolicShapes

extension Graph {
  /// The node that computes a size, or the number that it is.
  ///
  ///     %x = placeholder[x]                f32[s0, 4]        %s = sym_size.int(%x, 0)
  ///                                        size 2*s0         %m = mul(%s, 2)
  ///
  /// New nodes come right after the nodes that they read; a size of which a node exists is not read again.
  ///
  /// - Parameters:
  ///   - size: the size, an expression of symbols that values of the graph show.
  ///   - node: the node before which the result is needed; only what comes before it is read.
  ///   - values: the value of each node.
  ///   - shapes: the environment of the values.
  /// - Returns: the argument to use for the size.
  /// - Throws: ``PropagationError`` if no value before `node` shows one of the symbols.
  /// - Source: `materialize_symints` in `torch/fx/passes/runtime_assert.py` and `Graph.create_size_node`, v2.13.
  public mutating func materialize(
    _ size: SymInt, before node: Node, values: NodeMap<FakeValue>, shapes: ShapeEnv
  ) throws(PropagationError) -> Node.Argument {
    let size = shapes.resolve(size)
    if let number = size.constant { return .int(number) }
    guard let expression = size.symbolicExpression else {
      throw PropagationError(.malformed("a size that does not fit 64 bits has no node"))
    }
    var edited = self
    var lowering = ExpressionLowering()
    var wanted = Set(shapes.arena.freeSymbols(of: expression).map { shapes.arena.handle(of: $0) })
    wanted.insert(expression)
    let earlier = Array(nodes.prefix { $0 != node })
    // What a node computes is preferred to what can be read from a tensor.
    for source in earlier {
      guard case .symInt(let number)? = values[source], let known = shapes.resolve(number).symbolicExpression,
        wanted.contains(known), lowering.node(for: known) == nil
      else { continue }
      lowering.note(source, for: known)
    }
    for source in earlier {
      guard let tensor = values[source]?.tensor else { continue }
      for (dim, extent) in tensor.sizes.enumerated() {
        guard let known = shapes.resolve(extent).symbolicExpression, wanted.contains(known),
          lowering.node(for: known) == nil
        else { continue }
        let made = edited.inserting(after: edited.lastPlaceholder(orAfter: source)) {
          $0.callFunction("torch.ops.aten.sym_size.int", [.node(source), .int(dim)])
        }
        lowering.note(made, for: known)
      }
    }
    guard lowering.node(for: expression) != nil || lowering.canLower(expression, shapes.arena) else {
      throw PropagationError(
        .malformed("no node before '\(name(of: node))' shows the symbols of '\(shapes.text(of: size))'"))
    }
    let result = edited.inserting(before: node) { graph in
      lowering.lower(expression, into: &graph, shapes.arena, { _, _ in })
    }
    self = edited
    return result
  }

  /// `node`, or for an input the last input, so that inputs stay together.
  private func lastPlaceholder(orAfter node: Node) -> Node {
    op(of: node) == .placeholder ? findNodes(.placeholder).last ?? node : node
  }
}
