#!/bin/sh
# Sheets that are broken, each on purpose and in its own way: what is said of
# it, and that the vault is as it was, byte for byte.  Then sheets that only
# look broken, which have to be taken.  All invented.
. tests/scenario/lib.sh
new_vault v.sandyq
SANDYQ_PROBE=${SANDYQ_PROBE:-${SANDYQ%/*}/sandyq-probe}
[ -x "$SANDYQ_PROBE" ] || { echo "1..0 # SKIP no sandyq-probe"; exit 0; }
s add person name=Ерлан other_id=A1 >/dev/null 2>&1
remember v.sandyq

# broken FILE RC WHAT SENTENCE [OPTION ...]: in earnest, and nothing is saved
broken()
{
	file=$1 code=$2 about=$3 says=$4
	shift 4
	want "$code" "$about" $S import "$file" --type person "$@"
	ok "$about: why" grep -qF -e "$says" "$T/out" "$T/err"
	unchanged "$about: the vault is as it was" v.sandyq
}

# --- text ----------------------------------------------------------------

printf 'name,notes\n"Ерлан,x\nБекова,y\n' >f.csv
broken f.csv 1 "a quotation mark never closed" "never closed"
printf 'name,notes\nA\000B,x\n' >f.csv
broken f.csv 1 "a NUL in a cell" "a cell holds a NUL byte"
broken f.csv 1 "the same by name of its encoding" "a cell holds a NUL byte" \
    --encoding utf-8
printf '\377\376name\nx\n' >f.csv
broken f.csv 1 "the mark of UTF-16 before other text" "not in this encoding"
printf '\357\273\277name\n\320\n' >f.csv
broken f.csv 1 "the mark of UTF-8 before other text" "not in this encoding"
printf 'name\nErlan\n' | iconv -t utf-16le >f.csv
printf x >>f.csv
broken f.csv 1 "UTF-16 of an odd length" "not in this encoding" \
    --encoding utf-16le
printf '姓名,民族\n阿里木,维吾尔族\n' | iconv -t gb18030 >f.csv
printf '\201\n' >>f.csv
broken f.csv 1 "GB18030 with a broken character" "not in this encoding" \
    --encoding gb18030
printf 'имя\nЕрлан\n' | iconv -t cp1251 >f.csv
broken f.csv 1 "Windows-1251 by force of UTF-8" "not in this encoding" \
    --encoding utf-8
broken f.csv 1 "an encoding only guessed, with nobody to ask" \
    "say it with --encoding windows-1251"
printf '%s\n' 'Is that right?|n' |
    talk ask.log "$S import f.csv --type person"
ok "a guess that somebody denies" grep -q "nothing was imported" ask.log
ok "was shown by its first row" grep -q "windows-1251; the first row reads: имя" \
    ask.log
unchanged "and nothing is saved" v.sandyq
printf 'name\nx\n' >f.csv
broken f.csv 1 "an encoding that is none" "not known here" --encoding klingon
: >f.csv
broken f.csv 1 "an empty file" "there is nothing in it"
printf '\n\n\n' >f.csv
broken f.csv 1 "empty lines alone" "no row beside its headings"
printf 'name,sex\n' >f.csv
broken f.csv 1 "headings alone" "no row beside its headings"
printf 'name,sex\n,,\n , \n' >f.csv
broken f.csv 1 "rows of nothing" "there is nothing in it"
printf 'sex,sex,name\nmale,female,Ерлан\n' >f.csv
broken f.csv 3 "the same heading twice" "two columns are sex"
printf ',,\nx,y,z\n1,2,3\n' >f.csv
broken f.csv 3 "headings that are empty" "known as a field"
printf 'colour,size\nred,1\n' >f.csv
broken f.csv 3 "headings of another matter" "known as a field"
printf 'name,sex\nВэй,вода\n' >f.csv
broken f.csv 1 "a word that is no term" "«вода» is none of its terms"
printf 'name,birth_date\nВэй,03/04/1990\n' >f.csv
broken f.csv 1 "a date that can be read in two ways" "--dates dmy or --dates mdy"
printf 'name,birth_date\nВэй,31.02.1990\n' >f.csv
broken f.csv 1 "a day that never was" "birth_date"
{ printf 'name,notes\nA,'; head -c 1048577 /dev/zero | tr '\0' a; echo; } >f.csv
broken f.csv 1 "a cell of more than a megabyte" "more than a megabyte"
awk 'BEGIN { for (i = 0; i < 1025; i++) printf "c%d,", i; print ""; print "x" }' \
    >f.csv
broken f.csv 1 "more columns than any sheet has" "more than 1,024 cells"
printf 'name\nx\n' >f.csv
broken f.csv 3 "a map to a field that is none" "has no field «hue»" --map hue=name
broken f.csv 3 "a map of a column that is none" "no column «hue»" --map notes=hue
broken f.csv 3 "a key in no column" "no column is other_id" --match other_id

# --- no files ------------------------------------------------------------

broken none.csv 1 "a file that is not there" "none.csv"
mkdir d.csv
broken d.csv 1 "a folder" "STATEMENT.txt is missing"
mkfifo p.csv
broken p.csv 1 "a pipe" "p.csv"
ln -s f.csv l.csv
broken l.csv 1 "a link" "l.csv"
broken /dev/zero 1 "a device" "/dev/zero"

# --- workbooks -----------------------------------------------------------

R='xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
mkdir -p x/xl/_rels x/xl/worksheets
printf '<Relationships><Relationship Id="a" Target="worksheets/s.xml"/></Relationships>' \
    >x/xl/_rels/workbook.xml.rels
printf '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>' \
    >x/xl/styles.xml

# book PROPERTIES ROWS: book.xlsx of that sheet
book()
{
	printf '<workbook %s>%s<sheets><sheet name="A" r:id="a"/></sheets></workbook>' \
	    "$R" "$1" >x/xl/workbook.xml
	printf '<worksheet><sheetData>%s</sheetData></worksheet>' "$2" \
	    >x/xl/worksheets/s.xml
	rm -f book.xlsx
	(cd x && bsdtar --format zip -cf ../book.xlsx xl)
}

# t TEXT: a cell that holds its text itself
t()
{
	printf '<c t="inlineStr"><is><t>%s</t></is></c>' "$1"
}

H="<row r=\"1\">$(t name)$(t birth_date)</row>"
book "" '<row r="1"><c t="s"><v>0</v></c></row><row r="2"><c t="s"><v>1</v></c></row>'
broken book.xlsx 1 "a workbook without its texts" "a text is missing"
book "" "$H<row r=\"3\">$(t a)</row><row r=\"2\">$(t b)</row>"
broken book.xlsx 1 "rows out of order" "its rows are out of order"
book "" "$H<row r=\"2\"><c r=\"ZZZ2\"><v>1</v></c></row>"
broken book.xlsx 1 "a cell far to the right" "more than 1,024 cells"
book "" "$H<row r=\"2\"><c><f>1/0</f></c></row>"
broken book.xlsx 1 "formulas that were never worked out" "no row beside"
book "" "$H<row r=\"2\">$(t a)<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>"
broken book.xlsx 1 "a formula that failed" "«#DIV/0!» is not a date"
book "" "$H<row r=\"9999999\">$(t a)</row>"
broken book.xlsx 1 "a row beyond every sheet" "more than 1,048,576 rows"
book "" "$H<row r=\"2\">$(t a)</row>"
broken book.xlsx 1 "a sheet of another name" "no sheet of that name" --sheet B
head -c 500 book.xlsx >cut.xlsx
broken cut.xlsx 1 "a workbook cut off" "archive"
rm x/xl/worksheets/s.xml
(cd x && bsdtar --format zip -cf ../gone.xlsx xl)
broken gone.xlsx 1 "a workbook without its sheet" "its sheet is not there"
(cd x && bsdtar --format zip -cf ../other.xlsx xl/styles.xml)
broken other.xlsx 1 "an archive of another kind" "no workbook"
book "" "$H"
printf '<sst><si><t>name</si></sst>' >x/xl/sharedStrings.xml
(cd x && bsdtar --format zip -cf ../xml.xlsx xl)
broken xml.xlsx 1 "texts that are no XML" "not XML"
printf '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><sst><si><t>&d;</t></si></sst>' \
    >x/xl/sharedStrings.xml
(cd x && bsdtar --format zip -cf ../lol.xlsx xl)
broken lol.xlsx 1 "entities that multiply" "declares a document type"
{ printf '<sst><si><t>'; head -c 290000000 /dev/zero | tr '\0' a; } \
    >x/xl/sharedStrings.xml
(cd x && bsdtar --format zip -cf ../bomb.xlsx xl)
rm x/xl/sharedStrings.xml
ok "a small file" [ "$(stat -c %s bomb.xlsx)" -lt 1000000 ]
broken bomb.xlsx 1 "that unpacks to hundreds of megabytes" "megabytes"
printf '\320\317\021\340\241\261\032\341rest' >old.xls
broken old.xls 1 "a workbook of the old kind" "old kind"

# --- taken ---------------------------------------------------------------

# good FILE DESC COUNTS [OPTION ...]: as a dry run, which changes nothing
good()
{
	file=$1 about=$2 says=$3
	shift 3
	want 0 "$about" $S import "$file" --type person --dry-run "$@"
	ok "$about: is taken" grep -qF -e "$says" "$T/out"
	unchanged "$about: a dry run changes nothing" v.sandyq
}

printf 'name,sex,notes\nA\nB,male\nC,male,x,,,more\n' >f.csv
good f.csv "ragged rows" "created 3, updated 0, unchanged 0, refused 0"
printf 'name,notes\r\nA,"x\r\ny"\r\nB,"z ""q"""\r\n' >f.csv
good f.csv "lines in a cell, and line ends of Windows" "created 2"
printf 'name;notes\rA;x\rB;y\r' >f.csv
good f.csv "line ends of old machines" "created 2"
printf 'имя;пол\nЕрлан;м\n' | iconv -t cp1251 >f.csv
good f.csv "Windows-1251" "create		Ерлан" --encoding windows-1251
printf 'name,,sex\nA,x,male\n' >f.csv
good f.csv "a heading that is empty" "created 1"
err_has "is left out, and said" "column «» is left out"
awk 'BEGIN { printf "name"; for (i = 1; i < 100; i++) printf ",c%d", i
    print ""; printf "A"; for (i = 1; i < 100; i++) printf ",%d", i; print "" }' \
    >f.csv
good f.csv "a hundred columns" "created 1"
{ printf 'name,notes\nA,'; head -c 60000 /dev/zero | tr '\0' a; echo; } >f.csv
good f.csv "a long account in a cell" "created 1"
printf 'name\n\342\200\256nalrE\342\200\254\n' >f.csv
good f.csv "marks that turn the direction" "created 1"
ok "are not let loose on a screen" not grep -q "$(printf '\342\200\256')" \
    "$T/out"
printf 'name,other_id\nA,K1\nB,K1\n' >f.csv
good f.csv "a key twice" "another row of the sheet has the same other_id" \
    --match other_id
ok "of which the first is taken" grep -q "created 1, .*refused 1" "$T/out"
book "" "$H<row r=\"2\"><c t=\"str\"><f>A1</f><v>Ерлан</v></c></row>"
good book.xlsx "what a formula came to" "create		Ерлан"
book "" "$H<row r=\"2\">$(t A)</row><row r=\"3\">$(t B)</row></sheetData><mergeCells><mergeCell ref=\"A2:B2\"/></mergeCells><sheetData>"
good book.xlsx "cells that are merged" "created 2"
D="<row r=\"2\">$(t A)<c s=\"1\"><v>27465</v></c></row>"

# day DESC PROPERTIES DATE: a number shown as a date
day()
{
	book "$2" "$H$D"
	want 0 "$1" $S import book.xlsx --type person
	run $J show "$(s list person --limit 1 | cut -f 1)"
	out_has "$1: the day" "\"birth_date\":[{\"value\":\"$3\"}]"
}
day "days counted from 1900" "" 1975-03-12
day "days counted from 1904" '<workbookPr date1904="1"/>' 1979-03-13

# a sheet that changed between the dry run and the run is what it is now
printf 'name,other_id\nErlan,B1\n' >f.csv
run $S import f.csv --type person --dry-run
printf 'name,other_id\nBolat,B2\n' >f.csv
want 0 "a sheet changed after the dry run" $S import f.csv --type person
run $J show "$(s list source --limit 1 | cut -f 1)"
out_has "is on record as it was when taken" \
    "\"sha256\":[{\"value\":\"$(sha256sum f.csv | cut -c 1-64)\"}]"
run $S list person
ok "with what it said then" grep -q Bolat "$T/out"
ok "and nothing of before" not grep -q Erlan "$T/out"
finish
