import Foundation
import Testing

/// `swiftfx propagate --keep-going`: all data-dependent decisions and unsupported operators, in one run.
///
/// `branches` has decisions in both branches of a `cond` and in the body of a `while_loop`, and calls an
/// unknown operator twice at the root and once in a branch.
@Suite struct FindingsTests {
  private static let sites = [
    ("true_graph_0", "index.shape[0] >= 1"), ("false_graph_0", "index.shape[0] >= 1"),
    ("while_loop_body_graph_0", "index.shape[0] >= 1"),
  ]

  private func keepGoing(_ archive: String, _ format: String...) throws -> Command.Result {
    let result = try Command.swiftfx(["propagate", archive, "--keep-going"] + format)
    #expect(result.status == 1)
    #expect(result.errors.isEmpty, "\(result.errors)")
    return result
  }

  private func findings(_ archive: String) throws -> [JSONObject] {
    try #require(try keepGoing(archive, "--json").object()["findings"] as? [JSONObject])
  }

  // Text

  @Test func textShowsEverySite() throws {
    let output = try keepGoing(example("tracks")).output
    for part in [
      "  findings  3, in the order of the run\n", "1 of 3  depends on data: kept.shape[0] < 4\n",
      "2 of 3  depends on data: kept.shape[0] > 4\n", "3 of 3  depends on data: n >= 1\n",
      "  fix        torch._check(kept.shape[0] > 4)   after tracks.py:18\n",
      "With this change the whole program propagates:\n",
    ] {
      #expect(output.contains(part), "\(part)")
    }
  }

