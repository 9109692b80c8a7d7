/*
 * READ-ME-FIRST: its head, English, and the commands of every language.  See
 * readme.c.
 */
#ifndef SQ_VAULT_BUNDLE_README_EN_H
#define SQ_VAULT_BUNDLE_README_EN_H

#include "vault/bundle/readme.h"

#define README_HEAD \
"READ ME FIRST\n" \
"СНАЧАЛА ПРОЧТИТЕ ЭТО\n" \
"АЛДЫМЕН МЫНАНЫ ОҚЫҢЫЗ\n" \
"请先阅读\n" \
"ئاۋۋال بۇنى ئوقۇڭ\n" \
"=============\n" \
"\n" \
"    English       part 1\n" \
"    commands      part 2, the same in every language\n" \
"    Русский       часть 3\n" \
"    Қазақша       4-бөлім\n" \
"    中文          第 5 部分\n" \
"    ئۇيغۇرچە      6-بۆلۈم\n" \
"\n" \
"\n"

#define README_EN_WHAT \
"1. ENGLISH\n" \
"==========\n" \
"\n" \
"WHAT THIS IS\n" \
"This folder is a bundle of testimony, made with the program Sandyq from an\n" \
"encrypted vault.  STATEMENT.txt is the one signed file; from it every other\n" \
"file is reached by its SHA-256.  The content is in bag/data/: begin with\n" \
"bag/data/report.html.  Fields that were withheld stand in record.json as\n" \
"hashes: what remains is still bound to the same signed log, and a withheld\n" \
"field can be opened to you later.\n" \
"\n" \
"You need no program of ours.  With one, it is a single command:\n" \
"\n" \
"    sandyq-verify FILE.age -i my-key.txt --trust MY-OWN-key-card.txt\n" \
"\n" \
"TRUST COMES FROM YOUR OWN COPY OF THE KEY CARD\n" \
"The keys in trust/ came with the bundle.  Whoever forges a bundle forges\n" \
"them too; they are here for convenience only.  Compare them with the key card\n" \
"that a person you know gave you, or that you read to each other over a\n" \
"telephone.  From that card make, once, the two small files that part 2 begins\n" \
"with.  Keep both beside FILE.age, not in the folder \"bundle\" that comes out of\n" \
"it.\n" \
"\n"

#define README_EN_STEPS \
"THE STEPS OF PART 2, AND WHAT EACH PROVES\n" \
"(1) age     the file reached you unaltered.  It says nothing of who sent it.\n" \
"            For a bundle sealed with a passphrase leave out \"-i my-key.txt\".\n" \
"(2) ssh     STATEMENT.txt was signed with the key of your card.\n" \
"(3) minisign  the same with a second key and program; either one is enough.\n" \
"            Then read STATEMENT.txt: \"recipient:\" must be your own key, else\n" \
"            somebody passed on a bundle that was made for another.\n" \
"(4) hashes  this file and the list of lists are those that were signed.  The\n" \
"            command warns of lines that are not hashes: that is as it should\n" \
"            be.  Do not add --ignore-missing.\n" \
"(5) hashes  the lists, and then every file, are what was signed.\n" \
"(6) names   no file more and no file less than was signed.\n" \
"(7) openssl only if there is a folder proofs/anchors: the file 0001.note, a\n" \
"            state of the signed log, existed before the time that is printed.\n" \
"            A time-stamp authority says so whose root certificate you have put\n" \
"            into MY-OWN-roots.pem yourself.  The same for every other number.\n" \
"            If there is no 0001.note, write ../../STATEMENT.txt instead.\n" \
"On Windows (4), (5) and (6) print nothing if all is well.\n" \
"Not checked by stock tools: that each item belongs to the signed log\n" \
"(proofs/items, C2SP tlog-proof@v1), that withheld fields fit it, and that the\n" \
"log grew out of the stamped state.  The programs sandyq and sandyq-verify check\n" \
"this; docs/BUNDLE.md of the project says how, byte by byte, so that an expert\n" \
"can write the check anew.\n" \
"\n"

#define README_EN_MORE \
"IF A LATER BUNDLE OPENS A WITHHELD FIELD\n" \
"(8) hashes  only if STATEMENT.txt has a line \"opens-statement:\".  Keep the\n" \
"            STATEMENT.txt of the earlier bundle beside FILE.age, under the name\n" \
"            EARLIER-STATEMENT.txt, and give the command in the folder \"bundle\".\n" \
"            SAME: it opens fields of that very bundle.  Check both with the\n" \
"            steps above.  That what was opened is what was withheld says\n" \
"    sandyq-verify FILE.age -i my-key.txt --trust MY-OWN-key-card.txt --with EARLIER.age\n" \
"\n" \
"IF THERE IS A FOLDER proofs/keys\n" \
"The vault has changed its keys; 0001.note tells from which to which, and why.\n" \
"The old keys signed it; if they were stolen, the recovery key did, which is on\n" \
"the first card too.  Ask for a new key card all the same: steps (2) and (3) need\n" \
"its keys.  sandyq-verify takes the old card and checks the change.\n" \
"\n" \
"IF YOU ARE ASKED FOR A RECEIPT\n" \
"It says which state of the log you saw, and nothing of the content:\n" \
"    sandyq-verify FILE.age -i my-key.txt --trust MY-OWN-key-card.txt --receipt RECEIPT.txt\n" \
"Send RECEIPT.txt back.  A vault that is put back later is found out by it.\n" \
"\n"

#define README_EN_CARE \
"WHAT NOTHING HERE PROVES\n" \
"That the content is true; that the device's clock was right; who held the\n" \
"device; that no later revision exists.\n" \
"\n" \
"CARE\n" \
"People can be harmed if this becomes known.  Keep the opened folder on an\n" \
"encrypted disk, delete it when you are done, and do not put it into a cloud.\n" \
"\n" \
"\n"

