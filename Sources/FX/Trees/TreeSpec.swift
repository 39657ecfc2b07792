public import TensorVocabulary

/// The structure of a ``PyTree``: its containers without the leaves.
public struct TreeSpec: Hashable, Sendable {
  /// A container, or the place of a leaf.
  public enum Kind: Hashable, Sendable {
    case leaf
    case tuple
    case list
    /// A dictionary with these keys, in the order of the children.
    case dict(keys: [DictionaryKey])
    /// A named tuple; `fields` name the children if they are known.
    case namedTuple(type: String, fields: [String])
    /// A container of a user-defined class.
    case custom(type: String, context: String)
  }

  /// The kind of the outermost container, or `leaf`.
  public var kind: Kind
  /// The structures of the elements.
  public var children: [TreeSpec]

  /// Creates the structure of a container.
  public init(_ kind: Kind, _ children: [TreeSpec] = []) {
    self.kind = kind
    self.children = children
  }

  /// The structure of a single leaf.
  public static let leaf = TreeSpec(.leaf)

  /// The number of leaves.
  public var leafCount: Int {
    kind == .leaf ? 1 : children.reduce(0) { $0 + $1.leafCount }
  }
}

/// Why a tree does not fit a ``TreeSpec``.
public struct TreeSpecError: Error, Equatable, CustomStringConvertible {
  /// The place in the tree, such as `[0]['x']`.
  public let path: String
  /// What the spec expects there.
  public let expected: String
  /// What the tree has there.
  public let actual: String

  /// The place, what was expected and what was found.
  public var description: String {
    "the structure\(path.isEmpty ? "" : " at \(path)") is \(actual), but \(expected) is expected"
  }
}

extension TreeSpec: CustomStringConvertible {
  /// The structure with `*` for each leaf, such as `(*, {'a': *})`.
  public var description: String {
    var leaves = [PyTree<String>](repeating: .value("*"), count: leafCount)[...]
    return build(&leaves).text { $0 }
  }
}
