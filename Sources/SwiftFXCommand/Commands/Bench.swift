import ArgumentParser
import ProcessMemory
import SwiftFX

extension SwiftFXCommand {
  /// `swiftfx bench`: how long loading and propagation take in this process.
  struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "bench",
      abstract: "Time loading and propagating a program.",
      discussion: "Example: swiftfx bench Examples/moe_routing.pt2 --repeat 100")

    @Argument(
      help: "The .pt2 archive, or a text that PyTorch printed; - for standard input.",
      completion: .file(extensions: ["pt2"]))
    var archive: String

    @Option(name: .customLong("repeat"), help: "How often to load and to propagate.")
    var repetitions = 20

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
      guard (1...1_000_000).contains(repetitions) else {
        throw ValidationError("--repeat takes a number from 1 to 1000000")
      }
    }

    func run() throws {
      var loaded = try LoadedProgram.read(archive)
      var loads = [loaded.loadSeconds]
      var scans = [loaded.scanSeconds]
      let first = propagate(loaded)
      for _ in 1..<max(2, repetitions) {
        loaded = try LoadedProgram.read(archive)
        loads.append(loaded.loadSeconds)
        scans.append(loaded.scanSeconds)
      }
      let runs = [first] + (0..<repetitions).map { _ in propagate(loaded) }
      let nodes = loaded.exported.graphModule.graph.nodes.count
      if json {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("node_count")
        writer.int(nodes)
        write("load_s", loads, &writer)
        write("propagate_s", runs, &writer)
        if let bytes = loaded.scannedBytes {
          writer.key("json_bytes")
          writer.int(bytes)
        }
        write("scan_s", scans, &writer)
        writer.key("peak_rss_bytes")
        writer.int(ProcessMemory.peak)
        writer.endObject()
        System.Stream.output.write(writer.line)
      } else {
        let microseconds = runs.sorted()[runs.count / 2] * 1e6
        System.Stream.output.writeLine("\(loaded.name)   \(nodes) nodes")
        System.Stream.output.writeLine("load       median \(milliseconds(loads.sorted()[loads.count / 2]))")
        let scan = scans.sorted()[scans.count / 2]
        let speed = loaded.scannedBytes.map { ", \(rounded(Double($0) / scan / 1e6)) MB/s" } ?? ""
        System.Stream.output.writeLine("scan       median \(milliseconds(scan))\(speed)")
        System.Stream.output.writeLine(
          "propagate  median \(milliseconds(microseconds / 1e6)), \(rounded(microseconds / Double(max(nodes, 1)))) µs a node"
        )
        System.Stream.output.writeLine("memory     peak \(ProcessMemory.peak / 1_000_000) MB")
      }
    }

    private func propagate(_ loaded: LoadedProgram) -> Double {
      let start = ContinuousClock.now
      _ = loaded.context.propagate(loaded.program.inputs, options: PropagationOptions(trustsRecorded: true))
      return start.duration(to: .now).seconds
    }

    private func write(_ name: String, _ seconds: [Double], _ json: inout JSONWriter) {
      let sorted = seconds.sorted()
      json.key(name)
      json.beginObject()
      json.key("first")
      json.double(seconds[0])
      json.key("min")
      json.double(sorted[0])
      json.key("median")
      json.double(sorted[sorted.count / 2])
      json.endObject()
    }
  }
}

/// `0.61 ms`.
func milliseconds(_ seconds: Double) -> String { "\(rounded(seconds * 1e3)) ms" }

private func rounded(_ value: Double) -> String {
  let digits = value < 10 ? 100.0 : 10.0
  return "\((value * digits).rounded() / digits)"
}
