import SymbolicExpressions

/// Writes one graph as a Python function, as PyTorch's code generator does.
///
/// - Source: `CodeGen._gen_python_code` in `torch/fx/graph.py`, v2.13.
final class CodeWriter {
  private let graph: Graph
  private let symbols: ((SymExpr) -> String)?
  private let annotation: (Node) -> String?
  /// Whether the author's source lines stand above the code.
  private let isVerbose: Bool
  private let style: ReadableStyle
  private let lastUses: LastUses
  private var namespace = Namespace()
  private var nodeNames: NodeMap<String>
  private var globalNames: [Node.Target: String] = [:]
  private var lines: [String] = []
  private var previousSummary = ""

  init(
    _ graph: Graph, symbols: ((SymExpr) -> String)?, annotation: @escaping (Node) -> String?,
    isVerbose: Bool = true, style: ReadableStyle = ReadableStyle()
  ) {
    self.graph = graph
    self.style = style
    self.isVerbose = isVerbose
    self.symbols = symbols
    self.annotation = annotation
    lastUses = LastUses(of: graph)
    nodeNames = NodeMap(for: graph)
    for builtin in ["inf", "nan", "NoneType", "torch", "device", "fx_pytree", "pytree"] {
      _ = namespace.createName(builtin, isBuiltin: true)
    }
  }

  /// The function's head, followed by its body, indented by four.
  func write(_ generator: CodeGenerator = .plain) -> String {
    var parameters = ["self"]
    for node in graph.nodes {
      if isVerbose { writeSummary(of: node) }
      if graph.op(of: node) == .placeholder {
        parameters.append(parameter(node))
      } else {
        lines.append(statement(node) + release(after: node))
      }
    }
    if lines.isEmpty { lines = ["pass"] }
    let body = generator.body(Array(lines.drop(while: \.isEmpty))).map { $0.isEmpty ? "" : "    " + $0 }
    let resultText = graph.outputNode.flatMap { graph.type(of: $0) }.map { " -> \($0)" } ?? ""
    return (generator.head(parameters, resultText) + body).joined(separator: "\n")
  }

  /// The name of a node in the code; it shadows no Python name.
  private func name(_ node: Node) -> String {
    if let name = nodeNames[node] { return name }
    let id = namespace.createName(graph.name(of: node))
    let name = namespace.strings[id]
    nodeNames[node] = name
    return name
  }

  private func code(_ argument: Node.Argument) -> String {
    ArgumentWriter(
      nodeName: { self.name($0) }, symbolText: symbols ?? { "\($0)" }, constantText: style.constant
    ).text(argument, .code)
  }

  private func typed(_ node: Node) -> String {
    name(node) + said(of: node)
  }

  /// What is known about a value, or else the type that the author gave.
  private func said(of node: Node) -> String {
    if let annotation = annotation(node) { return ": \"\(annotation)\"" }
    return graph.type(of: node).map { " : \($0)" } ?? ""
  }

  private func parameter(_ node: Node) -> String {
    let target = graph.target(of: node).text
    let plain = target.filter { $0 != "*" }
    let defaultText = graph.argument(0, of: node).map { " = \(code($0))" } ?? ""
    if plain != name(node) { lines.append("\(name(node)) = \(plain)") }
    return target + said(of: node) + defaultText
  }

  /// The line for a node.
  ///
  /// A graph that `lint()` rejects can still be printed: a missing argument is written as `None`.
  private func statement(_ node: Node) -> String {
    let target = graph.target(of: node)
    let args = graph.args(of: node)
    switch graph.op(of: node) {
    case .placeholder: return ""
    case .getAttr: return "\(typed(node)) = \(Self.access("self", target.text))"
    case .callModule: return "\(typed(node)) = \(Self.access("self", target.text))(\(call(node, args)))"
    case .callMethod:
      let object = args.first.map(code) ?? "None"
      return "\(typed(node)) = \(Self.access(object, target.text))(\(call(node, args.dropFirst())))"
    case .callFunction: return function(node, target, args)
    case .output: return "return \(args.first.map(code) ?? "None")"
    }
  }

