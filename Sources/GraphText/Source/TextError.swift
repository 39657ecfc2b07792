/// Why a text cannot be read as a graph.
public struct TextError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Kind: Equatable, Sendable {
    /// The text has no characters.
    case empty
    /// A byte that is no part of a UTF-8 character.
    case notUTF8
    /// No form of a graph was found.
    case noGraph
    /// Something else stands where `expected` should.
    case unexpected(expected: String, found: String)
    /// A bracket or quote that is opened here and never closed.
    case unclosed(String)
    /// The text ends inside a graph, after this many nodes.
    case cutOff(nodes: Int)
    /// A line stands for others that were left out.
    case elided
    /// The text is a diff whose two sides differ here.
    case twoSides
    /// A name that no earlier line defines; `later` is the line that defines it, if any does.
    case undefined(String, later: Int?)
    /// A name whose value was released on an earlier line.
    case released(String)
    /// A second definition of a name.
    case redefined(String)
    /// A dtype that PyTorch does not have.
    case unknownDtype(String)
    /// A number that does not fit in 64 bits.
    case tooLarge(String)
    /// A tensor with more dims than are supported.
    case tooManyDims(limit: Int)
    /// Brackets nested deeper than this.
    case tooDeep(limit: Int)
    /// An annotation that is none of PyTorch's.
    case unknownAnnotation(String)
    /// An expression between sizes that cannot be read.
    case badExpression(String, reason: String)
    /// An operator that nothing here knows.
    case unknownOperator(String, nearest: String?)
    /// Python that no printed graph has.
    case unsupported(String)
    /// An annotation that the propagated value contradicts.
    case contradiction(node: String, recorded: String, found: String)
    /// Inputs of which nothing says what they are.
    case inputsWithoutValue([String])
    /// An attribute or subgraph that the graph fetches and the text does not hold.
    case unknownAttribute(String)
    /// An input of this name is not in the graph.
    case unknownInput(String, known: [String])
  }

  /// What is wrong.
  public let kind: Kind
  /// Where.
  public let position: TextPosition

  /// Makes an error.
  public init(_ kind: Kind, at position: TextPosition) {
    self.kind = kind
    self.position = position
  }
}

extension TextError: CustomStringConvertible {
  /// The position and the ``message``.
  public var description: String { "line \(position.line), column \(position.column): \(message)" }

  /// What is wrong and what to do about it, without the position.
  public var message: String {
    switch kind {
    case .empty: "the text is empty"
    case .notUTF8: "the text is not UTF-8 from here on"
    case .noGraph:
      "no FX graph in the text; str(graph), print_readable(), print(exported_program), the output of TORCH_LOGS, "
        + "fx_graph_runnable.py and TORCH_TRACE files can be read"
    case .unexpected(let expected, let found): "expected \(expected), found \(found)"
    case .unclosed(let opened): "\(opened) is opened here and not closed"
    case .cutOff(let nodes):
      "the text ends before the graph does: \(nodes) nodes were read, and no return statement"
    case .elided: "lines were left out here; the whole graph is needed"
    case .twoSides:
      "this is a diff of two graphs, which differ from here on; keep one side: without the lines that start with "
        + "'-' and without the signs, or apply the diff"
    case .undefined(let name, let later?): "'\(name)' is used before line \(later) defines it"
    case .undefined(let name, nil): "'\(name)' is not defined"
    case .released(let name): "'\(name)' was released on an earlier line"
    case .redefined(let name):
      "'\(name)' is defined a second time; are lines of two graphs mixed here?"
    case .unknownDtype(let name):
      "'\(name)' is no dtype; known are \(ValueAnnotation.dtypeNames.joined(separator: ", "))"
    case .tooLarge(let number): "\(number) does not fit in 64 bits"
    case .tooManyDims(let limit): "a tensor has more than \(limit) dims"
    case .tooDeep(let limit): "brackets are nested more than \(limit) deep"
    case .unknownAnnotation(let text): "the annotation \"\(text)\" is none that PyTorch prints"
    case .badExpression(let text, let reason): "the expression '\(text)' cannot be read: \(reason)"
    case .unknownOperator(let name, let nearest):
      "there is no operator '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .unsupported(let what): "\(what) is not supported"
    case .contradiction(let node, let recorded, let found):
      "the text says that '\(node)' is \(recorded), but its arguments make it \(found)"
    case .inputsWithoutValue(let names):
      "the text does not say what these inputs are: \(names.joined(separator: ", ")); "
        + "say it with --input \(names.first ?? "x")=f32[s0,8], or with a line for each in a file for --inputs"
    case .unknownAttribute(let name): "the text does not say what 'self.\(name)' is"
    case .unknownInput(let name, let known):
      "the graph has no input '\(name)'; it has \(known.joined(separator: ", "))"
    }
  }
}
