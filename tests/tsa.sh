# A time-stamp authority of our own, made with the openssl command: for tests.
# sh tests/tsa.sh FOLDER makes in it: root.pem and root2.pem (two authorities),
# tsa.pem, tsa2.pem, and signers that must not count: noncrit.pem, extra.pem,
# past.pem (over before today), server.pem; each with its .key.
#
#   sh tests/tsa.sh FOLDER                      make it
#   sh tests/tsa.sh FOLDER stamp NAME TSQ TSR   answer a request as NAME
#   sh tests/tsa.sh FOLDER forge NAME TSR TOK   sign what TSR states as NAME,
#                                               whatever its certificate is
set -eu
dir=$1
cd "$dir"
LC_ALL=C
export LC_ALL

conf()
{
	cat >tsa.cnf <<'C'
[ca]
default_ca = d
[d]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
[any]
commonName = supplied
[tsa]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[noncrit]
basicConstraints = critical,CA:false
extendedKeyUsage = timeStamping
[extra]
basicConstraints = critical,CA:false
extendedKeyUsage = critical,timeStamping,emailProtection
[server]
basicConstraints = critical,CA:false
extendedKeyUsage = critical,serverAuth
[s]
serial = tsserial
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
signer_digest = sha256
C
}

key()
{
	openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
}

# root NAME WHO
root()
{
	key "$1"
	openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days 3650 \
	    -addext 'basicConstraints=critical,CA:true' -out "$1.pem"
}

# signer NAME WHO EXT ROOT START END
signer()
{
	key "$1"
	openssl req -new -key "$1.key" -subj "/CN=$2" -out "$1.csr"
	openssl ca -batch -notext -config tsa.cnf -extensions "$3" \
	    -cert "$4.pem" -keyfile "$4.key" -startdate "$5" -enddate "$6" \
	    -in "$1.csr" -out "$1.pem"
}

case ${2:-make} in
make)
	conf
	: >index.txt
	echo 'unique_subject = no' >index.txt.attr
	echo 1000 >serial
	echo 01 >tsserial
	{
		root root "Test Root"
		root root2 "Other Root"
		signer tsa "Test Authority" tsa root 20200101000000Z \
		    20491231000000Z
		signer tsa2 "Other Authority" tsa root2 20200101000000Z \
		    20491231000000Z
		signer noncrit "Not Critical" noncrit root 20200101000000Z \
		    20491231000000Z
		signer extra "Two Uses" extra root 20200101000000Z \
		    20491231000000Z
		signer past "Long Over" tsa root 20200101000000Z \
		    20210101000000Z
		signer server "A Server" server root 20200101000000Z \
		    20491231000000Z
	} >tsa.log 2>&1 || { cat tsa.log; exit 1; }
	;;
stamp)
	openssl ts -reply -config tsa.cnf -section s -queryfile "$4" \
	    -signer "$3.pem" -inkey "$3.key" -out "$5" 2>tsa.log
	;;
forge)
	openssl ts -reply -in "$4" -token_out -out forge.tok 2>tsa.log
	openssl cms -verify -noverify -inform DER -in forge.tok -binary \
	    -out forge.tst 2>tsa.log
	openssl cms -sign -binary -nodetach -cades -nosmimecap \
	    -econtent_type 1.2.840.113549.1.9.16.1.4 -outform DER \
	    -signer "$3.pem" -inkey "$3.key" -in forge.tst -out "$5" \
	    2>tsa.log
	;;
esac
