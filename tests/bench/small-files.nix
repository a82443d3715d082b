# 40,000 files of 80 bytes to 20 KiB in four store paths: the sources of Go, cut
# into pieces. Half of them are smaller than 1.3 KiB.
{ pkgs }:
let
  cut = builtins.toFile "cut.awk" ''
    BEGIN { open() }

    # NB: this script has its own random number generator, which gives the same files
    # everywhere. All powers of two of the file size are equally likely, as for real
    # files.
    function open() {
      seed = (seed * 69069 + 1) % 4294967296
      limit = 80 * (1 + seed % 536870912 / 536870912)
      for (k = int(seed / 536870912); k > 0; k--) limit *= 2
      file = ENVIRON["directory" int(count / 10000)] "/" int(count / 100) "/" count ".go"
      size = 0
    }

    count < 40000 {
      print >file
      size += length($0) + 1
      if (size < limit) next
      close(file)
      if (++count < 40000) open()
    }
  '';
in
(pkgs.runCommandLocal "small-files"
  {
    outputs = [
      "out"
      "second"
      "third"
      "fourth"
    ];
  }
  ''
    export directory0=$out directory1=$second directory2=$third directory3=$fourth
    export LC_ALL=C
    mkdir -p $out/{0..99} $second/{100..199} $third/{200..299} $fourth/{300..399}
    find ${pkgs.go}/src -type f -name '*.go' | sort >list
    # The sources twice, because one copy does not fill 40,000 files.
    cat list list | xargs cat | awk -f ${cut}
    test -e $fourth/399/39999.go
  ''
).all
