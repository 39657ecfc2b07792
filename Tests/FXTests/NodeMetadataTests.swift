import FX
import Synchronization
import Testing

@Suite struct NodeMetadataTests {
  /// Decodes places as the text of their bounds, and counts the requests.
  final class Source: NodeMetadataSource {
    let requests = Mutex(0)

    func metadata(at place: Range<Int>) -> NodeMetadata {
      requests.withLock { $0 += 1 }
      return NodeMetadata([Named("stack_trace", "\(place)")])
    }
  }

  @Test func decodesOnlyWhenAsked() throws {
    let source = Source()
    var chain = Chain()
    chain.graph.setMetadata(at: 3..<7, in: source, of: chain.add)
    var copy = Graph()
    var copies: NodeMap<Node> = [:]
    try copy.copyNodes(from: chain.graph, copies: &copies)
    #expect(source.requests.withLock { $0 } == 0)
    let add = try #require(copies[chain.add])
    #expect(copy.stackTrace(of: add) == "3..<7")
    #expect(chain.graph.stackTrace(of: chain.add) == "3..<7")
    #expect(chain.graph.stackTrace(of: chain.neg) == nil)
  }

  @Test func editsEntries() {
    var metadata = NodeMetadata()
    #expect(metadata.isEmpty)
    metadata["custom"] = "1"
    metadata.stackTrace = "a"
    metadata["custom"] = "2"
    #expect(metadata.entries == [Named("custom", "2"), Named("stack_trace", "a")])
    metadata["custom"] = nil
    #expect(metadata == NodeMetadata([Named("stack_trace", "a")]))
  }

  @Test func keepsEntriesSetOverEntriesRead() {
    var chain = Chain()
    chain.graph.setMetadata(at: 3..<7, in: Source(), of: chain.add)
    chain.graph.setMetadata(NodeMetadata(), of: chain.add)
    #expect(chain.graph.metadata(of: chain.add).isEmpty)
  }
}
