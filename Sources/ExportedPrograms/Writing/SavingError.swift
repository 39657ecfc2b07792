public import FX
public import ZipArchives

/// Why a program cannot be saved.
///
/// No file has been changed then.
/// Holds the facts; ``description`` holds the wording.
public struct SavingError: Error, Equatable, Sendable {
  /// What went wrong, for code that handles some of the cases itself.
  public enum Kind: Equatable, Sendable {
    /// The program was not read from an archive, so there are no weights to go with it.
    case noSource
    /// The program would replace the archive that it was read from, and whose weights it needs.
    case replacesSource(String)
    /// The archive holds none of these parts, without which PyTorch loads no program.
    case missingWeights([String])
    /// The graph is not well formed.
    case malformed(GraphError)
    /// The signature speaks of another number of inputs or outputs than the graph has.
    case signatureMismatch(what: String, signature: Int, graph: Int)
    /// A part of the program was changed that has no place in an archive, or that is not written.
    case unsavableChange(String)
    /// The graph has a node of a kind that archives have no form for.
    case unsupportedNode(String)
    /// An argument has no form in archives.
    case unsupportedArgument(String)
    /// The operator's schema is unknown, so nobody can tell what its arguments are called.
    case unknownSchema(String)
    /// More arguments are given than the operator takes, or one that it does not know.
    case unknownArgument(String, of: String)
    /// Nothing is recorded about the node's value, which PyTorch needs.
    case missingValue
    /// The archive that the program came from cannot be read again.
    case source(ArchiveError)
    /// The new archive cannot be written.
    case file(ZipError)
  }

  /// What went wrong.
  public let kind: Kind
  /// The node at fault.
  public var node: String?
  /// The path of the nested graph that the node is in; empty for the root.
  public var module = ""

  /// Makes it from its parts.
  public init(_ kind: Kind, node: String? = nil, module: String = "") {
    self.kind = kind
    self.node = node
    self.module = module
  }
}

extension SavingError {
  /// What the reader of the message can do about it.
  public var hint: String? {
    switch kind {
    case .noSource: "load the program from its .pt2 archive and edit its graph"
    case .replacesSource:
      "choose another path: the weights are copied from the archive while the new one is written"
    case .missingWeights: "save from the complete archive that torch.export.save wrote"
    case .malformed: "repair the graph; lint() tells what is wrong with it"
    case .signatureMismatch: "inputs and outputs may be renamed, but neither added nor removed"
    case .unsavableChange: "undo the change, or make it in PyTorch"
    case .unsupportedNode: "replace it by calls of operators"
    case .unsupportedArgument: "pass the value of a node, a number, a string, or lists of them"
    case .unknownSchema: "call it as a node of the archive does, or use an operator of PyTorch"
    case .unknownArgument: "compare the call with the operator's schema"
    case .missingValue: "propagate the edited program, and record the values of its new nodes"
    case .source(let error): error.hint
    case .file(let error): error.hint
    }
  }

  private var summary: String {
    switch kind {
    case .noSource: "the program was not read from an archive"
    case .replacesSource(let path): "'\(path)' is the archive that the program was read from"
    case .missingWeights(let names): "the archive lacks \(names.joined(separator: ", "))"
    case .malformed(let error): error.description
    case .signatureMismatch(let what, let signature, let graph):
      "the signature has \(signature) \(what), the graph \(graph)"
    case .unsavableChange(let what): "\(what) was changed, which cannot be saved"
    case .unsupportedNode(let what): "archives hold no \(what)"
    case .unsupportedArgument(let what): "archives have no form for the argument \(what)"
    case .unknownSchema(let target): "the schema of '\(target)' is unknown"
    case .unknownArgument(let name, let target): "'\(target)' has no argument \(name)"
    case .missingValue: "nothing is recorded about its value"
    case .source(let error): error.description
    case .file(let error): error.description
    }
  }
}

extension SavingError: CustomStringConvertible {
  /// What is wrong, then where, then what to do.
  public var description: String {
    var text = summary
    if let node {
      text += "\n  at     node '\(node)'" + (module.isEmpty ? "" : " of '\(module)'")
    } else if !module.isEmpty {
      text += "\n  at     '\(module)'"
    }
    switch kind {
    case .source, .file: return text
    default: return hint.map { text + "\n  hint   \($0)" } ?? text
    }
  }
}
