import ArgumentParser
import SwiftFX

/// What `swiftfx propagate` does with one archive: read, propagate, describe.
///
/// The outcome is text, so the program is gone when it is printed.
struct PropagationJob: Sendable {
  /// The program in an archive that holds several.
  var model: String?
  var printsJSON = false
  var showsAll = false
  /// Whether the outcome must say whose it is.
  var isOneOfSeveral = false
  var options = PropagationOptions()

  /// What is to be printed for one archive, and the exit code that it asks for.
  struct Outcome: Sendable {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var status: Int32 = 0
  }

  func run(_ archive: String) -> Outcome {
    do {
      return propagate(try LoadedProgram(path: archive, model: model))
    } catch {
      var outcome = Outcome(errors: errorText(archive, error), status: ExitStatus.badInput.rawValue)
      if printsJSON, isOneOfSeveral {
        outcome.output = PropagationJSON.bytes(unreadable: archive, because: "\(error)")
      }
      return outcome
    }
  }

  private func propagate(_ loaded: LoadedProgram) -> Outcome {
    let start = ContinuousClock.now
    let result = loaded.context.propagate(loaded.program.inputs, options: options)
    let seconds = start.duration(to: .now).seconds
    if printsJSON {
      return Outcome(
        output: PropagationJSON.bytes(
          loaded, result, propagateSeconds: seconds, naming: isOneOfSeveral ? loaded.path : nil))
    }
    let report = PropagationReport(loaded, result, propagateSeconds: seconds, showsAll: showsAll)
    var outcome = Outcome(output: Array(report.text.utf8) + [0x0A])
    if let error = result.error {
      outcome.errors = errorText(loaded.path, error)
      outcome.status = ExitStatus.finding.rawValue
    }
    return outcome
  }

  private func errorText(_ archive: String, _ error: any Error) -> [UInt8] {
    Array("error: \(archive): \(error)\n".utf8)
  }
}
