print("fx-conformance")
