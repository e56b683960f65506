# Sums a link map of lld by library: which archive or object file brought how many bytes into the image.
# Columns of the map: VMA LMA Size Align Out-or-In-or-Symbol; an input section reads `file:(section)`, and
# `archive(member):(section)` from an archive. Sections that are not in the stripped file do not count.

function hex(text,    value, i) {
  for (i = 1; i <= length(text); i++) value = value * 16 + index("123456789abcdef", substr(text, i, 1))
  return value
}

/:\(\.?[^)]*\)$/ {
  if ($5 ~ /:\(\.(bss|tbss|debug_|comment|symtab|strtab|shstrtab)/) next
  if ($5 ~ /^<internal>/) owner = "linker"
  else {
    owner = $5
    sub(/:\([^)]*\)$/, "", owner)
    sub(/\([^)]*\)$/, "", owner)
    if (owner ~ /[^\/]\.build\//) sub(/\.build\/[^\/]*$/, "", owner)
    sub(/.*\//, "", owner)
  }
  bytes[owner] += hex($3)
}
END {
  for (owner in bytes) { printf "%9d  %s\n", bytes[owner], owner; total += bytes[owner] }
  printf "%9d  all\n", total
}
