/// What the author's tools recorded about a node: stack trace, module stack, source function, and so on.
///
/// Entries are text, in the archive's form and order.
public struct NodeMetadata: Equatable, Sendable {
  /// The entries by key.
  public var entries: [Named<String>]

  /// Creates metadata from its entries.
  public init(_ entries: [Named<String>] = []) { self.entries = entries }

  /// The entry with this key; setting `nil` removes it.
  public subscript(key: String) -> String? {
    get { entries[key] }
    set {
      let position = entries.firstIndex { $0.name == key }
      switch (position, newValue) {
      case (let position?, let value?): entries[position].value = value
      case (let position?, nil): entries.remove(at: position)
      case (nil, let value?): entries.append(Named(key, value))
      case (nil, nil): break
      }
    }
  }

  /// Where the author's program created this node, innermost frame last.
  public var stackTrace: String? {
    get { self["stack_trace"] }
    set { self["stack_trace"] = newValue }
  }

  /// Whether there are no entries.
  public var isEmpty: Bool { entries.isEmpty }
}

/// Holds the undecoded metadata of many nodes and decodes it on demand.
///
/// A graph of a hundred thousand nodes has far more bytes of stack traces than of everything else.
public protocol NodeMetadataSource: AnyObject, Sendable {
  /// Decodes the metadata at a position in the source.
  func metadata(at place: Range<Int>) -> NodeMetadata
}

/// The metadata of a graph's nodes: positions in a source, and entries set since.
struct MetadataStore: Sendable {
  private var source: (any NodeMetadataSource)?
  private var places: NodeMap<Range<Int>> = [:]
  private var edited: [Node: NodeMetadata] = [:]
  /// The types that the author gave, which are no part of the metadata.
  var types: [Node: String] = [:]

  subscript(node: Node) -> NodeMetadata {
    get {
      if let metadata = edited[node] { return metadata }
      guard let source, let place = places[node] else { return NodeMetadata() }
      return source.metadata(at: place)
    }
    set { edited[node] = newValue }
  }

  mutating func setPlace(_ place: Range<Int>, in source: any NodeMetadataSource, of node: Node) {
    if self.source == nil { self.source = source }
    if self.source === source {
      places[node] = place
      if !edited.isEmpty { edited[node] = nil }
    } else {
      edited[node] = source.metadata(at: place)
    }
  }

  /// Where `source` has the node's metadata, unless it was set since.
  func place(of node: Node, in source: any NodeMetadataSource) -> Range<Int>? {
    self.source === source && edited[node] == nil ? places[node] : nil
  }

  /// Copies the metadata of a node from another store; leaves it undecoded if both use the same source.
  mutating func copy(_ other: Node, of store: MetadataStore, to node: Node) {
    if !store.types.isEmpty, let type = store.types[other] { types[node] = type }
    copyEntries(other, of: store, to: node)
  }

  mutating func copyEntries(_ other: Node, of store: MetadataStore, to node: Node) {
    if let metadata = store.edited[other] {
      edited[node] = metadata
    } else if let source = store.source, let place = store.places[other] {
      setPlace(place, in: source, of: node)
    }
  }
}

extension Graph {
  /// The metadata of a node.
  public func metadata(of node: Node) -> NodeMetadata {
    precondition(owns(node), "\(node) is no node of this graph")
    return metadataStore[node]
  }

  /// Where the author's program created the node, innermost frame last.
  public func stackTrace(of node: Node) -> String? { metadata(of: node).stackTrace }

  /// Replaces the metadata of a node.
  public mutating func setMetadata(_ metadata: NodeMetadata, of node: Node) {
    precondition(owns(node), "\(node) is no node of this graph")
    metadataStore[node] = metadata
  }

  /// Gives a node the metadata of a node of another graph, without decoding it where both are from one archive.
  public mutating func copyMetadata(of node: Node, from other: Graph, to copy: Node) {
    precondition(owns(copy), "\(copy) is no node of this graph")
    precondition(other.owns(node), "\(node) is no node of the other graph")
    metadataStore.copyEntries(node, of: other.metadataStore, to: copy)
  }

  /// Sets the position of the node's metadata in `source`, which decodes it on demand.
  public mutating func setMetadata(at place: Range<Int>, in source: any NodeMetadataSource, of node: Node) {
    precondition(owns(node), "\(node) is no node of this graph")
    metadataStore.setPlace(place, in: source, of: node)
  }

  /// Where `source` has the metadata of a node; `nil` when it was set since, or comes from elsewhere.
  public func metadataPlace(of node: Node, in source: any NodeMetadataSource) -> Range<Int>? {
    precondition(owns(node), "\(node) is no node of this graph")
    return metadataStore.place(of: node, in: source)
  }
}