  @Test func textShowsSitesOfNestedGraphs() throws {
    let output = try keepGoing(fixture("branches")).output
    for (graph, condition) in Self.sites {
      #expect(
        output.contains("depends on data: \(condition)\n  node       \(graph).fft_rfft   aten.fft_rfft   "))
      #expect(output.contains("born at \(graph).index.size()[0]"))
      #expect(output.contains("   after \(graph).index, branches.py:"))
    }
    #expect(output.contains("With this 1 of 4 are left:\n"))
  }

  @Test func oneOperatorWithoutARuleIsOneFinding() throws {
    let output = try keepGoing(fixture("branches")).output
    #expect(output.components(separatedBy: "no shape rule for torch.ops.mylib.twist.default\n").count > 1)
    #expect(output.contains("1 of 4  no shape rule for torch.ops.mylib.twist.default   3 nodes\n"))
    for node in [
      "  nodes      twist   ", "\n             twist_1   ", "\n             true_graph_0.twist_1   ",
    ] {
      #expect(output.contains(node), "\(node)")
    }
  }

  /// Without `--keep-going`, a run stops at the first finding and reports how many more there are.
  @Test func withoutKeepGoingOnlyTheFirstIsReported() throws {
    let result = try Command.swiftfx("propagate", example("tracks"))
    #expect(result.status == 1)
    #expect(result.errors.contains("depends on data: kept.shape[0] < 4\n"))
    #expect(result.errors.contains("  more       2, --keep-going shows them"))
    #expect(!result.errors.contains("went on"))
  }

  @Test func aProgramWithoutFindings() throws {
    let text = try Command.swiftfx("propagate", exampleArchive, "--keep-going")
    #expect(text.status == 0)
    #expect(text.output.hasSuffix("  findings  none\n"))
    let json = try Command.swiftfx("propagate", exampleArchive, "--keep-going", "--json")
    #expect(json.status == 0)
    #expect(try (json.object()["findings"] as? [Any])?.isEmpty == true)
    let sarif = try Command.swiftfx("propagate", exampleArchive, "--keep-going", "--sarif")
    #expect(sarif.status == 0)
    #expect(try results(of: sarif.object()).isEmpty)
  }

  // JSON

  @Test func jsonHasAllFacts() throws {
    let object = try keepGoing(example("tracks"), "--json").object()
    let findings = try #require(object["findings"] as? [JSONObject])
    #expect(findings.compactMap { $0["expression"] as? String } == ["u0 < 4", "u0 > 4", "u1 >= 1"])
    for finding in findings {
      for key in ["id", "kind", "message", "place", "in_python", "simplified"] {
        #expect(finding[key] != nil, "\(key)")
      }
      let symbol = try #require((finding["symbols"] as? [JSONObject])?.first)
      #expect(symbol["born_at"] is JSONObject)
      #expect((symbol["facts"] as? [Any])?.isEmpty == false)
      for branch in ["when_true", "when_false"] {
        #expect((finding[branch] as? JSONObject)?["example"] is JSONObject)
      }
      #expect((finding["fixes"] as? [JSONObject])?.first?["outcome"] as? String == "settles it")
    }
    #expect(
      object["checks"] as? [String] == ["torch._check(kept.shape[0] > 4)", "torch._check(n >= 1)"])
    #expect((object["remaining"] as? [Any])?.isEmpty == true)
    // The error of a run without `--keep-going` stays the same.
    #expect((object["error"] as? JSONObject)?["kind"] as? String == "GuardOnDataDependentSymNode")
  }

  @Test func jsonGroupsNodesOfOneOperator() throws {
    let findings = try findings(fixture("branches"))
    #expect(findings.count == 4)
    let unsupported = try #require(findings.first)
    #expect(unsupported["kind"] as? String == "unsupported-operator")
    #expect(unsupported["node_count"] as? Int == 3)
    let nodes = try #require(unsupported["nodes"] as? [JSONObject])
    #expect(nodes.compactMap { $0["node"] as? String } == ["twist", "twist_1", "twist_1"])
    #expect(nodes.compactMap { $0["module"] as? String } == ["", "", "true_graph_0"])
    let places = findings.dropFirst().compactMap { $0["place"] as? JSONObject }
    #expect(places.compactMap { $0["module"] as? String } == Self.sites.map(\.0))
    #expect(findings.dropFirst().compactMap { $0["in_python"] as? String } == Self.sites.map(\.1))
  }

  // SARIF

  private func results(of log: JSONObject) throws -> [JSONObject] {
    let runs = try #require(log["runs"] as? [JSONObject])
    #expect(runs.count == 1)
    return try #require(runs.first?["results"] as? [JSONObject])
  }

  /// What the SARIF standard requires, and what tools need to display a log.
  @Test(arguments: [example("tracks"), fixture("branches")])
  func sarifHasTheRequiredFields(_ archive: String) throws {
    let log = try keepGoing(archive, "--sarif").object()
    #expect(log["version"] as? String == "2.1.0")
    #expect((log["$schema"] as? String)?.hasSuffix("sarif-2.1.0.json") == true)
    let run = try #require((log["runs"] as? [JSONObject])?.first)
    let driver = try #require((run["tool"] as? JSONObject)?["driver"] as? JSONObject)
    #expect(driver["name"] as? String == "swiftfx")
    let rules = try #require(driver["rules"] as? [JSONObject])
    let ids = rules.compactMap { $0["id"] as? String }
    #expect(ids.count == rules.count && Set(ids).count == ids.count)
    let results = try results(of: log)
    #expect(results.count > 2)
    for result in results {
      let rule = try #require(result["ruleId"] as? String)
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(ids.indices.contains(index) && ids[index] == rule)
      #expect(["none", "note", "warning", "error"].contains(result["level"] as? String))
      #expect(((result["message"] as? JSONObject)?["text"] as? String)?.isEmpty == false)
      let fingerprints = try #require(result["partialFingerprints"] as? [String: String])
      #expect(fingerprints["swiftfxSite/v1"]?.count == 16)
      let locations = try #require(result["locations"] as? [JSONObject])
      #expect(!locations.isEmpty)
      for location in locations { try checkLocation(location) }
    }
  }

  private func checkLocation(_ location: JSONObject) throws {
    let physical = try #require(location["physicalLocation"] as? JSONObject)
    let uri = try #require((physical["artifactLocation"] as? JSONObject)?["uri"] as? String)
    #expect(uri.hasPrefix("file:///home/author/"))
    #expect(URL(string: uri) != nil)
    let region = try #require(physical["region"] as? JSONObject)
    #expect((region["startLine"] as? Int ?? 0) > 0)
    let logical = try #require((location["logicalLocations"] as? [JSONObject])?.first)
    #expect((logical["fullyQualifiedName"] as? String)?.isEmpty == false)
  }

  @Test func sarifGroupsNodesOfOneOperator() throws {
    let results = try results(of: keepGoing(fixture("branches"), "--sarif").object())
    #expect(results.count == 4)
    let unsupported = try #require(results.first)
    #expect(unsupported["ruleId"] as? String == "unsupported-operator")
    #expect(unsupported["occurrenceCount"] as? Int == 3)
    let locations = try #require(unsupported["locations"] as? [JSONObject])
    let names = locations.compactMap {
      ($0["logicalLocations"] as? [JSONObject])?.first?["fullyQualifiedName"] as? String
    }
    #expect(names == ["twist", "twist_1", "true_graph_0.twist_1"])
  }

  /// Fingerprints depend on the program, not on the name of its file.
  @Test func fingerprintsAreStable() throws {
    let folder = try ScratchFolder()
    for name in ["tracks", "branches"] {
      let original = name == "tracks" ? example(name) : fixture(name)
      let copy = try folder.write(
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: original))), as: "copy of \(name).pt2")
      let runs = try [original, original, copy].map { archive in
        try results(of: keepGoing(archive, "--sarif").object()).compactMap {
          ($0["partialFingerprints"] as? [String: String])?["swiftfxSite/v1"]
        }
      }
      #expect(Set(runs[0]).count == runs[0].count)
      #expect(runs[1] == runs[0] && runs[2] == runs[0])
      #expect(try findings(original).compactMap { $0["id"] as? String } == runs[0])
    }
  }

  @Test(arguments: [
    ["--sarif"], ["--keep-going", "--sarif", "--json"], ["--keep-going", "--sarif", exampleArchive],
    ["--keep-goin"], ["--keep-going=yes"],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    let result = try Command.swiftfx(["propagate", example("tracks")] + arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
  }
}
