public import FX
public import FakeTensors
public import SymbolicExpressions
public import SymbolicShapes

/// How the author's source spells the symbols of a program: `nz.shape[0]`, `n`, `x.shape[1]`.
///
/// The variable comes from the source line that created the value; if that is unknown, the node's name is used.
public struct AuthorNames {
  /// One spelling of a symbol.
  public struct Spelling: Sendable {
    /// The Python text.
    public let text: String
    /// The node whose value it is read from; the spelling is valid after it.
    public let place: Provenance
    /// The path from the node's value to the symbol.
    public let path: [BindingKey]
    /// Whether the text comes from the author's source; otherwise it is derived from the node's name.
    public let isAuthors: Bool
    /// The position of that node in its graph.
    let position: Int
    /// The node as an origin of facts.
    let origin: ShapeEnv.Origin
  }

  private let shapes: ShapeEnv
  private var spellings: [SymExpr.Symbol: [Spelling]] = [:]
  private var positions: [ShapeEnv.Origin: Int] = [:]
  private var runNames: [SymExpr.Symbol: SymExpr.Symbol] = [:]

  /// Collects the names of a program after a run that gave `values`.
  public init(_ context: PropagationContext, values: NodeMap<FakeValue>, fresh: [FreshSymbols] = []) {
    shapes = context.mode.shapes
    for (number, path, module) in context.numberedModules {
      let graph = module.graph
      let variables = AssignedNames(of: graph)
      let freshHere = path.isEmpty ? fresh : []
      for (position, node) in graph.nodes.enumerated() {
        let place = SpellingPlace(
          node: node, position: position, graph: graph, path: path,
          origin: ShapeEnv.Origin(step: node.index, graph: number), variables: variables)
        positions[place.origin] = position
        var bindings = context.symbols(of: node, in: path)
        bindings += freshHere.filter { $0.node == node }.flatMap(\.bindings)
        for binding in bindings { add(binding.symbol, place, binding.path) }
        if !path.isEmpty { addBorn(bindings, place) }
        if path.isEmpty, let value = values[node] { addWhole(value, place) }
      }
    }
  }

  private struct SpellingPlace {
    let node: Node
    let position: Int
    let graph: Graph
    let path: String
    let origin: ShapeEnv.Origin
    let variables: AssignedNames
  }

  private mutating func add(_ symbol: SymExpr.Symbol, _ place: SpellingPlace, _ path: [BindingKey]) {
    guard let provenance = Provenance(place.node, of: place.graph, at: place.path) else { return }
    var (variable, rest) = (place.variables.name(of: place.node), path[...])
    if case .sequence(let index)? = path.first, let names = place.variables.targets(of: place.node),
      names.count > 1, names.indices.contains(index)
    {
      rest.removeFirst()
      variable = names[index]
    }
    let isInput = place.graph.op(of: place.node) == .placeholder
    let text = Self.reading(variable ?? place.graph.name(of: place.node), rest, shapes)
    spellings[symbol, default: []].append(
      Spelling(
        text: text, place: provenance, path: path, isAuthors: variable != nil || isInput,
        position: place.position, origin: place.origin))
  }

  /// Adds symbols that this run created at a node of a nested graph and that have other names in the archive.
  private mutating func addBorn(_ bindings: [UnbackedBinding], _ place: SpellingPlace) {
    let born = shapes.symbols.filter { shapes.birth(of: $0) == place.origin }
    for (symbol, binding) in zip(born, bindings) where symbol != binding.symbol {
      runNames[binding.symbol] = symbol
      add(symbol, place, binding.path)
    }
  }

  /// Adds symbols that can be read without a binding: a dim of an input, or a number assigned in the author's source.
  private mutating func addWhole(_ value: FakeValue, _ place: SpellingPlace) {
    let isInput = place.graph.op(of: place.node) == .placeholder
    switch value {
    case .tensor(let tensor) where isInput:
      for (dim, size) in tensor.sizes.enumerated() where !isSizeOfAnInput(size) {
        addLone(size, place, [.callMethod(.size), .sequence(dim)])
      }
    case .symInt(let number) where isInput || place.variables.name(of: place.node) != nil:
      addLone(number, place, [])
    default: break
    }
  }

  /// Whether an earlier input has `size`, in which case it is read from that input.
  private func isSizeOfAnInput(_ size: SymInt) -> Bool {
    guard let symbol = size.symbolicExpression.flatMap({ shapes.arena.asSymbol(shapes.resolve($0)) }) else {
      return false
    }
    return spellings[symbol]?.contains { $0.place.operatorName == "input" } ?? false
  }

