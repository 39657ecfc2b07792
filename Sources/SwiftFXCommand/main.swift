print("swiftfx")
