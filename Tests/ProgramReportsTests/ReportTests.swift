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

  private static func example() throws -> ExportedProgram {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try ExportedProgram(
      path: tests.deletingLastPathComponent().appendingPathComponent("Examples/moe_routing.pt2").path)
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
    #expect(linear["symbols"] as? [String] == ["u0"])
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
