import Harness
let robustnessCases: [Case] = []
