// Runs an exported program with the PyTorch library that is installed, without Python.
//
//     $ swift run RunModel Examples/moe_routing.pt2
//     result 0 is f32[8, 128, 16]

import LibTorch
import SwiftFX

guard CommandLine.arguments.count == 2 else {
  print("usage: RunModel MODEL.pt2")
  throw LibTorchError(.input("give one archive"))
}
let torch: TorchLibrary
do { torch = try TorchLibrary() } catch {
  // Nothing to show: PyTorch is not part of this package.
  print("skipped: \(error)")
  throw error
}

let program = try RealProgram(path: CommandLine.arguments[1], library: torch)
guard let inputs = try program.sampleInputs() else {
  throw LibTorchError(.input("the archive has no sample inputs"))
}
for (position, leaf) in try program.run(inputs).enumerated() {
  print("result \(position) is \(leaf)")
}
