import FX

extension PassTable<GraphPass> {
  /// The passes that only need the graph.
  public static var structural: PassTable { PassTable(rows) }

  private static var rows: [Entry] {
    [
      Entry(
        "canonicalize",
        "Gives the nodes an order and names that depend only on what they compute."
      ) { _ in
        GraphPass("canonicalize") { module in
          let before = module
          // Without values, any call that is not an operator might be there for its effect.
          // Moving items to what they are selected from changes what others can be moved past: the order is canonical
          // when another run keeps it.
          for _ in 0..<8 {
            let last = module.graph
            try module.graph.canonicalize(isImpure: { before.isImpure($0) })
            if module.graph == last { break }
          }
        }
      },
      Entry(
        "cse", "Computes once what the graph computes several times.",
        parameters: [
          Parameter(
            "equality", "which constants are equal: exact (default), typed, or python, where 1 is 1.0"),
          Parameter("banned", "an operator whose calls all stay, such as aten.rand; may be repeated"),
        ]
      ) { arguments in
        var pass = CommonSubexpressions()
        pass.equality = try arguments.choice(
          "equality", ["exact": .exact, "typed": .typed, "python": .asPython], default: .exact)
        pass.banned.formUnion(arguments.list("banned"))
        return GraphPass("cse", reporting: { [pass] in $1 = try pass(&$0.graph) })
      },
      Entry(
        "dead-code", "Erases the nodes whose values nothing uses and that have no effect.",
        parameters: [
          Parameter("random", "keep (default) or drop: whether drawing random numbers is an effect")
        ]
      ) { arguments in
        let keepsRandom = try arguments.choice("random", ["keep": true, "drop": false], default: true)
        return GraphPass("dead-code") { module in
          let before = module
          try module.eliminateDeadCode { _, node in before.hasEffect(node, randomIsImpure: keepsRandom) }
        }
      },
      Entry(
        "inline", "Replaces the calls of a submodule by its graph.",
        parameters: [Parameter("module", "the submodule's dotted path")]
      ) { arguments in
        let path = try arguments.required("module")
        return GraphPass("inline") { module in
          repeat {
            try module.inlineSubmodule(path)
          } while !module.graph.findNodes(.callModule, target: Node.Target(path)).isEmpty
          module.deleteAllUnusedSubmodules()
        }
      },
      Entry(
        "split", "Splits the graph into submodules of a given number of calls.",
        parameters: [Parameter("size", "how many calls a part has")]
      ) { arguments in
        let text = try arguments.required("size")
        guard let size = Int(text), size > 0 else {
          throw GraphPassError(
            .badArgument(pass: "split", argument: "size", problem: "must be a positive number"))
        }
        return GraphPass("split") { module in
          var count = 0
          var parts: NodeMap<Int> = [:]
          for node in module.graph.nodes
          where ![.placeholder, .getAttr, .output].contains(module.graph.op(of: node)) {
            parts[node] = count / size
            count += 1
          }
          var splitter = ModuleSplitter()
          splitter.keepsNodeNames = true
          module = try splitter.split(module) { parts[$0] ?? 0 }.module
        }
      },
      Entry("sort", "Reorders the nodes so that each comes after what it uses.") {
        _ in
        GraphPass("sort") { try $0.graph.sortTopologically() }
      },
    ]
  }
}
