import FX

/// The regions of a graph in which gradients or autocast are switched, and the parts that they reach into.
///
/// Each part must run on its own, so a part that begins inside a region switches the state again, and one that ends
/// inside an autocast region leaves it.
struct StateRegions {
  private struct Region {
    var start: Node
    var end: Node?
    var parts: Set<Int> = []
    var isAutocast: Bool
  }

  private var regions: [Region] = []
  /// The position of each numbered part.
  var indices: [Int: Int] = [:]

  init(_ graph: Graph, _ partNumber: (Node) throws -> Int) throws {
    var gradients: Int?
    var autocasts: [Int] = []
    var numbers: [Int] = []
    for node in graph.nodes where ![.placeholder, .getAttr, .output].contains(graph.op(of: node)) {
      let number = try partNumber(node)
      switch Self.kind(of: node, graph) {
      case .setGradients?:
        guard graph.argumentCount(of: node) == 1, case .bool? = graph.argument(0, of: node) else {
          throw GraphPassError(
            .region("node '\(graph.name(of: node))' must have True or False as its argument"))
        }
        gradients = regions.count
        regions.append(Region(start: node, isAutocast: false))
      case .enterAutocast?:
        guard graph.inputs(of: node).isEmpty else {
          throw GraphPassError(.region("node '\(graph.name(of: node))' must have constants as its arguments"))
        }
        autocasts.append(regions.count)
        regions.append(Region(start: node, isAutocast: true))
      case .exitAutocast?:
        guard case .node(let start)? = graph.argument(0, of: node),
          let position = autocasts.first(where: { regions[$0].start == start })
        else { throw GraphPassError(.region("node '\(graph.name(of: node))' leaves no autocast")) }
        regions[position].parts.insert(number)
        regions[position].end = node
        autocasts.removeAll { $0 == position }
      case nil: break
      }
      for position in autocasts + (gradients.map { [$0] } ?? []) { regions[position].parts.insert(number) }
      numbers.append(number)
    }
    if !regions.isEmpty, zip(numbers, numbers.dropFirst()).contains(where: { $0 > $1 }) {
      throw GraphPassError(
        .region("where gradients or autocast are switched, the numbers of parts must not fall"))
    }
    if let open = autocasts.first {
      throw GraphPassError(
        .region("the autocast of node '\(graph.name(of: regions[open].start))' is never left"))
    }
  }

  /// Switches the state again at the start of parts that begin inside a region.
  func enter(_ parts: inout [SplitPart], _ graph: Graph) {
    for region in regions {
      for part in region.parts.sorted().dropFirst().compactMap({ indices[$0] }) {
        let copy = parts[part].graph.createNode(
          .callFunction, graph.target(of: region.start), args: Array(graph.args(of: region.start)))
        parts[part].note(copy, for: region.start, of: graph)
      }
    }
  }

  /// Leaves autocast at the end of parts that end inside its region.
  func exit(_ parts: inout [SplitPart], _ graph: Graph) {
    for region in regions.reversed() where region.isAutocast {
      guard let end = region.end else { continue }
      for part in region.parts.sorted().dropLast().compactMap({ indices[$0] }) {
        guard let start = parts[part].copies[region.start] else { continue }
        let copy = parts[part].graph.createNode(.callFunction, graph.target(of: end), args: [.node(start)])
        parts[part].graph.setMetadata(graph.metadata(of: end), of: copy)
      }
    }
  }

  /// Whether a call switches gradients or autocast.
  static func isStateful(_ node: Node, _ graph: Graph) -> Bool { kind(of: node, graph) != nil }

  private enum Kind {
    case setGradients
    case enterAutocast
    case exitAutocast
  }

  private static func kind(of node: Node, _ graph: Graph) -> Kind? {
    switch graph.target(of: node).text {
    case "torch._C._set_grad_enabled": .setGradients
    case "torch.amp.autocast_mode._enter_autocast", "torch.amp._enter_autocast": .enterAutocast
    case "torch.amp.autocast_mode._exit_autocast", "torch.amp._exit_autocast": .exitAutocast
    default: nil
    }
  }
}
