# SPDX-License-Identifier: ISC
# named_references.tsv -> the rows of a C table, one for each name without its semicolon:
#     {"amp", {0x0026, 0}, true},
# The number that is 0 is the second character, which few names have. The last column
# says whether the name may stand without its semicolon. Run with LC_ALL=C.
BEGIN { FS = "\t" }

/^#/ { next }

function fail(problem) {
    print FILENAME ":" FNR ": " problem >"/dev/stderr"
    is_bad = 1
    exit 1
}

NF != 2 || $1 !~ /^[A-Za-z][A-Za-z0-9]*;?$/ { fail("no name and its characters") }

$1 !~ /;$/ { bare = $1; next }

{
    name = substr($1, 1, length($1) - 1)
    if ((bare != "" && bare != name) || (last "" >= name "" && rows > 0))
        fail("out of order")
    count = split($2, points, " ")
    for (i = 1; i <= count; i++)
        if (points[i] !~ /^U\+[0-9A-F]+$/)
            fail("no character: " points[i])
    if (count < 1 || count > 2)
        fail("not one or two characters")
    second = count == 2 ? "0x" substr(points[2], 3) : "0"
    printf("{\"%s\", {0x%s, %s}, %s},\n", name, substr(points[1], 3), second,
        (bare != "" ? "true" : "false"))
    bare = ""
    last = name
    rows++
}

END { if (!is_bad && bare != "") fail("a name without its line with a semicolon") }
