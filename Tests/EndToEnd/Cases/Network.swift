import Harness
let networkCases: [Case] = []
