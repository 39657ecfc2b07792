import ArgumentParser
import SwiftFX
import Synchronization

extension SwiftFXCommand {
  /// `swiftfx propagate`: re-derives the shape of every node and compares it with what the archive recorded.
  struct Propagate: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "propagate",
      abstract: "Re-derive the symbolic shape of every node of a program.",
      discussion: """
        Prints a table of nodes, the symbols with their ranges and births, guards and runtime asserts, and where
        the result differs from what the archive recorded.

        Example: swiftfx propagate Examples/moe_routing.pt2

        Several archives are propagated side by side, on all cores, and printed in the order in which they were
        given; one that cannot be read stops none of the others.

        Exits with 1 when a node cannot be propagated, with 64 when the arguments are wrong, with 65 when the
        archive cannot be read, in every format; of several archives, the worst counts.
        """)

    @Argument(
      help: "The .pt2 archives, or texts that PyTorch printed; - for standard input.",
      completion: .file(extensions: ["pt2"]))
    var archives: [String]

    @Option(
      help: "The program in an archive that holds several, or the title or number of a graph in a text.")
    var model: String?

    @OptionGroup(title: "Options for texts")
    var inputs: InputOptions

    @Flag(help: "Print one JSON object for each archive, on a line of its own.")
    var json = false

    @Flag(help: "Take the recorded value of a node whose operator has no rule.")
    var trustRecorded = false

    @Flag(help: "Print every node and every column.")
    var all = false

    @Flag(
      help: """
        Go on past decisions that depend on data and past nodes that fail; report all of them, with checks that \
        settle them.
        """)
    var keepGoing = false

    @Flag(help: "With --keep-going: print the findings as SARIF 2.1.0.")
    var sarif = false

    @OptionGroup(title: "Limits")
    var limits: BudgetOptions

    func validate() throws {
      if sarif, !keepGoing { throw ValidationError("--sarif goes with --keep-going") }
      if sarif, json { throw ValidationError("choose one of --json and --sarif") }
      if sarif, archives.count > 1 { throw ValidationError("--sarif takes one archive at a time") }
    }

    func run() throws {
      var options = PropagationOptions(trustsRecorded: trustRecorded)
      limits.apply(to: &options)
      let job = PropagationJob(
        model: model, printsJSON: json, printsSARIF: sarif, showsAll: all, keepsGoing: keepGoing,
        isOneOfSeveral: archives.count > 1,
        options: options, inputs: inputs.given)
      let worst = Mutex<Int32>(0)
      let receive = { @Sendable (index: Int, outcome: PropagationJob.Outcome) in
        // An empty line separates text reports.
        if index > 0, !job.printsJSON, !outcome.output.isEmpty { System.Stream.output.write("\n") }
        System.Stream.output.write(outcome.output)
        System.Stream.errors.write(outcome.errors)
        worst.withLock { $0 = max($0, outcome.status) }
      }
      if archives.count == 1 {
        receive(0, Progress.shown("reading", ofFileAt: archives[0]) { job.run(archives[0]) })
      } else {
        let archives = archives
        waitFor { await forEachInOrder(archives, width: System.coreCount, job.run, receive: receive) }
      }
      let status = worst.withLock { $0 }
      if status != 0 { throw ExitCode(status) }
    }
  }
}
