public import FX
public import FakeTensors
public import SymbolicShapes

/// A finished run of a nested graph: the body of a higher-order operator, or a submodule that is called.
public struct NestedRun {
  /// The node whose call it belongs to.
  public let caller: ShapeEnv.Origin
  /// The dotted path of the module.
  public let path: String
  /// The module.
  public let module: GraphModule
  /// The number of its graph in the origins of facts.
  public let graph: UInt32
  /// The values of its nodes.
  public let values: NodeMap<FakeValue>

  init(caller: ShapeEnv.Origin, path: String, _ engine: PropagationEngine) {
    self.caller = caller
    self.path = path
    module = engine.plan.module
    graph = engine.plan.place.number
    values = NodeMap(engine.values)
  }
}
