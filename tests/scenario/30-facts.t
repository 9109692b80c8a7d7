#!/bin/sh
# What happened: the types, a timeline that merges nothing, who did what to
# whom by which source, accounts of one witness, the same person twice.
. tests/scenario/lib.sh
new_vault v.sandyq

s add person name.kk-Cyrl='Ерлан Үлгі' pseudonym=A1 >/dev/null
s add person pseudonym=Guard-7 kind=unidentified >/dev/null
s add testimony witness=P-1 summary='first telling' date=2019-05 \
    interviewer=Aigul place=Almaty first_account=first >/dev/null
s add source title='List 12' kind=leaked-document >/dev/null
want 0 "a place in two scripts" $S add place name.kk-Cyrl='Үлгі' \
    name.zh-Hans='乌勒格' kind=settlement coordinates='43.9168; 81.3241' \
    precision=500 county='Mongolküre'
want 1 "coordinates that are none" $S add place name=X coordinates=91,200
err_has "say so" "coordinates"
want 1 "a precision of nothing" $S add place name=X precision=5
err_has "names what is missing" "needs coordinates"
want 0 "an event" $S add event title='Round-up' date=2018-03 site=G-1
want 0 "an act" $S add act event=E-1 victim=P-1 kind=arrest \
    method=blindfold date=2018-03-12 source=T-1 reliability=likely-reliable
want 0 "the same act by another source" $S add act event=E-1 victim=P-1 \
    kind=030101 date=2018-04 source=Q-1
want 0 "who did it" $S add involvement act=A-1 perpetrator=P-2 \
    degree=carried-out kind=police source=T-1
want 0 "who ordered it, in words" $S add involvement act=A-1 \
    perpetrator_text='a man from the office' degree=ordered source=Q-1
want 1 "a perpetrator without any" $S add involvement act=A-1 degree=ordered
want 0 "a detention" $S add detention person=P-1 act=A-1 form=camp \
    facility_text='the school in Üлгі' entered=2018-03-12 left=2019~ \
    legal_basis=none-stated source=T-1
want 0 "a status" $S add status person=P-1 status=camp as_of=2018-09 \
    source=T-1 reliability=likely-reliable
want 0 "another one of the same time" $S add status person=P-1 \
    status=prison as_of=2018-09 source=Q-1 reliability=unsure
want 0 "a status of no date" $S add status person=P-1 status=unknown
want 0 "a finding" $S add injury person=P-1 finding='scar' body_region=back
want 1 "a degree of consistency by nobody" $S edit I-1 consistency=typical
err_has "needs an examiner" "needs examiner as well"
want 0 "by an examiner" $S edit I-1 consistency=typical examiner='Dr Invented'
want 1 "the examiner alone cannot go" $S edit I-1 --unset examiner

want 0 "the timeline" $S timeline P-1
cut -f 1-3 "$T/out" >got
printf '%s\t%s\t%s\n' 2018-03-12 entered D-1 2018-03-12 act A-1 \
    2018-04 act A-2 2018-09 status S-1 2018-09 status S-2 2019~ left D-1 \
    '' status S-3 '' injury I-1 >wanted
ok "is in the order of dates, each claim by itself" cmp got wanted
out_has "with who did it and who says so" \
    'P-2 carried-out (T-1); a man from the office ordered (Q-1)'
ok "with source and reliability" grep -q "S-2	P-1	prison		Q-1	unsure" \
    "$T/out"
want 0 "as JSON" $J timeline P-1
ok "is one array" one_doc "$T/out"
out_has "with its sources" '"source":["Q-1"]'
out_has "and those involved" '"degree":"ordered"'
want 0 "of a perpetrator" $S timeline P-2
ok "what they are said to have done" grep -q "did	A-1	P-1	arrest" "$T/out"
want 0 "of an event" $S timeline E-1
ok "has both acts" [ "$(wc -l <"$T/out")" -eq 2 ]
want 3 "of a testimony" $S timeline T-1
want 1 "of nobody" $S timeline P-99

want 0 "a further account" $S add testimony witness=P-1 summary='again' \
    date=2018 interviewer=Bolat
err_has "is warned of" "P-1 has given 1 account before (newest: T-1)"
want 0 "an account of another" $S add testimony witness=P-2 summary=x
err_none "is not"
want 0 "accounts" $S accounts P-1
ok "by date" [ "$(cut -f 1,3,4 "$T/out" | tr '\t\n' ' ;')" = \
    'T-2 2018 Bolat;T-1 2019-05 Aigul;' ]
want 3 "accounts of a place" $S accounts G-1

s add person name='Erlan U.' >/dev/null
s add status person=P-3 status=abroad as_of=2020 >/dev/null
want 0 "the same person" $S same P-3 P-1 --certainty probable \
    --reason 'same village and mother'
out_is "is a relationship" L-1
want 1 "once" $S same P-1 P-3
err_has "says which says so" "L-1 says so already, as probable"
want 3 "not of itself" $S same P-1 p-1
want 1 "not by guess" $S same P-1 P-2 --certainty maybe
want 3 "not of a place" $S same P-1 G-1
want 0 "is shown from either side" $S show P-1
ok "with its certainty" grep -q "same	P-3 (probable, L-1)" "$T/out"
run $J show P-3
out_has "as JSON" '"same":[{"person":"P-1","certainty":"probable","link":"L-1"}]'
run $S timeline P-1
ok "nothing is merged" [ "$(wc -l <"$T/out")" -eq 8 ]
err_has "but said" "L-1 says that P-3 is the same person, probable"
run $S timeline P-1 --same
ok "unless asked" [ "$(wc -l <"$T/out")" -eq 9 ]
run $S accounts P-3
ok "accounts are those of both" [ "$(wc -l <"$T/out")" -eq 2 ]
run $S search Erlan
err_has "a search says so too" "L-1 says that P-3 and P-1 are the same person, probable"
run $J search Erlan
out_has "as JSON" '"same":[{"person":"P-1","certainty":"probable","link":"L-1"}]'
finish