  private func function(
    _ node: Node, _ target: Node.Target, _ args: NodeArguments<Node.Argument>
  ) -> String {
    if target.text.hasPrefix("_operator.") {
      if let form = PythonOperator.expression(target.pythonName), form.operandCount == args.count {
        return "\(typed(node)) = \(form.text(args.map(code)))"
      }
      if let form = PythonOperator.statement(target.pythonName), form.operandCount == args.count,
        let first = args.first
      {
        return "\(form.text(args.map(code)));  \(typed(node)) = \(code(first))"
      }
    }
    if target.text == "builtins.getattr", args.count == 2, case .string(let name) = args[1],
      Self.isIdentifier(name[...])
    {
      return "\(typed(node)) = \(code(args[0])).\(name)"
    }
    return "\(typed(node)) = \(globalName(target))(\(call(node, args)))"
  }

  private func call(_ node: Node, _ args: some Sequence<Node.Argument>) -> String {
    let keywords = graph.kwargs(of: node).map { "\($0.name) = \(code($0.value))" }
    return (args.map(code) + keywords).joined(separator: ", ")
  }

  /// The full name of a PyTorch function; any other function is a global, such as `math_ceil`.
  private func globalName(_ target: Node.Target) -> String {
    if target.text.hasPrefix("torch.") { return target.text }
    if target.text.hasPrefix("builtins.") { return String(target.text.dropFirst("builtins.".count)) }
    if let name = globalNames[target] { return name }
    let id = namespace.createName(target.text, isBuiltin: true)
    let name = namespace.strings[id]
    globalNames[target] = name
    return name
  }

  /// `self.layers`, or `getattr(self.layers, "0")` for a name that is not an identifier.
  private static func access(_ base: String, _ path: String) -> String {
    path.split(separator: ".", omittingEmptySubsequences: false).reduce(base) { base, part in
      isIdentifier(part) ? "\(base).\(part)" : "getattr(\(base), \"\(part)\")"
    }
  }

  private static func isIdentifier(_ text: Substring) -> Bool {
    guard let first = text.first, first == "_" || first.isLetter else { return false }
    return text.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
  }

  /// Writes the author's source line above the first of the nodes that came from it.
  private func writeSummary(of node: Node) {
    let op = graph.op(of: node)
    guard op != .placeholder, op != .output else { return }
    let metadata = graph.metadata(of: node)
    let frame = metadata.stackTrace.flatMap(StackFrame.init(innermostOf:))
    let place =
      frame.map { "File: \($0.file):\($0.line) in \($0.function), code: \($0.code)" }
      ?? "No stacktrace found for following nodes"
    let summary = "# \(Self.annotation(metadata))\(place)"
    guard summary != previousSummary else { return }
    previousSummary = summary
    lines += ["", style.comment(summary)]
  }

  /// `Annotation: {'key': value} ` for a node that its author's program annotated; long values are cut.
  private static func annotation(_ metadata: NodeMetadata) -> String {
    guard let json = metadata["custom"], case .dict(let entries)? = PythonValue(json: json),
      !entries.isEmpty
    else { return "" }
    let shown = entries.map { entry in
      let text = entry.value.str.unicodeScalars
      let isLong = text.count > mostAnnotation
      return Named(
        entry.name,
        isLong
          ? PythonValue.string("\(String.UnicodeScalarView(text.prefix(mostAnnotation)))...")
          : entry.value)
    }
    return "Annotation: \(PythonValue.dict(shown).repr) "
  }

  /// How many characters of a value in an annotation are shown.
  private static let mostAnnotation = 40

  /// `;  x = y = None` for the values that are no longer needed.
  private func release(after node: Node) -> String {
    guard graph.op(of: node) != .output else { return "" }
    let dead = lastUses[node]
    var names: [String] = []
    graph.forEachInput(of: node) { if dead.contains($0) { names.append(name($0)) } }
    if graph.userCount(of: node) == 0 { names.append(name(node)) }
    return names.isEmpty ? "" : ";  " + style.comment("\(names.joined(separator: " = ")) = None")
  }
}
