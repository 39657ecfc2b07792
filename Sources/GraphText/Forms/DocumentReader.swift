import ExportedPrograms
import FX
import TensorVocabulary

/// Finds the graphs of a text, whatever form each has, and what stands around them.
struct DocumentReader {
  private let text: SourceText
  private var found: [Found] = []
  private var environments = EnvironmentLog()
  private var torchVersion = ""
  /// Example values of symbols, which an `fx_graph_runnable.py` starts with.
  private var hints: [(name: String, value: Int)] = []

  /// A graph with what was read around it.
  private struct Found {
    var graph: ReadGraph
    var title: String?
    var compileID: String?
    var process = ""
    var signature: GraphSignature?
  }

  init(_ text: SourceText) { self.text = text }

  mutating func document(_ inputs: InputAnnotations) throws(TextError) -> GraphDocument {
    for block in try BlockSorter.blocks(text) { try read(block) }
    guard !found.isEmpty || !environments.isEmpty else {
      let isEmpty = text.lines.indices.allSatisfy { text.isBlank($0) }
      throw TextError(isEmpty ? .empty : .noGraph, at: TextPosition(line: 1, column: 1))
    }
    found.sort { ($0.graph.start.line, $0.graph.start.offset) < ($1.graph.start.line, $1.graph.start.offset) }
    var document = GraphDocument(environments: environments.environments)
    var used: Set<String> = []
    for found in found { document.programs.append(try program(found, inputs, &used)) }
    let names = document.programs.flatMap { program in
      let graph = program.exported.graphModule.graph
      return graph.findNodes(.placeholder).map { graph.name(of: $0) }
    }
    try inputs.check(used: used, inputs: names)
    return document
  }

  // Blocks

  private mutating func read(_ block: TextBlock) throws(TextError) {
    if let record = block.record, block.lines.isEmpty {
      return environments.add(record, process: block.prefix?.process ?? "")
    }
    if block.record?.name == "torch_version" { return try readVersion(block.lines) }
    var title = block.record?.name
    var listing = ModuleListing()
    let first = found.count
    var row = 0
    while row < block.lines.count {
      let line = block.lines[row]
      let range = text.trimmed(line)
      guard !range.isEmpty else {
        row += 1
        continue
      }
      if let heading = heading(range) {
        title = heading
      } else if CodeReader.isHeader(text, line) {
        row = try keep(adopting(try CodeReader.read(text, block.lines, at: row), from: first), &title, block)
        continue
      } else if ListingReader.isHeader(text, line) {
        row = try keep(try ListingReader.read(text, block.lines, at: row), &title, block)
        continue
      } else if text.starts(range, with: "def forward(self") {
        var result = try CodeReader.readFunction(text, block.lines, at: row)
        result.graph.adopt(listing.layers)
        listing = ModuleListing()
        row = try keep(result, &title, block)
        continue
      } else if listing.read(text, line, range) {
        row += 1
        continue
      } else if let next = try readSection(block.lines, row, range, first: first) {
        row = next
        continue
      } else if block.prefix != nil || title == nil {
        try environments.read(text, line, range, block.prefix)
      }
      row += 1
    }
  }

  /// The graph with the classes of the block that its constructor makes as its subgraphs.
  private mutating func adopting(
    _ result: (graph: ReadGraph, next: Int), from first: Int
  ) -> (graph: ReadGraph, next: Int) {
    var graph = result.graph
    for index in ModuleMembers.adopt(found[first...].map(\.graph), into: &graph).sorted().reversed() {
      found.remove(at: first + index)
    }
    ModuleMembers.recordConstants(in: &graph)
    graph.adopt(graph.members.map { (path: $0.name, value: $0.value) })
    return (graph, result.next)
  }

  private mutating func keep(
    _ result: (graph: ReadGraph, next: Int), _ title: inout String?, _ block: TextBlock
  ) throws(TextError) -> Int {
    var item = Found(graph: result.graph)
    item.title = title
    if block.record == nil { title = nil }
    let compileID = block.record?.compileID ?? block.prefix?.compileID ?? ""
    item.compileID = compileID.isEmpty ? nil : compileID
    item.process = block.prefix?.process ?? ""
    found.append(item)
    return result.next
  }

  /// `===== Forward graph 0 =====`.
  private func heading(_ range: Range<Int>) -> String? {
    guard text.starts(range, with: "===== "), let end = text.findLast(" =====", in: range),
      end > range.lowerBound + 6
    else { return nil }
    return text.text(range.lowerBound + 6..<end)
  }