  private mutating func addLone(_ value: SymInt, _ place: SpellingPlace, _ path: [BindingKey]) {
    guard let expression = value.symbolicExpression.map(shapes.resolve) else { return }
    if let symbol = shapes.arena.asSymbol(expression) {
      add(symbol, place, path)
    } else if path.isEmpty {
      addShifted(expression, place)
    }
  }

  /// Adds `n - 1` for the symbol of a number `n` that is one more.
  private mutating func addShifted(_ expression: SymExpr, _ place: SpellingPlace) {
    let symbols = shapes.arena.freeSymbols(of: expression)
    guard symbols.count == 1, let symbol = symbols.first,
      let offset = shapes.arena.integerValue(
        of: shapes.arena.sub(expression, shapes.arena.handle(of: symbol))),
      offset != 0, offset != .min, let name = place.variables.name(of: place.node),
      let provenance = Provenance(place.node, of: place.graph, at: place.path)
    else { return }
    spellings[symbol, default: []].append(
      Spelling(
        text: "(\(name) \(offset > 0 ? "-" : "+") \(abs(offset)))", place: provenance, path: [],
        isAuthors: true,
        position: place.position, origin: place.origin))
  }

  /// The Python text for a path such as `.size()[0]`, appended to the text of a value.
  private static func reading(_ value: String, _ path: ArraySlice<BindingKey>, _ shapes: ShapeEnv) -> String {
    var (text, rest) = (value, path)
    while let key = rest.popFirst() {
      switch key {
      case .callMethod(.size): text += ".shape"
      case .callMethod(.stride): text += ".stride()"
      case .callMethod(.storageOffset): text += ".storage_offset()"
      case .sequence(let index): text += "[\(index)]"
      case .mapping(let name): text += "['\(name)']"
      case .innerTensor(let name): text += ".\(name)"
      case .divideBy(let divisor): text = "(\(text) // \(shapes.text(of: divisor)))"
      case .convertInt: text = "int(\(text))"
      }
    }
    return text
  }

  // Questions

  /// The author's shortest spelling of `symbol` before a step; `nil` if it occurs nowhere.
  public func spelling(of symbol: SymExpr.Symbol, before origin: ShapeEnv.Origin? = nil) -> Spelling? {
    let known = shapes.arena.asSymbol(shapes.find(symbol)) ?? symbol
    let all = (spellings[symbol] ?? []) + (known == symbol ? [] : spellings[known] ?? [])
    return all.min { rank($0, origin) < rank($1, origin) }
  }

  /// The run's name for a symbol that the archive names inside a nested graph; nil for all others.
  public func nameInRun(of symbol: SymExpr.Symbol) -> SymExpr.Symbol? { runNames[symbol] }

  /// Whether the archive has another name for `symbol`, which a run created inside a nested graph.
  public func isNameInRun(_ symbol: SymExpr.Symbol) -> Bool { runNames.values.contains(symbol) }

  /// Where the program binds `symbol`: the first value that contains it.
  public func binding(of symbol: SymExpr.Symbol) -> Spelling? { spellings[symbol]?.first }

  /// Whether a node runs after another; nodes of nested graphs count as later than those of the root.
  func isLater(_ origin: ShapeEnv.Origin, than other: ShapeEnv.Origin) -> Bool {
    if origin.graph != other.graph { return origin.graph != 0 }
    return (positions[origin] ?? 0) > (positions[other] ?? 0)
  }

  private func rank(_ spelling: Spelling, _ origin: ShapeEnv.Origin?) -> (Int, Int, Int) {
    (isHidden(spelling, origin), spelling.isAuthors ? 0 : 1, spelling.text.utf8.count)
  }

  /// 1 if a spelling is read at or after a step of the same graph, otherwise 0.
  private func isHidden(_ spelling: Spelling, _ origin: ShapeEnv.Origin?) -> Int {
    guard let origin, spelling.origin.graph == origin.graph, let position = positions[origin] else {
      return 0
    }
    return spelling.position >= position ? 1 : 0
  }

  /// `expression` as the author would write it; a symbol that occurs nowhere keeps its own name.
  ///
  /// With `isCode`, so does one that only a node's name could spell: code may use what is in scope, and no other names.
  public func text(
    of expression: SymExpr, before origin: ShapeEnv.Origin? = nil, isCode: Bool = false
  ) -> String {
    // Looking a symbol up may resolve a replacement, which writes to the arena, so it is done before the
    // arena is read.
    var texts: [SymExpr.Symbol: String] = [:]
    for symbol in shapes.arena.freeSymbols(of: expression) {
      let spelling = spelling(of: symbol, before: origin)
      let isUsable = spelling.map { $0.isAuthors || !isCode } ?? false
      texts[symbol] = isUsable ? spelling?.text : shapes.arena.name(of: symbol)
    }
    return shapes.arena.pythonText(of: expression) { texts[$0] ?? "" }
  }
}
