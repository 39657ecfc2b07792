import ExportedPrograms
import FX
import TensorVocabulary

/// The path to one leaf of a program's arguments: the parameter's name, then keys and positions.
///
/// PyTorch writes it as `L['batch']['ids'][0]`, a command line as `batch.ids.0`.
struct SourcePath: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case key(String)
    case position(Int)
  }

  var steps: [Step]

  init(_ steps: [Step]) { self.steps = steps }

  func appending(_ step: Step) -> SourcePath { SourcePath(steps + [step]) }

  /// `batch.ids.0`.
  var dotted: String {
    steps.map { step in
      switch step {
      case .key(let name): name
      case .position(let index): "\(index)"
      }
    }.joined(separator: ".")
  }
}

extension TreeSpec {
  /// The path to each leaf below `start`, in order.
  func leafPaths(below start: SourcePath) -> [SourcePath] {
    if kind == .leaf { return [start] }
    return children.enumerated().flatMap { position, child in
      child.leafPaths(below: start.appending(step(to: position)))
    }
  }

  private func step(to position: Int) -> SourcePath.Step {
    switch kind {
    case .dict(let keys) where position < keys.count:
      switch keys[position] {
      case .string(let name): .key(name)
      case .int(let index): .position(index)
      }
    case .namedTuple(_, let fields) where position < fields.count: .key(fields[position])
    case .custom(_, let context):
      Self.fieldNames(context, count: children.count).map { .key($0[position]) }
        ?? .position(position)
    default: .position(position)
    }
  }

  /// The field names of a registered data class, whose context is a list of as many quoted names, or of such a list and
  /// the names of absent fields.
  private static func fieldNames(_ context: String, count: Int) -> [String]? {
    guard context.hasPrefix("[") else { return nil }
    let names = context.split(separator: "\"", omittingEmptySubsequences: false)
    let quoted = stride(from: 1, to: names.count, by: 2).map { String(names[$0]) }
    return quoted.count >= count ? Array(quoted.prefix(count)) : nil
  }
}

/// Where each user input of a program is found in the arguments of a call.
struct SourcePaths {
  /// The path of each input, in order; empty if it is unknown.
  let paths: [SourcePath]
  /// The input for every spelling that a guard may use.
  private var positions: [SourcePath: Int] = [:]

  init(_ program: ExportedProgram, inputNames: [String]) {
    let signature = program.moduleCallGraph.first { $0.path.isEmpty }?.signature
    let leaves = signature.map(Self.leaves) ?? []
    paths = inputNames.indices.map { leaves.count == inputNames.count ? leaves[$0] : SourcePath([]) }
    for (index, name) in inputNames.enumerated() {
      let path = paths[index]
      if !path.steps.isEmpty { note(path, index) }
      note(SourcePath([.key("flat_args"), .position(index)]), index)
      if case .key(let first)? = path.steps.first {
        // `*args` and `**kwargs` under the names in the author's signature.
        if let (base, number) = Self.numbered(first) {
          note(SourcePath([.key(base), .position(number)] + path.steps.dropFirst()), index)
        }
        note(SourcePath([.key("kwargs")] + path.steps), index)
      }
      note(SourcePath([.key(name)]), index)
    }
  }

  private mutating func note(_ path: SourcePath, _ index: Int) {
    if positions[path] == nil { positions[path] = index }
  }

  /// The input at the end of `path`.
  func position(of path: SourcePath) -> Int? { positions[path] }

  /// The paths of the leaves: positional arguments under their names, then keyword arguments.
  private static func leaves(of signature: ModuleCallSignature) -> [SourcePath] {
    let spec = signature.inSpec.spec
    guard spec.children.count == 2, case .dict(let keywords) = spec.children[1].kind else { return [] }
    let positional = spec.children[0].children
    let names = signature.forwardArgumentNames
    var leaves: [SourcePath] = []
    for (position, child) in positional.enumerated() {
      let name = position < names.count ? names[position] : "args_\(position)"
      leaves += child.leafPaths(below: SourcePath([.key(name)]))
    }
    for (name, child) in zip(keywords, spec.children[1].children) {
      leaves += child.leafPaths(below: SourcePath([.key("\(name)")]))
    }
    return leaves
  }

  /// Splits `args_0` into `args` and 0.
  private static func numbered(_ name: String) -> (String, Int)? {
    guard let underscore = name.lastIndex(of: "_"), let number = Int(name[name.index(after: underscore)...]),
      number >= 0
    else { return nil }
    return (String(name[..<underscore]), number)
  }
}