  /// Reads a section that belongs to the last graph of the block, or to the file.
  ///
  /// - Returns: the row after it; `nil` when there is none at `row`.
  private mutating func readSection(
    _ lines: [Int], _ row: Int, _ range: Range<Int>, first: Int
  ) throws(TextError) -> Int? {
    if found.count > first {
      let last = found.count - 1
      if text.starts(range, with: "Graph signature:") {
        let (signature, next) = try ExportSections(text: text, lines: lines).signature(at: row)
        found[last].signature = signature
        return next
      }
      if text.starts(range, with: "Range constraints:") {
        return try ExportSections(text: text, lines: lines).ranges(at: row, into: found[last].graph.symbols)
      }
      if RunnableArguments.isHeader(text, lines[row]) {
        return try RunnableArguments.read(text, lines, at: row, into: &found[last].graph)
      }
      return nil
    }
    if text.starts(range, with: "# torch version: ") {
      torchVersion = text.text(range.lowerBound + "# torch version: ".utf8.count..<range.upperBound)
      return row + 1
    }
    if range.lowerBound == text.lines[lines[row]].bytes.lowerBound, let hint = hint(range) {
      hints.append(hint)
      return row + 1
    }
    return nil
  }

  /// `s77 = 10`.
  private func hint(_ range: Range<Int>) -> (name: String, value: Int)? {
    guard let equals = text.find(" = ", in: range), let value = Int(text.text(equals + 3..<range.upperBound))
    else { return nil }
    let name = text.text(range.lowerBound..<equals)
    guard let first = name.first, "suz".contains(first),
      name.dropFirst().allSatisfy({ $0.isNumber || "uf".contains($0) })
    else { return nil }
    return (name, value)
  }

  private mutating func readVersion(_ lines: [Int]) throws(TextError) {
    guard !lines.isEmpty else { return }
    var parser = try PythonParser(PythonScanner(text, lines[...]))
    try parser.skipNewlines()
    if let version = try parser.expression()["pytorch_version"]?.string { torchVersion = version }
  }

  // Programs

  private func program(
    _ found: Found, _ inputs: InputAnnotations, _ used: inout Set<String>
  ) throws(TextError) -> TextProgram {
    var graph = found.graph
    used.formUnion(try inputs.annotate(&graph))
    for hint in hints { _ = try? graph.symbols.intern(hint.name.utf8, hint: .int(hint.value)) }
    if let environment = environments.environment(compileID: found.compileID, process: found.process) {
      environment.state(in: graph.symbols)
    }
    for node in graph.inputsWithoutValue where graph.module.graph.userCount(of: node) == 0 {
      graph.values["", default: RecordedValues()].setValue(.none, of: node, in: graph.module.graph)
    }
    let signature = found.signature ?? Self.signature(of: graph.module.graph)
    Self.trackParameters(of: &graph, signature)
    var exported = ExportedProgram(graphModule: graph.module, signature: signature, expressionSyntax: .infix)
    exported.recordedValues = graph.values
    exported.expressions = graph.symbols.expressions
    exported.rangeConstraints = graph.symbols.constraints
    exported.torchVersion = torchVersion
    return TextProgram(
      exported: exported, title: found.title, compileID: found.compileID, process: found.process,
      position: text.position(of: graph.start),
      places: graph.places,
      inputsWithoutValue: graph.inputsWithoutValue.map { graph.module.graph.name(of: $0) })
  }

  /// Autograd tracks parameters, of which an annotation does not say so.
  private static func trackParameters(of read: inout ReadGraph, _ signature: GraphSignature) {
    let graph = read.module.graph
    guard var values = read.values[""] else { return }
    for spec in signature.inputSpecs where spec.kind == .parameter {
      guard let node = spec.argument.name.flatMap({ graph.node(named: $0) }),
        case .tensor(var tensor)? = values.value(of: node, in: graph), tensor.dtype.isFloatingPoint
      else { continue }
      tensor.requiresGrad = true
      values.replaceValue(.tensor(tensor), of: node, in: graph)
    }
    read.values[""] = values
  }

  /// Every placeholder as an input of the user, and every result as an output.
  ///
  /// `torch.export` names the inputs that are parameters `p_…`, buffers `b_…` and constants `c_…`.
  private static func signature(of graph: Graph) -> GraphSignature {
    var signature = GraphSignature(inputSpecs: [], outputSpecs: [])
    for node in graph.findNodes(.placeholder) {
      let name = graph.name(of: node)
      let kind: InputSpec.Kind =
        name.hasPrefix("p_")
        ? .parameter : name.hasPrefix("b_") ? .buffer : name.hasPrefix("c_") ? .constantTensor : .userInput
      signature.inputSpecs.append(InputSpec(kind: kind, argument: .tensor(name)))
    }
    guard let output = graph.outputNode, let results = graph.argument(0, of: output) else { return signature }
    let items: [Node.Argument]
    switch results {
    case .tuple(let elements), .list(let elements): items = elements
    default: items = [results]
    }
    for item in items {
      if case .node(let node) = item {
        signature.outputSpecs.append(OutputSpec(kind: .userOutput, argument: .tensor(graph.name(of: node))))
      } else {
        signature.outputSpecs.append(OutputSpec(kind: .userOutput, argument: .constant(name: "", item)))
      }
    }
    return signature
  }
}