#define README_KEYS \
"2. COMMANDS / КОМАНДЫ / БҰЙРЫҚТАР / 命令 / بۇيرۇقلار\n" \
"==============================================\n" \
"\n" \
"MY-OWN-allowed_signers (one line):\n" \
"    vault namespaces=\"evidence-bundle@sandyq\" ssh-ed25519 AAAA...\n" \
"MY-OWN-sandyq.pub (two lines):\n" \
"    untrusted comment: sandyq\n" \
"    RWQ...\n" \
"\n"

#define README_LINUX \
"LINUX (bash)\n" \
"\n" \
"(1)\n" \
"    age -d -i my-key.txt -o b.tar FILE.age && tar xf b.tar && cd bundle\n" \
"(2)\n" \
"    ssh-keygen -Y verify -f ../MY-OWN-allowed_signers -I vault -n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig < STATEMENT.txt\n" \
"(3)\n" \
"    minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig -p ../MY-OWN-sandyq.pub\n" \
"(4)\n" \
"    sha256sum -c STATEMENT.txt\n" \
"(5)\n" \
"    cd bag && sha256sum -c --quiet tagmanifest-sha256.txt && sha256sum -c --quiet manifest-sha256.txt\n" \
"(6)\n" \
"    find data -type f | LC_ALL=C sort | diff - <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)\n" \
"(7)\n" \
"    cd ../proofs/anchors && openssl ts -reply -in 0001.tsr -text | grep '^Time stamp:'\n" \
"    openssl ts -verify -data 0001.note -in 0001.tsr -CAfile ../../../MY-OWN-roots.pem -attime \"$(date -d \"$(openssl ts -reply -in 0001.tsr -text | sed -n 's/^Time stamp: //p')\" +%s)\"\n" \
"(8)\n" \
"    [ \"$(sed -n 's/^opens-statement: //p' STATEMENT.txt)\" = \"$(sha256sum < ../EARLIER-STATEMENT.txt | cut -c1-64)\" ] && echo SAME\n" \
"\n"

#define README_MAC \
"macOS (Terminal, zsh)\n" \
"\n" \
"(1) (2) (3) (6): LINUX\n" \
"(4)\n" \
"    shasum -a 256 -c STATEMENT.txt\n" \
"(5)\n" \
"    cd bag && shasum -a 256 -c tagmanifest-sha256.txt && shasum -a 256 -c manifest-sha256.txt\n" \
"(7) OpenSSL 3\n" \
"    cd ../proofs/anchors && openssl ts -reply -in 0001.tsr -text | grep '^Time stamp:'\n" \
"    openssl ts -verify -data 0001.note -in 0001.tsr -CAfile ../../../MY-OWN-roots.pem -attime \"$(LC_ALL=C date -j -u -f '%b %d %T %Y' \"$(openssl ts -reply -in 0001.tsr -text | sed -n 's/^Time stamp: \\(.*\\) GMT$/\\1/p')\" +%s)\"\n" \
"(8)\n" \
"    [ \"$(sed -n 's/^opens-statement: //p' STATEMENT.txt)\" = \"$(shasum -a 256 < ../EARLIER-STATEMENT.txt | cut -c1-64)\" ] && echo SAME\n" \
"\n"

#define README_WINDOWS \
"WINDOWS (PowerShell)\n" \
"\n" \
"(1)\n" \
"    age -d -i my-key.txt -o b.tar FILE.age; tar -xf b.tar; cd bundle\n" \
"(2)\n" \
"    cmd /c 'ssh-keygen -Y verify -f ../MY-OWN-allowed_signers -I vault -n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig < STATEMENT.txt'\n" \
"(3)\n" \
"    minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig -p ../MY-OWN-sandyq.pub\n" \
"(4)\n" \
"    Get-Content STATEMENT.txt | Select-String '^SHA256 \\((.+)\\) = (.+)$' | % { $g = $_.Matches[0].Groups; if ((Get-FileHash $g[1].Value).Hash -ne $g[2].Value) { \"ALTERED: \" + $g[1].Value } }\n" \
"(5)\n" \
"    cd bag\n" \
"    Get-Content tagmanifest-sha256.txt, manifest-sha256.txt | % { if ((Get-FileHash $_.Substring(66)).Hash -ne $_.Substring(0,64)) { \"ALTERED: \" + $_.Substring(66) } }\n" \
"(6)\n" \
"    Compare-Object @(Get-Content manifest-sha256.txt | % { $_.Substring(66) }) @(Get-ChildItem data -Recurse -File -Force | % { (Resolve-Path -Relative $_.FullName).Substring(2).Replace('\\','/') })\n" \
"(7)\n" \
"    cd ../proofs/anchors; openssl ts -reply -in 0001.tsr -text | Select-String '^Time stamp:'\n" \
"    $t = ((openssl ts -reply -in 0001.tsr -text | Select-String '^Time stamp: (.+) GMT').Matches[0].Groups[1].Value) -replace ' +', ' '\n" \
"    $s = [DateTimeOffset]::ParseExact($t, 'MMM d HH:mm:ss yyyy', [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::AssumeUniversal).ToUnixTimeSeconds()\n" \
"    openssl ts -verify -data 0001.note -in 0001.tsr -CAfile ../../../MY-OWN-roots.pem -attime $s\n" \
"(8)\n" \
"    if ((Get-Content STATEMENT.txt | Select-String '^opens-statement: (.+)$').Matches[0].Groups[1].Value -eq (Get-FileHash ../EARLIER-STATEMENT.txt).Hash) { 'SAME' }\n" \
"\n" \
"\n"

#endif
