import ExportedPrograms
import FX

/// A graph as one of the readers found it, with the graphs below it.
struct ReadGraph {
  var module: GraphModule
  /// What annotations say, by the path of the module.
  var values: [String: RecordedValues]
  /// Where nodes stand, by the path of the module.
  var places: [String: NodePlaces]
  var symbols: SymbolTexts
  /// Where the graph starts.
  var start: Spot
  /// The modules and tensors that the constructor of the class makes, by their name in it.
  var members: [(name: String, value: PythonExpression)] = []

  /// The inputs whose value the text does not say.
  var inputsWithoutValue: [Node] {
    let graph = module.graph
    let known = values[""]
    return graph.findNodes(.placeholder).filter { node in
      known?.value(of: node, in: graph) == nil && graph.argumentCount(of: node) == 0
    }
  }
}
