import ATenOperators
import ExportedPrograms
import FX
import Foundation
import Testing

@testable import ProgramReports

@Suite struct ReportTests {
  /// The text of a page, and the object in its data block.
  private static func page(_ report: ProgramReport) throws -> (html: String, data: [String: Any]) {
    let html = String(decoding: report.html, as: UTF8.self)
    let start = try #require(html.range(of: #"<script type="application/json" id="data">"#)).upperBound
    let end = try #require(html.range(of: "</script>", range: start..<html.endIndex)).lowerBound
    let data = try JSONSerialization.jsonObject(with: Data(html[start..<end].utf8))
    return (html, try #require(data as? [String: Any]))
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func example() throws -> ExportedProgram {
    try ExportedProgram(path: root.appendingPathComponent("Examples/moe_routing.pt2").path)
  }

  @Test func tellsTheProgram() throws {
    let exported = try Self.example()
    let (_, data) = try Self.page(try ProgramReport(exported, name: "moe", table: .aten))
    let nodes = try #require(data["nodes"] as? [[String: Any]])
    #expect(nodes.count == exported.graphModule.graph.nodes.count)
    let symbols = try #require(data["symbols"] as? [[String: Any]]).compactMap { $0["name"] as? String }
    #expect(symbols == ["s77", "s27", "u0", "u1", "u2", "u3"])
    let linear = try #require(nodes.first { $0["name"] as? String == "linear_1" })
    #expect(linear["value"] as? String == "f32[u0, 24]")
    #expect(linear["module"] as? String == "ex.0.0")
    let expressions = try #require(data["expressions"] as? [Any])
    let places = try #require(linear["symbols"] as? [Int])
    #expect(places.map { expressions[$0] as? String } == ["u0"])
  }

  /// A branch of `cond` is a graph of its own, whose caller is named and whose nodes have values.
  @Test func nestedGraphsStandApart() throws {
    let path = Self.root.appendingPathComponent("Tests/CommandTests/Fixtures/branches.pt2").path
    let exported = try ExportedProgram(path: path)
    let (_, data) = try Self.page(try ProgramReport(exported, name: "branches", table: .aten))
    let graphs = try #require(data["graphs"] as? [[String: Any]])
    let nodes = try #require(data["nodes"] as? [[String: Any]])
    #expect(graphs.compactMap { $0["path"] as? String } == exported.graphModule.namedModules.map(\.name))
    let first = try #require(graphs.dropFirst().first)
    let caller = try #require((first["callers"] as? [Int])?.first)
    #expect(nodes[caller]["calls"] as? [String] != nil)
    #expect((nodes[caller]["calls"] as? [String])?.contains(try #require(first["path"] as? String)) == true)
    for node in nodes where node["graph"] as? Int == 1 {
      #expect(node["value"] as? String != "not reached", "\(node)")
      // No edge leads from one graph into another.
      for operand in try #require(node["operands"] as? [Int]) {
        #expect(nodes[operand]["graph"] as? Int == 1)
      }
    }
  }

  /// The sizes of all parts of a list have formulas, which the page evaluates.
  @Test func listsHaveSizes() throws {
    let (_, data) = try Self.page(try ProgramReport(Self.example(), name: "moe", table: .aten))
    let nodes = try #require(data["nodes"] as? [[String: Any]])
    let expressions = try #require(data["expressions"] as? [Any])
    let both = try #require(nodes.first { $0["name"] as? String == "where" }?["now"] as? [String: Any])
    let parts = try #require(both["parts"] as? [[Int]])
    #expect(parts.map(\.count) == [1, 1])
    #expect(parts.allSatisfy { expressions[$0[0]] as? String == "u0" })
  }

  /// The second program stands beside the first, with what only one has and with what differs.
  @Test func aSecondProgramStandsBeside() throws {
    let a = try Self.example()
    var b = a
    let node = try #require(a.graphModule.graph.node(named: "silu"))
    b.graphModule.graph.setTarget("torch.ops.aten.relu.default", of: node)
    let (_, data) = try Self.page(
      try ProgramReport(a, name: "a", table: .aten, against: (program: b, name: "b")))
    let nodes = try #require(data["nodes"] as? [[String: Any]])
    #expect(nodes.count == 2 * a.graphModule.graph.nodes.count)
    let marked = nodes.filter { $0["mark"] as? String == "removed" || $0["mark"] as? String == "added" }
    #expect(marked.compactMap { $0["mark"] as? String } == ["removed", "added"])
    #expect(marked.compactMap { $0["operator"] as? String } == ["aten.silu", "aten.relu"])
    let difference = try #require(data["difference"] as? [String: Any])
    #expect(difference["equal"] as? Bool == false)
    let sections = try #require(difference["sections"] as? [[String: Any]])
    #expect(sections.first?["title"] as? String == "operators")
    let (_, alone) = try Self.page(try ProgramReport(a, name: "a", table: .aten))
    #expect(alone["difference"] is NSNull)
    let (_, same) = try Self.page(
      try ProgramReport(a, name: "a", table: .aten, against: (program: a, name: "b")))
    #expect((same["difference"] as? [String: Any])?["equal"] as? Bool == true)
  }

  /// Names of a file stay data: none of them can become markup, wherever the page shows them.
  @Test func hostileNamesStayText() throws {
    let name = "</script><img src=x onerror=alert(1)><!--"
    let (html, data) = try Self.page(try ProgramReport(Self.example(), name: name, table: .aten))
    #expect(data["name"] as? String == name)
    #expect(!html.contains("<img"))
    #expect(html.components(separatedBy: "</script").count == 3)
    #expect(html.contains("<h1>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&lt;!--</h1>"))
  }

  @Test func thePolicyAllowsNothingElse() throws {
    let (html, _) = try Self.page(try ProgramReport(Self.example(), name: "moe", table: .aten))
    let policy = try #require(html.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
    #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
    #expect(!policy.contains("unsafe"))
    #expect(!html.contains(" src="))
  }
}
