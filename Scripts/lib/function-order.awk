# From files of callgrind to an order of functions: behind each function those it calls, as far as they were called
# `least` times, beginning with the loops of the threads in the order of `roots` (parts of their names).

FNR == 1 { split("", names) }

/^c?fn=\([0-9]+\)/ {
  id = substr($1, index($1, "("))
  if (NF > 1) {
    # Recursion is numbered behind the name.
    sub(/'[0-9]+$/, "", $2)
    names[id] = $2
  }
  if ($1 ~ /^cfn/) callee = names[id]
  else caller = names[id]
  next
}

/^calls=/ {
  if (!((caller, callee) in calls)) callees[caller] = callees[caller] " " callee
  calls[caller, callee] += substr($1, 7)
}

function follow(name,    parts, count, i) {
  if (name in told) return
  told[name]
  print name
  count = split(callees[name], parts, " ")
  for (i = 1; i <= count; i++) if (calls[name, parts[i]] >= least) follow(parts[i])
}

END {
  count = split(roots, wanted, " ")
  for (i = 1; i <= count; i++) {
    for (name in callees) if (index(name, wanted[i])) follow(name)
  }
}
