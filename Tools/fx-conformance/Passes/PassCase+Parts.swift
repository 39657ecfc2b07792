import FX
import GraphPasses

/// Splitting, grouping and inlining.
extension PassCase {
  mutating func splitModule() throws -> OrderedJSON {
    var splitter = ModuleSplitter()
    splitter.affix = parameters["partition_affix"]?.text
    splitter.keepsNodeNames = parameters["keep_original_node_name"]?.bool ?? false
    splitter.keepsOrder = parameters["keep_original_order"]?.bool ?? false
    splitter.keepsInputNames = parameters["keep_original_input_name"]?.bool ?? true
    splitter.returnsTuples = parameters["tuple_return"]?.bool ?? false
    let graph = module.graph
    splitter.symbols = symbols
    let split = try splitter.split(module) { node in
      guard let part = parameters["partition"]?[graph.name(of: node)]?.int else {
        throw CaseError("no part for '\(graph.name(of: node))'")
      }
      return part
    }
    module = split.module
    return [
      "qualnames": .object(split.movedPaths.map { .init(key: $0.new, value: .string($0.old)) }),
      "submodules": .strings(split.parts),
    ]
  }

  /// The symbols of the recorded values.
  private var symbols: ModuleSplitter.Symbols {
    var (free, defined): (NodeMap<[String]>, NodeMap<String>) = ([:], [:])
    for json in graph["nodes"]?.items ?? [] {
      guard let node = json["name"]?.text.flatMap({ module.graph.node(named: $0) }), let value = json["val"]
      else { continue }
      free[node] = Array(Self.symbols(in: value))
      if let text = value["expr"]?.text, free[node] == [text] { defined[node] = text }
    }
    return .init(free: { [free] in free[$0] ?? [] }, defined: { [defined] in defined[$0] })
  }

  private static func symbols(in json: OrderedJSON) -> Set<String> {
    if let text = json["expr"]?.text {
      let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
      return Set(words.filter { $0.first?.isLowercase == true && $0.last?.isNumber == true })
    }
    return (json.items + json.entries.map(\.value)).reduce(into: []) { $0.formUnion(symbols(in: $1)) }
  }

  mutating func splitByTags() throws -> OrderedJSON {
    let graph = module.graph
    let split = try module.splitByTags(
      (parameters["order"]?.items ?? []).compactMap(\.text),
      returnsTuples: parameters["return_tuple"]?.bool ?? false
    ) { parameters["tags"]?[graph.name(of: $0)]?.text }
    module = split.module
    var paths: [OrderedJSON.Entry] = []
    for moved in split.movedPaths {
      paths.removeAll { $0.key == moved.old }
      paths.append(.init(key: moved.old, value: .string(moved.new)))
    }
    return ["qualnames": .object(paths), "submodules": .strings(split.parts)]
  }

  mutating func partition() throws -> OrderedJSON {
    var partitioner = CapabilityPartitioner()
    partitioner.allowsSingleNodes = parameters["allows_single_node_partition"]?.bool ?? false
    partitioner.skipsHorizontalFusion = parameters["skip_horizontal_fusion"]?.bool ?? false
    partitioner.nonComputeTargets = texts("non_compute_ops")
    partitioner.targetsAllowedAlone = texts("allowed_single_node_partition_ops")
    let (graph, supported) = (module.graph, texts("supported"))
    let proposed = partitioner.partitions(of: graph) { node in
      supported.contains(graph.name(of: node)) || supported.contains(graph.target(of: node).text)
    }
    var partitions = proposed
    if parameters["remove_bookends"]?.bool == true {
      partitions = partitioner.withoutBookends(proposed, of: graph)
    }
    try module.fuse(partitions)
    func names(_ partitions: [[Node]]) -> OrderedJSON {
      .array(partitions.map { .strings($0.map { graph.name(of: $0) }.sorted()) })
    }
    return ["proposed": names(proposed), "partitions": names(partitions)]
  }

  private func texts(_ key: String) -> Set<String> {
    Set((parameters[key]?.items ?? []).compactMap(\.text))
  }

  mutating func fuseByPartitions() throws -> OrderedJSON {
    let groups = try (parameters["partitions"]?.items ?? []).map { try $0.items.map { try node($0.text) } }
    return ["submodules": .strings(try module.fuse(groups, prefix: parameters["prefix"]?.text ?? "fused_"))]
  }

  mutating func inlineModule() throws -> OrderedJSON {
    try module.inlineSubmodule(
      parameters["module"]?.text ?? "", eliminatesDeadCode: parameters["run_dce"]?.bool ?? true)
    return [:]
  }
}
